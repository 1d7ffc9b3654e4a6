"""`DELETE /api/db/clinics/{id}`: the clinic and its people, and nothing else."""

from typing import Any
from uuid import uuid4

import pytest

from conftest import Shared, seed
from restores.raw_rows import dump, raw_connection
from test_clinics.calls import CLINICS, add, bearer, remove


@pytest.fixture(scope="module")
async def seeded(shared: Shared) -> Any:
    return await seed(shared.client, asOf="2026-01-01")


async def post(shared: Shared, user: Any, path: str, body: Any) -> Any:
    response = await shared.client.post(path, json=body, headers=bearer(user))
    assert response.status_code == 200, response.text
    return response.json()


async def invite(shared: Shared, clinic: Any, email: str) -> Any:
    body = {"email": email, "role": "member"}
    return await post(shared, clinic["users"][0], "/api/auth/organization/invite-member", body)


async def join(shared: Shared, clinic: Any, user: Any) -> None:
    invitation = await invite(shared, clinic, user["email"])
    path = "/api/auth/organization/accept-invitation"
    await post(shared, user, path, {"invitationId": invitation["id"]})


def ids_in(database_url: str, table: str) -> set[str]:
    with raw_connection(database_url) as raw:
        found = raw.execute(f"SELECT id FROM {table}").fetchall()
    return {str(id_).replace("-", "") for (id_,) in found}


async def test_everything_is_as_before(shared: Shared, seeded: Any) -> None:
    """With the sessions, rows and invitations that came after the clinic."""
    before = dump(shared.database_url)
    clinic = await add(shared.client, name="Gone soon")
    await invite(shared, clinic, "somebody@example.com")
    login = {"email": clinic["users"][1]["email"], "password": clinic["password"]}
    assert (await shared.client.post("/api/auth/sign-in/email", json=login)).status_code == 200
    shared.client.cookies.clear()
    patient = {"firstName": "Ada", "lastName": "Example", "dateOfBirth": "1990-01-01"}
    created = await shared.client.post(
        "/api/patients", json=patient, headers=bearer(clinic["users"][0])
    )
    assert created.status_code == 201
    assert dump(shared.database_url) != before
    await remove(shared.client, clinic)
    assert dump(shared.database_url) == before
    for user in clinic["users"]:
        response = await shared.client.get("/api/patients", headers=bearer(user))
        assert response.status_code == 401


@pytest.mark.parametrize("scenario", ["look-alikes", "shared-practitioner"])
@pytest.mark.parametrize("order", [1, -1])
async def test_two_clinics_of_one_scenario(
    shared: Shared, seeded: Any, scenario: str, order: int
) -> None:
    """The people of both stay until the second is removed."""
    before = dump(shared.database_url)
    first = await add(shared.client, scenario=scenario)
    gone, stays = [first, *first["otherClinics"]][::order]
    await remove(shared.client, gone)
    for user in stays["users"]:
        of_clinic = {"organizationId": stays["organization"]["id"]}
        response = await shared.client.post(
            "/api/auth/organization/set-active", json=of_clinic, headers=bearer(user)
        )
        assert response.status_code == 200, response.text
        patients = await shared.client.get("/api/patients", headers=bearer(user))
        listed = {patient["id"] for patient in patients.json()["items"]}
        assert listed == {patient["id"] for patient in stays["patients"]}
    await remove(shared.client, stays)
    assert dump(shared.database_url) == before


async def test_people_of_another_clinic_stay(shared: Shared, seeded: Any) -> None:
    """Members of both, and those who have left either."""
    gone, stays = await add(shared.client), await add(shared.client)
    _, both, left_gone = gone["users"]
    _, visitor, left_stays = stays["users"]
    for clinic, people in ((stays, (both, left_gone)), (gone, (visitor, left_stays))):
        for user in people:
            await join(shared, clinic, user)
    for user, clinic in ((left_gone, gone), (left_stays, stays)):
        body = {"organizationId": clinic["organization"]["id"]}
        await post(shared, user, "/api/auth/organization/leave", body)
    await remove(shared.client, gone)
    users = ids_in(shared.database_url, "users")
    for user in (both, left_gone, visitor, left_stays):
        assert user["userId"].replace("-", "") in users
        found = await shared.client.get("/api/auth/get-session", headers=bearer(user))
        assert found.json()["user"]["id"] == user["userId"]
        active = found.json()["session"]["activeOrganizationId"]
        assert active != gone["organization"]["id"]
    assert gone["users"][0]["userId"].replace("-", "") not in users
    await remove(shared.client, stays)
    users = ids_in(shared.database_url, "users")
    for user in (*gone["users"], *stays["users"]):
        assert (user["userId"].replace("-", "") in users) is False


async def test_an_unknown_clinic_is_not_found(shared: Shared, seeded: Any) -> None:
    """A second time, an id that nothing has, the id of a user, and no id at all."""
    clinic = await add(shared.client)
    await remove(shared.client, clinic)
    before = dump(shared.database_url)
    for wrong in (clinic["organization"]["id"], uuid4(), seeded["signIn"]["users"][0]["userId"]):
        response = await shared.client.delete(f"{CLINICS}/{wrong}")
        assert response.status_code == 404
        assert str(wrong) in response.json()["detail"]
        assert "Nothing was removed." in response.json()["detail"]
    assert (await shared.client.delete(f"{CLINICS}/none")).status_code == 404
    assert dump(shared.database_url) == before


async def test_a_clinic_of_the_data_set(shared: Shared, seeded: Any) -> None:
    owner = seeded["signIn"]["users"][0]
    response = await shared.client.delete(f"{CLINICS}/{owner['organizationId']}")
    assert response.status_code == 204
    assert owner["userId"].replace("-", "") not in ids_in(shared.database_url, "users")
    restored = await shared.client.post("/api/db/snapshots/seeded/restore")
    assert restored.status_code == 200
    assert owner["userId"].replace("-", "") in ids_in(shared.database_url, "users")


@pytest.mark.parametrize("action", ["NO ACTION", "RESTRICT", "CASCADE"])
@pytest.mark.parametrize("owner", ["organizations", "users"])
async def test_rows_of_another_program(
    shared: Shared, seeded: Any, action: str, owner: str
) -> None:
    """Their foreign key decides, and a refusal names their table."""
    clinic = await add(shared.client)
    rows = {"organizations": clinic["organization"]["id"], "users": clinic["users"][1]["userId"]}
    is_sqlite = shared.database_url.startswith("sqlite")
    key = rows[owner].replace("-", "") if is_sqlite else rows[owner]
    kind = "CHAR(32)" if is_sqlite else "UUID"
    with raw_connection(shared.database_url) as raw:
        raw.execute(f"CREATE TABLE invoices (owner {kind} REFERENCES {owner} ON DELETE {action})")
        raw.execute(f"INSERT INTO invoices VALUES ('{key}')")
    try:
        before = dump(shared.database_url)
        response = await shared.client.delete(f"{CLINICS}/{rows['organizations']}")
        if action == "CASCADE":
            assert response.status_code == 204
        else:
            assert response.status_code == 409
            assert response.json()["detail"].startswith("Rows of invoices refer to the clinic ")
            assert dump(shared.database_url) == before
    finally:
        with raw_connection(shared.database_url) as raw:
            raw.execute("DROP TABLE invoices")
