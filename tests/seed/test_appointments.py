"""Appointments as a person who reads the data set would expect them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clinic.appointments.models import AppointmentStatus
from app.database.bulk import Row
from app.seed.request import SeedRequest
from app.seed.schedule import courses
from app.seed.schedule.sessions import sessions_of
from app.seed.seeders.treatment_plans import contents
from app.seed.workdays import is_holiday
from seed.made import appointments, weekly_templates

# From Monday to Saturday; none is a public holiday.
WORKING_DAYS = [date(2026, 6, 15) + timedelta(days=ahead) for ahead in range(6)]
BUSY = SeedRequest(users=40, organizations=3, patients=4_000, as_of=date(2026, 6, 17))
COUNTED = {"scheduled", "confirmed", "in_progress", "finished"}


@pytest.fixture(scope="module")
def busy() -> Sequence[Row]:
    """Appointments of practitioners who have far more plans than places."""
    return list(appointments(BUSY))


@pytest.mark.parametrize("as_of", [*WORKING_DAYS, date(2027, 2, 3), date(2025, 9, 4)], ids=str)
def test_every_status_occurs_in_the_default_set(as_of: date) -> None:
    """On a day with hours, a tester finds an appointment of each kind."""
    rows = list(appointments(SeedRequest(as_of=as_of)))
    assert {row["status"] for row in rows} == set(AppointmentStatus)


def test_nothing_is_in_progress_on_a_sunday() -> None:
    """No practitioner works on that day."""
    rows = list(appointments(SeedRequest(as_of=date(2026, 6, 21))))
    assert rows
    assert not any(row["status"] == "in_progress" for row in rows)


def test_nobody_is_booked_on_a_public_holiday() -> None:
    """Around the turn of the year there are several."""
    rows = list(appointments(SeedRequest(patients=200, as_of=date(2027, 1, 1))))
    assert len(rows) > 200
    assert not any(is_holiday(row["date"]) for row in rows)


def test_hours_are_filled_up_to_two_thirds(busy: Sequence[Row]) -> None:
    """However many patients there are, about that share of the sessions is taken each week."""
    offered = sum(row["max_sessions"] for row in weekly_templates(BUSY))
    weeks = Counter((row["date"] - BUSY.as_of).days // 7 for row in busy)
    assert set(weeks) == set(range(-4, 4))
    del weeks[-2]  # the King's Birthday
    assert all(0.58 * offered < count <= 0.7 * offered for count in weeks.values())


def test_past_ones_are_mostly_finished(busy: Sequence[Row]) -> None:
    """About 85 % of them; of the others more are cancelled than missed."""
    past = Counter(row["status"].value for row in busy if row["date"] < BUSY.as_of)
    assert past["finished"] == pytest.approx(0.85 * past.total(), rel=0.04)
    assert past["cancelled"] > past["no_show"] > 0


def test_pain_falls_over_a_plan_but_not_always(busy: Sequence[Row]) -> None:
    """From the first rated session to the last, with days that are worse than the one before.

    Of a long plan the window has a part, in which pain may not have fallen yet.
    """
    rated = defaultdict(list)
    for row in sorted(busy, key=lambda row: row["date"]):
        if row["pain_before"] is not None:
            rated[row["treatment_plan_id"]].append(row["pain_before"])
    plans = [pains for pains in rated.values() if len(pains) > 3]
    falling = sum(pains[0] > pains[-1] for pains in plans)
    worse = sum(any(after > before for before, after in pairwise(pains)) for pains in plans)
    assert len(plans) > 50
    assert falling > 0.65 * len(plans)
    assert worse > 0.2 * len(plans)


def test_a_plan_has_its_weekday_and_time(busy: Sequence[Row]) -> None:
    """A patient comes at the same times each week, at most as often as the frequency says."""
    places = defaultdict(set)
    for row in busy:
        places[row["treatment_plan_id"]].add((row["date"].weekday(), row["start_time"]))
    assert max(map(len, places.values())) <= 3


def test_the_work_does_not_grow_with_the_patients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of hundreds of thousands of plans, only the first ones are looked at."""
    calls = Counter[int]()

    def count(request: SeedRequest, patient: int) -> Any:
        calls[request.patients] += 1
        return contents(request, patient)

    monkeypatch.setattr(courses, "contents", count)
    for patients in (2_000, 2_000_000):
        list(sessions_of(SeedRequest(users=3, patients=patients), user=1))
    assert 0 < calls[2_000_000] < 100 > calls[2_000]


@settings(max_examples=20, deadline=None)
@given(
    users=st.integers(1, 12),
    patients=st.integers(0, 60),
    weeks=st.integers(0, 25),
    more=st.integers(1, 12),
    as_of=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
)
def test_a_wider_window_leaves_the_appointments_of_a_narrower_one(
    users: int, patients: int, weeks: int, more: int, as_of: date
) -> None:
    """For any request, and those that it adds are outside the narrower window."""
    narrow, wide = (
        SeedRequest(
            users=users,
            organizations=1 + users // 4,
            patients=patients,
            appointment_weeks=each,
            as_of=as_of,
        )
        for each in (weeks, min(weeks + more, 26))
    )
    window = timedelta(weeks=weeks)
    kept = [row for row in appointments(wide) if as_of - window <= row["date"] < as_of + window]
    assert kept == list(appointments(narrow))
