"""Practices on both databases, one for all tests of a file."""

from collections.abc import AsyncIterator

import pytest

from clinic.availability.clients import Clients, delete_slots, open_clients


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def shared_clients(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Clients]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('practice')}/practice.db"
    else:
        url = request.getfixturevalue("new_postgresql")()
    async with open_clients(url) as clients:
        yield clients


@pytest.fixture
async def clients(shared_clients: Clients) -> Clients:
    """Begin without slots."""
    await delete_slots(shared_clients)
    return shared_clients
