"""Invitations without HTTP: how long they last, and who may do what with them."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.auth import invitations, members
from app.auth.errors import IdentityError
from app.auth.invitations import LIFETIME, NewInvitation
from app.auth.models import Invitation, InvitationStatus, Role, User
from app.auth.organization_errors import (
    AlreadyInvited,
    AlreadyMember,
    InvitationLimitReached,
    InvitationNotFound,
    InviterNoLongerAllowed,
    NotAllowedToCancelInvitation,
    NotAllowedToInvite,
    NotAllowedToInviteAs,
    NotTheRecipient,
)
from auth.clinics import Clinic, SignedUpUser, invite, make_clinic, make_person

OWNER, ADMIN, MEMBER = Role
GUEST = "Guest@Example.com"
SECOND = timedelta(seconds=1)


async def user_of(session: AsyncSession, person: SignedUpUser) -> User:
    return await session.get_one(User, person.id)


def go_on(monkeypatch: pytest.MonkeyPatch, time: timedelta) -> None:
    """Let the clock go on."""
    moment = clock.now() + time
    monkeypatch.setattr(clock, "now", lambda: moment)


def invitation_of(clinic: Clinic, inviter: int, role: Role) -> NewInvitation:
    return NewInvitation(
        organization_id=clinic.id, inviter_id=clinic.people[inviter].id, email=GUEST, role=role
    )


async def test_an_invitation_is_accepted_within_48_hours(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is open one second before it expires, and closed one second after."""
    clinic, guest = await make_clinic(session, OWNER), await make_person(session)
    user = await user_of(session, guest)
    invitation = await invite(session, clinic, guest.email)
    go_on(monkeypatch, LIFETIME - SECOND)
    assert timedelta(hours=48) == LIFETIME
    assert (await invitations.get_received(session, user, invitation.id))[0] is invitation
    go_on(monkeypatch, 2 * SECOND)
    with pytest.raises(InvitationNotFound):
        await invitations.get_received(session, user, invitation.id)
    with pytest.raises(InvitationNotFound):
        await invitations.accept(session, user, invitation.id)
    assert invitation.status is InvitationStatus.PENDING


@pytest.mark.parametrize("end", [InvitationStatus.REJECTED, InvitationStatus.CANCELED])
async def test_an_expired_invitation_can_still_be_rejected_and_canceled(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch, end: InvitationStatus
) -> None:
    """By the same people as before it expired; then it is no longer pending."""
    clinic = await make_clinic(session, OWNER, MEMBER)
    guest, other = await make_person(session), await make_person(session)
    user, stranger = await user_of(session, guest), await user_of(session, other)
    user.email_verified = True
    invitation = await invite(session, clinic, guest.email)
    go_on(monkeypatch, LIFETIME + SECOND)
    assert [row for row, _ in await invitations.list_received(session, user)] == [invitation]
    with pytest.raises(NotTheRecipient):
        await invitations.reject(session, stranger, invitation.id)
    with pytest.raises(NotAllowedToCancelInvitation):
        await invitations.cancel(session, clinic.people[1].id, invitation.id)
    if end is InvitationStatus.REJECTED:
        await invitations.reject(session, user, invitation.id)
    else:
        await invitations.cancel(session, clinic.people[0].id, invitation.id)
    assert invitation.status is end
    assert await invitations.list_received(session, user) == []


@pytest.mark.parametrize(
    ("inviter", "invited_as", "later", "counts"),
    [
        (OWNER, OWNER, OWNER, True),
        (OWNER, OWNER, ADMIN, False),
        (OWNER, MEMBER, ADMIN, True),
        (ADMIN, MEMBER, ADMIN, True),
        (ADMIN, MEMBER, MEMBER, False),
        (ADMIN, MEMBER, None, False),
    ],
)
async def test_an_invitation_counts_while_its_inviter_may_invite(
    session: AsyncSession, inviter: Role, invited_as: Role, later: Role | None, counts: bool
) -> None:
    """An invitation is void if its inviter was removed, or may not invite any more."""
    clinic, guest = await make_clinic(session, OWNER, inviter), await make_person(session)
    user = await user_of(session, guest)
    new_invitation = NewInvitation(
        organization_id=clinic.id,
        inviter_id=clinic.people[1].id,
        email=guest.email,
        role=invited_as,
    )
    invitation = await invitations.invite(session, new_invitation)
    owner, member_id = clinic.people[0].id, clinic.member_ids[1]
    if later is None:
        await members.remove_member(session, owner, clinic.id, member_id)
    else:
        await members.update_role(session, owner, clinic.id, member_id, later)
    for response in (invitations.get_received, invitations.accept):
        with nullcontext() if counts else pytest.raises(InviterNoLongerAllowed):
            await response(session, user, invitation.id)


async def test_an_address_whose_invitation_expired_is_invited_again(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old one blocks neither a new one nor the limit."""
    monkeypatch.setattr(invitations, "MAX_PENDING", 1)
    clinic = await make_clinic(session, OWNER)
    first = await invite(session, clinic, GUEST)
    with pytest.raises(InvitationLimitReached):
        await invite(session, clinic, "another@example.com")
    go_on(monkeypatch, LIFETIME + SECOND)
    second = await invite(session, clinic, GUEST)
    assert second.id != first.id
    assert second.expires_at == clock.now() + LIFETIME


async def test_resending_prolongs_the_invitation_that_there_is(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays the same one, with the role that it had, and lasts 48 hours from then on."""
    clinic = await make_clinic(session, OWNER)
    first = await invite(session, clinic, GUEST)
    go_on(monkeypatch, LIFETIME / 2)
    with pytest.raises(AlreadyInvited):
        await invite(session, clinic, GUEST)
    again = await invitations.invite(session, invitation_of(clinic, 0, ADMIN), resend=True)
    assert again is first
    assert (again.role, again.expires_at) == (MEMBER, clock.now() + LIFETIME)
    found = await session.exec(select(Invitation).where(Invitation.organization_id == clinic.id))
    assert len(found.all()) == 1


@pytest.mark.parametrize(
    ("inviter", "role", "error"),
    [
        (OWNER, OWNER, None),
        (ADMIN, OWNER, NotAllowedToInviteAs),
        (ADMIN, ADMIN, None),
        (MEMBER, MEMBER, NotAllowedToInvite),
    ],
)
async def test_who_may_invite_as_what(
    session: AsyncSession, inviter: Role, role: Role, error: type[IdentityError] | None
) -> None:
    """Owners invite as anything, admins as all but owners, members not at all."""
    clinic = await make_clinic(session, OWNER, inviter)
    if error is None:
        invitation = await invitations.invite(session, invitation_of(clinic, 1, role))
        assert (invitation.email, invitation.role) == (GUEST.lower(), role)
        return
    with pytest.raises(error):
        await invitations.invite(session, invitation_of(clinic, 1, role))


async def test_an_admin_does_not_prolong_an_owners_invitation(session: AsyncSession) -> None:
    """Asking for another role does not help."""
    clinic = await make_clinic(session, OWNER, ADMIN)
    await invite(session, clinic, GUEST, OWNER)
    with pytest.raises(NotAllowedToInviteAs):
        await invitations.invite(session, invitation_of(clinic, 1, MEMBER), resend=True)


async def test_a_member_is_not_invited(session: AsyncSession) -> None:
    """In no case of the letters."""
    clinic = await make_clinic(session, OWNER, MEMBER)
    with pytest.raises(AlreadyMember):
        await invite(session, clinic, clinic.people[1].email.upper())


async def test_only_the_recipient_accepts_or_rejects(session: AsyncSession) -> None:
    """Other users who know the id cannot do anything with it."""
    clinic, other = await make_clinic(session, OWNER), await make_person(session)
    invitation = await invite(session, clinic, GUEST)
    user = await user_of(session, other)
    for response in (invitations.accept, invitations.reject, invitations.get_received):
        with pytest.raises(NotTheRecipient):
            await response(session, user, invitation.id)
    assert invitation.status is InvitationStatus.PENDING


@pytest.mark.parametrize("status", [each for each in InvitationStatus if each != "pending"])
async def test_an_invitation_is_accepted_or_rejected_once(
    session: AsyncSession, status: InvitationStatus
) -> None:
    """It is not accepted or rejected any more, and taken back only if it has been already."""
    clinic, guest = await make_clinic(session, OWNER), await make_person(session)
    invitation = await invite(session, clinic, guest.email)
    invitation.status = status
    await session.flush()
    user = await user_of(session, guest)
    for response in (invitations.accept, invitations.reject):
        with pytest.raises(InvitationNotFound):
            await response(session, user, invitation.id)
    refused = pytest.raises(InvitationNotFound)
    with nullcontext() if status is InvitationStatus.CANCELED else refused:
        await invitations.cancel(session, clinic.people[0].id, invitation.id)
    assert invitation.status is status


async def test_a_plain_member_takes_no_invitation_back(session: AsyncSession) -> None:
    """An admin does."""
    clinic = await make_clinic(session, OWNER, ADMIN, MEMBER)
    invitation = await invite(session, clinic, GUEST)
    with pytest.raises(NotAllowedToCancelInvitation):
        await invitations.cancel(session, clinic.people[2].id, invitation.id)
    await invitations.cancel(session, clinic.people[1].id, invitation.id)
    assert invitation.status is InvitationStatus.CANCELED


async def test_who_is_a_member_by_now_accepts_nothing(session: AsyncSession) -> None:
    """An invitation of before does not make a second membership."""
    clinic, guest = await make_clinic(session, OWNER), await make_person(session)
    user = await user_of(session, guest)
    invitation = await invite(session, clinic, guest.email)
    await invitations.accept(session, user, invitation.id)
    invitation.status = InvitationStatus.PENDING
    await session.flush()
    with pytest.raises(AlreadyMember):
        await invitations.accept(session, user, invitation.id)
