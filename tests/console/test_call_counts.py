"""A page of the console costs few calls of the API."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar

from app.auth.examples import SIGN_IN
from conftest import NewDatabase, make_app, open_client, seed
from console.recorded_calls import PART, list_addresses, recorded_calls

pytestmark = pytest.mark.slow

MAX_CALLS = 3
# An appointment names a patient, a practitioner, a type, a room and a plan.
MAX_CALLS_WITH_NAMES = 7
WITH_NAMES = re.compile(
    r"/calendar|/appointments|/patients/\{patient_id:uuid\}$|/rooms/\{room_id:uuid\}/delete$"
)


@pytest.fixture
def app(new_sqlite: NewDatabase) -> Litestar:
    return make_app(new_sqlite())


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with open_client(app) as client:
        await seed(client)
        yield client


async def sign_in(client: httpx.AsyncClient) -> None:
    (await client.post("/api/auth/sign-in/email", json=dict(SIGN_IN))).raise_for_status()


async def test_no_page_or_part_makes_many_calls(app: Litestar, client: httpx.AsyncClient) -> None:
    """Each is opened by a signed-in user, as a page and as htmx does; none reads the document.

    Three are enough, except where appointments are shown with the names of what they refer to.
    """
    await sign_in(client)
    counts: dict[str, int] = {}
    most: dict[str, int] = {}
    for address in await list_addresses(app, client):
        for headers in ({}, PART):
            await sign_in(client)
            with recorded_calls(app) as calls:
                await address.open(client, headers)
            paths = [call.path for call in calls.take()]
            assert not [path for path in paths if path.startswith("/schema/")], address
            kind = "part" if headers else "page"
            name = f"{address.method} {address.route}, {kind}"
            counts[name] = len(paths)
            has_names = WITH_NAMES.match(address.route)
            most[name] = MAX_CALLS_WITH_NAMES if has_names else MAX_CALLS
    assert counts["GET /availability, page"] == counts["GET /availability, part"] == MAX_CALLS
    assert {name: count for name, count in counts.items() if count > most[name]} == {}


async def test_a_refused_sign_in_makes_no_more_calls(
    app: Litestar, client: httpx.AsyncClient
) -> None:
    """The page that lists the people again costs no other calls than the sign-in."""
    with recorded_calls(app) as calls:
        response = await client.post("/people/sign-in", data={"email": "nobody@example.com"})
    assert "Not signed in as" in response.text
    assert len(calls.take()) <= MAX_CALLS
