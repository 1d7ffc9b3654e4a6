"""Fifty callers of several server processes book, move and change the same things at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, time
from itertools import cycle, islice
from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.auth import members
from app.auth.members import NewMember
from app.auth.models import Role
from app.clinic.availability.models import DayOfWeek, Location, WeeklyAvailabilityTemplate
from app.clinic.patients.models import Patient
from auth.clinics import Backend, make_person
from clinic.appointments.desks import HOURS, MONDAY, Desk, later, open_desk
from conftest import make_app, open_client, seed
from server_processes import serving

pytestmark = pytest.mark.slow

CALLERS, PROCESSES, PRACTITIONERS = 50, 2, 10
SECONDS = 60
# Written by hand: pairs of appointments that cannot both be.
DOUBLE_BOOKINGS = """
    SELECT one.id, other.id FROM appointments one JOIN appointments other
      ON one.id < other.id AND one.date = other.date
     AND one.start_time < other.end_time AND other.start_time < one.end_time
     AND (one.therapist_id = other.therapist_id OR one.patient_id = other.patient_id
          OR one.room_id = other.room_id AND one.room_id IN (
             SELECT id FROM rooms WHERE capacity = 1))
   WHERE one.status NOT IN ('cancelled', 'no_show') AND other.status NOT IN ('cancelled', 'no_show')
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """A desk with many practitioners and patients, and servers that share its database."""

    desk: Desk
    practitioners: Sequence[str]
    patients: Sequence[str]
    servers: Sequence[httpx.AsyncClient]

    async def send(self, calls: Sequence[tuple[str, str, Any]]) -> list[httpx.Response]:
        """Send calls, each given as method, path and body, to the servers in turn, all at once."""
        headers = {"Authorization": f"Bearer {self.desk.staff.person.tokens[0]}"}
        async with asyncio.timeout(SECONDS):
            return await asyncio.gather(
                *(
                    server.request(method, f"/api/{path}", json=body, headers=headers)
                    for server, (method, path, body) in zip(cycle(self.servers), calls)
                )
            )

    async def book(
        self, fields: Mapping[str, Sequence[Any]], callers: int = CALLERS
    ) -> list[httpx.Response]:
        """Send bookings that differ in these fields, whose values are repeated."""
        columns = [islice(cycle(values), callers) for values in fields.values()]
        rows = [dict(zip(fields, values, strict=True)) for values in zip(*columns, strict=True)]
        return await self.send([("POST", "appointments", self.desk.body(**row)) for row in rows])

    async def double_bookings(self) -> list[Any]:
        async with self.desk.staff.backend.engine.connect() as connection:
            return list(await connection.execute(text(DOUBLE_BOOKINGS)))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def crowd(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Crowd]:
    folder = tmp_path_factory.mktemp("crowd")
    url = f"sqlite:///{folder}/crowd.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("new_postgresql")()
    app = make_app(url)
    async with open_client(app) as client, AsyncExitStack() as stack:
        await seed(client, users=1, organizations=1, patients=0)
        desk = await open_desk(Backend(app, client))
        practitioners, patients = await add_people(desk)
        servers = []
        for number in range(PROCESSES):
            server = stack.enter_context(serving(url, folder / f"server-{number}.log"))
            opened = httpx.AsyncClient(base_url=server.base_url, trust_env=False, timeout=SECONDS)
            servers.append(await stack.enter_async_context(opened))
        yield Crowd(desk, practitioners, patients, servers)


async def add_people(desk: Desk) -> tuple[list[str], list[str]]:
    clinic = desk.staff.organization_id
    async with desk.staff.backend.session() as session:
        people = [await make_person(session, signed_in=0) for _ in range(PRACTITIONERS)]
        new = [
            NewMember(organization_id=clinic, user_id=each.id, role=Role.MEMBER) for each in people
        ]
        await members.add_members(session, new)
        session.add_all(
            WeeklyAvailabilityTemplate(
                organization_id=clinic,
                user_id=each.id,
                day_of_week=DayOfWeek.MONDAY,
                start_time=time(9),
                end_time=time(12),
                location=Location.CLINIC,
                max_sessions=4,
            )
            for each in people
        )
        patients = [
            Patient(
                organization_id=clinic,
                first_name="Ada",
                last_name=str(number),
                date_of_birth=date(1980, 2, 29),
            )
            for number in range(CALLERS)
        ]
        session.add_all(patients)
        return [str(each.id) for each in people], [str(each.id) for each in patients]


def successes(responses: Sequence[httpx.Response], *in_the_way: str) -> int:
    """Return how many succeeded; all others have one of these in the way."""
    statuses = Counter(response.status_code for response in responses)
    assert statuses.keys() <= {201, 409}, [each.text for each in responses if each.is_server_error]
    refused = [response.json() for response in responses if response.status_code == 409]
    assert {problem["inTheWay"] for problem in refused} <= {*in_the_way}
    return statuses[201]


async def test_of_fifty_bookings_at_once_one_succeeds(crowd: Crowd) -> None:
    """Of the same practitioner, or fewer of the same room or patient; of more places, as many."""
    everyone = {"patientId": crowd.patients, "therapistId": crowd.practitioners}
    responses = await crowd.book(everyone | {"therapistId": crowd.practitioners[:1]})
    assert successes(responses, "practitioner") == 1
    room, week = [crowd.desk.room["id"]], [later(MONDAY, 7)]
    responses = await crowd.book(everyone | {"roomId": room, "date": week}, callers=10)
    assert successes(responses, "room", "practitioner") == 1
    week = [later(MONDAY, 14)]
    of_patient = {"patientId": crowd.patients[:1], "date": week}
    responses = await crowd.book(everyone | of_patient, callers=10)
    assert successes(responses, "patient", "practitioner") == 1
    assert await crowd.double_bookings() == []
    await book_as_many_as_there_are_places(crowd)


async def book_as_many_as_there_are_places(crowd: Crowd) -> None:
    """Book in a larger room, and of one treatment plan on different dates."""
    staff = crowd.desk.staff
    gym = await staff.create_row("rooms", name="Gym", capacity=3)
    of_gym = {"roomId": [gym["id"]], "date": [later(MONDAY, 21)]}
    everyone = {"patientId": crowd.patients, "therapistId": crowd.practitioners}
    responses = await crowd.book(everyone | of_gym, callers=10)
    assert successes(responses, "room", "practitioner") == 3
    plan = await staff.plan({"id": crowd.patients[0]}, numberOfSessions=2)
    weeks = [later(MONDAY, 7 * week) for week in range(4, 14)]
    of_plan = {
        "patientId": crowd.patients[:1],
        "treatmentPlanId": [plan["id"]],
        "date": weeks,
    }
    responses = await crowd.book(everyone | of_plan, callers=10)
    assert successes(responses, "plan") == 2


async def test_many_different_changes_at_once_neither_wait_for_each_other_nor_clash(
    crowd: Crowd,
) -> None:
    """Moves between practitioners and rooms, and changes of plans, rooms, hours and patients."""
    staff, draw = crowd.desk.staff, Random(1)  # noqa: S311 - the same in each run
    practitioners = crowd.practitioners[:3]
    rooms = [await staff.create_row("rooms", name=name) for name in ("Two", "Three")]
    plans = [
        await staff.plan({"id": patient}, numberOfSessions=9) for patient in crowd.patients[:4]
    ]
    day = later(MONDAY, 200 * 7)
    starts = [f"{hour:02}:{minute}:00" for hour in (9, 10, 11) for minute in ("00", "35")]
    rows = []
    for number, start in enumerate(starts):
        for place, room in enumerate(rooms):
            plan = plans[(number + place) % len(plans)]
            fields = {"patientId": plan["patientId"], "treatmentPlanId": plan["id"]}
            where = {"therapistId": practitioners[place], "roomId": room["id"]}
            body = crowd.desk.body(date=day, **where, **fields) | {"startTime": start}
            response = await staff.call("POST", "appointments", json=body)
            rows += [response.json()] if response.status_code == 201 else []
    templates = (await staff.read("availability/templates"))["items"]

    def change() -> tuple[str, str, Any]:
        row, plan, room = draw.choice(rows), draw.choice(plans), draw.choice(rooms)
        where = {"therapistId": draw.choice(practitioners), "roomId": room["id"]}
        of_plan = {"patientId": plan["patientId"], "treatmentPlanId": plan["id"]}
        [template] = [each for each in templates if each["userId"] == where["therapistId"]]
        start = {"startTime": draw.choice(starts)}
        return draw.choice(
            [
                ("PATCH", f"appointments/{row['id']}", where),
                ("PATCH", f"appointments/{row['id']}", where | start),
                ("POST", "appointments", crowd.desk.body(date=day, **where, **of_plan) | start),
                ("POST", f"appointments/{row['id']}/status", {"status": "confirmed"}),
                ("POST", f"appointments/{row['id']}/status", {"status": "cancelled"}),
                ("PATCH", f"treatment-plans/{plan['id']}", {"numberOfSessions": 8}),
                ("PUT", f"rooms/{room['id']}", {"name": room["name"], "capacity": 1}),
                ("PATCH", f"patients/{plan['patientId']}", {"notes": "Prefers mornings."}),
                ("PUT", f"availability/templates/{template['id']}", HOURS),
            ]
        )

    def move(number: int) -> tuple[str, str, Any]:
        """Move one of two appointments, which each go from hand to hand."""
        body = {"therapistId": draw.choice(crowd.practitioners), "roomId": None}
        return "PATCH", f"appointments/{rows[number % 2]['id']}", body

    assert len(rows) > 5
    for calls in (
        [move(number) for number in range(CALLERS)],
        [change() for _ in range(CALLERS)],
    ):
        responses = await crowd.send(calls)
        statuses = Counter(each.status_code for each in responses)
        assert max(statuses) < 500, [each.text for each in responses if each.is_server_error]
        assert {200, 409} <= statuses.keys()
    assert await crowd.double_bookings() == []
