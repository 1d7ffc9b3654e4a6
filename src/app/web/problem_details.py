"""Turn every error into a problem document (RFC 9457) whose `detail` says what to do."""

import re
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Annotated, Any, cast

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    InternalServerException,
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
from app.names import wire_name
from app.web.bodies import TOO_LARGE
from app.web.methods import with_head
from app.web.origins import UNKNOWN_HOST
from app.web.prefix import link

NO_HINTS: Mapping[str, str] = {}
# Litestar's router rejects some hosts before any guard is called, with this text only.
INVALID_HOST = "Invalid host header"
# Litestar says only in this text that the client ended the connection before its body had arrived.
DISCONNECTED = "client disconnected prematurely"
# The status that nginx logs then. The response reaches nobody, and it is no error of the server.
CLIENT_CLOSED_REQUEST = 499
# Litestar names the parameter only in this text.
MISSING_PARAMETER = re.compile(r"Missing required \w+ parameter '([^']+)'")

BODY = "data"  # Litestar's name for the body as a whole
# How a rule about several fields of a body names the one to correct.
ABOUT_FIELD = re.compile(r"`(\w+)` (.+)")

ABOUT_REQUEST_ID = "Use this id to find the request in the server's log."

log = get_logger(__name__)


class ProblemDocument(msgspec.Struct, rename="camel", omit_defaults=True, kw_only=True):
    """The members that an error of any route can have; `app.main` adds those of each domain."""

    status: int
    title: str
    detail: Annotated[str, Meta(description="What happened, and what to do.")]
    request_id: Annotated[str, Meta(description=ABOUT_REQUEST_ID)] = ""
    code: Annotated[str | None, Meta(description="Identifies the error.")] = None
    message: Annotated[str | None, Meta(description="The same as `detail`.")] = None
    errors: Annotated[
        list[FieldError] | None,
        Meta(description="The inputs that are wrong, each with a message for its field in a form."),
    ] = None
    reasons: Annotated[list[Reason] | None, Meta(description="All reasons of a refusal.")] = None


def define_problem_details(*domains: type[msgspec.Struct]) -> type[ProblemDocument]:
    """Return the schema of a problem document that has the members of all domains."""
    members = [
        (field.name, field.type, field.default)
        for domain in domains
        for field in msgspec.structs.fields(domain)
    ]
    problem = msgspec.defstruct(
        "ProblemDetails",
        members,
        bases=(ProblemDocument,),
        omit_defaults=True,
        rename="camel",
        kw_only=True,
    )
    problem.__doc__ = "A problem document of RFC 9457; `detail` says what to do."
    return cast("type[ProblemDocument]", problem)


def _problem(
    status: int, detail: str, members: Mapping[str, Any], headers: Mapping[str, str]
) -> ProblemDetailsException:
    return ProblemDetailsException(
        status_code=status,
        title=_title(status),
        detail=detail,
        extra={"requestId": request_id(), **members},
        headers=dict(headers),
    )


def _title(status: int) -> str:
    if status == CLIENT_CLOSED_REQUEST:
        return "Client Closed Request"
    return HTTPStatus(status).phrase


def _from_domain(error: DomainError) -> ProblemDetailsException:
    return _problem(error.status, error.detail, error.members, error.headers)


def _from_http(error: HTTPException) -> ProblemDetailsException:
    match error:
        case ValidationException():
            return _from_domain(invalid_request(error))
        case RequestEntityTooLarge():
            return _from_domain(TOO_LARGE)
        case NotFoundException():
            detail = f"There is nothing at this address. {link('/schema/swagger')} lists all paths."
        case ClientException(detail=detail) if detail == INVALID_HOST:
            return _from_domain(Refused([UNKNOWN_HOST]))
        case InternalServerException(detail=detail) if detail == DISCONNECTED:
            return _problem(CLIENT_CLOSED_REQUEST, "Nothing was changed.", {}, {})
        case MethodNotAllowedException():
            allowed = with_head((error.headers or {}).get("allow", "others"))
            detail = f"This path does not support this method. It supports {allowed}."
        case _:
            detail = error.detail
    return _problem(error.status_code, detail, {}, error.headers or {})


def invalid_request(error: ClientException, hints: Mapping[str, str] = NO_HINTS) -> UnusableRequest:
    """Return the error that names every wrong input; see `describe_invalid`."""
    return UnusableRequest(describe_invalid(error, hints), _field_errors(error, hints))


def describe_invalid(error: ClientException, hints: Mapping[str, str] = NO_HINTS) -> str:
    """Return one line that names each wrong input and what it must be.

    `hints` replace unclear messages of the validator.
    """
    if missing := MISSING_PARAMETER.match(error.detail):
        return f"Nothing was changed. Please add the parameter `{missing[1]}`."
    if not isinstance(error.extra, list):
        return f"Nothing was changed. The body is not valid JSON ({error.detail})."
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
        detail = "Nothing was changed. The database cannot store a value in this request."
        return _problem(HTTPStatus.BAD_REQUEST, detail, {}, {})
    log.error("database error", **what, exc_info=error)
    detail = (
        f"The database reported an error ({type(error).__name__}). Nothing was changed. The "
        "server's log has the details."
    )
    return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail, {}, {})


def _from_anything(error: Exception) -> ProblemDetailsException:
    log.error("unexpected error", exc_info=error)
    return _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "An unexpected error happened. Nothing was changed. The server's log has the details.",
        {},
        {},
    )


def _from_pool(_error: TimeoutError) -> ProblemDetailsException:
    detail = (
        "All connections to the database are in use. Nothing was changed. Try again in a moment."
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
    """Convert any exception to the problem document for the client."""
    if isinstance(error, ProblemDetailsException):
        return error
    kind = next(kind for kind in type(error).__mro__ if kind in CONVERSIONS)
    return CONVERSIONS[kind](error)


def problem_document(error: Exception) -> dict[str, Any]:
    """Return the problem document as a dictionary, for a response that has already started."""
    problem = to_problem(error)
    members = problem.extra if isinstance(problem.extra, dict) else {}
    return {
        "status": problem.status_code,
        "title": problem.title,
        "detail": problem.detail,
        **members,
    }


def problem_response(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    return to_problem(error).to_response(request)


def not_found_response(request: Request[Any, Any, Any], _error: Exception) -> Response[Any]:
    return problem_response(request, NotFoundException())
