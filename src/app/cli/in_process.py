"""Serve the application from this process while a command needs it."""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Thread
from time import sleep

import uvicorn
from litestar import Litestar

from app.assembly import create_test_state_app
from app.cli.api_calls import listed
from app.cli.terminal import fail
from app.loading import loading
from app.logs import configure_logging
from app.seed.database_guard import production_reason
from app.settings import Environment, Settings

POLL_SECONDS = 0.005


def serving_here(*, all_routes: bool) -> AbstractContextManager[str]:
    """Serve with the settings of the environment; not in production, where it would be marked."""
    settings = Settings.from_environment()
    if settings.environment is Environment.PRODUCTION:
        fail(listed([production_reason(settings.environment_as_set)]))
    return serving(settings, _load_all_routes if all_routes else create_test_state_app)


def _load_all_routes(settings: Settings) -> Litestar:
    from app.main import create_app  # noqa: PLC0415 - most commands do not need them

    return create_app(settings)


class CommandServer(uvicorn.Server):
    """Stops as soon as it can; uvicorn's own server takes up to 0.2 seconds longer."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._end = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        await self.on_tick(0)  # sets the headers of all responses
        self._loop = asyncio.get_running_loop()
        if not self.should_exit:
            await self._end.wait()

    def stop(self) -> None:
        """Stop from another thread."""
        self.should_exit = True
        if self._loop:
            self._loop.call_soon_threadsafe(self._end.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listener in [*self.servers, *(sockets or ())]:
            listener.close()
        for connection in [*self.server_state.connections]:
            connection.shutdown()
        while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110 - no event
            await asyncio.sleep(POLL_SECONDS)
        await self.lifespan.shutdown()


@contextmanager
def serving(settings: Settings, create_app: Callable[[Settings], Litestar]) -> Iterator[str]:
    """Serve on a free loopback port, and return the base URL."""
    configure_logging(logging.ERROR)
    # With the protocol, asyncio sends a response at once; see `serve.py`.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        with loading():
            app = create_app(settings)
        server = CommandServer(uvicorn.Config(app, log_config=None))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        try:
            thread.start()
            while not server.started:
                if not thread.is_alive():
                    raise RuntimeError("the application did not start; the log says why")
                sleep(POLL_SECONDS)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.stop()
            thread.join()
