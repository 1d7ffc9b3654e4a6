"""Pairs of calls that open, change or end sessions, or that a session must not outlast."""

from functools import partial
from typing import Any
from uuid import uuid4

from app.auth.models import Account, Role, Session, User
from auth.clinics import PASSWORD, Backend, Clinic, SignedUpUser
from auth.concurrent_calls import Call, CallPair, Case, added, row
from auth.concurrent_scenarios import (
    activate,
    change_password,
    create,
    delete,
    members_of,
    remove,
    sign_in,
)

OWNER, ADMIN, MEMBER = Role


async def accepting_and_signing_out(backend: Backend) -> CallPair:
    clinic, guest = await backend.make_clinic(OWNER), await backend.make_person()
    invitation: Any = {"invitationId": await backend.invite(clinic, guest.email)}
    return CallPair(
        hold=row(Session, user_id=guest.id),
        one=partial(backend.call, guest, "organization/accept-invitation", **invitation),
        other=partial(backend.call, guest, "sign-out"),
        one_after_other="UNAUTHORIZED",
    )


async def signing_up_twice(backend: Backend) -> CallPair:
    name = uuid4().hex
    taken = "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"

    def sign_up(email: str) -> Call:
        return partial(
            backend.call, None, "sign-up/email", name="Ada", email=email, password=PASSWORD
        )

    return CallPair(
        hold=added(User(name="Ada", email=f"{name}@example.com")),
        one=sign_up(f"{name}@example.com"),
        other=sign_up(f"{name.upper()}@Example.com"),
        one_after_other=taken,
        other_after_one=taken,
        ordered=False,
    )


async def creating_and_signing_out(backend: Backend) -> CallPair:
    person = await backend.make_person()
    return CallPair(
        hold=row(Session, user_id=person.id),
        one=create(backend, person, uuid4().hex),
        other=partial(backend.call, person, "sign-out"),
        one_after_other="UNAUTHORIZED",
    )


async def joined(backend: Backend) -> tuple[Clinic, SignedUpUser]:
    """Make a clinic and a member of it who has another one active."""
    clinic, person = await backend.make_clinic(OWNER, OWNER), await backend.make_person()
    accepted = await backend.call(
        person,
        "organization/accept-invitation",
        invitationId=await backend.invite(clinic, person.email),
    )
    assert accepted.status_code == 200, accepted.text
    assert (await create(backend, person, uuid4().hex)()).status_code == 200
    return clinic, person


async def activating_and_signing_out(backend: Backend) -> CallPair:
    clinic, person = await joined(backend)
    return CallPair(
        hold=row(Session, user_id=person.id),
        one=activate(backend, clinic, person),
        other=partial(backend.call, person, "sign-out"),
        one_after_other="UNAUTHORIZED",
    )


async def activating_two(backend: Backend) -> CallPair:
    clinic, person = await joined(backend)
    return CallPair(
        hold=row(Session, user_id=person.id),
        one=activate(backend, clinic, person),
        other=partial(backend.call, person, "organization/set-active", organizationId=None),
    )


async def activating_and_deleting(backend: Backend) -> CallPair:
    clinic, person = await joined(backend)
    return CallPair(
        hold=members_of(clinic),
        one=activate(backend, clinic, person),
        other=delete(backend, clinic),
        one_after_other="USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
    )


async def activating_and_removing(backend: Backend) -> CallPair:
    clinic, person = await joined(backend)
    return CallPair(
        hold=members_of(clinic),
        one=activate(backend, clinic, person),
        other=partial(
            backend.call,
            clinic.people[0],
            "organization/remove-member",
            memberIdOrEmail=person.email,
        ),
        one_after_other="USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
    )


async def signing_out_twice(backend: Backend) -> CallPair:
    person = await backend.make_person()
    sign_out = partial(backend.call, person, "sign-out")
    return CallPair(hold=row(Session, user_id=person.id), one=sign_out, other=sign_out)


async def signing_in_and_deleting(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, MEMBER)
    return CallPair(
        hold=members_of(clinic),
        one=sign_in(backend, clinic.people[1]),
        other=delete(backend, clinic),
    )


async def signing_in_and_removing(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, MEMBER)
    return CallPair(
        hold=members_of(clinic),
        one=sign_in(backend, clinic.people[1]),
        other=remove(backend, clinic, 0, 1),
    )


async def changing_a_password_twice(backend: Backend) -> CallPair:
    person = await backend.make_person(signed_in=2)
    return CallPair(
        hold=row(Account, user_id=person.id),
        one=change_password(backend, person, revoke=False),
        other=change_password(backend, person, revoke=False, token=1),
        one_after_other="INVALID_PASSWORD",
        other_after_one="INVALID_PASSWORD",
    )


async def signing_in_and_changing_the_password(backend: Backend) -> CallPair:
    person = await backend.make_person()
    return CallPair(
        hold=row(Account, user_id=person.id),
        one=sign_in(backend, person),
        other=change_password(backend, person, revoke=True),
        one_after_other="INVALID_EMAIL_OR_PASSWORD",
    )


async def changing_a_password_and_deleting(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, MEMBER)
    return CallPair(
        hold=members_of(clinic),
        one=change_password(backend, clinic.people[1], revoke=True),
        other=delete(backend, clinic),
    )


async def changing_a_password_and_removing(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, MEMBER)
    return CallPair(
        hold=members_of(clinic),
        one=change_password(backend, clinic.people[1], revoke=True),
        other=remove(backend, clinic, 0, 1),
    )


async def changing_a_password_and_creating(backend: Backend) -> CallPair:
    person = await backend.make_person(signed_in=2)
    return CallPair(
        hold=row(Session, user_id=person.id),
        one=change_password(backend, person, revoke=True),
        other=partial(
            backend.call, person, "organization/create", token=1, name="Clinic", slug=uuid4().hex
        ),
        other_after_one="UNAUTHORIZED",
    )


CONCURRENT_SESSION_CALLS: tuple[Case, ...] = (
    accepting_and_signing_out,
    signing_up_twice,
    creating_and_signing_out,
    activating_and_signing_out,
    activating_two,
    activating_and_deleting,
    activating_and_removing,
    signing_out_twice,
    signing_in_and_deleting,
    signing_in_and_removing,
    changing_a_password_twice,
    signing_in_and_changing_the_password,
    changing_a_password_and_deleting,
    changing_a_password_and_removing,
    changing_a_password_and_creating,
)
