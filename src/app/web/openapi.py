"""Adds to the OpenAPI document what Litestar does not read from handlers.

A route declares its errors and examples with `route`. `DocumentRoutes` adds them to the document,
together with the headers that all routes have.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from http import HTTPStatus
from textwrap import shorten
from typing import Any, Self

import msgspec
from litestar import Controller
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.openapi import spec
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example, OpenAPIHeader, OpenAPIMediaType, OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.plugins.base import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import AnyCallable
from litestar.typing import FieldDefinition

from app.errors import DomainError, UnusableRequest
from app.logs import REQUEST_ID, REQUEST_ID_HEADER
from app.web.problem_details import ABOUT_REQUEST_ID, ProblemDocument
from app.web.query_parameters import describe_unknown, parameter_names, refuse_unknown_parameters
from app.web.schemas import TIME_OF_DAY, RequestBody

DOCUMENTATION = "documentation"  # the `opt` of a route
EXAMPLE = "example"  # the `opt` of a controller: a row, whose id the page fills into its paths
REQUIRED = "required"  # the `opt` of a route: examples of its required query parameters
SUMMARY_LENGTH = 100

_SECONDS = Schema(type=OpenAPIType.INTEGER, minimum=1)
_TEXT = Schema(type=OpenAPIType.STRING)
_RETRY_AFTER = OpenAPIHeader(schema=_SECONDS, required=True, description="Seconds to wait.")
_MAYBE_RETRY_AFTER = OpenAPIHeader(
    schema=_SECONDS, description="Seconds to wait; absent if waiting does not help."
)
_REQUEST_ID = OpenAPIHeader(
    schema=Schema(type=OpenAPIType.STRING, pattern=f"^{REQUEST_ID.pattern}$"),
    required=True,
    description=ABOUT_REQUEST_ID,
)
_ETAG = OpenAPIHeader(
    schema=_TEXT,
    required=True,
    description="The version. Send it as `If-Match` to change only this version.",
)
# The headers of every response with this status.
HEADERS = {
    HTTPStatus.CONFLICT: {"Retry-After": _MAYBE_RETRY_AFTER},
    HTTPStatus.PRECONDITION_FAILED: {"ETag": _ETAG},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": _RETRY_AFTER, "X-Retry-After": _RETRY_AFTER},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": _RETRY_AFTER},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Documentation:
    """`request` and `response` are examples of bodies; `requests` are several, with names.

    `response` may be a function that makes the example for a handler.
    `media_types` are additional formats of the response with a status. `links` name the operations
    that can use a successful response.
    """

    errors: Sequence[DomainError] = ()
    request: Any = None
    requests: Mapping[str, Example] = field(default_factory=dict)
    response: Any = None
    media_types: Mapping[int, Mapping[str, OpenAPIMediaType]] = field(default_factory=dict)
    links: Mapping[str, spec.Link] = field(default_factory=dict)
    has_etag: bool = False

    def __deepcopy__(self, _memo: object) -> Self:
        """Return the same: Litestar copies handlers, and errors cannot be copied."""
        return self


def route(
    method: type[HTTPRouteHandler],
    common_errors: Sequence[DomainError],
    path: str,
    operation_id: str,
    summary: str,
    *errors: DomainError,
    opt: Mapping[str, Any] | None = None,
    **options: Any,
) -> Callable[[AnyCallable], HTTPRouteHandler]:
    """Declare a route; `options` are those of `Documentation` and of Litestar's decorators.

    Each API defines partial functions of this for its kinds of routes.
    """
    names = Documentation.__dataclass_fields__
    documented = {name: options.pop(name) for name in names if name in options}
    return method(
        path,
        operation_id=operation_id,
        summary=summary,
        opt={
            DOCUMENTATION: Documentation(errors=(*errors, *common_errors), **documented),
            **(opt or {}),
        },
        **options,
    )


def response_example(handler: HTTPRouteHandler) -> Any:
    example = handler.opt[DOCUMENTATION].response
    return example(handler) if callable(example) else example


class OrderedController(Controller):
    """Lists its operations in the document in the order of their definition."""

    def get_route_handlers(self) -> list[BaseRouteHandler]:
        defined = list(vars(type(self)))
        handlers = super().get_route_handlers()
        return sorted(handlers, key=lambda handler: defined.index(handler.handler_name))


class DocumentRoutes(ReceiveRoutePlugin, OpenAPISchemaPlugin):
    """Complete the OpenAPI document.

    `problem` describes the body of an error. Examples for which `is_left_out` is true are not
    shown.
    """

    def __init__(
        self,
        problem: type[ProblemDocument],
        is_left_out: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._problem = problem
        self._is_left_out = is_left_out

    def receive_route(self, route: BaseRoute) -> None:
        if not isinstance(route, HTTPRoute):
            return
        for handler in route.route_handlers:
            if DOCUMENTATION in handler.opt:
                handler.responses = {
                    **_problems(handler, self._problem),
                    **(handler.responses or {}),
                }
                # Litestar calls this like the class.
                handler.operation_class = partial(self._describe, handler)  # type: ignore[assignment]

    def _describe(self, handler: HTTPRouteHandler, **parts: Any) -> spec.Operation:
        operation = spec.Operation(**parts)
        documentation: Documentation = handler.opt[DOCUMENTATION]
        if isinstance(body := operation.request_body, spec.RequestBody):
            data = handler.parsed_data_field
            body.required = data is not None and data.is_required
            for media_type in body.content.values():
                media_type.example = self._as_json(documentation.request)
                media_type.examples = dict(documentation.requests) or None
        for parameter in operation.parameters or ():
            if isinstance(parameter, spec.Parameter):
                self._complete_parameter(parameter, handler)
        for status, response in (operation.responses or {}).items():
            if isinstance(response, spec.OpenAPIResponse):
                self._complete(response, HTTPStatus(int(status)), documentation)
                if int(status) == handler.status_code:
                    self._complete_success(response, handler)
        return operation

    def _complete_parameter(self, parameter: spec.Parameter, handler: HTTPRouteHandler) -> None:
        in_path = parameter.param_in == "path"
        required = handler.opt.get(REQUIRED, {})
        if in_path or parameter.name in required:
            example = handler.opt[EXAMPLE]["id"] if in_path else required[parameter.name]
            parameter.example = None if self._is_left_out(example) else example
        elif isinstance(parameter.schema, Schema) and parameter.schema.all_of:
            # Litestar leaves out the default of an enumeration.
            parameter.schema.default = parameter_names(handler)[parameter.name].default

    def _complete(
        self, response: spec.OpenAPIResponse, status: HTTPStatus, documentation: Documentation
    ) -> None:
        response.headers = {
            **(response.headers or {}),
            REQUEST_ID_HEADER: _REQUEST_ID,
            **HEADERS.get(status, {}),
        }
        if status is HTTPStatus.NO_CONTENT:
            response.content = None
        if more := documentation.media_types.get(status):
            response.content = {**(response.content or {}), **more}

    def _complete_success(self, response: spec.OpenAPIResponse, handler: HTTPRouteHandler) -> None:
        documentation: Documentation = handler.opt[DOCUMENTATION]
        response.links = dict(documentation.links) or None
        if documentation.has_etag:
            response.headers = {**(response.headers or {}), "ETag": _ETAG}
        for media_type in (response.content or {}).values():
            media_type.example = self._as_json(response_example(handler))

    def _as_json(self, example: Any) -> msgspec.Raw | None:
        """Return an example as JSON, because Litestar would leave null out of a dictionary."""
        encoded = msgspec.json.encode(example)
        if example is None or self._is_left_out(encoded.decode()):
            return None
        return msgspec.Raw(encoded)

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        is_body = not field_definition.is_union and field_definition.is_subclass_of(RequestBody)
        return is_body or field_definition.annotation is datetime.time

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        """Return a schema without other fields for bodies, and a string for times of day."""
        if field_definition.annotation is datetime.time:
            return Schema(type=OpenAPIType.STRING, pattern=TIME_OF_DAY)
        of_structs: OpenAPISchemaPlugin = next(
            plugin
            for plugin in schema_creator.plugins
            if plugin is not self and schema_creator.plugin_supports_field(plugin, field_definition)
        )
        schema = of_structs.to_openapi_schema(field_definition, schema_creator)
        if field_definition.annotation.__struct_config__.forbid_unknown_fields:
            schema.additional_properties = False
        return schema


def _problems(handler: HTTPRouteHandler, problem: type[ProblemDocument]) -> dict[int, ResponseSpec]:
    by_status: dict[int, list[DomainError]] = defaultdict(list)
    for error in [*_unknown_parameter(handler), *handler.opt[DOCUMENTATION].errors]:
        by_status[error.status].append(error)
    return {
        status: ResponseSpec(
            data_container=problem,
            media_type="application/problem+json",
            description=HTTPStatus(status).phrase,
            generate_examples=False,
            examples=[_problem_example(error) for error in errors],
        )
        for status, errors in by_status.items()
    }


def _unknown_parameter(handler: HTTPRouteHandler) -> Iterable[DomainError]:
    if refuse_unknown_parameters in handler.resolve_guards():
        known = sorted(parameter_names(handler))
        yield UnusableRequest(describe_unknown(f"{known[0]}s" if known else "verbose", known))


@cache
def _problem_example(error: DomainError) -> Example:
    value = {
        "status": error.status,
        "title": error.status.phrase,
        "detail": error.detail,
        "requestId": "0b5e3d5f9b8e4c6c8a7d1f2e3c4b5a69",
        **error.members,
    }
    text = error.detail.removeprefix("Nothing was changed. ")
    summary = shorten(text, SUMMARY_LENGTH, placeholder=" …")
    # As JSON, because Litestar would leave null out of a dictionary.
    encoded = msgspec.Raw(msgspec.json.encode(value))
    return Example(summary=error.members.get("code", summary), value=encoded)
