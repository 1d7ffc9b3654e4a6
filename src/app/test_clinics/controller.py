"""`POST /api/db/clinics` and `DELETE /api/db/clinics/{id}`, with the guard of the seed."""

from typing import Any
from uuid import UUID

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.authentication import client_of
from app.seed.prepared_hashes import PreparedHashes
from app.settings import Settings
from app.test_clinics import openapi, service
from app.test_clinics.response import describe
from app.test_clinics.schemas import AddClinic, AddedClinics
from app.test_sessions.response import describe_session
from app.web.body_checks import body_or_defaults
from app.web.openapi import OrderedController
from app.web.query_parameters import refuse_unknown_parameters


class TestClinicController(OrderedController):
    path = "/api/db/clinics"
    tags = (openapi.TAG.name,)
    guards = (refuse_unknown_parameters,)

    @openapi.create(
        "/",
        "addClinic",
        "Add a clinic with people who are signed in",
        *openapi.INVALID,
        openapi.BROKEN,
        description=openapi.ADD,
        requests=openapi.REQUESTS,
        status_code=201,
        responses={201: openapi.ADDED},
    )
    async def add_clinic(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        seed_hashes: NamedDependency[PreparedHashes],
        settings: NamedDependency[Settings],
        data: JSONBody[AddClinic | None] = None,
    ) -> AddedClinics:
        wanted = body_or_defaults(data, AddClinic)
        added = await service.add_clinic(session, seed_hashes, wanted, client_of(request))
        sessions = {
            user_id: describe_session(request, settings, *opened)
            for user_id, opened in added.sessions.items()
        }
        return describe(wanted.seed_request(), added.created, sessions)

    @openapi.remove(
        "/{organization_id:uuid}",
        "removeClinic",
        "Remove a clinic and its people",
        openapi.UNKNOWN,
        openapi.IN_USE,
        description=openapi.REMOVE,
    )
    async def remove_clinic(
        self, organization_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> None:
        await service.remove_clinic(session, organization_id)
