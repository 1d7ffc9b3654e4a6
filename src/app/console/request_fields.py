"""The fields of request bodies, with the limits that the forms of the console show."""

from collections.abc import Mapping
from typing import Any

import msgspec


def fields_of_request(body: type[msgspec.Struct]) -> dict[str, dict[str, Any]]:
    """Return the JSON schema of each field by its name in JSON.

    One that may be null is merged, and so is that of an enumeration.
    """
    _, schemas = msgspec.json.schema_components([body])
    fields: dict[str, dict[str, Any]] = schemas[body.__name__]["properties"]
    return {name: _merge(schema, schemas) for name, schema in fields.items()}


def _merge(schema: dict[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    merged = schema | choices[0] if len(choices) == 1 else schema
    name = merged.get("$ref", "").rpartition("/")[2]
    return schemas[name] | merged if name else merged
