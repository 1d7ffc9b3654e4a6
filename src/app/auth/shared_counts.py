"""Counts in a shared storage, or in the memory of this process while it is unavailable."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from sqlalchemy import URL

from app.auth.counts import Attempt, AttemptOutcome, CannotShare, End, MemoryCounts
from app.auth.redis_counts import RedisCounts, StorageLost, StorageRefuses
from app.database.undo.history import SnapshotEvent
from app.logs import get_logger
from app.settings import without_password

RETRY_SECONDS = 2
log = get_logger(__name__)


class SharedCounts:
    """Users can sign in while the storage is unavailable: then each process counts for itself.

    One task per process looks for the storage until it returns, so that no attempt waits for it.
    """

    def __init__(self, url: URL, memory: MemoryCounts, *, has_snapshots: bool) -> None:
        self.storage = without_password(url.render_as_string())
        self._memory = memory
        self._redis = RedisCounts(url)
        self._has_snapshots = has_snapshots
        self._search: asyncio.Task[None] | None = None
        self._events: list[SnapshotEvent] = []

    @property
    def is_lost(self) -> bool:
        return self._search is not None and not self._search.done()

    async def open(self) -> None:
        """Raise `CannotShare` if the setting is wrong. A storage that is unavailable may return."""
        try:
            await self._redis.check(has_snapshots=self._has_snapshots)
        except StorageRefuses as error:
            raise CannotShare(
                f'RATE_LIMIT_STORAGE is "{self.storage}", and {error}. Correct the URL or the '
                "storage, or unset RATE_LIMIT_STORAGE: then each process counts in its memory."
            ) from None
        except StorageLost as error:
            self._lose(error)

    async def close(self) -> None:
        if self._search:
            self._search.cancel()
            with suppress(asyncio.CancelledError):
                await self._search
        await self._redis.close()

    def clear(self) -> None:
        """Forget the events of the last data set."""
        self._events = []

    def follow(self, events: Sequence[SnapshotEvent]) -> None:
        """Apply events of snapshots with the next attempt, or when the storage is back."""
        self._events = [*self._events, *events]

    async def begin(self, attempt: Attempt) -> End:
        if attempt.scope and not self.is_lost:
            try:
                await self._apply_events(attempt.scope)
                return partial(self._end, await self._redis.begin(attempt))
            except StorageLost as error:
                self._lose(error)
        return await self._memory.begin(attempt)

    async def _apply_events(self, scope: str) -> None:
        if events := self._events:
            await self._redis.apply(scope, events)
            # Others may have been added meanwhile, or the data set may have been replaced.
            if self._events[: len(events)] == events:
                self._events = self._events[len(events) :]

    async def _end(self, end: End, outcome: AttemptOutcome) -> None:
        try:
            await end(outcome)
        except StorageLost as error:
            self._lose(error)  # the attempt stays counted until its window ends

    def _lose(self, error: StorageLost) -> None:
        if self.is_lost:
            return
        log.warning(
            "the storage of RATE_LIMIT_STORAGE is unavailable; this process counts attempts in its"
            " memory",
            storage=self.storage,
            reason=str(error),
        )
        self._search = asyncio.create_task(self._find_again())

    async def _find_again(self) -> None:
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            with suppress(StorageLost):
                await self._redis.check(has_snapshots=self._has_snapshots)
                break
        log.warning("the storage of RATE_LIMIT_STORAGE is back", storage=self.storage)
