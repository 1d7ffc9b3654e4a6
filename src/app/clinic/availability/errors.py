"""The errors of availability; see `app.errors`."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta

from app.errors import DomainError, without_none


class SlotConflictDetails(msgspec.Struct, rename="camel", omit_defaults=True, kw_only=True):
    clashes_with: Annotated[
        dict[str, str] | None,
        Meta(description="The other slot or appointment, unless it is in another organization."),
    ] = None
    gap_minutes: Annotated[
        int | None, Meta(description="The minutes that must be between two slots.")
    ] = None
    next_free: Annotated[
        dict[str, str] | None,
        Meta(
            description="The next free time: of that day for a slot, and within 31 days for an "
            "appointment."
        ),
    ] = None


class NotOwnSlot(DomainError):
    status = HTTPStatus.FORBIDDEN

    def __init__(self, rule: str) -> None:
        super().__init__(f"Nothing was changed. {rule}")


class SlotConflict(DomainError):
    """`clash` is left out if the slot belongs to another organization.

    An exception for the `whole_day` conflicts with every other exception of the date.
    """

    status = HTTPStatus.CONFLICT

    def __init__(
        self,
        gap_minutes: int,
        clash: Mapping[str, str] | None,
        free: Mapping[str, str] | None,
        *,
        whole_day: bool = False,
    ) -> None:
        times = f" from {clash['startTime']} to {clash['endTime']}" if clash else ""
        whose = "another slot" if clash else "a slot in another organization"
        until = "no later time of that day is free"
        if free:
            until = f"the next free time is from {free['startTime']} to {free['endTime']}"
        rule = f"slots must be at least {gap_minutes} minutes apart; {until}"
        if whole_day:
            rule = "an exception for the whole day cannot be on a date that has other exceptions"
        super().__init__(
            f"Nothing was changed. The practitioner has {whose}{times}, and {rule}.",
            **without_none(clashesWith=clash and dict(clash)),
            gapMinutes=gap_minutes,
            nextFree=free and dict(free),
        )
