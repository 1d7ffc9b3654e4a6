"""Turn every error into a problem document (RFC 9457) whose `detail` says what to do."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.plugins.problem_details import ProblemDetailsException
from msgspec import Meta
from sqlalchemy.exc import DataError, DBAPIError, TimeoutError  # noqa: A004 - of its pool

from app.database.causes import describe_for_log, find_cause
from app.database.errors import DatabaseUnusable
from app.errors import RETRY_LATER, DomainError, FieldError, Reason, Refused, UnusableRequest
from app.logs import get_logger, request_id
from app.web.bodies import TOO_LARGE
from app.web.methods import with_head
from app.web.origins import UNKNOWN_HOST
from app.web.prefix import link
from app.web.schemas import wire_name

NO_HINTS: Mapping[str, str] = {}
# Every error under this path has the `code` and the `message` that clients of Better Auth show.
IDENTITY_PATH = "/api/auth"
# Litestar's router refuses some hosts before any guard is called; only the text says so.
INVALID_HOST = "Invalid host header"
# Litestar tells which one in the text alone.
MISSING_PARAMETER = re.compile(r"Missing required \w+ parameter '([^']+)'")

BODY = "data"  # Litestar's name for the body as a whole
# How a rule about several fields of a body names the one to correct.
ABOUT_FIELD = re.compile(r"`(\w+)` (.+)")

ABOUT_REQUEST_ID = "Use this id to find the request in the server's log."

log = get_logger(__name__)


class ProblemDetails(msgspec.Struct, rename="camel", omit_defaults=True):
    """A problem document of RFC 9457; `detail` says what to do.

    `errors` names the inputs that are wrong, each with a message for its field in a form.
    `code` and `message` are those of the Better Auth protocol. `reasons` lists all reasons of a
    refusal. If another seed is running, `since` and `step` say since when and how far it is; if
    transactions block a seed, `waitedFor` lists them. `violations` are broken rules of the audit.
    If two slots conflict, `clashesWith` is the other one, unless it is in another organization;
    `gapMinutes` is how far apart they must be, and `nextFree` the next free time of that day.
    `possible` lists the statuses that a plan can change to.
    """

    status: int
    title: str
    detail: str
    request_id: Annotated[str, Meta(description=ABOUT_REQUEST_ID)] = ""
    code: str | None = None
    message: str | None = None
    errors: list[FieldError] | None = None
    reasons: list[Reason] | None = None
    since: datetime | None = None
    step: str | None = None
    waited_for: list[str] | None = None
    violations: list[dict[str, Any]] | None = None
    clashes_with: dict[str, str] | None = None
    gap_minutes: int | None = None
    next_free: dict[str, str] | None = None
    possible: list[str] | None = None


def _problem(
    status: int, detail: str, members: Mapping[str, Any], headers: Mapping[str, str]
) -> ProblemDetailsException:
    return ProblemDetailsException(
        status_code=status,
        title=HTTPStatus(status).phrase,
        detail=detail,
        extra={"requestId": request_id(), **members},
        headers=dict(headers),
    )


def _from_domain(error: DomainError) -> ProblemDetailsException:
    return _problem(error.status, error.detail, error.members, error.headers)


def _from_http(error: HTTPException) -> ProblemDetailsException:
    match error:
        case ValidationException():
            return _from_domain(invalid_request(error))
        case RequestEntityTooLarge():
            return _from_domain(TOO_LARGE)
        case NotFoundException():
            listed = link("/schema/swagger")
            detail = f"There is nothing at this address: {listed} lists what there is."
        case ClientException(detail=detail) if detail == INVALID_HOST:
            return _from_domain(Refused([UNKNOWN_HOST]))
        case MethodNotAllowedException():
            allowed = with_head((error.headers or {}).get("allow", "others"))
            detail = f"This address does not take this method; it takes {allowed}."
        case _:
            detail = error.detail
    return _problem(error.status_code, detail, {}, error.headers or {})


def invalid_request(error: ClientException, hints: Mapping[str, str] = NO_HINTS) -> UnusableRequest:
    """Return the error that names every wrong input; see `describe_invalid`."""
    return UnusableRequest(describe_invalid(error, hints), _field_errors(error, hints))


def describe_invalid(error: ClientException, hints: Mapping[str, str] = NO_HINTS) -> str:
    """Return one line that says which input is wrong and what is right.

    `hints` say what an input must be, where the validator's own words would not.
    """
    if missing := MISSING_PARAMETER.match(error.detail):
        return f"Nothing was changed. Please add the parameter `{missing[1]}`."
    if not isinstance(error.extra, list):
        return f"The body cannot be read as JSON ({error.detail}). Nothing was changed."
    inputs = [
        f"{'the body' if wrong.field == BODY else f'`{wrong.field}`'}: {wrong.message}"
        for wrong in _invalid_inputs(error, hints)
    ]
    correct = "; ".join(inputs) or "the body: there is none"
    return f"Nothing was changed. Please correct {correct}."


def _field_errors(error: ClientException, hints: Mapping[str, str]) -> list[FieldError]:
    if missing := MISSING_PARAMETER.match(error.detail):
        return [FieldError(missing[1], "is required")]
    wrong = []
    for each in _invalid_inputs(error, hints):
        if each.field != BODY:
            wrong.append(each)
        elif about := ABOUT_FIELD.match(each.message):
            wrong.append(FieldError(*about.groups()))
    return wrong


def _invalid_inputs(error: ClientException, hints: Mapping[str, str]) -> Iterator[FieldError]:
    for source in error.extra if isinstance(error.extra, list) else ():
        if source["message"] == repr(source.get("key")):
            continue  # Litestar's way to say that there was no body, which is not what is wrong
        key = wire_name(source.get("key", BODY))
        problem = hints.get(key, source["message"])
        yield FieldError(key, f"{problem[0].lower()}{problem[1:].rstrip('.')}")


def _from_database(error: DBAPIError) -> ProblemDetailsException:
    what = describe_for_log(error)
    if cause := find_cause(error):
        log.warning("the database cannot be used", **what, exc_info=error)
        return _from_domain(DatabaseUnusable(cause))
    if isinstance(error, DataError):
        log.info("the database cannot hold a value", **what)
        detail = "The database cannot hold a value of this request. Nothing was changed."
        return _problem(HTTPStatus.BAD_REQUEST, detail, {}, {})
    log.error("the database refused", **what, exc_info=error)
    detail = (
        f"The database refused ({type(error).__name__}). Nothing was changed; the log of the "
        "server says more."
    )
    return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail, {}, {})


def _from_anything(error: Exception) -> ProblemDetailsException:
    log.error("unexpected error", exc_info=error)
    return _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something failed inside Seedbed. Nothing was changed; the log of the server says more.",
        {},
        {},
    )


def _from_pool(_error: TimeoutError) -> ProblemDetailsException:
    detail = (
        "All connections to the database are in use. Nothing was changed: try again in a moment."
    )
    return _problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, {}, RETRY_LATER)


CONVERSIONS: Mapping[type[Exception], Callable[[Any], ProblemDetailsException]] = {
    TimeoutError: _from_pool,
    DomainError: _from_domain,
    HTTPException: _from_http,
    DBAPIError: _from_database,
    Exception: _from_anything,
}


def to_problem(error: Exception) -> ProblemDetailsException:
    """Turn any exception into the problem document that a client may see."""
    if isinstance(error, ProblemDetailsException):
        return error
    kind = next(kind for kind in type(error).__mro__ if kind in CONVERSIONS)
    return CONVERSIONS[kind](error)


def problem_document(error: Exception) -> dict[str, Any]:
    """Return the problem document itself, for a response that has already begun."""
    problem = to_problem(error)
    members = problem.extra if isinstance(problem.extra, dict) else {}
    return {
        "status": problem.status_code,
        "title": problem.title,
        "detail": problem.detail,
        **members,
    }


def answer_problem(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    problem = to_problem(error)
    if _is_identity_call(request):
        code = HTTPStatus(problem.status_code).name
        problem.extra = {"code": code, "message": problem.detail, **dict(problem.extra or {})}
    return problem.to_response(request)


def _is_identity_call(request: Request[Any, Any, Any]) -> bool:
    path: str = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return path == IDENTITY_PATH or path.startswith(f"{IDENTITY_PATH}/")


def answer_not_found(request: Request[Any, Any, Any], _error: Exception) -> Response[Any]:
    return answer_problem(request, NotFoundException())
