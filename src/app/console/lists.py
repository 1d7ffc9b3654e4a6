"""The parts of a list that htmx asks for: the rows of another search, or the next rows."""

from collections.abc import Mapping
from typing import Any

from litestar.response import Template

from app.console.api import ApiProblem
from app.console.queries import ListQuery
from app.console.view import View


def render_part(view: View, kind: str, found: Mapping[str, Any]) -> Template:
    """Return a list of a `kind`, which begins the names of its templates, or more of its rows."""
    query: ListQuery = found["query"]
    if query.cursor:
        return view.render("list_more.html", kind=kind, **found)
    part = view.render("list_found.html", kind=kind, **found)
    part.headers["HX-Replace-Url"] = query.address()
    return part


def render_refused(view: View, refusal: ApiProblem, query: ListQuery) -> Template:
    """Return a part that says why there are no rows, or raise the refusal of a whole page."""
    if not view.is_part:
        raise refusal
    return view.render("list_refused.html", problem=refusal.problem, query=query)
