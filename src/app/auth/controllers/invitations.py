"""Invitations over HTTP."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import invitations, sessions
from app.auth.authentication import active_or
from app.auth.controllers.parameters import OrganizationId
from app.auth.errors import (
    AlreadyInvited,
    AlreadyMember,
    EmailNotVerified,
    InvalidEmail,
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
from app.auth.invitations import NewInvitation
from app.auth.models import Invitation
from app.auth.openapi import CHANGE, INVALID, READ, SIGNED_IN, IdentityOperation, refusals
from app.auth.schemas.common import read_email
from app.auth.schemas.invitations import (
    AcceptedInvitation,
    InvitationAnswer,
    InvitationRequest,
    InviteRequest,
    OpenInvitation,
    ReceivedInvitation,
    RejectedInvitation,
)
from app.auth.schemas.members import MemberAnswer, read_role
from app.auth.sessions import SignedIn
from app.ids import read_id
from app.openapi import OrderedController


class InvitationController(OrderedController):
    path = "/organization"
    tags = ("Invitations",)

    @post(
        "/invite-member",
        operation_id="inviteMember",
        operation_class=IdentityOperation,
        summary="Invite an address to an organization",
        description="No mail is sent: whoever signs in under the address finds the invitation by "
        "its id.",
        status_code=200,
        security=SIGNED_IN,
        responses=refusals(
            *CHANGE,
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
        ),
    )
    async def invite_member(
        self,
        data: JSONBody[InviteRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> InvitationAnswer:
        new_invitation = NewInvitation(
            organization_id=active_or(signed_in, data.organization_id, OrganizationNotFound),
            inviter_id=signed_in.user.id,
            email=read_email(data.email),
            role=read_role(data.role),
        )
        return _answer(await invitations.invite(session, new_invitation, resend=data.resend))

    @get(
        "/list-invitations",
        operation_id="listInvitations",
        operation_class=IdentityOperation,
        summary="The invitations of an organization, answered ones included",
        security=SIGNED_IN,
        responses=refusals(
            *READ, NoActiveOrganization(), NotAMemberOfThis(), NotAllowedToListInvitations()
        ),
    )
    async def list_invitations(
        self,
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
        organization_id: OrganizationId = None,
    ) -> list[InvitationAnswer]:
        rows = await invitations.list_invitations(
            session, signed_in.user.id, active_or(signed_in, organization_id)
        )
        return [_answer(row) for row in rows]

    @get(
        "/list-user-invitations",
        operation_id="listUserInvitations",
        operation_class=IdentityOperation,
        summary="The invitations that await one's own answer",
        description="Only with a verified address, for anybody can sign up with any.",
        security=SIGNED_IN,
        responses=refusals(*READ, EmailNotVerified()),
    )
    async def list_user_invitations(
        self, session: NamedDependency[AsyncSession], signed_in: NamedDependency[SignedIn]
    ) -> list[ReceivedInvitation]:
        rows = await invitations.list_received(session, signed_in.user)
        return [
            ReceivedInvitation(**msgspec.structs.asdict(_answer(row)), organization_name=name)
            for row, name in rows
        ]

    @get(
        "/get-invitation",
        operation_id="getInvitation",
        operation_class=IdentityOperation,
        summary="An invitation that one may accept, found by its id",
        security=SIGNED_IN,
        responses=refusals(*READ, InvitationNotFound(), InviterGone(), NotTheRecipient(), INVALID),
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

    @post(
        "/accept-invitation",
        operation_id="acceptInvitation",
        operation_class=IdentityOperation,
        summary="Accept an invitation, and make its organization active",
        description="For the user of the invited address; `invite-member` answered the id.",
        status_code=200,
        security=SIGNED_IN,
        responses=refusals(
            *CHANGE, InvitationNotFound(), NotTheRecipient(), AlreadyMember(), INVALID
        ),
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
            member=msgspec.convert(member, MemberAnswer, from_attributes=True),
        )

    @post(
        "/reject-invitation",
        operation_id="rejectInvitation",
        operation_class=IdentityOperation,
        summary="Reject an invitation",
        description="For the user of the invited address; `invite-member` answered the id.",
        status_code=200,
        security=SIGNED_IN,
        responses=refusals(*CHANGE, InvitationNotFound(), NotTheRecipient(), INVALID),
    )
    async def reject_invitation(
        self,
        data: JSONBody[InvitationRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> RejectedInvitation:
        invitation = await invitations.reject(session, signed_in.user, read_id(data.invitation_id))
        return RejectedInvitation(invitation=_answer(invitation))

    @post(
        "/cancel-invitation",
        operation_id="cancelInvitation",
        operation_class=IdentityOperation,
        summary="Take an invitation back",
        description="For who may invite; `invite-member` answered the id.",
        status_code=200,
        security=SIGNED_IN,
        responses=refusals(
            *CHANGE,
            InvitationNotFound(),
            MemberNotFound(),
            NotAllowedToCancelInvitation(),
            INVALID,
        ),
    )
    async def cancel_invitation(
        self,
        data: JSONBody[InvitationRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> InvitationAnswer:
        return _answer(
            await invitations.cancel(session, signed_in.user.id, read_id(data.invitation_id))
        )


def _answer(invitation: Invitation) -> InvitationAnswer:
    return msgspec.convert(invitation, InvitationAnswer, from_attributes=True)
