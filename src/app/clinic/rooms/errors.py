"""The error of rooms; see `app.errors`."""

from datetime import date
from http import HTTPStatus

import msgspec

from app.errors import DomainError, FieldError


class RoomNeeded(DomainError):
    """More patients are booked in a room at once, on a date, than it could take."""

    status = HTTPStatus.CONFLICT

    def __init__(self, on: date, patients: int) -> None:
        wrong = FieldError("capacity", f"must be at least {patients}: so many are booked on {on}")
        super().__init__(
            f"Nothing was changed. On {on}, {patients} appointments in this room are at the same "
            f"time. Set `capacity` to at least {patients}, or move or cancel some of them first.",
            errors=[msgspec.to_builtins(wrong)],
        )
