"""Booking, moving and refusing appointments."""

from typing import Any

import pytest

from clinic.appointments.desks import (
    MONDAY,
    NEXT_MONDAY,
    Desk,
    join,
    later,
    times,
    work_elsewhere,
)

# What says nothing of the database is tried on one of them.
ON_SQLITE = pytest.mark.parametrize("shared", ["sqlite"], indirect=True)


def free(start: str, end: str, day: str = MONDAY) -> dict[str, str]:
    return {"date": day, **times(start, end)}


def is_refused(response: Any, in_the_way: str, next_free: Any = ...) -> Any:
    """Check what a refusal says, and return it."""
    problem = response.json()
    assert response.status_code == 409, problem
    assert problem["inTheWay"] == in_the_way, problem
    if next_free is not ...:
        assert problem["nextFree"] == next_free, problem
    return problem


async def test_an_appointment_is_booked_moved_and_read(desk: Desk) -> None:
    """Its defaults are the caller, the length of the type, and the location of the hours."""
    response = await desk.book("09:00", roomId=desk.room["id"], primaryConcern="Stairs")
    assert response.status_code == 201, response.text
    row = response.json()
    assert row | {"therapistId": desk.practitioner, "location": "clinic"} == row
    assert row | times("09:00", "09:30") | {"status": "scheduled", "confirmedAt": None} == row
    tag = response.headers["ETag"]
    got = await desk.staff.call("GET", f"appointments/{row['id']}")
    assert (got.json(), got.headers["ETag"]) == (row, tag)
    path = f"appointments/{row['id']}"
    moved = await desk.staff.call("PATCH", path, json={"startTime": "10:00:00"}, if_match=tag)
    assert moved.json() | times("10:00", "10:30") == moved.json()
    stale = await desk.staff.call("PATCH", path, json={"startTime": "11:00:00"}, if_match=tag)
    assert stale.status_code == 412
    assert await desk.listed() == [moved.json()]


async def test_each_rule_names_what_is_in_the_way_and_the_next_free_time(desk: Desk) -> None:
    """The appointment in the way is named, and the time that is offered instead can be booked."""
    taken = await desk.booked("10:00", roomId=desk.room["id"])
    clash = {"id": taken["id"], "date": MONDAY, **times("10:00", "10:30")}
    other, colleague = (await desk.staff.patient())["id"], str(desk.colleague.id)
    cases: dict[str, tuple[dict[str, Any], Any, Any]] = {
        "hours": ({"startTime": "11:31:00"}, None, free("09:00", "09:30", NEXT_MONDAY)),
        "practitioner": (
            {"patientId": other, "startTime": "09:26:00"},
            clash,
            free("10:35", "11:05"),
        ),
        "room": (
            {"patientId": other, "therapistId": colleague, "roomId": desk.room["id"]},
            clash,
            free("10:30", "11:00"),
        ),
        "patient": ({"therapistId": colleague}, clash, free("10:30", "11:00")),
    }
    for in_the_way, (fields, clashes_with, next_free) in cases.items():
        body = {"startTime": "10:15:00"} | fields
        problem = is_refused(await desk.book(**body), in_the_way, next_free)
        assert problem.get("clashesWith") == clashes_with
        again = await desk.booked(**body | next_free)
        assert (await desk.set_status(again, "cancelled")).status_code == 200


@ON_SQLITE
async def test_appointments_of_a_practitioner_are_five_minutes_apart(desk: Desk) -> None:
    """To the second, before and after; those of a colleague need no gap."""
    await desk.booked("10:00")
    other = (await desk.staff.patient())["id"]
    for start, status in (("09:25:01", 409), ("10:34:59", 409), ("09:25:00", 201)):
        response = await desk.book(patientId=other, startTime=start)
        assert response.status_code == status, response.text
    assert (await desk.book("10:35", patientId=other)).status_code == 201
    assert (
        await desk.book("10:05", patientId=other, therapistId=str(desk.colleague.id))
    ).status_code == 201


@ON_SQLITE
async def test_a_room_takes_as_many_patients_as_its_capacity(desk: Desk) -> None:
    """At no moment more; a deleted room takes none."""
    gym = await desk.staff.create_row("rooms", name="Gym", capacity=2)
    await desk.booked("09:00", roomId=gym["id"], endTime="10:00:00")
    other, third = [(await desk.staff.patient())["id"] for _ in range(2)]
    of_colleague = {"therapistId": str(desk.colleague.id), "roomId": gym["id"]}
    await desk.booked("09:30", patientId=other, **of_colleague)
    third_practitioner = await add_practitioner(desk)
    full = {"patientId": third, "therapistId": third_practitioner, "roomId": gym["id"]}
    is_refused(await desk.book("09:15", **full), "room", free("10:00", "10:30"))
    await desk.booked("09:00", **full)


async def add_practitioner(desk: Desk) -> str:
    """Let a third person work on Mondays, and return the id."""
    person = await desk.staff.backend.make_person()
    await join(desk.staff.backend, person.id, desk.staff.organization_id)
    await desk.hours(userId=str(person.id))
    return str(person.id)


@ON_SQLITE
async def test_a_template_holds_as_many_as_its_max_sessions(desk: Desk) -> None:
    """Added time has no limit, and cancelled appointments do not count."""
    for start in ("09:00", "09:35", "10:10", "10:45"):
        last = await desk.booked(start, patientId=(await desk.staff.patient())["id"])
    other = (await desk.staff.patient())["id"]
    is_refused(
        await desk.book("11:20", patientId=other), "slot", free("09:00", "09:30", NEXT_MONDAY)
    )
    await desk.exception(**times("13:00", "14:00"))
    await desk.booked("13:00", patientId=other)
    is_refused(await desk.book("11:20"), "slot", free("09:00", "09:30", NEXT_MONDAY))
    assert (await desk.set_status(last, "cancelled")).status_code == 200
    await desk.booked("11:20", patientId=other)


@ON_SQLITE
async def test_hours_depend_on_location_and_exceptions(desk: Desk) -> None:
    """An exception offers every location, or takes hours away."""
    await desk.hours(**times("13:00", "15:00"), location="telehealth")
    row = await desk.booked("13:00")
    assert row["location"] == "telehealth"
    is_refused(await desk.book("14:00", location="clinic"), "hours")
    is_refused(await desk.book("14:00", roomId=desk.room["id"]), "hours")
    await desk.exception(**times("16:00", "17:00"))
    home = await desk.booked("16:00", location="home")
    assert home["location"] == "home"
    await desk.exception(date=NEXT_MONDAY, isAvailable=False)
    problem = is_refused(await desk.book(date=NEXT_MONDAY), "hours")
    assert problem["nextFree"] == free("09:00", "09:30", later(NEXT_MONDAY, 7))


@ON_SQLITE
async def test_the_next_free_time_is_within_31_days(desk: Desk) -> None:
    """If there is none, it is null, and the message says what to do."""
    [template] = [
        row
        for row in (await desk.staff.read("availability/templates"))["items"]
        if row["userId"] == desk.practitioner
    ]
    for weeks in range(1, 5):
        await desk.exception(date=later(MONDAY, 7 * weeks), isAvailable=False)
    problem = is_refused(await desk.book("12:00"), "hours", None)
    assert "No time within 31 days is free." in problem["detail"]
    tuesday = later(MONDAY, -6)
    body = {"date": tuesday, "startTime": "12:00:00"}
    problem = is_refused(await desk.book(**body), "hours", free("09:00", "09:30"))
    await desk.staff.call("DELETE", f"availability/templates/{template['id']}")
    is_refused(await desk.book(**body), "hours", None)


async def test_an_appointment_of_another_clinic_is_in_the_way_unnamed(desk: Desk) -> None:
    """The practitioner is busy; neither the id, the patient nor the clinic is disclosed."""
    there = await work_elsewhere(desk)
    await there.exception(**times("07:00", "13:00"))
    taken = await there.booked("10:00")
    response = await desk.book("10:00")
    problem = is_refused(response, "practitioner", free("10:35", "11:05"))
    assert "clashesWith" not in problem
    for secret in (taken["id"], there.patient["id"], str(there.staff.organization_id)):
        assert secret not in response.text
    assert "10:30" not in response.text
    # If both clinics have an appointment in the way, that of the caller's clinic is named.
    own = await desk.booked("10:35")
    problem = is_refused(await desk.book("10:20", endTime="10:50:00"), "practitioner")
    assert problem["clashesWith"]["id"] == own["id"]


@ON_SQLITE
async def test_a_plan_allows_its_dates_its_patient_and_its_number(desk: Desk) -> None:
    """Of these the first that is broken is named, before anything about the time."""
    plan = await desk.staff.plan(
        desk.patient, startDate=MONDAY, endDate=NEXT_MONDAY, numberOfSessions=1
    )
    of_plan = {"treatmentPlanId": plan["id"]}
    stranger = (await desk.staff.patient())["id"]
    is_refused(await desk.book("03:00", patientId=stranger, **of_plan), "plan", None)
    early = {"date": later(MONDAY, -1)}
    is_refused(await desk.book("03:00", **early, **of_plan), "plan", free("09:00", "09:30"))
    is_refused(await desk.book(date=later(NEXT_MONDAY, 1), **of_plan), "plan", None)
    row = await desk.booked(**of_plan)
    is_refused(await desk.book("11:00", **of_plan), "plan", None)
    assert (await desk.update(row, startTime="11:00:00")).status_code == 200
    moved = await desk.update(row, date=later(NEXT_MONDAY, 7))
    is_refused(moved, "plan", None)
    other = await desk.booked("09:00")
    is_refused(await desk.update(other, **of_plan), "plan", None)
    await desk.done(row, "cancelled")
    assert (await desk.update(other, **of_plan)).status_code == 200


@ON_SQLITE
@pytest.mark.parametrize("status", ["discharged", "archived"])
async def test_some_patients_cannot_be_booked(desk: Desk, status: str) -> None:
    """Nor can their appointments be moved, but they can be cancelled."""
    row = await desk.booked()
    path = f"patients/{desk.patient['id']}"
    assert (await desk.staff.call("PATCH", path, json={"status": status})).status_code == 200
    is_refused(await desk.book("11:00"), "patient", None)
    is_refused(await desk.update(row, startTime="11:00:00"), "patient", None)
    assert (await desk.update(row, primaryConcern="Knee")).status_code == 200
    assert (await desk.set_status(row, "cancelled")).status_code == 200


@ON_SQLITE
async def test_rows_that_are_gone_are_not_found(desk: Desk) -> None:
    """Deleted patients, plans and rooms, and types that are not active."""
    plan = await desk.staff.plan(desk.patient)
    gone = {
        "patientId": (await desk.staff.patient())["id"],
        "treatmentPlanId": plan["id"],
        "roomId": desk.room["id"],
    }
    for path in (
        f"patients/{gone['patientId']}",
        f"treatment-plans/{plan['id']}",
        f"rooms/{desk.room['id']}",
    ):
        assert (await desk.staff.call("DELETE", path)).status_code == 204
    visit = {"code": "OLD", "title": "Old", "durationMinutes": 30, "isActive": False}
    gone["appointmentTypeId"] = (await desk.staff.create_row("appointment-types", **visit))["id"]
    row = await desk.booked()
    for field, value in gone.items():
        assert (await desk.book("11:00", **{field: value})).status_code == 404, field
        if field != "patientId":
            assert (await desk.update(row, **{field: value})).status_code == 404, field


@ON_SQLITE
async def test_appointments_outlive_a_deleted_patient_and_plan(desk: Desk) -> None:
    """They are listed and take up time until they are cancelled, and the plan keeps counting."""
    plan = await desk.staff.plan(desk.patient)
    row = await desk.booked(treatmentPlanId=plan["id"])
    assert (await desk.staff.call("DELETE", f"treatment-plans/{plan['id']}")).status_code == 204
    moved = await desk.update(row, startTime="10:00:00")
    assert moved.status_code == 200
    await desk.staff.call("DELETE", f"patients/{desk.patient['id']}")
    assert await desk.listed(patientId=desk.patient["id"]) == [moved.json()]
    other = (await desk.staff.patient())["id"]
    is_refused(await desk.book("10:00", patientId=other), "practitioner")
    assert (await desk.update(row, startTime="11:00:00")).status_code == 404
    await desk.done(row, "cancelled")
    await desk.booked("10:00", patientId=other)


@ON_SQLITE
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"endTime": "09:00:00"}, "endTime"),
        ({"endTime": "08:59:59"}, "endTime"),
        ({"startTime": "23:45:00"}, "startTime"),
        ({"roomId": "ROOM", "location": "home"}, "roomId"),
        ({"startTime": "9:00"}, "startTime"),
        ({"date": "2031-02-29"}, "date"),
    ],
)
async def test_impossible_values_are_refused(desk: Desk, fields: Any, field: str) -> None:
    """Each names its field, for a form."""
    fields = {name: desk.room["id"] if value == "ROOM" else value for name, value in fields.items()}
    row = await desk.booked()
    for response in (await desk.book(**fields), await desk.update(row, **fields)):
        assert response.status_code == 400, response.text
        assert [error["field"] for error in response.json()["errors"]] == [field]


@ON_SQLITE
async def test_a_move_keeps_the_length_and_a_new_type_brings_its_own(desk: Desk) -> None:
    """Unless the end is given."""
    row = await desk.booked(endTime="09:50:00")
    moved = (await desk.update(row, startTime="10:00:00")).json()
    assert moved | times("10:00", "10:50") == moved
    visit = {"code": "LONG", "title": "Long", "durationMinutes": 60}
    long = await desk.staff.create_row("appointment-types", **visit)
    moved = (await desk.update(row, appointmentTypeId=long["id"])).json()
    assert moved | times("10:00", "11:00") == moved
    moved = (await desk.update(row, startTime="09:00:00", endTime="09:20:00")).json()
    assert moved | times("09:00", "09:20") == moved
    assert (await desk.update(row, startTime="09:00:00")).json() == moved


@ON_SQLITE
async def test_other_clinics_rows_are_not_found(desk: Desk) -> None:
    """Neither in the body nor in the path, although the caller is a member there."""
    there = await work_elsewhere(desk)
    plan = await there.staff.plan(there.patient)
    row = await desk.booked()
    foreign = {
        "patientId": there.patient["id"],
        "treatmentPlanId": plan["id"],
        "therapistId": str(there.colleague.id),
        "roomId": there.room["id"],
        "appointmentTypeId": there.visit["id"],
    }
    for field, value in foreign.items():
        assert (await desk.book("11:00", **{field: value})).status_code == 404, field
        if field != "patientId":
            assert (await desk.update(row, **{field: value})).status_code == 404, field
    assert (await there.update(row, startTime="10:00:00")).status_code == 404
    assert (await there.set_status(row, "cancelled")).status_code == 404
    assert await there.listed() == []


@ON_SQLITE
async def test_the_gap_also_lies_around_midnight(desk: Desk) -> None:
    """The last appointment of a day and the first of the next one are five minutes apart."""
    tuesday = later(MONDAY, 1)
    await desk.exception(**times("22:00", "23:59"))
    await desk.exception(date=tuesday, **times("00:00", "02:00"))
    other = (await desk.staff.patient())["id"]
    late = await desk.booked("23:28", endTime="23:58:00")
    problem = is_refused(
        await desk.book("00:00", date=tuesday, patientId=other),
        "practitioner",
        free("00:05", "00:35", tuesday),
    )
    assert problem["clashesWith"]["id"] == late["id"]
    await desk.booked("00:03", date=tuesday, patientId=other)
