"""Rows that can be deleted and restored: a page shows a deleted one with `?deleted=true`."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from litestar.params import QueryParameter
from litestar.response import Redirect

from app.console.api import Api, ApiProblem
from app.web.prefix import link

IsDeleted = Annotated[bool, QueryParameter(name="deleted")]


async def read_row(api: Api, path: str, row_id: UUID, *, is_deleted: bool) -> Any:
    """Return a row of the API, or a redirect to its page if it was deleted or restored.

    `path` is that of the page, which is the same as in the API.
    """
    api_path = f"/api{path}/{row_id}"
    try:
        return await api.get(api_path, deleted=is_deleted or None)
    except ApiProblem as refusal:
        if refusal.status != HTTPStatus.NOT_FOUND:
            raise
        await api.get(api_path, deleted=not is_deleted or None)
        query = "" if is_deleted else "?deleted=true"
        return Redirect(link(f"{path}/{row_id}{query}"), status_code=303)
