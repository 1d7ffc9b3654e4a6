"""Why an appointment is refused, in words."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from app.clinic.appointments.rules import GAP_MINUTES, InTheWay
from app.clinic.availability.models import Location

SEARCHED_DAYS = 31
NOTHING_FREE = f"No time within {SEARCHED_DAYS} days is free. Choose another practitioner or room."

# The appointment in the way: `id`, `date`, `startTime` and `endTime`.
Clash = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """`advice` is for when no other time is free; `may_be_later` says whether one may be."""

    what: InTheWay
    problem: str
    advice: str = NOTHING_FREE
    clash: Clash | None = None
    may_be_later: bool = True


def not_bookable(status: str) -> Refusal:
    return Refusal(
        what=InTheWay.PATIENT,
        problem=f"The patient is {status} and cannot be booked.",
        advice="Change the status of the patient first.",
        may_be_later=False,
    )


def plan_of_another() -> Refusal:
    return Refusal(
        what=InTheWay.PLAN,
        problem="The treatment plan belongs to another patient.",
        advice="Choose another plan, or none.",
        may_be_later=False,
    )


def outside_plan(start: datetime.date, end: datetime.date | None) -> Refusal:
    until = f"ends on {end}" if end else "has no end"
    return Refusal(
        what=InTheWay.PLAN,
        problem=f"The treatment plan starts on {start} and {until}.",
        advice="Choose a date of the plan, or another plan, or none.",
    )


def plan_full(number_of_sessions: int) -> Refusal:
    return Refusal(
        what=InTheWay.PLAN,
        problem="The treatment plan has as many appointments as its `numberOfSessions` "
        f"({number_of_sessions}).",
        advice="Increase that number, or choose another plan, or none.",
        may_be_later=False,
    )


def outside_hours(location: Location) -> Refusal:
    return Refusal(
        what=InTheWay.HOURS,
        problem=f"The time is not within the practitioner's hours at the location `{location}`.",
    )


def practitioner_busy(clash: Clash | None) -> Refusal:
    """Without the appointment in the way, which is of another organization."""
    when = _times(clash) if clash else "in another organization"
    return Refusal(
        what=InTheWay.PRACTITIONER,
        problem=f"The practitioner has an appointment {when}, and appointments must be at least "
        f"{GAP_MINUTES} minutes apart.",
        clash=clash,
    )


def room_full(capacity: int, clash: Clash) -> Refusal:
    return Refusal(
        what=InTheWay.ROOM,
        problem=f"The room is full: its capacity is {capacity}, and it has an appointment "
        f"{_times(clash)}.",
        clash=clash,
    )


def patient_busy(clash: Clash) -> Refusal:
    return Refusal(
        what=InTheWay.PATIENT,
        problem=f"The patient has another appointment {_times(clash)}.",
        clash=clash,
    )


def slot_full() -> Refusal:
    return Refusal(
        what=InTheWay.SLOT,
        problem="The practitioner's weekly template has as many appointments on this date as its "
        "`maxSessions` allows.",
    )


def _times(clash: Clash) -> str:
    return f"from {clash['startTime']} to {clash['endTime']}"
