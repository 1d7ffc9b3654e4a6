"""Read the weekly templates and availability exceptions of practitioners."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.clinic.availability.models import AvailabilityException, WeeklyAvailabilityTemplate

Templates = Mapping[tuple[UUID, int], Sequence[WeeklyAvailabilityTemplate]]
Exceptions = Mapping[tuple[UUID, datetime.date], Sequence[AvailabilityException]]


async def read_templates(
    session: AsyncSession, organization_id: UUID, user_ids: Sequence[UUID]
) -> Templates:
    """Return the templates by practitioner and weekday; Monday is 0."""
    found = await session.exec(
        select(WeeklyAvailabilityTemplate).where(
            col(WeeklyAvailabilityTemplate.user_id).in_(user_ids),
            WeeklyAvailabilityTemplate.organization_id == organization_id,
        )
    )
    weeks: defaultdict[tuple[UUID, int], list[WeeklyAvailabilityTemplate]] = defaultdict(list)
    for row in found:
        weeks[row.user_id, row.weekday].append(row)
    return weeks


async def read_exceptions(
    session: AsyncSession,
    organization_id: UUID,
    user_ids: Sequence[UUID],
    first: datetime.date,
    last: datetime.date,
) -> Exceptions:
    """Return the exceptions by practitioner and date; `last` is included."""
    found = await session.exec(
        select(AvailabilityException).where(
            col(AvailabilityException.user_id).in_(user_ids),
            AvailabilityException.organization_id == organization_id,
            AvailabilityException.date >= first,
            AvailabilityException.date <= last,
        )
    )
    days: defaultdict[tuple[UUID, datetime.date], list[AvailabilityException]] = defaultdict(list)
    for row in found:
        days[row.user_id, row.date].append(row)
    return days
