"""How often a client may try to sign in or up, and a user to verify or change the password.

Attempts are counted in the memory of this process, or in a storage that several processes share.
Failed sign-ins are limited per address and account. The limit per account alone is higher, against
guesses from many addresses at once. It does not apply to an address from which the account signed
in within the last week, so that nobody else can lock out its owner.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakValueDictionary

from limits import RateLimitItemPerMinute
from sqlalchemy import URL

from app.auth.counts import Allowance, Attempt, AttemptOutcome, Counts, MemoryCounts
from app.auth.errors import InvalidEmailOrPassword, InvalidPassword

if TYPE_CHECKING:
    from app.auth.shared_counts import SharedCounts

MINUTES = 5
FAILURES_PER_ADDRESS_AND_ACCOUNT = 10
FAILURES_PER_ADDRESS = 100
FAILURES_PER_ACCOUNT = 100
WRONG_PASSWORDS_PER_USER = 10
SIGN_UPS_PER_ADDRESS = 100
SIGN_UPS_PER_EMAIL = 10


class Attempts:
    def __init__(self, storage: URL | None = None) -> None:
        self._data_set: str | None = None
        self._database = ""
        self.memory = MemoryCounts()
        self.shared = _share(storage, self.memory) if storage else None
        self._counts: Counts = self.shared or self.memory
        self.turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def open(self) -> None:
        """Raise `CannotShare` if the storage does not accept this server."""
        if self.shared:
            await self.shared.open()

    async def close(self) -> None:
        if self.shared:
            await self.shared.close()

    async def use_data_set(
        self, data_set: str | None, find_database: Callable[[], Awaitable[str]]
    ) -> None:
        """Reset the counts if the users belong to another data set than before.

        `find_database` returns the identity of the database, or an empty text if it has none now.
        """
        if data_set != self._data_set:
            self._data_set, self._database = data_set, ""
            self.memory.clear()
        if self.shared and not self._database:
            self._database = await find_database()

    @property
    def _scope(self) -> str:
        return f"{self._database} {self._data_set or ''}" if self._database else ""

    @asynccontextmanager
    async def sign_in(self, email: str, host: str | None) -> AsyncGenerator[None]:
        """Let one attempt through, and count it if the password was wrong.

        Raises `TooManyRequests`, the same for an account that does not exist.
        """
        address, account = counted_address(host), email.lower()
        pair = f"{address} {account}"
        # One attempt per address at a time: correct passwords never use up the limit, and no
        # address occupies more than one core.
        async with self.turns.setdefault(address, asyncio.Lock()):
            allowances = (
                _allowance(FAILURES_PER_ADDRESS, "sign-in from", address),
                _allowance(FAILURES_PER_ADDRESS_AND_ACCOUNT, "sign-in as", pair),
                _allowance(FAILURES_PER_ACCOUNT, "sign-in to", account),
            )
            async with self._counting(
                Attempt(allowances, known=f"known {pair}", turn=address, scope=self._scope)
            ):
                yield

    @asynccontextmanager
    async def verify_password(self, user_id: UUID) -> AsyncGenerator[None]:
        """Let one attempt with the current password through, and count it if it was wrong.

        Raises `TooManyRequests`.
        """
        # Without a lock: a user who is signed in does not wait for others who sign in.
        allowance = _allowance(WRONG_PASSWORDS_PER_USER, "password of", str(user_id))
        async with self._counting(Attempt((allowance,), scope=self._scope)):
            yield

    async def sign_up(self, email: str, host: str | None) -> None:
        """Count one attempt, successful or not.

        Raises `TooManyRequests`.
        """
        allowances = (
            _allowance(SIGN_UPS_PER_ADDRESS, "sign-up from", counted_address(host)),
            _allowance(SIGN_UPS_PER_EMAIL, "sign-up as", email.lower()),
        )
        await self._counts.begin(Attempt(allowances, scope=self._scope))

    @asynccontextmanager
    async def _counting(self, attempt: Attempt) -> AsyncGenerator[None]:
        # Counted before the password is verified, or simultaneous guesses would all pass.
        end = await self._counts.begin(attempt)
        outcome = AttemptOutcome.FAILED
        try:
            yield
            outcome = AttemptOutcome.SUCCEEDED
        except (InvalidEmailOrPassword, InvalidPassword):
            raise
        except Exception:
            outcome = AttemptOutcome.WITHOUT_RESULT
            raise
        finally:
            await end(outcome)


def _share(storage: URL, memory: MemoryCounts) -> "SharedCounts":
    # Imported here, because the driver takes as long to import as a seed takes.
    from app.auth.shared_counts import SharedCounts  # noqa: PLC0415

    return SharedCounts(storage, memory)


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
