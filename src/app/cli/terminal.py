"""Terminals of any width, and the failures and questions that are printed on them."""

import os
import re
import sys
from typing import NoReturn

import click
from rich.console import Console

PIPED_WIDTH = 120
UNKNOWN_WIDTH = 80
NARROWEST = 20
HEIGHT = 25
USABLE_COLUMNS = re.compile(r"[2-9]\d|[1-9]\d\d", re.ASCII)  # from 20 to 999

FAILED = 1
BAD_VALUE = 2
OUTPUT_FAILED = 74  # EX_IOERR of sysexits.h
INTERRUPTED = 128 + 2  # what a shell reports for a command that Ctrl-C ended


def make_console(*, stderr: bool = False) -> Console:
    width = _width(sys.stderr if stderr else sys.stdout)
    # Rich reads COLUMNS and LINES as they are, unless it is given both.
    height = None if width is None else HEIGHT
    return Console(stderr=stderr, highlight=False, width=width, height=height)


def _width(stream: object) -> int | None:
    """Return the width to use, or None if Rich should ask the terminal."""
    chosen = os.environ.get("COLUMNS", "")
    if USABLE_COLUMNS.fullmatch(chosen):
        return int(chosen)
    try:
        present = os.get_terminal_size(stream.fileno()).columns  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return PIPED_WIDTH
    is_dumb = os.environ.get("TERM") in {"dumb", "unknown"}
    if present < NARROWEST or is_dumb or not os.environ.keys().isdisjoint(("COLUMNS", "LINES")):
        return max(present or UNKNOWN_WIDTH, NARROWEST)
    return None


def refuse(message: str, code: int = FAILED) -> NoReturn:
    """Print why nothing was done, and exit."""
    fail(f"Refused. Nothing was changed. {message}", code)


def fail(message: str, code: int = FAILED) -> NoReturn:
    """Print a message on standard error, and exit."""
    err = make_console(stderr=True)
    err.print(message, style="red", markup=False, soft_wrap=True)
    sys.exit(code)


def confirm(err: Console) -> bool:
    """Ask whether to continue. Raise `click.Abort` after Ctrl-C or Ctrl-D.

    `click.confirm` calls `input`, which ignores a Ctrl-C that arrives before it reads.
    """
    meanings = {"y": True, "yes": True, "n": False, "no": False, "": False}
    try:
        while True:
            err.print("Continue? [y/N]: ", end="", markup=False)
            answer = sys.stdin.readline()
            if not answer:
                raise click.Abort
            meaning = meanings.get(answer.strip().lower())
            if meaning is not None:
                return meaning
            err.print("Type y or n.")
    except KeyboardInterrupt:
        raise click.Abort from None
