"""A pseudo-terminal that this process writes to, and what it shows."""

import codecs
import os
import re
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Thread

import pytest

SECONDS = 60
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Screen:
    """Everything that was written to the terminal so far."""

    def __init__(self, master: int) -> None:
        self.text = ""
        self._master = master
        self._changed = Condition()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")()
        while part := self._read_part():
            with self._changed:
                self.text += decoder.decode(part)
                self._changed.notify_all()
        os.close(self._master)

    def _read_part(self) -> bytes:
        try:
            return os.read(self._master, 65_536)
        except OSError:  # so Linux reports that the other end was closed
            return b""

    def wait_for(self, text: str) -> None:
        """Wait until this is drawn again, or for the first time."""
        with self._changed:
            begin = len(self.text)
            assert self._changed.wait_for(lambda: text in self.text[begin:], SECONDS), self.text

    def finish(self) -> None:
        """Wait for the rest, after the other end was closed."""
        self._reader.join(SECONDS)

    @property
    def frames(self) -> list[str]:
        """Everything that was in a line at any time, without its colors."""
        return [CONTROL.sub("", frame).rstrip() for frame in re.split(r"[\r\n]+", self.text)]


@contextmanager
def terminal(patch: pytest.MonkeyPatch, columns: int, **variables: str) -> Iterator[Screen]:
    """Let standard output be a terminal of this width, in an environment with these variables."""
    for name in ("COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR"):
        patch.delenv(name, raising=False)
    for name, value in ({"TERM": "xterm"} | variables).items():
        patch.setenv(name, value)
    master, slave = os.openpty()
    termios.tcsetwinsize(slave, (40, columns))
    screen = Screen(master)
    with os.fdopen(slave, "w", 1, encoding="utf-8") as output, patch.context() as redirected:
        redirected.setattr(sys, "stdout", output)
        with redirect(0, slave), redirect(1, slave):
            yield screen
    screen.finish()


@contextmanager
def redirect(number: int, target: int) -> Iterator[None]:
    """Let a file descriptor lead to another file: Rich asks the standard ones for their width."""
    kept = os.dup(number)
    os.dup2(target, number)
    try:
        yield
    finally:
        os.dup2(kept, number)
        os.close(kept)
