"""A run that is killed cannot stop its server, which stops by itself."""

from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

from journeys.commands import PROJECT, SECONDS, accepts_connections, wait_until_refuses
from pytest_kit.suite import Suite

pytest_plugins = ("pytester",)


def test_a_killed_run_leaves_no_server_behind(suite: Suite) -> None:
    """Only the controller is killed, with SIGKILL, while workers run tests."""
    suite.write(
        """
import pathlib, threading

def test_waits(seedbed):
    note = pathlib.Path(__file__).with_suffix(".partial")
    note.write_text(seedbed.url)
    note.rename(note.with_suffix(".url"))
    threading.Event().wait(240)
"""
    )
    with suite.start("-n1", SEEDBED_FOLDER=str(PROJECT)) as controller:
        notes = wait_until_written(suite.folder, "*.url")
        port = urlsplit(notes.read_text()).port or 0
        assert accepts_connections("127.0.0.1", port)
        controller.kill()
        wait_until_refuses(port)


def wait_until_written(folder: Path, pattern: str) -> Path:
    until = monotonic() + SECONDS
    while not (found := next(folder.glob(pattern), None)):
        assert monotonic() < until, (folder / "log").read_text()
        sleep(0.05)
    return found
