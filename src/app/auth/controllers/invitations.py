"""Invitations over HTTP."""

from typing import Annotated

import msgspec
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import examples, invitations, sessions
from app.auth.authentication import active_or
from app.auth.controllers.parameters import OrganizationId
from app.auth.errors import InvalidEmail
from app.auth.invitations import MAX_CLOSED, MAX_LISTED, MAX_PENDING, NewInvitation
from app.auth.openapi import INVALID, change, read
from app.auth.organization_errors import (
    AlreadyInvited,
    AlreadyMember,
    CallerNotAMember,
    EmailNotVerified,
    InvitationLimitReached,
    InvitationNotFound,
    InviterNoLongerAllowed,
    MemberNotFound,
    NoActiveOrganization,
    NotAllowedToCancelInvitation,
    NotAllowedToInvite,
    NotAllowedToInviteAs,
    NotAllowedToListInvitations,
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
from app.auth.schemas.members import MemberResponse, read_role
from app.auth.sessions import SignedIn
from app.ids import read_id
from app.web.openapi import OrderedController


class InvitationController(OrderedController):
    path = "/organization"
    tags = ("Invitations",)

    @change(
        "/invite-member",
        "inviteMember",
        "Invite an email address to an organization",
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
        description="No mail is sent: give the id of the invitation to the user. An "
        f"organization can have {MAX_PENDING} pending invitations, and keeps the newest "
        f"{MAX_CLOSED} closed ones.",
        request={"email": examples.ADA, "role": "member"},
        response=examples.SENT_INVITATION,
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
        return InvitationResponse.of(
            await invitations.invite(session, new_invitation, resend=data.resend)
        )

    @read(
        "/list-invitations",
        "listInvitations",
        "List the invitations of an organization",
        NoActiveOrganization(),
        CallerNotAMember(),
        NotAllowedToListInvitations(),
        description=f"All statuses; at most the newest {MAX_LISTED}, oldest first.",
        response=[examples.SENT_INVITATION],
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
        return [InvitationResponse.of(row) for row in rows]

    @read(
        "/list-user-invitations",
        "listUserInvitations",
        "List the invitations I have received",
        EmailNotVerified(),
        description="Only for users with a verified email address, because anyone can sign up "
        f"with any address. At most the newest {MAX_LISTED}, oldest first.",
        response=[examples.NAMED_INVITATION],
    )
    async def list_user_invitations(
        self, session: NamedDependency[AsyncSession], signed_in: NamedDependency[SignedIn]
    ) -> list[ReceivedInvitation]:
        rows = await invitations.list_received(session, signed_in.user)
        return [
            ReceivedInvitation(
                **msgspec.structs.asdict(InvitationResponse.of(row)), organization_name=name
            )
            for row, name in rows
        ]

    @read(
        "/get-invitation",
        "getInvitation",
        "Get an invitation I have received",
        InvitationNotFound(),
        InviterNoLongerAllowed(),
        NotTheRecipient(),
        INVALID,
        response={
            **examples.NAMED_INVITATION,
            "organizationSlug": "boulevard-injury-clinic",
            "inviterEmail": examples.OTHER_OWNER_EMAIL,
        },
    )
    async def get_invitation(
        self,
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
        invitation_id: Annotated[
            str,
            QueryParameter(name="id", description="The `id` in the response to `invite-member`."),
        ],
    ) -> OpenInvitation:
        invitation, organization, inviter = await invitations.get_received(
            session, signed_in.user, read_id(invitation_id)
        )
        return OpenInvitation(
            **msgspec.structs.asdict(InvitationResponse.of(invitation)),
            organization_name=organization.name,
            organization_slug=organization.slug,
            inviter_email=inviter.email,
        )

    @change(
        "/accept-invitation",
        "acceptInvitation",
        "Accept an invitation",
        InvitationNotFound(),
        InviterNoLongerAllowed(),
        NotTheRecipient(),
        AlreadyMember(),
        INVALID,
        description="For the user with the invited address. The organization becomes active.",
        request=examples.ONE_INVITATION,
        response={
            "invitation": {**examples.RECEIVED_INVITATION, "status": "accepted"},
            "member": examples.NEW_MEMBER,
        },
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
            invitation=InvitationResponse.of(invitation),
            member=MemberResponse.of(member),
        )

    @change(
        "/reject-invitation",
        "rejectInvitation",
        "Reject an invitation",
        InvitationNotFound(),
        NotTheRecipient(),
        INVALID,
        description="For the user with the invited address.",
        request=examples.ONE_INVITATION,
        response={
            "invitation": {**examples.RECEIVED_INVITATION, "status": "rejected"},
            "member": None,
        },
    )
    async def reject_invitation(
        self,
        data: JSONBody[InvitationRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> RejectedInvitation:
        invitation = await invitations.reject(session, signed_in.user, read_id(data.invitation_id))
        return RejectedInvitation(invitation=InvitationResponse.of(invitation))

    @change(
        "/cancel-invitation",
        "cancelInvitation",
        "Cancel an invitation",
        InvitationNotFound(),
        MemberNotFound(),
        NotAllowedToCancelInvitation(),
        INVALID,
        description="For owners and admins.",
        request=examples.ONE_INVITATION,
        response={**examples.SENT_INVITATION, "status": "canceled"},
    )
    async def cancel_invitation(
        self,
        data: JSONBody[InvitationRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> InvitationResponse:
        return InvitationResponse.of(
            await invitations.cancel(session, signed_in.user.id, read_id(data.invitation_id))
        )
