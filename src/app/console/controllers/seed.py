"""The page that says what stands in the database, and seeds it."""

from http import HTTPStatus
from typing import Any, NotRequired, TypedDict

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Template

from app.console.api import ApiProblem
from app.console.request_fields import fields_of_request
from app.console.view import View
from app.seed.request import SeedRequest


class Made(TypedDict):
    count: int


class Check(TypedDict):
    rule: str
    rows: int


class Durations(TypedDict):
    total: float


class Summary(TypedDict):
    reset: str
    committed: bool
    deleted: dict[str, int]
    dropped: list[str]
    created: dict[str, Made]
    checks: list[Check]
    fingerprint: str
    durationMs: Durations


class Reason(TypedDict):
    reason: str
    remedy: str


class Violation(TypedDict):
    rule: str
    rows: list[str]


class Problem(TypedDict):
    status: int
    title: str
    detail: str
    reasons: NotRequired[list[Reason]]
    violations: NotRequired[list[Violation]]


class Outcome(msgspec.Struct):
    """What a seed said last, as far as the page shows it."""

    summary: Summary | None = None
    problem: Problem | None = None


class SeedPageController(Controller):
    @get("/")
    async def show(self, view: NamedDependency[View]) -> Template:
        stands = {"database": await view.api.get("/api/db"), "last": await _find_last_seed(view)}
        if view.is_part:
            return view.render("seed_state.html", **stands)
        return view.render("seed.html", **stands, fields=_fields(stands["last"]))

    @post("/outcome", status_code=HTTPStatus.OK)
    async def show_outcome(self, view: NamedDependency[View], data: JSONBody[Outcome]) -> Template:
        """Show what the browser was told: of a dry run, or of a refusal, nobody else knows."""
        return view.render("seed_outcome.html", summary=data.summary, problem=data.problem)


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
