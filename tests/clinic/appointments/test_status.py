"""The life of an appointment, and when which of its fields can change."""

from typing import Any

import pytest

from clinic.appointments.desks import MONDAY, PAST_MONDAY, Desk

pytestmark = pytest.mark.parametrize("shared", ["sqlite"], indirect=True)

CHANGES = {
    "scheduled": {"confirmed", "in_progress", "cancelled", "no_show"},
    "confirmed": {"in_progress", "cancelled", "no_show"},
    "in_progress": {"finished"},
    "finished": set(),
    "cancelled": set(),
    "no_show": set(),
}
PATHS: dict[str, list[str]] = {
    "scheduled": [],
    "confirmed": ["confirmed"],
    "in_progress": ["in_progress"],
    "finished": ["in_progress", "finished"],
    "cancelled": ["cancelled"],
    "no_show": ["no_show"],
}


@pytest.mark.parametrize("present", CHANGES)
async def test_a_status_changes_only_as_documented(desk: Desk, present: str) -> None:
    """All others are refused, with those that are possible."""
    for wanted in CHANGES:
        row = await desk.done(await desk.booked(date=PAST_MONDAY), *PATHS[present])
        response = await desk.set_status(row, wanted)
        if wanted in CHANGES[present]:
            assert response.status_code == 200
            assert response.json()["status"] == wanted
        else:
            assert response.status_code == 409
            assert set(response.json()["possible"]) == CHANGES[present]
        await clear(desk)


async def clear(desk: Desk) -> None:
    """Move away what cannot be cancelled."""
    async with desk.staff.backend.session() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("DELETE FROM appointments")


async def test_a_session_starts_and_finishes(desk: Desk) -> None:
    """By default at the planned times; pain and notes are recorded on the way."""
    row = await desk.booked(date=PAST_MONDAY)
    started = (await desk.set_status(row, "in_progress", painBefore=7)).json()
    assert (started["actualStartTime"], started["painBefore"]) == ("09:00:00", 7)
    finished = await desk.set_status(row, "finished", actualEndTime="09:40:00", painAfter=3)
    assert finished.json()["actualEndTime"] == "09:40:00"
    assert finished.json() | {"painBefore": 7, "painAfter": 3} == finished.json()


async def test_a_session_does_not_end_before_it_starts(desk: Desk) -> None:
    """One that starts after its planned end ends then, by default."""
    row = await desk.booked(date=PAST_MONDAY)
    await desk.set_status(row, "in_progress", actualStartTime="09:45:00")
    response = await desk.set_status(row, "finished", actualEndTime="09:44:59")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "actualEndTime"
    assert (await desk.set_status(row, "finished")).json()["actualEndTime"] == "09:45:00"


async def test_reasons_and_moments_are_recorded(desk: Desk) -> None:
    """With the status that they belong to."""
    row = await desk.booked(date=PAST_MONDAY)
    assert (await desk.set_status(row, "confirmed")).json()["confirmedAt"]
    missed = (await desk.set_status(row, "no_show", noShowReason="Forgot")).json()
    assert missed["noShowReason"] == "Forgot"
    row = await desk.booked(date=PAST_MONDAY)
    cancelled = (await desk.set_status(row, "cancelled", cancellationReason="Ill")).json()
    assert cancelled["cancellationReason"] == "Ill"
    assert cancelled["cancelledAt"]


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("cancellationReason", "Ill", "cancelled"),
        ("noShowReason", None, "no_show"),
        ("actualStartTime", "09:00:00", "in_progress"),
        ("painBefore", 1, "in_progress"),
        ("actualEndTime", "09:30:00", "finished"),
        ("painAfter", None, "finished"),
    ],
)
async def test_each_field_belongs_to_one_status(
    desk: Desk, field: str, value: Any, status: str
) -> None:
    """With any other, it is refused by its name."""
    row = await desk.booked(date=PAST_MONDAY)
    for other in PATHS.keys() - {status}:
        response = await desk.set_status(row, other, **{field: value})
        assert response.status_code == 400
        assert response.json()["errors"][0]["field"] == field
    if status == "finished":
        await desk.done(row, "in_progress")
    assert (await desk.set_status(row, status, **{field: value})).status_code == 200


@pytest.mark.parametrize("status", ["in_progress", "no_show"])
async def test_a_session_needs_a_date_that_has_started(desk: Desk, status: str) -> None:
    """The others do not."""
    response = await desk.set_status(await desk.booked(date=MONDAY), status)
    assert response.status_code == 409
    assert MONDAY in response.json()["detail"]


FIELDS = {
    "primaryConcern": {"scheduled", "confirmed", "in_progress"},
    "observations": {"in_progress", "finished"},
    "sessionNotes": {"in_progress", "finished"},
    "startTime": {"scheduled", "confirmed"},
    "roomId": {"scheduled", "confirmed"},
}


@pytest.mark.parametrize("present", PATHS)
async def test_fields_change_only_in_some_statuses(desk: Desk, present: str) -> None:
    """The plan of it until the session starts, and the record of it from then on."""
    values = {"startTime": "10:00:00", "roomId": desk.room["id"]}
    row = await desk.done(await desk.booked(date=PAST_MONDAY), *PATHS[present])
    for field, statuses in FIELDS.items():
        value = values.get(field, "Better")
        response = await desk.update(row, **{field: value})
        assert response.status_code == (200 if present in statuses else 409), response.text
        if response.status_code == 409:
            assert f"`{field}`" in response.json()["detail"]
    same = {name: row[name] for name in ("date", "sessionNotes", "location")}
    assert (await desk.update(row, **same)).status_code == 200
