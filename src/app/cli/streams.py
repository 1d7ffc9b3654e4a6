"""Standard output and error of our commands: no reader of them can break a command.

A pipe may be closed, a disk may be full, and a stream may have been closed from the start.
"""

import io
import os
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

OUTPUT_FAILED = 74  # EX_IOERR of sysexits.h
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


def run(command: Callable[[], object], name: str) -> NoReturn:
    """Run a command to its end, and exit with its code.

    A closed pipe is not an error. If standard output fails in another way, say so on standard
    error, and exit with `OUTPUT_FAILED` unless the command itself has failed.
    """
    sys.stdin = sys.stdin or NOTHING.open()
    output = _protect("stdout")
    _protect("stderr")
    code: str | int | None = None
    try:
        command()
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    if output.error and not isinstance(output.error, BrokenPipeError) and not code:
        reason = output.error.strerror
        sys.stderr.write(f"{name} succeeded, but its output could not be written: {reason}.\n")
        code = OUTPUT_FAILED
    sys.exit(code)


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


if __name__ == "__main__":
    _, module, *arguments = sys.argv
    sys.argv = [module, *arguments]
    run(lambda: runpy.run_module(module, run_name="__main__", alter_sys=True), module)
