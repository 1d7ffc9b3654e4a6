"""`just check`, `format`, `test` and `quick`: run ruff, mypy and pytest."""

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import click

from app.cli.options import command, passing_command
from app.cli.streams import run
from app.cli.terminal import BAD_VALUE, INTERRUPTED

CHECKS = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",))
FORMATS = (("ruff", "check", "--fix"), ("ruff", "format"))
PYTEST_USAGE_ERROR = 4  # `pytest.ExitCode`, which would be slow to import
PYTEST = ("pytest", "--numprocesses", "auto", "--dist", "loadfile")
# All processes of the tests share the modules that one of them compiled, even if the environment
# says that nothing is to be compiled beside the sources.
BYTECODE = {
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONPYCACHEPREFIX": str(Path(__file__).parents[1] / "var/bytecode"),
}

pytest_options = click.argument(
    "options", metavar="[PYTEST OPTIONS]", nargs=-1, type=click.UNPROCESSED
)


@click.group()
def main() -> None:
    """Check, format and test the code."""


def run_each(*programs: tuple[str, ...]) -> int:
    """Run programs until one fails, and return its exit code."""
    interrupted = False

    def note(*_: Any) -> None:
        nonlocal interrupted
        interrupted = True  # the programs get Ctrl-C as well, and end in their own way

    signal.signal(signal.SIGINT, note)
    for program in programs:
        variables = os.environ | BYTECODE
        code = subprocess.run(program, check=False, env=variables).returncode  # noqa: S603 - our own tools
        if interrupted:
            return INTERRUPTED
        if code:
            is_usage = program[0] == "pytest" and code == PYTEST_USAGE_ERROR
            return BAD_VALUE if is_usage else code
    return 0


@command()
def check() -> int:
    """Check style and types with ruff and mypy. Changes nothing.

    \b
    Example:
      uv run just check
    """
    return run_each(*CHECKS)


@command("format")
def format_code() -> int:
    """Format the code with ruff, and fix what it can fix.

    \b
    Example:
      uv run just format
    """
    return run_each(*FORMATS)


@passing_command()
@pytest_options
def test(options: tuple[str, ...]) -> int:
    """Check style and types, then run all tests in parallel: the same as CI.

    All other options are passed to pytest; `uv run pytest --help` explains them.

    \b
    Examples:
      uv run just test
      uv run just test tests/seed -n 0
    """
    return run_each(*CHECKS, (*PYTEST, "--no-loadscope-reorder", *options))


@passing_command()
@pytest_options
def quick(options: tuple[str, ...]) -> int:
    """Run the tests that need neither PostgreSQL nor other processes.

    All other options are passed to pytest; `uv run pytest --help` explains them.

    \b
    Examples:
      uv run just quick
      uv run just quick tests/clinic -x
    """
    return run_each((*PYTEST, "-m", "not slow", *options))


if __name__ == "__main__":
    for each in (check, format_code, test, quick):
        main.add_command(each)
    run(main, "just")
