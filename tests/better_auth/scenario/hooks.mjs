// What a page's hooks show: they ask by themselves, and again when told to.
const HOOKS = [
  "useSession", "useListOrganizations", "useActiveOrganization", "useActiveMember", "useActiveMemberRole",
];

export async function hooks(transcript, { owner, member, nobody }) {
  for (const [name, person] of Object.entries({ owner, member, nobody }))
    for (const hook of HOOKS) transcript.observe(`${hook}: ${name}`, await shown(person.client[hook]));
}

async function shown(atom) {
  const stop = atom.listen(() => {});
  await atom.get().refetch();
  const { data, error } = atom.get();
  stop();
  return { data, status: error?.status ?? null };
}
