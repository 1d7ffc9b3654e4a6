"""The examples of the OpenAPI page are about the default data set, and would really come."""

import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import make_url

from app import clock
from app.auth.examples import ADA, SIGN_IN, USER_ID
from app.clinic.appointment_types.examples import TYPE_ID
from app.clinic.appointments.examples import APPOINTMENT, FREE
from app.clinic.availability.examples import EFFECTIVE
from app.clinic.rooms.examples import ROOM_ID
from app.main import create_app
from app.seed.openapi import SEED_ID
from app.settings import Environment, Settings
from app.web.openapi import DOCUMENTATION, response_example
from conftest import NewDatabase, open_app, seed

pytestmark = pytest.mark.slow

# The date of the responses: the dates of a data set depend on when it is made.
AS_OF = "2026-11-25"
# What differs from one call to the next; an id does if no seed made it.
VOLATILE = {"cancelledAt", "createdAt", "expiresAt", "ipAddress", "token", "updatedAt", "userAgent"}
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
AWAITED = {"acceptInvitation", "getInvitation", "listUserInvitations", "rejectInvitation"}
SENT = {"cancelInvitation", "getFullOrganization", "listInvitations"}
# What shows again what another hides.
AFTER = {
    "restorePatient": "deletePatient",
    "restoreRoom": "deleteRoom",
    "restoreTreatmentPlan": "deleteTreatmentPlan",
}
# Operations that appointments of the data set are in the way of.
NEEDED = {
    **{key: {"roomId": ROOM_ID} for key in ("deleteRoom", "restoreRoom")},
    **{key: {"therapistId": USER_ID} for key in ("replaceTemplate", "deleteTemplate")},
}
# Examples with an id that does not exist, because only an earlier response has one.
PLACEHOLDERS = {"acceptInvitation", "cancelInvitation", "rejectInvitation"}


DOCUMENTED: dict[str, HTTPRouteHandler] = {
    str(handler.operation_id): handler
    for route in create_app(Settings(Environment.TEST, make_url("sqlite+aiosqlite://"))).routes
    if not route.path.startswith("/api/db")
    for handler in getattr(route, "route_handlers", ())
    if DOCUMENTATION in handler.opt
}
ANSWERS = {name: response_example(handler) for name, handler in DOCUMENTED.items()}
REQUESTS = {
    name: handler.opt[DOCUMENTATION].request
    for name, handler in DOCUMENTED.items()
    if handler.opt[DOCUMENTATION].request
}


@pytest.fixture(scope="module")
async def fresh_data_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seed a file with the defaults of a day, once for all tests."""
    file = tmp_path_factory.mktemp("fresh") / "data_set.db"
    async with open_app(f"sqlite:///{file}") as client:
        await seed(client, asOf=AS_OF)
    return file


@pytest.fixture
async def client(fresh_data_set: Path, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Call a copy of the fresh data set, as the user of the examples."""
    file = shutil.copy(fresh_data_set, tmp_path / "copy.db")
    async with open_app(f"sqlite:///{file}") as client:
        await sign_in(client, SIGN_IN["email"])
        yield client


@pytest.fixture(scope="module")
async def document(fresh_data_set: Path) -> Any:
    """Fetch the document once: to write it takes longer than most calls."""
    async with open_app(f"sqlite:///{fresh_data_set}") as client:
        return (await client.get("/schema/openapi.json")).json()


async def sign_in(client: httpx.AsyncClient, email: str) -> None:
    body = {"email": email, "password": SIGN_IN["password"]}
    (await client.post("/api/auth/sign-in/email", json=body)).raise_for_status()


async def invite(client: httpx.AsyncClient, email: str) -> str:
    body = {"email": email, "role": "member"}
    response = await client.post("/api/auth/organization/invite-member", json=body)
    return str(response.raise_for_status().json()["id"])


async def invitation_for(client: httpx.AsyncClient, operation_id: str) -> str | None:
    """Create the invitation that is in the example of a response."""
    if operation_id in SENT:
        return await invite(client, ADA)
    if operation_id not in AWAITED:
        return None
    await sign_in(client, ANSWERS["getInvitation"]["inviterEmail"])
    made = await invite(client, SIGN_IN["email"])
    await sign_in(client, SIGN_IN["email"])
    return made


def operations(document: Any) -> dict[str, tuple[str, str, Any]]:
    """Return the operations with examples by their ids: method, path and what is documented."""
    return {
        operation["operationId"]: (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if not path.startswith("/api/db")
    }


async def call(client: httpx.AsyncClient, document: Any, operation_id: str) -> httpx.Response:
    """Send what the page would, with an id from a response in place of a placeholder."""
    await cancel_what_needs(client, operation_id)
    if operation_id in AFTER:
        (await call(client, document, AFTER[operation_id])).raise_for_status()
    invitation_id = await invitation_for(client, operation_id)
    given: dict[str, Any] = {}
    if operation_id in PLACEHOLDERS:
        given["json"] = {"invitationId": invitation_id}
    if operation_id == "getInvitation":
        given["params"] = {"id": str(invitation_id)}
    if operation_id in ("getEffectiveAvailability", "listTeamAvailability"):
        days = EFFECTIVE["days"]
        given["params"] = {"from": days[0]["date"], "to": days[-1]["date"]}
    if operation_id == "listAppointments":
        given["params"] = dict.fromkeys(("from", "to"), APPOINTMENT["date"])
    if operation_id == "listFreeTimes":
        days = FREE["days"]
        given["params"] = {
            "typeId": TYPE_ID,
            "from": days[0]["date"],
            "to": days[-1]["date"],
        }
    return await send(client, *operations(document)[operation_id], **given)


async def cancel_what_needs(client: httpx.AsyncClient, operation_id: str) -> None:
    """Cancel the upcoming appointments for which an example would be refused."""
    if operation_id in NEEDED:
        query = NEEDED[operation_id] | {"from": str(clock.earliest_today()), "limit": "200"}
        for row in (await client.get("/api/appointments", params=query)).json()["items"]:
            path = f"/api/appointments/{row['id']}/status"
            await client.post(path, json={"status": "cancelled"})


async def send(
    client: httpx.AsyncClient, method: str, path: str, operation: Any, **given: Any
) -> httpx.Response:
    """Send what the page fills in."""
    values = {
        (each["in"], each["name"]): each["example"]
        for each in operation.get("parameters", [])
        if "example" in each
    }
    path = path.format(**{name: value for (_, name), value in values.items()})
    sent: dict[str, Any] = {
        "params": {name: value for (place, name), value in values.items() if place == "query"}
    }
    if "requestBody" in operation:
        sent["json"] = operation["requestBody"]["content"]["application/json"]["example"]
    return await client.request(method, path, **{**sent, **given})


def success(operation: Any) -> tuple[int, Any]:
    """Return the status of a success, and the body that is documented."""
    [status] = [status for status in operation["responses"] if status.startswith("2")]
    content = operation["responses"][status].get("content", {})
    return int(status), content.get("application/json")


def agree(example: Any, real: Any) -> bool:
    """Say whether an example is the real thing but for what is volatile, and shorter lists."""
    match example, real:
        case dict(), dict():
            return example.keys() == real.keys() and all(
                name in VOLATILE or agree(example[name], real[name]) for name in example
            )
        case list(), list():
            return all(any(agree(item, each) for each in real) for item in example)
        case str(), str() if ID.fullmatch(example) and not SEED_ID.fullmatch(example):
            return bool(ID.fullmatch(real)) and not SEED_ID.fullmatch(real)
    return bool(example == real)


async def test_every_operation_has_examples(document: Any) -> None:
    """Each operation has an example of its response and, if it takes a body, one of that."""
    found = operations(document)
    assert found.keys() == ANSWERS.keys()
    assert {name for name, (_, _, each) in found.items() if "requestBody" in each} == set(REQUESTS)
    for name, (_, _, operation) in found.items():
        _, response = success(operation)
        assert (response or {"example": None})["example"] == ANSWERS[name]


async def test_the_examples_fit_their_schemas(document: Any) -> None:
    """Each is what the document says that it is an example of."""
    for _, _, operation in operations(document).values():
        bodies = [success(operation)[1]]
        if "requestBody" in operation:
            bodies.append(operation["requestBody"]["content"]["application/json"])
        parameters = [each for each in operation.get("parameters", []) if "example" in each]
        for part in filter(None, [*bodies, *parameters]):
            schema = {**part["schema"], "components": document["components"]}
            jsonschema_rs.validate(schema, part["example"], validate_formats=True)


def is_read(operation_id: str) -> bool:
    """Return whether a call changes nothing, neither itself nor what it needs."""
    return DOCUMENTED[operation_id].http_methods == {"GET"} and operation_id not in SENT | AWAITED


READS = sorted(filter(is_read, ANSWERS))
OTHERS = sorted(ANSWERS.keys() - {*READS, "leaveOrganization"})


async def test_an_example_of_a_read_is_what_happens(
    client: httpx.AsyncClient, document: Any
) -> None:
    """Sent right after signing in, it returns the example of the response."""
    assert len(READS) > 10
    for operation_id in READS:
        await assert_example_happens(client, document, operation_id)


@pytest.mark.parametrize("operation_id", OTHERS)
async def test_an_example_is_what_happens(
    client: httpx.AsyncClient, document: Any, operation_id: str
) -> None:
    """Sent right after signing in, the example of a body returns the example of the response."""
    await assert_example_happens(client, document, operation_id)


async def assert_example_happens(
    client: httpx.AsyncClient, document: Any, operation_id: str
) -> None:
    response = await call(client, document, operation_id)
    status, body = success(operations(document)[operation_id][2])
    assert response.status_code == status, response.text
    if body is not None:
        assert agree(ANSWERS[operation_id], response.json()), response.json()


@pytest.mark.parametrize("day", ["2026-12-31", "2028-02-29", "2031-07-06"])
async def test_an_example_is_accepted_on_any_day(
    new_sqlite: NewDatabase, monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    """Whenever the data set is made, one operation of a clinic may be tried after the other."""
    moment = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    async with open_app(new_sqlite()) as client:
        await seed(client)
        await sign_in(client, SIGN_IN["email"])
        document = (await client.get("/schema/openapi.json")).json()
        found = operations(document).values()
        for method, path, operation in sorted(
            found, key=lambda each: (each[1], each[0] == "delete")
        ):
            if not path.startswith("/api/auth/"):
                await cancel_what_needs(client, operation["operationId"])
                response = await send(client, method, path, operation)
                assert response.status_code == success(operation)[0], response.text


async def test_the_only_owner_leaves_after_another_is_made(
    client: httpx.AsyncClient, document: Any
) -> None:
    """Leaving is refused at first; once the example has made another owner, it is not."""
    refusal = await call(client, document, "leaveOrganization")
    assert refusal.json()["code"] == "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER"
    await call(client, document, "updateMemberRole")
    response = await call(client, document, "leaveOrganization")
    assert response.status_code == 200
    assert agree(ANSWERS["leaveOrganization"], response.json()), response.json()


@pytest.mark.parametrize("operation_id", sorted(PLACEHOLDERS))
async def test_a_placeholder_is_no_invitation(
    client: httpx.AsyncClient, document: Any, operation_id: str
) -> None:
    """Sent unchanged, it is refused with the code for an unknown id."""
    method, path, _ = operations(document)[operation_id]
    response = await client.request(method, path, json=REQUESTS[operation_id])
    assert response.json()["code"] == "INVITATION_NOT_FOUND"


async def test_only_what_is_required_is_filled_in(document: Any) -> None:
    """What the page would put into any other parameter is a default of the server, and no id."""
    for _, path, operation in operations(document).values():
        for parameter in operation.get("parameters", []):
            assert "examples" not in parameter
            is_filled_in = parameter["required"] and not path.startswith("/api/auth/")
            assert ("example" in parameter) == is_filled_in
            if re.search(r"id$|slug$", parameter["name"], re.IGNORECASE):
                assert not parameter["schema"].keys() & {"default", "example", "examples"}


async def test_the_seed_makes_what_the_examples_name(new_sqlite: NewDatabase) -> None:
    """Every id of a seed in them is one that the default seed makes."""
    async with open_app(new_sqlite()) as client:
        created = (await seed(client))["created"]
        await sign_in(client, SIGN_IN["email"])
        accounts = (await client.get("/api/auth/list-accounts")).json()
        document = (await client.get("/schema/openapi.json")).json()
    del document["paths"]["/api/db/clinics"]  # such a clinic has other ids
    made = {text for kind in created.values() for text in kind["ids"]}
    made |= {account["id"] for account in accounts}
    named = {text.group() for text in ID.finditer(str(document))}
    named = {text for text in named if SEED_ID.fullmatch(text)}
    assert len(named) > len(created)
    assert named <= made


async def test_production_names_nobody_who_is_seeded(new_sqlite: NewDatabase) -> None:
    """Where nobody is seeded, the document has no id, name, address or slug of a data set."""
    async with open_app(new_sqlite()) as client:
        summary = await seed(client)
        clinics = await names_of_clinics(client, summary)
    seeded = {text for kind in summary["created"].values() for text in kind["ids"]}
    seeded |= {user[key] for user in summary["signIn"]["users"] for key in ("email", "name")}
    seeded |= {*clinics, summary["signIn"]["password"]}
    async with open_app(new_sqlite(), Environment.PRODUCTION) as client:
        document = (await client.get("/schema/openapi.json")).json()
    described = str(document)
    assert [text for text in seeded if text in described] == []
    sent = operations(document)["inviteMember"][2]["requestBody"]["content"]["application/json"]
    assert sent["example"] == REQUESTS["inviteMember"]


async def names_of_clinics(client: httpx.AsyncClient, summary: Any) -> set[str]:
    names = set()
    for user in summary["signIn"]["users"]:
        await sign_in(client, user["email"])
        for each in (await client.get("/api/auth/organization/list")).json():
            names |= {each["name"], each["slug"]}
    return names
