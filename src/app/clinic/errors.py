"""The errors that several parts of the clinic API share; see `app.errors`."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta

from app.errors import DomainError, FieldError


def either(names: Sequence[str]) -> str:
    """Return names as in "scheduled, confirmed or in_progress"."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


class NotFound(DomainError):
    """The same for a row that does not exist, was deleted, or belongs to another clinic."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self, what: str) -> None:
        super().__init__(
            f"There is no such {what} in your active organization. Check the id, or set the "
            "organization that has it as active."
        )


class StatusChangeDetails(msgspec.Struct, omit_defaults=True, kw_only=True):
    possible: Annotated[
        list[str] | None, Meta(description="The statuses that the row can change to.")
    ] = None


class StatusChangeNotAllowed(DomainError):
    """`what` names the kind of row with its article."""

    status = HTTPStatus.CONFLICT

    def __init__(self, what: str, present: str, wanted: str, possible: Sequence[str]) -> None:
        change = f"It can become {either(possible)}." if possible else "This status is final."
        super().__init__(
            f"Nothing was changed. {what} that is {present} cannot become {wanted}. {change}",
            possible=list(possible),
        )


class OwnersAndAdminsOnly(DomainError):
    status = HTTPStatus.FORBIDDEN

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Nothing was changed. Only owners and admins of the clinic can change {what}. Ask one "
            "of them."
        )


class Taken(DomainError):
    """Another row of the clinic has the same value in a field where each must have its own."""

    status = HTTPStatus.CONFLICT

    def __init__(self, what: str, field: str, value: str) -> None:
        wrong = FieldError(field, f"must be unique: {value} is taken")
        super().__init__(
            f"Nothing was changed. The clinic has another {what} with the {field} {value}. Choose "
            f"another {field}, or change that {what} first.",
            errors=[msgspec.to_builtins(wrong)],
        )
