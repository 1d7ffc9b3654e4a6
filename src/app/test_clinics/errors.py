"""The error of clinics for tests; see `app.errors`.

DomainError
├── ClinicNotFound   404
└── ClinicInUse      409
"""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from app.errors import DomainError


class ClinicNotFound(DomainError):
    status = HTTPStatus.NOT_FOUND

    def __init__(self, organization_id: UUID) -> None:
        super().__init__(
            f"There is no clinic with the id {organization_id}. Nothing was removed. It may have "
            "been removed before, or by a seed or a restore."
        )


class ClinicInUse(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, organization_id: UUID, tables: Sequence[str]) -> None:
        super().__init__(
            f"Rows of {', '.join(tables)} refer to the clinic {organization_id} or to its users. "
            "Nothing was removed. Delete those rows, or drop the foreign key, then try again."
        )
