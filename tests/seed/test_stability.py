"""Raising a quantity leaves the rows that were there already as they were."""

from datetime import date
from typing import Any

import httpx
import pytest

from app.seed.constants import MAX_PATIENTS
from app.seed.request import SeedRequest
from app.seed.seeders.patients import patient_row
from app.seed.seeders.treatment_plans import plans_of
from conftest import NewDatabase, open_app, seed
from seeded_data.rows import Row, Rows, deterministic_content, read_rows

pytestmark = pytest.mark.slow

Columns = set[tuple[str, str]]

NOTHING: Columns = set()
# With the therapists of plans, all columns of appointments may change, or they may be gone.
WHICH_THERAPIST = {("treatment_plans", "therapist_id"), ("appointments", "*")}
WHO_WORKS_WHERE = {
    ("members", "organization_id"),
    ("members", "role"),
    ("weekly_availability_templates", "organization_id"),
    ("availability_exceptions", "organization_id"),
    ("patients", "organization_id"),
    ("treatment_plans", "organization_id"),
    # A patient lives near the clinic, which has its own referring doctors.
    *(("patients", column) for column in ("address", "city", "postal_code")),
    ("treatment_plans", "prescribing_doctor"),
}
# One practitioner of each clinic is away for a week.
WHO_IS_AWAY = {
    ("availability_exceptions", column)
    for column in ("id", "date", "start_time", "end_time", "is_available", "reason", "notes")
}
# With more clinics each has fewer practitioners, and so fewer rooms.
FEWER_ROOMS = {("rooms", "id")}
MORE_CLINICS = WHICH_THERAPIST | WHO_WORKS_WHERE | WHO_IS_AWAY | FEWER_ROOMS
RAISES: tuple[tuple[dict[str, int], dict[str, int], Columns], ...] = (
    ({"patients": 20}, {"patients": 21}, WHICH_THERAPIST),
    ({"patients": 1}, {"patients": 700}, WHICH_THERAPIST),
    ({"plansPerPatient": 3}, {"plansPerPatient": 4}, WHICH_THERAPIST),
    ({"plansPerPatient": 4}, {"plansPerPatient": 5}, WHICH_THERAPIST),
    ({"appointmentWeeks": 1}, {"appointmentWeeks": 2}, NOTHING),
    ({"appointmentWeeks": 4}, {"appointmentWeeks": 26}, NOTHING),
    ({"users": 10}, {"users": 11}, WHICH_THERAPIST | WHO_WORKS_WHERE),
    ({"users": 3}, {"users": 60}, WHICH_THERAPIST | WHO_WORKS_WHERE),
    ({"organizations": 3}, {"organizations": 4}, MORE_CLINICS),
    ({"organizations": 1}, {"organizations": 10}, MORE_CLINICS),
)
AS_OF = "2028-02-29"


async def rows_of(client: httpx.AsyncClient, database_url: str, **quantities: Any) -> Rows:
    await seed(client, **quantities, asOf=AS_OF)
    return deterministic_content(read_rows(database_url))


def changed_columns(before: Rows, after: Rows) -> Columns:
    """Return the columns in which a row has changed; `id` if it is gone.

    The columns of appointments are `*`.
    """
    return {
        (table, "*" if table == "appointments" else column)
        for table in before
        for row, now in _pairs(before[table], after[table])
        for column in row
        if now.get(column, ...) != row[column]
    }


def _pairs(before: list[Row], after: list[Row]) -> list[tuple[Row, Row]]:
    by_id = {row["id"]: row for row in after}
    return [(row, by_id.get(row["id"], {**row, "id": None})) for row in before]


@pytest.mark.parametrize(("fewer", "more", "may_move"), RAISES, ids=lambda each: str(sorted(each)))
async def test_raising_a_quantity_moves_nothing_but_what_may_move(
    new_sqlite: NewDatabase, fewer: dict[str, int], more: dict[str, int], may_move: Columns
) -> None:
    """Every row is still there, with the same content, but for who works and is treated where."""
    database_url = new_sqlite()
    async with open_app(database_url) as client:
        before = await rows_of(client, database_url, **fewer)
        after = await rows_of(client, database_url, **more)
    fixed = [table for table in before if (table, "*") not in may_move]
    assert sum(len(after[table]) for table in fixed) > sum(len(before[table]) for table in fixed)
    assert changed_columns(before, after) <= may_move


async def test_raising_all_quantities_on_postgresql_moves_nothing_else(
    new_postgresql: NewDatabase,
) -> None:
    """The same holds for all quantities at once on the other database."""
    database_url = new_postgresql()
    async with open_app(database_url) as client:
        before = await rows_of(client, database_url)
        after = await rows_of(
            client, database_url, users=25, organizations=8, patients=300, plansPerPatient=5
        )
    assert changed_columns(before, after) <= MORE_CLINICS


async def test_ids_of_more_patients_begin_with_those_of_fewer(client: httpx.AsyncClient) -> None:
    """The summary lists the ids of a larger set in the same order as those of a smaller one."""
    fewer, more = [(await seed(client, patients=n))["created"] for n in (20, 50)]
    for kind in ("users", "organizations", "memberships", "patients", "treatmentPlans"):
        assert more[kind]["ids"][: fewer[kind]["count"]] == fewer[kind]["ids"]


@pytest.mark.parametrize("index", [0, 16, 17, 19])
def test_a_patient_is_the_same_in_a_set_of_twenty_and_of_two_million(index: int) -> None:
    """Neither the patient nor, but for their therapist, the patient's plans depend on how many."""
    few, many = (SeedRequest(patients=n, as_of=date(2026, 1, 1)) for n in (20, MAX_PATIENTS))
    assert patient_row(few, index) == patient_row(many, index)
    plans: list[list[dict[str, Any]]] = [
        [{**plan, "therapist_id": None} for plan in plans_of(request, index)]
        for request in (few, many)
    ]
    assert plans[0] == plans[1]
