"""Invitations of an email address to an organization."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, delete, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from app import clock
from app.auth import roles
from app.auth.locks import lock_organization
from app.auth.members import (
    NewMember,
    add_member,
    find_member,
    find_named_member,
    get_member,
)
from app.auth.models import Invitation, InvitationStatus, Member, Organization, Role, User
from app.auth.organization_errors import (
    AlreadyInvited,
    AlreadyMember,
    CallerNotAMember,
    EmailNotVerified,
    InvitationLimitReached,
    InvitationNotFound,
    InviterNoLongerAllowed,
    NotAllowedToCancelInvitation,
    NotAllowedToInvite,
    NotAllowedToInviteAs,
    NotAllowedToListInvitations,
    NotTheRecipient,
)
from app.auth.roles import Action, Resource
from app.database.bulk import insert_rows

LIFETIME = timedelta(hours=48)
ACCEPTED_OR_REJECTED = (InvitationStatus.ACCEPTED, InvitationStatus.REJECTED)
MAX_PENDING = 100  # of one organization
MAX_CLOSED = 100  # of one organization: expired, accepted, rejected or canceled
MAX_LISTED = MAX_PENDING + MAX_CLOSED
NEWEST_FIRST = (col(Invitation.created_at).desc(), col(Invitation.id).desc())


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation:
    organization_id: UUID
    inviter_id: UUID
    email: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedInvitation(NewInvitation):
    """An invitation with what has become of it; it can have expired."""

    id: UUID
    status: InvitationStatus
    expires_at: datetime


async def add_invitations(session: AsyncSession, invitations: Sequence[IssuedInvitation]) -> None:
    """Add many invitations with one statement, without ORM objects.

    The users who have accepted are not made members.
    """
    await insert_rows(session, Invitation, [asdict(each) for each in invitations])


async def invite(
    session: AsyncSession, new_invitation: NewInvitation, *, resend: bool = False
) -> Invitation:
    """Invite an address, or with `resend` extend its pending invitation.

    A new invitation deletes the oldest closed ones of the organization beyond `MAX_CLOSED`.

    Raises `MemberNotFound` if the inviter is not a member, `NotAllowedToInvite`,
    `NotAllowedToInviteAs`, `AlreadyMember`, `AlreadyInvited` or `InvitationLimitReached`.
    """
    organization_id = new_invitation.organization_id
    await lock_organization(session, organization_id)
    inviter = await get_member(session, organization_id, new_invitation.inviter_id)
    if not roles.may(inviter.role, Resource.INVITATION, Action.CREATE):
        raise NotAllowedToInvite
    if not roles.may_manage_role(inviter.role, new_invitation.role):
        raise NotAllowedToInviteAs
    email = new_invitation.email.lower()
    if await find_named_member(session, organization_id, email):
        raise AlreadyMember
    pending = _pending(organization_id)
    invited = (await session.exec(pending.where(Invitation.email == email))).first()
    if invited:
        return await _extend(session, inviter, invited, resend=resend)
    count = select(func.count()).select_from(pending.subquery())
    if (await session.exec(count)).one() >= MAX_PENDING:
        raise InvitationLimitReached
    invitation = Invitation(
        organization_id=organization_id,
        email=email,
        role=new_invitation.role,
        inviter_id=new_invitation.inviter_id,
        expires_at=clock.now() + LIFETIME,
    )
    session.add(invitation)
    await session.flush()
    await _delete_old(session, organization_id)
    return invitation


async def list_invitations(
    session: AsyncSession, caller_id: UUID, organization_id: UUID
) -> Sequence[Invitation]:
    """Raise `CallerNotAMember` or `NotAllowedToListInvitations`."""
    caller = await find_member(session, organization_id, caller_id)
    if caller is None:
        raise CallerNotAMember
    if not roles.may_see_invitations(caller.role):
        raise NotAllowedToListInvitations
    return await visible_invitations(session, caller)


async def visible_invitations(session: AsyncSession, caller: Member) -> Sequence[Invitation]:
    """Return the newest `MAX_LISTED` of the caller's organization, the oldest of them first.

    Those that the caller may not see are left out.
    """
    if not roles.may_see_invitations(caller.role):
        return []
    found = await session.exec(
        select(Invitation)
        .where(Invitation.organization_id == caller.organization_id)
        .order_by(*NEWEST_FIRST)
        .limit(MAX_LISTED)
    )
    return [row for row in reversed(found.all()) if roles.may_manage_role(caller.role, row.role)]


async def list_received(session: AsyncSession, user: User) -> Sequence[tuple[Invitation, str]]:
    """Return the newest `MAX_LISTED` pending invitations, the oldest of them first.

    Expired ones are included. Each comes with the name of its organization.
    Raises `EmailNotVerified`, because anyone can sign up with any address.
    """
    if not user.email_verified:
        raise EmailNotVerified
    found = await session.exec(
        select(Invitation, Organization.name)
        .join(Organization, col(Organization.id) == Invitation.organization_id)
        .where(Invitation.email == user.email, Invitation.status == InvitationStatus.PENDING)
        .order_by(*NEWEST_FIRST)
        .limit(MAX_LISTED)
    )
    return found.all()[::-1]


async def get_received(
    session: AsyncSession, user: User, invitation_id: UUID
) -> tuple[Invitation, Organization, User]:
    """Return an invitation that the user may accept, its organization and the inviter.

    Raises `InvitationNotFound`, `NotTheRecipient` or `InviterNoLongerAllowed`.
    """
    found = await session.exec(select(Invitation).where(Invitation.id == invitation_id))
    invitation = _open(found.one_or_none(), user)
    await _check_inviter(session, invitation)
    organization = await session.get_one(Organization, invitation.organization_id)
    return invitation, organization, await session.get_one(User, invitation.inviter_id)


async def accept(
    session: AsyncSession, user: User, invitation_id: UUID
) -> tuple[Invitation, Member]:
    """Make the user a member.

    Raises `InvitationNotFound`, `NotTheRecipient`, `InviterNoLongerAllowed` or `AlreadyMember`.
    """
    invitation = _open(await _locked(session, invitation_id), user)
    await _check_inviter(session, invitation)
    if await find_member(session, invitation.organization_id, user.id):
        raise AlreadyMember
    invitation.status = InvitationStatus.ACCEPTED
    new_member = NewMember(
        organization_id=invitation.organization_id, user_id=user.id, role=invitation.role
    )
    member = await add_member(session, new_member)
    await session.flush()
    return invitation, member


async def reject(session: AsyncSession, user: User, invitation_id: UUID) -> Invitation:
    """Reject a pending invitation, expired or not.

    Raises `InvitationNotFound` or `NotTheRecipient`.
    """
    invitation = _pending_for(await _locked(session, invitation_id), user)
    invitation.status = InvitationStatus.REJECTED
    await session.flush()
    return invitation


async def cancel(session: AsyncSession, caller_id: UUID, invitation_id: UUID) -> Invitation:
    """Cancel an invitation that was neither accepted nor rejected, expired or not.

    Raises `InvitationNotFound`, `MemberNotFound` or `NotAllowedToCancelInvitation`.
    """
    invitation = await _locked(session, invitation_id)
    if invitation is None or invitation.status in ACCEPTED_OR_REJECTED:
        raise InvitationNotFound
    caller = await get_member(session, invitation.organization_id, caller_id)
    if not (
        roles.may(caller.role, Resource.INVITATION, Action.CANCEL)
        and roles.may_manage_role(caller.role, invitation.role)
    ):
        raise NotAllowedToCancelInvitation
    invitation.status = InvitationStatus.CANCELED
    await session.flush()
    return invitation


async def _delete_old(session: AsyncSession, organization_id: UUID) -> None:
    """Delete closed invitations of an organization, except the newest `MAX_CLOSED`."""
    closed = or_(
        col(Invitation.status) != InvitationStatus.PENDING,
        col(Invitation.expires_at) <= clock.now(),
    )
    old = (
        select(Invitation.id)
        .where(Invitation.organization_id == organization_id, closed)
        .order_by(*NEWEST_FIRST)
        .offset(MAX_CLOSED)
    )
    of_organization = col(Invitation.organization_id) == organization_id
    await session.exec(delete(Invitation).where(of_organization, col(Invitation.id).in_(old)))


async def _extend(
    session: AsyncSession, inviter: Member, invitation: Invitation, *, resend: bool
) -> Invitation:
    if not resend:
        raise AlreadyInvited
    if not roles.may_manage_role(inviter.role, invitation.role):
        raise NotAllowedToInviteAs
    invitation.expires_at = clock.now() + LIFETIME
    await session.flush()
    return invitation


async def _locked(session: AsyncSession, invitation_id: UUID) -> Invitation | None:
    """Return an invitation after locking its organization."""
    organization = select(Invitation.organization_id).where(Invitation.id == invitation_id)
    organization_id = (await session.exec(organization)).first()
    if organization_id is None:
        return None
    await lock_organization(session, organization_id)
    return await session.get(Invitation, (organization_id, invitation_id))


def _open(invitation: Invitation | None, user: User) -> Invitation:
    """Return a pending invitation of the user that has not expired."""
    if invitation is None or invitation.expires_at < clock.now():
        raise InvitationNotFound
    return _pending_for(invitation, user)


def _pending_for(invitation: Invitation | None, user: User) -> Invitation:
    """Return a pending invitation of the user, expired or not."""
    if invitation is None or invitation.status is not InvitationStatus.PENDING:
        raise InvitationNotFound
    if invitation.email != user.email:
        raise NotTheRecipient
    return invitation


async def _check_inviter(session: AsyncSession, invitation: Invitation) -> None:
    """Raise `InviterNoLongerAllowed` if the inviter could no longer send this invitation."""
    inviter = await find_member(session, invitation.organization_id, invitation.inviter_id)
    if (
        inviter is None
        or not roles.may(inviter.role, Resource.INVITATION, Action.CREATE)
        or not roles.may_manage_role(inviter.role, invitation.role)
    ):
        raise InviterNoLongerAllowed


def _pending(organization_id: UUID) -> SelectOfScalar[Invitation]:
    return select(Invitation).where(
        Invitation.organization_id == organization_id,
        Invitation.status == InvitationStatus.PENDING,
        Invitation.expires_at > clock.now(),
    )
