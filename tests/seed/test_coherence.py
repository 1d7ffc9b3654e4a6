"""What a person who reads the data set would otherwise find odd."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import pytest

from app.database.bulk import Row
from app.seed.data.conditions import CONDITIONS
from app.seed.people.history import ILLNESSES
from app.seed.request import SeedRequest
from app.seed.workdays import is_holiday
from seed.made import availability_exceptions, patients, treatment_plans

PATIENTS = 2_000
BY_TITLE = {condition.title: condition for condition in CONDITIONS}


class Made(NamedTuple):
    """The rows of one request, made once for all tests of this module."""

    as_of: date
    patients: list[Row]
    plans: list[Row]
    exceptions: list[Row]

    def courses(self) -> Iterator[tuple[Row, list[Row]]]:
        """Yield each patient with their plans."""
        each = len(self.plans) // len(self.patients)
        for number, patient in enumerate(self.patients):
            yield patient, self.plans[number * each : (number + 1) * each]


@pytest.fixture(scope="module", params=[3, 5])
def made(request: pytest.FixtureRequest) -> Made:
    many = SeedRequest(
        patients=PATIENTS, plans_per_patient=request.param, users=30, as_of=date(2026, 9, 1)
    )
    return Made(
        many.as_of,
        list(patients(many)),
        list(treatment_plans(many)),
        list(availability_exceptions(many)),
    )


def test_a_patient_has_one_plan_for_a_region_of_the_body(made: Made) -> None:
    """Nobody exercises an arthritic knee that has been replaced."""
    for _, plans in made.courses():
        regions = [BY_TITLE[plan["title"]].region for plan in plans]
        assert len(set(regions)) == len(regions)


def test_the_cause_of_a_plan_is_in_the_patients_record(made: Made) -> None:
    """A rehabilitation after a surgery names one that took place, and in the year before it."""
    found = 0
    for patient, plans in made.courses():
        for plan in plans:
            condition = BY_TITLE[plan["title"]]
            if condition.surgery:
                year = plan["prescription_date"].year
                assert f"{condition.surgery} ({year})" in patient["surgeries"]
            if condition.illness:
                assert condition.illness in patient["medical_conditions"]
            found += bool(condition.surgery or condition.illness)
    assert found > PATIENTS / 10


def test_nobody_has_two_conditions_of_one_group(made: Made) -> None:
    """One type of diabetes, one antidepressant, one drug against clots."""
    for patient in made.patients:
        names = patient["medical_conditions"]
        groups = [i.group for name in names if (i := ILLNESSES.get(name)) and i.group]
        assert len(set(groups)) == len(groups)
        assert len(set(names)) == len(names)


def test_conditions_fit_age_and_gender(made: Made) -> None:
    """No plan is for people of another age or gender than the patient's."""
    for patient, plans in made.courses():
        age = made.as_of.year - patient["date_of_birth"].year
        for plan in plans:
            condition = BY_TITLE[plan["title"]]
            assert condition.ages[0] <= age - 1 <= age <= condition.ages[1]
            assert condition.gender in {None, patient["gender"]}


def test_ongoing_plans_are_a_week_old_and_cancelled_ones_lasted_one(made: Made) -> None:
    """Notes on progress are not written on the first day."""
    week = timedelta(days=7)
    for plan in made.plans:
        if plan["status"] == "ongoing":
            assert plan["start_date"] <= made.as_of - week
        if plan["status"] == "cancelled":
            assert plan["end_date"] >= plan["start_date"] + week


def test_nobody_works_extra_hours_on_a_public_holiday(made: Made) -> None:
    """Nor takes one off for another reason."""
    on_holidays = [row for row in made.exceptions if is_holiday(row["date"])]
    assert {row["reason"] for row in on_holidays} <= {"holiday"}


def test_some_are_away_twice_on_one_date_for_two_reasons(made: Made) -> None:
    """Fifteen minutes apart, and no more than twice."""
    dates = defaultdict(list)
    for row in made.exceptions:
        dates[row["user_id"], row["date"]].append(row)
    shared = [rows for rows in dates.values() if len(rows) > 1]
    assert shared
    for one, other in shared:
        assert one["reason"] != other["reason"]
        assert not one["is_available"]
        assert not other["is_available"]
        gap = timedelta(
            hours=other["start_time"].hour - one["end_time"].hour,
            minutes=other["start_time"].minute - one["end_time"].minute,
        )
        assert gap == timedelta(minutes=15)
