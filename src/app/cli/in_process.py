"""Serve the application from this process while a command needs it."""

import gc
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import sleep

import uvicorn

from app.logs import configure_logging
from app.main import create_app
from app.settings import Settings


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Serve on a free loopback port, and return the base URL."""
    configure_logging(logging.ERROR)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None))
        # What was imported stays to the end. Each full collection would look at all of it, for as
        # long as a default seed takes.
        gc.freeze()
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the application did not start; the log says why")
            sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
