"""A list of rows, as a page and as the parts that htmx asks for: another search, or more rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar.response import Template

from app.console.api import ApiProblem
from app.console.queries import ListQuery, SortableColumn
from app.console.view import View


def describe_page(
    query: ListQuery, page: Mapping[str, Any], columns: Sequence[SortableColumn], default_sort: str
) -> dict[str, Any]:
    """Return what the templates of lists need for a page of the API."""
    return {
        "rows": page["items"],
        "query": query,
        "total": page.get("total", query.total),
        "more": query.next_page(page),
        "headers": query.headers(columns, default_sort),
    }


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
