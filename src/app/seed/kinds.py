"""The kinds of row that are loaded, in the order in which they refer to each other.

A row's content is defined by its seeder alone, whether it is made here or in another process.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Insert, Table

from app.clinic.patients.search import insert_words
from app.database.bulk import PlainRows, Row
from app.seed.constants import MAX_IDS_IN_SUMMARY
from app.seed.request import SeedRequest
from app.seed.rows.batches import Batch, digest_of
from app.seed.seeders.availability_exceptions import exceptions_of
from app.seed.seeders.patients import patients_of
from app.seed.seeders.treatment_plans import plans_of
from app.seed.seeders.weekly_templates import templates_of
from app.tables import METADATA

table = METADATA.tables.__getitem__

BATCH = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """`rows` makes those of one user or patient; `quantity` names which, as the request does.

    `derived` names tables whose rows a statement computes from those of the kind.
    """

    name: str
    table: Table
    quantity: str
    rows: Callable[[SeedRequest, int], Iterable[Row]]
    derived: Mapping[Table, Callable[[str], Insert]] = field(default_factory=dict)

    def batches(
        self, request: SeedRequest, dialect: str, first: int = 0, step: int = 1
    ) -> Iterator[Batch]:
        """Make all batches, or those of one of several makers, who take turns."""
        count: int = getattr(request, self.quantity)
        for start in range(first * BATCH, count, step * BATCH):
            yield self._batch(request, dialect, range(start, min(start + BATCH, count)))

    def _batch(self, request: SeedRequest, dialect: str, indices: range) -> Batch:
        rows = [row for index in indices for row in self.rows(request, index)]
        plain = PlainRows(self.table, tuple(rows[0]), dialect)
        named = rows[:MAX_IDS_IN_SUMMARY] if indices.start < MAX_IDS_IN_SUMMARY else []
        ids = [row["id"] for row in named]
        return Batch(plain.columns, [*map(plain.written, rows)], ids, digest_of(rows))


LOADED = (
    Kind("weekly_templates", table("weekly_availability_templates"), "users", templates_of),
    Kind("availability_exceptions", table("availability_exceptions"), "users", exceptions_of),
    Kind(
        "patients",
        table("patients"),
        "patients",
        patients_of,
        {table("patient_words"): insert_words},
    ),
    Kind("treatment_plans", table("treatment_plans"), "patients", plans_of),
)
