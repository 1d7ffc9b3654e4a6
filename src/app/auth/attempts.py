"""How often a client may try to sign in or up, and a user to verify or change the password.

Attempts are counted in the memory of this process.
Failed sign-ins are limited per address and account. The limit per account alone is higher, against
guesses from many addresses at once. It does not apply to an address from which the account signed
in within the last week, so that nobody else can lock out its owner.
"""

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv6Address, IPv6Network, ip_address
from uuid import UUID
from weakref import WeakValueDictionary

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from app.auth.errors import InvalidEmailOrPassword, InvalidPassword, TooManyRequests
from app.auth.sessions import SESSION_LIFETIME

MINUTES = 5
FAILURES_PER_ADDRESS_AND_ACCOUNT = 10
FAILURES_PER_ADDRESS = 100
FAILURES_PER_ACCOUNT = 100
WRONG_PASSWORDS_PER_USER = 10
SIGN_UPS_PER_ADDRESS = 100
SIGN_UPS_PER_EMAIL = 10

Allowance = tuple[RateLimitItem, str]


class Attempts:
    def __init__(self) -> None:
        self._data_set: str | None = None
        self._forget()
        self.turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def use_data_set(self, data_set: str | None) -> None:
        """Reset the counts if the users belong to another data set than before."""
        if data_set != self._data_set:
            self._data_set = data_set
            self._forget()

    def _forget(self) -> None:
        self.counts = MemoryStorage()
        self._window = FixedWindowRateLimiter(self.counts)

    @asynccontextmanager
    async def sign_in(self, email: str, host: str | None) -> AsyncGenerator[None]:
        """Let one attempt through, and count it if the password was wrong.

        Raises `TooManyRequests`, the same for an account that does not exist.
        """
        address, account = counted_address(host), email.lower()
        pair = f"{address} {account}"
        known = f"known {pair}"
        # One attempt per address at a time: correct passwords never use up the limit, and no
        # address occupies more than one core.
        async with self.turns.setdefault(address, asyncio.Lock()):
            allowances = [
                _allowance(FAILURES_PER_ADDRESS, "sign-in from", address),
                _allowance(FAILURES_PER_ADDRESS_AND_ACCOUNT, "sign-in as", pair),
            ]
            if not await self.counts.get(known):
                allowances.append(_allowance(FAILURES_PER_ACCOUNT, "sign-in to", account))
            async with self._counting(allowances):
                yield
            await self.counts.clear(known)
            await self.counts.incr(known, SESSION_LIFETIME.total_seconds())

    @asynccontextmanager
    async def verify_password(self, user_id: UUID) -> AsyncGenerator[None]:
        """Let one attempt with the current password through, and count it if it was wrong.

        Raises `TooManyRequests`.
        """
        # Without a lock: a user who is signed in does not wait for others who sign in.
        allowance = _allowance(WRONG_PASSWORDS_PER_USER, "password of", str(user_id))
        async with self._counting([allowance]):
            yield

    async def sign_up(self, email: str, host: str | None) -> None:
        """Count one attempt, successful or not.

        Raises `TooManyRequests`.
        """
        await self._take(
            [
                _allowance(SIGN_UPS_PER_ADDRESS, "sign-up from", counted_address(host)),
                _allowance(SIGN_UPS_PER_EMAIL, "sign-up as", email.lower()),
            ]
        )

    @asynccontextmanager
    async def _counting(self, allowances: Sequence[Allowance]) -> AsyncGenerator[None]:
        # Counted before the password is verified, or simultaneous guesses would all pass.
        await self._take(allowances)
        try:
            yield
        except (InvalidEmailOrPassword, InvalidPassword):
            raise
        except Exception:
            await self._give_back(allowances)
            raise
        await self._give_back(allowances)

    async def _take(self, allowances: Sequence[Allowance]) -> None:
        for index, (limit, key) in enumerate(allowances):
            if not await self._window.hit(limit, key):
                await self._give_back(allowances[: index + 1])
                ends_at, _ = await self._window.get_window_stats(limit, key)
                raise TooManyRequests(max(1, math.ceil(ends_at - time.time())))

    async def _give_back(self, allowances: Sequence[Allowance]) -> None:
        for limit, key in allowances:
            # Do not create a window that has ended meanwhile: nothing would ever remove it.
            if await self.counts.get(limit.key_for(key)):
                await self.counts.decr(limit.key_for(key))


def _allowance(amount: int, purpose: str, key: str) -> Allowance:
    return RateLimitItemPerMinute(amount, MINUTES, namespace=purpose), key


def counted_address(host: str | None) -> str:
    """Return the key that counts a client: an IPv4 address, or the /64 that an IPv6 client owns."""
    try:
        address = ip_address(host or "")
    except ValueError:
        return host or "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), 64), strict=False))
