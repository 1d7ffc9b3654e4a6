"""The refusals that the OpenAPI document shows of the clinic API are those that really come.

On SQLite alone: who is refused, and in which words, is decided above the database.
"""

import json
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.auth.models import Role
from app.clinic.appointment_types.examples import TYPE
from app.clinic.rooms.examples import ROOM
from app.web.bodies import MAX_BODY_BYTES
from auth.clinics import Backend, SignedUpUser
from clinic.availability.clients import DATE, HOURS
from clinic.client import ADA, StaffClient
from conftest import make_app, open_client, seed
from tenancy.people import MADE_UP
from tenancy.server import fill

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LATER = "2031-01-01"
CLINIC_TABLES = (
    "appointments",
    "treatment_plans",
    "patients",
    "availability_exceptions",
    "weekly_availability_templates",
    "rooms",
    "appointment_types",
)
MORNING = {"startTime": "09:00:00", "endTime": "12:00:00"}
ANOTHER_DAY = {"templates": {"dayOfWeek": "tue"}, "exceptions": {"date": "2031-01-07"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What differs from a call that would be allowed; `row` is another than the usual one."""

    who: str = "owner"
    row: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    without_tables: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorFixtures:
    client: httpx.AsyncClient
    without_tables: httpx.AsyncClient
    people: Mapping[str, SignedUpUser]
    ids: Mapping[str, str]
    document: Any


@pytest.fixture(scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ErrorFixtures]:
    folder = tmp_path_factory.mktemp("refusals")
    app = make_app(f"sqlite:///{folder}/clinics.db")
    older = make_app(f"sqlite:///{folder}/older.db")
    async with open_client(app) as client, open_client(older) as without_tables:
        await seed(client, users=1, organizations=1, patients=0)
        backend = Backend(app, client)
        clinic = await backend.make_clinic(Role.OWNER, Role.MEMBER)
        owner, member = clinic.people
        staff = StaffClient(backend, clinic.id, owner)
        ids = await create_row(staff)
        ids |= await create_appointments(staff, ids | {"member": str(member.id)})
        copy_without_tables(folder / "clinics.db", folder / "older.db")
        yield ErrorFixtures(
            client=client,
            without_tables=without_tables,
            people={"owner": owner, "member": member, "stranger": await backend.make_person()},
            ids=ids,
            document=(await client.get("/schema/openapi.json")).json(),
        )


def copy_without_tables(file: Path, copy: Path) -> None:
    """Leave out what the clinic API is about, and keep who is signed in."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        for table in CLINIC_TABLES:
            target.execute(f"DROP TABLE {table}")


async def create_row(staff: StaffClient) -> dict[str, str]:
    """Make rows in each state that something is refused in, and give their ids."""
    patient, hidden = await staff.patient(), await staff.patient()
    plans = {
        "plan_id": await staff.plan(patient),
        "hidden plan": await staff.plan(patient),
        "ongoing": await staff.plan(patient, status="ongoing"),
        "completed": await staff.plan(patient, status="ongoing"),
        "early": await staff.plan(patient, startDate=LATER, prescriptionDate=LATER),
    }
    ids = {name: row["id"] for name, row in plans.items()}
    for method, path, body in (
        ("POST", f"treatment-plans/{ids['completed']}/status", {"status": "completed"}),
        ("DELETE", f"treatment-plans/{ids['hidden plan']}", None),
        ("DELETE", f"patients/{hidden['id']}", None),
    ):
        (await staff.call(method, path, json=body)).raise_for_status()
    for kind, name, common in (
        ("templates", "template_id", HOURS),
        ("exceptions", "exception_id", DATE),
    ):
        path = f"availability/{kind}"
        await staff.create_row(path, **common, **MORNING)
        ids[name] = (await staff.create_row(path, **common | ANOTHER_DAY[kind], **MORNING))["id"]
    ids |= await create_rooms_and_types(staff)
    people = {"owner": str(staff.person.id), "nowhere": MADE_UP}
    return {**ids, **people, "patient_id": patient["id"], "hidden patient": hidden["id"]}


async def create_rooms_and_types(staff: StaffClient) -> dict[str, str]:
    """Make one of each with the name or the code of the examples, and others to change."""
    ids = {}
    for name, row in (("hidden twin", ROOM["name"]), ("taken", ROOM["name"]), ("room_id", "Two")):
        ids[name] = (await staff.create_row("rooms", name=row))["id"]
        if name == "hidden twin":
            (await staff.call("DELETE", f"rooms/{ids[name]}")).raise_for_status()
    for name, code in (("taken type", TYPE["code"]), ("type_id", "VISIT")):
        ids[name] = (await staff.create_row("appointment-types", **VISIT | {"code": code}))["id"]
    return ids


async def create_appointments(staff: StaffClient, ids: Mapping[str, str]) -> dict[str, str]:
    """Make two practitioners' appointments of a Monday, and others of each kind that is refused."""
    await staff.create_row("availability/templates", **HOURS_OF_MEMBER, userId=ids["member"])
    other, leaving, deleted = [await staff.patient() for _ in range(3)]
    patient = {"id": ids["patient_id"]}
    plans = {
        "full plan": await staff.plan(patient, numberOfSessions=1),
        "ended plan": await staff.plan(patient, endDate="2030-12-31"),
        "plan of another": await staff.plan(other),
        "needed plan": await staff.plan(patient, status="ongoing"),
    }
    ids = {
        **ids,
        **{name: row["id"] for name, row in plans.items()},
        "another patient": other["id"],
        "shared room": (await staff.create_row("rooms", name="Gym", capacity=2))["id"],
        "busy room": (await staff.create_row("rooms", name="Busy"))["id"],
        "free room": (await staff.create_row("rooms", name="Free"))["id"],
        "discharged": leaving["id"],
    }

    async def book(patient_id: str, day: str, start: str, **fields: str) -> str:
        body = BOOKING | {"patientId": patient_id, "date": day, "startTime": start} | fields
        return str((await staff.create_row("appointments", **fill(body, ids)))["id"])

    of_owner = {"therapistId": "{owner}"}
    planned = {"roomId": "{busy room}", "treatmentPlanId": "{full plan}"}
    await book(ids["patient_id"], BOOKED_DAY, "09:00:00", **of_owner, **planned)
    shared = {"roomId": "{shared room}"}
    await book(ids["patient_id"], "2031-03-10", "09:00:00", **of_owner, **shared)
    await book(other["id"], "2031-03-10", "09:15:00", **shared)
    needed = await staff.create_row("availability/exceptions", **DATE | ADDED_TO_TEMPLATE)
    row = {"roomId": "{room_id}", "treatmentPlanId": "{needed plan}", "endTime": "12:15:00"}
    await book(ids["patient_id"], ADDED_TO_TEMPLATE["date"], "11:30:00", **of_owner, **row)
    made = {
        "needed exception": needed["id"],
        "appointment_id": await book(ids["patient_id"], BOOKED_DAY, "11:00:00"),
        "of discharged": await book(leaving["id"], "2031-03-03", "09:00:00"),
        "of hidden": await book(deleted["id"], "2031-03-03", "10:00:00"),
        "cancelled": await book(other["id"], "2031-03-03", "11:00:00"),
        "begun": await book(other["id"], "2025-01-06", "09:00:00"),
    }
    for method, path, body in (
        ("PATCH", f"patients/{leaving['id']}", {"status": "discharged"}),
        ("DELETE", f"patients/{deleted['id']}", None),
        ("POST", f"appointments/{made['cancelled']}/status", {"status": "cancelled"}),
        ("POST", f"appointments/{made['begun']}/status", {"status": "in_progress"}),
    ):
        (await staff.call(method, path, json=body)).raise_for_status()
    return {**ids, **made}


# A Tuesday with an appointment that needs both the template and this.
ADDED_TO_TEMPLATE = {"date": "2031-03-11", "startTime": "12:00:00", "endTime": "13:00:00"}
TAKEN_AWAY = {
    "date": "2031-03-11",
    "startTime": "11:00:00",
    "endTime": "11:40:00",
    "isAvailable": False,
}
BOOKED_DAY = "2031-02-03"
HOURS_OF_MEMBER = HOURS | MORNING | {"maxSessions": 4}
BOOKING = {
    "patientId": "{patient_id}",
    "therapistId": "{member}",
    "appointmentTypeId": "{type_id}",
    "date": BOOKED_DAY,
    "startTime": "10:00:00",
}
VISIT = {"code": "GROUP_CLASS", "title": "Visit", "durationMinutes": 30}
COURSE = {
    "title": "Walking",
    "therapistId": "{owner}",
    "startDate": "2020-01-01",
    "numberOfSessions": 6,
    "sessionFrequency": 2,
}
# Bodies that would be accepted, but for slots, which others are in the way of.
BODIES: Mapping[str, Any] = {
    "createTemplate": HOURS | MORNING,
    "replaceTemplate": HOURS | MORNING,
    "createException": DATE | MORNING,
    "replaceException": DATE | MORNING,
    "createPatient": ADA,
    "replacePatient": ADA,
    "updatePatient": {},
    "createTreatmentPlan": COURSE | {"patientId": "{patient_id}"},
    "replaceTreatmentPlan": COURSE,
    "updateTreatmentPlan": {},
    "updateTreatmentPlanStatus": {"status": "ongoing"},
    "createAppointment": BOOKING,
    "updateAppointment": {},
    "updateAppointmentStatus": {"status": "confirmed"},
    "createRoom": {"name": "Pool"},
    "replaceRoom": {"name": "Pool"},
    "createAppointmentType": VISIT,
    "replaceAppointmentType": VISIT,
}
# Required parameters. An empty value is not sent.
QUERIES = {"listFreeTimes": {"typeId": "{type_id}"}}
USUAL_ROWS = {
    "restorePatient": "hidden patient",
    "restoreTreatmentPlan": "hidden plan",
    "restoreRoom": "hidden twin",
}


def queries(**values: str) -> list[Try]:
    return [Try(query={name.rstrip("_"): value}) for name, value in values.items()]


def bodies(*bodies: Mapping[str, Any], row: str = "") -> list[Try]:
    return [Try(body=body, row=row) for body in bodies]


PAGES = queries(limit="201", cursor="x")
SEARCHES = [*queries(search="\0"), *queries(search="a" * 201)]
NOBODY_THERE = {"userId": "{nowhere}"}
OF_THE_OWNER = [Try(who="member", body={"userId": "{owner}"})]
OF_NOBODY = bodies(NOBODY_THERE)
SLOTS = bodies({}, {"startTime": "9"}, {"startTime": "12:00:00", "endTime": "09:00:00"})
TEMPLATES = [*SLOTS, *bodies({"maxSessions": 5})]
EXCEPTIONS = [*SLOTS, *bodies({"date": "2031-02-29"}, {"startTime": None, "endTime": None})]
PATIENTS = bodies({"lastName": None}, {"dateOfBirth": "2019-02-29"}, {"dateOfBirth": LATER})
CHANGED_PATIENTS = [*PATIENTS, *bodies({"dateOfBirth": "2020-01-01"})]
PLANS = bodies(
    {"numberOfSessions": 0},
    {"startDate": "2019-02-29"},
    {"endDate": "2019-12-31"},
    {"prescriptionDate": "2020-01-02"},
    {"startDate": "1970-01-01"},
    {"therapistId": "{nowhere}"},
)
CHANGED_PLANS = [
    *PLANS,
    *bodies({"startDate": LATER}, row="ongoing"),
    *bodies({"endDate": LATER}, row="completed"),
    *bodies({"endDate": "2031-03-10"}, row="needed plan"),
]
NOT_THERE = ("therapistId", "treatmentPlanId", "roomId", "appointmentTypeId")
APPOINTMENTS = bodies(
    {"startTime": "9"},
    {"date": "2031-02-29"},
    {"endTime": "08:00:00"},
    {"startTime": "23:45:00"},
    {"roomId": "{free room}", "location": "home"},
    {"treatmentPlanId": "{plan of another}"},
    {"treatmentPlanId": "{ended plan}"},
    {"treatmentPlanId": "{full plan}"},
    {"startTime": "13:00:00"},
    {"startTime": "09:00:00", "roomId": "{busy room}"},
    {"startTime": "09:00:00"},
    {"therapistId": "{owner}", "startTime": "10:30:00"},
    *({name: "{nowhere}"} for name in NOT_THERE),
)
NEW_APPOINTMENTS = [
    *APPOINTMENTS,
    *bodies(
        {"therapistId": "{owner}", "startTime": "09:00:00", "patientId": "{another patient}"},
        {"patientId": "{discharged}"},
        {"patientId": "{nowhere}"},
    ),
]
MOVED_APPOINTMENTS = [
    *APPOINTMENTS,
    *bodies({"therapistId": "{owner}", "startTime": "09:00:00"}, {"sessionNotes": "Better"}),
    *bodies({"startTime": "10:30:00"}, row="of discharged"),
    *bodies({"startTime": "10:30:00"}, row="of hidden"),
]
APPOINTMENT_STATUSES = [
    *bodies({"status": "done"}, {"painAfter": 11}, {"cancellationReason": "Ill"}),
    *bodies({"status": "no_show"}),
    *bodies({"status": "finished", "actualEndTime": "08:00:00"}, row="begun"),
    Try(row="cancelled"),
]
BY_A_MEMBER = Try(who="member")
ROOMS = [*bodies({"capacity": 11}, {"name": ROOM["name"]}), BY_A_MEMBER]
TYPES = [
    *bodies({"code": "visit"}, {"durationMinutes": 31}, {"code": TYPE["code"]}),
    BY_A_MEMBER,
]
STATUS_CHANGES = [
    *bodies({"status": "done"}),
    *bodies({"status": "completed"}, row="needed plan"),
    Try(row="early"),
    Try(row="completed"),
]
TRIES: Mapping[str, list[Try]] = {
    "listTemplates": PAGES,
    "createTemplate": [*TEMPLATES, *OF_THE_OWNER, *OF_NOBODY],
    "getTemplate": [],
    "replaceTemplate": [*TEMPLATES, Try(who="member"), *bodies({"dayOfWeek": "wed"})],
    "deleteTemplate": [Try(who="member"), Try()],
    "listExceptions": [*PAGES, *queries(from_="2027-02-29")],
    "createException": [*EXCEPTIONS, *OF_THE_OWNER, *OF_NOBODY, *bodies(TAKEN_AWAY)],
    "getException": [],
    "replaceException": [*EXCEPTIONS, Try(who="member"), *bodies(TAKEN_AWAY)],
    "deleteException": [Try(who="member"), Try(row="needed exception")],
    "getEffectiveAvailability": [
        *queries(from_="2027-02-29", to="2020-01-01"),
        Try(query={"from": "2026-01-01", "to": "2027-01-02"}),
        Try(query=NOBODY_THERE),
    ],
    "listTeamAvailability": [
        *PAGES,
        *queries(from_="2027-02-29"),
        Try(query={"from": "2026-01-01", "to": "2026-02-01"}),
    ],
    "listPatients": [*PAGES, *SEARCHES],
    "createPatient": PATIENTS,
    "getPatient": [],
    "replacePatient": CHANGED_PATIENTS,
    "updatePatient": CHANGED_PATIENTS,
    "deletePatient": [],
    "restorePatient": [],
    "listTreatmentPlans": [*PAGES, *SEARCHES],
    "createTreatmentPlan": [
        *PLANS,
        *bodies({"status": "ongoing", "startDate": LATER}, {"patientId": "{nowhere}"}),
    ],
    "getTreatmentPlan": [],
    "replaceTreatmentPlan": CHANGED_PLANS,
    "updateTreatmentPlan": CHANGED_PLANS,
    "updateTreatmentPlanStatus": STATUS_CHANGES,
    "deleteTreatmentPlan": [],
    "restoreTreatmentPlan": [],
    "listAppointments": [*PAGES, *queries(from_="2027-02-29")],
    "listFreeTimes": [
        Try(query={"typeId": ""}),
        Try(query={"from": "2027-02-29"}),
        Try(query={"from": "2026-01-01", "to": "2026-02-01"}),
        *(Try(query={name: "{nowhere}"}) for name in ("userId", "patientId", "roomId", "typeId")),
    ],
    "createAppointment": NEW_APPOINTMENTS,
    "getAppointment": [],
    "updateAppointment": MOVED_APPOINTMENTS,
    "updateAppointmentStatus": APPOINTMENT_STATUSES,
    "listRooms": PAGES,
    "createRoom": ROOMS,
    "getRoom": [],
    "replaceRoom": [*ROOMS, Try(row="shared room")],
    "deleteRoom": [BY_A_MEMBER, Try()],
    "restoreRoom": [BY_A_MEMBER, Try()],
    "listAppointmentTypes": PAGES,
    "createAppointmentType": TYPES,
    "getAppointmentType": [],
    "replaceAppointmentType": TYPES,
}


def tries(operation_id: str, method: str, path: str, known: list[str]) -> Iterator[Try]:
    """Return the calls that are refused everywhere, and those of the operation."""
    yield Try(who="nobody")
    yield Try(who="stranger")
    yield Try(query={f"{min(known)}s" if known else "verbose": "1"})
    yield Try(content=b" " * (MAX_BODY_BYTES + 1))
    yield Try(without_tables=True)
    if method != "get":
        yield Try(headers={"Sec-Fetch-Site": "cross-site"})
        yield Try(content=b"{}", headers={"Content-Type": "text/plain"})
    if "{" in path:
        yield Try(row="nowhere")
        if method != "get":
            yield Try(headers={"If-Match": "unquoted"})
            yield Try(headers={"If-Match": '"stale"'})
    yield from TRIES[operation_id]


async def send(
    scene: ErrorFixtures, operation_id: str, method: str, path: str, each: Try
) -> httpx.Response:
    client = scene.without_tables if each.without_tables else scene.client
    row = each.row or USUAL_ROWS.get(operation_id)
    ids = {name: scene.ids[row] if row else id_ for name, id_ in scene.ids.items()}
    person = scene.people.get(each.who)
    body = BODIES.get(operation_id)
    query = {**QUERIES.get(operation_id, {}), **each.query}
    return await client.request(
        method,
        path.format(**ids),
        params={name: value for name, value in fill(query, scene.ids).items() if value},
        content=each.content,
        json=None if body is None else fill({**body, **each.body}, scene.ids),
        headers={
            **({"Authorization": f"Bearer {person.tokens[0]}"} if person else {}),
            **each.headers,
        },
    )


def told(problem: Mapping[str, Any]) -> str:
    """Write a refusal so that one compares equal whichever request and row it is about."""
    return ID.sub("", json.dumps({**problem, "requestId": ""}, sort_keys=True))


def clinic_operations(document: Any) -> dict[str, tuple[str, str, Any]]:
    return {
        operation["operationId"]: (method, path, operation["responses"])
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if not path.startswith(("/api/auth/", "/api/db", "/health/"))
    }


def documented(responses: Any) -> list[str]:
    return [
        told(example["value"])
        for response in responses.values()
        for media_type, body in response.get("content", {}).items()
        if media_type == "application/problem+json"
        for example in body["examples"].values()
    ]


async def test_no_operation_is_left_out(scene: ErrorFixtures) -> None:
    """Each has its calls here, if only those that are refused everywhere."""
    assert clinic_operations(scene.document).keys() == TRIES.keys()


@pytest.mark.parametrize("operation_id", TRIES)
async def test_what_is_documented_is_what_is_refused(
    scene: ErrorFixtures, operation_id: str
) -> None:
    """Every refusal that is documented can be provoked, and every one provoked is documented."""
    method, path, responses = clinic_operations(scene.document)[operation_id]
    real = set()
    parameters = scene.document["paths"][path][method].get("parameters", [])
    known = [each["name"] for each in parameters if each["in"] == "query"]
    for each in tries(operation_id, method, path, known):
        response = await send(scene, operation_id, method, path, each)
        assert response.status_code == response.json()["status"], each
        real.add(told(response.json()))
    examples = documented(responses)
    assert len(set(examples)) == len(examples)
    assert real == set(examples)
