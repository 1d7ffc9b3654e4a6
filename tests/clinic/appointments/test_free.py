"""The times that can be booked."""

from typing import Any

import pytest

from clinic.appointments.desks import MONDAY, Desk, later, times

pytestmark = pytest.mark.parametrize("shared", ["sqlite"], indirect=True)

TUESDAY = later(MONDAY, 1)


async def free(desk: Desk, **query: Any) -> Any:
    query = {"typeId": desk.visit["id"], "from": MONDAY} | query
    return await desk.staff.read("appointments/free", **query)


def starts(found: Any) -> list[list[str]]:
    """Return the starts of each day, without seconds."""
    return [[each["startTime"][:5] for each in day["times"]] for day in found["days"]]


async def test_starts_are_in_steps_of_five_minutes(desk: Desk) -> None:
    """For each date, of the caller by default, with the end and the locations."""
    found = await free(desk, to=TUESDAY)
    assert (found["userId"], found["durationMinutes"]) == (desk.practitioner, 30)
    assert [day["date"] for day in found["days"]] == [MONDAY, TUESDAY]
    monday, tuesday = starts(found)
    assert (monday[0], monday[1], monday[-1]) == ("09:00", "09:05", "11:30")
    assert (len(monday), tuesday) == (31, [])
    first = found["days"][0]["times"][0]
    assert first == times("09:00", "09:30") | {"locations": ["clinic"]}


async def test_what_is_booked_is_not_free(desk: Desk) -> None:
    """With the gap of the practitioner; the patient and the room count if they are given."""
    await desk.booked("10:00", roomId=desk.room["id"])
    [monday] = starts(await free(desk))
    assert [start for start in monday if "09:25" <= start <= "10:35"] == ["09:25", "10:35"]
    colleague = {"userId": str(desk.colleague.id)}
    [monday] = starts(await free(desk, **colleague))
    assert "10:00" in monday
    for more in ({"patientId": desk.patient["id"]}, {"roomId": desk.room["id"]}):
        [monday] = starts(await free(desk, **colleague, **more))
        assert [start for start in monday if "09:30" <= start <= "10:30"] == ["09:30", "10:30"]


async def test_each_location_of_the_hours_is_listed(desk: Desk) -> None:
    """Added time offers all of them; with a room only the clinic is left."""
    await desk.hours(**times("13:00", "13:30"), location="home")
    await desk.exception(**times("14:00", "14:30"))
    found = (await free(desk))["days"][0]["times"]
    locations = {each["startTime"][:5]: each["locations"] for each in found}
    assert locations["13:00"] == ["home"]
    assert locations["14:00"] == ["clinic", "home", "telehealth"]
    found = (await free(desk, roomId=desk.room["id"]))["days"][0]["times"]
    assert {each["startTime"][:5] for each in found if each["startTime"] > "12"} == {"14:00"}
    assert all(each["locations"] == ["clinic"] for each in found)


async def test_the_last_time_of_a_day_can_be_booked(desk: Desk) -> None:
    """No appointment ends at midnight, which belongs to the next day."""
    await desk.exception(date=TUESDAY)
    [tuesday] = starts(await free(desk, **{"from": TUESDAY}))
    assert tuesday[-1] == "23:25"
    await desk.booked(tuesday[-1], date=TUESDAY)
    assert (await desk.book("23:30", date=TUESDAY)).status_code == 400


async def test_nothing_is_free_for_a_patient_who_cannot_be_booked(desk: Desk) -> None:
    """The days are listed without times."""
    path = f"patients/{desk.patient['id']}"
    await desk.staff.call("PATCH", path, json={"status": "archived"})
    assert starts(await free(desk, patientId=desk.patient["id"])) == [[]]


async def test_at_most_31_days_are_listed(desk: Desk) -> None:
    """All the same in one response; and the last dates of the calendar are dates as well."""
    assert len((await free(desk, to=later(MONDAY, 30)))["days"]) == 31
    for days in (31, -1):
        query = {"typeId": desk.visit["id"], "from": MONDAY, "to": later(MONDAY, days)}
        response = await desk.staff.call("GET", "appointments/free", params=query)
        assert response.status_code == 400
    assert len((await free(desk, **{"from": "9999-12-30", "to": "9999-12-31"}))["days"]) == 2
    assert len((await free(desk, **{"from": "0001-01-01"}))["days"]) == 1


async def test_free_is_no_id(desk: Desk) -> None:
    """The route does not hide an appointment, and no appointment hides it."""
    row = await desk.booked()
    assert (await desk.staff.read(f"appointments/{row['id']}")) == row
    response = await desk.staff.call("GET", "appointments/free")
    assert response.json()["detail"] == "Nothing was changed. Please add the parameter `typeId`."
