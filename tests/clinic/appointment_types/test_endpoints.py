"""Appointment types over HTTP: created and replaced, but never deleted."""

import pytest

from clinic.client import StaffClient
from journeys.commands import shared_on_sqlite

TYPE = {"code": "FOLLOW_UP", "title": "Follow-up", "durationMinutes": 30}


async def test_a_type_is_created_and_replaced(staff: StaffClient) -> None:
    """Each response is what is read next; a version that was read before is stale."""
    created = await staff.call("POST", "appointment-types", json=TYPE)
    assert created.status_code == 201
    assert created.json().items() >= (TYPE | {"isActive": True}).items()
    path, stale = f"appointment-types/{created.json()['id']}", created.headers["ETag"]
    assert await staff.read(path) == created.json()
    change = TYPE | {"title": "Control", "isActive": False}
    replaced = await staff.call("PUT", path, json=change, if_match=stale)
    assert replaced.json() == created.json() | change | {"updatedAt": replaced.json()["updatedAt"]}
    assert await staff.read(path) == replaced.json()
    assert (await staff.call("PUT", path, json=TYPE, if_match=stale)).status_code == 412
    assert (await staff.call("DELETE", path)).status_code == 405


@shared_on_sqlite
async def test_types_are_listed_by_code_and_activity(staff: StaffClient) -> None:
    """Inactive types stay in the list."""
    for code in ("VISIT", "CLASS", "FOLLOW_UP"):
        await staff.create_row("appointment-types", **TYPE | {"code": code})
    await staff.create_row("appointment-types", **TYPE | {"code": "OLD", "isActive": False})

    async def codes(**query: object) -> list[list[str]]:
        pages = await staff.all_pages("appointment-types", limit=2, **query)
        return [[each["code"] for each in page] for page in pages]

    assert await codes() == [["CLASS", "FOLLOW_UP"], ["OLD", "VISIT"]]
    assert await codes(isActive=True) == [["CLASS", "FOLLOW_UP"], ["VISIT"]]
    assert await codes(isActive=False) == [["OLD"]]


@shared_on_sqlite
async def test_no_two_types_have_one_code(staff: StaffClient) -> None:
    """The refusal names the field."""
    await staff.create_row("appointment-types", **TYPE)
    other = await staff.create_row("appointment-types", **TYPE | {"code": "VISIT"})
    path = f"appointment-types/{other['id']}"
    for method, where in (("POST", "appointment-types"), ("PUT", path)):
        refused = await staff.call(method, where, json=TYPE)
        assert refused.status_code == 409
        assert [error["field"] for error in refused.json()["errors"]] == ["code"]
    assert await staff.read(path) == other


@shared_on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "follow_up"},
        {"code": "FOLLOW-UP"},
        {"code": "FOLLOW__UP"},
        {"code": "FOLLOW_UP\n"},
        {"code": "A" * 65},
        {"durationMinutes": 10},
        {"durationMinutes": 31},
        {"durationMinutes": 185},
        {"title": ""},
    ],
    ids=str,
)
async def test_invalid_types_are_refused(staff: StaffClient, wrong: dict[str, object]) -> None:
    """Nothing is stored."""
    assert (await staff.call("POST", "appointment-types", json=TYPE | wrong)).status_code == 400
    assert (await staff.read("appointment-types"))["items"] == []
