"""Availability exceptions over HTTP."""

import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.auth.openapi import SIGNED_IN
from app.clinic.availability import service
from app.clinic.availability.controllers.error_responses import EXCEPTION_WRITTEN, NO_DAY, NOT_OWN
from app.clinic.availability.controllers.parameters import UserId
from app.clinic.availability.models import AvailabilityException
from app.clinic.availability.schemas import (
    CreateException,
    ExceptionPage,
    ExceptionResponse,
    ReplaceException,
    fields_of_slot,
)
from app.clinic.error_responses import CHANGED, CREATED, LISTED, NO_PRACTITIONER, READ, refusals
from app.clinic.errors import NothingHere
from app.database.pagination import DEFAULT_LIMIT, Cursor, Limit
from app.web.etags import ANY_VERSION, IfMatch, refuse_stale, tagged
from app.web.openapi import ExampleOperation, OrderedController, TaggedOperation

From = Annotated[datetime.date | None, QueryParameter(name="from")]
To = Annotated[datetime.date | None, QueryParameter(name="to", description="Included.")]
NO_EXCEPTION = NothingHere("availability exception")


class ExceptionController(OrderedController):
    path = "/availability/exceptions"
    tags = ("Availability",)
    security = SIGNED_IN

    @get(
        "/",
        operation_id="listExceptions",
        operation_class=ExampleOperation,
        summary="Dates that differ from the week",
        responses=refusals(NO_DAY, *LISTED, query=("userId", "from", "to", "cursor", "limit")),
    )
    async def list_exceptions(
        self,
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        user_id: UserId = None,
        from_: From = None,
        to: To = None,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> ExceptionPage:
        page = await service.list_exceptions(session, caller, user_id, from_, to, cursor, limit)
        return ExceptionPage(items=[_answer(row) for row in page.rows], next=page.next)

    @post(
        "/",
        operation_id="createException",
        operation_class=TaggedOperation,
        summary="Have a date differ from the week",
        responses=refusals(*EXCEPTION_WRITTEN, *CREATED, NOT_OWN, NO_PRACTITIONER),
    )
    async def create_exception(
        self,
        data: JSONBody[CreateException],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
    ) -> Response[ExceptionResponse]:
        fields = fields_of_slot(data)
        user_id = fields.pop("user_id") or caller.user_id
        row = await service.create_slot(session, caller, AvailabilityException, user_id, fields)
        return tagged(_answer(row), 201)

    @get(
        "/{exception_id:uuid}",
        operation_id="getException",
        operation_class=TaggedOperation,
        summary="An availability exception",
        responses=refusals(*READ, NO_EXCEPTION),
    )
    async def get_exception(
        self,
        exception_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
    ) -> Response[ExceptionResponse]:
        row = await service.get_slot(session, caller, AvailabilityException, exception_id)
        return tagged(_answer(row))

    @put(
        "/{exception_id:uuid}",
        operation_id="replaceException",
        operation_class=TaggedOperation,
        summary="Have a date differ otherwise",
        responses=refusals(*EXCEPTION_WRITTEN, *CHANGED, NOT_OWN, NO_EXCEPTION),
    )
    async def replace_exception(
        self,
        exception_id: FromPath[UUID],
        data: JSONBody[ReplaceException],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[ExceptionResponse]:
        row = await service.hold_slot(session, caller, AvailabilityException, exception_id)
        refuse_stale(if_match, _answer(row))
        row = await service.replace_slot(
            session, caller, AvailabilityException, row, fields_of_slot(data)
        )
        return tagged(_answer(row))

    @delete(
        "/{exception_id:uuid}",
        operation_id="deleteException",
        operation_class=TaggedOperation,
        summary="Have a date be as the week has it",
        responses=refusals(*CHANGED, NOT_OWN, NO_EXCEPTION),
    )
    async def delete_exception(
        self,
        exception_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = ANY_VERSION,
    ) -> None:
        row = await service.hold_slot(session, caller, AvailabilityException, exception_id)
        refuse_stale(if_match, _answer(row))
        await service.delete_slot(session, row)


def _answer(row: AvailabilityException) -> ExceptionResponse:
    return msgspec.convert(row, ExceptionResponse, from_attributes=True)
