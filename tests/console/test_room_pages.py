"""The page of rooms and appointment types, and what its forms do."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.clinic.rooms.models import Room
from app.names import MAX_LIMIT
from auth.clinics import Backend
from conftest import Shared, seed
from console.pages import FormReader, sign_in, toast_of
from journeys.commands import shared_on_sqlite
from tenancy.people import MADE_UP

pytestmark = [shared_on_sqlite, pytest.mark.slow]

POOL: dict[str, Any] = {
    "name": "Pool <b>",
    "capacity": 3,
    "wheelchairAccessible": True,
    "equipment": ["Hoist", "Noodles & rings"],
    "notes": "Two\nlines",
}
VISIT: dict[str, Any] = {"title": "Visit", "code": "VISIT", "durationMinutes": 45}


@pytest.fixture(scope="module")
async def seeded(shared: Shared) -> Shared:
    await seed(shared.client)
    return shared


@pytest.fixture
async def client(seeded: Shared) -> httpx.AsyncClient:
    await sign_in(seeded.client)
    return seeded.client


async def row(client: httpx.AsyncClient, path: str, name: str, value: str) -> Any:
    rows = (await client.get(f"/api/{path}")).raise_for_status().json()["items"]
    return next(each for each in rows if each[name] == value)


async def test_what_a_form_shows_is_what_it_saves(client: httpx.AsyncClient) -> None:
    """The form returns a room unchanged; an empty checkbox and an empty field are saved."""
    sent = POOL | {"equipment": "Hoist\n\nNoodles & rings", "wheelchairAccessible": "true"}
    created = await client.post("/rooms/new", data=sent)
    assert toast_of(created) == {"message": "Pool <b> was created.", "isError": False}
    assert created.headers["Location"] == "/rooms"
    pool = await row(client, "rooms", "name", POOL["name"])
    assert POOL.items() <= pool.items()
    path = f"/rooms/{pool['id']}/edit"
    shown = FormReader((await client.get(path)).text).sent
    await client.post(path, data=shown)
    assert await row(client, "rooms", "name", POOL["name"]) == pool
    del shown["wheelchairAccessible"]
    await client.post(path, data=shown | {"equipment": "", "capacity": "10"})
    saved = await row(client, "rooms", "name", POOL["name"])
    assert (saved["equipment"], saved["capacity"], saved["wheelchairAccessible"]) == ([], 10, False)
    assert "Pool &lt;b&gt;" in (await client.get("/rooms")).text


async def test_a_refusal_is_shown_at_its_field(client: httpx.AsyncClient) -> None:
    """With what was typed; a form that is out of date says so."""
    room = await row(client, "rooms", "name", "Room 1")
    taken = {"name": "Room 2", "capacity": "1"}
    for path in ("/rooms/new", f"/rooms/{room['id']}/edit"):
        response = await client.post(path, data=taken | {"version": "*"})
        assert response.status_code == 409
        form = FormReader(response.text)
        assert form.errors == {"name": "Must be unique: Room 2 is taken."}
        assert form.sent["name"] == ["Room 2"]
    stale = await client.post(f"/rooms/{room['id']}/edit", data=taken | {"version": '"old"'})
    assert stale.status_code == 412
    assert "Changed by someone else" in stale.text
    wrong = await client.post("/appointment-types/new", data={**VISIT, "durationMinutes": "31"})
    assert FormReader(wrong.text).errors.keys() == {"durationMinutes"}
    wrong = await client.post("/appointment-types/new", data={**VISIT, "code": "visit"})
    assert FormReader(wrong.text).errors["code"].startswith("Must have at most 64 letters")


async def test_a_room_is_deleted_and_restored(client: httpx.AsyncClient) -> None:
    """A message undoes it; one that lost its name to another room stays deleted."""
    room = await row(client, "rooms", "name", "Room 2")
    undo = f"/rooms/{room['id']}/restore"
    deleted = toast_of(await client.post(f"/rooms/{room['id']}/delete"))
    assert deleted == {"message": "The room was deleted.", "isError": False, "undo": undo}
    assert "Room 2" not in (await client.get("/rooms")).text
    assert undo in (await client.get("/rooms?deleted=true")).text
    await client.post("/rooms/new", data={"name": "Room 2", "capacity": "1"})
    refused = await client.post(undo)
    assert refused.headers["Location"] == "/rooms?deleted=true"
    assert toast_of(refused)["isError"]
    assert "another room with the name Room 2" in toast_of(refused)["message"]
    other = await row(client, "rooms", "name", "Room 2")
    await client.post(f"/rooms/{other['id']}/delete")
    assert toast_of(await client.post(undo))["message"] == "Room 2 was restored."
    assert (await client.post(f"/rooms/{MADE_UP}/restore")).status_code == 404


async def test_a_type_can_no_longer_be_booked(client: httpx.AsyncClient) -> None:
    """It stays in the list."""
    created = await client.post("/appointment-types/new", data=VISIT | {"isActive": "true"})
    assert toast_of(created)["message"] == "Visit was created."
    visit = await row(client, "appointment-types", "code", "VISIT")
    assert visit.items() >= (VISIT | {"isActive": True}).items()
    path = f"/appointment-types/{visit['id']}/edit"
    shown = FormReader((await client.get(path)).text).sent
    del shown["isActive"]
    assert toast_of(await client.post(path, data=shown))["message"] == "Visit was saved."
    assert not (await row(client, "appointment-types", "code", "VISIT"))["isActive"]
    assert "<code>VISIT</code>" in (await client.get("/rooms")).text


async def test_a_member_sees_no_button_that_changes_anything(client: httpx.AsyncClient) -> None:
    """The page says who can; what is sent all the same is refused in the form."""
    assert "/rooms/new" in (await client.get("/rooms")).text
    clinic = (await client.get("/api/auth/organization/get-full-organization")).json()
    [member, *_] = [each for each in clinic["members"] if each["role"] == "member"]
    await sign_in(client, member["user"]["email"])
    for address in ("/rooms", "/rooms?deleted=true"):
        page = (await client.get(address)).text
        assert "Owners and admins of the clinic can change rooms" in page
        assert re.findall(r'(?:href|action)="/(?:rooms|appointment-types)/[^"]*"', page) == []
    refused = await client.post("/rooms/new", data={"name": "Attic", "capacity": "1"})
    assert refused.status_code == 403
    assert "Only owners and admins of the clinic can change rooms" in refused.text
    assert FormReader(refused.text).sent["name"] == ["Attic"]


async def test_every_room_is_on_the_page(client: httpx.AsyncClient, seeded: Shared) -> None:
    """More than a page of the API has."""
    body = {"name": "Large Clinic", "slug": "large"}
    clinic = (await client.post("/api/auth/organization/create", json=body)).json()
    async with Backend(seeded.app, client).session() as session:
        session.add_all(
            Room(
                organization_id=UUID(clinic["id"]),
                name=f"Cabin {number}",
                capacity=1,
                wheelchair_accessible=False,
            )
            for number in range(MAX_LIMIT + 1)
        )
    page = (await client.get("/rooms")).text
    assert len(set(re.findall(r"Delete (Cabin \d+)", page))) == MAX_LIMIT + 1
