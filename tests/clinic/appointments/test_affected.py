"""Changes of hours, rooms and plans that upcoming appointments are in the way of."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock
from app.clinic.appointments import errors
from clinic.appointments.desks import (
    HOURS,
    MONDAY,
    NEXT_MONDAY,
    PAST_MONDAY,
    Desk,
    later,
    times,
    work_elsewhere,
)

pytestmark = pytest.mark.parametrize("shared", ["sqlite"], indirect=True)


async def template_of(desk: Desk) -> str:
    rows = (await desk.staff.read("availability/templates"))["items"]
    [template] = [row["id"] for row in rows if row["userId"] == desk.practitioner]
    return str(template)


async def change_template(desk: Desk, query: str = "", **fields: Any) -> httpx.Response:
    path = f"availability/templates/{await template_of(desk)}{query}"
    return await desk.staff.call("PUT", path, json=HOURS | fields)


async def take_away(desk: Desk, query: str = "", **fields: Any) -> httpx.Response:
    body = {"date": MONDAY, "isAvailable": False, "reason": "sick"} | fields
    return await desk.staff.call("POST", f"availability/exceptions{query}", json=body)


def is_refused(response: httpx.Response, in_the_way: str, *rows: Any) -> Any:
    """Check that these appointments are in the way, and no others."""
    problem = response.json()
    assert response.status_code == 409, problem
    assert problem["inTheWay"] == in_the_way
    fields = ("id", "date", "startTime", "endTime", "patientId")
    assert problem["appointments"] == [{name: row[name] for name in fields} for row in rows]
    assert problem["appointmentCount"] == len(rows)
    return problem


async def test_hours_with_appointments_are_not_taken_away(desk: Desk) -> None:
    """By another weekday, shorter hours, another location, an exception, or a deletion."""
    early = await desk.booked("09:00")
    late = await desk.booked("11:30", date=NEXT_MONDAY)
    cancelled = await desk.booked("10:30")
    await desk.done(cancelled, "cancelled")
    await desk.booked("10:00", date=PAST_MONDAY)
    is_refused(await change_template(desk, dayOfWeek="tue"), "hours", early, late)
    is_refused(await change_template(desk, location="home"), "hours", early, late)
    is_refused(await change_template(desk, **times("09:30", "12:00")), "hours", early)
    is_refused(await change_template(desk, **times("09:00", "11:45")), "hours", late)
    is_refused(await take_away(desk), "hours", early)
    is_refused(await take_away(desk, **times("09:29", "10:00")), "hours", early)
    path = f"availability/templates/{await template_of(desk)}"
    is_refused(await desk.staff.call("DELETE", path), "hours", early, late)
    assert (await change_template(desk, **times("08:00", "12:30"))).status_code == 200
    assert (await take_away(desk, **times("09:30", "11:00"))).status_code == 201
    assert (await take_away(desk, date=later(NEXT_MONDAY, 7))).status_code == 201


async def test_a_template_keeps_room_for_what_is_booked(desk: Desk) -> None:
    """The last appointments of the day are those that a smaller `maxSessions` has no place for."""
    rows = [await desk.booked(start) for start in ("09:00", "10:00", "11:00")]
    is_refused(await change_template(desk, maxSessions=1), "hours", *rows[1:])
    assert (await change_template(desk, maxSessions=3)).status_code == 200


async def test_added_time_with_appointments_is_not_removed(desk: Desk) -> None:
    """Neither deleted nor moved to another date nor turned into time off."""
    added = await desk.exception(**times("13:00", "14:00"))
    row = await desk.booked("13:00")
    path = f"availability/exceptions/{added['id']}"
    body = {"date": MONDAY, "isAvailable": True, "reason": "other", **times("13:00", "14:00")}
    is_refused(await desk.staff.call("DELETE", path), "hours", row)
    for change in ({"date": NEXT_MONDAY}, {"isAvailable": False}, times("13:15", "14:00")):
        response = await desk.staff.call("PUT", path, json=body | change)
        is_refused(response, "hours", row)
    larger = await desk.staff.call("PUT", path, json=body | times("12:45", "14:00"))
    assert larger.status_code == 200


async def test_force_keeps_appointments_outside_the_hours(desk: Desk) -> None:
    """They can be cancelled and described, and are in the way of no other change of hours."""
    row = await desk.booked("09:00")
    other = await desk.booked("11:00")
    forced = await change_template(desk, "?force=true", **times("10:00", "12:00"))
    assert forced.status_code == 200
    assert (await desk.staff.read(f"appointments/{row['id']}")) == row
    is_refused(await change_template(desk, **times("10:00", "11:00")), "hours", other)
    assert (await change_template(desk, **times("10:00", "11:30"))).status_code == 200
    assert (await desk.update(row, primaryConcern="Knee")).status_code == 200
    room = {"roomId": desk.room["id"]}
    assert (await desk.update(row, **room)).status_code == 200
    assert (await desk.update(row, startTime="09:05:00")).json()["inTheWay"] == "hours"
    path = f"availability/templates/{await template_of(desk)}"
    assert (await desk.staff.call("DELETE", f"{path}?force=true")).status_code == 204
    assert (await take_away(desk, **times("09:00", "12:00"))).status_code == 201
    await desk.done(row, "confirmed", "cancelled")


async def test_only_appointments_of_the_clinic_are_in_the_way(desk: Desk) -> None:
    """The hours of another clinic are not affected."""
    there = await work_elsewhere(desk)
    await there.exception(**times("07:00", "08:00"))
    await there.booked("07:00")
    assert (await take_away(desk, **times("09:00", "12:00"))).status_code == 201


async def test_at_most_100_appointments_are_listed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count includes all. To keep the test short, the limit is lowered."""
    assert errors.MOST_LISTED == 100
    monkeypatch.setattr(errors, "MOST_LISTED", 2)
    rows = [await desk.booked(start) for start in ("09:00", "10:00", "11:00")]
    problem = (await change_template(desk, dayOfWeek="sat")).json()
    assert [each["id"] for each in problem["appointments"]] == [row["id"] for row in rows[:2]]
    assert problem["appointmentCount"] == 3
    assert "3 upcoming appointments" in problem["detail"]


async def test_sessions_that_have_started_today_are_in_the_way_of_nothing(desk: Desk) -> None:
    """They can be neither moved nor cancelled, and need neither hours nor the room tomorrow."""
    day = str(clock.today())
    await desk.exception(date=day)
    patients = [desk.patient, await desk.staff.patient()]
    rows = [
        await desk.booked(start, date=day, patientId=patient["id"], roomId=desk.room["id"])
        for start, patient in zip(("09:00", "10:00"), patients, strict=True)
    ]
    await desk.done(rows[0], "in_progress", "finished")
    await desk.done(rows[1], "in_progress")
    [exception] = (await desk.staff.read("availability/exceptions"))["items"]
    for path in (f"availability/exceptions/{exception['id']}", f"rooms/{desk.room['id']}"):
        assert (await desk.staff.call("DELETE", path)).status_code == 204


async def test_sessions_that_have_started_keep_their_place(desk: Desk) -> None:
    """A room that becomes smaller has no place for those that can still be moved."""
    day = str(clock.today())
    room = await desk.staff.create_row("rooms", name="Gym", capacity=2)
    for practitioner in (desk.practitioner, str(desk.colleague.id)):
        await desk.exception(date=day, userId=practitioner)
    common = {"date": day, "roomId": room["id"]}
    to_come = await desk.booked("09:00", **common)
    patient = (await desk.staff.patient())["id"]
    started = await desk.booked(
        "09:15", **common, patientId=patient, therapistId=str(desk.colleague.id)
    )
    await desk.done(started, "in_progress")
    path = f"rooms/{room['id']}"
    is_refused(await desk.staff.call("PUT", path, json={"name": "Gym"}), "room", to_come)


async def test_a_room_with_appointments_is_not_deleted(desk: Desk) -> None:
    """Past ones do not matter, nor do those that are cancelled or moved to another room."""
    room = {"roomId": desk.room["id"]}
    await desk.booked(date=PAST_MONDAY, **room)
    rows = [await desk.booked("09:00", **room), await desk.booked("10:00", **room)]
    path = f"rooms/{desk.room['id']}"
    is_refused(await desk.staff.call("DELETE", path), "room", *rows)
    await desk.done(rows[0], "cancelled")
    other = await desk.staff.create_row("rooms", name="Room 2")
    await desk.update(rows[1], roomId=other["id"])
    assert (await desk.staff.call("DELETE", path)).status_code == 204


async def test_a_plan_keeps_its_appointments(desk: Desk) -> None:
    """Within its dates, and not more than its number; cancelled ones do not count."""
    plan = await desk.staff.plan(desk.patient, startDate=PAST_MONDAY, status="ongoing")
    path, of_plan = f"treatment-plans/{plan['id']}", {"treatmentPlanId": plan["id"]}
    past = await desk.booked(date=PAST_MONDAY, **of_plan)
    first = await desk.booked(date=MONDAY, **of_plan)
    second = await desk.booked(date=NEXT_MONDAY, **of_plan)

    async def change(**fields: Any) -> httpx.Response:
        return await desk.staff.call("PATCH", path, json=fields)

    is_refused(await change(endDate=MONDAY), "plan", second)
    is_refused(await change(startDate=later(PAST_MONDAY, 1)), "plan", past)
    is_refused(await change(numberOfSessions=1), "plan", first, second)
    completed = {"status": "completed"}
    response = await desk.staff.call("POST", f"{path}/status", json=completed)
    is_refused(response, "plan", first, second)
    assert (await change(numberOfSessions=3, endDate=NEXT_MONDAY)).status_code == 200
    for row in (first, second):
        await desk.done(row, "cancelled")
    assert (await change(numberOfSessions=1)).status_code == 200
    response = await desk.staff.call("POST", f"{path}/status", json=completed)
    assert response.status_code == 200


async def test_a_plan_can_be_completed_after_a_session_that_is_ahead_of_utc(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Australia the last session of a plan may be on what is tomorrow in UTC."""
    now = clock.now()
    plan = await desk.staff.plan(desk.patient, startDate=PAST_MONDAY, status="ongoing")
    tomorrow = now.date() + timedelta(days=1)
    evening = now.replace(hour=23, minute=0)
    await desk.exception(date=str(tomorrow))
    row = await desk.booked(date=str(tomorrow), treatmentPlanId=plan["id"])
    monkeypatch.setattr(clock, "now", lambda: evening)
    await desk.done(row, "in_progress", "finished")
    path = f"treatment-plans/{plan['id']}/status"
    response = await desk.staff.call("POST", path, json={"status": "completed"})
    assert response.status_code == 200, response.text
    assert response.json()["endDate"] == str(tomorrow)
