"""A command ends at once, also when it is interrupted."""

import asyncio
import threading
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from app.assembly import create_test_state_app
from app.cli import in_process
from app.settings import Environment, Settings, parse_database_url


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(Environment.TEST, parse_database_url(f"sqlite:///{tmp_path}/db"))


def test_the_server_of_a_command_stops_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """uvicorn's own sleeps 0.1 seconds again and again while it serves, and once at the end."""
    slept: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float, result: object = None) -> object:
        slept.append(seconds)
        return await sleep(seconds, result)

    monkeypatch.setattr(asyncio, "sleep", note)
    with in_process.serving(settings, create_test_state_app) as url:
        assert httpx.get(f"{url}/api/db", trust_env=False).is_success
    assert max(slept, default=0) <= in_process.POLL_SECONDS


def test_interrupted_while_the_application_starts(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No thread is left that Python would wait for when the process exits."""
    interrupted = threading.Event()

    def interrupt(_seconds: float) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    async def wait() -> None:
        await asyncio.to_thread(interrupted.wait)

    def create_app(settings: Settings) -> Litestar:
        app = create_test_state_app(settings)
        app.on_startup.append(wait)
        return app

    monkeypatch.setattr(in_process, "sleep", interrupt)
    before = threading.enumerate()
    with pytest.raises(KeyboardInterrupt), in_process.serving(settings, create_app):
        pass
    assert [each for each in threading.enumerate() if each not in before] == []
