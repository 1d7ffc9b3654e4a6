"""The errors of appointments; see `app.errors`."""

import datetime
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from app.clinic.appointments.refusals import Refusal
from app.clinic.appointments.rules import InTheWay
from app.clinic.errors import either
from app.errors import DomainError, FieldError, without_none

MOST_LISTED = 100


class AffectedAppointment(msgspec.Struct, rename="camel", kw_only=True):
    id: UUID
    date: datetime.date
    start_time: str
    end_time: str
    patient_id: UUID


class AppointmentDetails(msgspec.Struct, rename="camel", omit_defaults=True, kw_only=True):
    in_the_way: Annotated[
        InTheWay | None, Meta(description="What prevents the appointment or the change.")
    ] = None
    appointments: Annotated[
        list[AffectedAppointment] | None,
        Meta(description=f"The appointments that the change would affect, at most {MOST_LISTED}."),
    ] = None
    appointment_count: Annotated[int | None, Meta(description="How many it would affect.")] = None


class AppointmentsAffected(DomainError):
    """A change would leave appointments without what they need; `affected` are all of them."""

    status = HTTPStatus.CONFLICT

    def __init__(
        self,
        in_the_way: InTheWay,
        problem: str,
        advice: str,
        affected: Sequence[AffectedAppointment],
        errors: Sequence[FieldError] = (),
    ) -> None:
        super().__init__(
            f"Nothing was changed. {problem} {advice}",
            inTheWay=in_the_way,
            appointments=msgspec.to_builtins(affected[:MOST_LISTED]),
            appointmentCount=len(affected),
            **without_none(errors=msgspec.to_builtins(errors) or None),
        )


class AppointmentRefused(DomainError):
    """`free` is the next time that no rule prevents."""

    status = HTTPStatus.CONFLICT

    def __init__(self, refusal: Refusal, free: Mapping[str, str] | None = None) -> None:
        clash = refusal.clash
        next_free = "The next free time is on {date} from {startTime} to {endTime}."
        advice = next_free.format(**free) if free else refusal.advice
        super().__init__(
            f"Nothing was changed. {refusal.problem} {advice}",
            inTheWay=refusal.what,
            **without_none(clashesWith=clash and dict(clash)),
            nextFree=free and dict(free),
        )


def hours_needed(affected: Sequence[AffectedAppointment]) -> AppointmentsAffected:
    return AppointmentsAffected(
        InTheWay.HOURS,
        f"{_appointments(affected, 'upcoming ')} would be outside the practitioner's hours, or "
        "more than `maxSessions` allows.",
        "Move or cancel them first, or send `force=true` to keep them as they are.",
        affected,
    )


def room_too_small(
    needed: int, on: datetime.date, affected: Sequence[AffectedAppointment]
) -> AppointmentsAffected:
    """`affected` are those for which there would be no place; most are needed on one date."""
    return AppointmentsAffected(
        InTheWay.ROOM,
        f"On {on}, {needed} appointments in this room are at the same time.",
        f"Set `capacity` to at least {needed}, or move or cancel some of them first.",
        affected,
        [FieldError("capacity", f"must be at least {needed}: so many are booked on {on}")],
    )


def room_needed(affected: Sequence[AffectedAppointment]) -> AppointmentsAffected:
    return AppointmentsAffected(
        InTheWay.ROOM,
        f"The room has {_appointments(affected, 'upcoming ')}.",
        "Move them to another room or cancel them first.",
        affected,
    )


def plan_needed(affected: Sequence[AffectedAppointment]) -> AppointmentsAffected:
    return AppointmentsAffected(
        InTheWay.PLAN,
        f"{_appointments(affected)} of the plan would be outside its dates, or more than its "
        "`numberOfSessions`.",
        "Move or cancel them first. Sessions that have started can no longer change: the plan has "
        "to include them.",
        affected,
    )


def _appointments(affected: Sequence[AffectedAppointment], which: str = "") -> str:
    return f"{len(affected)} {which}appointment{'' if len(affected) == 1 else 's'}"


class AppointmentCannotChange(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, field: str, present: str, possible: Sequence[str]) -> None:
        super().__init__(
            f"Nothing was changed. `{field}` can only change while the appointment is "
            f"{either(possible)}; it is {present}."
        )


class AppointmentNotDue(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, wanted: str, date: str) -> None:
        super().__init__(
            f"Nothing was changed. An appointment can only become {wanted} once its date has "
            f"started, and this one is on {date}."
        )
