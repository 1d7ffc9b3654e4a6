"""A restore brings back exactly the rows of the snapshot, after any changes by any program."""

import random

import pytest

from conftest import Shared
from restores.history import ALL_CHANGES, History

WEIGHTS = {"snapshot": 4, "restore": 4, "call": 8, "sql": 15, "seed": 1}
STEPS = 20
FEWEST_CHANGES = 1_000


@pytest.fixture(scope="module")
async def history(shared: Shared) -> History:
    history = History(shared.client, shared.database_url)
    await history.api.load_operations()
    await history.reseed()
    return history


async def test_restored_rows_are_those_of_the_snapshot(history: History) -> None:
    """After 1,000 changes by calls of each route and raw SQL, with snapshots and restores between.

    Their order depends on the seed that pytest-randomly prints.
    """
    await history.call_each_once()
    await history.change_each_way_once()
    dice = random.Random(random.random())  # noqa: S311 - the sequence can be repeated
    while history.changes < FEWEST_CHANGES:
        await history.play(dice.choices([*WEIGHTS], [*WEIGHTS.values()], k=STEPS), dice)
    assert history.changes >= FEWEST_CHANGES
    assert all(history.applied[change.__name__] for change in ALL_CHANGES), history.applied
