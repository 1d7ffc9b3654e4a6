"""The rules of treatment plans and their status changes, for the API and the seed."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from app.clinic.patients.rules import born_before
from app.clinic.treatment_plans.models import PlanStatus
from app.errors import FieldError

STATUS_CHANGES: Mapping[PlanStatus, tuple[PlanStatus, ...]] = {
    PlanStatus.PLANNED: (PlanStatus.ONGOING, PlanStatus.CANCELLED),
    PlanStatus.ONGOING: (PlanStatus.PAUSED, PlanStatus.COMPLETED, PlanStatus.CANCELLED),
    PlanStatus.PAUSED: (PlanStatus.ONGOING, PlanStatus.CANCELLED),
    PlanStatus.COMPLETED: (),
    PlanStatus.CANCELLED: (),
}

# Shown to clients.
ENDED_EARLY = FieldError("endDate", "must not be before `startDate`")
PRESCRIBED_LATE = FieldError("prescriptionDate", "must not be after `startDate`")
NOT_ENDED = FieldError("endDate", "of a completed plan must be given, and not be in the future")

STARTED = (PlanStatus.ONGOING, PlanStatus.PAUSED)


class PlanDates(NamedTuple):
    """The values that the rules compare; `born` is the patient's date of birth."""

    status: PlanStatus
    start_date: date
    end_date: date | None
    prescription_date: date | None
    born: date


def broken_rules(course: PlanDates, today: date) -> Iterator[FieldError]:
    """Return the broken rules of a plan."""
    if course.end_date is not None and course.end_date < course.start_date:
        yield ENDED_EARLY
    if course.prescription_date is not None and course.prescription_date > course.start_date:
        yield PRESCRIBED_LATE
    if course.status in STARTED and course.start_date > today:
        yield not_started(course.status)
    if course.status is PlanStatus.COMPLETED and (course.end_date or date.max) > today:
        yield NOT_ENDED
    first = first_day(course.start_date, course.prescription_date)
    if not born_before(course.born, first):
        yield born_late("startDate" if first == course.start_date else "prescriptionDate")


def not_started(status: PlanStatus) -> FieldError:
    return FieldError("startDate", f"of a plan that is {status} must not be in the future")


def born_late(field: str) -> FieldError:
    return FieldError(field, "must be after the patient's birth")


def first_day(start_date: date, prescription_date: date | None) -> date:
    return min(start_date, prescription_date or start_date)


def may_change_status(present: PlanStatus, wanted: PlanStatus) -> bool:
    return wanted in STATUS_CHANGES[present]


def start_after_change(
    wanted: PlanStatus, start_date: date, today: date, latest_today: date
) -> date:
    """Return today for a plan that becomes ongoing before its start date."""
    return today if wanted is PlanStatus.ONGOING and start_date > latest_today else start_date


def end_after_change(
    wanted: PlanStatus, start_date: date, end_date: date | None, today: date
) -> date | None:
    """Return today for a plan that becomes completed, or its start date if that is later."""
    return max(start_date, today) if wanted is PlanStatus.COMPLETED else end_date
