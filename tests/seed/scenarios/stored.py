"""The rows of some clinics as the database has them, read without code of the application."""

from collections.abc import Iterator, Sequence
from datetime import date, time
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

OF_CLINICS = (
    "members",
    "invitations",
    "weekly_availability_templates",
    "availability_exceptions",
    "patients",
    "treatment_plans",
    "rooms",
    "appointments",
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NOT_COUNTED = ("cancelled", "no_show")


class Stored:
    """A list of rows for each table. Ids are hexadecimal; dates and times are ISO 8601."""

    organizations: list[Any]
    users: list[Any]
    members: list[Any]
    invitations: list[Any]
    weekly_availability_templates: list[Any]
    availability_exceptions: list[Any]
    patients: list[Any]
    treatment_plans: list[Any]
    rooms: list[Any]
    appointments: list[Any]

    def counted(self) -> list[Any]:
        """Return the appointments that take up time."""
        return [row for row in self.appointments if row.status not in NOT_COUNTED]

    def hours(self, day: str) -> Iterator[Any]:
        """Yield the templates of a date's weekday, and the exceptions that add time on it."""
        for row in self.weekly_availability_templates:
            if row.day_of_week == weekday(day):
                yield row
        for row in self.availability_exceptions:
            if row.date == day and row.is_available:
                yield row


async def read(connection: AsyncConnection, clinics: Sequence[UUID]) -> Stored:
    stored, listed = Stored(), listed_ids(clinics)
    conditions = dict.fromkeys(OF_CLINICS, f"organization_id IN ({listed})")
    conditions["organizations"] = f"id IN ({listed})"
    members = f"SELECT user_id FROM members WHERE organization_id IN ({listed})"
    conditions["users"] = f"id IN ({members})"
    for table, condition in conditions.items():
        found = await connection.exec_driver_sql(f"SELECT * FROM {table} WHERE {condition}")
        rows = [
            SimpleNamespace(**{name: _plain(value) for name, value in row.items()})
            for row in found.mappings()
        ]
        setattr(stored, table, rows)
    return stored


def listed_ids(clinics: Sequence[UUID]) -> str:
    return ", ".join(f"'{each.hex}'" for each in clinics)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    return str(value) if isinstance(value, (date, time)) else value


def weekday(day: str) -> str:
    return DAYS[date.fromisoformat(day).weekday()]


def minutes(time_of_day: str) -> int:
    hour, minute, _ = time_of_day.split(":")
    return int(hour) * 60 + int(minute)
