"""Changes of hours and rooms that appointments need: listed, and made anyway on request."""

import html
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from conftest import open_app, seed
from console.booking_scene import BookingScene, message

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BookingScene]:
    file = tmp_path_factory.mktemp("forced") / "clinic.db"
    async with open_app(f"sqlite:///{file}") as client:
        await seed(client)
        scene = BookingScene(client)
        await scene.prepare()
        yield scene


@pytest.fixture
async def booked(scene: BookingScene) -> tuple[Any, Any]:
    """Return the hours of a date, and the appointment that they hold."""
    await scene.prepare()
    date = await scene.working_day()
    [hours] = (await scene.read("availability/exceptions", **{"from": date, "to": date}))["items"]
    return hours, await scene.book(date, "11:00:00")


def check_listed(part: str, appointment: Any, patient: str) -> None:
    [name] = re.findall(rf'href="/appointments/{appointment["id"]}"[^>]*>.*?</a>, (.*?)</li>', part)
    assert html.unescape(name) == patient
    assert "1 upcoming appointment would be outside the hours" in " ".join(part.split())
    assert "Change anyway" in part or "Delete anyway" in part


async def is_marked(scene: BookingScene, appointment: Any) -> bool:
    part = await scene.part("/calendar", practitioner=scene.me, date=appointment["date"])
    [item] = re.findall(rf'<li [^>]*data-id="{appointment["id"]}"[^>]*>', part)
    return "data-outside" in item


async def test_a_form_lists_the_appointments(scene: BookingScene, booked: tuple[Any, Any]) -> None:
    """Sent again by the button that it then has, it is saved."""
    hours, appointment = booked
    path = f"/availability/exceptions/{hours['id']}"
    [version] = re.findall(r'name="version" value="(.*?)"', await scene.part(f"{path}/edit"))
    form = {"kind": "adds", "userId": scene.me, "date": hours["date"], "reason": "other"}
    form |= {"startTime": "09:00", "endTime": "11:00", "version": html.unescape(version)}
    refused = await scene.send("PUT", path, **form)
    check_listed(refused.text, appointment, scene.name())
    assert not await is_marked(scene, appointment)
    assert message(await scene.send("PUT", path, **form, force="true")) == "The slot was saved."
    assert await is_marked(scene, appointment)


async def test_a_new_day_off_lists_the_appointments(scene: BookingScene) -> None:
    """On a day with weekly hours."""
    await scene.prepare()
    appointment = await scene.book_in_weekly_hours()
    form = {"kind": "takes", "userId": scene.me, "date": appointment["date"], "reason": "vacation"}
    refused = await scene.send("POST", "/availability/slots", **form, allDay="on")
    check_listed(refused.text, appointment, scene.name())
    made = await scene.send("POST", "/availability/slots", **form, allDay="on", force="true")
    assert message(made) == "The slot was created."
    assert await is_marked(scene, appointment)


async def test_a_slot_that_was_dragged_stays(scene: BookingScene, booked: tuple[Any, Any]) -> None:
    """The dialog lists the appointments, and its form moves the slot anyway."""
    hours, appointment = booked
    path = f"/availability/exceptions/{hours['id']}/times"
    place = {"date": hours["date"], "startTime": "06:00:00", "endTime": "09:00:00"}
    refused = await scene.send("PUT", path, **place, updatedAt=hours["updatedAt"])
    check_listed(refused.text, appointment, scene.name())
    assert refused.headers["HX-Retarget"] == "#slot-content"
    assert refused.headers["HX-Trigger"] == "slot-not-moved"
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)"', refused.text))
    moved = await scene.send("PUT", path, **fields, force="true")
    assert message(moved).startswith("Moved: ")
    assert await is_marked(scene, appointment)


async def test_deleting_hours(scene: BookingScene, booked: tuple[Any, Any]) -> None:
    hours, appointment = booked
    path = f"/availability/exceptions/{hours['id']}"
    refused = await scene.send("DELETE", path)
    check_listed(refused.text, appointment, scene.name())
    assert f'data-hx-delete="{path}?force=true"' in refused.text
    assert message(await scene.send("DELETE", f"{path}?force=true")) == "The slot was deleted."
    assert await is_marked(scene, appointment)


async def test_deleting_a_room(scene: BookingScene) -> None:
    """The page of the rooms lists the appointments with their patients, and the room stays."""
    await scene.prepare()
    appointment = await scene.book(await scene.working_day(), "11:00:00", roomId=scene.room["id"])
    refused = await scene.client.post(f"/rooms/{scene.room['id']}/delete")
    assert refused.status_code == 409
    assert "The room was not deleted" in refused.text
    assert f'href="/appointments/{appointment["id"]}"' in refused.text
    assert scene.name() in html.unescape(refused.text)
    assert f'href="/rooms/{scene.room["id"]}/edit"' in refused.text
