"""Applications for tests, and calls of them without a socket.

This is not in `conftest.py`, because pytest and the tests each import that as their own module:
applications that one of them was given back would never reach the other.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any

import httpx
from litestar import Litestar
from litestar.datastructures import State

import compiled_statements
from app.assembly import create_state
from app.main import create_app
from app.settings import Environment, Settings, parse_database_url
from app_kinds import kind

_in_use: list[Litestar] = []
_unused: dict[Settings, list[Litestar]] = defaultdict(list)


@contextmanager
def returned_at_the_end() -> Iterator[None]:
    """Take back the applications that are created in the block, for the next one."""
    before = len(_in_use)
    yield
    while len(_in_use) > before:
        _take_back(_in_use.pop())


def _take_back(app: Litestar) -> None:
    """Forget its engine."""
    _unused[kind(app.state.settings)].append(app)
    app.state = State()


def make_app(database_url: str, environment: Environment = Environment.TEST) -> Litestar:
    return make_app_of(Settings(environment, parse_database_url(database_url)))


def make_app_of(settings: Settings) -> Litestar:
    """Return an application with its own state; its routes may have served a test before.

    To register all routes takes longer than most tests.
    """
    unused = _unused[kind(settings)]
    if unused:
        app = unused.pop()
        app.state = create_state(settings)
    else:
        app = create_app(settings)
    compiled_statements.share(app.state.engine.sync_engine)
    _in_use.append(app)
    return app


@asynccontextmanager
async def open_client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """Start the application and call it without a socket; its errors are responses."""
    asgi: Any = app
    transport = httpx.ASGITransport(asgi, raise_app_exceptions=False)
    async with (
        app.lifespan(),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        yield client


@asynccontextmanager
async def open_app_of(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Call an application that nobody else has, and take it back at the end of the block."""
    app = make_app_of(settings)
    async with open_client(app) as client:
        yield client
    _in_use.remove(app)
    _take_back(app)


def open_app(
    database_url: str, environment: Environment = Environment.TEST
) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    return open_app_of(Settings(environment, parse_database_url(database_url)))


async def seed(client: httpx.AsyncClient, query: str = "", **quantities: Any) -> Any:
    """Seed, and return the summary; anything but success fails the test."""
    response = await client.post(f"/api/db/seed{query}", json=quantities)
    assert response.status_code in {200, 201}, response.text
    return response.json()
