"""Run a command of `just`: its errors, its exit code, and its output.

No reader of the output can break a command: a pipe may be closed, a disk may be full, and a stream
may have been closed from the start.
"""

import io
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from app.cli.terminal import BAD_VALUE, INTERRUPTED, OUTPUT_FAILED, refuse
from app.variables import InvalidSettings

NOTHING = Path(os.devnull)


class OutputStream(io.RawIOBase):
    """Write to a file until that fails; after that, drop everything and keep the error."""

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self._stream = stream  # which would close the file if it were collected
        self._file: io.RawIOBase = getattr(stream.buffer, "raw", stream.buffer)
        self.error: OSError | None = None

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._file.isatty()

    def fileno(self) -> int:
        return self._file.fileno()

    def write(self, data: Any, /) -> int | None:
        if self.error is None:
            try:
                return self._file.write(data)
            except OSError as error:
                self.error = error
        return len(data)


def run(command: click.Command, name: str) -> NoReturn:
    """Run a command to its end, and exit with its code.

    The command returns its exit code, or None for 0. A wrong option, argument or setting is
    `BAD_VALUE`, and Ctrl-C is `INTERRUPTED`. A closed pipe is not an error. If standard output
    fails in another way, say so on standard error, and exit with `OUTPUT_FAILED` unless the command
    itself has failed.
    """
    sys.stdin = sys.stdin or NOTHING.open()
    output = _protect("stdout")
    _protect("stderr")
    try:
        code = _run(command, name)
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    if output.error and not isinstance(output.error, BrokenPipeError) and not code:
        reason = output.error.strerror
        sys.stderr.write(f"{name} succeeded, but its output could not be written: {reason}.\n")
        code = OUTPUT_FAILED
    sys.exit(code)


def _run(command: click.Command, name: str) -> Any:
    try:
        return command.main(prog_name=name, standalone_mode=False)
    except click.UsageError as error:
        used = error.ctx.command_path if error.ctx else name
        refuse(f"{_sentence(error)} Run `uv run {used} --help` for all options.", BAD_VALUE)
    except InvalidSettings as error:
        refuse(str(error), BAD_VALUE)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED


def _sentence(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        similar = " or ".join(error.possibilities or ())
        guess = f" Did you mean {similar}?" if similar else ""
        return f"There is no option {error.option_name}.{guess}"
    return f"{error.format_message().removesuffix('.')}."


def _protect(name: str) -> OutputStream:
    # Python has None for a stream that was closed from the start. A file that was
    # opened since may have its number.
    stream: Any = getattr(sys, name) or NOTHING.open("w")
    stream.flush()
    outlet = OutputStream(stream)
    protected = io.TextIOWrapper(
        io.BufferedWriter(outlet),
        encoding=stream.encoding,
        errors="replace",  # a terminal without a check mark shows another character
        line_buffering=name == "stderr" or stream.isatty(),
    )
    setattr(sys, name, protected)
    return outlet
