"""Pairs of calls that open, change or end sessions, or that a session must not outlast."""

from functools import partial
from typing import Any
from uuid import uuid4

from app.auth.models import Account, Role, Session, User
from auth.clinics import PASSWORD, Clinic, Person, Place
from auth.concurrent_calls import Call, Case, Moment, added, row
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


async def accepting_and_signing_out(place: Place) -> Moment:
    clinic, guest = await place.make_clinic(OWNER), await place.make_person()
    invitation: Any = {"invitationId": await place.invite(clinic, guest.email)}
    return Moment(
        hold=row(Session, user_id=guest.id),
        one=partial(place.call, guest, "organization/accept-invitation", **invitation),
        other=partial(place.call, guest, "sign-out"),
        one_after_other="UNAUTHORIZED",
    )


async def signing_up_twice(place: Place) -> Moment:
    name = uuid4().hex
    taken = "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"

    def sign_up(email: str) -> Call:
        return partial(
            place.call, None, "sign-up/email", name="Ada", email=email, password=PASSWORD
        )

    return Moment(
        hold=added(User(name="Ada", email=f"{name}@example.com")),
        one=sign_up(f"{name}@example.com"),
        other=sign_up(f"{name.upper()}@Example.com"),
        one_after_other=taken,
        other_after_one=taken,
        ordered=False,
    )


async def creating_and_signing_out(place: Place) -> Moment:
    person = await place.make_person()
    return Moment(
        hold=row(Session, user_id=person.id),
        one=create(place, person, uuid4().hex),
        other=partial(place.call, person, "sign-out"),
        one_after_other="UNAUTHORIZED",
    )


async def joined(place: Place) -> tuple[Clinic, Person]:
    """Make a clinic and a member of it who has another one active."""
    clinic, person = await place.make_clinic(OWNER, OWNER), await place.make_person()
    accepted = await place.call(
        person,
        "organization/accept-invitation",
        invitationId=await place.invite(clinic, person.email),
    )
    assert accepted.status_code == 200, accepted.text
    assert (await create(place, person, uuid4().hex)()).status_code == 200
    return clinic, person


async def activating_and_signing_out(place: Place) -> Moment:
    clinic, person = await joined(place)
    return Moment(
        hold=row(Session, user_id=person.id),
        one=activate(place, clinic, person),
        other=partial(place.call, person, "sign-out"),
        one_after_other="UNAUTHORIZED",
    )


async def activating_two(place: Place) -> Moment:
    clinic, person = await joined(place)
    return Moment(
        hold=row(Session, user_id=person.id),
        one=activate(place, clinic, person),
        other=partial(place.call, person, "organization/set-active", organizationId=None),
    )


async def activating_and_deleting(place: Place) -> Moment:
    clinic, person = await joined(place)
    return Moment(
        hold=members_of(clinic),
        one=activate(place, clinic, person),
        other=delete(place, clinic),
        one_after_other="USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
    )


async def activating_and_removing(place: Place) -> Moment:
    clinic, person = await joined(place)
    return Moment(
        hold=members_of(clinic),
        one=activate(place, clinic, person),
        other=partial(
            place.call,
            clinic.people[0],
            "organization/remove-member",
            memberIdOrEmail=person.email,
        ),
        one_after_other="USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
    )


async def signing_out_twice(place: Place) -> Moment:
    person = await place.make_person()
    sign_out = partial(place.call, person, "sign-out")
    return Moment(hold=row(Session, user_id=person.id), one=sign_out, other=sign_out)


async def signing_in_and_deleting(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, MEMBER)
    return Moment(
        hold=members_of(clinic),
        one=sign_in(place, clinic.people[1]),
        other=delete(place, clinic),
    )


async def signing_in_and_removing(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, MEMBER)
    return Moment(
        hold=members_of(clinic),
        one=sign_in(place, clinic.people[1]),
        other=remove(place, clinic, 0, 1),
    )


async def changing_a_password_twice(place: Place) -> Moment:
    person = await place.make_person(signed_in=2)
    return Moment(
        hold=row(Account, user_id=person.id),
        one=change_password(place, person, revoke=False),
        other=change_password(place, person, revoke=False, token=1),
        one_after_other="INVALID_PASSWORD",
        other_after_one="INVALID_PASSWORD",
    )


async def signing_in_and_changing_the_password(place: Place) -> Moment:
    person = await place.make_person()
    return Moment(
        hold=row(Account, user_id=person.id),
        one=sign_in(place, person),
        other=change_password(place, person, revoke=True),
        one_after_other="INVALID_EMAIL_OR_PASSWORD",
    )


async def changing_a_password_and_deleting(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, MEMBER)
    return Moment(
        hold=members_of(clinic),
        one=change_password(place, clinic.people[1], revoke=True),
        other=delete(place, clinic),
    )


async def changing_a_password_and_removing(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, MEMBER)
    return Moment(
        hold=members_of(clinic),
        one=change_password(place, clinic.people[1], revoke=True),
        other=remove(place, clinic, 0, 1),
    )


async def changing_a_password_and_creating(place: Place) -> Moment:
    person = await place.make_person(signed_in=2)
    return Moment(
        hold=row(Session, user_id=person.id),
        one=change_password(place, person, revoke=True),
        other=partial(
            place.call, person, "organization/create", token=1, name="Clinic", slug=uuid4().hex
        ),
        other_after_one="UNAUTHORIZED",
    )


SESSION_MOMENTS: tuple[Case, ...] = (
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
