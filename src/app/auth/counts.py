"""What is counted of an attempt, and the counts in the memory of this process."""

import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Protocol

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from app.auth.errors import TooManyRequests
from app.auth.sessions import SESSION_LIFETIME

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
    separates the counts of databases and of data sets.
    """

    allowances: Sequence[Allowance]
    known: str = ""
    turn: str = ""
    scope: str = ""


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
        self.storage = MemoryStorage()
        self._window = FixedWindowRateLimiter(self.storage)

    async def begin(self, attempt: Attempt) -> End:
        allowances = attempt.allowances
        if attempt.known and await self.storage.get(attempt.known):
            allowances = allowances[:-1]
        for index, (limit, key) in enumerate(allowances):
            if not await self._window.hit(limit, key):
                await self._give_back(allowances[: index + 1])
                ends_at, _ = await self._window.get_window_stats(limit, key)
                raise too_many(ends_at - time.time())
        return partial(self._end, attempt, allowances)

    async def _end(
        self, attempt: Attempt, allowances: Sequence[Allowance], outcome: AttemptOutcome
    ) -> None:
        if outcome is not AttemptOutcome.FAILED:
            await self._give_back(allowances)
        if outcome is AttemptOutcome.SUCCEEDED and attempt.known:
            await self.storage.clear(attempt.known)
            await self.storage.incr(attempt.known, KNOWN_SECONDS)

    async def _give_back(self, allowances: Sequence[Allowance]) -> None:
        for limit, key in allowances:
            # Do not create a window that has ended meanwhile: nothing would ever remove it.
            if await self.storage.get(limit.key_for(key)):
                await self.storage.decr(limit.key_for(key))


def too_many(seconds: float) -> TooManyRequests:
    return TooManyRequests(max(1, math.ceil(seconds)))
