"""The question before rows are deleted; `tests/journeys/test_terminal.py` has what follows it."""

import io
import signal

import click
import pytest
from rich.console import Console

from app.cli.terminal import confirm


class PressesCtrlC(io.StringIO):
    """Interrupt the writer."""

    def write(self, text: str) -> int:
        signal.raise_signal(signal.SIGINT)
        return super().write(text)


def test_ctrl_c_while_the_question_is_written_is_a_no() -> None:
    """It is not lost, though nothing is read yet."""
    with pytest.raises(click.Abort):
        confirm(Console(file=PressesCtrlC()))
