"""The errors of treatment plans; see `app.errors`."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta

from app.errors import DomainError


class StatusChangeDetails(msgspec.Struct, omit_defaults=True, kw_only=True):
    possible: Annotated[
        list[str] | None, Meta(description="The statuses that the plan can change to.")
    ] = None


class StatusChangeNotAllowed(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, present: str, wanted: str, possible: Sequence[str]) -> None:
        change = f"It can become {' or '.join(possible)}." if possible else "This status is final."
        super().__init__(
            f"Nothing was changed. A plan that is {present} cannot become {wanted}. {change}",
            possible=list(possible),
        )
