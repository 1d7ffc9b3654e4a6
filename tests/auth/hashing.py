"""Stopping password work while it runs, and seeing which connections are held meanwhile."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from passlib.context import CryptContext
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from auth.concurrent_calls import PATIENCE_SECONDS


@asynccontextmanager
async def stopped(operation: str) -> AsyncIterator[asyncio.Event]:
    """Stop all that `hash` or `verify` a password until the end; the event tells that one has."""
    reached, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    work = getattr(CryptContext, operation)

    def wait_and_work(*arguments: Any) -> Any:
        loop.call_soon_threadsafe(reached.set)
        assert go_on.wait(PATIENCE_SECONDS)
        return work(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CryptContext, operation, wait_and_work)
        try:
            yield reached
        finally:
            go_on.set()


@contextmanager
def held_connections(engine: AsyncEngine) -> Iterator[set[int]]:
    """Return the connections that are taken from here on and not given back yet."""
    held: set[int] = set()

    def take(connection: Any, *_: Any) -> None:
        held.add(id(connection))

    def give_back(connection: Any, *_: Any) -> None:
        held.discard(id(connection))

    event.listen(engine.sync_engine, "checkout", take)
    event.listen(engine.sync_engine, "checkin", give_back)
    yield held
    event.remove(engine.sync_engine, "checkout", take)
    event.remove(engine.sync_engine, "checkin", give_back)
