"""The error of sessions for tests; see `app.errors`.

DomainError
└── UsersNotFound   404
"""

from collections.abc import Sequence
from http import HTTPStatus

from app.errors import DomainError

MAX_NAMED = 5


class UsersNotFound(DomainError):
    status = HTTPStatus.NOT_FOUND

    def __init__(self, users: Sequence[str]) -> None:
        named = ", ".join(f'"{user}"' for user in users[:MAX_NAMED])
        more = f" and {len(users) - MAX_NAMED} more" if len(users) > MAX_NAMED else ""
        super().__init__(
            f"There is no user with the email address or the id {named}{more}. No session was "
            "created. GET /api/db/seed lists users of the data set under `signIn`."
        )
