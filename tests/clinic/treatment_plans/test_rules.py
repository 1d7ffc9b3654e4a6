"""The rules of plans, without a database: how a status moves, and what the dates say."""

from datetime import date, timedelta
from itertools import product

import pytest

from app.clinic.treatment_plans.models import PlanStatus
from app.clinic.treatment_plans.rules import (
    PlanDates,
    broken_rules,
    end_after_change,
    may_change_status,
    start_after_change,
)

TODAY = date(2026, 3, 1)
DAY = timedelta(days=1)
PLANNED, ONGOING, COMPLETED, PAUSED, CANCELLED = PlanStatus
ALLOWED = {
    (PLANNED, ONGOING),
    (PLANNED, CANCELLED),
    (ONGOING, PAUSED),
    (ONGOING, COMPLETED),
    (ONGOING, CANCELLED),
    (PAUSED, ONGOING),
    (PAUSED, CANCELLED),
}


def test_the_moves_are_these_and_no_others() -> None:
    """Completed and cancelled are final, and nothing moves to where it is."""
    assert {pair for pair in product(PlanStatus, repeat=2) if may_change_status(*pair)} == ALLOWED


def course(
    status: PlanStatus = PAUSED,
    start: date = TODAY - DAY,
    end: date | None = None,
    prescribed: date | None = None,
    born: date = date(1980, 2, 29),
) -> PlanDates:
    return PlanDates(
        status=status, start_date=start, end_date=end, prescription_date=prescribed, born=born
    )


START = TODAY - DAY
KEPT = (
    course(),
    course(end=START),
    course(prescribed=START),
    course(born=START - DAY),
    course(PLANNED, TODAY + DAY),
    course(CANCELLED, TODAY + DAY),
    course(ONGOING, TODAY),
    course(ONGOING, TODAY, end=TODAY + DAY),
    course(COMPLETED, end=TODAY),
)
BROKEN = (
    (course(end=START - DAY), "`endDate`"),
    (course(prescribed=START + DAY), "`prescriptionDate`"),
    (course(ONGOING, TODAY + DAY), "`startDate`"),
    (course(COMPLETED), "`endDate`"),
    (course(COMPLETED, end=TODAY + DAY), "`endDate`"),
    (course(born=START), "birth"),
    (course(prescribed=START - DAY, born=START - DAY), "birth"),
)


@pytest.mark.parametrize("kept", KEPT)
def test_a_coherent_plan_breaks_no_rule(kept: PlanDates) -> None:
    """Also on the very day that a rule names."""
    assert list(broken_rules(kept, TODAY)) == []


@pytest.mark.parametrize(("broken", "word"), BROKEN)
def test_each_broken_rule_is_reported(broken: PlanDates, word: str) -> None:
    """A day beyond what is allowed breaks one rule, told by the field that it is about."""
    (told,) = broken_rules(broken, TODAY)
    assert word in str(told)


def test_several_broken_rules_are_reported_together() -> None:
    """So that a client corrects all at once."""
    course_of_errors = course(ONGOING, TODAY + DAY, TODAY, TODAY + 2 * DAY, TODAY + DAY)
    assert len(list(broken_rules(course_of_errors, TODAY))) == 4


@pytest.mark.parametrize("wanted", PlanStatus)
@pytest.mark.parametrize("start", [TODAY - DAY, TODAY, TODAY + DAY, TODAY + 2 * DAY])
def test_a_move_sets_dates_only_where_it_must(wanted: PlanStatus, start: date) -> None:
    """Starting early starts today, completing ends today, never before the start.

    A day that has begun further east is not early.
    """
    assert start_after_change(wanted, start, TODAY, TODAY + DAY) == (
        TODAY if wanted is ONGOING and start > TODAY + DAY else start
    )
    end = start + 9 * DAY
    assert end_after_change(wanted, start, end, TODAY) == (
        max(start, TODAY) if wanted is COMPLETED else end
    )
