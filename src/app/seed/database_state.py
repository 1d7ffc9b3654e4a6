"""The state of the database before a seed, which a client reads as well."""

from typing import Annotated

from msgspec import Meta

from app.errors import Reason
from app.web.schemas import ResponseBody


class MarkState(ResponseBody):
    environment: str
    database: str


class DatabaseState(ResponseBody):
    database: str
    environment: str
    mark: Annotated[
        MarkState | None,
        Meta(description="The environment and the name in the mark."),
    ]
    refusals: Annotated[list[Reason], Meta(description="Why it cannot be reset; empty if it can.")]
    rows: Annotated[dict[str, int], Meta(description="Rows of each of Seedbed's tables.")]
    other_rows: Annotated[
        dict[str, int], Meta(description="Rows of other tables that are readable.")
    ]
    would_drop: Annotated[
        list[str],
        Meta(description="What `reset=drop` would drop besides Seedbed's own tables."),
    ]
