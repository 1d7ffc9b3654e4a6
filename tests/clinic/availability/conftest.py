"""Practices on both databases, one for all tests of a file."""

from collections.abc import AsyncIterator

import pytest

from clinic.availability.practice import Practice, forget_slots, open_practice


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def shared_practice(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Practice]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('practice')}/practice.db"
    else:
        url = request.getfixturevalue("new_postgresql")()
    async with open_practice(url) as practice:
        yield practice


@pytest.fixture
async def practice(shared_practice: Practice) -> Practice:
    """Begin without slots."""
    await forget_slots(shared_practice)
    return shared_practice
