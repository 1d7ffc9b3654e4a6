"""When a practitioner can be booked, through HTTP, against a model that asks every minute."""

import datetime
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock
from app.auth import members
from app.clinic.availability.effective import MAX_DAYS
from app.clinic.availability.models import (
    AvailabilityException,
    DayOfWeek,
    ExceptionReason,
    Location,
    WeeklyAvailabilityTemplate,
)
from clinic.availability.clients import (
    MONDAY,
    ON_SQLITE,
    Clients,
    SlotClient,
    delete_slots,
    make_clients,
)

pytestmark = pytest.mark.slow

Slots = Sequence[WeeklyAvailabilityTemplate | AvailabilityException]
Minutes = dict[int, set[str]]

FIRST = datetime.date.fromisoformat(MONDAY)
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS = 9
WHOSE = ("practitioner", "colleague", "away")
MORNING = {"startTime": "09:00:00", "endTime": "12:00:00"}


def time_of(minute: int) -> datetime.time:
    return datetime.time(*divmod(minute, 60))


@st.composite
def intervals(draw: st.DrawFn) -> dict[str, Any]:
    """Return times on a coarse grid, so that ends often meet."""
    start = draw(st.sampled_from([0, *range(480, 1140, 60), 1439 - 60]))
    length = draw(st.sampled_from([1, 60, 120, 240]))
    return {"start_time": time_of(start), "end_time": time_of(min(1439, start + length))}


@st.composite
def templates(draw: st.DrawFn) -> tuple[str, WeeklyAvailabilityTemplate]:
    return draw(st.sampled_from(WHOSE)), WeeklyAvailabilityTemplate(
        day_of_week=draw(st.sampled_from(DayOfWeek)),
        location=draw(st.sampled_from(Location)),
        max_sessions=draw(st.integers(1, 4)),
        **draw(intervals()),
    )


@st.composite
def exceptions(draw: st.DrawFn) -> tuple[str, AvailabilityException]:
    times: Any = draw(st.one_of(st.just({}), intervals(), intervals(), intervals()))
    return draw(st.sampled_from(WHOSE)), AvailabilityException(
        date=FIRST + datetime.timedelta(days=draw(st.integers(-1, DAYS))),
        is_available=draw(st.booleans()),
        reason=ExceptionReason.OTHER,
        **times,
    )


async def store(clients: Clients, slots: Slots, whose: Sequence[str]) -> None:
    await delete_slots(clients)
    async with clients.backend.session() as session:
        for slot, name in zip(slots, whose, strict=True):
            staff = getattr(clients, name)
            slot.id, slot.user_id, slot.organization_id = (
                uuid4(),
                staff.user_id,
                staff.organization_id,
            )
            session.add(slot)


def minutes_of(slot: WeeklyAvailabilityTemplate | AvailabilityException) -> range:
    if slot.start_time is None or slot.end_time is None:
        return range(24 * 60)
    start, end = slot.start_time, slot.end_time
    return range(start.hour * 60 + start.minute, end.hour * 60 + end.minute)


def modelled(day: datetime.date, slots: Slots) -> Minutes:
    """Go through a day minute by minute."""
    offered: Minutes = {}
    taken: set[int] = set()
    for slot in slots:
        if isinstance(slot, WeeklyAvailabilityTemplate):
            if slot.day_of_week != WEEKDAYS[day.weekday()]:
                continue
        elif slot.date != day:
            continue
        elif not slot.is_available:
            taken.update(minutes_of(slot))
            continue
        for minute in minutes_of(slot):
            offered.setdefault(minute, set()).add(str(slot.id))
    return {minute: sources for minute, sources in offered.items() if minute not in taken}


def told(intervals: Sequence[Any]) -> Minutes:
    """Return the bookable minutes of a response; none may be in two intervals."""
    found: Minutes = {}
    for interval in intervals:
        ids = {source["id"] for source in interval["sources"]}
        start, end = minute_of(interval["startTime"]), minute_of(interval["endTime"])
        assert len(ids) == len(interval["sources"]) > 0
        assert start < end
        for minute in range(start, end):
            assert minute not in found
            found[minute] = ids
    return found


def minute_of(text: str) -> int:
    hour, minute, second = map(int, text.split(":"))
    assert second == 0
    return hour * 60 + minute


async def ask(
    clients: Clients, first: str | None, last: str | None, user_id: UUID | None = None
) -> Any:
    query = {"userId": str(user_id or clients.practitioner.user_id), "from": first, "to": last}
    known = {name: value for name, value in query.items() if value is not None}
    response = await clients.colleague.get("effective", **known)
    assert response.status_code == 200, response.text
    return response.json()


@ON_SQLITE
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    week=st.lists(templates(), max_size=8),
    dates=st.lists(exceptions(), max_size=10),
    first=st.integers(0, DAYS - 1),
)
async def test_what_can_be_booked_is_what_each_minute_says(
    shared_clients: Clients,
    week: list[tuple[str, WeeklyAvailabilityTemplate]],
    dates: list[tuple[str, AvailabilityException]],
    first: int,
) -> None:
    """Each minute of each date has all its sources, in the practitioner's hours in this clinic."""
    whose = [name for name, _ in (*week, *dates)]
    slots: Slots = [*(slot for _, slot in week), *(slot for _, slot in dates)]
    await store(shared_clients, slots, whose)
    days = [FIRST + datetime.timedelta(days=ahead) for ahead in range(first, DAYS)]
    response = await ask(shared_clients, str(days[0]), str(days[-1]))
    own = [slot for slot, name in zip(slots, whose, strict=True) if name == "practitioner"]
    assert [day["date"] for day in response["days"]] == [str(day) for day in days]
    for day, asked in zip(days, response["days"], strict=True):
        assert told(asked["intervals"]) == modelled(day, own)
        starts = [interval["startTime"] for interval in asked["intervals"]]
        assert starts == sorted(starts)


def piece(start: str, end: str, *sources: Any) -> dict[str, Any]:
    return {
        "startTime": start,
        "endTime": end,
        "sources": [
            {
                "kind": "template" if "dayOfWeek" in source else "exception",
                "id": source["id"],
                "location": source.get("location"),
                "maxSessions": source.get("maxSessions"),
            }
            for source in sources
        ],
    }


async def test_each_interval_says_where_it_comes_from(clients: Clients) -> None:
    """A template with its location and sessions, an exception that adds, and both where they meet;
    an exception that takes leaves what is around it, and no gap is kept to it.
    """
    staff = clients.practitioner
    template = await staff.make("templates", location="home", maxSessions=3, **MORNING)
    added = await staff.make("exceptions", startTime="11:00:00", endTime="13:00:00")
    times = {"startTime": "09:30:00", "endTime": "10:15:30"}
    await staff.make("exceptions", isAvailable=False, **times)
    [day] = (await ask(clients, MONDAY, MONDAY))["days"]
    assert day == {
        "date": MONDAY,
        "intervals": [
            piece("09:00:00", "09:30:00", template),
            piece("10:15:30", "11:00:00", template),
            piece("11:00:00", "12:00:00", template, added),
            piece("12:00:00", "13:00:00", added),
        ],
    }


async def test_a_whole_day_takes_or_adds_all_of_it(clients: Clients) -> None:
    """A week that is off, and a Sunday on which there is no template."""
    staff = clients.practitioner
    template = await staff.make("templates", **MORNING)
    sunday = await staff.make("exceptions", date="2031-01-12")
    await staff.make("exceptions", date="2031-01-13", isAvailable=False)
    extra = await staff.make("exceptions", date="2031-01-20")
    days = (await ask(clients, MONDAY, "2031-01-20"))["days"]
    booked = {day["date"]: day["intervals"] for day in days if day["intervals"]}
    assert booked == {
        MONDAY: [piece("09:00:00", "12:00:00", template)],
        "2031-01-12": [piece("00:00:00", "24:00:00", sunday)],
        "2031-01-20": [
            piece("00:00:00", "09:00:00", extra),
            piece("09:00:00", "12:00:00", template, extra),
            piece("12:00:00", "24:00:00", extra),
        ],
    }
    assert len(days) == 15


@pytest.mark.parametrize("whose", ["away", "colleague"])
async def test_hours_of_other_organizations_and_people_are_not_returned(
    clients: Clients, whose: str
) -> None:
    """Neither those that are offered there nor those that are taken there."""
    template = await clients.practitioner.make("templates", **MORNING)
    other: SlotClient = getattr(clients, whose)
    await other.make("templates", dayOfWeek="tue", **MORNING)
    await other.make("exceptions", isAvailable=False, **MORNING)
    days = (await ask(clients, MONDAY, "2031-01-07"))["days"]
    assert [day["intervals"] for day in days] == [[piece(*MORNING.values(), template)], []]


@ON_SQLITE
@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2032-01-01", "2032-12-31", MAX_DAYS),
        ("2031-01-01", "2032-01-01", MAX_DAYS),
        ("2031-01-01", "2032-01-02", None),
        ("2031-01-06", "2031-01-06", 1),
        ("2031-01-06", "2031-01-05", None),
        ("0001-01-01", "9999-12-31", None),
        ("9999-12-30", "9999-12-31", 2),
        ("0001-01-01", "0001-01-02", 2),
    ],
)
async def test_a_call_is_for_a_leap_year_at_most(
    clients: Clients, first: str, last: str, days: int | None
) -> None:
    """Both ends are included; if the range is too long or reversed, the refusal says so."""
    if days:
        assert len((await ask(clients, first, last))["days"]) == days
        return
    user_id = str(clients.practitioner.user_id)
    query = {"userId": user_id, "from": first, "to": last}
    response = await clients.colleague.get("effective", **query)
    assert response.status_code == 400
    assert response.json()["detail"] == (
        "Please correct `to`: it must be on or after `from`, at most 366 days in all."
    )


async def test_a_call_is_about_oneself_and_today_unless_it_says_otherwise(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defaults are the caller's user id, today, and no other day."""
    staff = clients.practitioner
    template = await staff.make("templates", **MORNING)
    morning = [piece(*MORNING.values(), template)]
    monkeypatch.setattr(clock, "today", lambda: FIRST)
    responses = [
        ((await staff.get("effective")).json(), staff, MONDAY, morning),
        ((await clients.colleague.get("effective")).json(), clients.colleague, MONDAY, []),
        (await ask(clients, "2031-01-07", None), staff, "2031-01-07", []),
        (await ask(clients, None, MONDAY), staff, MONDAY, morning),
    ]
    for response, whose, day, intervals in responses:
        assert response == {
            "userId": str(whose.user_id),
            "days": [{"date": day, "intervals": intervals}],
        }


@ON_SQLITE
@pytest.mark.parametrize("wrong", ["userId", "from", "to"])
async def test_what_is_wrong_is_named(clients: Clients, wrong: str) -> None:
    """In words that say what is right."""
    response = await clients.colleague.get("effective", **{wrong: "tomorrow"})
    assert response.status_code == 400
    detail = response.json()["detail"]
    assert f"`{wrong}`" in detail
    assert "RFC" not in detail
    assert "body" not in detail


@ON_SQLITE
async def test_who_is_not_of_the_clinic_has_no_hours_there(clients: Clients) -> None:
    """Nobody, somebody of another clinic, and somebody who has left."""
    clients = await make_clients(clients.backend)
    await clients.practitioner.make("templates", **MORNING)
    async with clients.backend.session() as session:
        left = (clients.practitioner.user_id, clients.practitioner.organization_id)
        await members.leave(session, *left)
    for user_id in (uuid4(), clients.stranger.user_id, clients.practitioner.user_id):
        query = {"userId": str(user_id), "from": MONDAY, "to": MONDAY}
        response = await clients.colleague.get("effective", **query)
        assert response.status_code == 404
        assert "practitioner" in response.json()["detail"]


async def test_a_year_takes_as_many_queries_as_a_day(clients: Clients) -> None:
    """However many slots there are."""
    counts = []
    for last in (MONDAY, "2032-01-06"):
        with clients.backend.counting_statements() as sent:
            await ask(clients, MONDAY, last)
        counts.append(len(sent))
        if last == MONDAY:
            await clients.practitioner.make("templates", **MORNING)
            for day in ("2031-02-01", "2031-02-02"):
                await clients.practitioner.make("exceptions", date=day)
    assert counts[0] == counts[1]
