"""The data set of the specification, checked from the database by rules that share no code."""

from collections import Counter
from datetime import date
from typing import Any

import httpx
import pytest

from app.seed.data.places import SUBURBS
from app.seed.phones import MOBILES
from app.seed.request import SeedRequest
from app.seed.seeders.users import new_user
from conftest import TABLES, seed
from journeys.commands import shared_on_sqlite
from seed.made import patients
from seeded_data.patients import POSTAL_CODES
from seeded_data.rows import read_rows
from seeded_data.rules import violations
from seeded_data.seeded_set import Volumes

pytestmark = pytest.mark.slow

SETS = (
    (Volumes(), date(2026, 3, 14)),
    (Volumes(1, 1, 0, 3), date(2000, 1, 1)),
    (Volumes(1, 1, 1, 3), date(2099, 12, 31)),
    (Volumes(3, 3, 2, 5, 0), date(2028, 2, 29)),
    (Volumes(12, 12, 5, 4), date(2027, 2, 28)),
    (Volumes(7, 2, 50, 4), date(2024, 12, 31)),
    (Volumes(25, 8, 100, 5, 26), date(2025, 1, 1)),
    (Volumes(60, 1, 45, 5, 26), date(2000, 2, 29)),
    (Volumes(40, 13, 600, 3), date(2096, 2, 29)),
)
# 29 February, both ends of a year and of the years covered, and every day of one week.
DAYS = (
    *("2000-01-01", "2000-02-29", "2024-02-29", "2024-12-31", "2025-01-01", "2025-02-28"),
    *("2026-06-01", "2026-06-02", "2026-06-03", "2026-06-04", "2026-06-05", "2026-06-06"),
    *("2026-06-07", "2099-12-31"),
)


def in_json(volumes: Volumes) -> dict[str, Any]:
    return {
        "users": volumes.users,
        "organizations": volumes.organizations,
        "patients": volumes.patients,
        "plansPerPatient": volumes.plans_per_patient,
        "appointmentWeeks": volumes.appointment_weeks,
    }


def name(value: object) -> str:
    return "-".join(map(str, in_json(value).values())) if isinstance(value, Volumes) else str(value)


async def test_a_seed_without_quantities_makes_the_default_set(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """Ten users in three organizations and twenty patients with three plans each, as of today."""
    summary = await seed(client)
    rows = read_rows(database_url)
    assert violations(rows, Volumes(), date.fromisoformat(summary["asOf"])) == []
    assert len(rows["treatment_plans"]) == 60


# That both modes and both databases end with the same rows is for `test_determinism.py`.
@shared_on_sqlite
@pytest.mark.parametrize(("volumes", "as_of"), SETS, ids=name)
async def test_no_rule_is_broken_at_any_volume(
    client: httpx.AsyncClient, database_url: str, volumes: Volumes, as_of: date
) -> None:
    """A set of any volumes, seeded over another one, keeps every rule."""
    await seed(client, users=4, organizations=2, patients=9, randomSeed=1, asOf="2020-05-05")
    await seed(client, **in_json(volumes), asOf=as_of.isoformat())
    assert violations(read_rows(database_url), volumes, as_of) == []


@shared_on_sqlite
async def test_a_veteran_may_turn_65_later_in_the_year(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """One in thousands of patients does; in this set it is one of twenty."""
    as_of = date(2026, 1, 1)
    await seed(client, randomSeed=265, asOf=as_of.isoformat())
    assert violations(read_rows(database_url), Volumes(), as_of) == []


@shared_on_sqlite
async def test_no_rule_is_broken_on_any_day(client: httpx.AsyncClient, database_url: str) -> None:
    """The default set keeps every rule, on any day of the year and of the week."""
    for day in DAYS:
        await seed(client, asOf=day)
        assert violations(read_rows(database_url), Volumes(), date.fromisoformat(day)) == []


def test_phone_numbers_are_unique_while_the_range_lasts() -> None:
    """A number is given twice only when the ranges reserved for fiction have none left.

    The mobile numbers last for 30 patients.
    """
    request = SeedRequest(users=1001, organizations=1, patients=4600, as_of=date(2026, 3, 14))
    users = [new_user(request.random_seed, index) for index in range(request.users)]
    rows = list(patients(request))
    numbers = [
        *(phone["number"] for user in users for phone in user.phone_numbers),
        *(patient["phone"] for patient in rows if patient["phone"] not in MOBILES),
        *(each["phone"] for patient in rows for each in patient["emergency_contacts"]),
    ]
    assert len(set(numbers)) == len(numbers) > 7_500
    mobiles = [patient["phone"] for patient in rows[:30] if patient["phone"] in MOBILES]
    assert len(set(mobiles)) == len(mobiles) > 20


@shared_on_sqlite
async def test_earlier_organizations_have_more_members_and_patients(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """The default set is split 4-3-3 and 8-6-6, in the order of the summary's organizations."""
    summary = await seed(client)
    rows = read_rows(database_url)
    for table, split in (("members", [4, 3, 3]), ("patients", [8, 6, 6])):
        counts = Counter(str(row["organization_id"]) for row in rows[table])
        assert [counts[each] for each in summary["created"]["organizations"]["ids"]] == split


@shared_on_sqlite
async def test_the_first_member_of_an_organization_owns_it(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """In the order of creation the first member is the owner, later ones admin or member."""
    summary = await seed(client, users=25, organizations=4)
    members = {str(row["id"]): row for row in read_rows(database_url)["members"]}
    in_order = [members[each] for each in summary["created"]["memberships"]["ids"]]
    roles: dict[Any, list[str]] = {}
    for member in in_order:
        roles.setdefault(member["organization_id"], []).append(member["role"])
    assert all(first == "owner" for first, *_ in roles.values())
    assert {role for _, *later in roles.values() for role in later} == {"admin", "member"}


async def test_the_summary_has_the_counts_and_ids_of_the_database(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """Counts and ids of every kind are those of the rows."""
    summary = await seed(client, users=7, organizations=2, patients=50, plansPerPatient=4)
    rows = read_rows(database_url)
    assert summary["created"].keys() == TABLES.keys()
    for kind, created in summary["created"].items():
        ids = sorted(str(row["id"]) for row in rows[TABLES[kind]])
        assert sorted(created["ids"]) == ids
        assert created["count"] == len(ids)
        assert created["idsTruncated"] is False


@shared_on_sqlite
@pytest.mark.parametrize(
    ("count", "patients_truncated", "plans_truncated"),
    [(1000, False, True), (1001, True, True)],
)
async def test_a_list_of_ids_stops_at_one_thousand(
    client: httpx.AsyncClient,
    database_url: str,
    count: int,
    patients_truncated: bool,
    plans_truncated: bool,
) -> None:
    """Above 1,000 ids of a kind the list stops there and says so; the count continues."""
    created = (await seed(client, patients=count))["created"]
    rows = read_rows(database_url)
    for kind, truncated in (("patients", patients_truncated), ("treatmentPlans", plans_truncated)):
        ids = created[kind]["ids"]
        assert created[kind]["idsTruncated"] is truncated
        assert created[kind]["count"] == len(rows[TABLES[kind]])
        assert len(set(ids)) == len(ids) == min(created[kind]["count"], 1000)
        assert set(ids) <= {str(row["id"]) for row in rows[TABLES[kind]]}


def test_every_suburb_has_the_postal_code_that_it_really_has() -> None:
    """The curated suburbs and their codes are those of a list that was written independently."""
    codes = {suburb.name.casefold(): suburb.postcode for suburb in SUBURBS}
    assert codes.items() <= POSTAL_CODES.items()
