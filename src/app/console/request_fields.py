"""The fields of request bodies, with the limits that the forms of the console show."""

from typing import Any

import msgspec


def fields_of_request(body: type[msgspec.Struct]) -> dict[str, dict[str, Any]]:
    """Return the JSON schema of each field by its name in JSON; one that may be null is merged."""
    _, schemas = msgspec.json.schema_components([body])
    fields: dict[str, dict[str, Any]] = schemas[body.__name__]["properties"]
    return {name: _without_null(schema) for name, schema in fields.items()}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    return schema | choices[0] if len(choices) == 1 else schema
