"""`just seed` on a real terminal: it asks before it deletes, and Ctrl-C leaves the old rows."""

import json
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from time import sleep
from typing import Any

import anyio
import pexpect
import pytest

from app.settings import Environment
from conftest import make_app, open_client
from journeys.commands import SEED, development, end, environment, on_sqlite, on_terminal, terminal
from seeded_data.rows import read_rows
from snapshots import snapshot

pytestmark = on_terminal

QUESTION = "Continue?"
INTERRUPTED_WITHIN_SECONDS = 60
# Between Python's last look for signals and its reading of a line lie some 100 µs. A Ctrl-C in
# there is heard only with the next key.
SECONDS_TO_READ_A_QUESTION = 1
CURSOR_HIDDEN, CURSOR_SHOWN = "\x1b[?25l", "\x1b[?25h"
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
LARGE = ("--patients", "10000")
LONG = ("--patients", "30000")
FULL_BAR = re.compile(
    r". (patients|treatment plans) +[━╸╺ ]+ [\d,]+ of (?:10|30|90),000 rows"
    r"( +[\d,]+ rows/s)? +\d:\d\d (left|so far)"
)


def state_of(database_url: str) -> Any:
    async def describe() -> Any:
        async with open_client(make_app(database_url)) as client:
            return (await client.get("/api/db")).json()

    return anyio.run(describe)


def reseed(database_url: str) -> int:
    """Seed once more at once, give the status."""

    async def post() -> int:
        app = make_app(database_url, Environment.DEVELOPMENT)
        async with open_client(app) as client:
            return (await client.post("/api/db/seed")).status_code

    return anyio.run(post)


@on_sqlite
def test_an_empty_database_is_seeded_without_a_question(database_url: str) -> None:
    """Where there is nothing to lose, nothing is asked."""
    with terminal(*SEED, variables=development(database_url)) as child:
        code, said = end(child)
    assert code == 0
    assert QUESTION not in said
    assert "Password123" in said


def test_the_question_says_what_would_go(database_url: str, before: Any) -> None:
    """It names the database and the number of its rows, and after "n" all of them stand."""
    state = state_of(database_url)
    with terminal(*SEED, variables=development(database_url)) as child:
        child.expect_exact(QUESTION)
        asked = str(child.before)
        child.sendline("n")
        code, said = end(child)
    assert state["database"] in asked
    assert f"{sum(state['rows'].values())} rows" in asked
    assert (code, snapshot(database_url)) == (1, before)
    assert "Nothing was changed" in said


@on_sqlite
def test_nothing_is_asked_about_a_database_that_may_not_be_reset(
    database_url: str, before: Any
) -> None:
    """What would be refused after the answer is refused before the question."""
    with terminal(*SEED, variables=environment(database_url, APP_ENV="test")) as child:
        code, said = end(child)
    assert code == 1
    assert QUESTION not in said
    assert "marked for development" in said
    assert "→ Set APP_ENV=development" in said
    assert snapshot(database_url) == before


@on_sqlite
def test_yes_goes_ahead(database_url: str, before: Any) -> None:
    """After "y" the old rows go, and the new ones are shown."""
    with terminal(*SEED, variables=development(database_url)) as child:
        child.expect_exact(QUESTION)
        child.sendline("y")
        code, said = end(child)
    assert code == 0
    assert "Password123" in said
    assert snapshot(database_url) != before


@on_sqlite
@pytest.mark.parametrize("option", ["--yes", "--dry-run"])
def test_nothing_is_asked_without_need(database_url: str, before: Any, option: str) -> None:
    """Neither who consented beforehand nor who only tries is asked for consent."""
    with terminal(*SEED, option, variables=development(database_url)) as child:
        code, said = end(child)
    assert code == 0
    assert QUESTION not in said
    assert (snapshot(database_url) == before) is (option == "--dry-run")


@on_sqlite
def test_the_question_stays_out_of_the_summary(
    database_url: str, before: Any, tmp_path: Path
) -> None:
    """With --json into a file, the question comes on the terminal and the file is the summary."""
    file = tmp_path / "summary.json"
    redirected = f'exec "{sys.executable}" -m app.cli.seed --json >"{file}"'
    with terminal("/bin/sh", "-c", redirected, variables=development(database_url)) as child:
        child.expect_exact(QUESTION)
        child.sendline("y")
        code, _ = end(child)
    assert code == 0
    assert json.loads(file.read_text())["deleted"]["patients"] == 7


@on_sqlite
def test_the_question_counts_what_would_go(database_url: str, before: Any) -> None:
    """Rows of a table that nobody knows go with a drop, and count only there."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("CREATE TABLE notebook AS SELECT * FROM users")
    for mode, extra in (("delete", 0), ("drop", 10)):
        with terminal(*SEED, "--reset", mode, variables=development(database_url)) as child:
            child.expect(r"(\d+) rows")
            counted = int(child.match.group(1))
            child.sendline("n")
            end(child)
        assert counted == known_rows(database_url) + extra


def known_rows(database_url: str) -> int:
    tables = read_rows(database_url)
    return sum(len(rows) for rows in tables.values())


def assert_interrupted(child: pexpect.spawn) -> None:
    """Press Ctrl-C, and expect a quick end with no success and no traceback."""
    child.sendintr()
    code, said = end(child, INTERRUPTED_WITHIN_SECONDS)
    assert code
    assert "Traceback" not in said
    assert said.rfind(CURSOR_SHOWN) >= said.rfind(CURSOR_HIDDEN)


@on_sqlite
def test_ctrl_c_at_the_question_is_a_no(database_url: str, before: Any) -> None:
    """Who interrupts the question has changed nothing."""
    with terminal(*SEED, variables=development(database_url)) as child:
        child.expect_exact(QUESTION)
        sleep(SECONDS_TO_READ_A_QUESTION)
        assert_interrupted(child)
    assert snapshot(database_url) == before


@pytest.mark.parametrize(
    ("new_database", "step"),
    [
        ("sqlite", "audit"),
        ("postgresql", "treatment plans"),
    ],
    indirect=["new_database"],
)
def test_ctrl_c_in_the_middle_changes_nothing(database_url: str, before: Any, step: str) -> None:
    """Interrupted in a step, it ends soon, the old rows stand, and the next run works at once."""
    large = ("--yes", "--patients", "50000")
    with terminal(*SEED, *large, variables=development(database_url)) as child:
        child.expect_exact(f" {step}")
        assert_interrupted(child)
    assert snapshot(database_url) == before
    assert reseed(database_url) == 201


def frames(said: str) -> list[str]:
    """Give what stood in a line at any moment, without its colours."""
    return [CONTROL.sub("", frame).rstrip() for frame in re.split(r"[\r\n]+", said)]


def assert_drawn(said: str) -> None:
    """Each step has left one line, and nothing else of the bars."""
    done = [frame for frame in frames(said) if frame.startswith("✓")]
    assert (
        len(done) == len({frame.split("  ")[0] for frame in done}) == 11
    )  # with the indexes of a large set
    assert CURSOR_HIDDEN in said
    assert said.rfind(CURSOR_SHOWN) > said.rfind(CURSOR_HIDDEN)


@on_sqlite
def test_a_long_step_is_a_bar(database_url: str) -> None:
    """It fills, with rows of the expected ones, speed and time; what expects nothing pulses."""
    with terminal(*SEED, *LONG, variables=development(database_url)) as child:
        code, said = end(child)
    assert code == 0
    assert_drawn(said)
    bars = [frame for frame in frames(said) if FULL_BAR.match(frame)]
    assert len({frame.split("of")[0] for frame in bars}) > 3
    ends = [re.search("[╸╺]", bar) for bar in bars if "treatment plans" in bar]
    filled = [end.start() for end in ends if end]
    assert filled[0] < filled[-1]
    assert filled == sorted(filled)
    assert all(len(frame) <= 100 for frame in frames(said))
    assert any(re.match(r". reset +━+ +0:0\d so far", frame) for frame in frames(said))


@on_sqlite
def test_a_bar_of_a_running_server(server: str, database_url: str) -> None:
    """With --url the bar is that of the other server's run."""
    command = (*SEED, *LARGE, "--url", server)
    with terminal(*command, variables=development("mysql://nowhere")) as child:
        code, said = end(child)
    assert code == 0
    assert_drawn(said)
    assert any(FULL_BAR.match(frame) for frame in frames(said))


@on_sqlite
def test_a_narrow_terminal_has_a_bar_and_the_time(database_url: str) -> None:
    """What has no room is left out, so that the bar stays in one line."""
    with terminal(*SEED, *LARGE, variables=development(database_url), columns=50) as child:
        code, said = end(child)
    assert code == 0
    assert_drawn(said)
    bars = [frame for frame in frames(said) if re.match(r". [a-z ]+ [━╸╺]+ +\d:\d\d ", frame)]
    assert any("treatment plans" in frame for frame in bars)
    assert all(len(frame) <= 50 for frame in bars)


@on_sqlite
def test_without_colours_there_are_bars_as_well(database_url: str) -> None:
    """NO_COLOR leaves the shapes and takes the colours."""
    variables = development(database_url) | {"NO_COLOR": "1"}
    with terminal(*SEED, *LARGE, variables=variables) as child:
        code, said = end(child)
    assert code == 0
    assert_drawn(said)
    assert any(FULL_BAR.match(frame) for frame in frames(said))
    assert not re.search(r"\x1b\[[\d;]*3\d", said)


@on_sqlite
def test_a_terminal_that_cannot_be_drawn_over_has_lines_alone(database_url: str) -> None:
    """There is one line a step, and not a single control character."""
    variables = development(database_url) | {"TERM": "dumb"}
    with terminal(*SEED, variables=variables) as child:
        code, said = end(child)
    assert code == 0
    assert sum(line.startswith("✓") for line in said.splitlines()) == 10
    assert "\x1b" not in said
    assert "━" not in said.partition("Created")[0]


@on_sqlite
def test_a_failure_is_said_where_errors_go(database_url: str, before: Any, tmp_path: Path) -> None:
    """With errors into a file they are there, and the terminal has its cursor again."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    file = tmp_path / "errors"
    redirected = f'exec "{sys.executable}" -m app.cli.seed --yes 2>"{file}"'
    with terminal("/bin/sh", "-c", redirected, variables=development(database_url)) as child:
        code, said = end(child)
    assert code == 1
    assert "reset=drop" in file.read_text()
    assert "reset=drop" not in said
    assert said.rfind(CURSOR_SHOWN) > said.rfind(CURSOR_HIDDEN) >= 0
