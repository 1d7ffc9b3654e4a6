"""When each practitioner of a clinic can be booked, through HTTP."""

from typing import Any
from uuid import UUID

import pytest

from app import clock
from app.auth import members
from app.auth.members import NewMember
from app.auth.models import Role, User
from clinic.availability.clients import MONDAY, ON_SQLITE, Clients, SlotClient, make_clients
from clinic.availability.test_effective import FIRST, MORNING, piece

pytestmark = pytest.mark.slow

TUESDAY = "2031-01-07"


async def ask(staff: SlotClient, **query: Any) -> Any:
    response = await staff.get("team", **{"from": MONDAY, **query})
    assert response.status_code == 200, response.text
    return response.json()


def of(page: Any, staff: SlotClient) -> Any:
    [found] = [item for item in page["items"] if item["userId"] == str(staff.user_id)]
    return found


async def test_the_team_is_what_each_practitioner_is(clients: Clients) -> None:
    """Each has the days that the call for one practitioner returns, with any other hours."""
    off = {"date": TUESDAY, "isAvailable": False, "startTime": "10:00:00", "endTime": "11:00:00"}
    for staff in (clients.practitioner, clients.colleague, clients.owner):
        await staff.make("templates", **MORNING)
        await staff.make("templates", dayOfWeek="tue", **MORNING)
    await clients.colleague.make("exceptions", **off)
    await clients.owner.make("exceptions", date=TUESDAY, isAvailable=False)
    page = await ask(clients.colleague, to="2031-01-12")
    assert page["next"] is None
    everyone = (clients.owner, clients.admin, clients.practitioner, clients.colleague)
    assert {item["userId"] for item in page["items"]} == {str(each.user_id) for each in everyone}
    for staff in everyone:
        query = {"userId": str(staff.user_id), "from": MONDAY, "to": "2031-01-12"}
        alone = (await clients.admin.get("effective", **query)).json()
        assert of(page, staff)["days"] == alone["days"]
    assert any(day["intervals"] for day in of(page, clients.colleague)["days"])


async def test_hours_in_other_organizations_are_not_listed(clients: Clients) -> None:
    """The team is that of the active organization, and so are the hours of each."""
    template = await clients.practitioner.make("templates", **MORNING)
    await clients.away.make("templates", dayOfWeek="tue", **MORNING)
    here = await ask(clients.colleague, to=TUESDAY)
    there = await ask(clients.stranger, to=TUESDAY)
    hours = [piece(*MORNING.values(), template)]
    assert [day["intervals"] for day in of(here, clients.practitioner)["days"]] == [hours, []]
    assert {item["userId"] for item in there["items"]} == {
        str(clients.away.user_id),
        str(clients.stranger.user_id),
    }
    assert [len(day["intervals"]) for day in of(there, clients.away)["days"]] == [0, 1]


async def test_pages_are_in_the_order_of_names(clients: Clients) -> None:
    """Each practitioner is on one page; of two with the same name, the id decides."""
    clients = await make_clients(clients.backend)
    organization_id = clients.owner.organization_id
    names = ["Ann", "Bob", "Bob", "Zoë"]
    ids: dict[UUID, str] = {}
    for name in names:
        person = await clients.backend.make_person(signed_in=0)
        ids[person.id] = name
        async with clients.backend.session() as session:
            new = NewMember(organization_id=organization_id, user_id=person.id, role=Role.MEMBER)
            await members.add_member(session, new)
            (await session.get_one(User, person.id)).name = name
    listed: list[Any] = []
    query: dict[str, Any] = {"limit": 3}
    while True:
        page = await ask(clients.owner, **query)
        listed += page["items"]
        if page["next"] is None:
            break
        assert len(page["items"]) == 3
        query["cursor"] = page["next"]
    found = [(UUID(item["userId"]), item["name"]) for item in listed]
    assert len(found) == len({user_id for user_id, _ in found}) == 8
    added = [each for each in found if each[0] in ids]
    assert added == sorted(ids.items(), key=lambda each: (each[1], each[0]))


async def test_today_is_the_default(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without dates it is one day; with one of them, the day of that."""
    monkeypatch.setattr(clock, "today", lambda: FIRST)
    today = (await clients.owner.get("team")).json()
    later = await ask(clients.owner, **{"from": TUESDAY})
    assert {day["date"] for item in today["items"] for day in item["days"]} == {MONDAY}
    assert {day["date"] for item in later["items"] for day in item["days"]} == {TUESDAY}


@ON_SQLITE
@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (MONDAY, "2031-02-05", 31),
        (MONDAY, "2031-02-06", None),
        (MONDAY, "2031-01-05", None),
        ("9999-12-31", "9999-12-31", 1),
    ],
)
async def test_a_call_is_for_a_month_at_most(
    clients: Clients, first: str, last: str, days: int | None
) -> None:
    """Both ends are included; an error says what to correct."""
    response = await clients.owner.get("team", **{"from": first, "to": last})
    if days:
        assert {len(item["days"]) for item in response.json()["items"]} == {days}
        return
    assert response.status_code == 400
    assert response.json()["detail"] == (
        "Please correct `to`: it must be on or after `from`, at most 31 days in all."
    )


async def test_a_large_team_takes_as_many_queries_as_a_small_one(clients: Clients) -> None:
    """A longer page, more days and more slots cost no more statements."""
    counts = []
    for query in ({"limit": 1}, {"limit": 200, "to": "2031-02-05"}):
        with clients.backend.counting_statements() as sent:
            page = await ask(clients.owner, **query)
        counts.append((len(page["items"]), len(sent)))
        for staff in (clients.owner, clients.practitioner, clients.colleague):
            if len(counts) == 1:
                await staff.make("templates", **MORNING)
                await staff.make("exceptions", **MORNING)
    (few, statements), (many, more_statements) = counts
    assert few < many
    assert statements == more_statements
