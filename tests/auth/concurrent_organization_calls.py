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
from auth.clinics import Backend
from auth.concurrent_calls import CallPair, Case, added, row
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


async def accepting_twice(backend: Backend) -> CallPair:
    clinic, guest = await backend.make_clinic(OWNER), await backend.make_person(signed_in=2)
    accept = partial(
        backend.call,
        guest,
        "organization/accept-invitation",
        invitationId=await backend.invite(clinic, guest.email),
    )
    return CallPair(
        hold=members_of(clinic),
        one=accept,
        other=partial(accept, token=1),
        one_after_other="INVITATION_NOT_FOUND",
        other_after_one="INVITATION_NOT_FOUND",
    )


async def accepting_and_canceling(backend: Backend) -> CallPair:
    clinic, guest = await backend.make_clinic(OWNER), await backend.make_person()
    invitation: Any = {"invitationId": await backend.invite(clinic, guest.email)}
    return CallPair(
        hold=members_of(clinic),
        one=partial(backend.call, guest, "organization/accept-invitation", **invitation),
        other=partial(
            backend.call, clinic.people[0], "organization/cancel-invitation", **invitation
        ),
        one_after_other="INVITATION_NOT_FOUND",
        other_after_one="INVITATION_NOT_FOUND",
    )


async def accepting_and_rejecting(backend: Backend) -> CallPair:
    clinic, guest = await backend.make_clinic(OWNER), await backend.make_person(signed_in=2)
    invitation: Any = {"invitationId": await backend.invite(clinic, guest.email)}
    return CallPair(
        hold=members_of(clinic),
        one=partial(backend.call, guest, "organization/accept-invitation", **invitation),
        other=partial(backend.call, guest, "organization/reject-invitation", token=1, **invitation),
        one_after_other="INVITATION_NOT_FOUND",
        other_after_one="INVITATION_NOT_FOUND",
    )


async def accepting_and_deleting(backend: Backend) -> CallPair:
    clinic, guest = await backend.make_clinic(OWNER), await backend.make_person()
    invitation: Any = {"invitationId": await backend.invite(clinic, guest.email)}
    return CallPair(
        hold=members_of(clinic),
        one=partial(backend.call, guest, "organization/accept-invitation", **invitation),
        other=delete(backend, clinic),
        one_after_other="INVITATION_NOT_FOUND",
    )


async def removing_each_other(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, OWNER)
    return CallPair(
        hold=members_of(clinic),
        one=remove(backend, clinic, 0, 1),
        other=remove(backend, clinic, 1, 0),
        one_after_other="MEMBER_NOT_FOUND",
        other_after_one="MEMBER_NOT_FOUND",
    )


async def leaving_both(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, OWNER)
    only_owner = "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER"
    return CallPair(
        hold=members_of(clinic),
        one=leave(backend, clinic, clinic.people[0]),
        other=leave(backend, clinic, clinic.people[1]),
        one_after_other=only_owner,
        other_after_one=only_owner,
    )


async def demoting_each_other(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, OWNER)
    not_allowed = "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER"
    return CallPair(
        hold=members_of(clinic),
        one=change(backend, clinic, 0, 1, MEMBER),
        other=change(backend, clinic, 1, 0, MEMBER),
        one_after_other=not_allowed,
        other_after_one=not_allowed,
    )


async def leaving_and_stepping_down(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, OWNER)
    return CallPair(
        hold=members_of(clinic),
        one=leave(backend, clinic, clinic.people[0]),
        other=change(backend, clinic, 1, 1, MEMBER),
        one_after_other="YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER",
        other_after_one="YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER",
    )


async def leaving_and_being_demoted(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, OWNER)
    return CallPair(
        hold=members_of(clinic),
        one=leave(backend, clinic, clinic.people[0]),
        other=change(backend, clinic, 1, 0, MEMBER),
        other_after_one="MEMBER_NOT_FOUND",
    )


async def removing_and_promoting(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, OWNER, MEMBER)
    return CallPair(
        hold=members_of(clinic),
        one=remove(backend, clinic, 0, 2),
        other=change(backend, clinic, 1, 2, ADMIN),
        other_after_one="MEMBER_NOT_FOUND",
    )


async def removing_and_leaving(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, MEMBER)
    return CallPair(
        hold=members_of(clinic),
        one=remove(backend, clinic, 0, 1),
        other=leave(backend, clinic, clinic.people[1]),
        one_after_other="MEMBER_NOT_FOUND",
        other_after_one="MEMBER_NOT_FOUND",
    )


async def removing_whoever_acts(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, ADMIN)
    return CallPair(
        hold=members_of(clinic),
        one=remove(backend, clinic, 0, 1),
        other=invite(backend, clinic, 1, f"{uuid4().hex}@example.com"),
        other_after_one="MEMBER_NOT_FOUND",
    )


async def creating_under_one_slug(backend: Backend) -> CallPair:
    slug = uuid4().hex
    return CallPair(
        hold=added(Organization(name="Clinic", slug=slug)),
        one=create(backend, await backend.make_person(), slug),
        other=create(backend, await backend.make_person(), slug),
        one_after_other="ORGANIZATION_ALREADY_EXISTS",
        other_after_one="ORGANIZATION_ALREADY_EXISTS",
        ordered=False,
    )


async def creating_the_last_one(backend: Backend) -> CallPair:
    person = await backend.make_person(signed_in=2)
    async with backend.session() as session:
        owned = [NewOrganization(name="Clinic", slug=uuid4().hex) for _ in range(MAX_OWNED - 1)]
        await organizations.create_organizations(
            session,
            [
                (each, NewMember(organization_id=each.id, user_id=person.id, role=OWNER))
                for each in owned
            ],
        )
    too_many = "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS"
    return CallPair(
        hold=row(User, id=person.id),
        one=create(backend, person, uuid4().hex),
        other=create(backend, person, uuid4().hex),
        one_after_other=too_many,
        other_after_one=too_many,
    )


async def creating_and_renaming(backend: Backend) -> CallPair:
    slug = uuid4().hex
    return CallPair(
        hold=added(Organization(name="Clinic", slug=slug)),
        one=create(backend, await backend.make_person(), slug),
        other=rename(backend, await backend.make_clinic(OWNER), slug),
        one_after_other="ORGANIZATION_ALREADY_EXISTS",
        other_after_one="ORGANIZATION_SLUG_ALREADY_TAKEN",
        ordered=False,
    )


async def renaming_to_one_slug(backend: Backend) -> CallPair:
    slug = uuid4().hex
    return CallPair(
        hold=added(Organization(name="Clinic", slug=slug)),
        one=rename(backend, await backend.make_clinic(OWNER), slug),
        other=rename(backend, await backend.make_clinic(OWNER), slug),
        one_after_other="ORGANIZATION_SLUG_ALREADY_TAKEN",
        other_after_one="ORGANIZATION_SLUG_ALREADY_TAKEN",
        ordered=False,
    )


async def inviting_one_address(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, ADMIN)
    name = uuid4().hex
    return CallPair(
        hold=members_of(clinic),
        one=invite(backend, clinic, 0, f"{name}@example.com"),
        other=invite(backend, clinic, 1, f"{name.upper()}@example.com"),
        one_after_other="USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION",
        other_after_one="USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION",
    )


async def inviting_for_the_last_place(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER, ADMIN)
    async with backend.session() as session:
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
    return CallPair(
        hold=members_of(clinic),
        one=invite(backend, clinic, 0, f"{uuid4().hex}@example.com"),
        other=invite(backend, clinic, 1, f"{uuid4().hex}@example.com"),
        one_after_other="INVITATION_LIMIT_REACHED",
        other_after_one="INVITATION_LIMIT_REACHED",
    )


async def updating_and_deleting(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER)
    return CallPair(
        hold=members_of(clinic),
        one=rename(backend, clinic, uuid4().hex),
        other=delete(backend, clinic),
        one_after_other="USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
    )


async def deleting_twice(backend: Backend) -> CallPair:
    clinic = await backend.make_clinic(OWNER)
    return CallPair(
        hold=members_of(clinic),
        one=delete(backend, clinic),
        other=delete(backend, clinic),
        one_after_other="USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
        other_after_one="USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
    )


CONCURRENT_ORGANIZATION_CALLS: tuple[Case, ...] = (
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
