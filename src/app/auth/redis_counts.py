"""Counts of attempts in Redis or Valkey, which all processes of a database share.

Each attempt takes two scripts, which the server runs one at a time: no attempt of another process
comes between checking a limit and counting. All keys expire.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from functools import partial
from hashlib import blake2b
from typing import Any
from uuid import uuid4

from limits import RateLimitItemPerSecond
from redis.asyncio import BlockingConnectionPool, Redis, SSLConnection, UnixDomainSocketConnection
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    NoPermissionError,
    RedisError,
    ResponseError,
)
from redis.exceptions import TimeoutError as RedisTimeoutError
from sqlalchemy import URL

from app.auth.counts import KNOWN_SECONDS, Attempt, AttemptOutcome, End, too_many

SECONDS = 2  # for one script; a local one takes less than a millisecond
CONNECTIONS = 20  # of a process; a script waits for a free one
TURN_SECONDS = 5  # a process that was killed keeps its turn so long
FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.1  # seconds
PROTOCOL = 2  # every version has it
TAKEN, REFUSED, BUSY = range(3)

BEGIN = """
-- KEYS: turn, known, counts
-- ARGV: token, milliseconds of a turn or 0 without one, milliseconds of a window, limits
-- Returns TAKEN and how many counts, REFUSED and the milliseconds to wait, or BUSY.
if ARGV[2] ~= '0' then
    local holder = redis.call('GET', KEYS[1])
    if holder and holder ~= ARGV[1] then return {2, 0} end
end
local last = #KEYS - redis.call('EXISTS', KEYS[2])
for i = 3, last do
    if tonumber(redis.call('GET', KEYS[i]) or '0') >= tonumber(ARGV[i + 1]) then
        return {1, redis.call('PTTL', KEYS[i])}
    end
end
for i = 3, last do
    if redis.call('INCR', KEYS[i]) == 1 then redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
end
if ARGV[2] ~= '0' then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return {0, last - 2}
"""
END = """
-- KEYS: turn, known, counts to give back
-- ARGV: token, seconds to remember what is known, or 0
for i = 3, #KEYS do
    local count = tonumber(redis.call('GET', KEYS[i]) or '0')
    if count == 1 then redis.call('DEL', KEYS[i]) end
    if count > 1 then redis.call('DECR', KEYS[i]) end
end
if ARGV[2] ~= '0' then redis.call('SET', KEYS[2], '1', 'EX', ARGV[2]) end
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
"""


class StorageLost(Exception):
    """The storage cannot be used. The message says why, without the text of the driver."""


class StorageRefuses(StorageLost):
    """The storage responds, and does not accept what the URL says."""


class RedisCounts:
    def __init__(self, url: URL) -> None:
        self._redis = Redis.from_pool(_pool(url))
        self._begin = self._redis.register_script(BEGIN)
        self._end = self._redis.register_script(END)

    async def check(self) -> None:
        """Raise `StorageLost` if an attempt cannot be counted; count one that is given back."""
        allowance = (RateLimitItemPerSecond(1), "check")
        end = await self.begin(Attempt((allowance,), turn="check", scope=uuid4().hex))
        await end(AttemptOutcome.WITHOUT_RESULT)

    async def close(self) -> None:
        await self._redis.aclose()

    async def begin(self, attempt: Attempt) -> End:
        """Wait for the turn, and count the attempt.

        Raises `TooManyRequests` or `StorageLost`.
        """
        names = [limit.key_for(key) for limit, key in attempt.allowances]
        keys = [_key(attempt.scope, name) for name in (attempt.turn, attempt.known, *names)]
        window = max((limit.get_expiry() for limit, _ in attempt.allowances), default=0)
        limits = [limit.amount for limit, _ in attempt.allowances]
        token, turn = uuid4().hex, int(TURN_SECONDS * 1000) if attempt.turn else 0
        until, pause = time.monotonic() + TURN_SECONDS, FIRST_PAUSE
        while True:
            state, number = await _run(self._begin, keys, (token, turn, window * 1000, *limits))
            if state == REFUSED:
                raise too_many(number / 1000)
            if state == TAKEN:
                return partial(self._finish, attempt, keys[: 2 + number], token)
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - no secret
            pause = min(2 * pause, LONGEST_PAUSE)
            if time.monotonic() > until:
                turn = 0  # The counts are exact without a turn as well.

    async def _finish(
        self, attempt: Attempt, keys: Sequence[str], token: str, outcome: AttemptOutcome
    ) -> None:
        remembers = outcome is AttemptOutcome.SUCCEEDED and attempt.known
        given_back = keys[:2] if outcome is AttemptOutcome.FAILED else keys
        await _run(self._end, given_back, (token, KNOWN_SECONDS if remembers else 0))


def _pool(url: URL) -> BlockingConnectionPool:
    kind, _, transport = url.drivername.partition("+")
    place: dict[str, Any] = {"host": url.host, "port": url.port or 6379, "db": url.database or 0}
    if transport == "unix":
        place = {"path": f"/{url.database}", "db": url.query.get("db", 0)}
        place["connection_class"] = UnixDomainSocketConnection
    elif kind in {"rediss", "valkeys"}:
        place |= {"connection_class": SSLConnection, **url.query}
    return BlockingConnectionPool(
        max_connections=CONNECTIONS,
        timeout=SECONDS,
        socket_timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        username=url.username or None,
        password=url.password or None,
        protocol=PROTOCOL,
        driver_info=None,
        **place,
    )


def _key(scope: str, name: str) -> str:
    """Return a key of a fixed length, which contains no address of a client or a user."""
    return f"seedbed:{blake2b(f'{scope} {name}'.encode(), digest_size=16).hexdigest()}"


async def _run(script: Any, keys: Sequence[str], arguments: Sequence[object]) -> Any:
    try:
        async with asyncio.timeout(SECONDS):
            return await script(keys, arguments)
    except (TimeoutError, RedisTimeoutError):
        raise StorageLost(f"no response within {SECONDS} seconds") from None
    except (AuthenticationError, AuthorizationError):
        raise StorageRefuses("it does not accept the user or the password") from None
    except NoPermissionError:
        raise StorageRefuses("the user may not run scripts on keys seedbed:*") from None
    except ResponseError as error:
        if "DB index" in str(error):
            raise StorageRefuses("it has no database of this number") from None
        raise StorageLost(f"it responds with an error ({type(error).__name__})") from None
    except (RedisError, OSError) as error:
        cause = error.__cause__ or error.__context__ or error
        raise StorageLost(f"no connection ({type(cause).__name__})") from None
