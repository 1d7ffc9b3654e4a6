"""The errors that all parts of the clinic API share; see `app.errors`."""

from http import HTTPStatus

from app.errors import DomainError


class NotFound(DomainError):
    """The same for a row that is not there, that was deleted, and that another clinic has."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self, what: str) -> None:
        super().__init__(
            f"There is no such {what} in your active organization: check the id, or make "
            "the organization that has it active."
        )
