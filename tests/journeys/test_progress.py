"""What a caller sees of a long seed on a real server, and what is left when it looks away."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from threading import Timer
from time import monotonic, sleep
from typing import Any

import httpx
import psycopg
import pytest

from app.seed.rows.kind import ROWS_PER_BATCH
from snapshots import snapshot

SECONDS_HELD = 3
PATIENTS = 3_000
# There are two lines a second or more; a machine that has much else to do may be slower.
LONGEST_SILENCE = 2
SLOW_DISK = """
CREATE FUNCTION take_a_millisecond() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN PERFORM pg_sleep(0.001); RETURN NEW; END';
CREATE TRIGGER slow BEFORE INSERT ON patients FOR EACH ROW EXECUTE FUNCTION take_a_millisecond();
"""

Line = tuple[float, dict[str, Any]]


@contextmanager
def streamed(server: str, **quantities: int) -> Iterator[Iterator[Line]]:
    """Return each line with the moment at which it came."""
    call: dict[str, Any] = {"trust_env": False, "timeout": 180, "json": quantities}
    accept = {"Accept": "application/x-ndjson"}
    with httpx.stream("POST", f"{server}/api/db/seed", headers=accept, **call) as response:
        yield ((monotonic(), json.loads(line)) for line in response.iter_lines())


@contextmanager
def held(database_url: str) -> Iterator[psycopg.Connection]:
    """Write in a transaction of another program, for which a reset has to wait."""
    with psycopg.connect(database_url) as other:
        other.execute("UPDATE patients SET notes = 'mine'")
        yield other


def lines_of(step: str, lines: list[Line]) -> list[Line]:
    return [line for line in lines if line[1].get("step") == step]


def assert_never_silent(lines: list[Line]) -> None:
    moments = [moment for moment, _ in lines]
    assert max(later - earlier for earlier, later in pairwise(moments)) < LONGEST_SILENCE
    assert len(moments) >= moments[-1] - moments[0]


@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
def test_a_statement_that_waits_is_heard_of(server: str, database_url: str, before: Any) -> None:
    """While one statement takes seconds, two lines a second tell the step, and nothing unknown."""
    with held(database_url) as other, streamed(server) as stream:
        Timer(SECONDS_HELD, other.rollback).start()
        lines = list(stream)
    _, *running, (_, done) = lines_of("reset", lines)
    assert len(running) >= SECONDS_HELD - 1
    unknown = dict.fromkeys(("rowsExpected", "rowsPerSecond", "secondsLeft"))
    assert all(
        event == {"event": "running", "step": "reset", "rows": 0, **unknown} for _, event in running
    )
    assert done["rows"] > 7
    assert_never_silent(lines)


@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
def test_the_figures_of_a_slow_step_add_up(server: str, database_url: str, before: Any) -> None:
    """Rows grow up to the expected number, at the reported speed, for the reported time."""
    with psycopg.connect(database_url) as connection:
        connection.execute(SLOW_DISK)
    with streamed(server, patients=PATIENTS) as stream:
        lines = list(stream)
    assert_never_silent(lines)
    (began, started), *running, (ended, done) = lines_of("patients", lines)
    assert started["rowsExpected"] == done["rows"] == PATIENTS
    assert all(event["rowsExpected"] == PATIENTS for _, event in running)
    told = [event["rows"] for _, event in running]
    assert told == sorted(told)
    assert told[0] < told[-1] <= PATIENTS
    timed = [line for line in running if line[1]["secondsLeft"] is not None]
    assert len(timed) >= 3
    batch = (ended - began) * ROWS_PER_BATCH / PATIENTS  # which is heard of when all of it is there
    for moment, event in timed:
        at_this_speed = (PATIENTS - event["rows"]) / event["rowsPerSecond"]
        assert at_this_speed - batch <= event["secondsLeft"] <= at_this_speed + 0.1
        assert event["secondsLeft"] == pytest.approx(ended - moment, abs=batch)
    (_, started), *_, (_, done) = lines_of("audit", lines)
    created = lines[-1][1]["summary"]["created"].values()
    assert started["rowsExpected"] == done["rows"] == sum(kind["count"] for kind in created)


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
def test_a_large_set_is_heard_of(server: str) -> None:
    """Rows, a commit and checks of twenty thousand leave no silence."""
    with streamed(server, patients=5_000) as stream:
        assert_never_silent(list(stream))


@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
def test_who_hangs_up_in_a_long_statement_changes_nothing(
    server: str, database_url: str, before: Any
) -> None:
    """The old rows stay, no session of the seed is left, and the next seed works."""
    with held(database_url) as other:
        with streamed(server) as stream:
            next(event for _, event in stream if event["event"] == "running")
        other.rollback()
    with psycopg.connect(database_url, autocommit=True) as watcher:
        seeds = "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'seedbed seed%'"
        until = monotonic() + 180
        while watcher.execute(f"{seeds} AND datname = current_database()").fetchone():
            assert monotonic() < until
            sleep(0.05)
    assert snapshot(database_url) == before
    with streamed(server) as stream:
        *_, (_, finished) = stream
    assert finished["summary"]["deleted"]["patients"] == 7
