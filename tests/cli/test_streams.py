"""A command does its work even if nobody can read what it prints."""

from pathlib import Path
from typing import NamedTuple

import pytest

from journeys.commands import environment, finish, read_lines

pytestmark = pytest.mark.slow

FULL = Path("/dev/full")
OUTPUT_FAILED = 74
LINES = 30
PADDING = "x" * 10_000
PRINTED = "".join(f"line {number} {PADDING}\n" for number in range(LINES))
ERRORS = "".join(f"error {number} {PADDING}\n" for number in range(LINES))
LOST = "{} succeeded, but its output could not be written: No space left on device.\n"


class Printer(NamedTuple):
    """Runs a command that prints lines on both streams and then writes a file."""

    folder: Path

    def run(self, output: Path | None, errors: Path | None, code: int = 0) -> int:
        """Return the exit code; the command itself ends with `code`."""
        arguments = (str(self.folder / "file"), str(LINES), str(code))
        return finish(
            *("cli.printed_lines", *arguments),
            variables=environment(""),
            output=output,
            errors=errors,
        )

    def is_done(self) -> bool:
        return (self.folder / "file").exists()


@pytest.fixture
def printer(tmp_path: Path) -> Printer:
    return Printer(tmp_path)


@pytest.mark.parametrize("lines", [0, 2, LINES])
def test_closed_pipe_is_not_an_error(printer: Printer, tmp_path: Path, lines: int) -> None:
    """The command ends its work, the exit code is 0, and the pipe is not mentioned."""
    pipe, errors = tmp_path / "pipe", tmp_path / "errors"
    with read_lines(pipe, lines):
        assert printer.run(pipe, errors) == 0
    assert printer.is_done()
    assert errors.read_text() == ERRORS


@pytest.mark.parametrize("closed", ["output", "errors", "both"])
def test_closed_streams_are_not_an_error(printer: Printer, tmp_path: Path, closed: str) -> None:
    """The same with `>&-`, `2>&-` and both; a stream that is open gets its lines."""
    output = tmp_path / "output" if closed == "errors" else None
    errors = tmp_path / "errors" if closed == "output" else None
    assert printer.run(output, errors) == 0
    assert printer.is_done()
    assert output is None or output.read_text() == PRINTED
    assert errors is None or errors.read_text() == ERRORS


def test_full_disk_is_reported_after_the_work(printer: Printer, tmp_path: Path) -> None:
    """A last line and the exit code say that the command succeeded and its output was lost."""
    errors = tmp_path / "errors"
    assert printer.run(FULL, errors) == OUTPUT_FAILED
    assert printer.is_done()
    assert errors.read_text() == ERRORS + LOST.format("cli.printed_lines")


def test_errors_that_cannot_be_written_change_nothing(printer: Printer, tmp_path: Path) -> None:
    """A full disk or a closed pipe behind standard error is no reason to fail."""
    output, pipe = tmp_path / "output", tmp_path / "pipe"
    assert printer.run(output, FULL) == 0
    assert output.read_text() == PRINTED
    with read_lines(pipe, 0):
        assert printer.run(output, pipe) == 0
    assert printer.is_done()


@pytest.mark.parametrize("output", [None, FULL], ids=str)
def test_failure_keeps_its_exit_code(printer: Printer, tmp_path: Path, output: Path | None) -> None:
    """Lost output does not hide that a command failed, nor does it add a message."""
    errors = tmp_path / "errors"
    assert printer.run(output, errors, code=3) == 3
    assert errors.read_text() == ERRORS
