"""The page that says what stands in the database, and seeds it."""

from http import HTTPStatus
from typing import Any

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.response import Template

from app.console.api import ApiProblem
from app.console.request_fields import fields_of_request
from app.console.view import View
from app.seed.request import SeedRequest


class DataSetController(Controller):
    @get("/")
    async def show(self, view: NamedDependency[View]) -> Template:
        stands = {"database": await view.api.get("/api/db"), "last": await _find_last_seed(view)}
        if view.is_part:
            return view.render("data_set_state.html", **stands)
        return view.render("data_set.html", **stands, fields=_fields(stands["last"]))


async def _find_last_seed(view: View) -> Any:
    try:
        return await view.api.get("/api/db/seed")
    except ApiProblem as refusal:
        if refusal.status == HTTPStatus.NOT_FOUND:
            return None
        raise


def _fields(last: Any) -> list[dict[str, Any]]:
    """Return the fields of the form, with their limits and the values of the last request."""
    asked = dict(last["request"]) if last else {}
    if last and last["seededAt"].startswith(asked["asOf"]):
        del asked["asOf"]  # which was that day's today
    return [
        {**schema, "name": name, "value": asked.get(name, schema.get("default", ""))}
        for name, schema in fields_of_request(SeedRequest).items()
    ]
