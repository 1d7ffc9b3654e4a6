"""Sessions, and which to end."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from app.auth.schemas.account import UserAnswer
from app.auth.schemas.common import IdentityQuestion
from app.web.schemas import Answer, Text


class SessionAnswer(Answer):
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


class CurrentSession(Answer):
    session: SessionAnswer
    user: UserAnswer


class RevokeSessionRequest(IdentityQuestion):
    token: Annotated[Text, Meta(description="As listed.")]
