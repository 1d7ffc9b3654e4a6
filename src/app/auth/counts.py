"""What is counted of an attempt, and the counts in the memory of this process."""

import math
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Protocol

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from app.auth.errors import TooManyRequests
from app.auth.sessions import SESSION_LIFETIME
from app.database.undo.history import SnapshotEvent

KNOWN_SECONDS = int(SESSION_LIFETIME.total_seconds())
Allowance = tuple[RateLimitItem, str]


class CannotShare(Exception):
    """Why a server does not start with its RATE_LIMIT_STORAGE; the message says what to do."""


class AttemptOutcome(Enum):
    """A failure stays counted. A success, and an attempt without a result, are given back."""

    FAILED = auto()
    SUCCEEDED = auto()
    WITHOUT_RESULT = auto()


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an attempt counts for; all allowances have the same window.

    A success remembers `known`. While that is remembered, the last allowance does not apply.
    In a shared storage, only one attempt with the same `turn` is made at a time, and `scope`
    separates the counts of databases and of data sets. `event` is the last one of snapshots that
    the process knows, or None where there are no snapshots.
    """

    allowances: Sequence[Allowance]
    known: str = ""
    turn: str = ""
    scope: str = ""
    event: int | None = None


End = Callable[[AttemptOutcome], Awaitable[None]]


class Counts(Protocol):
    async def begin(self, attempt: Attempt) -> End:
        """Count an attempt, for all of its allowances or for none; return what ends it.

        Raises `TooManyRequests`.
        """


class MemoryCounts:
    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.saved: dict[int, MemoryStorage] = {}
        self._use(MemoryStorage())

    def _use(self, storage: MemoryStorage) -> None:
        self.storage = storage
        self._window = FixedWindowRateLimiter(storage)

    def follow(self, events: Sequence[SnapshotEvent], snapshots: Collection[int]) -> None:
        """Save the counts for each snapshot that was taken, and return to them at its restore.

        Only the counts of these snapshots are kept. Nothing was counted before one that is unknown.
        """
        for event in events:
            if event.restored is None:
                self.saved[event.id] = _copy(self.storage)
            else:
                self._use(_copy(self.saved.get(event.restored, MemoryStorage())))
        if events:
            self.saved = {id_: self.saved[id_] for id_ in self.saved.keys() & snapshots}

    async def begin(self, attempt: Attempt) -> End:
        # An attempt that ends after a restore gives nothing back to the counts of the snapshot.
        storage, window, allowances = self.storage, self._window, attempt.allowances
        if attempt.known and await storage.get(attempt.known):
            allowances = allowances[:-1]
        for index, (limit, key) in enumerate(allowances):
            if not await window.hit(limit, key):
                await _give_back(storage, allowances[: index + 1])
                ends_at, _ = await window.get_window_stats(limit, key)
                raise too_many(ends_at - time.time())
        return partial(_end, storage, attempt, allowances)


async def _end(
    storage: MemoryStorage,
    attempt: Attempt,
    allowances: Sequence[Allowance],
    outcome: AttemptOutcome,
) -> None:
    if outcome is not AttemptOutcome.FAILED:
        await _give_back(storage, allowances)
    if outcome is AttemptOutcome.SUCCEEDED and attempt.known:
        await storage.clear(attempt.known)
        await storage.incr(attempt.known, KNOWN_SECONDS)


async def _give_back(storage: MemoryStorage, allowances: Sequence[Allowance]) -> None:
    for limit, key in allowances:
        # Do not create a window that has ended meanwhile: nothing would ever remove it.
        if await storage.get(limit.key_for(key)):
            await storage.decr(limit.key_for(key))


def _copy(storage: MemoryStorage) -> MemoryStorage:
    copy = MemoryStorage()
    copy.storage.update(storage.storage)
    copy.expirations.update(storage.expirations)
    return copy


def too_many(seconds: float) -> TooManyRequests:
    return TooManyRequests(max(1, math.ceil(seconds)))
