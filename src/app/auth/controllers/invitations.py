"""Invitations over HTTP."""

from typing import Annotated

import msgspec
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import invitations, sessions
from app.auth.authentication import active_or
from app.auth.controllers.parameters import OrganizationId
from app.auth.errors import InvalidEmail
from app.auth.invitations import MAX_CLOSED, MAX_LISTED, MAX_PENDING, NewInvitation
from app.auth.models import Invitation
from app.auth.openapi import INVALID, change, read
from app.auth.organization_errors import (
    AlreadyInvited,
    AlreadyMember,
    EmailNotVerified,
    InvitationLimitReached,
    InvitationNotFound,
    InviterGone,
    MemberNotFound,
    NoActiveOrganization,
    NotAllowedToCancelInvitation,
    NotAllowedToInvite,
    NotAllowedToInviteAs,
    NotAllowedToListInvitations,
    NotAMemberOfThis,
    NotTheRecipient,
    OrganizationNotFound,
    RoleNotFound,
)
from app.auth.schemas.common import read_email
from app.auth.schemas.invitations import (
    AcceptedInvitation,
    InvitationRequest,
    InvitationResponse,
    InviteRequest,
    OpenInvitation,
    ReceivedInvitation,
    RejectedInvitation,
)
from app.auth.schemas.members import read_role, without_user
from app.auth.sessions import SignedIn
from app.ids import read_id
from app.web.openapi import OrderedController


class InvitationController(OrderedController):
    path = "/organization"
    tags = ("Invitations",)

    @change(
        "/invite-member",
        "inviteMember",
        "Invite an address to an organization",
        OrganizationNotFound(),
        MemberNotFound(),
        NotAllowedToInvite(),
        NotAllowedToInviteAs(),
        AlreadyMember(),
        AlreadyInvited(),
        InvitationLimitReached(),
        RoleNotFound(),
        InvalidEmail(),
        INVALID,
        description="No mail is sent: the user of the address needs the id of the invitation. "
        f"An organization can have {MAX_PENDING} open invitations. It keeps the newest "
        f"{MAX_CLOSED} that are not open any more.",
    )
    async def invite_member(
        self,
        data: JSONBody[InviteRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> InvitationResponse:
        new_invitation = NewInvitation(
            organization_id=active_or(signed_in, data.organization_id, OrganizationNotFound),
            inviter_id=signed_in.user.id,
            email=read_email(data.email),
            role=read_role(data.role),
        )
        return _answer(await invitations.invite(session, new_invitation, resend=data.resend))

    @read(
        "/list-invitations",
        "listInvitations",
        "The invitations of an organization, answered ones included",
        NoActiveOrganization(),
        NotAMemberOfThis(),
        NotAllowedToListInvitations(),
        description=f"The newest {MAX_LISTED} at most, the oldest of them first.",
    )
    async def list_invitations(
        self,
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
        organization_id: OrganizationId = None,
    ) -> list[InvitationResponse]:
        rows = await invitations.list_invitations(
            session, signed_in.user.id, active_or(signed_in, organization_id)
        )
        return [_answer(row) for row in rows]

    @read(
        "/list-user-invitations",
        "listUserInvitations",
        "The invitations that await one's own answer",
        EmailNotVerified(),
        description="Only with a verified address, because anybody can sign up with any. "
        f"The newest {MAX_LISTED} at most, the oldest of them first.",
    )
    async def list_user_invitations(
        self, session: NamedDependency[AsyncSession], signed_in: NamedDependency[SignedIn]
    ) -> list[ReceivedInvitation]:
        rows = await invitations.list_received(session, signed_in.user)
        return [
            ReceivedInvitation(**msgspec.structs.asdict(_answer(row)), organization_name=name)
            for row, name in rows
        ]

    @read(
        "/get-invitation",
        "getInvitation",
        "An invitation that one may accept, found by its id",
        InvitationNotFound(),
        InviterGone(),
        NotTheRecipient(),
        INVALID,
    )
    async def get_invitation(
        self,
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
        invitation_id: Annotated[
            str, QueryParameter(name="id", description="As `invite-member` answered it.")
        ],
    ) -> OpenInvitation:
        invitation, organization, inviter = await invitations.get_received(
            session, signed_in.user, read_id(invitation_id)
        )
        return OpenInvitation(
            **msgspec.structs.asdict(_answer(invitation)),
            organization_name=organization.name,
            organization_slug=organization.slug,
            inviter_email=inviter.email,
        )

    @change(
        "/accept-invitation",
        "acceptInvitation",
        "Accept an invitation, and make its organization active",
        InvitationNotFound(),
        InviterGone(),
        NotTheRecipient(),
        AlreadyMember(),
        INVALID,
        description="For the user of the invited address; `invite-member` answered the id.",
    )
    async def accept_invitation(
        self,
        data: JSONBody[InvitationRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> AcceptedInvitation:
        invitation, member = await invitations.accept(
            session, signed_in.user, read_id(data.invitation_id)
        )
        await sessions.activate(session, signed_in, invitation.organization_id)
        return AcceptedInvitation(
            invitation=_answer(invitation),
            member=without_user(member),
        )

    @change(
        "/reject-invitation",
        "rejectInvitation",
        "Reject an invitation",
        InvitationNotFound(),
        NotTheRecipient(),
        INVALID,
        description="For the user of the invited address; `invite-member` answered the id.",
    )
    async def reject_invitation(
        self,
        data: JSONBody[InvitationRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> RejectedInvitation:
        invitation = await invitations.reject(session, signed_in.user, read_id(data.invitation_id))
        return RejectedInvitation(invitation=_answer(invitation))

    @change(
        "/cancel-invitation",
        "cancelInvitation",
        "Take an invitation back",
        InvitationNotFound(),
        MemberNotFound(),
        NotAllowedToCancelInvitation(),
        INVALID,
        description="For who may invite; `invite-member` answered the id.",
    )
    async def cancel_invitation(
        self,
        data: JSONBody[InvitationRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> InvitationResponse:
        return _answer(
            await invitations.cancel(session, signed_in.user.id, read_id(data.invitation_id))
        )


def _answer(invitation: Invitation) -> InvitationResponse:
    return msgspec.convert(invitation, InvitationResponse, from_attributes=True)
