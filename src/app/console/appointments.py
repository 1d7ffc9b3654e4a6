"""Appointments as the console shows them, with the names of the rows that they refer to."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from app import clock
from app.clinic.appointments.models import AppointmentStatus
from app.clinic.appointments.rules import (
    ON_THE_DAY,
    STATUS_CHANGES,
    Day,
    Offer,
    is_within_hours,
)
from app.clinic.availability.rules import TimeRange
from app.console.api import Api
from app.console.members import read_members
from app.console.slots import Row, times_in_words
from app.names import MAX_LIMIT

PATH = "/api/appointments"
ROOMS_PATH = "/api/rooms"
TYPES_PATH = "/api/appointment-types"
NO_PATIENT = "A deleted patient"
# Finished, cancelled and missed ones are over, and so are all of a date that has passed.
OPEN = (AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED, AppointmentStatus.IN_PROGRESS)


class Names(msgspec.Struct):
    """The names of rows, by their ids; a row that was deleted has none."""

    patients: dict[str, str]
    practitioners: dict[str, str]
    types: dict[str, str]
    rooms: dict[str, str]


class ShownAppointment(msgspec.Struct):
    """A row of the API, in words."""

    row: Row
    names: Names
    is_outside: bool = False

    @property
    def patient(self) -> str:
        return self.names.patients.get(self.row["patientId"], NO_PATIENT)

    @property
    def practitioner(self) -> str:
        return self.names.practitioners.get(self.row["therapistId"], "A former member")

    @property
    def type(self) -> str:
        return self.names.types.get(self.row["appointmentTypeId"], "Appointment")

    @property
    def room(self) -> str:
        if self.row["roomId"] is None:
            return ""
        return self.names.rooms.get(self.row["roomId"], "A deleted room")

    @property
    def place(self) -> str:
        """The room, or else where the appointment is."""
        return self.room or str(self.row["location"])

    @property
    def times(self) -> str:
        return times_in_words(self.row)

    @property
    def day(self) -> str:
        date = datetime.date.fromisoformat(self.row["date"])
        return f"{date:%A} {date.day} {date:%B} {date.year}"

    @property
    def is_open(self) -> bool:
        return self.row["status"] in OPEN

    @property
    def moves(self) -> Sequence[AppointmentStatus]:
        """The statuses that it can change to now."""
        return [status for status in self._moves if status not in self.later_moves]

    @property
    def later_moves(self) -> Sequence[AppointmentStatus]:
        """The statuses that it can change to once its date has started."""
        has_started = self.row["date"] <= clock.latest_today().isoformat()
        return [] if has_started else [status for status in self._moves if status in ON_THE_DAY]

    @property
    def _moves(self) -> Sequence[AppointmentStatus]:
        return STATUS_CHANGES[AppointmentStatus(self.row["status"])]


async def read_names(
    api: Api,
    rows: Sequence[Row],
    *,
    patients: bool = True,
    practitioners: Collection[str] | None = None,
) -> Names:
    """Return what appointments refer to.

    Patients can be left out. `practitioners` are the ids of those to return, by default of all
    that the appointments have.
    """
    patient_ids = {row["patientId"] for row in rows} if patients else set()
    user_ids = {row["therapistId"] for row in rows} if practitioners is None else practitioners
    return Names(
        patients=await read_patients(api, patient_ids),
        practitioners=await read_members(api, *user_ids) if user_ids else {},
        types={row["id"]: row["title"] for row in await api.get_all(TYPES_PATH)},
        rooms={row["id"]: row["name"] for row in await api.get_all(ROOMS_PATH)},
    )


async def read_patients(api: Api, ids: Iterable[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for some in _batches(sorted(ids)):
        page = await api.get("/api/patients", ids=some, limit=MAX_LIMIT)
        names |= {row["id"]: f"{row['firstName']} {row['lastName']}" for row in page["items"]}
    return names


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(ids), MAX_LIMIT):
        yield ids[first : first + MAX_LIMIT]


def is_outside_hours(row: Row, intervals: Sequence[Row]) -> bool:
    """Return whether the intervals of its date do not offer an appointment its time and place."""
    offered = [
        Offer(range_of(each))
        for each in intervals
        if any(source["location"] in {None, row["location"]} for source in each["sources"])
    ]
    return not is_within_hours(range_of(row), Day(offered=offered))


def range_of(row: Any) -> TimeRange:
    return TimeRange(_seconds(row["startTime"]), _seconds(row["endTime"]))


def _seconds(time: str) -> int:
    hours, minutes, seconds = map(int, time.split(":"))
    return (hours * 60 + minutes) * 60 + seconds
