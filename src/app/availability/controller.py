"""Availability over HTTP."""

import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.exceptions import ValidationException
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlmodel.ext.asyncio.session import AsyncSession

from app.api_schema import fields_of
from app.auth.caller import Caller
from app.auth.openapi import SIGNED_IN
from app.availability import service
from app.availability.effective import MAX_DAYS, Source, effective_days
from app.availability.models import AvailabilityException, WeeklyAvailabilityTemplate
from app.availability.rules import GAP_MINUTES, Bookable, clock_time
from app.availability.schemas import (
    BookableInterval,
    EffectiveAvailability,
    EffectiveDay,
    ExceptionAnswer,
    ExceptionPage,
    IntervalSource,
    NewException,
    NewTemplate,
    ReplacedException,
    ReplacedTemplate,
    SourceKind,
    TemplateAnswer,
    TemplatePage,
)
from app.errors import NothingHere, NotYours, SlotConflict, UnusableRequest
from app.etags import IfMatch, refuse_stale, tagged
from app.openapi import ExampleOperation, OrderedController, TaggedOperation
from app.pages import DEFAULT_LIMIT, Cursor, Limit
from app.problems import answer_problem, describe_invalid
from app.refusals import CHANGED, CREATED, READ, refusals

OWN_ONLY = NotYours(service.OWN_ONLY)
CONFLICT = SlotConflict(
    GAP_MINUTES,
    {
        "id": "6d9a9d1e-7f0c-5b7e-9a53-1f0f3a2f6a11",
        "startTime": "09:00:00",
        "endTime": "12:00:00",
    },
    {"startTime": "12:15:00", "endTime": "15:15:00"},
)
UserId = Annotated[UUID | None, QueryParameter(name="userId", description="By default everybody.")]
From = Annotated[datetime.date | None, QueryParameter(name="from")]
To = Annotated[datetime.date | None, QueryParameter(name="to", description="Included.")]
TIME = "must be a time of day from 00:00:00 to 23:59:59, with its seconds"
DAY = "must be a day that exists, written YYYY-MM-DD"
HINTS = {"startTime": TIME, "endTime": TIME, "date": DAY, "from": DAY, "to": DAY}


def _refuse_invalid(request: Request[Any, Any, Any], error: ValidationException) -> Response[Any]:
    return answer_problem(request, UnusableRequest(describe_invalid(error, HINTS)))


class TemplateController(OrderedController):
    path = "/availability/templates"
    tags = ("Availability",)
    security = SIGNED_IN
    exception_handlers = {ValidationException: _refuse_invalid}

    @get(
        "/",
        operation_id="listTemplates",
        operation_class=ExampleOperation,
        summary="The hours that practitioners offer every week",
        responses=refusals(*READ),
    )
    async def list_templates(
        self,
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        user_id: UserId = None,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> TemplatePage:
        page = await service.list_templates(session, caller, user_id, cursor, limit)
        return TemplatePage(items=[_template(row) for row in page.rows], next=page.next)

    @post(
        "/",
        operation_id="createTemplate",
        operation_class=TaggedOperation,
        summary="Offer hours every week",
        responses=refusals(*CREATED, OWN_ONLY, NothingHere("practitioner"), CONFLICT),
    )
    async def create_template(
        self,
        data: JSONBody[NewTemplate],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
    ) -> Response[TemplateAnswer]:
        fields = _fields(data)
        user_id = fields.pop("user_id") or caller.user_id
        row = await service.create_slot(
            session, caller, WeeklyAvailabilityTemplate, user_id, fields
        )
        return tagged(_template(row), 201)

    @get(
        "/{template_id:uuid}",
        operation_id="getTemplate",
        operation_class=TaggedOperation,
        summary="A weekly template",
        responses=refusals(*READ, NothingHere("weekly template")),
    )
    async def get_template(
        self,
        template_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
    ) -> Response[TemplateAnswer]:
        row = await service.get_slot(session, caller, WeeklyAvailabilityTemplate, template_id)
        return tagged(_template(row))

    @put(
        "/{template_id:uuid}",
        operation_id="replaceTemplate",
        operation_class=TaggedOperation,
        summary="Offer other hours instead",
        responses=refusals(*CHANGED, OWN_ONLY, NothingHere("weekly template"), CONFLICT),
    )
    async def replace_template(
        self,
        template_id: FromPath[UUID],
        data: JSONBody[ReplacedTemplate],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = None,
    ) -> Response[TemplateAnswer]:
        row = await service.hold_slot(session, caller, WeeklyAvailabilityTemplate, template_id)
        refuse_stale(if_match, _template(row))
        row = await service.replace_slot(
            session, caller, WeeklyAvailabilityTemplate, row, _fields(data)
        )
        return tagged(_template(row))

    @delete(
        "/{template_id:uuid}",
        operation_id="deleteTemplate",
        operation_class=TaggedOperation,
        summary="Offer hours no more",
        responses=refusals(*CHANGED, OWN_ONLY, NothingHere("weekly template")),
    )
    async def delete_template(
        self,
        template_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = None,
    ) -> None:
        row = await service.hold_slot(session, caller, WeeklyAvailabilityTemplate, template_id)
        refuse_stale(if_match, _template(row))
        await service.delete_slot(session, row)


class ExceptionController(OrderedController):
    path = "/availability/exceptions"
    tags = ("Availability",)
    security = SIGNED_IN
    exception_handlers = {ValidationException: _refuse_invalid}

    @get(
        "/",
        operation_id="listExceptions",
        operation_class=ExampleOperation,
        summary="Dates that differ from the week",
        responses=refusals(*READ),
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
        return ExceptionPage(items=[_exception(row) for row in page.rows], next=page.next)

    @post(
        "/",
        operation_id="createException",
        operation_class=TaggedOperation,
        summary="Have a date differ from the week",
        responses=refusals(*CREATED, OWN_ONLY, NothingHere("practitioner"), CONFLICT),
    )
    async def create_exception(
        self,
        data: JSONBody[NewException],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
    ) -> Response[ExceptionAnswer]:
        fields = _fields(data)
        user_id = fields.pop("user_id") or caller.user_id
        row = await service.create_slot(session, caller, AvailabilityException, user_id, fields)
        return tagged(_exception(row), 201)

    @get(
        "/{exception_id:uuid}",
        operation_id="getException",
        operation_class=TaggedOperation,
        summary="An availability exception",
        responses=refusals(*READ, NothingHere("availability exception")),
    )
    async def get_exception(
        self,
        exception_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
    ) -> Response[ExceptionAnswer]:
        row = await service.get_slot(session, caller, AvailabilityException, exception_id)
        return tagged(_exception(row))

    @put(
        "/{exception_id:uuid}",
        operation_id="replaceException",
        operation_class=TaggedOperation,
        summary="Have a date differ otherwise",
        responses=refusals(*CHANGED, OWN_ONLY, NothingHere("availability exception"), CONFLICT),
    )
    async def replace_exception(
        self,
        exception_id: FromPath[UUID],
        data: JSONBody[ReplacedException],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = None,
    ) -> Response[ExceptionAnswer]:
        row = await service.hold_slot(session, caller, AvailabilityException, exception_id)
        refuse_stale(if_match, _exception(row))
        row = await service.replace_slot(session, caller, AvailabilityException, row, _fields(data))
        return tagged(_exception(row))

    @delete(
        "/{exception_id:uuid}",
        operation_id="deleteException",
        operation_class=TaggedOperation,
        summary="Have a date be as the week has it",
        responses=refusals(*CHANGED, OWN_ONLY, NothingHere("availability exception")),
    )
    async def delete_exception(
        self,
        exception_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = None,
    ) -> None:
        row = await service.hold_slot(session, caller, AvailabilityException, exception_id)
        refuse_stale(if_match, _exception(row))
        await service.delete_slot(session, row)


class EffectiveController(OrderedController):
    path = "/availability/effective"
    tags = ("Availability",)
    security = SIGNED_IN
    exception_handlers = {ValidationException: _refuse_invalid}

    @get(
        "/",
        operation_id="getEffectiveAvailability",
        operation_class=ExampleOperation,
        summary="When a practitioner can be booked, and where that comes from",
        description="The templates of each weekday and the exceptions that add time, less those "
        f"that take it; in the active organization, {MAX_DAYS} days at most.",
        responses=refusals(*READ, NothingHere("practitioner")),
    )
    async def get_effective(
        self,
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        user_id: Annotated[UUID, QueryParameter(name="userId")],
        from_: Annotated[datetime.date, QueryParameter(name="from")],
        to: Annotated[datetime.date, QueryParameter(name="to", description="Included.")],
    ) -> EffectiveAvailability:
        days = await effective_days(session, caller, user_id, from_, to)
        return EffectiveAvailability(
            user_id=user_id,
            days=[
                EffectiveDay(date=day, intervals=[_interval(piece) for piece in pieces])
                for day, pieces in days
            ],
        )


def _fields(data: ReplacedTemplate | ReplacedException) -> dict[str, Any]:
    fields = fields_of(data)
    for name in ("start_time", "end_time"):
        if fields[name] is not None:
            fields[name] = datetime.time.fromisoformat(fields[name])
    return fields


def _template(row: WeeklyAvailabilityTemplate) -> TemplateAnswer:
    return msgspec.convert(row, TemplateAnswer, from_attributes=True)


def _exception(row: AvailabilityException) -> ExceptionAnswer:
    return msgspec.convert(row, ExceptionAnswer, from_attributes=True)


def _interval(piece: Bookable[Source]) -> BookableInterval:
    return BookableInterval(
        start_time=clock_time(piece.slot.start),
        end_time=clock_time(piece.slot.end),
        sources=[_source(row) for row in piece.sources],
    )


def _source(row: Source) -> IntervalSource:
    if isinstance(row, WeeklyAvailabilityTemplate):
        return IntervalSource(
            kind=SourceKind.TEMPLATE,
            id=row.id,
            location=row.location,
            max_sessions=row.max_sessions,
        )
    return IntervalSource(kind=SourceKind.EXCEPTION, id=row.id)
