"""Sessions over HTTP."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import examples, sessions
from app.auth.authentication import SESSION_COOKIE, no_session_cookie, token_of
from app.auth.models import Session
from app.auth.openapi import INVALID, PUBLIC, change, public_read, read
from app.auth.schemas.account import Done, UserResponse
from app.auth.schemas.sessions import CurrentSession, RevokeSessionRequest, SessionResponse
from app.auth.sessions import MAX_SESSIONS, SignedIn
from app.settings import Settings
from app.web.openapi import OrderedController


class SessionController(OrderedController):
    tags = ("Identity",)

    @public_read(
        "/get-session",
        "getSession",
        "Get my session; null if not signed in",
        description="The status is 200 in both cases.",
        response={"session": examples.SESSION, "user": examples.USER},
        security=PUBLIC,
    )
    async def get_session(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
    ) -> Response[CurrentSession | None]:
        token = token_of(request)
        found = await sessions.find_session(session, token) if token else None
        if found is None:
            # Keep the cookie if the token was in a header.
            by_cookie = token is not None and token == request.cookies.get(SESSION_COOKIE)
            return Response(None, cookies=[no_session_cookie(settings)] if by_cookie else [])
        user = UserResponse.of(found.user)
        return Response(CurrentSession(session=_session(found.session, found), user=user))

    @read(
        "/list-sessions",
        "listSessions",
        "List my sessions",
        description=f"A user can have {MAX_SESSIONS} sessions. The oldest is first.",
        response=[examples.SESSION],
    )
    async def list_sessions(
        self, session: NamedDependency[AsyncSession], signed_in: NamedDependency[SignedIn]
    ) -> list[SessionResponse]:
        rows = await sessions.list_sessions(session, signed_in.user.id)
        return [_session(row, signed_in) for row in rows]

    @change(
        "/revoke-session",
        "revokeSession",
        "Revoke one of my sessions",
        INVALID,
        description="Take the `token` from the list of sessions. The status is 200 "
        "even if no session has this `token`.",
        request={"token": examples.TOKEN},
        response=examples.DONE,
    )
    async def revoke_session(
        self,
        data: JSONBody[RevokeSessionRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
        settings: NamedDependency[Settings],
    ) -> Response[Done]:
        await sessions.revoke_session(session, signed_in.user.id, data.token)
        own = data.token in {signed_in.token, signed_in.session.token}
        return Response(Done(), cookies=[no_session_cookie(settings)] if own else [])

    @change("/revoke-sessions", "revokeSessions", "Revoke all my sessions", response=examples.DONE)
    async def revoke_sessions(
        self,
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
        settings: NamedDependency[Settings],
    ) -> Response[Done]:
        await sessions.revoke_sessions(session, signed_in.user.id)
        return Response(Done(), cookies=[no_session_cookie(settings)])

    @change(
        "/revoke-other-sessions",
        "revokeOtherSessions",
        "Revoke all my other sessions",
        response=examples.DONE,
    )
    async def revoke_other_sessions(
        self, session: NamedDependency[AsyncSession], signed_in: NamedDependency[SignedIn]
    ) -> Done:
        await sessions.revoke_other_sessions(session, signed_in)
        return Done()


def _session(row: Session, signed_in: SignedIn) -> SessionResponse:
    calls = row.id == signed_in.session.id
    return SessionResponse(
        id=row.id,
        user_id=row.user_id,
        token=signed_in.token if calls else row.token,
        expires_at=row.expires_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        ip_address=row.ip_address,
        user_agent=row.user_agent,
        active_organization_id=row.active_organization_id,
    )
