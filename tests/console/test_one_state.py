"""A page shows one state of the database, and needs one connection for it."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from litestar import Litestar
from litestar.types import Receive, Scope, Send
from sqlalchemy import event

from app.clinic.appointment_types.examples import REPLACEMENT
from conftest import NewDatabase, Shared, make_app, open_client, seed
from console.pages import sign_in
from console.recorded_calls import PART, list_addresses

pytestmark = pytest.mark.slow

OLD, NEW = "Initial assessment", "First visit"


@contextmanager
def after_first_call(
    app: Litestar, path: str, act: Callable[[], Awaitable[None]]
) -> Iterator[None]:
    """Act when a call of this path has ended, once."""
    handler = app.asgi_handler
    has_acted = False

    async def watch(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal has_acted
        await handler(scope, receive, send)
        if scope["path"] == path and not has_acted:
            has_acted = True
            await act()

    app.asgi_handler = watch
    try:
        yield
        assert has_acted
    finally:
        app.asgi_handler = handler


@pytest.mark.parametrize("headers", [{}, PART], ids=["page", "part"])
async def test_a_page_shows_one_state(shared: Shared, headers: dict[str, str]) -> None:
    """Even if another client commits a change between two calls of the page."""
    client, app = shared.client, shared.app
    await seed(client)
    await sign_in(client)
    [kind] = [
        each
        for each in (await client.get("/api/appointment-types")).json()["items"]
        if each["title"] == OLD
    ]

    async def rename() -> None:
        body = {name: kind[name] for name in REPLACEMENT} | {"title": NEW}
        path = f"/api/appointment-types/{kind['id']}"
        changed.append(await client.put(path, json=body))

    changed: list[httpx.Response] = []
    with after_first_call(app, "/api/rooms", rename):
        during = (await client.get("/rooms", headers=headers)).text
    assert changed[0].is_success, changed[0].text
    assert OLD in during
    assert NEW not in during
    assert NEW in (await client.get("/rooms", headers=headers)).text


async def test_a_page_needs_one_connection(new_sqlite: NewDatabase) -> None:
    """If each held one and waited for another, many pages at once would wait forever."""
    app = make_app(new_sqlite())
    engine = app.state.engine.sync_engine
    now = most = 0

    def check_out(*_: object) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)

    def check_in(*_: object) -> None:
        nonlocal now
        now -= 1

    event.listen(engine, "checkout", check_out)
    event.listen(engine, "checkin", check_in)
    async with open_client(app) as client:
        await seed(client)
        await sign_in(client)
        needed = {}
        for address in await list_addresses(app, client):
            if address.method != "GET":
                continue
            for headers in ({}, PART):
                most = 0
                await address.open(client, headers)
                assert now == 0, address
                needed[address.route, bool(headers)] = most
        assert [key for key, count in needed.items() if count > 1] == []
        assert 1 in needed.values()


async def test_a_page_asks_once_who_is_calling(shared: Shared) -> None:
    client = shared.client
    await seed(client)
    await sign_in(client)
    read: list[str] = []

    def execute(*arguments: object) -> None:
        read.append(str(arguments[2]))

    engine = shared.app.state.engine.sync_engine
    event.listen(engine, "before_cursor_execute", execute)
    try:
        (await client.get("/appointments")).raise_for_status()
    finally:
        event.remove(engine, "before_cursor_execute", execute)
    assert len([each for each in read if each.startswith("BEGIN")]) == 1
    assert len([each for each in read if "FROM sessions" in each]) == 1
