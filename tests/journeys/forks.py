"""What `python -m` runs, in a process that is forked from one with all modules loaded.

A new interpreter takes a second to load them. What a test sees is the same: the module runs as
`__main__`, with its own arguments, variables and streams. That commands start from nothing is for
`test_recipes.py`, and for the tests that call `run` of `commands.py`.
"""

import gc
import os
import runpy
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, NamedTuple

from server_processes import start_process


class Command(NamedTuple):
    """`output` and `errors` are files, or None for a stream that is closed from the start.

    If `input` is a terminal, it becomes the controlling terminal of the process.
    """

    module: str
    options: tuple[str, ...]
    folder: Path
    variables: Mapping[str, str]
    output: Path | None
    errors: Path | None
    input: Path = Path(os.devnull)


def start(command: Command) -> ForkServerProcess:
    return start_process(_become, command)


def _become(command: Command) -> None:
    # Imported here, as what only starts processes needs no applications.
    import prepared_applications  # noqa: PLC0415

    prepared_applications.use()
    # Freeze what the fork inherits: a garbage collection would copy it all.
    gc.freeze()
    os.setsid()
    os.chdir(command.folder)
    os.environ.clear()
    os.environ.update(command.variables)
    os.dup2(os.open(command.input, os.O_RDONLY), 0)
    sys.stdin = os.fdopen(0)
    sys.stdout, sys.stderr = _open(1, command.output), _open(2, command.errors)
    sys.argv = [command.module, *command.options]
    runpy.run_module(command.module, run_name="__main__", alter_sys=True)


def _open(number: int, file: Path | None) -> Any:
    if file is None:
        os.close(number)
        return None
    os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    return os.fdopen(number, "w", 1 if number == 2 else -1)
