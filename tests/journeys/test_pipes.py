"""Whoever reads what a command prints, and however long, the command does its work."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from conftest import TABLES
from journeys.commands import (
    PROJECT,
    SECONDS,
    development,
    end,
    find_just,
    on_sqlite,
    on_terminal,
    run,
    terminal,
)
from journeys.forks import Command, start
from seeded_data.rows import read_rows

pytestmark = on_sqlite

FULL = Path("/dev/full")
OUTPUT_FAILED = 74


@contextmanager
def read_lines(pipe: Path, count: int) -> Iterator[None]:
    """Read as many lines of a pipe, then close it, while the block writes."""
    os.mkfifo(pipe)

    def read() -> None:
        with pipe.open() as reader:
            for _ in range(count):
                reader.readline()

    thread = Thread(target=read, daemon=True)
    thread.start()
    yield
    thread.join(SECONDS)


def finish(
    module: str, *options: str, variables: Any, output: Path | None, errors: Path | None
) -> int:
    """Run a module to its end; return its exit code."""
    process = start(Command(module, options, PROJECT, variables, output, errors))
    process.join(SECONDS)
    assert process.exitcode is not None
    return process.exitcode


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
    }


@pytest.mark.parametrize("options", [(), ("--json",)])
@pytest.mark.parametrize("lines", [0, 2, 30])
def test_a_closed_pipe_is_not_an_error(
    database_url: str, before: Any, tmp_path: Path, lines: int, options: tuple[str, ...]
) -> None:
    """The database is seeded, the exit code is 0, and nothing is reported."""
    pipe, errors = tmp_path / "pipe", tmp_path / "errors"
    with read_lines(pipe, lines):
        code = seed_with(database_url, *options, output=pipe, errors=errors)
    assert (code, errors.read_text()) == (0, "")
    assert_seeded(database_url)


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_server_seeds_to_the_end_for_a_closed_pipe(
    server: str, database_url: str, before: Any, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """With --url, the stream is read to its end although nobody reads what is printed."""
    pipe, errors = tmp_path / "pipe", tmp_path / "errors"
    with read_lines(pipe, 1):
        code = seed_with("", "--url", server, *options, output=pipe, errors=errors)
    assert (code, errors.read_text()) == (0, "")
    assert_seeded(database_url)


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_closed_streams_are_not_an_error(
    database_url: str, before: Any, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """The same with `>&-`, `2>&-` and both; what is open has what belongs there."""
    output, errors = tmp_path / "output", tmp_path / "errors"
    assert seed_with(database_url, *options, output=None, errors=errors) == 0
    assert errors.read_text() == ""
    assert_seeded(database_url)
    assert seed_with(database_url, *options, output=output, errors=None) == 0
    shown = output.read_text()
    assert json.loads(shown)["committed"] if options else "Password123" in shown
    assert seed_with(database_url, *options, output=None, errors=None) == 0


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_full_disk_is_reported_after_the_seed(
    database_url: str, before: Any, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """One line says that the seed succeeded and its output was lost, as the exit code does."""
    errors = tmp_path / "errors"
    code = seed_with(database_url, *options, output=FULL, errors=errors)
    assert code == OUTPUT_FAILED
    assert errors.read_text() == (
        "just seed succeeded, but its output could not be written: No space left on device.\n"
    )
    assert_seeded(database_url)


def test_errors_that_cannot_be_written_change_nothing(
    database_url: str, before: Any, tmp_path: Path
) -> None:
    """A full disk or a closed pipe behind standard error is no reason to fail."""
    output, pipe = tmp_path / "output", tmp_path / "pipe"
    assert seed_with(database_url, output=output, errors=FULL) == 0
    assert_seeded(database_url)
    with read_lines(pipe, 0):
        assert seed_with(database_url, "--users", "0", output=output, errors=pipe) == 2


def test_a_refusal_keeps_its_exit_code(database_url: str, tmp_path: Path) -> None:
    """A full disk does not hide that the seed failed."""
    errors = tmp_path / "errors"
    assert seed_with(database_url, "--users", "0", output=FULL, errors=errors) == 2
    assert "--users" in errors.read_text()


@pytest.mark.parametrize("output", [None, FULL], ids=str)
def test_other_commands_print_as_robustly(
    database_url: str, before: Any, tmp_path: Path, output: Path | None
) -> None:
    """`just stamp` and `just migrate` do their work and tell a full disk alike."""
    errors, variables = tmp_path / "errors", development(database_url)
    for module in ("app.cli.stamp", "app.cli.migrate"):
        errors.write_text("")
        code = finish(module, variables=variables, output=output, errors=errors)
        assert code == (OUTPUT_FAILED if output else 0)
        assert errors.read_text().count("No space left on device") == bool(output)
        assert "Traceback" not in errors.read_text()


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("seed | true", "0 0"),
        ("seed | head -2", "0 0"),
        ("seed >&-", "0"),
        ("seed >/dev/full", f"{OUTPUT_FAILED}"),
        ("stamp | true", "0 0"),
        ("migrate | true", "0 0"),
        ("stamp >/dev/full", f"{OUTPUT_FAILED}"),
    ],
)
def test_a_shell_sees_the_same(
    database_url: str, before: Any, tmp_path: Path, command: str, codes: str
) -> None:
    """With a real shell, `just`, uv and the interpreter between, each exit code is right."""
    errors = tmp_path / "errors"
    script = f'"{find_just()}" {command}\necho "${{PIPESTATUS[*]}}" >"{tmp_path}/codes"'
    run("bash", "-c", f'({script}) 2>"{errors}"', variables=development(database_url))
    assert (tmp_path / "codes").read_text().strip() == codes
    told = errors.read_text()
    assert "Traceback" not in told
    assert "Broken pipe" not in told
    assert told.count("could not be written") == codes.count(str(OUTPUT_FAILED))
    if command.startswith("seed"):
        assert_seeded(database_url)


@on_terminal
@pytest.mark.parametrize("redirection", ["2>errors", ">&-"])
def test_the_question_is_always_seen(
    database_url: str, before: Any, tmp_path: Path, redirection: str
) -> None:
    """With standard error elsewhere, the question still comes on the terminal."""
    command = f'exec "{sys.executable}" -m app.cli.seed {redirection}'
    with terminal(
        "/bin/sh", "-c", command, variables=development(database_url), folder=tmp_path
    ) as child:
        child.expect_exact("Continue?")
        child.sendline("y")
        code, _ = end(child)
    assert code == 0
    assert_seeded(database_url)


@on_terminal
def test_where_nobody_can_be_asked_nothing_is_deleted(
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
