import type { AddedClinics, CreatedSession, Role } from './client';

/** A clinic of one test: ids and names of its users, patients, plans, rooms and appointments. */
export type Clinic = AddedClinics & {
  /** Return the user with this email address or id, or the first one with this role. */
  user(who: Who): CreatedSession;
};

/** A role in the clinic of the test, an email address, or the id of a user. */
export type Who = Role | (string & {});

export function toClinic(added: AddedClinics): Clinic {
  return {
    ...added,
    user(who) {
      const found = findMember(added, who);
      if (found) return found;
      const users = added.users.map(({ role, email }) => `${role} ${email}`).join(', ');
      throw new Error(
        `The clinic ${added.organization.name} has no user "${who}". It has: ${users}.`,
      );
    },
  };
}

export function findMember(clinic: AddedClinics, who: Who): CreatedSession | undefined {
  const users = [clinic, ...clinic.otherClinics].flatMap((each) => each.users);
  return users.find(({ role, email, userId }) => [role, email, userId].includes(who));
}
