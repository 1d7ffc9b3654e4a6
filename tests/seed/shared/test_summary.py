"""The summary of a seed: everything a tester wants to know, and all of it true."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import httpx
import pytest
from litestar import Litestar

from app.seed.unit_of_work import exclusive_transaction
from conftest import TABLES, NewDatabase, open_app, seed
from journeys.commands import shared_on_sqlite
from seeded_data.rows import read_rows
from snapshots import snapshot

pytestmark = pytest.mark.slow

MODES = ("delete", "drop")
MEMBERS = {
    "reset",
    "committed",
    "database",
    "randomSeed",
    "asOf",
    "deleted",
    "dropped",
    "created",
    "checks",
    "signIn",
    "fingerprint",
    "durationMs",
    "scenarios",
}
EMPTY_TABLES = ("sessions", "verifications", "invitations")
STEPS = ["reset", *TABLES, "audit", "commit"]
STREAM = {"Accept": "application/x-ndjson"}


@pytest.mark.parametrize("mode", MODES)
async def test_the_summary_repeats_what_was_asked_for(client: httpx.AsyncClient, mode: str) -> None:
    """A seed returns 201 with every member, the inputs among them."""
    response = await client.post(
        f"/api/db/seed?reset={mode}", json={"randomSeed": 7, "asOf": "2028-02-29"}
    )
    summary = response.json()
    assert response.status_code == 201
    assert response.headers["content-type"] == "application/json"
    assert summary.keys() == MEMBERS
    assert summary["reset"] == mode
    assert summary["committed"] is True
    assert (summary["randomSeed"], summary["asOf"]) == (7, "2028-02-29")


@shared_on_sqlite
async def test_the_default_is_to_delete(client: httpx.AsyncClient) -> None:
    """By default rows are deleted, and the random seed is that of the constants."""
    summary = await seed(client)
    assert summary["reset"] == "delete"
    assert summary["randomSeed"] == 2025


async def test_what_one_seed_created_the_next_one_deletes(new_database: NewDatabase) -> None:
    """`deleted` counts the rows of every table, accounts and empty ones included."""
    async with open_app(new_database()) as client:
        last = await seed(client, users=7, organizations=2, patients=30)
        assert set(last["deleted"].values()) == {0}
        for mode in MODES:
            created = {TABLES[kind]: made["count"] for kind, made in last["created"].items()}
            last = await seed(client, f"?reset={mode}", users=7, organizations=2, patients=5)
            assert last["deleted"] == {**created, "accounts": 7, **dict.fromkeys(EMPTY_TABLES, 0)}


@shared_on_sqlite
async def test_every_rule_was_checked_on_rows(client: httpx.AsyncClient) -> None:
    """`checks` names each rule once, and in the default set none of them was checked on nothing."""
    checks = (await seed(client))["checks"]
    rules = [check["rule"] for check in checks]
    assert len(set(rules)) == len(rules) > 40
    assert all(check["rows"] > 0 for check in checks)
    rows = {check["rule"]: check["rows"] for check in checks}
    assert rows["every patient has exactly one ongoing plan"] == 20
    assert rows["plans of a patient have different statuses"] == 60
    assert rows["every organization has one owner"] == 3


async def test_sign_in_says_whom_a_tester_can_be(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """Every user's facts are those of the database, in order."""
    summary = await seed(client, users=25, organizations=4)
    rows = read_rows(database_url)
    users = {row["id"]: row for row in rows["users"]}
    organizations = {row["id"]: row["name"] for row in rows["organizations"]}
    expected = {
        str(member["user_id"]): {
            "email": users[member["user_id"]]["email"],
            "userId": str(member["user_id"]),
            "name": users[member["user_id"]]["name"],
            "role": member["role"],
            "organizationId": str(member["organization_id"]),
            "organization": organizations[member["organization_id"]],
        }
        for member in rows["members"]
    }
    assert summary["signIn"]["password"] == "Password123"
    assert summary["signIn"]["users"] == [
        expected[each] for each in summary["created"]["users"]["ids"]
    ]


@shared_on_sqlite
async def test_the_fingerprint_is_a_digest(client: httpx.AsyncClient) -> None:
    """It has the 64 hexadecimal digits of a SHA-256."""
    fingerprint = (await seed(client))["fingerprint"]
    assert len(bytes.fromhex(fingerprint)) == 32
    assert len(fingerprint) == 64


@shared_on_sqlite
async def test_every_step_took_its_time(client: httpx.AsyncClient) -> None:
    """Durations are in milliseconds, per step in order, and in total."""
    began = time.perf_counter()
    durations = (await seed(client))["durationMs"]
    passed = (time.perf_counter() - began) * 1000
    assert list(durations["steps"]) == STEPS
    assert all(duration >= 0 for duration in durations["steps"].values())
    assert 1 < sum(durations["steps"].values()) <= durations["total"] + len(STEPS) * 0.1
    assert durations["total"] <= passed + 0.1


async def test_the_database_is_named_without_its_password(new_sqlite: NewDatabase) -> None:
    """The summary says which file was reset, as does the description of the database."""
    database_url = new_sqlite()
    async with open_app(database_url) as client:
        summary = await seed(client)
        state = (await client.get("/api/db")).json()
    assert summary["database"] == f"SQLite file {database_url.removeprefix('sqlite:///')}"
    assert state["database"] == summary["database"]


async def test_the_state_of_the_database_counts_its_rows(new_database: NewDatabase) -> None:
    """`GET /api/db` counts nothing in an empty database, and all rows in a seeded one."""
    database_url = new_database()
    async with open_app(database_url) as client:
        empty = (await client.get("/api/db")).json()
        await seed(client)
        state = (await client.get("/api/db")).json()
    assert (empty["rows"], empty["otherRows"]) == ({}, {})
    assert state["environment"] == "test"
    assert state["rows"] == {table: len(rows) for table, rows in read_rows(database_url).items()}


@pytest.mark.parametrize("mode", MODES)
async def test_a_dry_run_reports_all_and_changes_nothing(
    client: httpx.AsyncClient, database_url: str, mode: str
) -> None:
    """It returns 200 and the summary of a real run; rows, schema and version do not change."""
    await seed(client, randomSeed=1)
    before = snapshot(database_url)
    response = await client.post(f"/api/db/seed?reset={mode}&dryRun=true")
    dry = response.json()
    assert response.status_code == 200
    assert dry["committed"] is False
    assert list(dry["durationMs"]["steps"]) == [step for step in STEPS if step != "commit"]
    assert snapshot(database_url) == before
    real = await seed(client, f"?reset={mode}&dryRun=false")
    differing = {"committed", "durationMs"}
    assert {name for name in MEMBERS if dry[name] != real[name]} == differing
    assert snapshot(database_url) != before


async def test_a_dry_run_on_an_empty_database_leaves_it_empty(new_database: NewDatabase) -> None:
    """No table is left behind, not even that of the migrations."""
    database_url = new_database()
    async with open_app(database_url) as client:
        await client.get("/api/db")  # the file of SQLite comes into being when it is opened
        before = snapshot(database_url)
        for mode in MODES:
            summary = await seed(client, f"?reset={mode}&dryRun=true")
            assert summary["created"]["treatmentPlans"]["count"] == 60
            assert snapshot(database_url) == before
        assert (await client.get("/api/db")).json()["rows"] == {}


@pytest.fixture(params=["EAST-14", "WEST+12"])
def time_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """At any moment it is another day than in UTC in one of the two."""
    with monkeypatch.context() as environment:
        environment.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


@shared_on_sqlite
async def test_a_set_is_made_for_today_in_utc(client: httpx.AsyncClient, time_zone: str) -> None:
    """`asOf` is today's date in UTC by default, wherever the server believes to be."""
    before = datetime.now(UTC).date()
    summary = await seed(client, "?dryRun=true")
    after = datetime.now(UTC).date()
    assert summary["asOf"] in {before.isoformat(), after.isoformat()}


async def events(
    client: httpx.AsyncClient, query: str = "", **quantities: int | str
) -> list[dict[str, Any]]:
    response = await client.post(f"/api/db/seed{query}", headers=STREAM, json=quantities)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/x-ndjson")
    assert response.text.endswith("\n")
    return [json.loads(line) for line in response.text.splitlines()]


async def test_a_stream_tells_each_step_and_ends_with_the_summary(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """Steps start and are done one after the other, each with its rows and its time."""
    await seed(client, patients=5, randomSeed=1)
    *steps, finished = await events(client)
    steps = [event for event in steps if event["event"] != "running"]  # on a slow machine
    names = [(event["event"], event["step"]) for event in steps]
    assert names == [(event, step) for step in STEPS for event in ("started", "done")]
    done = {event["step"]: event for event in steps if event["event"] == "done"}
    summary = finished["summary"]
    assert finished["event"] == "finished"
    assert summary.keys() == MEMBERS
    assert summary["committed"] is True
    assert {step: done[step]["durationMs"] for step in STEPS} == summary["durationMs"]["steps"]
    assert done["reset"]["rows"] == sum(summary["deleted"].values())
    assert [done[kind]["rows"] for kind in ("users", "patients", "treatmentPlans")] == [10, 20, 60]
    assert len(read_rows(database_url)["patients"]) == 20


@shared_on_sqlite
async def test_a_stream_tells_how_far_a_long_step_is(client: httpx.AsyncClient) -> None:
    """Between the start and the end of a step its rows grow, and its own rows only."""
    quantities = {"users": 1100, "organizations": 30, "patients": 1200, "appointmentWeeks": 0}
    *steps, _ = await events(client, "?dryRun=true", **quantities)
    for step, rows in (
        ("users", 1100),
        ("memberships", 1100),
        ("patients", 1200),
        ("treatmentPlans", 3600),
    ):
        first, *running, last = [event for event in steps if event["step"] == step]
        assert (first["event"], last["event"]) == ("started", "done")
        assert {event["event"] for event in running} == {"running"}
        assert all(one["rows"] <= other["rows"] for one, other in pairwise([*running, last]))
        assert last["rows"] == rows


@shared_on_sqlite
@pytest.mark.parametrize("organizations", [1, 7])
async def test_a_step_counts_what_the_summary_counts(
    client: httpx.AsyncClient, organizations: int
) -> None:
    """Each kind of row has one count: in its step, in `created`, in what the audit checked."""
    *steps, finished = await events(
        client, "?dryRun=true", users=7, organizations=organizations, patients=2
    )
    done = {each["step"]: each["rows"] for each in steps if each["event"] == "done"}
    created = {kind: made["count"] for kind, made in finished["summary"]["created"].items()}
    assert {kind: done.get(kind) for kind in created} == created
    assert created["memberships"] == 7
    assert done["audit"] == sum(created.values())


@shared_on_sqlite
async def test_a_stream_says_what_it_expects(client: httpx.AsyncClient) -> None:
    """The written rows are as many as expected, if the number is not random."""
    *steps, _ = await events(client, "?dryRun=true", users=7, organizations=2, asOf="2026-06-15")
    expected = {each["step"]: each["rowsExpected"] for each in steps if each["event"] == "started"}
    done = {each["step"]: each["rows"] for each in steps if each["event"] == "done"}
    assert expected.pop("reset") is None
    assert (expected.pop("weeklyTemplates"), expected.pop("availabilityExceptions")) == (28, 21)
    assert expected.pop("appointments") == pytest.approx(done["appointments"], rel=0.3)
    assert expected == {step: done[step] for step in expected}
    assert len(expected) == 8


async def test_a_stream_of_a_dry_run_has_no_commit(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """It ends with a summary that says so, and leaves the rows."""
    await seed(client, randomSeed=1)
    before = snapshot(database_url)
    *steps, finished = await events(client, "?dryRun=true")
    assert steps[-1]["step"] == "audit"
    assert finished["summary"]["committed"] is False
    assert snapshot(database_url) == before


async def test_a_stream_ends_with_the_problem_that_stopped_it(
    client: httpx.AsyncClient, app: Litestar, database_url: str
) -> None:
    """A seed that cannot begin, as another one is running, is one event: why it failed."""
    await seed(client)
    before = snapshot(database_url)
    async with exclusive_transaction(app.state.engine):
        [failed] = await events(client)
    assert failed["event"] == "failed"
    assert failed["problem"]["status"] == 409
    assert "Try again" in failed["problem"]["detail"]
    assert snapshot(database_url) == before


async def test_a_stream_that_fails_on_the_way_ends_there(
    client: httpx.AsyncClient, app: Litestar, database_url: str
) -> None:
    """The step that failed started and was not done; the problem is the last event."""
    await seed(client)
    async with app.state.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = snapshot(database_url)
    started, *_, failed = await events(client)
    assert started == {"event": "started", "step": "reset", "rowsExpected": None}
    assert failed["problem"]["status"] == 409
    assert "reset=drop" in failed["problem"]["detail"]
    assert snapshot(database_url) == before
    await seed(client, "?reset=drop")
