"""Four server processes on one database, and what each of them responds."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import httpx

from server_processes import serving

PROCESSES = 4


def share_counts(storage: str) -> None:
    """Count attempts in Redis. For a server process before it starts."""
    os.environ["RATE_LIMIT_STORAGE"] = storage


@contextmanager
def four_clients(database_url: str, storage: str | None, log: Path) -> Iterator[list[httpx.Client]]:
    """Start the processes, and return a client of each."""
    prepare = partial(share_counts, storage) if storage else bool
    with ExitStack() as stack:
        servers = [
            stack.enter_context(serving(database_url, log, prepare=prepare))
            for _ in range(PROCESSES)
        ]
        yield [
            stack.enter_context(httpx.Client(base_url=server.base_url, trust_env=False, timeout=60))
            for server in servers
        ]
