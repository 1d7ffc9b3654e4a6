"""What `just seed` shows has room on any terminal, and nothing of it is cut off."""

import json
import re
from typing import Any

import pytest

from journeys.commands import SEED, development, end, on_sqlite, on_terminal, run_module, terminal

pytestmark = on_sqlite

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
STEPS = ("reset", "users", "availability exceptions", "treatment plans", "commit")


def shown(database_url: str, **variables: str) -> str:
    done = run_module("app.cli.seed", variables=development(database_url) | variables)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def users(database_url: str) -> Any:
    done = run_module("app.cli.seed", "--dry-run", "--json", variables=development(database_url))
    return json.loads(done.stdout)["signIn"]["users"]


def assert_complete(told: str, people: Any) -> None:
    """Each line that says something of a person has it whole; nothing ends in an ellipsis."""
    assert len(people) == 10
    for person in people:
        assert person["email"] in told
        assert person["organization"] in told
        assert re.search(rf"{person['name']}(, | +){person['role']}\b", told)
    assert "…" not in told
    assert all(step in told for step in STEPS)


def widest(told: str) -> int:
    return max(len(line.rstrip()) for line in told.splitlines() if not line.startswith("SQLite"))


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_everything_fits_in_a_pipe(database_url: str, columns: int) -> None:
    """COLUMNS is obeyed where there is no terminal, and no word is cut."""
    told = shown(database_url, COLUMNS=str(columns))
    assert widest(told) <= columns
    assert_complete(told, users(database_url))


@pytest.mark.parametrize("columns", ["", "5", "-60", "²", "6" * 5_000])
def test_a_width_that_cannot_be_is_ignored(database_url: str, columns: str) -> None:
    """The output is that of a pipe without COLUMNS: a table of 120 columns at most."""
    told = shown(database_url, COLUMNS=columns, LINES=columns)
    assert 80 < widest(told) <= 120
    assert "e-mail" in told


@on_terminal
@pytest.mark.parametrize("columns", [40, 60])
def test_everything_fits_on_a_terminal(database_url: str, columns: int) -> None:
    with terminal(*SEED, variables=development(database_url), columns=columns) as child:
        code, said = end(child)
    assert code == 0
    told = CONTROL.sub("", said).replace("\r\n", "\n")
    assert widest(told.replace("\r", "\n")) <= columns
    assert_complete(told, users(database_url))


@on_terminal
@pytest.mark.parametrize(("columns", "term"), [(0, "xterm"), (60, "dumb"), (3, "xterm")])
def test_a_terminal_without_a_width_of_use(database_url: str, columns: int, term: str) -> None:
    """Neither one that does not know its width nor one that cannot be drawn over is a problem."""
    variables = development(database_url) | {"TERM": term}
    with terminal(*SEED, variables=variables, columns=columns) as child:
        code, said = end(child)
    assert code == 0
    assert "Traceback" not in said
    if columns != 3:
        assert_complete(CONTROL.sub("", said), users(database_url))
