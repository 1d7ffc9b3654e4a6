"""When practitioners can be booked: weekly templates, changed by availability exceptions."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.auth.members import find_member
from app.auth.models import Member, User
from app.clinic.availability.hours import read_exceptions, read_templates
from app.clinic.availability.models import AvailabilityException, WeeklyAvailabilityTemplate
from app.clinic.availability.rules import Bookable, effective, slot_of
from app.clinic.errors import NotFound
from app.database.pagination import Page, SortOrder, read_page
from app.errors import UnusableRequest

MAX_DAYS = 366
MAX_TEAM_DAYS = 31
TEAM_ORDER = SortOrder((col(User.name), col(User.id)), tuple[str, UUID])

Source = WeeklyAvailabilityTemplate | AvailabilityException
Days = Sequence[tuple[datetime.date, list[Bookable[Source]]]]


@dataclass(frozen=True, slots=True)
class TeamMember:
    user: User
    days: Days


def too_long(most: int) -> UnusableRequest:
    return UnusableRequest(
        f"Please correct `to`: it must be on or after `from`, at most {most} days in all."
    )


async def effective_days(
    session: AsyncSession,
    caller: Caller,
    user_id: UUID,
    first: datetime.date,
    last: datetime.date,
) -> Days:
    """Return the bookable times of each date in the caller's organization, with their sources.

    Raises `NotFound` or `UnusableRequest`.
    """
    dates = _dates(first, last, MAX_DAYS)
    if not await find_member(session, caller.organization_id, user_id):
        raise NotFound("practitioner")
    return (await _effective(session, caller, [user_id], dates))[user_id]


async def list_team(
    session: AsyncSession,
    caller: Caller,
    first: datetime.date,
    last: datetime.date,
    cursor: str | None,
    limit: int,
) -> Page[TeamMember]:
    """Return the same for a page of the organization's members, in the order of their names.

    Raises `UnusableRequest`.
    """
    dates = _dates(first, last, MAX_TEAM_DAYS)
    members = (
        select(User)
        .join(Member, col(Member.user_id) == User.id)
        .where(Member.organization_id == caller.organization_id)
    )
    page = await read_page(session, members, TEAM_ORDER, cursor, limit)
    days = await _effective(session, caller, [user.id for user in page.items], dates)
    return Page([TeamMember(user, days[user.id]) for user in page.items], page.next)


def _dates(first: datetime.date, last: datetime.date, most: int) -> list[datetime.date]:
    count = (last - first).days + 1
    if not 1 <= count <= most:
        raise too_long(most)
    return [first + datetime.timedelta(days=ahead) for ahead in range(count)]


async def _effective(
    session: AsyncSession,
    caller: Caller,
    user_ids: Sequence[UUID],
    dates: Sequence[datetime.date],
) -> Mapping[UUID, Days]:
    templates = await read_templates(session, caller.organization_id, user_ids)
    exceptions = await read_exceptions(
        session, caller.organization_id, user_ids, dates[0], dates[-1]
    )
    return {
        user_id: [
            (date, _on(templates[user_id, date.weekday()], exceptions[user_id, date]))
            for date in dates
        ]
        for user_id in user_ids
    }


def _on(
    templates: Sequence[WeeklyAvailabilityTemplate], exceptions: Sequence[AvailabilityException]
) -> list[Bookable[Source]]:
    adding: list[Source] = [row for row in exceptions if row.is_available]
    offered = [(slot_of(row.start_time, row.end_time), row) for row in [*templates, *adding]]
    taken = [slot_of(row.start_time, row.end_time) for row in exceptions if not row.is_available]
    return effective(offered, taken)
