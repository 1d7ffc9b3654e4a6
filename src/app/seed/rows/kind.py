"""Kinds of row: how many to expect, how they are generated and written, and their rules."""

import math
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Insert, Table
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.passwords import Hashing
from app.database.bulk import Row, RowEncoder
from app.names import wire_name
from app.seed.audit.rule import CatalogueRule, Rule
from app.seed.constants import MAX_IDS_IN_SUMMARY
from app.seed.request import SeedRequest

T = TypeVar("T")

# The sizes of the batches are part of the fingerprint.
ROWS_PER_BATCH = 1_000
GROUPS_PER_BATCH = 500


class Written(msgspec.Struct):
    """The count, the first ids and a digest of rows."""

    count: int
    ids: list[UUID]
    digest: bytes

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Written":
        """Describe rows that have only their deterministic columns."""
        digest = sha256(msgspec.json.encode(rows, order="sorted")).digest()
        return cls(len(rows), [row["id"] for row in rows[:MAX_IDS_IN_SUMMARY]], digest)


class Batch(msgspec.Struct):
    """Encoded rows for the database. Batches are sent between processes."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    written: Written


class SeedContext(NamedTuple):
    session: AsyncSession
    passwords: Hashing
    request: SeedRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of row; either a `ServiceKind` or a `LoadedKind`.

    `expected` returns how many rows a request creates. If the number is random, it returns the mean
    and `is_exact` is False.
    """

    name: str
    table: Table
    expected: Callable[[SeedRequest], int]
    is_exact: bool = True
    rules: tuple[Rule | CatalogueRule, ...] = ()

    @property
    def wire_name(self) -> str:
        """The name in JSON, which is also the name of the step."""
        return wire_name(self.name)

    @property
    def singular(self) -> str:
        """The name of one such row, from which `row_id` computes its id."""
        return self.name.replace("_", " ").removesuffix("s")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceKind(Kind):
    """Rows that a service creates.

    `create` calls the service and yields the rows of each batch, with their deterministic columns
    only.
    """

    create: Callable[[SeedContext], AsyncIterator[Sequence[Row]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedKind(Kind):
    """Rows that are loaded in bulk.

    They are generated in groups, such as the plans of one patient. `groups` returns the number of
    groups, and `rows` generates one group. A group has no rows only if `has_empty_groups`.
    `derived` has tables whose rows a statement computes from those of this kind: of all rows, or of
    those that meet a condition.
    """

    groups: Callable[[SeedRequest], int]
    rows: Callable[[SeedRequest, int], Iterable[Row]]
    groups_per_batch: int = GROUPS_PER_BATCH
    has_empty_groups: bool = False
    derived: Mapping[Table, Callable[..., Insert]] = field(default_factory=dict)

    def batch_count(self, request: SeedRequest) -> int:
        return math.ceil(self.groups(request) / self.groups_per_batch)

    def batches(
        self, request: SeedRequest, dialect: str, first: int = 0, step: int = 1
    ) -> Iterator[Batch]:
        """Yield every batch, or every `step`th one from number `first` on."""
        groups, size = self.groups(request), self.groups_per_batch
        for start in range(first * size, groups, step * size):
            yield self._batch(request, dialect, range(groups)[start : start + size])

    def _batch(self, request: SeedRequest, dialect: str, groups: range) -> Batch:
        rows = [row for group in groups for row in self.rows(request, group)]
        written = Written.of(rows)
        if not rows:
            return Batch((), [], written)
        encoder = RowEncoder(self.table, tuple(rows[0]), dialect)
        if groups.start >= MAX_IDS_IN_SUMMARY and not self.has_empty_groups:
            written.ids = []  # not in the summary
        return Batch(encoder.columns, [*map(encoder.encode, rows)], written)


def in_batches(items: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(items)
    while batch := list(islice(remaining, ROWS_PER_BATCH)):
        yield batch
