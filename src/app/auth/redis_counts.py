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
from itertools import chain
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
from app.database.undo.history import SnapshotEvent

SECONDS = 2  # for one script; a local one takes less than a millisecond
CONNECTIONS = 20  # of a process; a script waits for a free one
TURN_SECONDS = 5  # a process that was killed keeps its turn so long
FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.1  # seconds
# What a script reports if the user may not run one of its commands, by version.
NOT_PERMITTED = ("ACL failure in script", "user executing the script can't run")
PROTOCOL = 2  # every version has it
INDEX, HISTORY = "index of counts", "history of snapshots"
KEPT_MILLISECONDS = KNOWN_SECONDS * 1000  # no count lasts longer
TAKEN, REFUSED, BUSY = range(3)

BEGIN = """
-- KEYS: turn, known, index, history, counts
-- ARGV: token, milliseconds of a turn or 0 without one, milliseconds of a window, the last event of
-- snapshots or nothing without them, milliseconds that the history is kept, limits
-- Returns TAKEN, how many counts and the last restore; or REFUSED and the milliseconds to wait; or
-- BUSY.
if ARGV[2] ~= '0' then
    local holder = redis.call('GET', KEYS[1])
    if holder and holder ~= ARGV[1] then return {2, 0, ''} end
end
local last = #KEYS - redis.call('EXISTS', KEYS[2])
for i = 5, last do
    if tonumber(redis.call('GET', KEYS[i]) or '0') >= tonumber(ARGV[i + 1]) then
        return {1, redis.call('PTTL', KEYS[i]), ''}
    end
end
for i = 5, last do
    if redis.call('INCR', KEYS[i]) == 1 then redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
end
if ARGV[2] ~= '0' then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
if ARGV[4] == '' then return {0, last - 4, ''} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 5, last do redis.call('ZADD', KEYS[3], now + redis.call('PTTL', KEYS[i]), KEYS[i]) end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
redis.call('PEXPIRE', KEYS[3], ARGV[5])
-- After a loss of all keys, the events so far are known to have been applied.
if tonumber(redis.call('HGET', KEYS[4], 'event') or '-1') < tonumber(ARGV[4]) then
    redis.call('HSET', KEYS[4], 'event', ARGV[4])
end
redis.call('PEXPIRE', KEYS[4], ARGV[5])
return {0, last - 4, redis.call('HGET', KEYS[4], 'restore') or '0'}
"""
END = """
-- KEYS: turn, known, index, history, counts to give back
-- ARGV: token, seconds to remember what is known, or 0; the last restore at the beginning
if ARGV[3] == '' or (redis.call('HGET', KEYS[4], 'restore') or '0') == ARGV[3] then
    for i = 5, #KEYS do
        local count = tonumber(redis.call('GET', KEYS[i]) or '0')
        if count == 1 then redis.call('DEL', KEYS[i]) end
        if count > 1 then redis.call('DECR', KEYS[i]) end
    end
    if ARGV[2] ~= '0' then
        redis.call('SET', KEYS[2], '1', 'EX', ARGV[2])
        if ARGV[3] ~= '' then
            redis.call('ZADD', KEYS[3], (redis.call('TIME')[1] + ARGV[2]) * 1000, KEYS[2])
        end
    end
end
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
"""
APPLY = """
-- KEYS: index, history, and for each event the saved counts of its snapshot
-- ARGV: milliseconds that all this is kept, and for each event its number, and 1 if it is a restore
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('HGET', KEYS[2], 'event') or '0')
local function save(saved)
    for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
        local count, left = redis.call('GET', key), redis.call('PTTL', key)
        if count and left > 0 then redis.call('HSET', saved, key, count .. ' ' .. now + left) end
    end
    redis.call('PEXPIRE', saved, ARGV[1])
end
local function restore(saved)
    for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do redis.call('DEL', key) end
    redis.call('DEL', KEYS[1])
    local counts = redis.call('HGETALL', saved)
    for i = 1, #counts, 2 do
        local count, ends = string.match(counts[i + 1], '(%d+) (%d+)')
        if ends - now > 0 then
            redis.call('SET', counts[i], count, 'PX', ends - now)
            redis.call('ZADD', KEYS[1], ends, counts[i])
        end
    end
end
for i = 3, #KEYS do
    local event = tonumber(ARGV[2 * i - 4])
    if event > last then
        last = event
        if ARGV[2 * i - 3] == '1' then
            restore(KEYS[i])
            redis.call('HSET', KEYS[2], 'restore', event)
        else
            save(KEYS[i])
        end
    end
end
redis.call('HSET', KEYS[2], 'event', last)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
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
        self._apply = self._redis.register_script(APPLY)

    async def check(self, *, has_snapshots: bool) -> None:
        """Raise `StorageLost` if an attempt cannot be counted; count one that is given back."""
        scope, event = uuid4().hex, 0 if has_snapshots else None
        attempt = Attempt(((RateLimitItemPerSecond(1), "check"),), "known", "turn", scope, event)
        end = await self.begin(attempt)
        if has_snapshots:
            await self.apply(scope, [SnapshotEvent(1), SnapshotEvent(2, restored=1)])
        await end(AttemptOutcome.WITHOUT_RESULT)
        kept = [_key(scope, name) for name in (INDEX, HISTORY, "snapshot 1")]
        await _run(lambda keys, _: self._redis.delete(*keys), kept, ())

    async def close(self) -> None:
        await self._redis.aclose()

    async def begin(self, attempt: Attempt) -> End:
        """Wait for the turn, and count the attempt.

        Raises `TooManyRequests` or `StorageLost`.
        """
        names = [limit.key_for(key) for limit, key in attempt.allowances]
        first = (attempt.turn, attempt.known, INDEX, HISTORY)
        keys = [_key(attempt.scope, name) for name in (*first, *names)]
        window = max((limit.get_expiry() for limit, _ in attempt.allowances), default=0)
        limits = [limit.amount for limit, _ in attempt.allowances]
        token, turn = uuid4().hex, int(TURN_SECONDS * 1000) if attempt.turn else 0
        until, pause = time.monotonic() + TURN_SECONDS, FIRST_PAUSE
        event = "" if attempt.event is None else attempt.event
        while True:
            arguments = (token, turn, window * 1000, event, KEPT_MILLISECONDS, *limits)
            state, number, restore = await _run(self._begin, keys, arguments)
            if state == REFUSED:
                raise too_many(number / 1000)
            if state == TAKEN:
                return partial(self._finish, attempt, keys[: len(first) + number], (token, restore))
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - no secret
            pause = min(2 * pause, LONGEST_PAUSE)
            if time.monotonic() > until:
                turn = 0  # The counts are exact without a turn as well.

    async def _finish(
        self,
        attempt: Attempt,
        keys: Sequence[str],
        begun: tuple[str, bytes],
        outcome: AttemptOutcome,
    ) -> None:
        remembers = outcome is AttemptOutcome.SUCCEEDED and attempt.known
        given_back = keys[:4] if outcome is AttemptOutcome.FAILED else keys
        token, restore = begun
        await _run(self._end, given_back, (token, KNOWN_SECONDS if remembers else 0, restore))

    async def apply(self, scope: str, events: Sequence[SnapshotEvent]) -> None:
        """Save the counts for each snapshot, and return to them at its restore.

        What another process has applied is ignored. Raise `StorageLost`.
        """
        snapshots = [event.restored or event.id for event in events]
        names = (INDEX, HISTORY, *(f"snapshot {snapshot}" for snapshot in snapshots))
        steps = [(event.id, int(event.restored is not None)) for event in events]
        arguments = (KEPT_MILLISECONDS, *chain.from_iterable(steps))
        await _run(self._apply, [_key(scope, name) for name in names], arguments)


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
        if any(words in str(error) for words in NOT_PERMITTED):
            raise StorageRefuses("the user may not run all commands of the scripts") from None
        if "DB index" in str(error):
            raise StorageRefuses("it has no database of this number") from None
        raise StorageLost(f"it responds with an error ({type(error).__name__})") from None
    except (RedisError, OSError) as error:
        cause = error.__cause__ or error.__context__ or error
        raise StorageLost(f"no connection ({type(cause).__name__})") from None
