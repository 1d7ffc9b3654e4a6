"""Parameters that several routes of availability take."""

from typing import Annotated
from uuid import UUID

from litestar.params import QueryParameter

UserId = Annotated[UUID | None, QueryParameter(name="userId", description="By default everybody.")]
