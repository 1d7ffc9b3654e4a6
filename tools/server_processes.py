"""Server processes that start fast, because they are forked with all modules loaded."""

import gc
import logging
import multiprocessing
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from unittest import mock

SECONDS = 120
# A new interpreter needs two seconds to load these modules; a fork has them already.
# Some are needed by the tests and tools only.
PRELOADED = (
    *("app.main", "alembic.command", "aiosqlite", "psycopg", "prepared_applications"),
    *("argon2", "passlib.handlers.argon2", "pydantic.v1"),
    *("uvicorn.lifespan.on", "uvicorn.loops.auto"),
    *("uvicorn.protocols.http.auto", "uvicorn.protocols.websockets.auto"),
    *("click", "httpx", "pytest", "rich.console", "rich.progress", "rich.table"),
    # What these load only when they are used.
    *("anyascii._data", "anyio._backends._asyncio", "encodings.idna", "httpcore"),
    "app.console.router",
)

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(list(PRELOADED))


def start_process(target: Callable[..., object], *arguments: object) -> ForkServerProcess:
    """Start a function of a module in a fork of a process with all modules loaded."""
    # The process that forks would not find our own modules by the path of this one.
    with mock.patch.dict(os.environ, PYTHONPATH=str(Path(__file__).parent)):
        forkserver.ensure_running()
    process = processes.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


class ServerProcess:
    """A server that accepts connections at once, and responds as soon as it has started.

    With `buffer_bytes` the system buffers little more than the client reads. `prepare` is called in
    the process first, and must be a function of a module.
    """

    def __init__(
        self,
        database_url: str,
        log: Path,
        buffer_bytes: int | None = None,
        prepare: Callable[[], object] = bool,
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            # As on sockets that uvicorn creates; otherwise each response waits 40 ms for an
            # acknowledgement between its head and its body.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if buffer_bytes:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer_bytes)
            self.port: int = listener.getsockname()[1]
            self._process = start_process(_serve, database_url, listener, log, prepare)
        self.base_url = f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """Send SIGKILL, and wait until the process has ended."""
        self._process.kill()
        self._process.join(SECONDS)

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()


def _serve(
    database_url: str, listener: socket.socket, log: Path, prepare: Callable[[], object]
) -> None:
    # Imported here, as what only starts processes needs no applications.
    import uvicorn  # noqa: PLC0415

    from app.settings import Settings  # noqa: PLC0415
    from prepared_applications import create_app  # noqa: PLC0415

    # Freeze what the fork inherits: a garbage collection would copy it all.
    gc.freeze()
    prepare()
    with log.open("a", buffering=1) as sys.stderr:
        logging.basicConfig(stream=sys.stderr, format="%(process)d %(message)s")
        # APP_ENV=test makes hashing cheap, so that kills hit all steps.
        variables = {**os.environ, "APP_ENV": "test", "DATABASE_URL": database_url}
        settings = Settings.from_environment(variables)
        config = uvicorn.Config(create_app(settings), log_config=None, access_log=False)
        uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def serving(
    database_url: str,
    log: Path,
    buffer_bytes: int | None = None,
    prepare: Callable[[], object] = bool,
) -> Iterator[ServerProcess]:
    """Serve until the end of the block."""
    server = ServerProcess(database_url, log, buffer_bytes, prepare)
    try:
        yield server
    finally:
        server.kill()
