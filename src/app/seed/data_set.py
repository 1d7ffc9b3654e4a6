"""The data set while it is being made: where its rows are written, counted and fingerprinted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import inspect
from sqlmodel import SQLModel, insert
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.passwords import Passwords
from app.seed.constants import MAX_IDS_IN_SUMMARY
from app.seed.request import SeedRequest
from app.seed.steps import Steps
from app.seed.summary import KINDS, Created

Row = Mapping[str, Any]
T = TypeVar("T")

BATCH_ROWS = 1_000


class DataSet:
    """Holds counts and the first ids of each kind, never the rows themselves."""

    def __init__(
        self, session: AsyncSession, passwords: Passwords, request: SeedRequest, steps: Steps
    ) -> None:
        self.session = session
        self.passwords = passwords
        self.request = request
        self.steps = steps
        self.created = {kind: Created() for kind in KINDS}
        self._content = sha256()

    async def insert(self, kind: str, model: type[SQLModel], rows: Iterable[Row]) -> None:
        """Write rows of any number, a batch at a time."""
        # Into the table, not the class: the class would write rows that hold a None one by one.
        into_table = insert(inspect(model).local_table)
        connection = await self.session.connection()
        for batch in batches(rows):
            await connection.execute(into_table, batch)
            self.note(kind, batch)
            if len(batch) == BATCH_ROWS:
                self.steps.wrote(self.created[kind].count)

    def note(self, kind: str, rows: Sequence[Row]) -> None:
        """Count and fingerprint rows; they carry what is deterministic and nothing else."""
        created = self.created[kind]
        created.count += len(rows)
        room = MAX_IDS_IN_SUMMARY - len(created.ids)
        created.ids.extend(_id(row) for row in rows[:room])
        created.ids_truncated = created.count > len(created.ids)
        for row in rows:
            self._content.update(kind.encode())
            self._content.update(msgspec.json.encode(row, order="sorted"))

    @property
    def rows(self) -> int:
        return sum(created.count for created in self.created.values())

    def fingerprint(self) -> str:
        return self._content.hexdigest()


def batches(rows: Iterable[T], size: int = BATCH_ROWS) -> Iterator[list[T]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def _id(row: Row) -> UUID:
    identifier: UUID = row["id"]
    return identifier
