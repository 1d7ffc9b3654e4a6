"""`just seed` on a terminal: it asks before it deletes, and Ctrl-C leaves the old rows.

`tests/cli/` has what is drawn on terminals of every width.
"""

import json
import re
import sqlite3
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import anyio

from app.cli.terminal import INTERRUPTED
from app.settings import Environment
from conftest import make_app, open_app, open_client
from journeys.commands import (
    ForkedTerminal,
    development,
    end,
    environment,
    module_on_terminal,
    on_sqlite,
)
from seeded_data.rows import read_rows
from snapshots import snapshot

QUESTION = "Continue?"
INTERRUPTED_WITHIN_SECONDS = 60
CURSOR_HIDDEN, CURSOR_SHOWN = "\x1b[?25l", "\x1b[?25h"
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
LARGE = ("--patients", "60000")
FULL_BAR = r"treatment plans[^\r\n]+[━╸╺][^\r\n]+ of 180,000 rows[^\r\n]+ left"


def seeding(
    database_url: str, *options: str, columns: int = 100, **streams: Path
) -> AbstractContextManager[ForkedTerminal]:
    """Run the command on a terminal, but for the streams that lead elsewhere."""
    variables = development(database_url)
    return module_on_terminal(
        "app.cli.seed", *options, variables=variables, columns=columns, **streams
    )


def state_of(database_url: str) -> Any:
    async def describe() -> Any:
        async with open_app(database_url) as client:
            return (await client.get("/api/db")).json()

    return anyio.run(describe)


def reseed(database_url: str) -> int:
    """Seed once more at once; return the status."""

    async def post() -> int:
        app = make_app(database_url, Environment.DEVELOPMENT)
        async with open_client(app) as client:
            return (await client.post("/api/db/seed")).status_code

    return anyio.run(post)


@on_sqlite
def test_empty_database_is_seeded_without_a_question(database_url: str) -> None:
    """There is nothing to lose; what is shown fits on a narrow terminal."""
    with seeding(database_url, columns=40) as child:
        code, shown = end(child)
    assert code == 0
    assert QUESTION not in shown
    assert "Password123" in shown
    assert max(map(len, frames(shown.partition("SQLite")[0]))) <= 40


@on_sqlite
def test_question_says_what_is_deleted(database_url: str, before: Any) -> None:
    """It names the database and the number of its rows, and "n" leaves all of them."""
    state = state_of(database_url)
    with seeding(database_url) as child:
        child.expect_exact(QUESTION)
        asked = str(child.before)
        child.sendline("n")
        code, shown = end(child)
    assert state["database"] in asked
    assert f"{sum(state['rows'].values())} rows" in asked
    assert (code, snapshot(database_url)) == (1, before)
    assert "Nothing was changed" in shown


@on_sqlite
def test_database_that_may_not_be_reset_is_refused_without_a_question(
    database_url: str, before: Any
) -> None:
    """What would be refused after the confirmation is refused before it is asked for."""
    variables = environment(database_url, APP_ENV="test")
    with module_on_terminal("app.cli.seed", variables=variables) as child:
        code, shown = end(child)
    assert code == 1
    assert QUESTION not in shown
    assert "marked for development" in shown
    assert "→ Set APP_ENV=development" in shown
    assert snapshot(database_url) == before


@on_sqlite
def test_yes_replaces_the_rows(database_url: str, before: Any) -> None:
    """After "y" the old rows are deleted, and the new ones are shown."""
    with seeding(database_url) as child:
        child.expect_exact(QUESTION)
        child.sendline("y")
        code, shown = end(child)
    assert code == 0
    assert "Password123" in shown
    assert snapshot(database_url) != before


@on_sqlite
def test_it_asks_again_until_it_hears_yes_or_no(database_url: str, before: Any) -> None:
    """After anything but yes or no it asks again; Ctrl-D is a no."""
    with seeding(database_url) as child:
        child.expect_exact(QUESTION)
        child.sendline("maybe")
        child.expect_exact("Type y or n.")
        child.expect_exact(QUESTION)
        child.sendline("NO")
        code, shown = end(child)
    assert code == 1
    assert "Nothing was changed." in shown
    with seeding(database_url) as child:
        child.expect_exact(QUESTION)
        child.send("\x04")
        code, shown = end(child)
    assert code == INTERRUPTED
    assert "Nothing was changed." in shown
    assert snapshot(database_url) == before


@on_sqlite
def test_a_dry_run_asks_nothing(database_url: str, before: Any) -> None:
    """It needs no confirmation."""
    with seeding(database_url, "--dry-run") as child:
        code, shown = end(child)
    assert code == 0
    assert QUESTION not in shown
    assert snapshot(database_url) == before


@on_sqlite
def test_question_is_not_in_the_summary(database_url: str, before: Any, tmp_path: Path) -> None:
    """With --json into a file, the question is on the terminal and the file is the summary."""
    file = tmp_path / "summary.json"
    with seeding(database_url, "--json", output=file) as child:
        child.expect_exact(QUESTION)
        child.sendline("y")
        code, _ = end(child)
    assert code == 0
    assert json.loads(file.read_text())["deleted"]["patients"] == 7


@on_sqlite
def test_question_counts_rows_of_other_tables_if_they_are_dropped(
    database_url: str, before: Any
) -> None:
    """A table of another program is dropped with the others, but its rows are not deleted."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("CREATE TABLE notebook AS SELECT * FROM patients")
    for mode, extra in (("delete", 0), ("drop", 7)):
        with seeding(database_url, "--reset", mode) as child:
            child.expect(r"(\d+) rows")
            counted = int(child.match.group(1))
            child.sendline("n")
            end(child)
        assert counted == known_rows(database_url) + extra


def known_rows(database_url: str) -> int:
    tables = read_rows(database_url)
    return sum(len(rows) for rows in tables.values())


def assert_interrupted(child: ForkedTerminal) -> None:
    """Expect a quick end with no success and no traceback."""
    code, shown = end(child, INTERRUPTED_WITHIN_SECONDS)
    assert code == INTERRUPTED
    assert "Traceback" not in shown
    assert shown.rfind(CURSOR_SHOWN) >= shown.rfind(CURSOR_HIDDEN)


@on_sqlite
def test_ctrl_c_at_the_question_is_a_no(database_url: str, before: Any) -> None:
    """The exit code says that the command was interrupted, and nothing was changed."""
    with seeding(database_url) as child:
        child.expect_exact(QUESTION)
        child.sendintr()
        # Python hears a Ctrl-C just before it begins to read with the next key alone.
        child.sendline("")
        assert_interrupted(child)
    assert snapshot(database_url) == before


@on_sqlite
def test_ctrl_c_during_a_seed_changes_nothing(database_url: str, before: Any) -> None:
    """A long step has a bar; interrupted in it, the seed ends soon, and the old rows are there.

    The next seed succeeds.
    """
    with seeding(database_url, "--yes", *LARGE) as child:
        child.expect(FULL_BAR)
        child.sendintr()
        assert_interrupted(child)
    assert snapshot(database_url) == before
    assert reseed(database_url) == 201


def frames(shown: str) -> list[str]:
    """Return everything that was in a line at any time, without its colors."""
    return [CONTROL.sub("", frame).rstrip() for frame in re.split(r"[\r\n]+", shown)]


@on_sqlite
def test_failure_is_reported_on_standard_error(
    database_url: str, before: Any, tmp_path: Path
) -> None:
    """If that is a file, the message is in the file, and the terminal has its cursor again."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    file = tmp_path / "errors"
    with seeding(database_url, "--yes", errors=file) as child:
        code, shown = end(child)
    assert code == 1
    assert "reset=drop" in file.read_text()
    assert "reset=drop" not in shown
    assert shown.rfind(CURSOR_SHOWN) > shown.rfind(CURSOR_HIDDEN) >= 0
