"""A command ends when it is interrupted."""

import threading
from pathlib import Path

import pytest

from app.assembly import create_test_state_app
from app.cli import in_process
from app.settings import Environment, Settings, parse_database_url


def test_interrupted_while_the_application_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No thread is left that Python would wait for when the process exits."""

    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(in_process, "sleep", interrupt)
    settings = Settings(Environment.TEST, parse_database_url(f"sqlite:///{tmp_path}/db"))
    before = threading.enumerate()
    with (
        pytest.raises(KeyboardInterrupt),
        in_process.serving(settings, create_test_state_app),
    ):
        pass
    assert [each for each in threading.enumerate() if each not in before] == []
