"""`POST /api/db/sessions`, with the guard of the seed."""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.authentication import client_of
from app.settings import Settings
from app.test_sessions import openapi
from app.test_sessions.response import describe_session
from app.test_sessions.schemas import CreatedSession, CreateTestSessions
from app.test_sessions.service import find_users, first_users, open_sessions
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
        return [describe_session(request, settings, *each) for each in opened]
