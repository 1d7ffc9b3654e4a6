"""Pairs of calls that change one organization, its members or its invitations."""

from functools import partial
from typing import Any
from uuid import uuid4

from app import clock
from app.auth import organizations
from app.auth.invitations import LIFETIME, MAX_PENDING
from app.auth.members import NewMember
from app.auth.models import Invitation, Organization, Role, User
from app.auth.organizations import MAX_OWNED, NewOrganization
from auth.clinics import Place
from auth.concurrent_calls import Case, Moment, added, row
from auth.concurrent_scenarios import (
    change,
    create,
    delete,
    invite,
    leave,
    members_of,
    remove,
    rename,
)

OWNER, ADMIN, MEMBER = Role


async def accepting_twice(place: Place) -> Moment:
    clinic, guest = await place.make_clinic(OWNER), await place.make_person(signed_in=2)
    accept = partial(
        place.call,
        guest,
        "organization/accept-invitation",
        invitationId=await place.invite(clinic, guest.email),
    )
    return Moment(
        hold=members_of(clinic),
        one=accept,
        other=partial(accept, token=1),
        one_after_other="INVITATION_NOT_FOUND",
        other_after_one="INVITATION_NOT_FOUND",
    )


async def accepting_and_canceling(place: Place) -> Moment:
    clinic, guest = await place.make_clinic(OWNER), await place.make_person()
    invitation: Any = {"invitationId": await place.invite(clinic, guest.email)}
    return Moment(
        hold=members_of(clinic),
        one=partial(place.call, guest, "organization/accept-invitation", **invitation),
        other=partial(place.call, clinic.people[0], "organization/cancel-invitation", **invitation),
        one_after_other="INVITATION_NOT_FOUND",
        other_after_one="INVITATION_NOT_FOUND",
    )


async def accepting_and_rejecting(place: Place) -> Moment:
    clinic, guest = await place.make_clinic(OWNER), await place.make_person(signed_in=2)
    invitation: Any = {"invitationId": await place.invite(clinic, guest.email)}
    return Moment(
        hold=members_of(clinic),
        one=partial(place.call, guest, "organization/accept-invitation", **invitation),
        other=partial(place.call, guest, "organization/reject-invitation", token=1, **invitation),
        one_after_other="INVITATION_NOT_FOUND",
        other_after_one="INVITATION_NOT_FOUND",
    )


async def accepting_and_deleting(place: Place) -> Moment:
    clinic, guest = await place.make_clinic(OWNER), await place.make_person()
    invitation: Any = {"invitationId": await place.invite(clinic, guest.email)}
    return Moment(
        hold=members_of(clinic),
        one=partial(place.call, guest, "organization/accept-invitation", **invitation),
        other=delete(place, clinic),
        one_after_other="INVITATION_NOT_FOUND",
    )


async def removing_each_other(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, OWNER)
    return Moment(
        hold=members_of(clinic),
        one=remove(place, clinic, 0, 1),
        other=remove(place, clinic, 1, 0),
        one_after_other="MEMBER_NOT_FOUND",
        other_after_one="MEMBER_NOT_FOUND",
    )


async def leaving_both(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, OWNER)
    only_owner = "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER"
    return Moment(
        hold=members_of(clinic),
        one=leave(place, clinic, clinic.people[0]),
        other=leave(place, clinic, clinic.people[1]),
        one_after_other=only_owner,
        other_after_one=only_owner,
    )


async def demoting_each_other(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, OWNER)
    not_allowed = "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER"
    return Moment(
        hold=members_of(clinic),
        one=change(place, clinic, 0, 1, MEMBER),
        other=change(place, clinic, 1, 0, MEMBER),
        one_after_other=not_allowed,
        other_after_one=not_allowed,
    )


async def leaving_and_stepping_down(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, OWNER)
    return Moment(
        hold=members_of(clinic),
        one=leave(place, clinic, clinic.people[0]),
        other=change(place, clinic, 1, 1, MEMBER),
        one_after_other="YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER",
        other_after_one="YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER",
    )


async def leaving_and_being_demoted(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, OWNER)
    return Moment(
        hold=members_of(clinic),
        one=leave(place, clinic, clinic.people[0]),
        other=change(place, clinic, 1, 0, MEMBER),
        other_after_one="MEMBER_NOT_FOUND",
    )


async def removing_and_promoting(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, OWNER, MEMBER)
    return Moment(
        hold=members_of(clinic),
        one=remove(place, clinic, 0, 2),
        other=change(place, clinic, 1, 2, ADMIN),
        other_after_one="MEMBER_NOT_FOUND",
    )


async def removing_and_leaving(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, MEMBER)
    return Moment(
        hold=members_of(clinic),
        one=remove(place, clinic, 0, 1),
        other=leave(place, clinic, clinic.people[1]),
        one_after_other="MEMBER_NOT_FOUND",
        other_after_one="MEMBER_NOT_FOUND",
    )


async def removing_whoever_acts(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, ADMIN)
    return Moment(
        hold=members_of(clinic),
        one=remove(place, clinic, 0, 1),
        other=invite(place, clinic, 1, f"{uuid4().hex}@example.com"),
        other_after_one="MEMBER_NOT_FOUND",
    )


async def creating_under_one_slug(place: Place) -> Moment:
    slug = uuid4().hex
    return Moment(
        hold=added(Organization(name="Clinic", slug=slug)),
        one=create(place, await place.make_person(), slug),
        other=create(place, await place.make_person(), slug),
        one_after_other="ORGANIZATION_ALREADY_EXISTS",
        other_after_one="ORGANIZATION_ALREADY_EXISTS",
        ordered=False,
    )


async def creating_the_last_one(place: Place) -> Moment:
    person = await place.make_person(signed_in=2)
    async with place.session() as session:
        owned = [NewOrganization(name="Clinic", slug=uuid4().hex) for _ in range(MAX_OWNED - 1)]
        await organizations.create_organizations(
            session,
            [
                (each, NewMember(organization_id=each.id, user_id=person.id, role=OWNER))
                for each in owned
            ],
        )
    too_many = "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS"
    return Moment(
        hold=row(User, id=person.id),
        one=create(place, person, uuid4().hex),
        other=create(place, person, uuid4().hex),
        one_after_other=too_many,
        other_after_one=too_many,
    )


async def creating_and_renaming(place: Place) -> Moment:
    slug = uuid4().hex
    return Moment(
        hold=added(Organization(name="Clinic", slug=slug)),
        one=create(place, await place.make_person(), slug),
        other=rename(place, await place.make_clinic(OWNER), slug),
        one_after_other="ORGANIZATION_ALREADY_EXISTS",
        other_after_one="ORGANIZATION_SLUG_ALREADY_TAKEN",
        ordered=False,
    )


async def renaming_to_one_slug(place: Place) -> Moment:
    slug = uuid4().hex
    return Moment(
        hold=added(Organization(name="Clinic", slug=slug)),
        one=rename(place, await place.make_clinic(OWNER), slug),
        other=rename(place, await place.make_clinic(OWNER), slug),
        one_after_other="ORGANIZATION_SLUG_ALREADY_TAKEN",
        other_after_one="ORGANIZATION_SLUG_ALREADY_TAKEN",
        ordered=False,
    )


async def inviting_one_address(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, ADMIN)
    name = uuid4().hex
    return Moment(
        hold=members_of(clinic),
        one=invite(place, clinic, 0, f"{name}@example.com"),
        other=invite(place, clinic, 1, f"{name.upper()}@example.com"),
        one_after_other="USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION",
        other_after_one="USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION",
    )


async def inviting_for_the_last_place(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER, ADMIN)
    async with place.session() as session:
        for _ in range(MAX_PENDING - 1):
            session.add(
                Invitation(
                    organization_id=clinic.id,
                    email=f"{uuid4().hex}@example.com",
                    role=MEMBER,
                    inviter_id=clinic.people[0].id,
                    expires_at=clock.now() + LIFETIME,
                )
            )
    return Moment(
        hold=members_of(clinic),
        one=invite(place, clinic, 0, f"{uuid4().hex}@example.com"),
        other=invite(place, clinic, 1, f"{uuid4().hex}@example.com"),
        one_after_other="INVITATION_LIMIT_REACHED",
        other_after_one="INVITATION_LIMIT_REACHED",
    )


async def updating_and_deleting(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER)
    return Moment(
        hold=members_of(clinic),
        one=rename(place, clinic, uuid4().hex),
        other=delete(place, clinic),
        one_after_other="USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
    )


async def deleting_twice(place: Place) -> Moment:
    clinic = await place.make_clinic(OWNER)
    return Moment(
        hold=members_of(clinic),
        one=delete(place, clinic),
        other=delete(place, clinic),
        one_after_other="USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
        other_after_one="USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
    )


ORGANIZATION_MOMENTS: tuple[Case, ...] = (
    accepting_twice,
    accepting_and_canceling,
    accepting_and_rejecting,
    accepting_and_deleting,
    removing_each_other,
    leaving_both,
    demoting_each_other,
    leaving_and_stepping_down,
    leaving_and_being_demoted,
    removing_and_promoting,
    removing_and_leaving,
    removing_whoever_acts,
    creating_under_one_slug,
    creating_the_last_one,
    creating_and_renaming,
    renaming_to_one_slug,
    inviting_one_address,
    inviting_for_the_last_place,
    updating_and_deleting,
    deleting_twice,
)
