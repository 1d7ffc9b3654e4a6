"""The error that all parts of the clinic API share; see `app.errors`."""

from http import HTTPStatus

from app.errors import DomainError


class NotFound(DomainError):
    """The same for a row that does not exist, was deleted, or belongs to another clinic."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self, what: str) -> None:
        super().__init__(
            f"There is no such {what} in your active organization. Check the id, or set the "
            "organization that has it as active."
        )
