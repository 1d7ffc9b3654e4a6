"""The shares of patients that a physiotherapist would expect, over many of them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

import pytest

from app.database.bulk import Row
from app.seed.data.funding import HEALTH_FUNDS, SCHEMES
from app.seed.data.names_by_community import COMMUNITIES
from app.seed.data.places import REGIONS
from app.seed.people.names import ENGLISH
from app.seed.phones import MOBILES
from app.seed.request import SeedRequest
from app.seed.seeders.organizations import suburbs_near
from app.seed.workdays import holidays_of, is_workday
from seed.made import patients, treatment_plans
from seeded_data.holidays import holidays

MANY = SeedRequest(patients=20_000, as_of=date(2026, 6, 30))
YEAR = MANY.as_of.year
COMMUNITY_OF = {
    name: community.name for community in COMMUNITIES for name in (*community.women, *community.men)
}
LAST_NAMES_OF = {community.name: community.last_names for community in COMMUNITIES}


class Patients(NamedTuple):
    patients: list[Row]
    plans: list[Row]

    def with_plans(self) -> Iterable[tuple[Row, list[Row]]]:
        each = MANY.plans_per_patient
        for number, patient in enumerate(self.patients):
            yield patient, self.plans[number * each : (number + 1) * each]


@pytest.fixture(scope="module")
def made() -> Patients:
    return Patients(list(patients(MANY)), list(treatment_plans(MANY)))


def age(patient: Row) -> int:
    born: date = patient["date_of_birth"]
    before = (MANY.as_of.month, MANY.as_of.day) < (born.month, born.day)
    return YEAR - born.year - before


def share(rows: Iterable[Row], condition: Callable[[Row], bool]) -> float:
    found = [condition(row) for row in rows]
    return sum(found) / len(found)


def has(illness: str) -> Callable[[Row], bool]:
    return lambda patient: illness in patient["medical_conditions"]


def about(expected: float) -> object:
    return pytest.approx(expected, rel=0.15, abs=0.003)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(5, 17, 0.08), (18, 39, 0.27), (40, 64, 0.38), (65, 79, 0.2), (80, 120, 0.07)],
)
def test_ages_are_those_of_a_clinic(made: Patients, first: int, last: int, expected: float) -> None:
    """From children to the very old."""
    assert share(made.patients, lambda p: first <= age(p) <= last) == about(expected)


def test_a_few_state_no_gender_or_another_one(made: Patients) -> None:
    """About 2 % are neither female nor male."""
    assert share(made.patients, lambda p: p["gender"] not in {"female", "male"}) == about(0.02)
    assert share(made.patients, lambda p: p["gender"] == "female") == about(0.55)


def test_illnesses_are_as_frequent_as_they_are(made: Patients) -> None:
    """Epilepsy, Parkinson's disease of the old, and the two types of diabetes."""
    old = [patient for patient in made.patients if age(patient) >= 65]
    assert share(made.patients, has("Epilepsy")) == about(0.01)
    assert 0.01 <= share(old, has("Parkinson's disease")) <= 0.02
    type_1, type_2 = (share(made.patients, has(f"Type {n} diabetes")) for n in (1, 2))
    assert type_2 / type_1 == pytest.approx(9, rel=0.25)


@pytest.mark.parametrize(
    "title", ["Hip fracture rehabilitation", "Spinal fracture and bone health programme"]
)
def test_two_thirds_of_fragility_fractures_are_of_women(made: Patients, title: str) -> None:
    """About 70 % of those whose gender is known."""
    genders = [
        patient["gender"]
        for patient, plans in made.with_plans()
        if any(plan["title"] == title for plan in plans)
    ]
    known = [gender for gender in genders if gender in {"female", "male"}]
    assert len(known) > 100
    assert known.count("female") / len(known) == pytest.approx(0.7, abs=0.07)


def test_rheumatoid_arthritis_is_of_women_mostly(made: Patients) -> None:
    """About 70 % of those whose gender is known."""
    ill = [patient for patient in made.patients if has("Rheumatoid arthritis")(patient)]
    known = [patient for patient in ill if patient["gender"] in {"female", "male"}]
    assert share(known, lambda p: p["gender"] == "female") == pytest.approx(0.7, abs=0.07)


def test_files_have_gaps(made: Patients) -> None:
    """Some have no email address or mobile number, and some pay for themselves."""
    old = [patient for patient in made.patients if age(patient) >= 65]
    assert share(made.patients, lambda p: p["email"] is None) == about(0.08)
    assert share(old, lambda p: p["phone"] not in MOBILES) == about(0.05)
    assert share(made.patients, lambda p: p["insurance_provider"] is None) == about(0.1)


def test_one_in_200_has_the_name_of_another(made: Patients) -> None:
    """With another birthday and another email address."""
    bearers = defaultdict(list)
    for patient in made.patients:
        bearers[patient["first_name"], patient["last_name"]].append(patient)
    shared = [rows for rows in bearers.values() if len(rows) > 1]
    assert len(shared) == len(made.patients) / 200
    assert all(one["date_of_birth"] != other["date_of_birth"] for one, other in shared)


def test_two_thirds_have_their_names_from_one_community(made: Patients) -> None:
    """The others mostly have an English first name."""
    fitting = []
    for patient in made.patients:
        community = COMMUNITY_OF.get(patient["first_name"])
        if community:
            fitting.append(patient["last_name"] in LAST_NAMES_OF[community])
    assert len(fitting) > 0.9 * len(made.patients)
    assert sum(fitting) / len(fitting) == pytest.approx(0.67, abs=0.05)
    english = share(made.patients, lambda p: p["last_name"] in ENGLISH.last_names)
    assert english == pytest.approx(0.42, abs=0.05)


def test_relationships_fit_the_age(made: Patients) -> None:
    """Parents of children, spouses of adults, children of the old; some have other names."""
    first: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for patient in made.patients:
        band = min(age(patient) // 20, 4)
        first[band][patient["emergency_contacts"][0]["relationship"]] += 1
    assert [first[band].most_common(1)[0][0] for band in range(5)] == [
        *("Parent", "Spouse", "Spouse", "Spouse", "Child")
    ]
    named_alike = share(
        made.patients,
        lambda p: p["emergency_contacts"][0]["name"].endswith(f" {p['last_name']}"),
    )
    assert 0.5 < named_alike < 0.75


def test_patients_live_near_their_clinic(made: Patients) -> None:
    """In one of the ten suburbs of its region."""
    assert {len(region) for region in REGIONS.values()} == {10}
    cities = defaultdict(set)
    for index, patient in enumerate(made.patients):
        cities[index % MANY.users % MANY.organizations].add(patient["city"])
    for organization, found in cities.items():
        near = {suburb.name for suburb in suburbs_near(MANY.random_seed, organization)}
        assert found == near


def test_health_funds_have_their_share_of_the_market(made: Patients) -> None:
    """About half have a private fund, and all the schemes occur."""
    providers = Counter(patient["insurance_provider"] for patient in made.patients)
    private = sum(providers[fund] for fund in HEALTH_FUNDS.options)
    assert private / len(made.patients) == pytest.approx(0.52, abs=0.05)
    assert providers["Medibank"] / private == pytest.approx(0.31, abs=0.03)
    assert all(providers[scheme.provider] > 50 for scheme in SCHEMES.values())


def test_schemes_pay_only_for_what_they_cover(made: Patients) -> None:
    """A plan for anything else is paid privately."""
    never = {
        "WorkCover (WorkSafe Victoria)": ("ostpartum", "prostatectomy", "Parkinson", "stroke"),
        "Transport Accident Commission (TAC)": ("ostpartum", "Osteoarthritis", "Plantar"),
        "National Disability Insurance Scheme (NDIS)": ("sprain", "radius fracture", "strain"),
    }
    for patient, plans in made.with_plans():
        scheme = patient["insurance_provider"]
        paid = [plan["diagnosis"] for plan in plans if plan["coverage_status"] != "not_required"]
        wrong = [each for each in paid for word in never.get(scheme, ()) if word in each]
        assert not wrong, (scheme, wrong)


def test_general_practitioners_refer_most(made: Patients) -> None:
    """One referring doctor for about 150 patients, and each clinic has its own."""
    referrals = Counter(patient["referral_source"] for patient in made.patients)
    assert referrals.most_common(1)[0][0] == "GP referral"
    doctors = defaultdict(set)
    for plan in made.plans:
        doctors[plan["organization_id"]].add(plan["prescribing_doctor"])
    number = sum(map(len, doctors.values()))
    assert len(made.patients) / number == pytest.approx(150, rel=0.15)
    assert len(set().union(*doctors.values())) == number


def test_plans_start_on_each_workday_alike(made: Patients) -> None:
    """And prescriptions are written so; none on a public holiday."""
    for column in ("start_date", "prescription_date"):
        days = [plan[column] for plan in made.plans]
        assert all(map(is_workday, days))
        weekdays = Counter(day.weekday() for day in days)
        assert max(weekdays.values()) < 1.25 * min(weekdays.values())


def test_public_holidays_are_those_of_an_independent_calendar() -> None:
    """For every year of a data set."""
    for year in range(1998, 2101):
        assert set(holidays_of(year)) == holidays(year)
