"""Examples of responses, made from the row of a controller and the example of the request."""

from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from app.web.openapi import DOCUMENTATION, EXAMPLE

NEW_ID = "7d1f0c4b-92a6-4e3d-8b57-c0a9e6f21d38"


def row(handler: HTTPRouteHandler) -> Any:
    return handler.opt[EXAMPLE]


def page(handler: HTTPRouteHandler) -> Any:
    return {"items": [row(handler)], "next": None}


def changed_row(handler: HTTPRouteHandler) -> Any:
    """Return the row with the fields of the request, and the defaults of fields left out."""
    if handler.parsed_data_field is None:
        return row(handler)
    request = handler.opt[DOCUMENTATION].request
    body = msgspec.convert(request, type=handler.parsed_data_field.annotation)
    return {**row(handler), **msgspec.to_builtins(body)}


def new_row(handler: HTTPRouteHandler) -> Any:
    return {**changed_row(handler), "id": NEW_ID}
