"""Calls of the identity API that are ready to be sent at any time."""

from functools import partial
from uuid import uuid4

from app.auth.models import Organization, Role
from auth.clinics import PASSWORD, Backend, Clinic, SignedUpUser
from auth.concurrent_calls import Call, Hold, row

OWNER, ADMIN, MEMBER = Role


def members_of(clinic: Clinic) -> Hold:
    return row(Organization, id=clinic.id)


def delete(backend: Backend, clinic: Clinic) -> Call:
    return partial(
        backend.call, clinic.people[0], "organization/delete", organizationId=str(clinic.id)
    )


def leave(backend: Backend, clinic: Clinic, person: SignedUpUser) -> Call:
    return partial(backend.call, person, "organization/leave", organizationId=str(clinic.id))


def change(backend: Backend, clinic: Clinic, caller: int, whom: int, role: Role) -> Call:
    return partial(
        backend.call,
        clinic.people[caller],
        "organization/update-member-role",
        memberId=str(clinic.member_ids[whom]),
        role=role,
        organizationId=str(clinic.id),
    )


def remove(backend: Backend, clinic: Clinic, caller: int, whom: int) -> Call:
    return partial(
        backend.call,
        clinic.people[caller],
        "organization/remove-member",
        memberIdOrEmail=clinic.people[whom].email,
        organizationId=str(clinic.id),
    )


def create(backend: Backend, person: SignedUpUser, slug: str) -> Call:
    return partial(backend.call, person, "organization/create", name="Clinic", slug=slug)


def rename(backend: Backend, clinic: Clinic, slug: str) -> Call:
    return partial(
        backend.call,
        clinic.people[0],
        "organization/update",
        data={"slug": slug},
        organizationId=str(clinic.id),
    )


def invite(backend: Backend, clinic: Clinic, caller: int, email: str) -> Call:
    return partial(
        backend.call,
        clinic.people[caller],
        "organization/invite-member",
        email=email,
        role=MEMBER,
        organizationId=str(clinic.id),
    )


def activate(backend: Backend, clinic: Clinic, person: SignedUpUser) -> Call:
    return partial(backend.call, person, "organization/set-active", organizationId=str(clinic.id))


def sign_in(backend: Backend, person: SignedUpUser) -> Call:
    return partial(backend.call, None, "sign-in/email", email=person.email, password=PASSWORD)


def change_password(
    backend: Backend, person: SignedUpUser, *, revoke: bool, token: int = 0
) -> Call:
    return partial(
        backend.call,
        person,
        "change-password",
        token=token,
        currentPassword=PASSWORD,
        newPassword=uuid4().hex,
        revokeOtherSessions=revoke,
    )
