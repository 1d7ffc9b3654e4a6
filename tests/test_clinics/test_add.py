"""`POST /api/db/clinics`: a complete clinic with people who are signed in."""

import asyncio
from typing import Any

import pytest

from app.seed.scenarios.catalogue import SCENARIOS
from conftest import Shared, seed
from restores.raw_rows import Dump, dump, raw_connection
from test_clinics.calls import CLINICS, add, bearer, get, remove

DAY = "2026-01-01"


@pytest.fixture(scope="module")
async def seeded(shared: Shared) -> Any:
    return await seed(shared.client, asOf=DAY)


def is_part_of(part: Dump, whole: Dump) -> bool:
    return all(part[table].items() <= whole[table].items() for table in part)


async def test_the_response_has_what_the_api_has(shared: Shared, seeded: Any) -> None:
    """Everyone is signed in, and each id and each owner is that of the database."""
    client = shared.client
    clinic = await add(client, asOf=DAY, name="Worker 3")
    owner = clinic["users"][0]
    assert [user["role"] for user in clinic["users"]] == ["owner", "admin", "member"]
    assert {user["organizationId"] for user in clinic["users"]} == {clinic["organization"]["id"]}
    assert clinic["organization"]["name"] == owner["organization"] == "Worker 3"
    for user in clinic["users"]:
        cookie = {"Cookie": f"{user['cookie']['name']}={user['cookie']['value']}"}
        for headers in (bearer(user), cookie):
            found = await client.get("/api/auth/get-session", headers=headers)
            assert found.json()["user"]["id"] == user["userId"]
        login = {"email": user["email"], "password": clinic["password"]}
        signed_in = await client.post("/api/auth/sign-in/email", json=login)
        assert signed_in.status_code == 200
        client.cookies.clear()
        assert user["storageState"]["cookies"][0]["value"] == user["token"]
    patients = (await get(client, owner, "/api/patients?limit=200"))["items"]
    assert {row["id"]: f"{row['firstName']} {row['lastName']}" for row in patients} == {
        patient["id"]: patient["name"] for patient in clinic["patients"]
    }
    assert len(patients) == 6
    for key, path, owned_by, count in (
        ("treatmentPlans", "treatment-plans", "patientId", 18),
        ("appointments", "appointments", "therapistId", None),
        ("weeklyTemplates", "availability/templates", "userId", None),
        ("availabilityExceptions", "availability/exceptions", "userId", None),
    ):
        rows = (await get(client, owner, f"/api/{path}?limit=200"))["items"]
        listed = {each["id"]: (of, each) for of, group in clinic[key].items() for each in group}
        assert listed.keys() == {row["id"] for row in rows}, key
        assert len(rows) == (count or len(rows)) > 0
        for row in rows:
            of, part = listed[row["id"]]
            assert row[owned_by] == of
            assert part.items() <= row.items()
    rooms = (await get(client, owner, "/api/rooms"))["items"]
    types = (await get(client, owner, "/api/appointment-types"))["items"]
    assert {row["id"] for row in rooms} == {room["id"] for room in clinic["rooms"]}
    assert {row["code"] for row in types} == {row["code"] for row in clinic["appointmentTypes"]}
    assert (clinic["requests"], clinic["otherClinics"], clinic["invitations"]) == ([], [], [])


async def test_a_patient_is_found_by_search(shared: Shared, seeded: Any) -> None:
    clinic = await add(shared.client)
    patient = clinic["patients"][0]
    path = f"/api/patients?search={patient['name'].split()[-1]}"
    found = (await get(shared.client, clinic["users"][0], path))["items"]
    assert patient["id"] in {row["id"] for row in found}


async def test_no_other_row_changes(shared: Shared, seeded: Any) -> None:
    before = dump(shared.database_url)
    await add(shared.client)
    assert is_part_of(before, dump(shared.database_url))


async def test_equal_random_seeds_have_equal_content(shared: Shared, seeded: Any) -> None:
    """Names, titles and dates are equal; ids and email addresses are not."""

    def content(clinic: Any) -> Any:
        plans = [plan["title"] for group in clinic["treatmentPlans"].values() for plan in group]
        dates = [each["date"] for group in clinic["appointments"].values() for each in group]
        names = [user["name"] for user in clinic["users"]]
        return names, [patient["name"] for patient in clinic["patients"]], plans, dates

    wanted = {"randomSeed": 7, "asOf": DAY, "practitioners": 2, "patients": 3}
    one, other = [await add(shared.client, **wanted) for _ in range(2)]
    assert content(one) == content(other)
    assert content(one) != content(await add(shared.client, **wanted | {"randomSeed": 8}))
    assert len(one["users"]) == 2
    assert len(one["patients"]) == 3
    for key in ("email", "userId", "token"):
        assert len({user[key] for user in (*one["users"], *other["users"])}) == 4
    assert one["organization"]["slug"] != other["organization"]["slug"]


async def test_smallest_and_large_clinics(shared: Shared, seeded: Any) -> None:
    alone = await add(shared.client, practitioners=1, patients=0)
    assert [user["role"] for user in alone["users"]] == ["owner"]
    assert (alone["patients"], alone["treatmentPlans"], alone["appointments"]) == ([], {}, {})
    large = await add(shared.client, practitioners=100, patients=200)
    assert (len(large["users"]), len(large["patients"])) == (100, 200)


async def test_every_scenario(shared: Shared, seeded: Any) -> None:
    """All of its clinics are in the response and removed one by one, with nothing left over."""
    before = dump(shared.database_url)
    for name in SCENARIOS:
        added = await add(shared.client, scenario=name, asOf=DAY)
        clinics = [added, *added["otherClinics"]]
        for clinic in clinics:
            for user in clinic["users"]:
                profile = await get(shared.client, user, "/api/auth/get-session")
                assert profile["user"]["id"] == user["userId"], name
        for clinic in clinics:
            await remove(shared.client, clinic)
    assert dump(shared.database_url) == before


UNUSABLE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"scenario": "none"}, '`scenario` ("none") must be one of default'),
    ({"scenario": "empty", "patients": 3}, "`patients` (3) must be left out"),
    ({"practitioners": 0}, "practitioners"),
    ({"practitioners": 101}, "practitioners"),
    ({"patients": 1001}, "patients"),
    ({"patients": "6"}, "patients"),
    ({"asOf": "1999-12-31"}, "`asOf` (1999-12-31) must be a date from"),
    ({"name": ""}, "name"),
    ({"name": "a\0"}, "NUL"),
    ({"unknown": 1}, "unknown"),
)


async def test_an_unusable_body_adds_nothing(shared: Shared, seeded: Any) -> None:
    before = dump(shared.database_url)
    for body, reason in UNUSABLE:
        response = await shared.client.post(CLINICS, json=body)
        assert response.status_code == 400, body
        assert reason in response.json()["detail"]
        assert "Nothing was changed." in response.json()["detail"]
    assert dump(shared.database_url) == before


async def test_tokens_appear_nowhere_else(
    shared: Shared, seeded: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in the log, an error, the changes, the last seed or the database."""
    clinic = await add(shared.client)
    removed = f"{CLINICS}/{clinic['users'][0]['userId']}"
    pages = [
        (await shared.client.get("/api/db/snapshots/seeded/changes?limit=200")).text,
        (await shared.client.get("/api/db/seed")).text,
        (await shared.client.get("/api/db")).text,
        (await shared.client.delete(removed, headers=bearer(clinic["users"][0]))).text,
    ]
    with raw_connection(shared.database_url) as raw:
        pages.append(str(raw.execute("SELECT * FROM sessions").fetchall()))
    text = "".join((*pages, *capfd.readouterr()))
    assert clinic["users"][0]["userId"] in text
    assert not [user["email"] for user in clinic["users"] if user["token"] in text]


async def test_many_at_once(shared: Shared, seeded: Any) -> None:
    clinics = await asyncio.gather(*(add(shared.client) for _ in range(8)))
    ids = {clinic["organization"]["id"] for clinic in clinics}
    assert len(ids) == 8
