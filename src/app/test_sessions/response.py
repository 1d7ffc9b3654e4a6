"""Describe a session with everything that a test signs in with."""

from typing import Any

from litestar import Request

from app.auth.authentication import session_cookie
from app.auth.sessions import SignedIn
from app.settings import Settings
from app.test_sessions.schemas import CreatedSession, SessionCookie, storage_state
from app.test_sessions.service import ActiveClinic


def describe_session(
    request: Request[Any, Any, Any],
    settings: Settings,
    signed_in: SignedIn,
    active: ActiveClinic | None,
) -> CreatedSession:
    organization, role = active or (None, None)
    cookie = session_cookie(signed_in, settings)
    return CreatedSession(
        email=signed_in.user.email,
        user_id=signed_in.user.id,
        name=signed_in.user.name,
        organization_id=organization.id if organization else None,
        organization=organization.name if organization else None,
        role=role,
        token=signed_in.token,
        cookie=SessionCookie(name=cookie.key, value=signed_in.token),
        storage_state=storage_state(signed_in, cookie, _cookie_domain(request)),
    )


def _cookie_domain(request: Request[Any, Any, Any]) -> str:
    host = request.url.hostname or "localhost"
    return f"[{host}]" if ":" in host else host
