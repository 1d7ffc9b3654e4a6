"""Hashing and checking passwords, away from the event loop."""

import os
from collections.abc import Sequence
from functools import partial
from secrets import token_bytes
from typing import Protocol
from unicodedata import normalize

import anyio
from anyio import CapacityLimiter, to_thread
from passlib.context import CryptContext

from app.settings import Environment

# The minimum of the OWASP Password Storage Cheat Sheet for argon2id: 19 MiB, two passes, one lane.
STRONG = {"memory_cost": 19_456, "time_cost": 2}
MIN_LENGTH = 8
MAX_LENGTH = 128
CHEAP = {"memory_cost": 64, "time_cost": 1}


def nfkc(password: str) -> str:
    """Return the form in which a password is hashed, verified and measured.

    Keyboards differ in how they send the same characters. Better Auth hashes the same form.
    """
    return normalize("NFKC", password)


class Hashing(Protocol):
    async def hash_all(self, passwords: Sequence[str]) -> list[str]: ...


class Passwords:
    def __init__(self, environment: Environment) -> None:
        cost = CHEAP if environment is Environment.TEST else STRONG
        self._context = CryptContext(
            schemes=["argon2"],
            argon2__type="ID",
            argon2__parallelism=1,
            **{f"argon2__{name}": value for name, value in cost.items()},
        )
        # No password has this hash. Verifying one takes the same time as with any other hash.
        hasher = self._context.handler()
        digest = token_bytes(hasher.checksum_size)
        self._dummy_hash = str(hasher(use_defaults=True, checksum=digest).to_string())
        # Hashing releases the GIL, so that as many threads as cores hash side by side.
        self._limiter = CapacityLimiter(os.cpu_count() or 1)

    async def hash_all(self, passwords: Sequence[str]) -> list[str]:
        """Return a hash with a new salt for each password, in the same order. Use all cores."""
        hashes = [""] * len(passwords)

        async def hash_one(index: int) -> None:
            task = partial(self._context.hash, nfkc(passwords[index]))
            hashes[index] = await to_thread.run_sync(task, limiter=self._limiter)

        async with anyio.create_task_group() as tasks:
            for index in range(len(passwords)):
                tasks.start_soon(hash_one, index)
        return hashes

    def is_current(self, password_hash: str) -> bool:
        """Return whether a hash has the algorithm and cost of new ones. It is not verified."""
        return _parameters(password_hash) == _parameters(self._dummy_hash)

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Return whether the password has this hash. Without a hash it takes the same time."""
        # Hashes from before passwords were normalized are of the password as it was sent.
        for form in dict.fromkeys([nfkc(password), password]):
            task = partial(self._context.verify, form, password_hash or self._dummy_hash)
            matches = await to_thread.run_sync(task, limiter=self._limiter)
            if matches and password_hash is not None:
                return True
        return False


def _parameters(password_hash: str) -> list[str]:
    """Return the parts before salt and hash: `$argon2id$v=19$m=19456,t=2,p=1$…`."""
    return password_hash.split("$")[:-2]


class SharedHashes:
    """Hash each password once for all users who have it, so that their hashes are equal.

    Use it only for passwords that are not secret.
    """

    def __init__(self, passwords: Hashing) -> None:
        self._passwords = passwords
        self._hashes: dict[str, str] = {}

    async def hash_all(self, passwords: Sequence[str]) -> list[str]:
        new = [password for password in dict.fromkeys(passwords) if password not in self._hashes]
        self._hashes.update(zip(new, await self._passwords.hash_all(new), strict=True))
        return [self._hashes[password] for password in passwords]
