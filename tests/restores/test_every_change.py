"""A restore brings back exactly the rows of the snapshot, after any changes by any program."""

import asyncio

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conftest import Shared
from restores.history import ALL_CHANGES, History, Step
from restores.raw_programs import NUMBERS

KINDS = (*("snapshot", "restore") * 4, *("call",) * 8, *("sql",) * 15, "seed")
STEPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, NUMBERS)), min_size=20, max_size=40
)
EXAMPLES = 3
FEWEST_CHANGES = 300


@pytest.fixture(scope="module")
async def history(shared: Shared) -> History:
    history = History(shared.client, shared.database_url)
    await history.api.load_operations()
    await history.reseed()
    return history


async def test_restored_rows_are_those_of_the_snapshot(history: History) -> None:
    """After calls of each route and raw SQL, with snapshots and restores in between."""
    loop = asyncio.get_running_loop()
    await history.call_each_once()
    await history.change_each_way_once()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # to find a smaller example takes minutes
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS)
    def play(steps: list[Step]) -> None:
        asyncio.run_coroutine_threadsafe(history.play(steps), loop).result()

    await asyncio.to_thread(play)
    assert history.applied.total() >= FEWEST_CHANGES, history.applied
    assert all(history.applied[change.__name__] for change in ALL_CHANGES), history.applied
