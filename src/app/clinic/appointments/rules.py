"""The rules of appointments, for the API and the seed.

Pure arithmetic on one practitioner, one date and one location. Times of day are in seconds since
midnight. Only appointments that count are passed in; see `counts`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.clinic.appointments.models import AppointmentStatus
from app.clinic.availability.rules import DAY, TimeRange
from app.clinic.patients.models import PatientStatus

GAP_MINUTES = 5
STEP_MINUTES = 5
GAP, STEP = GAP_MINUTES * 60, STEP_MINUTES * 60

SCHEDULED, CONFIRMED, IN_PROGRESS, FINISHED, CANCELLED, NO_SHOW = AppointmentStatus
STATUS_CHANGES: Mapping[AppointmentStatus, tuple[AppointmentStatus, ...]] = {
    SCHEDULED: (CONFIRMED, IN_PROGRESS, CANCELLED, NO_SHOW),
    CONFIRMED: (IN_PROGRESS, CANCELLED, NO_SHOW),
    IN_PROGRESS: (FINISHED,),
    FINISHED: (),
    CANCELLED: (),
    NO_SHOW: (),
}
# These need a date that has begun.
ON_THE_DAY = (IN_PROGRESS, FINISHED, NO_SHOW)
NOT_COUNTED = (CANCELLED, NO_SHOW)
MOVABLE = (SCHEDULED, CONFIRMED)
# A patient with such a status has no new appointments.
NOT_BOOKED = (PatientStatus.DISCHARGED, PatientStatus.ARCHIVED)
_STARTED = (IN_PROGRESS, FINISHED)
# The statuses in which a field can change; all others can while the appointment is `MOVABLE`.
WRITABLE: Mapping[str, tuple[AppointmentStatus, ...]] = {
    "primary_concern": (SCHEDULED, CONFIRMED, IN_PROGRESS),
    "observations": _STARTED,
    "session_notes": _STARTED,
}
# The fields that can be set together with a status.
FIELDS_OF_STATUS: Mapping[AppointmentStatus, tuple[str, ...]] = {
    IN_PROGRESS: ("actual_start_time", "pain_before"),
    FINISHED: ("actual_end_time", "pain_after"),
    CANCELLED: ("cancellation_reason",),
    NO_SHOW: ("no_show_reason",),
}


class InTheWay(StrEnum):
    """What an appointment is refused for."""

    PATIENT = "patient"
    PLAN = "plan"
    HOURS = "hours"
    PRACTITIONER = "practitioner"
    ROOM = "room"
    SLOT = "slot"


@dataclass(frozen=True, slots=True)
class Offer:
    """Hours at the wanted location: of a weekly template, or added by an exception.

    A template holds at most `max_sessions` appointments on one date; added time has no limit.
    """

    hours: TimeRange
    max_sessions: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What an appointment has to fit into on its date.

    `practitioner` has the practitioner's appointments at all clinics, `held` those at the wanted
    clinic and location, `room` those in the wanted room, and `patient` those of the patient.
    """

    offered: Sequence[Offer] = ()
    unavailable: Sequence[TimeRange] = ()
    practitioner: Sequence[TimeRange] = ()
    held: Sequence[TimeRange] = ()
    room: Sequence[TimeRange] = ()
    room_capacity: int = 1
    patient: Sequence[TimeRange] = ()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`clash` is the index of the appointment in the way, in the list of that name in `Day`."""

    what: InTheWay
    clash: int | None = None


def may_change_status(present: AppointmentStatus, wanted: AppointmentStatus) -> bool:
    return wanted in STATUS_CHANGES[present]


def counts(status: AppointmentStatus) -> bool:
    """Return whether an appointment takes up time; cancelled and missed ones do not."""
    return status not in NOT_COUNTED


def find_obstacle(wanted: TimeRange, day: Day) -> Obstacle | None:
    """Return the first thing that is in the way of an appointment at the wanted time."""
    if not is_within_hours(wanted, day):
        return Obstacle(InTheWay.HOURS)
    apart = (TimeRange(busy.start - GAP, busy.end + GAP) for busy in day.practitioner)
    if (clash := _first_overlap(wanted, apart)) is not None:
        return Obstacle(InTheWay.PRACTITIONER, clash)
    if in_room := find_room_obstacle(wanted, day):
        return in_room
    if (clash := _first_overlap(wanted, day.patient)) is not None:
        return Obstacle(InTheWay.PATIENT, clash)
    if is_slot_full(wanted, day):
        return Obstacle(InTheWay.SLOT)
    return None


def find_room_obstacle(wanted: TimeRange, day: Day) -> Obstacle | None:
    if is_room_full(wanted, day.room, day.room_capacity):
        return Obstacle(InTheWay.ROOM, _first_overlap(wanted, day.room))
    return None


def free_starts(day: Day, length: int, earliest: int = 0) -> Iterator[int]:
    """Yield the times of the day, in steps of `STEP`, at which an appointment can start."""
    first = max(earliest, min((offer.hours.start for offer in day.offered), default=0))
    # An appointment ends at 23:59:59 at the latest.
    last = min(max((offer.hours.end for offer in day.offered), default=0), DAY - 1) - length
    for start in range(-(-first // STEP) * STEP, last + 1, STEP):
        if find_obstacle(TimeRange(start, start + length), day) is None:
            yield start


def find_unfit(day: Day) -> Iterator[int]:
    """Yield the indexes of those in `day.held` that the hours do not allow.

    They are not within the hours, or a template already holds as many before them.
    """
    allowed: list[TimeRange] = []
    for place, slot in enumerate(day.held):
        if is_within_hours(slot, day) and not is_slot_full(slot, replace(day, held=allowed)):
            allowed.append(slot)
        else:
            yield place


def find_crowded(room: Sequence[TimeRange], capacity: int) -> Iterator[int]:
    """Yield the indexes of the appointments for which a room has no place left."""
    allowed: list[TimeRange] = []
    for place, slot in enumerate(room):
        if is_room_full(slot, allowed, capacity):
            yield place
        else:
            allowed.append(slot)


def is_within_hours(wanted: TimeRange, day: Day) -> bool:
    """Return whether all of a time is offered at the location, and none of it is taken back."""
    if _first_overlap(wanted, day.unavailable) is not None:
        return False
    return _covers((offer.hours for offer in day.offered), wanted)


def is_slot_full(wanted: TimeRange, day: Day) -> bool:
    """Return whether a template that would hold the appointment already holds all it can.

    A template holds what is within it, except where an exception adds the same time.
    """
    added = [offer.hours for offer in day.offered if offer.max_sessions is None]

    def holds(template: TimeRange, slot: TimeRange) -> bool:
        within = TimeRange(max(template.start, slot.start), min(template.end, slot.end))
        return within.start < within.end and not _covers(added, within)

    return any(
        offer.max_sessions is not None
        and holds(offer.hours, wanted)
        and sum(holds(offer.hours, slot) for slot in day.held) >= offer.max_sessions
        for offer in day.offered
    )


def is_room_full(wanted: TimeRange, others: Iterable[TimeRange], capacity: int) -> bool:
    """Return whether as many others as the room can take are in it at some moment of the time."""
    meanwhile = [slot for slot in others if _overlap(slot, wanted)]
    # The most are there when one of them, or the wanted one, begins.
    moments = {wanted.start, *(max(slot.start, wanted.start) for slot in meanwhile)}
    return any(
        sum(slot.start <= moment < slot.end for slot in meanwhile) >= capacity for moment in moments
    )


def _covers(hours: Iterable[TimeRange], wanted: TimeRange) -> bool:
    """Return whether hours, of which some may overlap, cover a time without a gap."""
    reached = wanted.start
    for slot in sorted(hours, key=lambda each: each.start):
        if slot.start > reached:
            break
        reached = max(reached, slot.end)
    return reached >= wanted.end


def _overlap(one: TimeRange, other: TimeRange) -> bool:
    return one.start < other.end and other.start < one.end


def _first_overlap(wanted: TimeRange, others: Iterable[TimeRange]) -> int | None:
    return next((place for place, other in enumerate(others) if _overlap(wanted, other)), None)
