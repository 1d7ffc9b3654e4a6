"""What Litestar cannot know of the operations and bodies of the OpenAPI document."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from litestar import Controller
from litestar._openapi.schema_generation import SchemaCreator
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import (
    Link,
    OpenAPI,
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    PathItem,
    RequestBody,
    Schema,
)
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from app.clinic import examples
from app.logs import REQUEST_ID, REQUEST_ID_HEADER
from app.web import schemas
from app.web.schemas import TIME_OF_DAY

_SECONDS = Schema(type=OpenAPIType.INTEGER, minimum=1)
_RETRY_AFTER = OpenAPIHeader(schema=_SECONDS, required=True, description="Seconds to wait.")
_MAYBE_RETRY_AFTER = OpenAPIHeader(
    schema=_SECONDS, description="Seconds to wait; absent where waiting does not help."
)
_REQUEST_ID = OpenAPIHeader(
    schema=Schema(type=OpenAPIType.STRING, pattern=f"^{REQUEST_ID.pattern}$"),
    required=True,
    description="Under it the server's log has the request.",
)
_ETAG = OpenAPIHeader(
    schema=Schema(type=OpenAPIType.STRING),
    required=True,
    description="The version, for `If-Match` of a change that is meant for no other.",
)
SUCCESSES = (str(HTTPStatus.OK.value), str(HTTPStatus.CREATED.value))
# By status, what an answer of any operation carries.
HEADERS = {
    str(HTTPStatus.CONFLICT.value): {"Retry-After": _MAYBE_RETRY_AFTER},
    str(HTTPStatus.TOO_MANY_REQUESTS.value): {
        "Retry-After": _RETRY_AFTER,
        "X-Retry-After": _RETRY_AFTER,
    },
    str(HTTPStatus.SERVICE_UNAVAILABLE.value): {"Retry-After": _RETRY_AFTER},
}


@dataclass
class DocumentedOperation(Operation):
    """Adds the headers of every answer."""

    def __post_init__(self) -> None:
        for status, response in (self.responses or {}).items():
            if isinstance(response, OpenAPIResponse):
                known = response.headers or {}
                response.headers = {
                    **known,
                    REQUEST_ID_HEADER: _REQUEST_ID,
                    **HEADERS.get(status, {}),
                }

    def link(self, status: str, name: str, link: Link) -> None:
        """Say what may be called next, with what stands in this answer."""
        response = (self.responses or {})[status]
        if isinstance(response, OpenAPIResponse):
            response.links = {**(response.links or {}), name: link}


@dataclass
class ExampleOperation(DocumentedOperation):
    """Adds the examples of what is sent and answered."""

    def __post_init__(self) -> None:
        super().__post_init__()
        name = self.operation_id or ""
        for body in _bodies_sent(self):
            body.example = examples.as_sent(examples.REQUESTS.get(name))
        for body in _bodies_answered(self):
            body.example = examples.as_sent(examples.ANSWERS.get(name))
        filled_in = examples.PARAMETERS.get(name, {})
        for parameter in _parameters(self):
            parameter.example = filled_in.get(parameter.name)


@dataclass
class TaggedOperation(ExampleOperation):
    """Adds the `ETag` of the row that is answered."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for status in (*SUCCESSES, str(HTTPStatus.PRECONDITION_FAILED.value)):
            answer = (self.responses or {}).get(status)
            if isinstance(answer, OpenAPIResponse) and answer.content:
                answer.headers = {**(answer.headers or {}), "ETag": _ETAG}


@dataclass
class HidingOperation(TaggedOperation):
    """Adds the `ETag` of what is hidden, for who would restore that version."""

    def __post_init__(self) -> None:
        super().__post_init__()
        hidden = (self.responses or {})[str(HTTPStatus.NO_CONTENT.value)]
        if isinstance(hidden, OpenAPIResponse):
            hidden.headers = {**(hidden.headers or {}), "ETag": _ETAG}
            hidden.content = None


def forget_seeded_people(document: OpenAPI) -> None:
    """Take out of the document, where nobody is seeded, whom one could be."""
    for path in (document.paths or {}).values():
        for operation in _operations(path):
            parts: list[OpenAPIMediaType | Parameter] = [
                *_bodies_sent(operation),
                *_bodies_answered(operation),
                *_parameters(operation),
            ]
            for part in parts:
                if part.example and examples.names_seeded(part.example):
                    part.example = None


def _operations(path: PathItem) -> Iterator[Operation]:
    return filter(None, (path.get, path.post, path.put, path.patch, path.delete))


def _bodies_sent(operation: Operation) -> list[OpenAPIMediaType]:
    body = operation.request_body
    return list(body.content.values()) if isinstance(body, RequestBody) else []


def _bodies_answered(operation: Operation) -> list[OpenAPIMediaType]:
    answers = [(operation.responses or {}).get(status) for status in SUCCESSES]
    return [
        body
        for answer in answers
        if isinstance(answer, OpenAPIResponse)
        for body in (answer.content or {}).values()
    ]


def _parameters(operation: Operation) -> list[Parameter]:
    return [each for each in operation.parameters or [] if isinstance(each, Parameter)]


class OrderedController(Controller):
    """Its operations stand in the document in the order in which it defines them."""

    def get_route_handlers(self) -> list[BaseRouteHandler]:
        defined = list(vars(type(self)))
        handlers = super().get_route_handlers()
        return sorted(handlers, key=lambda handler: defined.index(handler.handler_name))


class RequestBodySchema(OpenAPISchemaPlugin):
    """Says of a `RequestBody` that a field that it does not know is refused, where it is."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        return not field_definition.is_union and field_definition.is_subclass_of(
            schemas.RequestBody
        )

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        whole = next(
            plugin
            for plugin in schema_creator.plugins
            if plugin is not self and schema_creator.plugin_supports_field(plugin, field_definition)
        )
        schema = whole.to_openapi_schema(field_definition, schema_creator)
        if field_definition.annotation.__struct_config__.forbid_unknown_fields:
            schema.additional_properties = False
        return schema


class TimeSchema(OpenAPISchemaPlugin):
    """Says what a time of day looks like; Litestar would call it a duration."""

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        return value is datetime.time

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        del field_definition, schema_creator
        return Schema(type=OpenAPIType.STRING, pattern=TIME_OF_DAY)
