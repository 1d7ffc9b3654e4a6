"""What every page of the console has in common: its headers, and how it shows a refusal."""

import json
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from litestar import Request, Response
from litestar.enums import HttpMethod, MediaType
from litestar.exceptions import ClientException
from litestar.response import Redirect, Template

from app.auth.error_codes import error_response
from app.console.api import Api, ApiProblem
from app.console.templating import plain
from app.errors import Refused
from app.web.origins import CROSS_SITE
from app.web.prefix import cookie_path, link
from app.web.problem_details import problem_document

FIRST_VIEW = "/availability"
Shown = TypeVar("Shown", bound=Response[Any])
TOAST_COOKIE = "seedbed-toast"
TOAST_COOKIE_SECONDS = 30
LEAVES_PAGE = {"HX-Redirect", "HX-Refresh"}
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; img-src 'self' data:; script-src 'self'; style-src 'self'"
    ),
}


class View:
    """Makes the templates of one request; htmx asks for parts of pages."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        # A form reads what it has changed.
        self.api = Api(request, in_one_transaction=request.method == HttpMethod.GET)
        self.is_part = "HX-Request" in request.headers

    def render(self, name: str, *, status: int = 200, **context: Any) -> Template:
        return Template(name, context=context, status_code=status)

    def toast(
        self, response: Shown, message: str, *, is_error: bool = False, undo: str | None = None
    ) -> Shown:
        """Show a message on the page for some seconds, and return the same response.

        `undo` is a path that a button of the message posts to.

        A redirect or a reload (`HX-Redirect`, `HX-Refresh`) carries the message in a cookie, which
        the next page reads and deletes. Any other response must be to htmx.
        """
        shown = {"message": message, "isError": is_error} | ({"undo": undo} if undo else {})
        if isinstance(response, Redirect) or LEAVES_PAGE & response.headers.keys():
            value = quote(json.dumps(shown), safe="")
            response.set_cookie(
                TOAST_COOKIE,
                value,
                max_age=TOAST_COOKIE_SECONDS,
                path=cookie_path(),
                samesite="lax",
            )
            return response
        events = _events(response.headers.get("HX-Trigger", ""))
        response.headers["HX-Trigger"] = json.dumps(events | {"toast": shown})
        return response

    @staticmethod
    def field_errors(problem: dict[str, Any]) -> dict[str, str]:
        """Return what is wrong with each field, by its name in the API, as a form shows it.

        The macro `form_problem` shows the rest of the problem.
        """
        errors: dict[str, str] = {}
        for error in problem.get("errors") or ():
            before = errors.get(error["field"])
            message = plain(error["message"])
            errors[error["field"]] = f"{before} {message}" if before else message
        return errors


def _events(trigger: str) -> dict[str, Any]:
    """Return the events of an `HX-Trigger`, which is JSON or names with commas between them."""
    if trigger.startswith("{"):
        events: dict[str, Any] = json.loads(trigger)
        return events
    return {name.strip(): {} for name in trigger.split(",") if name.strip()}


async def provide_view(request: Request[Any, Any, Any]) -> View:
    return View(request)


async def set_page_headers(request: Request[Any, Any, Any]) -> None:
    request.scope["state"]["page_headers"] = PAGE_HEADERS


def show_client_error(
    request: Request[Any, Any, Any], error: ClientException
) -> Template | Redirect:
    """Show an error of a request to the console itself like a refusal of the API."""
    return show_problem(request, ApiProblem(error.status_code, problem_document(error)))


def show_problem(request: Request[Any, Any, Any], error: ApiProblem) -> Template | Redirect:
    """Show a refusal of the API as the page or the part that was asked for.

    Someone who is not signed in is redirected to the page where they can sign in.
    """
    view = View(request)
    if view.is_part:
        # With 200, since browsers note any other status as an error of the page.
        return view.render("problem.html", problem=error.problem)
    if error.status == HTTPStatus.UNAUTHORIZED:
        to = _address(request) or FIRST_VIEW
        return Redirect(link(f"/people?{urlencode({'to': to})}"), status_code=303)
    return view.render("problem_page.html", status=error.status, problem=error.problem)


def show_refused(request: Request[Any, Any, Any], error: Refused) -> Template:
    """Show that the guard refused the caller of a page, or of the API calls that it makes.

    Someone who followed a link on another site gets a link to open the page from here. A part of
    a page has the status as well: pages of this server never get such a refusal.
    """
    # The guard refuses before `set_page_headers`.
    request.scope["state"]["page_headers"] = PAGE_HEADERS
    view = View(request)
    problem = problem_document(error)
    if view.is_part:
        return view.render("problem.html", status=error.status, problem=problem)
    codes = {reason["code"] for reason in problem["reasons"]}
    if codes == {CROSS_SITE.code}:
        return view.render("cross_site.html", status=error.status, address=_address(request))
    return view.render("problem_page.html", status=error.status, problem=problem)


def _address(request: Request[Any, Any, Any]) -> str | None:
    """Return path and query of a page that can be opened again, or `None` for a form."""
    if request.method != HttpMethod.GET:
        return None
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.scope['path']}?{query}".removesuffix("?")


def show_not_found(request: Request[Any, Any, Any], error: ClientException) -> Response[Any]:
    """Show a page for an unknown path; programs get the problem document."""
    if not _is_opened_in_browser(request):
        return error_response(request, error)
    request.scope["state"]["page_headers"] = PAGE_HEADERS
    page = show_client_error(request, error)
    page.headers.update(error.headers or {})
    return page


def _is_opened_in_browser(request: Request[Any, Any, Any]) -> bool:
    if request.scope["path"].startswith("/api/") or "HX-Request" in request.headers:
        return False
    try:
        return request.accept.best_match([MediaType.JSON, MediaType.HTML]) == MediaType.HTML
    except OverflowError:  # which Litestar raises for `q=inf`
        return False
