"""What the calendar shows, and what its forms say and do."""

import html
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from conftest import open_app, seed
from console.booking_scene import BookingScene, attributes, message
from console.pages import FormReader
from tenancy.records import COURSE

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BookingScene]:
    file = tmp_path_factory.mktemp("calendar") / "clinic.db"
    async with open_app(f"sqlite:///{file}") as client:
        await seed(client)
        scene = BookingScene(client)
        await scene.prepare()
        yield scene


@pytest.fixture(autouse=True)
async def _signed_in(scene: BookingScene) -> None:
    await scene.prepare()


def words(part: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", part)).split())


async def test_the_week_of_a_practitioner_has_hours_and_appointments(scene: BookingScene) -> None:
    """As a page and as the part that the calendar reads; names are those of the rows."""
    date = await scene.working_day()
    booked = await scene.book(date, roomId=scene.room["id"])
    for text in (
        await scene.page("/calendar", practitioner=scene.me, date=date),
        await scene.part("/calendar", date=date),
    ):
        item = attributes(text, booked["id"])
        assert item["title"] == html.escape(scene.name())
        assert item["about"] == f"{scene.type['title']}, {scene.room['name']}"
        assert item["status"] == "scheduled"
        assert "outside" not in item
        assert "09:00 to 12:00, any location" in words(text)


async def test_an_appointment_outside_the_hours_is_marked(scene: BookingScene) -> None:
    """In each view, until it is cancelled."""
    date = await scene.working_day()
    booked = await scene.book(date, roomId=scene.room["id"])
    [hours] = (await scene.read("availability/exceptions", **{"from": date, "to": date}))["items"]
    path = f"/api/availability/exceptions/{hours['id']}"
    (await scene.client.delete(f"{path}?force=true")).raise_for_status()
    for path, query in (
        ("/calendar", {"practitioner": scene.me}),
        ("/calendar/room", {"room": scene.room["id"]}),
    ):
        text = await scene.page(path, date=date, **query)
        assert "outside" in attributes(text, booked["id"])
        assert "outside hours" in words(text)
    assert "scheduled, outside hours" in words(await scene.page("/calendar/team", date=date))
    details = f"/appointments/{booked['id']}"
    assert "Scheduled, outside hours" in words(await scene.page(details))
    await scene.write(f"appointments/{booked['id']}/status", status="cancelled")
    assert "outside" not in attributes(await scene.page("/calendar", date=date), booked["id"])
    assert "outside hours" not in await scene.page(details)


async def test_the_week_of_a_room_has_only_what_is_in_it(scene: BookingScene) -> None:
    """With the name of the practitioner; an unknown room is not found."""
    date = await scene.working_day()
    inside = await scene.book(date, roomId=scene.room["id"])
    elsewhere = await scene.book(date, "10:00:00", 1)
    text = await scene.page("/calendar/room", room=scene.room["id"], date=date)
    assert attributes(text, inside["id"])["about"].endswith("Edward Papadopoulos")
    assert elsewhere["id"] not in text
    assert scene.room["name"] in await scene.part("/calendar/rooms", selected=scene.room["id"])
    unknown = await scene.client.get("/calendar/room", params={"room": scene.me})
    assert unknown.status_code == 404
    assert "no such room" in unknown.text


async def test_the_day_of_the_team_has_a_column_for_each_practitioner(scene: BookingScene) -> None:
    date = await scene.working_day()
    booked = await scene.book(date)
    text = await scene.page("/calendar/team", date=date)
    members = (await scene.read("auth/organization/list-members"))["members"]
    assert text.count('class="lane" data-practitioner') == len(members)
    assert f'href="/appointments/{booked["id"]}"' in text
    [hours] = re.findall(r'class="hours remains"[^>]*', text)
    assert 'data-start="09:00:00" data-end="12:00:00"' in hours


async def test_a_form_starts_where_the_calendar_was_clicked(scene: BookingScene) -> None:
    """With the shortest type, and with the practitioner or the room of the calendar."""
    date = await scene.working_day()
    form = await scene.part(
        "/appointments/new", date=date, room=scene.room["id"], start="10:15:00", end=""
    )
    assert f'value="{scene.me}" selected' in form
    assert f'value="{scene.room["id"]}" selected' in form
    assert 'id="startTime" name="startTime"' in form
    assert 'value="10:15"' in form
    shortest = min((await scene.read("appointment-types"))["items"], key=_duration)
    assert f'value="{shortest["id"]}" selected' in form


def _duration(row: dict[str, int]) -> int:
    return row["durationMinutes"]


async def test_the_choices_of_the_form(scene: BookingScene) -> None:
    """The patient who alone is found is selected, and so is the plan that alone is ongoing."""
    patient = scene.patients[0]
    path = "/appointments/choices"
    found = await scene.part(f"{path}/patients", search=f"{scene.name()}", practitioner=scene.me)
    assert f'<option value="{patient["id"]}" selected>' in found
    none = await scene.part(f"{path}/patients", search="nobody of this name")
    assert words(none) == "No active patient found"
    plans = (await scene.read("treatment-plans", patientId=patient["id"]))["items"]
    offered = await scene.part(f"{path}/plans", patient=patient["id"])
    assert all(plan["id"] in offered for plan in plans)
    ongoing = [plan["id"] for plan in plans if plan["status"] == "ongoing"]
    assert (f'value="{ongoing[0]}" selected' in offered) is (len(ongoing) == 1)
    date = await scene.working_day()
    await scene.book(date, "09:30:00")
    times = {"practitioner": scene.me, "date": date, "type": scene.type["id"]}
    free = await scene.part(f"{path}/times", **times)
    starts = re.findall(r'<option value="(\d\d:\d\d)"', free)
    assert starts[0] == "10:05"
    assert starts[-1] == "11:30"
    assert f"{len(starts)} free times" in words(free)


async def test_booking(scene: BookingScene) -> None:
    """Empty fields are left to the API; what it refuses is explained, with the next free time."""
    date = await scene.working_day()
    form = {**scene.booking(date), "endTime": "", "roomId": "", "location": "", "therapistId": ""}
    booked = await scene.send("POST", "/appointments", **form | {"startTime": "09:00"})
    assert message(booked).startswith("Booked: ")
    assert message(booked).endswith("09:00 to 09:30.")
    assert "appointments-changed" in booked.headers["HX-Trigger"]
    other = form | {"patientId": scene.patients[1]["id"], "startTime": "09:10", "endTime": ""}
    refused = await scene.send("POST", "/appointments", **other)
    assert refused.headers["HX-Retarget"] == "#appointment-content"
    said = words(refused.text)
    assert "Not saved: the practitioner is busy" in said
    assert "an appointment from 09:00 to 09:30, and" in said
    assert "Use the next free time" in said
    assert 'data-take-start="09:35"' in refused.text
    assert 'data-start="09:10" data-end="09:40"' in refused.text  # as long as the type says
    [row] = (await scene.read("appointments", **{"from": date, "to": date}))["items"]
    assert f'data-clash="{row["id"]}"' in refused.text
    for wrong in ({"date": "soon"}, {"startTime": "noon"}):
        missing = await scene.send("POST", "/appointments", **form | wrong)
        assert 'aria-invalid="true"' in missing.text


async def test_moving(scene: BookingScene) -> None:
    """Where it was dragged to; a refusal offers the next free time in the dialog."""
    date = await scene.working_day()
    booked, other = await scene.book(date), await scene.book(date, "10:00:00", 1)
    path = f"/appointments/{booked['id']}/times"
    place = {"date": date, "startTime": "11:00:00", "endTime": "11:30:00"}
    moved = await scene.send("PUT", path, **place, updatedAt=booked["updatedAt"])
    assert message(moved).endswith("11:00 to 11:30.")
    stale = await scene.send("PUT", path, **place, updatedAt="2026-01-01T00:00:00Z")
    assert "Somebody else has changed this appointment" in message(stale)
    now = await scene.read(f"appointments/{booked['id']}")
    onto = {"date": date, "startTime": "10:00:00", "endTime": "10:30:00"}
    refused = await scene.send("PUT", path, **onto, updatedAt=now["updatedAt"])
    assert "Not moved: the practitioner is busy" in words(refused.text)
    assert f'data-clash="{other["id"]}"' in refused.text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)"', refused.text))
    assert fields["startTime"] == "10:35:00"
    assert message(await scene.send("PUT", path, **fields)).endswith("10:35 to 11:05.")


async def test_editing(scene: BookingScene) -> None:
    """A form that is out of date is kept; saving it again replaces what is stored."""
    date = await scene.working_day()
    booked = await scene.book(date)
    path = f"/appointments/{booked['id']}"
    form = await scene.part(f"{path}/edit")
    assert f"Edit appointment of {scene.name()}" in html.unescape(form)
    [version] = re.findall(r'name="version" value="(.*?)"', form)
    fields = {**scene.booking(date), "startTime": "10:00", "primaryConcern": " Knee "}
    stale = await scene.send("PUT", path, **fields, version='"stale"')
    assert "Somebody else has changed this appointment" in words(stale.text)
    assert "It is now: " in words(stale.text)
    replaced = re.findall(r"<li>(.*?)</li>", stale.text)
    assert replaced == ["Start", "Primary concern, which is now: empty"]
    assert f'name="version" value="{version}"' in stale.text
    saved = await scene.send("PUT", path, **fields, version=html.unescape(version))
    assert message(saved) == "The appointment was saved."
    row = await scene.read(f"appointments/{booked['id']}")
    assert (row["startTime"], row["primaryConcern"]) == ("10:00:00", "Knee")


async def test_statuses_have_buttons_and_fields_of_their_own(scene: BookingScene) -> None:
    """From scheduled to finished; then only the notes can change."""
    date = await scene.today()
    booked = await scene.book(date, "00:30:00")
    path = f"/appointments/{booked['id']}"
    buttons = re.findall(r"<button[^>]*>(.*?)</button>", await scene.part(path))
    assert buttons[2:] == ["Confirm", "Start", "Cancel appointment", "No show", "Edit"]
    confirmed = await scene.send("POST", f"{path}/status", status="confirmed")
    assert message(confirmed) == "The appointment is confirmed now."
    form = await scene.part(f"{path}/status", to="in_progress")
    assert 'name="actualStartTime"' in form
    assert 'name="painBefore"' in form
    wrong = await scene.send("POST", f"{path}/status", status="in_progress", painBefore="11")
    assert 'id="painBefore" name="painBefore" aria-describedby' in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    start = {"status": "in_progress", "painBefore": "7", "actualStartTime": "00:35"}
    await scene.send("POST", f"{path}/status", **start)
    await scene.send("POST", f"{path}/status", status="finished", painAfter="3")
    row = await scene.read(f"appointments/{booked['id']}")
    assert row["status"] == "finished"
    assert (row["painBefore"], row["painAfter"]) == (7, 3)
    assert row["actualStartTime"] == "00:35:00"
    [version] = re.findall(r'name="version" value="(.*?)"', await scene.part(f"{path}/edit"))
    notes = {"sessionNotes": "Squats", "version": html.unescape(version)}
    await scene.send("PUT", path, **notes)
    assert "Squats" in await scene.page(path)


async def test_a_status_that_is_not_possible_is_explained(scene: BookingScene) -> None:
    booked = await scene.book(await scene.working_day())
    details = await scene.part(f"/appointments/{booked['id']}")
    buttons = re.findall(r"<button[^>]*>(.*?)</button>", details)
    assert buttons[2:] == ["Confirm", "Cancel appointment", "Edit"]
    assert "“Start” and “No show” are possible once the date" in words(details)
    path = f"/appointments/{booked['id']}/status"
    refused = await scene.send("POST", path, status="no_show", noShowReason="Overslept")
    assert "once its date has started" in words(refused.text)
    assert 'value="Overslept"' in refused.text
    unknown = await scene.client.get(path, params={"to": "scheduled"})
    assert unknown.status_code == 400


async def test_a_patient_page_has_appointments_and_progress(scene: BookingScene) -> None:
    """Upcoming and past ones, and what each plan has finished and booked of its sessions.

    A cancelled appointment is neither.
    """
    patient = await scene.write(
        "patients", firstName="Grace", lastName="Example", dateOfBirth="1980-02-29"
    )
    today, later = await scene.today(), await scene.working_day()
    plan = await scene.write(
        "treatment-plans",
        **COURSE
        | {
            "patientId": patient["id"],
            "startDate": today,
            "numberOfSessions": 5,
            "therapistId": scene.me,
        },
    )
    of_plan = {"patientId": patient["id"], "treatmentPlanId": plan["id"]}
    done = await scene.book(today, "02:00:00", **of_plan)
    for status in ("in_progress", "finished"):
        await scene.write(f"appointments/{done['id']}/status", status=status)
    ahead = await scene.book(later, **of_plan)
    called_off = await scene.book(later, "10:00:00", **of_plan)
    await scene.write(f"appointments/{called_off['id']}/status", status="cancelled")
    page = await scene.page(f"/patients/{patient['id']}")
    upcoming, past = page.split("Past appointments")
    assert ahead["id"] in upcoming
    assert done["id"] in past
    said = "Appointments recorded: 1 finished and 1 booked. Sessions planned: 5."
    assert said in words(page)
    edit = f"/treatment-plans/{plan['id']}/edit"
    fields = FormReader(await scene.page(edit)).sent | {"endDate": [today]}
    refused = await scene.client.post(edit, data=fields)
    assert refused.status_code == 409
    assert f'href="/appointments/{ahead["id"]}"' in refused.text


async def test_booking_from_a_patient(scene: BookingScene) -> None:
    """The calendar says who is to be booked; a discharged patient has no such link."""
    patient = await scene.write(
        "patients", firstName="Mary", lastName="Example", dateOfBirth="1980-02-29"
    )
    path = f"/patients/{patient['id']}"
    [address] = re.findall(r'href="(/calendar\?[^"]*)"', await scene.page(path))
    calendar = (await scene.client.get(html.unescape(address))).text
    assert "Booking for Mary Example : click a free place" in words(calendar)
    assert f'data-patient="{patient["id"]}"' in calendar
    assert "Booking for" not in await scene.page("/calendar", patient=scene.me)
    changed = await scene.client.patch(f"/api{path}", json={"status": "discharged"})
    changed.raise_for_status()
    page = await scene.page(path)
    assert "/calendar?" not in page
    assert "No booking: the patient is discharged." in words(page)


async def test_the_list_has_filters_and_an_export(scene: BookingScene) -> None:
    date = await scene.working_day()
    booked = await scene.book(date)
    between = {"from": date, "to": date}
    text = await scene.page("/appointments", **between)
    assert "1 appointment" in words(text)
    assert scene.name() in html.unescape(text)
    assert booked["id"] in text
    none = await scene.part("/appointments", **between, status="finished")
    assert "No matches" in none
    exported = await scene.client.get("/appointments/export/csv", params=between)
    assert exported.text.splitlines()[1].startswith(booked["id"])


async def test_without_a_room_the_room_view_says_so(scene: BookingScene) -> None:
    """A clinic that was just created has none."""
    clinic = await scene.write("auth/organization/create", name="Second", slug="second")
    text = await scene.page("/calendar/room")
    assert "The clinic has no rooms yet" in text
    await scene.write("auth/organization/delete", organizationId=clinic["id"])


async def test_an_expired_session_keeps_the_form(client_of: httpx.AsyncClient) -> None:
    """The refusal is shown in the form, in place of its result."""
    response = await client_of.post(
        "/appointments", data={"patientId": "x"}, headers={"HX-Request": "true"}
    )
    assert "Not signed in" in response.text
    assert "HX-Retarget" not in response.headers


@pytest.fixture
def client_of(scene: BookingScene) -> httpx.AsyncClient:
    scene.client.cookies.clear()
    return scene.client
