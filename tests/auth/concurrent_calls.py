"""Two concurrent calls: how they begin together, and which results are allowed.

On PostgreSQL a transaction holds a row until both calls wait for it, so that they do overlap, and
the first one is also served first. SQLite has only one lock, and the transaction holds it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import text
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.locks import lock_organization, lock_user
from app.auth.models import Organization, User
from app.database.citus import is_cluster
from app.database.engine import single_read
from auth.clinics import Backend

Call = Callable[[], Awaitable[httpx.Response]]
Hold = Callable[[AsyncSession], Awaitable[Any]]
PATIENCE_SECONDS = 90
WAITING = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""
# In a cluster, the calls may wait on any node.
WAITING_IN_CLUSTER = """SELECT count(DISTINCT global_pid) FROM citus_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""
# What services lock in a cluster, where a lock of such a row would be one of its table.
LOCKED_BY_ID = {Organization: lock_organization, User: lock_user}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPair:
    """Two calls, and the code of the refusal of each when it comes after the other.

    `hold` takes what both wait for. Who waits for the end of a transaction, instead of for a row,
    continues in any order.
    """

    hold: Hold
    one: Call
    other: Call
    one_after_other: str | None = None
    other_after_one: str | None = None
    ordered: bool = True


Case = Callable[[Backend], Awaitable[CallPair]]


def row(table: type[SQLModel], **columns: Any) -> Hold:
    async def hold(session: AsyncSession) -> None:
        if table in LOCKED_BY_ID and is_cluster(await session.connection()):
            await LOCKED_BY_ID[table](session, columns["id"])
        else:
            await session.exec(select(table).filter_by(**columns).with_for_update())

    return hold


def added(new: SQLModel) -> Hold:
    async def hold(session: AsyncSession) -> None:
        session.add(new)
        await session.flush()

    return hold


def outcomes(pair: CallPair) -> tuple[list[str | None], list[str | None]]:
    """Return the codes of both responses if `one` is first, and if `other` is."""
    return [None, pair.other_after_one], [pair.one_after_other, None]


def codes(responses: Sequence[httpx.Response]) -> list[str | None]:
    """Return the code of each refusal, and None for what was granted."""
    for response in responses:
        assert response.status_code < 500, response.text
    return [
        None if response.status_code == 200 else response.json()["code"] for response in responses
    ]


async def wait_until_blocked(
    backend: Backend, calls: Sequence[asyncio.Task[httpx.Response]]
) -> None:
    """Let calls begin, and return when all of them wait for a lock."""
    if not backend.is_postgresql:
        await asyncio.sleep(0.03)
        return
    begun_at = time.monotonic()
    # In no transaction, where PostgreSQL would cache the state of the others.
    async with single_read(backend.engine).connect() as observer:
        await observer.begin()  # finds out whether it is a cluster
        waiting = WAITING_IN_CLUSTER if is_cluster(observer) else WAITING
        while (await observer.execute(text(waiting))).scalar_one() < len(calls):
            for call in calls:
                assert not call.done(), f"it does not wait: {call.result().text}"
            assert time.monotonic() < begun_at + PATIENCE_SECONDS, "nothing waits"
            await asyncio.sleep(0.005)


async def call_concurrently(
    backend: Backend, hold: Hold, begin: Sequence[Call]
) -> list[httpx.Response]:
    """Begin one call after the other while they cannot go on, and let them go on together."""
    calls: list[asyncio.Task[httpx.Response]] = []
    async with asyncio.timeout(2 * PATIENCE_SECONDS):
        async with AsyncSession(backend.engine) as holder:
            await hold(holder)
            for call in begin:
                calls.append(asyncio.create_task(response(call)))
                await wait_until_blocked(backend, calls)
        return await asyncio.gather(*calls)


async def response(call: Call) -> httpx.Response:
    return await call()
