"""Our commands, called in the process of the tests: ten times as fast as in another process.

That they work as processes is tested in `journeys/`.
"""

import io
import os
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from typing import Any
from unittest import mock

from alembic.config import main as alembic_main

from app.cli import stamp as stamp_command
from journeys.commands import PROJECT

Variables = Mapping[str, str]


def alembic(*arguments: str, variables: Variables) -> CompletedProcess[str]:
    """Run a command of Alembic that tests do not read the output of, such as `upgrade`."""
    return _in_thread(lambda: alembic_main(list(arguments)), arguments, variables)


def stamp(*arguments: str, variables: Variables) -> CompletedProcess[str]:
    """Run `just stamp`."""
    return _in_thread(lambda: stamp_command.main(list(arguments)), arguments, variables)


def _in_thread(
    command: Callable[[], Any], arguments: tuple[str, ...], variables: Variables
) -> CompletedProcess[str]:
    """Both commands run an event loop, which a thread that already has one cannot do."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_call, command, arguments, variables).result()


def _call(
    command: Callable[[], Any], arguments: tuple[str, ...], variables: Variables
) -> CompletedProcess[str]:
    output, errors = io.StringIO(), io.StringIO()
    code: Any = 0
    with (
        chdir(PROJECT),
        mock.patch.dict(os.environ, variables, clear=True),
        redirect_stdout(output),
        redirect_stderr(errors),
    ):
        try:
            command()
        except SystemExit as end:
            code = end.code or 0
        except Exception:  # noqa: BLE001 - as an interpreter ends
            errors.write(traceback.format_exc())
            code = 1
    if not isinstance(code, int):
        errors.write(f"{code}\n")
        code = 1
    return CompletedProcess(arguments, code, output.getvalue(), errors.getvalue())
