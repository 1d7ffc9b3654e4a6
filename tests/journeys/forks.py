"""What `python -m` runs, as a process of its own that is forked from one with all modules loaded.

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
from typing import NamedTuple

from server_processes import processes


class Command(NamedTuple):
    module: str
    options: tuple[str, ...]
    folder: Path
    variables: Mapping[str, str]
    output: Path
    errors: Path


def start(command: Command) -> ForkServerProcess:
    process = processes.Process(target=_become, args=(command,), daemon=True)
    process.start()
    return process


def _become(command: Command) -> None:
    # What the fork was given stays: whoever looked for garbage in it would copy it all.
    gc.freeze()
    os.setsid()
    os.chdir(command.folder)
    os.environ.clear()
    os.environ.update(command.variables)
    written = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(command.output, written), 1)
    os.dup2(os.open(command.errors, written), 2)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", 1)
    sys.argv = [command.module, *command.options]
    runpy.run_module(command.module, run_name="__main__", alter_sys=True)
