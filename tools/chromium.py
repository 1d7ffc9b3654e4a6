"""A Chromium of the machine, started so that it sees no network but this machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REBOUND_NAME = "rebound.example"
OPTIONS = (
    "--no-sandbox",  # in a container it may be root that starts it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # As on a machine without network, but for a name that somebody else gave this machine.
    f"--host-resolver-rules=MAP {REBOUND_NAME} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class NoChromium(Exception):
    def __init__(self) -> None:
        super().__init__(
            "There is no Chromium on this machine: get one with `apt-get install chromium`, or "
            "install Google Chrome."
        )


@contextmanager
def chromium() -> Iterator[Browser]:
    """Raise `NoChromium` if the machine has none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise NoChromium
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        yield browser
        browser.close()
