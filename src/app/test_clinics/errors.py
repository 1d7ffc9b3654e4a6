"""The error of clinics for tests; see `app.errors`.

DomainError
└── ClinicNotFound   404
"""

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
