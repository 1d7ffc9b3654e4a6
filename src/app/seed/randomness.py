"""Random choices that depend only on the random seed, the kind of row and its index.

Each row has its own stream, so more rows of any kind do not change other rows.
The standard library's generator is not used: its `choice` may differ between Python versions.
"""

from bisect import bisect
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import accumulate
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")

INDEX_BITS = 32
# Version 8 and the variant of RFC 9562, in their places in the 128 bits.
NOT_VERSION = ~(0xF000 << 64 | 0xC000 << 48)
VERSION_8 = 0x8000 << 64 | 0x8000 << 48
ENOUGH_BITS = 1 << 64  # keeps the bias of a draw from n below n / 2**64
MAX_64_BITS = ENOUGH_BITS - 1
ROUNDS = 3
PARTS = 1_000  # of a unit of weight


def row_id(random_seed: int, kind: str, index: int) -> UUID:
    """Return a UUIDv8 (RFC 9562, 5.8) that begins with the index.

    Ordered ids are much faster to look up and to add to an index.
    """
    return UUID(int=index << 128 - INDEX_BITS | _rest_of_id(random_seed, kind))


@cache
def _rest_of_id(random_seed: int, kind: str) -> int:
    digest = blake2b(f"{random_seed}/id of {kind}".encode(), digest_size=(128 - INDEX_BITS) // 8)
    return int.from_bytes(digest.digest()) & NOT_VERSION | VERSION_8


# For rows to which many others refer.
shared_row_id = lru_cache(maxsize=4_096)(row_id)


class Weighted(Generic[T]):
    """Options with weights. The sums of the weights are computed once, so that a draw is fast."""

    __slots__ = ("limits", "options", "total")

    def __init__(self, weights: Iterable[tuple[T, float]]) -> None:
        pairs = [(option, round(weight * PARTS)) for option, weight in weights]
        self.options = tuple(option for option, weight in pairs if weight)
        self.limits = tuple(accumulate(weight for _, weight in pairs if weight))
        self.total = self.limits[-1] if self.limits else 0


class RandomDraws:
    """A stream of random choices from BLAKE2 digests."""

    __slots__ = ("_bits", "_blocks", "_key")

    def __init__(self, random_seed: int, kind: str, index: int) -> None:
        self._key = f"{random_seed}/{kind}/{index}"
        self._blocks = 0
        self._bits = 0

    # Millions of draws are made, so these do not call each other.
    def below(self, limit: int) -> int:
        if self._bits < ENOUGH_BITS:
            self._refill()
        self._bits, drawn = divmod(self._bits, limit)
        return drawn

    def between(self, low: int, high: int) -> int:
        """Draw a number from low to high, both included."""
        if self._bits < ENOUGH_BITS:
            self._refill()
        self._bits, drawn = divmod(self._bits, high - low + 1)
        return low + drawn

    def choice(self, options: Sequence[T]) -> T:
        if self._bits < ENOUGH_BITS:
            self._refill()
        self._bits, drawn = divmod(self._bits, len(options))
        return options[drawn]

    def weighted(self, options: Weighted[T]) -> T:
        if self._bits < ENOUGH_BITS:
            self._refill()
        self._bits, drawn = divmod(self._bits, options.total)
        return options.options[bisect(options.limits, drawn)]

    def _refill(self) -> None:
        self._blocks += 1
        self._bits = int.from_bytes(blake2b(f"{self._key}/{self._blocks}".encode()).digest())

    def one_in(self, times: int) -> bool:
        return self.below(times) == 0

    def sample(self, options: Sequence[T], count: int) -> list[T]:
        """Draw `count` different options. A longer sample begins with the shorter one."""
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(count)]


def in_order(options: Sequence[T], number: int) -> list[T]:
    """Return an order of all options: of those that `sample` can draw, the one with this number."""
    left, ordered = list(options), []
    while left:
        number, drawn = divmod(number, len(left))
        ordered.append(left.pop(drawn))
    return ordered


def permuted_cell(
    random_seed: int, kind: str, index: int, rows: int, columns: int
) -> tuple[int, int]:
    """Map 0..rows*columns-1 one to one to the cells of a grid, in random order.

    Distinct indices have distinct results, without storing any: a Feistel network over mixed
    radices (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
    """
    row, column = divmod(index % (rows * columns), columns)
    for row_key, row_factor, column_key, column_factor in _round_keys(random_seed, kind):
        row = (row + (((column + row_key) * row_factor & MAX_64_BITS) >> 24)) % rows
        column = (column + (((row + column_key) * column_factor & MAX_64_BITS) >> 24)) % columns
    return row, column


@cache
def _round_keys(random_seed: int, kind: str) -> tuple[tuple[int, int, int, int], ...]:
    """Return the summands and factors of each round. Factors are odd."""
    draws = RandomDraws(random_seed, f"order of {kind}", 0)
    keys = [(draws.below(ENOUGH_BITS), draws.below(ENOUGH_BITS)) for _ in range(ROUNDS)]
    return tuple((row, row | 1, column, column | 1) for row, column in keys)
