"""The data set while it is being made: what of it is counted, named and fingerprinted."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import TypeVar
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.passwords import Passwords
from app.database.bulk import Row
from app.seed.constants import MAX_IDS_IN_SUMMARY
from app.seed.progress.steps import Steps
from app.seed.request import SeedRequest
from app.seed.rows.batches import Batch, digest_of
from app.seed.summary import KINDS, Created

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
        self._contents = {kind: sha256() for kind in KINDS}

    def note(self, kind: str, rows: Sequence[Row]) -> None:
        """Note rows that a service has written; they carry what is deterministic alone."""
        self._note(kind, len(rows), [row["id"] for row in rows], digest_of(rows))

    def note_batch(self, kind: str, batch: Batch) -> None:
        self._note(kind, len(batch.rows), batch.ids, batch.digest)

    def _note(self, kind: str, count: int, ids: Iterable[UUID], digest: bytes) -> None:
        created = self.created[kind]
        created.count += count
        created.ids.extend(islice(ids, MAX_IDS_IN_SUMMARY - len(created.ids)))
        created.ids_truncated = created.count > len(created.ids)
        self._contents[kind].update(digest)

    @property
    def rows(self) -> int:
        return sum(created.count for created in self.created.values())

    def fingerprint(self) -> str:
        digests = (kind.encode() + content.digest() for kind, content in self._contents.items())
        return sha256(b"".join(digests)).hexdigest()


def batches(rows: Iterable[T], size: int = BATCH_ROWS) -> Iterator[list[T]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch
