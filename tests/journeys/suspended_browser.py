"""One browser for all modules of a test process, some of which run their own event loops."""

import asyncio

from playwright.sync_api import Browser


class SuspendedBrowser:
    """A browser whose event loop counts as running only between `resume` and `suspend`.

    Playwright's loop waits in a greenlet and is marked as running all the time. While it is, no
    other loop can run in the same thread.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._loop = asyncio.get_running_loop()
        self.suspend()

    def resume(self) -> None:
        asyncio._set_running_loop(self._loop)  # noqa: SLF001 - what Playwright calls itself

    def suspend(self) -> None:
        asyncio._set_running_loop(None)  # noqa: SLF001 - the same
