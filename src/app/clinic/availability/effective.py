"""When a practitioner can be booked: weekly templates, changed by availability exceptions."""

import datetime
from collections import defaultdict
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.auth.members import find_member
from app.clinic.availability.models import AvailabilityException, WeeklyAvailabilityTemplate
from app.clinic.availability.rules import Bookable, effective, slot_of
from app.clinic.errors import NotFound
from app.errors import UnusableRequest

MAX_DAYS = 366
TOO_LONG = f"Please correct `to`: it must be on or after `from`, at most {MAX_DAYS} days in all."

Source = WeeklyAvailabilityTemplate | AvailabilityException
TemplatesByWeekday = list[list[WeeklyAvailabilityTemplate]]


async def effective_days(
    session: AsyncSession,
    caller: Caller,
    user_id: UUID,
    first: datetime.date,
    last: datetime.date,
) -> list[tuple[datetime.date, list[Bookable[Source]]]]:
    """Return the bookable times of each date in the caller's organization, with their sources.

    Raises `NotFound` or `UnusableRequest`.
    """
    count = (last - first).days + 1
    if not 1 <= count <= MAX_DAYS:
        raise UnusableRequest(TOO_LONG)
    if not await find_member(session, caller.organization_id, user_id):
        raise NotFound("practitioner")
    week = await _week(session, caller, user_id)
    exceptions = await _exceptions(session, caller, user_id, first, last)
    days = [first + datetime.timedelta(days=ahead) for ahead in range(count)]
    return [(day, _on(week[day.weekday()], exceptions[day])) for day in days]


def _on(
    templates: list[WeeklyAvailabilityTemplate], exceptions: list[AvailabilityException]
) -> list[Bookable[Source]]:
    adding: list[Source] = [row for row in exceptions if row.is_available]
    offered = [(slot_of(row.start_time, row.end_time), row) for row in [*templates, *adding]]
    taken = [slot_of(row.start_time, row.end_time) for row in exceptions if not row.is_available]
    return effective(offered, taken)


async def _week(session: AsyncSession, caller: Caller, user_id: UUID) -> TemplatesByWeekday:
    found = await session.exec(
        select(WeeklyAvailabilityTemplate).where(
            WeeklyAvailabilityTemplate.user_id == user_id,
            WeeklyAvailabilityTemplate.organization_id == caller.organization_id,
        )
    )
    week: TemplatesByWeekday = [[] for _ in range(7)]
    for row in found:
        week[row.weekday].append(row)
    return week


async def _exceptions(
    session: AsyncSession,
    caller: Caller,
    user_id: UUID,
    first: datetime.date,
    last: datetime.date,
) -> defaultdict[datetime.date, list[AvailabilityException]]:
    found = await session.exec(
        select(AvailabilityException).where(
            AvailabilityException.user_id == user_id,
            AvailabilityException.organization_id == caller.organization_id,
            AvailabilityException.date >= first,
            AvailabilityException.date <= last,
        )
    )
    days: defaultdict[datetime.date, list[AvailabilityException]] = defaultdict(list)
    for row in found:
        days[row.date].append(row)
    return days
