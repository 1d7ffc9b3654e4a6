"""The same random seed and day give the same rows, on any database, machine, zone and process."""

import json
import os
import subprocess
import sys
from typing import Any

import httpx
import pytest

from conftest import NewDatabase, open_app, seed
from journeys.commands import shared_on_sqlite
from seeded_data.rows import Rows, deterministic_content, read_rows

pytestmark = pytest.mark.slow

FIXED: dict[str, Any] = {"randomSeed": 2025, "asOf": "2026-01-01"}
GOLDEN = "d3d0ef573c4a4076eea3203e25c9bd952ba34373c6669eccd2326403a968c818"
OTHERS: tuple[dict[str, Any], ...] = (
    {"randomSeed": 2026},
    {"randomSeed": 0},
    {"randomSeed": 2**53 - 1},
    {"asOf": "2026-01-02"},
    {"asOf": "2025-01-01"},
    {"users": 11},
    {"organizations": 4},
    {"patients": 21},
    {"plansPerPatient": 4},
)


def content(database_url: str) -> Rows:
    return deterministic_content(read_rows(database_url))


def without_circumstances(summary: Any) -> Any:
    """Leave out what is said of the run and the database, not of the data set."""
    circumstances = {"database", "deleted", "durationMs", "reset", "checks"}
    return {name: value for name, value in summary.items() if name not in circumstances}


async def seeded(database_url: str, **quantities: Any) -> Any:
    async with open_app(database_url) as client:
        return await seed(client, **quantities)


def seeded_by_other_processes(*environments: dict[str, str]) -> list[Any]:
    """Run the seed command in each environment at the same time, as `just seed --json` does."""
    command = (sys.executable, "-m", "app.cli.seed", "--json", "--users=12", "--patients=50")
    processes = [
        subprocess.Popen(
            (*command, "--random-seed=7", "--as-of=2028-02-29"),
            env={**os.environ, "APP_ENV": "test", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        for environment in environments
    ]
    return [json.loads(process.communicate(timeout=180)[0]) for process in processes]


async def test_both_databases_hold_the_same_rows(
    new_sqlite: NewDatabase, new_postgresql: NewDatabase
) -> None:
    """SQLite and PostgreSQL end up with equal rows, and report equal ids and fingerprints."""
    urls = new_sqlite(), new_postgresql()
    quantities: dict[str, Any] = {
        "users": 25,
        "organizations": 8,
        "patients": 100,
        "plansPerPatient": 5,
        **FIXED,
    }
    one, other = [await seeded(url, **quantities) for url in urls]
    assert content(urls[0]) == content(urls[1])
    assert without_circumstances(one) == without_circumstances(other)


async def test_either_reset_gives_the_same_rows_again(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """Neither earlier data in the database nor an earlier run has an effect."""
    first = await seed(client, **FIXED)
    rows = content(database_url)
    await seed(client, users=30, patients=100, randomSeed=9, asOf="2030-06-30")
    for mode in ("delete", "drop"):
        again = await seed(client, f"?reset={mode}", **FIXED)
        assert without_circumstances(again) == without_circumstances(first)
        assert content(database_url) == rows


def test_processes_in_other_time_zones_make_the_same_rows(
    new_sqlite: NewDatabase, new_postgresql: NewDatabase
) -> None:
    """Neither the time zone, nor the order of sets, nor the locale of a process shows."""
    urls = new_sqlite(), new_postgresql()
    east, west = seeded_by_other_processes(
        {"DATABASE_URL": urls[0], "TZ": "EAST-14", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        {"DATABASE_URL": urls[1], "TZ": "WEST+12", "PYTHONHASHSEED": "2", "PGTZ": "Asia/Tokyo"},
    )
    assert without_circumstances(east) == without_circumstances(west)
    assert content(urls[0]) == content(urls[1])


async def test_other_inputs_give_another_fingerprint(new_sqlite: NewDatabase) -> None:
    """The fingerprint tells data sets of other quantities, random seeds or days apart."""
    async with open_app(new_sqlite()) as client:
        summaries = [await seed(client, **{**FIXED, **inputs}) for inputs in ({}, *OTHERS)]
    assert len({summary["fingerprint"] for summary in summaries}) == 1 + len(OTHERS)


@shared_on_sqlite
async def test_another_random_seed_makes_other_people(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """No id, and next to no name, of one random seed is there again with another one."""
    sets = []
    for random_seed in (1, 2):
        await seed(client, randomSeed=random_seed, asOf="2026-01-01")
        sets.append(content(database_url))
    for table in sets[0]:
        assert not {row["id"] for row in sets[0][table]} & {row["id"] for row in sets[1][table]}
    names = [{(row["first_name"], row["last_name"]) for row in rows["patients"]} for rows in sets]
    assert len(names[0] & names[1]) <= 1


@shared_on_sqlite
async def test_another_day_is_about_the_same_people(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """Tomorrow every other row has the same id, and people and clinics have the same names."""
    sets = []
    for day in ("2026-12-31", "2027-01-01"):
        await seed(client, randomSeed=1, asOf=day)
        sets.append(content(database_url))
    for table in sets[0].keys() - {"appointments"}:  # the window moves
        assert [row["id"] for row in sets[0][table]] == [row["id"] for row in sets[1][table]]
    for table in ("users", "organizations", "members"):
        assert sets[0][table] == sets[1][table]
    names = [[(row["first_name"], row["last_name"]) for row in rows["patients"]] for rows in sets]
    assert names[0] == names[1]


@shared_on_sqlite
async def test_the_content_has_not_changed_by_accident(client: httpx.AsyncClient) -> None:
    """The default set of a fixed seed and day is, to the last bit, that of the last release."""
    assert (await seed(client, **FIXED))["fingerprint"] == GOLDEN, (
        "The content of the seeded data set has changed. If that is on purpose, put the new "
        "fingerprint here and tell it in the CHANGELOG: everyone's test data changes with it."
    )
