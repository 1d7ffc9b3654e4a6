"""What the availability pages decide: defaults, refusals, rights, and the team."""

import datetime
import html
import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from app import clock
from conftest import open_app, seed
from console.recorded_calls import PART

pytestmark = pytest.mark.slow

OWNER = "edward.papadopoulos@example.com"
MEMBER = "dragana.chahine@example.com"
SUNDAY, MONDAY, TUESDAY = "2031-03-02", "2031-03-03", "2031-03-04"
MORNING = {"startTime": "09:00:00", "endTime": "12:00:00"}
HOURS = {"dayOfWeek": "mon", "location": "home", "maxSessions": 2, **MORNING}
DAY_OFF = {"date": MONDAY, "isAvailable": False, "reason": "vacation"}
EXTRA = {"date": MONDAY, "isAvailable": True, "reason": "other", **MORNING}


class SlotUser:
    """A signed-in user, who starts without hours."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.id = ""

    async def sign_in(self, email: str) -> None:
        body = {"email": email, "password": "Password123"}
        response = await self.client.post("/api/auth/sign-in/email", json=body)
        self.id = response.raise_for_status().json()["user"]["id"]

    async def read(self, path: str, **query: Any) -> Any:
        response = await self.client.get(f"/api/{path}", params=query)
        return response.raise_for_status().json()

    async def make(self, kind: str, **fields: Any) -> Any:
        body = (HOURS if kind == "templates" else {}) | fields
        response = await self.client.post(f"/api/availability/{kind}", json=body)
        return response.raise_for_status().json()

    async def part(self, path: str, **query: Any) -> str:
        response = await self.client.get(f"/availability/{path}", params=query, headers=PART)
        assert response.status_code == 200, response.text
        return response.text

    async def send(self, method: str, path: str, **fields: Any) -> httpx.Response:
        url = f"/availability/{path}"
        response = await self.client.request(method, url, data=fields, headers=PART)
        assert response.status_code == 200, response.text
        return response

    async def clear(self) -> None:
        for kind in ("templates", "exceptions"):
            for row in (await self.read(f"availability/{kind}", userId=self.id))["items"]:
                path = f"/api/availability/{kind}/{row['id']}"
                await self.client.delete(path, params={"force": True})


@pytest.fixture(scope="module")
async def seeded(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    file = tmp_path_factory.mktemp("availability") / "clinic.db"
    async with open_app(f"sqlite:///{file}") as client:
        await seed(client)
        yield client


@pytest.fixture
async def owner(seeded: httpx.AsyncClient) -> SlotUser:
    person = SlotUser(seeded)
    await person.sign_in(OWNER)
    await person.clear()
    return person


def values(form: str) -> dict[str, str]:
    """Return what a browser would show in the inputs of a form, by their ids or names."""
    found = {}
    for tag in re.findall(r"<input (.*?)>", form, re.DOTALL):
        attributes = dict(re.findall(r'([\w-]+)="(.*?)"', tag))
        if attributes.get("type") in ("radio", "checkbox"):
            if "checked" in tag:
                found[attributes["name"]] = attributes.get("value", "on")
        elif "name" in attributes:
            found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    for attributes, options in re.findall(r"<select (.*?)>(.*?)</select>", form, re.DOTALL):
        [name] = re.findall(r'id="(.*?)"', attributes)
        found[name] = (re.findall(r'value="([^"]*)" selected', options) or [""])[0]
    [(_, notes)] = re.findall(r"<textarea (.*?)>(.*?)</textarea>", form, re.DOTALL)
    return {**found, "notes": html.unescape(notes)}


def events(response: httpx.Response) -> Any:
    return json.loads(response.headers["HX-Trigger"])


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


@pytest.mark.parametrize(
    ("date", "taken", "query", "kind", "times"),
    [
        (MONDAY, {}, {}, "template", ("09:00", "10:00")),
        (MONDAY, {"templates": {}}, {}, "template", ("12:15", "13:15")),
        (TUESDAY, {"templates": {}}, {}, "template", ("09:00", "10:00")),
        (MONDAY, {"exceptions": EXTRA}, {}, "template", ("09:00", "10:00")),
        (SUNDAY, {"exceptions": {**EXTRA, "date": SUNDAY}}, {}, "adds", ("12:15", "13:15")),
        (MONDAY, {"templates": {"endTime": "23:30:00"}}, {}, "template", ("09:00", "10:00")),
        (
            MONDAY,
            {"templates": {}},
            {"start": "10:00:00", "end": "11:30:00"},
            "template",
            ("10:00", "11:30"),
        ),
        (MONDAY, {}, {"allDay": "true"}, "takes", ("09:00", "10:00")),
    ],
)
async def test_a_new_slot_starts_with_what_fits(
    owner: SlotUser,
    date: str,
    taken: Mapping[str, Any],
    query: Mapping[str, str],
    kind: str,
    times: tuple[str, str],
) -> None:
    """With drawn times, or else with the first free hour of the day for the kind of slot."""
    for table, fields in taken.items():
        await owner.make(table, **fields)
    form = values(await owner.part("slots/new", practitioner=owner.id, date=date, **query))
    assert form["kind"] == kind
    assert (form["startTime"], form["endTime"]) == times
    assert form["date"] == date
    assert form["dayOfWeek"] == ("tue" if date == TUESDAY else "mon")
    assert form["location"] == ("home" if "templates" in taken else "clinic")
    assert form.get("allDay") == ("on" if query.get("allDay") else None)
    assert (form["reason-adds"], form["reason-takes"]) == ("other", "vacation")


async def test_a_new_template_is_where_most_others_are(owner: SlotUser) -> None:
    for day, location in (("mon", "clinic"), ("tue", "telehealth"), ("wed", "telehealth")):
        await owner.make("templates", dayOfWeek=day, location=location)
    form = values(await owner.part("slots/new", practitioner=owner.id, date="2031-03-06"))
    assert form["location"] == "telehealth"


async def test_each_kind_of_slot_has_its_own_free_hour(owner: SlotUser) -> None:
    """The script takes it from the choice of the kind."""
    await owner.make("templates")
    form = await owner.part("slots/new", practitioner=owner.id, date=MONDAY)
    assert re.findall(r'value="(\w+)".*? data-start="(.*?)" data-end="(.*?)"', form) == [
        ("template", "12:15", "13:15"),
        ("adds", "09:00", "10:00"),
        ("takes", "09:00", "10:00"),
    ]


async def test_a_stranger_has_no_form(owner: SlotUser) -> None:
    """Hours are those of a member of the clinic."""
    form = await owner.part(
        "slots/new", practitioner="00000000-0000-4000-8000-000000000000", date=MONDAY
    )
    assert "The clinic has no such practitioner." in form
    assert "<form" not in form


async def test_a_slot_is_created(owner: SlotUser) -> None:
    """The calendar reads the week again, and a toast says so."""
    form = values(await owner.part("slots/new", practitioner=owner.id, date=MONDAY))
    response = await owner.send("POST", "slots", **form)
    assert events(response) == {
        "slots-changed": {},
        "toast": {"message": "The slot was created.", "isError": False},
    }
    [made] = (await owner.read("availability/templates", userId=owner.id))["items"]
    assert (made["dayOfWeek"], made["startTime"], made["maxSessions"]) == ("mon", "09:00:00", 1)


async def test_a_conflict_keeps_the_form_and_names_the_next_free_time(owner: SlotUser) -> None:
    """And the other slot, which the calendar marks."""
    clash = await owner.make("templates")
    sent = {
        "kind": "template",
        "userId": owner.id,
        "name": "Edward",
        "dayOfWeek": "mon",
        "startTime": "08:00",
        "endTime": "09:00",
        "location": "telehealth",
        "maxSessions": "3",
    }
    response = await owner.send("POST", "slots", **sent)
    assert response.headers["HX-Retarget"] == "#slot-content"
    assert "HX-Trigger" not in response.headers
    form = values(response.text)
    assert {name: form[name] for name in sent} == sent
    assert f'data-clash="{clash["id"]}"' in response.text
    assert 'data-day="mon"' in response.text
    assert "It conflicts with the slot from 09:00 to 12:00." in response.text
    assert "Slots must be at least 15 minutes apart." in response.text
    assert "Use the next free time, 12:15 to 13:15" in response.text


@pytest.mark.parametrize(
    ("there", "wanted", "sentences"),
    [
        (
            DAY_OFF,
            {"startTime": "09:00", "endTime": "10:00"},
            [
                "It conflicts with an all-day exception.",
                "A date with an all-day exception has no other exception.",
            ],
        ),
        (
            EXTRA,
            {"allDay": "on"},
            [
                "It conflicts with the slot from 09:00 to 12:00.",
                "A date with an all-day exception has no other exception.",
            ],
        ),
        (
            {**EXTRA, "endTime": "23:00:00"},
            {"startTime": "09:00", "endTime": "10:00"},
            [
                "It conflicts with the slot from 09:00 to 23:00.",
                "Slots must be at least 15 minutes apart.",
                "There is no free time later that day.",
            ],
        ),
    ],
)
async def test_a_conflict_says_which_rule_it_breaks(
    owner: SlotUser, there: dict[str, Any], wanted: dict[str, str], sentences: list[str]
) -> None:
    """Neither gap nor free time are named where the whole day is the reason."""
    await owner.make("exceptions", **there)
    slot = {"kind": "adds", "userId": owner.id, "date": MONDAY, "reason": "other", **wanted}
    response = await owner.send("POST", "slots", **slot)
    alert = response.text.partition('role="alert"')[2].partition("</div>")[0]
    assert re.findall(r"<p>(.*?)</p>", alert) == sentences
    assert "<button" not in alert


async def test_an_error_is_at_its_field(owner: SlotUser) -> None:
    """With the label of the field, not its name in the API, and what was entered."""
    sent = {"kind": "adds", "userId": owner.id, "date": MONDAY, "reason": "other", "notes": "<b>"}
    response = await owner.send("POST", "slots", startTime="12:00", endTime="09:00", **sent)
    assert response.headers["HX-Retarget"] == "#slot-content"
    assert re.search(r'name="(start|end)Time"[^>]*aria-invalid="true"', response.text)
    assert values(response.text)["notes"] == "<b>"
    assert "`" not in response.text


async def test_an_edit_replaces_the_slot(owner: SlotUser) -> None:
    """The form is that of a new slot, with the stored values."""
    row = await owner.make("exceptions", **DAY_OFF, notes="Knees & backs")
    form = await owner.part(f"exceptions/{row['id']}/edit")
    assert "Edit slot of Edward Papadopoulos" in form
    assert 'value="template"' not in form
    shown = values(form)
    assert (shown["kind"], shown["allDay"], shown["notes"]) == ("takes", "on", "Knees & backs")
    sent = {**shown, "reason": "training", "notes": "Needles"}
    response = await owner.send("PUT", f"exceptions/{row['id']}", **sent)
    assert events(response)["toast"]["message"] == "The slot was saved."
    now = await owner.read(f"availability/exceptions/{row['id']}")
    assert (now["reason"], now["notes"], now["startTime"]) == ("training", "Needles", None)


async def test_a_stale_edit_says_so_and_loses_nothing(owner: SlotUser) -> None:
    """Neither the other change nor the user's input; saving again is a decision."""
    row = await owner.make("templates")
    path = f"templates/{row['id']}"
    form = values(await owner.part(f"{path}/edit"))
    other = {**HOURS, "location": "clinic", "endTime": "11:00:00"}
    await owner.client.put(f"/api/availability/{path}", json=other)
    sent = {**form, "maxSessions": "4"}
    response = await owner.send("PUT", path, **sent)
    assert "HX-Trigger" not in response.headers
    assert (
        "Somebody else has changed this slot since you opened it. "
        "It is now: Every Monday, 09:00 to 11:00, weekly template: clinic, up to 2 sessions."
    ) in words(response.text)
    shown = values(response.text)
    assert shown == {**sent, "version": shown["version"]}
    assert shown["version"] != form["version"]
    assert (await owner.read(f"availability/{path}"))["maxSessions"] == 2
    assert "slots-changed" in events(await owner.send("PUT", path, **shown))
    now = await owner.read(f"availability/{path}")
    assert (now["maxSessions"], now["location"], now["endTime"]) == (4, "home", "12:00:00")


def place(row: Any, **fields: str) -> dict[str, str]:
    times = {name: row[name] or "" for name in ("startTime", "endTime")}
    return {"date": MONDAY, "updatedAt": row["updatedAt"], **times, **fields}


async def test_a_slot_is_moved(owner: SlotUser) -> None:
    """A template to another day of the week, an exception to another date; the rest stays."""
    weekly = await owner.make("templates")
    later = {"startTime": "10:15:00", "endTime": "12:00:00"}
    response = await owner.send(
        "PUT", f"templates/{weekly['id']}/times", **place(weekly, date=TUESDAY, **later)
    )
    assert events(response) == {
        "slots-changed": {},
        "toast": {"message": "Moved: Every Tuesday, 10:15 to 12:00.", "isError": False},
    }
    now = await owner.read(f"availability/templates/{weekly['id']}")
    assert {**now, "updatedAt": ""} == {**weekly, "dayOfWeek": "tue", **later, "updatedAt": ""}
    off = await owner.make("exceptions", **DAY_OFF, notes="Lake")
    response = await owner.send(
        "PUT", f"exceptions/{off['id']}/times", **place(off, date="2031-03-05")
    )
    assert events(response)["toast"]["message"] == "Moved: Wednesday 5 March 2031, all day."
    now = await owner.read(f"availability/exceptions/{off['id']}")
    assert {**now, "updatedAt": ""} == {**off, "date": "2031-03-05", "updatedAt": ""}


async def test_a_refused_move_says_why_and_where(owner: SlotUser) -> None:
    """The toast has the reason, and the calendar gets the place and the other slot."""
    clash = await owner.make("exceptions", **EXTRA)
    row = await owner.make("exceptions", **{**EXTRA, "date": TUESDAY})
    path = f"exceptions/{row['id']}/times"
    response = await owner.send("PUT", path, **place(row))
    assert events(response) == {
        "slot-refused": {
            "clash": clash["id"],
            "date": MONDAY,
            "start": "09:00:00",
            "end": "12:00:00",
        },
        "toast": {
            "message": "Not moved. It conflicts with the slot from 09:00 to 12:00. "
            "Slots must be at least 15 minutes apart.",
            "isError": True,
        },
    }
    assert (await owner.read(f"availability/exceptions/{row['id']}"))["date"] == TUESDAY


@pytest.mark.parametrize(
    ("kind", "fields", "reason"),
    [
        ("templates", {"date": SUNDAY}, "A weekly template cannot be on a Sunday."),
        (
            "templates",
            {"startTime": "", "endTime": ""},
            "A weekly template has a start and an end.",
        ),
        (
            "exceptions",
            {"startTime": "", "endTime": ""},
            "Edit the slot to change whether it is all day.",
        ),
        ("templates", {"updatedAt": "2020-01-01T00:00:00Z"}, "Somebody else has changed this slot"),
    ],
)
async def test_a_slot_is_not_moved_to_where_it_cannot_be(
    owner: SlotUser, kind: str, fields: dict[str, str], reason: str
) -> None:
    """Nor if somebody else has changed it since the calendar showed it."""
    row = await owner.make(kind, **({} if kind == "templates" else EXTRA))
    response = await owner.send("PUT", f"{kind}/{row['id']}/times", **place(row, **fields))
    toast = events(response)["toast"]
    assert toast["isError"]
    assert toast["message"].startswith(f"Not moved. {reason}")
    assert ("slots-changed" in events(response)) == ("updatedAt" in fields)
    assert await owner.read(f"availability/{kind}/{row['id']}") == row


async def test_a_slot_that_is_gone_cannot_be_moved(owner: SlotUser) -> None:
    """The message of the API is shown without its marks."""
    row = await owner.make("templates")
    await owner.client.delete(f"/api/availability/templates/{row['id']}")
    response = await owner.send("PUT", f"templates/{row['id']}/times", **place(row))
    message = events(response)["toast"]["message"]
    assert message.startswith("Not moved. ")
    assert "`" not in message


async def test_a_slot_is_deleted(owner: SlotUser) -> None:
    row = await owner.make("templates")
    response = await owner.send("DELETE", f"templates/{row['id']}")
    assert events(response)["toast"]["message"] == "The slot was deleted."
    assert (await owner.read("availability/templates", userId=owner.id))["items"] == []


async def test_the_details_have_everything_that_is_stored(owner: SlotUser) -> None:
    """Text stays text, and the public API's path is there to copy."""
    note = "<script>alert(1)</script>"
    row = await owner.make("exceptions", **DAY_OFF, notes=note)
    details = await owner.part(f"exceptions/{row['id']}")
    assert "<script" not in details
    assert words(details).startswith(
        "Time off Practitioner Edward Papadopoulos Date Monday 3 March 2031 Time All day "
        f"Reason Vacation Notes {note}"
    )
    assert f'data-copy="{row["id"]}"' in details
    assert f'data-json="/api/availability/exceptions/{row["id"]}"' in details
    weekly = await owner.make("templates")
    assert words(await owner.part(f"templates/{weekly['id']}")).startswith(
        "Weekly template Practitioner Edward Papadopoulos Day Every Monday Time 09:00 to 12:00 "
        "Location Home Max sessions 2"
    )


async def test_without_scripts_the_details_are_a_page(owner: SlotUser) -> None:
    """The table of the week leads to it, and it leads back."""
    await owner.make("exceptions", **DAY_OFF)
    week = (await owner.client.get("/availability", params={"week": MONDAY})).text
    [path] = re.findall(r'<a href="(/availability/exceptions/.*?)">All day</a>', week)
    page = (await owner.client.get(path)).text
    assert "<h1>Time off</h1>" in page
    assert "Edit</" not in page
    back = f"/availability?practitioner={owner.id}&week={MONDAY}"
    assert f'href="{back}"' in html.unescape(page)


async def test_members_may_change_their_own_hours_only(owner: SlotUser) -> None:
    """Nobody else's slot has a button to edit or delete it; owners have them everywhere."""
    theirs = await owner.make("templates")
    colleague = SlotUser(owner.client)
    await colleague.sign_in(MEMBER)
    await colleague.clear()
    own = await colleague.make("templates")
    for row, may_edit in ((theirs, False), (own, True)):
        details = await colleague.part(f"templates/{row['id']}")
        assert ("Edit</button>" in details, "Delete</button>" in details) == (may_edit, may_edit)
    options = await colleague.part("practitioners", selected=owner.id)
    assert re.findall(r'value="([^"]*)"[^>]* data-editable', options) == [colleague.id]
    assert f'value="{owner.id}" selected' in options
    await owner.sign_in(OWNER)
    assert "Edit</button>" in await owner.part(f"templates/{own['id']}")
    options = await owner.part("practitioners", selected=owner.id)
    assert options.count(" data-editable") == options.count("<option") > 1


async def test_the_next_exception_is_a_link_to_its_week(
    owner: SlotUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Today's counts, past ones do not, and a year is named if it is another."""
    assert (
        words(await owner.part("next-exception", practitioner=owner.id)) == "No upcoming exceptions"
    )
    await owner.make("exceptions", **DAY_OFF)
    await owner.make("exceptions", **{**EXTRA, "date": "2031-12-09"})
    for today, text, date in (
        ("2030-12-31", "Next exception: Mon 3 Mar 2031 , vacation", MONDAY),
        (MONDAY, "Next exception: Mon 3 Mar , vacation", MONDAY),
        (TUESDAY, "Next exception: Tue 9 Dec , extra hours", "2031-12-09"),
        ("2031-12-10", "No upcoming exceptions", ""),
    ):
        monkeypatch.setattr(clock, "today", lambda day=today: datetime.date.fromisoformat(day))
        part = await owner.part("next-exception", practitioner=owner.id)
        assert words(part) == text
        assert f"practitioner={owner.id}&week={date}" in html.unescape(part) or not date


async def test_the_team_is_side_by_side(owner: SlotUser) -> None:
    """Each cell has what can be booked that day and leads to the week of the practitioner."""
    await owner.make("templates")
    await owner.make("exceptions", **{**EXTRA, "startTime": "12:00:00", "endTime": "13:00:00"})
    page = html.unescape((await owner.client.get(f"/availability/team?week={TUESDAY}")).text)
    members = (await owner.read("auth/organization/list-members"))["members"]
    names = sorted(member["user"]["name"] for member in members)
    assert re.findall(r'<th scope="row">(.*?)</th>', page) == names
    href = f"/availability?practitioner={owner.id}&week={MONDAY}"
    label = "Edward Papadopoulos, Monday 3 March: 09:00 to 13:00"
    assert f'href="{href}" aria-label="{label}"' in page
    assert "Edward Papadopoulos, Sunday 9 March: nothing bookable" in page
    assert page.count('aria-label="Edward Papadopoulos, ') == 7
    assert 'href="/availability?week=2031-03-04&view=week"' in page
    assert 'href="/availability/team?week=2031-02-25&view=week"' in page
    assert "Pages of practitioners" not in page


async def test_a_day_of_the_team_has_a_time_axis(owner: SlotUser) -> None:
    """It is as long as the hours of all practitioners need."""
    await owner.make("templates", startTime="05:30:00", endTime="06:30:00")
    page = (await owner.client.get(f"/availability/team?week={MONDAY}&view=day")).text
    assert "Monday 3 March 2031" in words(page)
    assert 'viewBox="0 0 900 20"' in page  # from 05:00 to 20:00
    assert '<rect x="30" y="2" width="60" height="16"/>' in page
    assert page.count('aria-label="Edward Papadopoulos, ') == 1


@pytest.mark.parametrize(("date", "step"), [("0001-01-01", "Previous"), ("9999-12-31", "Next")])
async def test_the_team_ends_where_dates_do(owner: SlotUser, date: str, step: str) -> None:
    page = (await owner.client.get(f"/availability/team?week={date}")).text
    assert re.search(rf"disabled>{step}<span .*?> week</span></button>", page)


async def test_a_large_team_has_pages(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every practitioner is on one of them, and the date and the view stay."""
    file = tmp_path_factory.mktemp("team") / "clinic.db"
    async with open_app(f"sqlite:///{file}") as client:
        await seed(client, users=200, organizations=1, patients=0)
        person = SlotUser(client)
        await person.sign_in(OWNER)
        address = f"/availability/team?practitioner={person.id}&week={MONDAY}&view=day"
        names: list[str] = []
        pages = 0
        while address:
            page = html.unescape((await client.get(address)).text)
            names += re.findall(r'<th scope="row">(.*?)</th>', page)
            pages += 1
            found = re.findall(r'href="([^"]*)">Next practitioners', page)
            where = f"practitioner={person.id}&week={MONDAY}&view=day"
            assert f'href="/availability?{where}"' in page
            assert all(f"/availability/team?{where}&cursor=" in each for each in found)
            address = found[0] if found else ""
        assert len(names) == 200
        assert pages == 8
        assert ">First practitioners</a>" in page


async def test_the_week_names_its_slots_in_words(owner: SlotUser) -> None:
    """As the legend does, for the calendar and for the table."""
    await owner.make("templates", maxSessions=1)
    await owner.make("exceptions", **EXTRA, notes="Queue")
    week = await owner.part("", week=MONDAY)
    assert 'data-title="Weekly template: home, up to 1 session"' in week
    assert 'data-title="Extra hours: other: Queue"' in week
    assert "Monday 3 March 09:00 to 12:00 , home, up to 1 session" in words(week)
    assert "09:00 to 12:00 , extra hours: other: Queue" in words(week)


async def test_the_form_offers_what_the_api_takes(owner: SlotUser) -> None:
    """All values of each choice, and the limits of each number and text."""
    form = await owner.part("slots/new", practitioner=owner.id, date=MONDAY)
    schemas = (await owner.client.get("/schema/openapi.json")).json()["components"]["schemas"]
    for field, schema in (
        ("dayOfWeek", "DayOfWeek"),
        ("location", "Location"),
        ("reason-adds", "ExceptionReason"),
        ("reason-takes", "ExceptionReason"),
    ):
        menu = form.partition(f'<select id="{field}"')[2].partition("</select>")[0]
        assert re.findall(r'<option value="(.*?)"', menu) == schemas[schema]["enum"]
    sessions = schemas["CreateTemplate"]["properties"]["maxSessions"]
    notes = schemas["CreateException"]["properties"]["notes"]
    assert f'min="{sessions["minimum"]:.0f}" max="{sessions["maximum"]:.0f}"' in form
    assert f'maxlength="{notes["maxLength"]}"' in form


async def test_the_page_loads_the_practitioners_of_the_clinic(owner: SlotUser) -> None:
    """The shown one is selected, as on the page; a refusal is shown above the page."""
    page = (await owner.client.get("/availability")).text
    [address] = re.findall(r'data-hx-get="(/availability/practitioners.*?)"', page)
    part = await owner.client.get(html.unescape(address), headers=PART)
    members = (await owner.read("auth/organization/list-members"))["members"]
    assert sorted(re.findall(r'<option value="(.*?)"', part.text)) == sorted(
        member["userId"] for member in members
    )
    assert re.findall(r'value="([^"]*)" selected[^>]*>(.*?)<', part.text) == [
        (owner.id, "Edward Papadopoulos")
    ]
    await owner.client.post("/people/sign-out")
    refused = await owner.client.get(html.unescape(address), headers=PART)
    assert refused.headers["HX-Retarget"] == "#trouble"
    assert 'role="alert"' in refused.text
