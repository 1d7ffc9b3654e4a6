"""Weekly templates and exceptions over HTTP: who may change them, which version, and lists."""

import json
from base64 import urlsafe_b64encode
from typing import Any
from uuid import uuid4

import pytest

from app.database.pagination import DEFAULT_LIMIT
from app.names import MAX_LIMIT
from clinic.availability.clients import DATE, HOURS, KINDS, ON_SQLITE, Clients

MORNING = {"startTime": "09:00:00", "endTime": "12:00:00"}
EVENING = {"startTime": "18:00:00", "endTime": "20:00:00"}
WHOSE = ["practitioner", "colleague", "admin", "owner"]


def per_kind(kind: str, templates: Any, exceptions: Any) -> Any:
    return {"templates": templates, "exceptions": exceptions}[kind]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_slot_is_created_read_replaced_and_deleted(clients: Clients, kind: str) -> None:
    """Each response has the current row and its ETag."""
    staff = clients.practitioner
    common = per_kind(kind, HOURS, DATE)
    made = await staff.post(kind, **MORNING)
    assert made.status_code == 201
    slot = made.json()
    assert slot.items() >= (common | MORNING).items()
    assert slot["userId"] == str(staff.user_id)
    assert slot["organizationId"] == str(staff.organization_id)
    read = await staff.get(f"{kind}/{slot['id']}")
    assert (read.status_code, read.json(), read.headers["ETag"]) == (
        200,
        slot,
        made.headers["ETag"],
    )
    other = per_kind(kind, {"location": "home", "maxSessions": 4}, {"notes": "At the beach."})
    replaced = await staff.put(kind, slot["id"], **EVENING, **other)
    assert replaced.status_code == 200
    assert replaced.json().items() >= (common | EVENING | other).items()
    assert replaced.json()["id"] == slot["id"]
    assert replaced.headers["ETag"] != made.headers["ETag"]
    assert (await staff.get(f"{kind}/{slot['id']}")).json() == replaced.json()
    gone = await staff.delete(kind, slot["id"])
    assert (gone.status_code, gone.content) == (204, b"")
    for response in (
        await staff.get(f"{kind}/{slot['id']}"),
        await staff.put(kind, slot["id"], **MORNING),
        await staff.delete(kind, slot["id"]),
    ):
        assert response.status_code == 404
    assert (await staff.get(kind, userId=str(staff.user_id))).json() == {"items": [], "next": None}


@ON_SQLITE
async def test_an_exception_becomes_a_whole_day_and_back(clients: Clients) -> None:
    """What a replacement leaves out is not kept."""
    staff = clients.practitioner
    slot = await staff.make("exceptions", notes="Early.", **MORNING)
    whole = (await staff.put("exceptions", slot["id"], isAvailable=False)).json()
    assert (whole["startTime"], whole["endTime"], whole["notes"]) == (None, None, None)
    again = (await staff.put("exceptions", slot["id"], **EVENING)).json()
    assert again.items() >= EVENING.items()


@ON_SQLITE
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "times",
    [
        {"startTime": "12:00:00", "endTime": "12:00:00"},
        {"startTime": "12:00:00", "endTime": "11:59:59"},
        {"startTime": "12:00:00"},
        {"endTime": "12:00:00"},
        {"startTime": "9:00", "endTime": "12:00:00"},
        {"startTime": "09:00:00Z", "endTime": "12:00:00"},
        {"startTime": "09:00:00", "endTime": "24:00:00"},
        {"startTime": "09:00:00.5", "endTime": "12:00:00"},
    ],
    ids=lambda times: "-".join(times.values()),
)
async def test_times_must_make_sense(clients: Clients, kind: str, times: dict[str, str]) -> None:
    """The start is before the end, and the refusal names what to correct."""
    staff = clients.practitioner
    slot = await staff.make(kind, **MORNING)
    for response in (await staff.post(kind, **times), await staff.put(kind, slot["id"], **times)):
        assert response.status_code == 400
        detail = response.json()["detail"]
        assert detail.startswith("Nothing was changed. Please correct ")
        assert "Time`" in detail
        assert "regex" not in detail
    assert (await staff.get(f"{kind}/{slot['id']}")).json() == slot
    await staff.delete(kind, slot["id"])


@ON_SQLITE
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", WHOSE)
async def test_practitioners_keep_their_own_and_owners_and_admins_anyones(
    clients: Clients, kind: str, who: str
) -> None:
    """A member who may not change a slot may still read it."""
    staff = getattr(clients, who)
    for whose in WHOSE:
        other = getattr(clients, whose)
        allowed = who == whose or who in {"admin", "owner"}
        made = await staff.post(kind, userId=str(other.user_id), **MORNING)
        assert made.status_code == (201 if allowed else 403), whose
        slot = made.json() if allowed else await other.make(kind, **MORNING)
        assert slot["userId"] == str(other.user_id)
        assert (await staff.get(f"{kind}/{slot['id']}")).json() == slot
        listed = (await staff.get(kind, userId=str(other.user_id))).json()
        assert listed["items"] == [slot]
        replaced = await staff.put(kind, slot["id"], **EVENING)
        gone = await staff.delete(kind, slot["id"])
        assert (replaced.status_code, gone.status_code) == ((200, 204) if allowed else (403, 403))
        if not allowed:
            for refusal in (made, replaced, gone):
                assert refusal.json()["detail"] == (
                    "Nothing was changed. You can only change your own availability. "
                    "Ask an owner or an admin of the clinic."
                )
            assert (await staff.get(f"{kind}/{slot['id']}")).json() == slot
            await other.delete(kind, slot["id"])


@pytest.mark.parametrize("kind", KINDS)
async def test_another_clinic_has_none_of_it(clients: Clients, kind: str) -> None:
    """Neither for its owner nor for the practitioner at work there: as if there were no slot."""
    slot = await clients.practitioner.make(kind, **MORNING)
    for staff in (clients.stranger, clients.away):
        assert (await staff.get(f"{kind}/{slot['id']}")).status_code == 404
        assert (await staff.put(kind, slot["id"], **EVENING)).status_code == 404
        assert (await staff.delete(kind, slot["id"])).status_code == 404
        listed = await staff.get(kind, userId=slot["userId"])
        assert listed.json() == {"items": [], "next": None}
    for staff, other in (
        (clients.stranger, clients.colleague),
        (clients.away, clients.colleague),
        (clients.owner, clients.stranger),
    ):
        nobody = await staff.post(kind, userId=str(other.user_id), **MORNING)
        assert nobody.status_code == 404
        assert "practitioner" in nobody.json()["detail"]
    assert (await clients.practitioner.get(f"{kind}/{slot['id']}")).json() == slot


@pytest.mark.parametrize("kind", KINDS)
async def test_a_change_is_for_the_version_that_it_names(clients: Clients, kind: str) -> None:
    """A stale or a weak one is 412 and changes nothing; without one, or with `*`, any is meant."""
    staff = clients.practitioner
    made = await staff.post(kind, **MORNING)
    slot_id, first = made.json()["id"], made.headers["ETag"]
    second = (await staff.put(kind, slot_id, if_match=first, **EVENING)).headers["ETag"]
    for stale in (first, f"W/{second}", '"x", "y"'):
        replaced = await staff.put(kind, slot_id, if_match=stale, **MORNING)
        gone = await staff.delete(kind, slot_id, if_match=stale)
        for refusal in (replaced, gone):
            assert refusal.status_code == 412, stale
            assert refusal.headers["ETag"] == second
            assert "Read it again" in refusal.json()["detail"]
    unchanged = await staff.get(f"{kind}/{slot_id}")
    assert unchanged.headers["ETag"] == second
    assert unchanged.json().items() >= EVENING.items()
    either = await staff.put(kind, slot_id, if_match=f"{first}, {second}", **MORNING)
    assert either.status_code == 200
    assert (await staff.put(kind, slot_id, if_match="*", **EVENING)).status_code == 200
    last = (await staff.put(kind, slot_id, **MORNING)).headers["ETag"]
    assert (await staff.delete(kind, slot_id, if_match=last)).status_code == 204


@ON_SQLITE
async def test_a_stale_change_says_so_before_anything_else(clients: Clients) -> None:
    """Whether it would conflict as well is nobody's concern."""
    staff = clients.practitioner
    slot = await staff.make("templates", **MORNING)
    await staff.make("templates", **EVENING)
    stale = await staff.put("templates", slot["id"], if_match='"stale"', **EVENING)
    assert stale.status_code == 412


async def make_many(clients: Clients, kind: str) -> list[Any]:
    """Make six slots of two people, two of them alike in all but the person."""
    return [
        await staff.make(
            kind,
            **per_kind(kind, {"dayOfWeek": day}, {"date": date}),
            startTime=start,
            endTime="18:00:00",
        )
        for staff in (clients.practitioner, clients.colleague)
        for day, date, start in (
            ("wed", "2031-03-02", "09:00:00"),
            ("mon", "2031-03-01", "08:00:00"),
            ("tue", "2031-03-03", "10:00:00"),
        )
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limit", [1, 4, 6])
async def test_pages_give_every_slot_once(clients: Clients, kind: str, limit: int) -> None:
    """In an order that stays the same, though a slot on a page before is deleted in between."""
    made = await make_many(clients, kind)
    await clients.away.make(kind, startTime="19:00:00", endTime="20:00:00")
    staff = clients.owner
    whole = (await staff.get(kind)).json()
    assert whole["next"] is None
    assert sorted(row["id"] for row in whole["items"]) == sorted(row["id"] for row in made)
    found: list[Any] = []
    query: dict[str, Any] = {"limit": limit}
    while True:
        page = (await staff.get(kind, **query)).json()
        if not found:
            assert (await staff.delete(kind, page["items"][0]["id"])).status_code == 204
        assert len(page["items"]) == min(limit, len(made) - len(found)) > 0
        found += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert found == whole["items"]


async def test_a_week_is_listed_from_its_beginning(clients: Clients) -> None:
    """One practitioner's after the other's, by weekday and time of day."""
    for day, start in (("sat", "08:00"), ("wed", "14:00"), ("wed", "09:00"), ("mon", "10:00")):
        end = f"{start[:2]}:30:00"
        await clients.practitioner.make(
            "templates", dayOfWeek=day, startTime=f"{start}:00", endTime=end
        )
    found: list[tuple[str, str]] = []
    cursor: dict[str, Any] = {}
    for _ in range(4):
        page = (await clients.colleague.get("templates", limit=1, **cursor)).json()
        found += [(row["dayOfWeek"], row["startTime"]) for row in page["items"]]
        cursor = {"cursor": page["next"]}
    assert cursor == {"cursor": None}
    assert found == [
        ("mon", "10:00:00"),
        ("wed", "09:00:00"),
        ("wed", "14:00:00"),
        ("sat", "08:00:00"),
    ]


async def test_lists_are_of_a_practitioner_and_a_range(clients: Clients) -> None:
    """Both ends of a range are included, either may be left out, and pages keep to it."""
    made = await make_many(clients, "exceptions")
    staff, whose = clients.owner, str(clients.practitioner.user_id)
    cases: list[tuple[dict[str, str], dict[str, int]]] = [
        ({"userId": whose}, {"2031-03-01": 1, "2031-03-02": 1, "2031-03-03": 1}),
        ({"from": "2031-03-02"}, {"2031-03-02": 2, "2031-03-03": 2}),
        ({"to": "2031-03-02"}, {"2031-03-01": 2, "2031-03-02": 2}),
        ({"from": "2031-03-02", "to": "2031-03-02", "userId": whose}, {"2031-03-02": 1}),
        ({"from": "2031-03-03", "to": "2031-03-01"}, {}),
        ({"userId": str(uuid4())}, {}),
    ]
    for query, expected in cases:
        rows = (await staff.get("exceptions", **query)).json()["items"]
        dates = [row["date"] for row in rows]
        assert dates == sorted(dates)
        assert {date: dates.count(date) for date in dates} == expected
    late: Any = {"from": "2031-03-02", "limit": 3}
    page = (await staff.get("exceptions", **late)).json()
    rest = (await staff.get("exceptions", **late, cursor=page["next"])).json()
    ids = {row["id"] for row in (*page["items"], *rest["items"])}
    assert ids == {row["id"] for row in made if row["date"] >= "2031-03-02"}


@ON_SQLITE
@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": MAX_LIMIT + 1},
        {"limit": "many"},
        {"cursor": "x"},
        {"cursor": "é"},
        {"cursor": "W10"},
        {"userId": "nobody"},
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", KINDS)
async def test_what_no_list_takes_is_refused(
    clients: Clients, kind: str, query: dict[str, Any]
) -> None:
    """The refusal names the parameter, and the limit is a documented one."""
    response = await clients.owner.get(kind, **query)
    assert response.status_code == 400
    assert f"`{next(iter(query))}`" in response.json()["detail"]


async def test_a_cursor_of_the_caller_making_harms_nothing(clients: Clients) -> None:
    """Nor does one of another list."""
    nobody = str(uuid4())
    places: list[tuple[Any, str, int]] = [
        (0, "09:00:00", 200),
        (5, "09:00:00.000001", 200),
        (6, "09:00:00", 400),
        (2**63, "09:00:00", 400),
        (-1, "09:00:00", 400),
        ("mon", "09:00:00", 400),
    ]
    for weekday, moment, status in places:
        written = json.dumps(["user_id", [nobody, weekday, moment, nobody]])
        cursor = urlsafe_b64encode(written.encode()).decode()
        assert (await clients.owner.get("templates", cursor=cursor)).status_code == status
        assert (await clients.owner.get("exceptions", cursor=cursor)).status_code == 400
    for moment in ("09:00:00+02:00", "23:59:59Z"):
        written = json.dumps(["user_id", [nobody, 0, moment, nobody]])
        cursor = urlsafe_b64encode(written.encode()).decode()
        response = await clients.owner.get("templates", cursor=cursor)
        assert response.status_code in {200, 400}


@ON_SQLITE
@pytest.mark.parametrize("end", ["from", "to"])
async def test_a_range_is_of_dates(clients: Clients, end: str) -> None:
    """An invalid value is reported by the name of the parameter or field."""
    response = await clients.owner.get("exceptions", **{end: "2031-02-29"})
    assert response.status_code == 400
    assert response.json()["detail"] == (
        f"Nothing was changed. Please correct `{end}`: must be an existing date, as YYYY-MM-DD."
    )


@ON_SQLITE
async def test_the_limit_is_documented(clients: Clients) -> None:
    """And it is the one that holds."""
    document = (await clients.backend.client.get("/schema/openapi.json")).json()
    for kind in KINDS:
        operation = document["paths"][f"/api/availability/{kind}"]["get"]
        [limit] = [each for each in operation["parameters"] if each["name"] == "limit"]
        assert limit["schema"]["maximum"] == MAX_LIMIT
        assert limit["schema"]["default"] == DEFAULT_LIMIT


@pytest.mark.parametrize("kind", KINDS)
async def test_lists_take_the_same_number_of_queries(clients: Clients, kind: str) -> None:
    """However long they are, and as many on the second page."""
    counts = []
    queries: list[dict[str, Any]] = [{}, {}, {"limit": 2}]
    for query in queries:
        with clients.backend.counting_statements() as sent:
            page = (await clients.owner.get(kind, **query)).json()
        counts.append(len(sent))
        if not page["items"]:
            await make_many(clients, kind)
    with clients.backend.counting_statements() as sent:
        await clients.owner.get(kind, limit=2, cursor=page["next"])
    assert {len(sent), *counts} == {counts[0]}
