"""`POST /api/db/sessions`, with the guard of the seed."""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.authentication import client_of, session_cookie
from app.auth.sessions import SignedIn
from app.settings import Settings
from app.test_sessions import openapi
from app.test_sessions.schemas import (
    CreatedSession,
    CreateTestSessions,
    SessionCookie,
    storage_state,
)
from app.test_sessions.service import ActiveClinic, find_users, first_users, open_sessions
from app.web.openapi import OrderedController
from app.web.query_parameters import refuse_unknown_parameters


class TestSessionController(OrderedController):
    path = "/api/db/sessions"
    tags = (openapi.TAG.name,)
    guards = (refuse_unknown_parameters,)

    @openapi.create(
        "/",
        "createTestSessions",
        "Create sessions without a password",
        openapi.UNKNOWN,
        description=openapi.DESCRIPTION,
        requests=openapi.REQUESTS,
        status_code=201,
        responses={201: openapi.CREATED},
    )
    async def create_sessions(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
        data: JSONBody[CreateTestSessions | None] = None,
    ) -> list[CreatedSession]:
        if data and data.users:
            users = await find_users(session, data.users)
        else:
            users = await first_users(session)
        opened = await open_sessions(session, users, client_of(request))
        return [_response(request, settings, *each) for each in opened]


def _response(
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
