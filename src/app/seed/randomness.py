"""Choices that depend on nothing but the random seed, the kind of row and its index.

Each row has a stream of its own, so that more rows of a kind, or of another, change no other row.
The standard library's generator is not used: its `choice` may differ between Python versions.
"""

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from math import gcd
from typing import TypeVar
from uuid import UUID, uuid5

T = TypeVar("T")

NAMESPACE = UUID("6f0f3d0a-5c52-4f0e-9d0e-0f6d2d9f5eed")
ENOUGH_BITS = 1 << 64  # keeps the bias of a draw from n below n / 2**64


def row_id(random_seed: int, kind: str, index: int) -> UUID:
    return uuid5(NAMESPACE, f"{random_seed}/{kind}/{index}")


class Draws:
    """A stream of choices, taken off the digits of a BLAKE2 digest."""

    __slots__ = ("_bits", "_blocks", "_key")

    def __init__(self, random_seed: int, kind: str, index: int) -> None:
        self._key = f"{random_seed}/{kind}/{index}"
        self._blocks = 0
        self._bits = 0

    def below(self, limit: int) -> int:
        if self._bits < ENOUGH_BITS:
            self._blocks += 1
            digest = blake2b(f"{self._key}/{self._blocks}".encode()).digest()
            self._bits = int.from_bytes(digest)
        self._bits, drawn = divmod(self._bits, limit)
        return drawn

    def between(self, low: int, high: int) -> int:
        """Draw from low to high, both included."""
        return low + self.below(high - low + 1)

    def choice(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def one_in(self, times: int) -> bool:
        return self.below(times) == 0

    def sample(self, options: Sequence[T], count: int) -> list[T]:
        """Draw `count` different ones; a longer sample begins with the shorter one."""
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(count)]


def scattered(random_seed: int, kind: str, index: int, size: int) -> int:
    """Map 0..size-1 onto itself in a scattered order: distinct numbers that need no memory."""
    factor, offset = _affine(random_seed, kind, size)
    return (factor * index + offset) % size


@cache
def _affine(random_seed: int, kind: str, size: int) -> tuple[int, int]:
    draws = Draws(random_seed, f"order of {kind}", size)
    factor = draws.between(size // 3, 2 * size // 3)
    while gcd(factor, size) != 1:
        factor += 1
    return factor, draws.below(size)
