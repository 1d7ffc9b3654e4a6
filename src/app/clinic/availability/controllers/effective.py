"""Effective availability over HTTP."""

import datetime
from typing import Annotated
from uuid import UUID

from litestar.params import QueryParameter

from app import clock
from app.clinic import routes
from app.clinic.availability import examples
from app.clinic.availability.controllers.error_responses import NO_DAY, TOO_MANY_DAYS
from app.clinic.availability.effective import MAX_DAYS, Days, Source, effective_days
from app.clinic.availability.models import WeeklyAvailabilityTemplate
from app.clinic.availability.rules import Bookable, clock_time
from app.clinic.availability.schemas import (
    BookableInterval,
    EffectiveAvailability,
    EffectiveDay,
    IntervalSource,
    SourceKind,
)
from app.clinic.parameters import CurrentCaller, DatabaseSession
from app.web.openapi import OrderedController


class EffectiveController(OrderedController):
    path = "/availability/effective"
    tags = ("Availability",)

    @routes.read(
        "/",
        "getEffectiveAvailability",
        "Get when a practitioner can be booked",
        NO_DAY,
        TOO_MANY_DAYS,
        routes.NO_PRACTITIONER,
        description="The weekly templates, plus the exceptions that add hours, minus those that "
        f"remove hours; in the active organization, for at most {MAX_DAYS} days.",
        response=examples.EFFECTIVE,
    )
    async def get_effective(
        self,
        session: DatabaseSession,
        caller: CurrentCaller,
        user_id: Annotated[
            UUID | None, QueryParameter(name="userId", description="By default the caller.")
        ] = None,
        from_: Annotated[
            datetime.date | None,
            QueryParameter(name="from", description="By default today, in UTC."),
        ] = None,
        to: Annotated[
            datetime.date | None,
            QueryParameter(name="to", description="The last date, included. By default `from`."),
        ] = None,
    ) -> EffectiveAvailability:
        user_id = user_id or caller.user_id
        first = from_ or clock.today()
        days = await effective_days(session, caller, user_id, first, to or first)
        return EffectiveAvailability(
            user_id=user_id,
            days=respond_with_days(days),
        )


def respond_with_days(days: Days) -> list[EffectiveDay]:
    return [
        EffectiveDay(date=date, intervals=[_interval(piece) for piece in pieces])
        for date, pieces in days
    ]


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
