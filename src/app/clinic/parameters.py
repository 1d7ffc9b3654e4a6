"""Parameters of several routes of the clinic API."""

import datetime
from typing import Annotated
from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import QueryParameter
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.names import MAX_LIMIT
from app.web.schemas import WITHOUT_NUL

MAX_SEARCH = 200
MAX_DIAGNOSIS = 10_000

DatabaseSession = NamedDependency[AsyncSession]
CurrentCaller = NamedDependency[Caller]

Limit = Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT, description="Rows per page.")]
Cursor = Annotated[
    str | None,
    QueryParameter(description="`next` of the previous page. Keep the other parameters."),
]
Deleted = Annotated[
    bool, QueryParameter(description="List only deleted rows, which can be restored.")
]
GetDeleted = Annotated[
    bool,
    QueryParameter(
        name="deleted",
        description="Get a deleted row, which can be restored.",
    ),
]
Search = Annotated[
    str | None,
    QueryParameter(
        pattern=WITHOUT_NUL,
        max_length=MAX_SEARCH,
        description="Words of the patient's name, email address or phone number, in any order. "
        "The beginning of a word is enough. Every word must match. Case, accents, apostrophes "
        "and other punctuation are ignored: `obrien mary` finds Mary O'Brien, `jones` finds "
        "Smith-Jones, and `9555 1234` finds +61 3 9555 1234.",
    ),
]
IncludeTotal = Annotated[
    bool,
    QueryParameter(
        name="includeTotal",
        description="Add `total`, the number of rows of all pages, to the page.",
    ),
]
Diagnosis = Annotated[
    str | None,
    QueryParameter(
        pattern=WITHOUT_NUL,
        max_length=MAX_DIAGNOSIS,
        description="The whole diagnosis, exactly as it is stored.",
    ),
]
TherapistId = Annotated[UUID | None, QueryParameter(name="therapistId")]
UserId = Annotated[
    UUID | None, QueryParameter(name="userId", description="By default all practitioners.")
]
From = Annotated[datetime.date | None, QueryParameter(name="from")]
To = Annotated[
    datetime.date | None, QueryParameter(name="to", description="The last date, included.")
]
Force = Annotated[
    bool,
    QueryParameter(
        description="Change the hours even if upcoming appointments are then outside of them, or "
        "more than `maxSessions`. They stay as they are."
    ),
]
