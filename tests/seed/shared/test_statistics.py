"""The data set in figures, compared with what can be counted from its rows."""

import asyncio
from datetime import date
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar
from sqlalchemy import NullPool, create_engine, event

from app import clock
from app.seed.figures import DataSetFigures
from conftest import NewDatabase, open_app, seed
from journeys.commands import shared_on_sqlite
from seeded_data.figures import APPOINTMENT_STATUSES, STATUSES, counted
from seeded_data.rows import read_rows

pytestmark = pytest.mark.slow

AS_OF = date(2028, 2, 29)
TOTALS = ("clinics", "practitioners", "patients", "plans", "appointments")
LARGE: dict[str, Any] = {"organizations": 25, "users": 60, "patients": 90, "plansPerPatient": 5}


async def ask(client: httpx.AsyncClient, **query: Any) -> Any:
    response = await client.get("/api/db/statistics", params=query)
    assert response.status_code == 200, response.text
    return response.json()


def execute(database_url: str, *statements: str) -> None:
    """Write to a database behind the application's back."""
    with create_engine(database_url, poolclass=NullPool).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("quantities", [{}, {"users": 1, "organizations": 1}, LARGE], ids=str)
async def test_the_figures_are_those_of_the_rows(
    client: httpx.AsyncClient, database_url: str, quantities: dict[str, Any]
) -> None:
    """For a set of any size, each figure can be counted again from its rows."""
    await seed(client, **quantities, asOf=AS_OF.isoformat())
    figures = await ask(client)
    assert figures == counted(read_rows(database_url), AS_OF)
    if quantities == LARGE:
        assert [len(figures[each]) for each in ("clinics", "practitioners", "diagnoses")] == [
            20,
            30,
            20,
        ]


async def test_the_figures_of_one_clinic_are_those_of_its_rows(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """They are what the same data set would have without the other clinics."""
    await seed(client, **LARGE, asOf=AS_OF.isoformat())
    execute(
        database_url,
        "UPDATE patients SET deleted_at = created_at WHERE id IN (SELECT id FROM patients"
        " ORDER BY id LIMIT 30)",
        "UPDATE treatment_plans SET deleted_at = created_at WHERE status = 'paused'",
    )
    rows = read_rows(database_url)
    for clinic in rows["organizations"][:3]:
        of_clinic = {
            table: [
                row for row in found if row.get("organization_id", clinic["id"]) == clinic["id"]
            ]
            for table, found in rows.items()
        }
        members = {row["user_id"] for row in of_clinic["members"]}
        of_clinic["organizations"] = [clinic]
        of_clinic["users"] = [row for row in rows["users"] if row["id"] in members]
        figures = await ask(client, organizationId=str(clinic["id"]))
        assert figures == counted(of_clinic, AS_OF)
        assert figures["totals"]["patients"] > 0
    nothing = await ask(client, organizationId=str(rows["users"][0]["id"]))
    assert nothing["totals"] == dict.fromkeys(
        ("clinics", "practitioners", "patients", "plans", "appointments"), 0
    )


async def test_what_is_hidden_does_not_count(client: httpx.AsyncClient, database_url: str) -> None:
    """Neither do patients and plans that were deleted, nor the plans of such patients."""
    await seed(client, asOf=AS_OF.isoformat())
    execute(
        database_url,
        "UPDATE patients SET deleted_at = created_at WHERE id IN (SELECT id FROM patients"
        " ORDER BY id LIMIT 7)",
        "UPDATE treatment_plans SET deleted_at = created_at WHERE status = 'paused'",
    )
    figures = await ask(client)
    assert figures == counted(read_rows(database_url), AS_OF)
    assert figures["totals"]["patients"] == 13
    assert {"status": "paused", "plans": 0} in figures["plansByStatus"]


async def test_a_decade_begins_on_a_birthday(client: httpx.AsyncClient, database_url: str) -> None:
    """Who is born after the day of the set is among the youngest; no decade between is left out."""
    await seed(client, patients=6, asOf=AS_OF.isoformat())
    born = ("2018-02-28", "2018-03-01", "2008-02-29", "2008-03-01", "2048-01-01", "1928-02-29")
    ids = [row["id"] for row in read_rows(database_url)["patients"]]
    for id_, day in zip(ids, born, strict=True):
        hexadecimal = id_.hex if database_url.startswith("sqlite") else id_
        execute(
            database_url, f"UPDATE patients SET date_of_birth = '{day}' WHERE id = '{hexadecimal}'"
        )
    ages = (await ask(client))["ages"]
    assert ages == counted(read_rows(database_url), AS_OF)["ages"]
    assert [each["patients"] for each in ages] == [2, 2, 1, *[0] * 7, 1]


async def test_who_treats_at_two_clinics_counts_at_each(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """A practitioner is listed with each clinic; a plan without a diagnosis counts as a plan."""
    await seed(client, users=2, organizations=2, patients=4, asOf=AS_OF.isoformat())
    execute(
        database_url,
        "INSERT INTO practitioners SELECT organizations.id, users.id FROM organizations, users"
        " WHERE (organizations.id, users.id) NOT IN"
        " (SELECT organization_id, user_id FROM practitioners)",
        "UPDATE treatment_plans SET therapist_id = (SELECT min(id::text)::uuid FROM users)"
        if database_url.startswith("postgresql")
        else "UPDATE treatment_plans SET therapist_id = (SELECT min(id) FROM users)",
        "UPDATE treatment_plans SET diagnosis = NULL WHERE status = 'ongoing'",
    )
    figures = await ask(client)
    assert figures == counted(read_rows(database_url), AS_OF)
    assert len({each["id"] for each in figures["practitioners"]}) == 1
    assert [each["plans"] for each in figures["practitioners"]] == [6, 6]


async def test_all_figures_are_of_one_snapshot(
    client: httpx.AsyncClient, app: Litestar, database_url: str
) -> None:
    """Of what is changed after the first rows were counted, the later figures know nothing."""
    await seed(client, asOf=AS_OF.isoformat())
    before = read_rows(database_url)
    hidden: list[str] = []

    def hide(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM treatment_plans" in statement and not hidden:
            hidden.append(statement)
            execute(database_url, "UPDATE patients SET deleted_at = created_at")

    event.listen(app.state.engine.sync_engine, "after_cursor_execute", hide)
    assert await ask(client) == counted(before, AS_OF)
    event.remove(app.state.engine.sync_engine, "after_cursor_execute", hide)
    assert hidden
    assert (await ask(client))["totals"]["patients"] == 0


@pytest.mark.parametrize("mode", ["delete", "drop"])
async def test_a_seed_meanwhile_is_seen_whole_or_not_at_all(
    client: httpx.AsyncClient, mode: str
) -> None:
    """Repeated calls return the figures of the old set, then those of the new one."""
    await seed(client, patients=5)
    seen = [await ask_totals(client)]
    run = asyncio.create_task(client.post(f"/api/db/seed?reset={mode}"))
    while not run.done():
        seen.append(await ask_totals(client))
    assert (await run).status_code == 201
    seen.append(await ask_totals(client))
    assert set(seen) == {(5, 15, 5), (20, 60, 20)}
    assert seen == sorted(seen)
    # Where tables are dropped, the first call may have waited for that.
    assert mode == "drop" or seen[1] == (5, 15, 5)


async def ask_totals(client: httpx.AsyncClient) -> tuple[int, int, int]:
    figures = await ask(client)
    in_clinics = sum(each["patients"] for each in figures["clinics"])
    return figures["totals"]["patients"], figures["totals"]["plans"], in_clinics


async def test_names_are_ordered_alike_everywhere(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """With equal numbers of patients, names are ordered by code points in any locale."""
    await seed(client, organizations=4, users=4, patients=0)
    names = ["Zürich", "a", "Éire", "b-c"]
    if database_url.startswith("postgresql"):
        # A PostgreSQL without ICU would refuse to order by it.
        column = "ALTER TABLE organizations ALTER COLUMN name TYPE varchar"
        execute(database_url, f'{column} COLLATE "unicode"')
    slugs = sorted(row["slug"] for row in read_rows(database_url)["organizations"])
    for slug, name in zip(slugs, names, strict=True):
        execute(database_url, f"UPDATE organizations SET name = '{name}' WHERE slug = '{slug}'")
    assert [each["name"] for each in (await ask(client))["clinics"]] == sorted(names)
    await seed(client, "?reset=drop", users=1, organizations=1, patients=0)


async def test_a_set_that_was_never_seeded_has_zeros(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """Of an empty database with tables everything is zero, as of today."""
    await seed(client, patients=0, users=1, organizations=1)
    execute(
        database_url, *(f"DELETE FROM {table}" for table in ("organizations", "users", "last_seed"))
    )
    before = clock.today()
    figures = await ask(client)
    assert before <= date.fromisoformat(figures.pop("asOf")) <= clock.today()
    assert figures == {
        "totals": dict.fromkeys(
            ("clinics", "practitioners", "patients", "plans", "appointments"), 0
        ),
        "plansByStatus": [{"status": each, "plans": 0} for each in STATUSES],
        "appointmentsByStatus": [
            {"status": each, "appointments": 0} for each in APPOINTMENT_STATUSES
        ],
        "bookedHours": [],
        **{each: [] for each in ("clinics", "practitioners", "ages", "diagnoses")},
    }


async def test_without_tables_there_is_nothing_to_count(new_database: NewDatabase) -> None:
    """The response says how to create tables, as it does everywhere."""
    async with open_app(new_database()) as client:
        response = await client.get("/api/db/statistics")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert response.json()["detail"].startswith(
        "The database cannot be used: its tables are missing or out of date"
    )


@shared_on_sqlite
async def test_the_example_of_the_figures_is_one(client: httpx.AsyncClient) -> None:
    """The document has an example of a possible response."""
    document = (await client.get("/schema/openapi.json")).json()
    response = document["paths"]["/api/db/statistics"]["get"]["responses"]["200"]
    [example] = response["content"]["application/json"]["examples"].values()
    figures = msgspec.convert(example["value"], DataSetFigures)
    assert msgspec.to_builtins(figures) == example["value"]
