"""Choices that depend on nothing but the random seed, the kind of row and its index.

Each row has a stream of its own, so that more rows of a kind, or of another, change no other row.
The standard library's generator is not used: its `choice` may differ between Python versions.
"""

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from typing import TypeVar
from uuid import UUID, uuid5

T = TypeVar("T")

NAMESPACE = UUID("6f0f3d0a-5c52-4f0e-9d0e-0f6d2d9f5eed")
ENOUGH_BITS = 1 << 64  # keeps the bias of a draw from n below n / 2**64
MAX_64_BITS = ENOUGH_BITS - 1
ROUNDS = 3


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


def scattered(random_seed: int, kind: str, index: int, rows: int, columns: int) -> tuple[int, int]:
    """Map 0..rows*columns-1 onto the cells of a grid, one to one, in an order without pattern.

    Distinct results for distinct indices, with nothing to remember: a Feistel network over mixed
    radices (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
    """
    row, column = divmod(index % (rows * columns), columns)
    for row_key, column_key in _round_keys(random_seed, kind):
        row = (row + _mixed(column, row_key)) % rows
        column = (column + _mixed(row, column_key)) % columns
    return row, column


def _mixed(number: int, key: int) -> int:
    return ((number + key) * (key | 1) & MAX_64_BITS) >> 24


@cache
def _round_keys(random_seed: int, kind: str) -> tuple[tuple[int, int], ...]:
    draws = Draws(random_seed, f"order of {kind}", 0)
    return tuple((draws.below(ENOUGH_BITS), draws.below(ENOUGH_BITS)) for _ in range(ROUNDS))
