"""Holds what is seeded to the rules that the API holds its users to.

A rule that changes therefore breaks the seed or changes it, even where the audit knows no better.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from app.availability.rules import Slot, find_conflict, slot_of
from app.errors import AuditFailed
from app.seed.data_set import Row
from app.treatment_plans.rules import Course, broken_rules


def without_conflicts(rows: Iterable[Row], day: str) -> Iterator[Row]:
    """Pass on one practitioner's slots; `day` names the column of their weekday or date.

    Raises `AuditFailed` for two that conflict.
    """
    slots: dict[object, list[Slot]] = {}
    for row in rows:
        slot, others = slot_of(row["start_time"], row["end_time"]), slots.setdefault(row[day], [])
        if find_conflict(slot, others) is not None:
            raise AuditFailed({"slots of a practitioner do not conflict": [str(row["id"])]})
        others.append(slot)
        yield row


def within_rules(plan: Row, born: date, as_of: date) -> Row:
    """Pass on a treatment plan. Raises `AuditFailed` if it breaks a rule of plans."""
    course = Course(
        status=plan["status"],
        start_date=plan["start_date"],
        end_date=plan["end_date"],
        prescription_date=plan["prescription_date"],
        born=born,
    )
    for rule in broken_rules(course, as_of):
        raise AuditFailed({rule: [str(plan["id"])]})
    return plan
