"""A small data set that is seeded again has the rows that were made for it before."""

from dataclasses import dataclass
from datetime import date

from app.seed.kinds import LOADED, expected_rows
from app.seed.request import SeedRequest
from app.seed.rows.kind import Batch
from app.seed.rows.processes import KEPT_ROWS, row_source

AS_OF = date(2026, 11, 30)


@dataclass
class GeneratedRows:
    batches: list[Batch]

    def is_same(self, other: "GeneratedRows") -> bool:
        return all(a is b for a, b in zip(self.batches, other.batches, strict=True))


async def make(request: SeedRequest, dialect: str = "sqlite") -> GeneratedRows:
    async with row_source(request, dialect) as source:
        return GeneratedRows([batch for kind in LOADED async for batch in source(kind)])


async def test_rows_are_kept_for_the_same_request() -> None:
    first = await make(SeedRequest(as_of=AS_OF))
    assert (await make(SeedRequest(as_of=AS_OF))).is_same(first)


async def test_another_request_has_its_own_rows() -> None:
    """Each difference counts, also that of the database, whose rows are encoded differently."""
    first = await make(SeedRequest(as_of=AS_OF))
    for other, dialect in (
        (SeedRequest(as_of=date(2026, 12, 1)), "sqlite"),
        (SeedRequest(as_of=AS_OF, random_seed=1), "sqlite"),
        (SeedRequest(as_of=AS_OF, patients=7), "sqlite"),
        (SeedRequest(as_of=AS_OF), "postgresql"),
    ):
        assert (await make(other, dialect)).batches != first.batches
    again = await make(SeedRequest(as_of=AS_OF))
    assert again.batches == first.batches


async def test_many_rows_are_not_kept() -> None:
    many = SeedRequest(as_of=AS_OF, patients=500)
    assert expected_rows(many) > KEPT_ROWS
    first = await make(many)
    again = await make(many)
    assert again.batches == first.batches
    assert not again.is_same(first)
