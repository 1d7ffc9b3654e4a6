"""The test clock: what follows it, who sees it, and what turns it off."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from app.settings import Environment
from conftest import NewDatabase, Shared, make_app, open_app, open_client, seed
from restores.raw_rows import dump, raw_connection

CLOCK = "/api/db/clock"
FEW: dict[str, Any] = {"users": 2, "organizations": 1, "patients": 1, "appointmentWeeks": 0}
MOMENT = "2031-02-03T23:30:00.000Z"
PATIENT = {"firstName": "Ann", "lastName": "Lee", "dateOfBirth": "1990-01-01"}


@pytest.fixture
async def client(shared: Shared) -> httpx.AsyncClient:
    """Return the client of a database with a new set, without a clock."""
    (await shared.client.delete(CLOCK)).raise_for_status()
    await seed(shared.client, **FEW)
    return shared.client


async def sign_in(client: httpx.AsyncClient) -> dict[str, str]:
    [session, *_] = (await client.post("/api/db/sessions")).raise_for_status().json()
    return {"Authorization": f"Bearer {session['token']}"}


async def freeze(client: httpx.AsyncClient, now: str = MOMENT, *, is_frozen: bool = True) -> Any:
    response = await client.put(CLOCK, json={"now": now, "isFrozen": is_frozen})
    assert response.status_code == 200, response.text
    return response.json()


async def state(client: httpx.AsyncClient) -> Any:
    response = await client.get(CLOCK)
    assert response.status_code == 200
    return response.json()


async def test_the_time_is_the_machines_until_a_clock_is_set(client: httpx.AsyncClient) -> None:
    """After DELETE it is again, also if no clock was set."""
    for _ in range(2):
        found = await state(client)
        assert (found["isFrozen"], found["offsetSeconds"]) == (False, 0)
        assert abs(datetime.fromisoformat(found["now"]) - datetime.now(UTC)) < timedelta(minutes=5)
        await freeze(client)
        for _ in range(2):
            assert (await client.delete(CLOCK)).status_code == 204


async def test_a_frozen_clock_stands_still(client: httpx.AsyncClient) -> None:
    assert (await freeze(client))["now"] == MOMENT
    for _ in range(2):
        found = await state(client)
        assert (found["now"], found["isFrozen"]) == (MOMENT, True)
        assert found["offsetSeconds"] > 0


async def test_a_running_clock_keeps_its_distance(client: httpx.AsyncClient) -> None:
    first = await freeze(client, "2001-01-01T10:00:00+11:00", is_frozen=False)
    assert first["now"].startswith("2000-12-31T23:00:")
    later = await state(client)
    assert first["now"] < later["now"] < "2001-01-01T10:00"
    assert later["isFrozen"] is False
    assert later["offsetSeconds"] == pytest.approx(first["offsetSeconds"], abs=1)


async def test_rows_today_and_sessions_follow_it(client: httpx.AsyncClient) -> None:
    """Timestamps of rows, the default day, and the end of sessions."""
    await freeze(client)
    headers = await sign_in(client)
    patient = await client.post("/api/patients", json=PATIENT, headers=headers)
    assert patient.json()["createdAt"] == MOMENT
    days = await client.get("/api/availability/effective", headers=headers)
    assert "2031-02-03" in days.text
    current = (await client.get("/api/auth/get-session", headers=headers)).json()["session"]
    assert current["createdAt"] == MOMENT
    await freeze(client, current["expiresAt"])
    assert (await client.get("/api/patients", headers=headers)).status_code == 401
    await freeze(client)
    assert (await client.get("/api/patients", headers=headers)).status_code == 200


async def test_invitations_expire_by_it(client: httpx.AsyncClient) -> None:
    await freeze(client)
    headers = await sign_in(client)
    organization = "/api/auth/organization"
    guest = {"name": "Ada", "email": "ada@example.com", "password": "a long passphrase"}
    token = (await client.post("/api/auth/sign-up/email", json=guest)).json()["token"]
    client.cookies.clear()
    invited = await client.post(
        f"{organization}/invite-member",
        json={"email": guest["email"], "role": "member"},
        headers=headers,
    )
    for now, status in (("2031-02-05T23:30:01Z", 400), ("2031-02-05T23:29:59Z", 200)):
        await freeze(client, now)
        accepted = await client.post(
            f"{organization}/accept-invitation",
            json={"invitationId": invited.json()["id"]},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert accepted.status_code == status, accepted.text


async def test_a_data_set_is_of_its_day(client: httpx.AsyncClient) -> None:
    """`asOf` defaults to it, and the seed turns it off."""
    await freeze(client)
    summary = await seed(client, **FEW)
    assert summary["asOf"] == "2031-02-03"
    assert (await client.get("/api/db/seed")).json()["seededAt"] == MOMENT
    assert (await state(client))["offsetSeconds"] == 0
    await freeze(client)
    assert (await seed(client, "?reset=drop", **FEW))["asOf"] == "2031-02-03"
    assert (await state(client))["offsetSeconds"] == 0


async def test_a_restore_sets_it_as_it_was(client: httpx.AsyncClient, shared: Shared) -> None:
    assert (await client.put("/api/db/snapshots/off")).status_code == 201
    await freeze(client)
    assert (await client.put("/api/db/snapshots/frozen")).status_code == 201
    before = dump(shared.database_url)
    await freeze(client, "1999-12-31T00:00:00Z", is_frozen=False)
    assert (await client.post("/api/db/snapshots/frozen/restore")).status_code == 200
    assert dump(shared.database_url) == before
    assert (await state(client))["now"] == MOMENT
    assert (await client.delete(CLOCK)).status_code == 204
    assert (await client.post("/api/db/snapshots/frozen/restore")).status_code == 200
    assert (await state(client))["now"] == MOMENT
    assert (await client.post("/api/db/snapshots/off/restore")).status_code == 200
    assert (await state(client))["offsetSeconds"] == 0


async def test_every_process_has_the_same_time(client: httpx.AsyncClient, shared: Shared) -> None:
    other = make_app(shared.database_url)
    async with open_client(other) as second:
        await freeze(client)
        assert (await state(second))["now"] == MOMENT
        assert (await second.delete(CLOCK)).status_code == 204
        assert (await state(client))["offsetSeconds"] == 0


@pytest.mark.parametrize("is_set", [False, True])
async def test_a_page_reads_it_once(
    client: httpx.AsyncClient, shared: Shared, is_set: bool
) -> None:
    """The calls of the API that a page makes have the time of the page, also without a clock."""
    if is_set:
        await freeze(client)
    reads: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "test_clock.instant" in statement:
            reads.append(statement)

    engine = shared.app.state.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert (await client.get("/")).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(reads) == 1


async def test_production_ignores_it(new_database: NewDatabase) -> None:
    """The routes are refused, and a clock that is still in the database sets no time."""
    url = new_database()
    async with open_app(url) as client:
        await seed(client, **FEW)
        await freeze(client)
    async with open_app(url, Environment.PRODUCTION) as production:
        for method in ("GET", "PUT", "DELETE"):
            assert (await production.request(method, CLOCK)).status_code == 403
        with raw_connection(url) as raw:
            raw.execute("CREATE TABLE test_clock (id int, instant text, set_at text)")
        user = {"name": "Ada", "email": "ada@example.com", "password": "a long passphrase"}
        created = await production.post("/api/auth/sign-up/email", json=user)
        assert created.json()["user"]["createdAt"] < MOMENT


async def test_wrong_instants_are_refused(client: httpx.AsyncClient, shared: Shared) -> None:
    before = dump(shared.database_url)
    for now in ("2026-11-23", "2026-11-23T09:00:00", "now", "1969-12-31T23:59:59Z", "", None, 0):
        response = await client.put(CLOCK, json={"now": now})
        assert response.status_code == 400, now
    of_utc = ("1970-01-01T00:00:00+14:00", "2199-12-31T23:59:59-10:00")
    for instant in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", *of_utc):
        response = await client.put(CLOCK, json={"now": instant})
        assert response.status_code == 400, instant
        assert "from 1970 to 2199" in response.json()["detail"]
    assert dump(shared.database_url) == before


async def test_a_database_without_the_table_has_the_machines_time(
    client: httpx.AsyncClient, shared: Shared
) -> None:
    """Such as one that an earlier version seeded; setting the clock creates the table."""
    with raw_connection(shared.database_url) as raw:
        raw.execute("DROP TABLE test_clock")
    assert (await state(client))["offsetSeconds"] == 0
    assert (await client.delete(CLOCK)).status_code == 204
    assert (await freeze(client))["now"] == MOMENT
    assert (await state(client))["now"] == MOMENT


@pytest.mark.parametrize("path", ["/api/db/seed", "/api/db/clinics"])
async def test_a_clock_beyond_the_dates_of_data_sets(client: httpx.AsyncClient, path: str) -> None:
    """The default of `asOf` is refused, with and without a body; another date is not."""
    await freeze(client, "2150-01-01T00:00:00Z")
    bodies: tuple[dict[str, Any] | None, ...] = (None, {})
    for body in bodies:
        response = await client.post(path, json=body)
        assert response.status_code == 400, response.text
        assert "`asOf` (2150-01-01) must be a date from 2000-01-01" in response.json()["detail"]
    response = await client.post(path, json={"asOf": "2026-01-01"})
    assert response.status_code == 201, response.text
