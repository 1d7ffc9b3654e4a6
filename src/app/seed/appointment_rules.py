"""Apply the rules of the API to seeded appointments, as `api_rules.py` does for other rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from app.clinic.appointments import rules
from app.clinic.appointments.models import AppointmentStatus
from app.clinic.appointments.rules import Day, InTheWay, Offer, find_obstacle
from app.clinic.availability.rules import WEEKDAYS, TimeRange, slot_of
from app.database.bulk import Row
from app.seed.errors import AuditFailed

SCHEDULED, CONFIRMED, IN_PROGRESS, FINISHED, CANCELLED, NO_SHOW = AppointmentStatus
# The status changes that lead to a status.
WAYS: Mapping[AppointmentStatus, Sequence[AppointmentStatus]] = {
    SCHEDULED: (SCHEDULED,),
    CONFIRMED: (SCHEDULED, CONFIRMED),
    IN_PROGRESS: (SCHEDULED, CONFIRMED, IN_PROGRESS),
    FINISHED: (SCHEDULED, CONFIRMED, IN_PROGRESS, FINISHED),
    CANCELLED: (SCHEDULED, CANCELLED),
    NO_SHOW: (SCHEDULED, CONFIRMED, NO_SHOW),
}
FINAL = (FINISHED, CANCELLED, NO_SHOW)
MINUTE, HOUR = 60, 60 * 60


class PractitionerHours(NamedTuple):
    """The templates of each weekday, and the exceptions of each date."""

    templates: Mapping[str, Sequence[Row]]
    exceptions: Mapping[date, Sequence[Row]]

    def offered(self, row: Row) -> Iterator[Offer]:
        """Yield what the practitioner offers at the place of an appointment."""
        for template in self._templates_on(row["date"]):
            if template["location"] is row["location"]:
                yield Offer(_range(template), template["max_sessions"])
        for exception in self.exceptions.get(row["date"], ()):
            if exception["is_available"]:
                yield Offer(_range(exception))

    def _templates_on(self, day: date) -> Sequence[Row]:
        if day.weekday() == len(WEEKDAYS):
            return ()  # no template is for Sundays
        return self.templates.get(WEEKDAYS[day.weekday()], ())

    def unavailable(self, row: Row) -> Iterator[TimeRange]:
        for exception in self.exceptions.get(row["date"], ()):
            if not exception["is_available"]:
                yield _range(exception)


def hours_of(templates: Iterable[Row], exceptions: Iterable[Row]) -> PractitionerHours:
    of_days: dict[str, list[Row]] = {}
    for template in templates:
        of_days.setdefault(template["day_of_week"], []).append(template)
    of_dates: dict[date, list[Row]] = {}
    for exception in exceptions:
        of_dates.setdefault(exception["date"], []).append(exception)
    return PractitionerHours(of_days, of_dates)


def check_appointments(rows: Iterable[Row], hours: PractitionerHours, as_of: date) -> Iterator[Row]:
    """Yield the appointments of one practitioner.

    Raise `AuditFailed` for one that cannot be booked beside those before it, or whose status no
    changes lead to.
    """
    booked: dict[date, list[Row]] = {}
    for row in rows:
        _check_status(row, as_of)
        if rules.counts(row["status"]):
            others = booked.setdefault(row["date"], [])
            if obstacle := find_obstacle(_range(row), _day(row, others, hours)):
                raise _failed(f"nothing is in the way of an appointment: {obstacle.what}", row)
            others.append(row)
        yield row


def check_booking_limits() -> None:
    """Raise `AuditFailed` if a rule rejects its limit or accepts something beyond it."""
    for start, end, day, expected in _limits():
        found = find_obstacle(TimeRange(start, end), day)
        if (found and found.what) is not expected:
            raise AuditFailed({"appointments may go to the limits of their rules": []})
    may_change = (rules.may_change_status(of, to) for of in FINAL for to in AppointmentStatus)
    if any(may_change) or not {IN_PROGRESS, FINISHED, NO_SHOW} <= set(rules.ON_THE_DAY):
        raise AuditFailed({"final statuses are final, and no session takes place in advance": []})


def _limits() -> Iterator[tuple[int, int, Day, InTheWay | None]]:
    """Yield times of a day from 09:00 to 12:00, and what is in their way, if anything."""
    ten, half_past, eleven, noon = 10 * HOUR, 10 * HOUR + 30 * MINUTE, 11 * HOUR, 12 * HOUR
    offered, slot = (
        (Offer(TimeRange(9 * HOUR, noon), max_sessions=2),),
        (TimeRange(ten, half_past),),
    )
    free, away = Day(offered=offered), Day(offered=offered, unavailable=slot)
    yield 9 * HOUR, noon, free, None
    yield 9 * HOUR - MINUTE, ten, free, InTheWay.HOURS
    yield eleven, noon + MINUTE, free, InTheWay.HOURS
    yield half_past, eleven, away, None
    yield half_past - MINUTE, eleven, away, InTheWay.HOURS
    busy = Day(offered=offered, practitioner=slot)
    yield half_past + 5 * MINUTE, eleven, busy, None
    yield half_past + 4 * MINUTE, eleven, busy, InTheWay.PRACTITIONER
    for day, what in (
        (Day(offered=offered, room=slot), InTheWay.ROOM),
        (Day(offered=offered, patient=slot), InTheWay.PATIENT),
    ):
        yield half_past, eleven, day, None
        yield half_past - MINUTE, eleven, day, what
    yield ten, eleven, Day(offered=offered, room=slot, room_capacity=2), None
    yield half_past, eleven, Day(offered=offered, held=slot), None
    yield half_past, eleven, Day(offered=offered, held=slot * 2), InTheWay.SLOT


def _check_status(row: Row, as_of: date) -> None:
    """Repeat the status changes of an appointment."""
    if row["status"] in rules.ON_THE_DAY and row["date"] > as_of:
        raise _failed("sessions take place on days that have begun", row)
    for present, wanted in pairwise(WAYS[row["status"]]):
        if not rules.may_change_status(present, wanted):
            raise _failed("changes lead from scheduled to the status of an appointment", row)


def _day(row: Row, others: Sequence[Row], hours: PractitionerHours) -> Day:
    """Return what the others of the practitioner leave of the day."""
    return Day(
        offered=[*hours.offered(row)],
        unavailable=[*hours.unavailable(row)],
        practitioner=[_range(other) for other in others],
        held=[_range(other) for other in others if other["location"] is row["location"]],
        room=[
            _range(other)
            for other in others
            if row["room_id"] and other["room_id"] == row["room_id"]
        ],
        patient=[_range(other) for other in others if other["patient_id"] == row["patient_id"]],
    )


def _range(row: Row) -> TimeRange:
    return slot_of(row["start_time"], row["end_time"])


def _failed(rule: str, row: Row) -> AuditFailed:
    return AuditFailed({rule: [str(row["id"])]})
