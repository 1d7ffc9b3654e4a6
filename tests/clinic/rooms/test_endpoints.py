"""Rooms over HTTP: created, replaced, deleted and restored; no two have one name."""

import pytest

from clinic.client import StaffClient
from journeys.commands import shared_on_sqlite

POOL = {
    "name": "Pool",
    "capacity": 3,
    "wheelchairAccessible": True,
    "equipment": ["Hoist", "Noodles"],
    "notes": "Bring a towel.",
}


async def test_a_room_is_created_replaced_deleted_and_restored(staff: StaffClient) -> None:
    """Each response is what is read next; a version that was read before is stale."""
    created = await staff.call("POST", "rooms", json=POOL)
    assert created.status_code == 201
    assert POOL.items() <= created.json().items()
    path, stale = f"rooms/{created.json()['id']}", created.headers["ETag"]
    assert await staff.read(path) == created.json()

    replaced = await staff.call("PUT", path, json={"name": "Pool"}, if_match=stale)
    assert replaced.json() == created.json() | {
        "capacity": 1,
        "wheelchairAccessible": False,
        "equipment": [],
        "notes": None,
        "updatedAt": replaced.json()["updatedAt"],
    }
    for method, body in (("PUT", POOL), ("DELETE", None)):
        refused = await staff.call(method, path, json=body, if_match=stale)
        assert refused.status_code == 412

    deleted = await staff.call("DELETE", path, if_match=replaced.headers["ETag"])
    assert deleted.status_code == 204
    assert (await staff.call("GET", path)).status_code == 404
    assert (await staff.read("rooms"))["items"] == []
    hidden = await staff.read(path, deleted=True)
    assert (await staff.read("rooms", deleted=True))["items"] == [hidden]

    restored = await staff.call("POST", f"{path}/restore", if_match=deleted.headers["ETag"])
    assert restored.status_code == 200
    assert (
        await staff.read(path)
        == restored.json()
        == hidden
        | {
            "deletedAt": None,
            "updatedAt": restored.json()["updatedAt"],
        }
    )


@shared_on_sqlite
async def test_rooms_are_listed_by_name(staff: StaffClient) -> None:
    """Deleted ones of the same name by id."""
    for name in ("Pool", "Gym", "Studio"):
        await staff.create_row("rooms", name=name)
    pages = await staff.all_pages("rooms", limit=2)
    assert [[room["name"] for room in page] for page in pages] == [["Gym", "Pool"], ["Studio"]]
    for _ in range(3):
        await staff.call("DELETE", f"rooms/{(await staff.create_row('rooms', name='Attic'))['id']}")
    pages = await staff.all_pages("rooms", limit=2, deleted=True)
    ids = [room["id"] for page in pages for room in page]
    assert len(ids) == 3
    assert ids == sorted(ids)


@shared_on_sqlite
async def test_no_two_rooms_have_one_name(staff: StaffClient) -> None:
    """Unless one of them is deleted, which cannot be restored then; other clinics do not count."""
    pool, former = [await staff.create_row("rooms", name=name) for name in ("Pool", "Gym")]
    await staff.call("DELETE", f"rooms/{former['id']}")
    gym = await staff.create_row("rooms", name="Gym")
    for method, path, body in (
        ("POST", "rooms", POOL),
        ("PUT", f"rooms/{gym['id']}", POOL),
        ("POST", f"rooms/{former['id']}/restore", None),
    ):
        refused = await staff.call(method, path, json=body)
        assert refused.status_code == 409, refused.text
        assert [error["field"] for error in refused.json()["errors"]] == ["name"]
        assert "another room with the name" in refused.json()["detail"]
    assert (await staff.read("rooms"))["items"] == [gym, pool]
    assert (await staff.call("PUT", f"rooms/{pool['id']}", json=POOL)).status_code == 200
    await staff.call("DELETE", f"rooms/{gym['id']}")
    assert (await staff.call("POST", f"rooms/{former['id']}/restore")).status_code == 200


@shared_on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"capacity": 0}, {"capacity": 11}, {"equipment": ["x"] * 101}, {"size": 1}],
    ids=str,
)
async def test_invalid_rooms_are_refused(staff: StaffClient, wrong: dict[str, object]) -> None:
    """Nothing is stored."""
    assert (await staff.call("POST", "rooms", json=POOL | wrong)).status_code == 400
    assert (await staff.read("rooms"))["items"] == []
