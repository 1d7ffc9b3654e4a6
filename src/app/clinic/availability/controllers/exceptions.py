"""Availability exceptions over HTTP."""

from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.clinic import routes
from app.clinic.availability import examples, service
from app.clinic.availability.controllers.error_responses import INVALID_EXCEPTION, NO_DAY, NOT_OWN
from app.clinic.availability.models import AvailabilityException
from app.clinic.availability.schemas import (
    CreateException,
    ExceptionPage,
    ExceptionResponse,
    ReplaceException,
)
from app.clinic.errors import NotFound
from app.clinic.parameters import CurrentCaller, Cursor, DatabaseSession, From, Limit, To, UserId
from app.database.pagination import DEFAULT_LIMIT
from app.web.etags import ANY_VERSION, IfMatch, check_version, tagged
from app.web.openapi import EXAMPLE_ID, OrderedController

NO_EXCEPTION = NotFound("availability exception")


class ExceptionController(OrderedController):
    path = "/availability/exceptions"
    tags = ("Availability",)
    opt = {EXAMPLE_ID: examples.EXCEPTION_ID}

    @routes.read_list(
        "listExceptions",
        "List availability exceptions",
        NO_DAY,
        description="The dates on which practitioners' hours differ from the weekly templates.",
        response=examples.EXCEPTION_PAGE,
    )
    async def list_exceptions(
        self,
        session: DatabaseSession,
        caller: CurrentCaller,
        user_id: UserId = None,
        from_: From = None,
        to: To = None,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> ExceptionPage:
        page = await service.list_exceptions(session, caller, user_id, from_, to, cursor, limit)
        return ExceptionPage.of(page)

    @routes.create(
        "createException",
        "Create an availability exception",
        *INVALID_EXCEPTION,
        NOT_OWN,
        routes.NO_PRACTITIONER,
        request=examples.NEW_EXCEPTION,
        response=examples.CREATED_EXCEPTION,
    )
    async def create_exception(
        self, data: JSONBody[CreateException], session: DatabaseSession, caller: CurrentCaller
    ) -> Response[ExceptionResponse]:
        row = await service.create_slot(session, caller, AvailabilityException, data)
        return tagged(ExceptionResponse.of(row), 201)

    @routes.read_row(
        "/{exception_id:uuid}",
        "getException",
        "Get an availability exception",
        NO_EXCEPTION,
        response=examples.EXCEPTION,
    )
    async def get_exception(
        self, exception_id: FromPath[UUID], session: DatabaseSession, caller: CurrentCaller
    ) -> Response[ExceptionResponse]:
        row = await service.get_slot(session, caller, AvailabilityException, exception_id)
        return tagged(ExceptionResponse.of(row))

    @routes.replace(
        "/{exception_id:uuid}",
        "replaceException",
        "Replace an availability exception",
        *INVALID_EXCEPTION,
        NOT_OWN,
        NO_EXCEPTION,
        request=examples.EXCEPTION_REPLACEMENT,
        response=examples.REPLACED_EXCEPTION,
    )
    async def replace_exception(
        self,
        exception_id: FromPath[UUID],
        data: JSONBody[ReplaceException],
        session: DatabaseSession,
        caller: CurrentCaller,
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[ExceptionResponse]:
        row = await _get_to_change(session, caller, exception_id, if_match)
        row = await service.replace_slot(session, caller, AvailabilityException, row, data)
        return tagged(ExceptionResponse.of(row))

    @routes.delete(
        "/{exception_id:uuid}",
        "deleteException",
        "Delete an availability exception",
        NOT_OWN,
        NO_EXCEPTION,
    )
    async def delete_exception(
        self,
        exception_id: FromPath[UUID],
        session: DatabaseSession,
        caller: CurrentCaller,
        if_match: IfMatch = ANY_VERSION,
    ) -> None:
        await service.delete_slot(
            session, await _get_to_change(session, caller, exception_id, if_match)
        )


async def _get_to_change(
    session: AsyncSession, caller: Caller, exception_id: UUID, if_match: str
) -> AvailabilityException:
    row = await service.hold_slot(session, caller, AvailabilityException, exception_id)
    check_version(if_match, ExceptionResponse.of(row))
    return row
