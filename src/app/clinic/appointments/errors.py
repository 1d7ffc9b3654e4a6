"""The errors of appointments; see `app.errors`."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta

from app.clinic.appointments.refusals import Refusal
from app.clinic.appointments.rules import InTheWay
from app.errors import DomainError, without_none


class AppointmentDetails(msgspec.Struct, rename="camel", omit_defaults=True, kw_only=True):
    in_the_way: Annotated[
        InTheWay | None, Meta(description="What prevents the appointment or the change.")
    ] = None


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


class AppointmentCannotChange(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, field: str, present: str, possible: Sequence[str]) -> None:
        super().__init__(
            f"Nothing was changed. `{field}` can only change while the appointment is "
            f"{' or '.join(possible)}; it is {present}."
        )


class AppointmentNotDue(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, wanted: str, date: str) -> None:
        super().__init__(
            f"Nothing was changed. An appointment can only become {wanted} once its date has "
            f"started, and this one is on {date}."
        )
