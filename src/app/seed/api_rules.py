"""Apply the rules of the API to seeded rows.

A changed rule therefore changes the rows or fails the seed, even if the audit does not know it. A
rule that became too lenient would accept all seeded rows, so rules about dates are also checked
with dates that they must reject.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from app.clinic.availability.rules import TimeRange, effective, find_conflict, slot_of
from app.clinic.patients.rules import born_before
from app.clinic.treatment_plans.models import PlanStatus
from app.clinic.treatment_plans.rules import (
    PlanDates,
    broken_rules,
    end_after_change,
    may_change_status,
    start_after_change,
)
from app.database.bulk import Row
from app.seed.errors import AuditFailed

DAY = timedelta(days=1)
PLANNED, ONGOING, COMPLETED, PAUSED, CANCELLED = PlanStatus
# The status changes that lead to a status.
STARTED = (PLANNED, ONGOING)
WAYS: Mapping[PlanStatus, tuple[tuple[PlanStatus, PlanStatus], ...]] = {
    ONGOING: (STARTED,),
    COMPLETED: (STARTED, (ONGOING, COMPLETED)),
    PAUSED: (STARTED, (ONGOING, PAUSED)),
    CANCELLED: (STARTED, (ONGOING, CANCELLED)),
}


def check_conflicts(rows: Iterable[Row], day: str) -> Iterator[Row]:
    """Yield the slots of one practitioner. `day` is the column of their weekday or date.

    Raise `AuditFailed` if two of them conflict.
    """
    slots: dict[object, list[TimeRange]] = {}
    for row in rows:
        slot, others = slot_of(row["start_time"], row["end_time"]), slots.setdefault(row[day], [])
        if find_conflict(slot, others) is not None:
            raise _failed("slots of a practitioner do not conflict", row)
        others.append(slot)
        yield row


def check_effects(rows: Iterable[Row], hours: Mapping[int, TimeRange]) -> Iterator[Row]:
    """Yield the exceptions of one practitioner. `hours` has the hours by weekday; Monday is 0.

    Raise `AuditFailed` if an exception does not change what can be booked on its date.
    """
    days: dict[date, tuple[list[TimeRange], list[TimeRange]]] = {}
    for row in rows:
        slot, day = slot_of(row["start_time"], row["end_time"]), row["date"]
        if day not in days:
            days[day] = [hours[day.weekday()]] if day.weekday() in hours else [], []
        offered, taken = days[day]
        before = _seconds_bookable(offered, taken)
        (offered if row["is_available"] else taken).append(slot)
        gained = _seconds_bookable(offered, taken) - before
        if gained == 0 or (gained > 0) is not row["is_available"]:
            raise _failed("an exception changes what can be booked", row)
        yield row


def check_birth(patient: Row, as_of: date) -> Row:
    """Return the patient. Raise `AuditFailed` if the date of birth breaks the rule of patients."""
    born = patient["date_of_birth"]
    if not born_before(born, as_of) or born_before(born, born):
        raise _failed("a patient was born before everything else", patient)
    return patient


def check_plan_limits(today: date) -> None:
    """Raise `AuditFailed` if a rule of plans rejects its limit or accepts a day beyond it."""
    tomorrow = today + DAY
    limit = PlanDates(
        status=COMPLETED,
        start_date=today,
        end_date=today,
        prescription_date=today,
        born=today - DAY,
    )
    beyond = (
        limit._replace(end_date=today - DAY),
        limit._replace(end_date=tomorrow),
        limit._replace(prescription_date=tomorrow),
        limit._replace(status=ONGOING, start_date=tomorrow, end_date=None),
        limit._replace(status=PAUSED, start_date=tomorrow, end_date=None),
        limit._replace(prescription_date=limit.born),
    )
    if any(broken_rules(limit, today)) or not all(any(broken_rules(c, today)) for c in beyond):
        raise AuditFailed({"plans may go to the limits of their rules, and no further": []})


def check_plan(plan: Row, born: date, as_of: date) -> Row:
    """Return the treatment plan.

    Raise `AuditFailed` if it breaks a rule of plans, or if no status changes lead to it.
    """
    course = PlanDates(
        status=plan["status"],
        start_date=plan["start_date"],
        end_date=plan["end_date"],
        prescription_date=plan["prescription_date"],
        born=born,
    )
    for rule in broken_rules(course, as_of):
        raise _failed(str(rule), plan)
    if plan["status"] is not PLANNED:
        _check_moves(plan, as_of)
    return plan


def _seconds_bookable(offered: list[TimeRange], taken: list[TimeRange]) -> int:
    pieces = effective([(slot, None) for slot in offered], taken)
    return sum(piece.slot.end - piece.slot.start for piece in pieces)


def _check_moves(plan: Row, as_of: date) -> None:
    """Repeat the status changes of a plan: on its start date, and on the date of its status.

    Before them, the start is a day later and the end of a completed plan is unknown, because the
    status changes set these dates.
    """
    wanted, start, end = plan["status"], plan["start_date"], plan["end_date"]
    moved_start, moved_end = start + DAY, None if wanted is COMPLETED else end
    for status, move in WAYS[wanted]:
        today = start if move is ONGOING else end or as_of
        if not may_change_status(status, move):
            raise _failed("moves lead from planned to the status of a plan", plan)
        moved_start = start_after_change(move, moved_start, today, today)
        moved_end = end_after_change(move, moved_start, moved_end, today)
    if moved_start != start:
        raise _failed("a plan started when it became ongoing", plan)
    if moved_end != end:
        raise _failed("a completed plan ended when it was completed", plan)


def _failed(rule: str, row: Row) -> AuditFailed:
    return AuditFailed({rule: [str(row["id"])]})
