"""A rule of the domain that changes, changes the seed or breaks it."""

import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import pytest

from app.clinic.appointments import rules as of_appointments
from app.clinic.appointments.models import AppointmentStatus
from app.clinic.availability import rules as availability
from app.clinic.availability.rules import TimeRange
from app.clinic.patients import rules as of_patients
from app.clinic.treatment_plans import rules as of_plans
from app.clinic.treatment_plans.models import PlanStatus
from app.clinic.treatment_plans.rules import STATUS_CHANGES, PlanDates
from app.database.bulk import Row
from app.errors import FieldError
from app.seed.errors import AuditFailed
from app.seed.request import SeedRequest
from app.seed.schedule import places as place_seeder
from app.seed.seeders import treatment_plans as plan_seeder
from app.seed.seeders import weekly_templates as template_seeder
from seed.made import (
    appointments,
    availability_exceptions,
    patients,
    treatment_plans,
    weekly_templates,
)

Expected = str | None
Change = tuple[ModuleType, str, Any, Expected]

DAY = timedelta(days=1)
MINUTE = 60
OTHER_ROWS = None
CONFLICT = "slots of a practitioner do not conflict"
IN_THE_WAY = "nothing is in the way of an appointment: "
NO_EFFECT = "an exception changes what can be booked"
NO_WAY = "moves lead from planned to the status of a plan"
START = "a plan started when it became ongoing"
END = "a completed plan ended when it was completed"
BORN = "a patient was born before everything else"
LIMITS = "plans may go to the limits of their rules, and no further"
PLAN_RULES = (
    "`endDate` must not be before",
    "`prescriptionDate` must not be",
    "`startDate` of a plan that is ongoing",
    "`startDate` of a plan that is paused",
    "`endDate` of a completed plan",
    "must be after the patient's birth",
)


def always(response: Any) -> Callable[..., Any]:
    return lambda *_: response


def moves_without(present: PlanStatus, wanted: PlanStatus) -> Any:
    return {
        **STATUS_CHANGES,
        present: tuple(status for status in STATUS_CHANGES[present] if status != wanted),
    }


def broken_rules_without(words: str) -> Any:
    def fewer(course: PlanDates, today: date) -> Iterator[FieldError]:
        return (rule for rule in broken_rules(course, today) if words not in str(rule))

    broken_rules = of_plans.broken_rules
    return fewer


def broken_rules_of(days_later: int) -> Any:
    """The rules as if today were another day."""

    def shifted(course: PlanDates, today: date) -> Iterator[FieldError]:
        return broken_rules(course, today + days_later * DAY)

    broken_rules = of_plans.broken_rules
    return shifted


def without_taken(offered: Any, _taken: Any) -> Any:
    return effective(offered, [])


def without_offered(_offered: Any, taken: Any) -> Any:
    return effective([], taken)


def the_rest_of_the_day(offered: Any, taken: Any) -> Any:
    bookable = [piece.slot for piece in effective(offered, taken)]
    return effective([(TimeRange(0, availability.DAY), None)], bookable)


effective = availability.effective

AVAILABILITY: tuple[Change, ...] = (
    *(
        (availability, "GAP", minutes * MINUTE, OTHER_ROWS)
        for minutes in (0, 14, 16, 30, 24 * MINUTE)
    ),
    (availability, "conflict", always(True), OTHER_ROWS),
    (availability, "conflict", always(False), NO_EFFECT),
    (availability, "conflict", lambda one, other: one == other, NO_EFFECT),
    (availability, "find_conflict", always(None), NO_EFFECT),
    (availability, "next_free", always(None), OTHER_ROWS),
    (availability, "next_free", lambda slot, _: slot, CONFLICT),
    (availability, "slot_of", always(availability.WHOLE_DAY), IN_THE_WAY),
    (availability, "WHOLE_DAY", TimeRange(0, 0), NO_EFFECT),
    (availability, "effective", always([]), NO_EFFECT),
    (availability, "effective", without_taken, NO_EFFECT),
    (availability, "effective", without_offered, NO_EFFECT),
    (availability, "effective", the_rest_of_the_day, NO_EFFECT),
    (availability, "_within", always(False), NO_EFFECT),
    (availability, "_within", always(True), NO_EFFECT),
)
OF_PLANS: tuple[Change, ...] = (
    (of_plans, "STATUS_CHANGES", dict.fromkeys(PlanStatus, ()), NO_WAY),
    (of_plans, "STATUS_CHANGES", moves_without(PlanStatus.PLANNED, PlanStatus.ONGOING), NO_WAY),
    *(
        (of_plans, "STATUS_CHANGES", moves_without(PlanStatus.ONGOING, status), NO_WAY)
        for status in STATUS_CHANGES[PlanStatus.ONGOING]
    ),
    (of_plans, "may_change_status", always(False), NO_WAY),
    (of_plans, "start_after_change", lambda _wanted, start, _today, _latest: start, START),
    (of_plans, "start_after_change", lambda _wanted, _start, today, _latest: today, START),
    (of_plans, "end_after_change", lambda _wanted, _start, end, _today: end, END),
    (of_plans, "end_after_change", lambda _wanted, _start, _end, today: today, END),
    (of_plans, "end_after_change", always(None), END),
    (of_plans, "broken_rules", always(()), LIMITS),
    (of_plans, "broken_rules", always(("Closed.",)), LIMITS),
    *((of_plans, "broken_rules", broken_rules_without(words), LIMITS) for words in PLAN_RULES),
    (of_plans, "broken_rules", broken_rules_of(days_later=1), LIMITS),
    (of_plans, "broken_rules", broken_rules_of(days_later=-1), LIMITS),
    (of_plans, "first_day", lambda start, _prescription: start, LIMITS),
)
OF_PATIENTS: tuple[Change, ...] = (
    (of_patients, "born_before", always(True), BORN),
    (of_patients, "born_before", always(False), BORN),
    (of_patients, "born_before", lambda born, first: born <= first, BORN),
    (of_patients, "born_before", lambda born, first: born > first, BORN),
)


KINDS = (weekly_templates, availability_exceptions, patients, treatment_plans, appointments)
OBSTACLES = ("is_within_hours", "is_room_full", "is_slot_full")
DAYS_THAT_HAVE_BEGUN = "sessions take place on days that have begun"
NO_LIMIT = "appointments may go to the limits of their rules"
NOT_FINAL = "final statuses are final"
NO_CHANGES = "changes lead from scheduled to the status of an appointment"
OF_APPOINTMENTS: tuple[Change, ...] = (
    *((of_appointments, "GAP", minutes * MINUTE, NO_LIMIT) for minutes in (0, 4, 6)),
    (of_appointments, "find_obstacle", always(None), NO_LIMIT),
    *((of_appointments, name, always(True), NO_LIMIT) for name in OBSTACLES),
    *((of_appointments, name, always(False), NO_LIMIT) for name in OBSTACLES),
    (of_appointments, "_covers", lambda hours, _: any(hours), NO_LIMIT),
    (of_appointments, "_overlap", lambda one, other: one.start <= other.end, NO_LIMIT),
    (of_appointments, "may_change_status", always(True), NOT_FINAL),
    (of_appointments, "may_change_status", always(False), NO_CHANGES),
    (of_appointments, "ON_THE_DAY", (), NOT_FINAL),
    (of_appointments, "ON_THE_DAY", tuple(AppointmentStatus), DAYS_THAT_HAVE_BEGUN),
)


def rows() -> list[Row]:
    request = SeedRequest(as_of=date(2026, 1, 1))
    return [row for kind in KINDS for row in kind(request)]


def change(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, changed: Any) -> None:
    """Change a rule in every module that imports it, as if its own module had it."""
    original = getattr(module, name)
    for each in list(sys.modules.values()):
        if each.__name__.startswith("app.") and vars(each).get(name) is original:
            monkeypatch.setattr(each, name, changed)


@pytest.fixture(scope="module")
def unchanged() -> list[Row]:
    return rows()


@pytest.mark.parametrize(
    ("module", "name", "changed", "expected"),
    [*AVAILABILITY, *OF_PLANS, *OF_PATIENTS, *OF_APPOINTMENTS],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_changed_rule_changes_the_rows_or_fails_by_its_name(
    unchanged: list[Row],
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    name: str,
    changed: Any,
    expected: Expected,
) -> None:
    """With any changed rule, the seed does not continue as if nothing had happened."""
    change(monkeypatch, module, name, changed)
    if expected is OTHER_ROWS:
        assert rows() != unchanged
    else:
        with pytest.raises(AuditFailed, match=expected):
            rows()


def test_two_slots_of_a_weekday_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A seeder of templates that errs is held to the rule that no other template of a day is."""
    week = template_seeder.week
    monkeypatch.setattr(template_seeder, "week", lambda *who: 2 * week(*who))
    with pytest.raises(AuditFailed, match=CONFLICT):
        rows()


def test_a_plan_that_breaks_a_rule_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A seeder of plans that errs hears what a client would."""
    monkeypatch.setattr(plan_seeder, "_dates", lambda _, as_of, *__: (as_of + DAY, None))
    with pytest.raises(AuditFailed, match="must not be in the future"):
        rows()


def test_an_appointment_outside_the_hours_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A seeder of appointments that errs hears what a client would."""
    monkeypatch.setattr(place_seeder, "_starts", lambda _, slot, count: [slot.end - 15] * count)
    with pytest.raises(AuditFailed, match=f"{IN_THE_WAY}hours"):
        rows()
