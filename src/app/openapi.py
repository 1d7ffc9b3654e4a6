"""What Litestar cannot know of the operations and bodies of the OpenAPI document."""

from dataclasses import dataclass
from http import HTTPStatus

from litestar import Controller
from litestar._openapi.schema_generation import SchemaCreator
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import (
    Link,
    OpenAPIHeader,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Schema,
)
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from app.api_schema import Question
from app.logs import REQUEST_ID, REQUEST_ID_HEADER

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


class OrderedController(Controller):
    """Its operations stand in the document in the order in which it defines them."""

    def get_route_handlers(self) -> list[BaseRouteHandler]:
        defined = list(vars(type(self)))
        handlers = super().get_route_handlers()
        return sorted(handlers, key=lambda handler: defined.index(handler.handler_name))


class QuestionSchema(OpenAPISchemaPlugin):
    """Says of a `Question` that a field that it does not know is refused, where it is."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        return not field_definition.is_union and field_definition.is_subclass_of(Question)

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
