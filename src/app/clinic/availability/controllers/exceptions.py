"""Availability exceptions over HTTP."""

from uuid import UUID

from litestar.params import FromPath, JSONBody

from app.clinic import routes
from app.clinic.availability import examples, service
from app.clinic.availability.controllers.error_responses import (
    HOURS_NEEDED,
    INVALID_EXCEPTION,
    NO_DAY,
    NO_EXCEPTION,
    NOT_OWN,
)
from app.clinic.availability.schemas import (
    CreateException,
    ExceptionPage,
    ExceptionResponse,
    ReplaceException,
)
from app.clinic.changes import CurrentChange
from app.clinic.examples import NEW_ID
from app.clinic.parameters import (
    CurrentCaller,
    Cursor,
    DatabaseSession,
    Force,
    From,
    Limit,
    To,
    UserId,
)
from app.database.pagination import DEFAULT_LIMIT
from app.web.openapi import EXAMPLE, OrderedController


class ExceptionController(OrderedController):
    path = "/availability/exceptions"
    tags = ("Availability",)
    opt = {EXAMPLE: examples.EXCEPTION}

    @routes.read_list(
        "listExceptions",
        "List availability exceptions",
        NO_DAY,
        description="The dates on which practitioners' hours differ from the weekly templates.",
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
        routes.NO_PRACTITIONER,
        request=examples.NEW_EXCEPTION,
        response={**examples.EXCEPTION, **examples.NEW_EXCEPTION, "id": NEW_ID},
    )
    async def create_exception(
        self,
        data: JSONBody[CreateException],
        session: DatabaseSession,
        caller: CurrentCaller,
        force: Force = False,
    ) -> ExceptionResponse:
        return ExceptionResponse.of(
            await service.create_exception(session, caller, data, force=force)
        )

    @routes.read_row(
        "/{exception_id:uuid}", "getException", "Get an availability exception", NO_EXCEPTION
    )
    async def get_exception(
        self, exception_id: FromPath[UUID], session: DatabaseSession, caller: CurrentCaller
    ) -> ExceptionResponse:
        return ExceptionResponse.of(await service.get_exception(session, caller, exception_id))

    @routes.replace(
        "/{exception_id:uuid}",
        "replaceException",
        "Replace an availability exception",
        *INVALID_EXCEPTION,
        NO_EXCEPTION,
        request=examples.EXCEPTION_REPLACEMENT,
    )
    async def replace_exception(
        self,
        exception_id: FromPath[UUID],
        data: JSONBody[ReplaceException],
        change: CurrentChange,
        force: Force = False,
    ) -> ExceptionResponse:
        row = await change.lock(service.lock_exception, exception_id, ExceptionResponse)
        return ExceptionResponse.of(
            await service.replace_slot(change.session, change.caller, row, data, force=force)
        )

    @routes.delete(
        "/{exception_id:uuid}",
        "deleteException",
        "Delete an availability exception",
        HOURS_NEEDED,
        NOT_OWN,
        NO_EXCEPTION,
    )
    async def delete_exception(
        self, exception_id: FromPath[UUID], change: CurrentChange, force: Force = False
    ) -> None:
        row = await change.lock(service.lock_exception, exception_id, ExceptionResponse)
        await service.delete_slot(change.session, row, force=force)
