"""Bookings, moves, cancellations and changes of hours and rooms in any order, against a model."""

from collections.abc import AsyncIterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from auth.clinics import Backend
from clinic.appointments.desks import HOURS, MONDAY, Desk, open_desk
from clinic.appointments.minutes import Minutely, OtherHours, Visit, WeeklyHours
from conftest import make_app, open_client, seed

pytestmark = pytest.mark.slow

DAYS = (date.fromisoformat(MONDAY), date.fromisoformat(MONDAY) + timedelta(days=7))
LENGTHS, MOST = (15, 15, 30, 60), (1, 2, 3)
STORED = """
    SELECT id, therapist_id, patient_id, room_id, date, start_time, end_time, location
    FROM appointments WHERE status NOT IN ('cancelled', 'no_show')
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What is done; `of` is the number of an existing appointment or exception."""

    verb: str
    visit: Visit
    of: int
    most: int


@dataclass(frozen=True, slots=True)
class ModelledDesk:
    """A desk, and the ids of the practitioners, patients and rooms that the model numbers."""

    desk: Desk
    practitioners: Sequence[str]
    patients: Sequence[str]
    rooms: Sequence[str]
    templates: Sequence[str]

    async def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return await self.desk.staff.call(method, path, json=body)

    def body(self, visit: Visit) -> dict[str, Any]:
        return {
            "therapistId": self.practitioners[visit.practitioner],
            "roomId": None if visit.room is None else self.rooms[visit.room],
            "location": visit.location,
            "date": str(visit.day),
            "startTime": clock_time(visit.start),
            "endTime": clock_time(visit.end),
        }


def clock_time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}:00"


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    """Return visits of one morning, mostly, so that they are often in each other's way."""
    start = 9 * 60 + draw(st.integers(0, 32)) * 5 + draw(st.sampled_from([0, 0, 0, 1]))
    room = draw(st.sampled_from([None, 0, 1]))
    location = "clinic" if room is not None else draw(st.sampled_from(["clinic", "clinic", "home"]))
    return Visit(
        practitioner=draw(st.sampled_from([0, 0, 1])),
        patient=draw(st.integers(0, 2)),
        room=room,
        day=draw(st.sampled_from([*DAYS, DAYS[0]])),
        start=start,
        end=start + draw(st.sampled_from(LENGTHS)),
        location=location,
    )


VERBS = (
    *("book",) * 6,
    *("move",) * 3,
    *("cancel", "hours", "hours", "add", "take", "remove", "room"),
)
steps = st.builds(
    Step,
    verb=st.sampled_from(VERBS),
    visit=visits(),
    of=st.integers(0, 7),
    most=st.sampled_from(MOST),
)


@pytest.fixture(scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ModelledDesk]:
    app = make_app(f"sqlite:///{tmp_path_factory.mktemp('stage')}/stage.db")
    async with open_client(app) as client:
        await seed(client, users=1, organizations=1, patients=0)
        desk = await open_desk(Backend(app, client))
        practitioners = [desk.practitioner, str(desk.colleague.id)]
        templates = (await desk.staff.read("availability/templates"))["items"]
        yield ModelledDesk(
            desk,
            practitioners,
            [(await desk.staff.patient())["id"] for _ in range(3)],
            [(await desk.staff.create_row("rooms", name=name))["id"] for name in ("A", "B")],
            [
                next(row["id"] for row in templates if row["userId"] == practitioner)
                for practitioner in practitioners
            ],
        )


async def reset(stage: ModelledDesk) -> Minutely:
    async with stage.desk.staff.backend.session() as session:
        connection = await session.connection()
        for table in ("appointments", "availability_exceptions"):
            await connection.exec_driver_sql(f"DELETE FROM {table}")
    for template in stage.templates:
        await stage.call("PUT", f"availability/templates/{template}", HOURS | {"maxSessions": 2})
    for name, room in zip("AB", stage.rooms, strict=True):
        await stage.call("PUT", f"rooms/{room}", {"name": name, "capacity": 1})
    return Minutely({number: WeeklyHours(540, 720, 2) for number in (0, 1)}, {0: 1, 1: 1})


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(done=st.lists(steps, min_size=6, max_size=25))
async def test_no_order_of_changes_breaks_a_rule(stage: ModelledDesk, done: list[Step]) -> None:
    """After each step what is stored is what the model has, and breaks no rule of the model."""
    model = await reset(stage)
    for step in done:
        await DOERS[step.verb](stage, model, step)
        assert model.broken() == []
    assert await stored(stage) == model.visits
    await compare_free_times(stage, model, done[-1].visit)


async def book(stage: ModelledDesk, model: Minutely, step: Step) -> None:
    patient = {"patientId": stage.patients[step.visit.patient]}
    kind = {"appointmentTypeId": stage.desk.visit["id"]}
    body = stage.body(step.visit) | patient | kind
    response = await stage.call("POST", "appointments", body)
    if not is_refused(response, model, step.visit):
        assert response.status_code == 201
        model.visits[response.json()["id"]] = step.visit


async def move(stage: ModelledDesk, model: Minutely, step: Step) -> None:
    if not model.visits:
        return
    visit_id = [*model.visits][step.of % len(model.visits)]
    new = step.visit
    wanted = Visit(
        new.practitioner,
        model.visits[visit_id].patient,
        new.room,
        new.day,
        new.start,
        new.end,
        new.location,
    )
    response = await stage.call("PATCH", f"appointments/{visit_id}", stage.body(wanted))
    if wanted == model.visits[visit_id]:
        assert response.status_code == 200
    elif not is_refused(response, model, wanted, visit_id):
        assert response.status_code == 200
        model.visits[visit_id] = wanted


async def cancel(stage: ModelledDesk, model: Minutely, step: Step) -> None:
    if model.visits:
        visit_id = [*model.visits][step.of % len(model.visits)]
        path = f"appointments/{visit_id}/status"
        assert (await stage.call("POST", path, {"status": "cancelled"})).status_code == 200
        del model.visits[visit_id]


async def change_hours(stage: ModelledDesk, model: Minutely, step: Step) -> None:
    """Replace the weekly hours by shorter ones."""
    practitioner, start = step.visit.practitioner, 540 + step.of * 5
    changed = deepcopy(model)
    changed.weekly[practitioner] = WeeklyHours(start, start + 150, step.most)
    times = {"startTime": clock_time(start), "endTime": clock_time(start + 150)}
    path = f"availability/templates/{stage.templates[practitioner]}"
    response = await stage.call("PUT", path, HOURS | times | {"maxSessions": step.most})
    if leaves_room(response, changed, 200):
        model.weekly = changed.weekly


async def add_exception(stage: ModelledDesk, model: Minutely, step: Step) -> None:
    visit, is_added = step.visit, step.verb == "add"
    body = {
        "userId": stage.practitioners[visit.practitioner],
        "date": str(visit.day),
        "startTime": clock_time(visit.start),
        "endTime": clock_time(visit.end),
        "isAvailable": is_added,
        "reason": "other",
    }
    changed = deepcopy(model)
    changed.others["new"] = OtherHours(
        visit.practitioner, visit.day, visit.start, visit.end, is_added
    )
    response = await stage.call("POST", "availability/exceptions", body)
    if response.status_code == 409 and "gapMinutes" in response.json():
        return  # there is another exception
    if leaves_room(response, changed, 201):
        model.others[response.json()["id"]] = changed.others["new"]


async def remove_exception(stage: ModelledDesk, model: Minutely, step: Step) -> None:
    if not model.others:
        return
    key = [*model.others][step.of % len(model.others)]
    changed = deepcopy(model)
    del changed.others[key]
    response = await stage.call("DELETE", f"availability/exceptions/{key}")
    if leaves_room(response, changed, 204):
        del model.others[key]


async def change_room(stage: ModelledDesk, model: Minutely, step: Step) -> None:
    number, capacity = step.of % 2, 1 + step.most % 3
    changed = deepcopy(model)
    changed.rooms[number] = capacity
    body = {"name": "AB"[number], "capacity": capacity}
    response = await stage.call("PUT", f"rooms/{stage.rooms[number]}", body)
    if leaves_room(response, changed, 200):
        model.rooms[number] = capacity


DOERS: Mapping[str, Any] = {
    "book": book,
    "move": move,
    "cancel": cancel,
    "hours": change_hours,
    "add": add_exception,
    "take": add_exception,
    "remove": remove_exception,
    "room": change_room,
}


def is_refused(response: httpx.Response, model: Minutely, visit: Visit, visit_id: str = "") -> bool:
    """Tell whether a rule forbids it; the refusal names that rule and the next free time."""
    in_the_way = model.in_the_way(visit, visit_id)
    if in_the_way is None:
        return False
    problem = response.json()
    assert (response.status_code, problem["inTheWay"]) == (409, in_the_way)
    free = model.next_free(visit, visit_id)
    assert problem["nextFree"] == (
        free
        and {
            "date": str(free[0]),
            "startTime": clock_time(free[1]),
            "endTime": clock_time(free[1] + visit.end - visit.start),
        }
    )
    return True


def leaves_room(response: httpx.Response, changed: Minutely, status: int) -> bool:
    """Tell whether the change breaks no rule; otherwise the refusal lists appointments."""
    if changed.broken():
        problem = response.json()
        assert response.status_code == 409
        assert problem["appointmentCount"] == len(problem["appointments"]) > 0
        return False
    assert response.status_code == status, response.text
    return True


async def stored(stage: ModelledDesk) -> dict[str, Visit]:
    async with stage.desk.staff.backend.session() as session:
        rows = (await (await session.connection()).execute(text(STORED))).all()
    return {
        dashed(row.id): Visit(
            stage.practitioners.index(dashed(row.therapist_id)),
            stage.patients.index(dashed(row.patient_id)),
            stage.rooms.index(dashed(row.room_id)) if row.room_id else None,
            date.fromisoformat(row.date),
            minute(row.start_time),
            minute(row.end_time),
            row.location,
        )
        for row in rows
    }


def dashed(row_id: str) -> str:
    return "-".join((row_id[:8], row_id[8:12], row_id[12:16], row_id[16:20], row_id[20:]))


def minute(written: str) -> int:
    hour, minutes, second = map(int, written.split(":"))
    assert second == 0
    return hour * 60 + minutes


async def compare_free_times(stage: ModelledDesk, model: Minutely, visit: Visit) -> None:
    """Ask for the free times of both weeks, with the room and the patient of a visit."""
    query = {
        "typeId": stage.desk.visit["id"],
        "userId": stage.practitioners[visit.practitioner],
        "patientId": stage.patients[visit.patient],
        "from": str(DAYS[0]),
        "to": str(DAYS[1]),
    }
    if visit.room is not None:
        query["roomId"] = stage.rooms[visit.room]
    found = await stage.desk.staff.read("appointments/free", **query)
    for day in found["days"]:
        for location in ("clinic", "home", "telehealth"):
            given_day = date.fromisoformat(day["date"])
            wanted = Visit(
                visit.practitioner, visit.patient, visit.room, given_day, 0, 30, location
            )
            is_offered = visit.room is None or location == "clinic"
            expected = [clock_time(start) for start in model.free(wanted)] if is_offered else []
            listed = [each["startTime"] for each in day["times"] if location in each["locations"]]
            assert listed == expected, (day["date"], location)
