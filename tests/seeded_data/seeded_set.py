"""A data set as the rules see it, and what several of them need.

Shares no code with the application: what the seeders get wrong, their own audit may get wrong too.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from seeded_data.rows import Row, Rows

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Volumes:
    """How much a data set was asked to hold."""

    users: int = 10
    organizations: int = 3
    patients: int = 20
    plans_per_patient: int = 3
    appointment_weeks: int = 4


@dataclass(frozen=True)
class SeededSet:
    """The rows, what was asked for, and the look-ups that several rules need."""

    rows: Rows
    volumes: Volumes
    as_of: date

    @cached_property
    def patients(self) -> dict[UUID, Row]:
        """Patients by id."""
        return {patient["id"]: patient for patient in self.rows["patients"]}

    @cached_property
    def memberships(self) -> set[tuple[UUID, UUID]]:
        """Pairs of organization and user."""
        return {(row["organization_id"], row["user_id"]) for row in self.rows["members"]}

    @cached_property
    def templates(self) -> dict[UUID, list[Row]]:
        """Weekly templates by user, users without any included."""
        return self._of_each("users", "weekly_availability_templates", "user_id")

    @cached_property
    def exceptions(self) -> dict[UUID, list[Row]]:
        """Availability exceptions by user, users without any included."""
        return self._of_each("users", "availability_exceptions", "user_id")

    @cached_property
    def plans(self) -> dict[UUID, list[Row]]:
        """Treatment plans by patient, patients without any included."""
        return self._of_each("patients", "treatment_plans", "patient_id")

    def templates_on(self, exception: Row) -> list[Row]:
        """Return the templates of the exception's user on the weekday of its date."""
        day = WEEKDAYS[exception["date"].weekday()]
        templates = self.templates.get(exception["user_id"], [])
        return [template for template in templates if template["day_of_week"] == day]

    def _of_each(self, owners: str, table: str, column: str) -> dict[UUID, list[Row]]:
        owned = grouped(self.rows[table], lambda row: row[column])
        return {row["id"]: owned.get(row["id"], []) for row in self.rows[owners]}


Rule = Callable[[SeededSet], Iterator[str]]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GAP_SECONDS = 15 * 60


def grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def repeated(named_values: Iterable[tuple[str, Hashable]]) -> Iterator[str]:
    first_names: dict[Hashable, str] = {}
    for name, value in named_values:
        if value in first_names:
            yield f"{name}: {value!r} is already that of {first_names[value]}"
        first_names.setdefault(value, name)


def named(table: str, row: Row) -> str:
    return f"{table} {row['id']}"


def full_name(row: Row) -> str:
    return folded(f"{row['first_name']} {row['last_name']}")


def folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _day_seconds(moment: time) -> float:
    return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6


def is_whole_day(exception: Row) -> bool:
    return exception["start_time"] is None and exception["end_time"] is None


def has_both_times(slot: Row) -> bool:
    return slot["start_time"] is not None and slot["end_time"] is not None


def too_close(slots: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """Yield a slot that begins under 15 minutes after an earlier one ends, and that one."""
    latest: Row | None = None
    for slot in sorted(filter(has_both_times, slots), key=lambda slot: slot["start_time"]):
        if latest:
            gap = _day_seconds(slot["start_time"]) - _day_seconds(latest["end_time"])
            if gap < GAP_SECONDS:
                yield slot, latest
        if not latest or slot["end_time"] > latest["end_time"]:
            latest = slot


def even_split(quantity: int, parts: int) -> list[int]:
    return [quantity // parts + (index < quantity % parts) for index in range(parts)]


def age_on(born_on: date, on: date) -> int:
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
