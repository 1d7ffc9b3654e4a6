"""How a route changes a row: it locks the row and checks its version before a service changes it.

Errors come in this order: 401 for the session, 400 for the request, 404 for the row, 412 for its
version, and then those of the domain.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from litestar.di import NamedDependency
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.clinic.parameters import CurrentCaller, DatabaseSession
from app.web.etags import ANY_VERSION, IfMatch, check_version
from app.web.schemas import ResponseBody

RowT = TypeVar("RowT")
LockRow = Callable[[AsyncSession, Caller, UUID], Awaitable[RowT]]


@dataclass(frozen=True, slots=True)
class Change:
    """A request to change a row: who sends it, and the versions in its `If-Match`."""

    session: AsyncSession
    caller: Caller
    if_match: str

    async def lock(
        self, lock_row: LockRow[RowT], row_id: UUID, response: type[ResponseBody]
    ) -> RowT:
        """Return the row, locked by a function of its service.

        Raises `StaleVersion` if the `ETag` of its `response` is not in `If-Match`.
        """
        row = await lock_row(self.session, self.caller, row_id)
        check_version(self.if_match, response.of(row))
        return row


async def provide_change(
    session: DatabaseSession, caller: CurrentCaller, if_match: IfMatch = ANY_VERSION
) -> Change:
    return Change(session, caller, if_match)


CurrentChange = NamedDependency[Change]
