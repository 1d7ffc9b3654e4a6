"""The requests and responses of sessions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from app.auth.schemas.account import UserResponse
from app.auth.schemas.common import IdentityRequestBody
from app.web.schemas import ResponseBody, Text


class SessionResponse(ResponseBody):
    id: UUID
    user_id: UUID
    token: Annotated[
        str,
        Meta(
            description="The token, if it is the session of this request. For other sessions, an "
            "id that `/revoke-session` accepts and that cannot sign in."
        ),
    ]
    expires_at: datetime
    created_at: datetime
    updated_at: datetime
    ip_address: str | None
    user_agent: str | None
    active_organization_id: UUID | None


class CurrentSession(ResponseBody):
    session: SessionResponse
    user: UserResponse


class RevokeSessionRequest(IdentityRequestBody):
    token: Annotated[Text, Meta(description="The `token` from the list of sessions.")]
