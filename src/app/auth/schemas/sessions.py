"""Sessions, and which to end."""

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
            description="Of the session that calls. Of another one that is listed, what "
            "`/revoke-session` knows it by, which signs nobody in."
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
    token: Annotated[Text, Meta(description="As listed.")]
