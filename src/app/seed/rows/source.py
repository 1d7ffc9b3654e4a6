"""Where rows are made: here, or those of a large data set in processes of their own."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from app.seed.constants import LARGE
from app.seed.expected import rows_expected
from app.seed.kinds import Kind
from app.seed.request import SeedRequest
from app.seed.rows.batches import Batch
from app.seed.rows.processes import row_processes

Source = Callable[[Kind], AsyncIterator[Batch]]


@asynccontextmanager
async def rows_of(request: SeedRequest, dialect: str) -> AsyncIterator[Source]:
    """Give what makes the batches of each kind, to be asked in the order of `LOADED`."""
    if is_large(request):
        async with row_processes(request, dialect) as source:
            yield source
    else:
        yield partial(_made_here, request, dialect)


def is_large(request: SeedRequest) -> bool:
    return sum(rows_expected(request).values()) > LARGE


async def _made_here(request: SeedRequest, dialect: str, kind: Kind) -> AsyncIterator[Batch]:
    for batch in kind.batches(request, dialect):
        yield batch
