"""The requests and responses of invitations."""

from datetime import datetime
from uuid import UUID

from app.auth.models import InvitationStatus, Role
from app.auth.schemas.common import ActiveByDefault, Email, Id, IdentityRequestBody
from app.auth.schemas.members import AnyRole, MemberResponse
from app.web.schemas import ResponseBody


class InviteRequest(IdentityRequestBody):
    """`resend` extends the invitation that the address already has."""

    email: Email
    role: AnyRole
    organization_id: ActiveByDefault = None
    resend: bool = False


class InvitationRequest(IdentityRequestBody):
    invitation_id: Id


class InvitationResponse(ResponseBody):
    id: UUID
    organization_id: UUID
    email: str
    role: Role
    status: InvitationStatus
    inviter_id: UUID
    expires_at: datetime
    created_at: datetime


class ReceivedInvitation(InvitationResponse):
    organization_name: str


class OpenInvitation(ReceivedInvitation):
    organization_slug: str
    inviter_email: str


class AcceptedInvitation(ResponseBody):
    invitation: InvitationResponse
    member: MemberResponse


class RejectedInvitation(ResponseBody):
    invitation: InvitationResponse
    member: None = None
