"""How often a client may try to sign in or up, and a user to verify or change the password.

Attempts are counted in the memory of this process, or in a storage that several processes share.
Failed sign-ins are limited per address and account. The limit per account alone is higher, against
guesses from many addresses at once. It does not apply to an address from which the account signed
in within the last week, so that nobody else can lock out its owner.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakValueDictionary

from limits import RateLimitItemPerMinute
from sqlalchemy import URL

from app.auth.counts import Allowance, Attempt, AttemptOutcome, Counts, MemoryCounts
from app.auth.errors import InvalidEmailOrPassword, InvalidPassword
from app.database.undo.history import SnapshotHistory

if TYPE_CHECKING:
    from app.auth.shared_counts import SharedCounts

FindHistory = Callable[[str | None, int], Awaitable[SnapshotHistory | None]]

MINUTES = 5
FAILURES_PER_ADDRESS_AND_ACCOUNT = 10
FAILURES_PER_ADDRESS = 100
FAILURES_PER_ACCOUNT = 100
WRONG_PASSWORDS_PER_USER = 10
SIGN_UPS_PER_ADDRESS = 100
SIGN_UPS_PER_EMAIL = 10


class Attempts:
    """With `has_snapshots`, the counts can be saved and restored: everywhere but in production."""

    def __init__(self, storage: URL | None = None, *, has_snapshots: bool = False) -> None:
        self._has_snapshots = has_snapshots
        self._seed_id: str | None = None
        self._known = 0
        self._looks = self._last_look = 0
        self._database = ""
        self.memory = MemoryCounts()
        self.shared = _share(storage, self.memory, has_snapshots) if storage else None
        self._counts: Counts = self.shared or self.memory
        self.turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def open(self) -> None:
        """Raise `CannotShare` if the storage does not accept this server."""
        if self.shared:
            await self.shared.open()

    async def close(self) -> None:
        if self.shared:
            await self.shared.close()

    async def follow(self, find_history: FindHistory) -> None:
        """Clear the counts after a seed, and return to those of a snapshot after its restore.

        For each attempt before it is counted. An event that is new to this process happened when
        its counts were what they are now. `find_history` gets the seed and the event known so far.
        """
        self._looks += 1
        look = self._looks
        history = await find_history(self._seed_id, self._known)
        if history is None or look < self._last_look:  # a later look was faster
            return
        self._last_look = look
        if history.seed_id != self._seed_id:
            self._seed_id, self._known, self._database = history.seed_id, 0, ""
            self.memory.clear()
            if self.shared:
                self.shared.clear()
        events = [event for event in history.events if event.id > self._known]
        self._known = max([self._known, *(event.id for event in events)])
        self.memory.follow(events, history.snapshots)
        if self.shared:
            self.shared.follow(events)

    async def identify(self, find_database: Callable[[], Awaitable[str]]) -> None:
        """Find the identity of the database, or an empty text if it has none now."""
        if self.shared and not self._database:
            self._database = await find_database()

    def _attempt(self, allowances: Sequence[Allowance], known: str = "", turn: str = "") -> Attempt:
        scope = f"{self._database} {self._seed_id or ''}" if self._database else ""
        return Attempt(allowances, known, turn, scope, self._known if self._has_snapshots else None)

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
                self._attempt(allowances, known=f"known {pair}", turn=f"turn {address}")
            ):
                yield

    @asynccontextmanager
    async def verify_password(self, user_id: UUID) -> AsyncGenerator[None]:
        """Let one attempt with the current password through, and count it if it was wrong.

        Raises `TooManyRequests`.
        """
        # Without a lock: a user who is signed in does not wait for others who sign in.
        allowance = _allowance(WRONG_PASSWORDS_PER_USER, "password of", str(user_id))
        async with self._counting(self._attempt((allowance,))):
            yield

    async def sign_up(self, email: str, host: str | None) -> None:
        """Count one attempt, successful or not.

        Raises `TooManyRequests`.
        """
        allowances = (
            _allowance(SIGN_UPS_PER_ADDRESS, "sign-up from", counted_address(host)),
            _allowance(SIGN_UPS_PER_EMAIL, "sign-up as", email.lower()),
        )
        await self._counts.begin(self._attempt(allowances))

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


def _share(storage: URL, memory: MemoryCounts, has_snapshots: bool) -> "SharedCounts":
    # Imported here, because the driver takes as long to import as a seed takes.
    from app.auth.shared_counts import SharedCounts  # noqa: PLC0415

    return SharedCounts(storage, memory, has_snapshots=has_snapshots)


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
