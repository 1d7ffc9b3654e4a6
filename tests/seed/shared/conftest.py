"""One database for all tests of a file, each of which begins with a seed."""

import httpx
import pytest
from litestar import Litestar

from conftest import Shared


@pytest.fixture
def app(shared: Shared) -> Litestar:
    return shared.app


@pytest.fixture
def client(shared: Shared) -> httpx.AsyncClient:
    return shared.client


@pytest.fixture
def database_url(shared: Shared) -> str:
    return shared.database_url
