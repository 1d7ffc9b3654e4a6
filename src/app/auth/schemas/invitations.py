"""Invitations, and the answers to them."""

from datetime import datetime
from uuid import UUID

from app.auth.models import InvitationStatus, Role
from app.auth.schemas.common import ActiveByDefault, Email, Id, IdentityQuestion
from app.auth.schemas.members import AnyRole, MemberAnswer
from app.web.schemas import Answer


class InviteRequest(IdentityQuestion):
    """`resend` prolongs the invitation that an address has already."""

    email: Email
    role: AnyRole
    organization_id: ActiveByDefault = None
    resend: bool = False


class InvitationRequest(IdentityQuestion):
    invitation_id: Id


class InvitationAnswer(Answer):
    id: UUID
    organization_id: UUID
    email: str
    role: Role
    status: InvitationStatus
    inviter_id: UUID
    expires_at: datetime
    created_at: datetime


class ReceivedInvitation(InvitationAnswer):
    organization_name: str


class OpenInvitation(ReceivedInvitation):
    organization_slug: str
    inviter_email: str


class AcceptedInvitation(Answer):
    invitation: InvitationAnswer
    member: MemberAnswer


class RejectedInvitation(Answer):
    invitation: InvitationAnswer
    member: None = None
