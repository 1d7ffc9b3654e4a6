"""A restore brings back exactly the rows of the snapshot, after any changes by any program."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications import seed
from conftest import Shared
from restores.history import History, Step

KINDS = ("snapshot", "restore", "call", *("sql",) * 6)
STEPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 1 << 20)), min_size=5, max_size=25
)


@pytest.fixture(scope="module")
async def history(shared: Shared) -> History:
    summary = await seed(shared.client, patients=8, appointmentWeeks=1)
    history = History(shared.client, shared.database_url, summary["signIn"])
    await history.call(0)
    await history.take("first")
    return history


async def test_restored_rows_are_those_of_the_snapshot(history: History) -> None:
    """After calls of the API and raw SQL, with snapshots and restores in between."""
    loop = asyncio.get_running_loop()

    @settings(
        max_examples=10,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS)
    def play(steps: list[Step]) -> None:
        asyncio.run_coroutine_threadsafe(history.play(steps), loop).result()

    await asyncio.to_thread(play)
