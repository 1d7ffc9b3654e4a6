"""`just seed` and other commands do their work even if nobody can read what they print.

`tests/cli/test_streams.py` tries each stream in each way on a command that costs nothing.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import TABLES
from journeys.commands import (
    PROJECT,
    SECONDS,
    development,
    end,
    find_just,
    finish,
    module_on_terminal,
    on_sqlite,
    read_lines,
    run,
)
from seeded_data.rows import read_rows

FULL = Path("/dev/full")
OUTPUT_FAILED = 74
TINY = ("--users", "1", "--organizations", "1", "--patients", "0")


def seed_with(database_url: str, *options: str, output: Path | None, errors: Path | None) -> int:
    variables = development(database_url)
    return finish("app.cli.seed", *options, variables=variables, output=output, errors=errors)


def assert_seeded(database_url: str) -> None:
    """The database holds the default data set."""
    rows = read_rows(database_url)
    assert {name: len(rows[table]) for name, table in TABLES.items() if name != "users"} == {
        "organizations": 3,
        "memberships": 10,
        "weeklyTemplates": 41,
        "availabilityExceptions": len(rows["availability_exceptions"]),
        "patients": 20,
        "treatmentPlans": 60,
        "rooms": 9,
        "appointmentTypes": 15,
        "appointments": len(rows["appointments"]),
    }


@on_sqlite
@pytest.mark.parametrize(("options", "lines"), [((), 2), (("--json",), 0)])
def test_closed_pipe_is_not_an_error(
    database_url: str, before: Any, tmp_path: Path, lines: int, options: tuple[str, ...]
) -> None:
    """The database is seeded, the exit code is 0, and nothing is reported."""
    pipe, errors = tmp_path / "pipe", tmp_path / "errors"
    with read_lines(pipe, lines):
        code = seed_with(database_url, *options, output=pipe, errors=errors)
    assert (code, errors.read_text()) == (0, "")
    assert_seeded(database_url)


@on_sqlite
def test_server_seeds_to_the_end_for_a_closed_pipe(
    server: str, database_url: str, before: Any, tmp_path: Path
) -> None:
    """With --url, the stream is read to its end although nobody reads what is printed."""
    pipe, errors = tmp_path / "pipe", tmp_path / "errors"
    with read_lines(pipe, 1):
        code = seed_with("", "--url", server, output=pipe, errors=errors)
    assert (code, errors.read_text()) == (0, "")
    assert_seeded(database_url)


@on_sqlite
def test_closed_streams_are_not_an_error(database_url: str, before: Any, tmp_path: Path) -> None:
    """With `>&- 2>&-` the database is seeded; with `2>&-` the summary is printed as well."""
    assert seed_with(database_url, output=None, errors=None) == 0
    assert_seeded(database_url)
    output = tmp_path / "output"
    assert seed_with(database_url, "--json", *TINY, output=output, errors=None) == 0
    assert json.loads(output.read_text())["committed"]


@on_sqlite
def test_full_disk_is_reported_after_the_seed(
    database_url: str, before: Any, tmp_path: Path
) -> None:
    """One line says that the seed succeeded and its output was lost, as the exit code does."""
    errors = tmp_path / "errors"
    code = seed_with(database_url, output=FULL, errors=errors)
    assert code == OUTPUT_FAILED
    assert errors.read_text() == (
        "just seed succeeded, but its output could not be written: No space left on device.\n"
    )
    assert_seeded(database_url)


def test_refusal_keeps_its_exit_code(tmp_path: Path) -> None:
    """Neither a full disk nor a closed pipe behind standard error hides that the seed failed."""
    errors, pipe = tmp_path / "errors", tmp_path / "pipe"
    assert seed_with("", "--url", "none", output=FULL, errors=errors) == 2
    assert '--url is "none"' in errors.read_text()
    with read_lines(pipe, 0):
        assert seed_with("", "--url", "none", output=FULL, errors=pipe) == 2


@on_sqlite
@pytest.mark.parametrize("module", ["app.cli.stamp", "app.cli.migrate"])
def test_other_commands_report_a_full_disk(
    database_url: str, before: Any, tmp_path: Path, module: str
) -> None:
    """`just stamp` and `just migrate` report it in one line, too."""
    errors = tmp_path / "errors"
    variables = development(database_url)
    assert finish(module, variables=variables, output=FULL, errors=errors) == OUTPUT_FAILED
    [line] = errors.read_text().splitlines()
    assert "No space left on device" in line


@on_sqlite
def test_a_shell_sees_the_same(database_url: str, before: Any, tmp_path: Path) -> None:
    """With a real shell, `just`, uv and the interpreter between, each exit code is right."""
    errors = tmp_path / "errors"
    script = f'"{find_just()}" seed | head -2\necho "${{PIPESTATUS[*]}}" >"{tmp_path}/codes"'
    run("bash", "-c", f'({script}) 2>"{errors}"', variables=development(database_url))
    assert (tmp_path / "codes").read_text().strip() == "0 0"
    assert errors.read_text() == ""
    assert_seeded(database_url)


@on_sqlite
def test_question_is_always_seen(database_url: str, before: Any, tmp_path: Path) -> None:
    """With standard output closed and standard error in a file, it is on the terminal."""
    with module_on_terminal(
        "app.cli.seed",
        variables=development(database_url),
        output=None,
        errors=tmp_path / "errors",
    ) as child:
        child.expect_exact("Continue?")
        child.sendline("y")
        code, _ = end(child)
    assert code == 0
    assert_seeded(database_url)


@on_sqlite
def test_nothing_is_deleted_where_nobody_can_be_asked(
    database_url: str, before: Any, tmp_path: Path
) -> None:
    """A terminal as standard input alone, without one to ask on, needs --yes."""
    ours, theirs = os.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli.seed"],
            cwd=PROJECT,
            env=development(database_url),
            stdin=theirs,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            start_new_session=True,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 1
    assert "Nothing was changed" in done.stderr
    assert "--yes" in done.stderr
    assert len(read_rows(database_url)["patients"]) == 7
