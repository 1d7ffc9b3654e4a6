"""Refuse unknown query parameters: a misspelled filter must not widen a search."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import Any

import msgspec
from litestar.connection import ASGIConnection
from litestar.enums import HttpMethod
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter
from litestar.typing import FieldDefinition

from app.errors import UnusableRequest

LONGEST_NAME = 60


async def refuse_unknown_parameters(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Raise `UnusableRequest` for an unknown parameter, or for one that is repeated."""
    if connection.scope.get("method") == HttpMethod.OPTIONS:
        return
    known = parameter_names(handler)
    seen = set()
    for name, _ in connection.query_params.items():  # noqa: PERF102 - keys leave repeated ones out
        if name not in known:
            raise UnusableRequest(describe_unknown(name, sorted(known), _body_fields(handler)))
        if name in seen and not known[name].is_non_string_collection:
            raise UnusableRequest(f"Nothing was changed. `{name}` is repeated. Send it once.")
        seen.add(name)


def parameter_names(handler: BaseRouteHandler) -> dict[str, FieldDefinition]:
    """Return the query parameters of an operation by their names in the URL."""
    return {
        field.kwarg_definition.name or name: field
        for name, field in handler.parsed_fn_signature.parameters.items()
        if isinstance(field.kwarg_definition, QueryParameter)
    }


def _body_fields(handler: BaseRouteHandler) -> set[str]:
    """Return the JSON names of the fields of the body."""
    field = getattr(handler, "parsed_data_field", None)
    types = [field, *field.inner_types] if field else []
    return {
        each.encode_name
        for kind in types
        if kind.is_subclass_of(msgspec.Struct)
        for each in msgspec.structs.fields(kind.annotation)
    }


def describe_unknown(name: str, known: Sequence[str], body: Collection[str] = ()) -> str:
    """Return the message for an unknown parameter, with the nearest name and all names."""
    shown = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    alike = {_plain(each): each for each in known}
    nearest = get_close_matches(_plain(name), alike, 1)
    listed = ", ".join(f"`{each}`" for each in known)
    advice = [
        f"Send `{shown}` in the JSON body." if name in body else "",
        f"Did you mean `{alike[nearest[0]]}`?" if nearest and name not in body else "",
        f"The query parameters are {listed}."
        if known
        else "This operation has no query parameters.",
    ]
    problem = f"Nothing was changed. There is no query parameter `{shown}`."
    return " ".join(filter(None, (problem, *advice)))


def _plain(name: str) -> str:
    """Normalize spellings such as `therapist_id`, `TherapistID` and `therapistId`."""
    return name.replace("_", "").replace("-", "").lower()
