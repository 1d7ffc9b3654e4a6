"""The errors of any HTTP request; see `app.errors`."""

from http import HTTPStatus

from app.errors import DomainError


class RequestTooLarge(DomainError):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self, max_bytes: int) -> None:
        super().__init__(
            f"Nothing was changed. The body is larger than {max_bytes:,} bytes "
            f"({max_bytes // 1024} KiB). Send a smaller one."
        )


class UnsupportedMediaType(DomainError):
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    headers = {"Accept": "application/json"}

    def __init__(self, content_type: str) -> None:
        found = "The request has a body but no Content-Type."
        if content_type:
            found = f'The Content-Type is "{content_type}".'
        super().__init__(
            f"Nothing was changed. {found} Send the body as JSON, with the header "
            '"Content-Type: application/json".'
        )


class StaleVersion(DomainError):
    status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, present: str) -> None:
        super().__init__(
            "Nothing was changed. The row has changed since you read it. Read it again, then send "
            "your change with the new ETag in If-Match."
        )
        self.headers = {"ETag": present}
