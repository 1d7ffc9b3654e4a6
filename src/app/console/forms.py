"""The forms for rows of the API: their fields, and the JSON that is sent for what was typed."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from litestar.datastructures import FormMultiDict

from app.console.request_fields import fields_of_request

REQUIRED = "This field is required."
CONTACT = ("name", "relationship", "phone")


class FormField(NamedTuple):
    """A field of a form, named as in the API; `type` is one of HTML's or of `form_fields.html`."""

    name: str
    label: str
    type: str = "text"
    help: str = ""


class Section(NamedTuple):
    title: str
    fields: Sequence[FormField]


class Form:
    """Reads a form for the fields of a request body."""

    def __init__(self, body: type[msgspec.Struct], *sections: Section) -> None:
        self.sections = sections
        self.fields = {field.name: field for section in sections for field in section.fields}
        self.schemas = fields_of_request(body)
        self.required = {
            field.encode_name for field in msgspec.structs.fields(body) if field.required
        }

    def attributes(self, name: str) -> dict[str, Any]:
        """Return the limits of the API as attributes of an input."""
        schema, kind = self.schemas[name], self.fields[name].type
        limits = {
            "min": "minimum",
            "max": "maximum",
            "step": "multipleOf",
            "maxlength": "maxLength",
        }
        found: dict[str, Any] = {
            html: schema[json] for html, json in limits.items() if json in schema
        }
        if name in self.required and kind != "contacts":
            found["required"] = True
        return found

    def options(self, name: str) -> Sequence[str]:
        return [str(option) for option in self.schemas[name].get("enum", ())]

    def typed(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a form shows for a row of the API, or for its default values."""
        given = {name: row.get(name, self.schemas[name].get("default")) for name in self.fields}
        return {
            name: "\n".join(" ".join(line.splitlines()) for line in value)
            if self.fields[name].type == "lines"
            else value
            for name, value in given.items()
        }

    def read(self, data: FormMultiDict) -> dict[str, Any]:
        """Return what was typed, as `typed` does."""
        return {name: _read(data, field) for name, field in self.fields.items()}

    def errors(self, refused: Mapping[str, str], typed: Mapping[str, Any]) -> dict[str, str]:
        """Return the API's messages for the fields, and one for each that must not be empty."""
        missing = [name for name in self.fields if name in self.required and not typed[name]]
        return {**refused, **dict.fromkeys(missing, REQUIRED)} if refused else {}

    def body(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """Return the JSON for what was typed.

        An empty field is `null`; a required one is empty, which the API refuses.
        """
        body: dict[str, Any] = {}
        for name, value in typed.items():
            match self.fields[name].type:
                case "contacts" | "checkbox":
                    body[name] = value
                case "select" if not value:
                    pass
                case "lines":
                    body[name] = [line.strip() for line in value.splitlines() if line.strip()]
                case "number" if value.isascii() and value.isdigit():
                    body[name] = int(value)
                case _:
                    body[name] = value if name in self.required else value or None
        return body


def _read(data: FormMultiDict, field: FormField) -> Any:
    match field.type:
        case "contacts":
            return _contacts(data)
        case "checkbox":
            return field.name in data
    return _text(data, field.name)


def _text(data: FormMultiDict, name: str) -> str:
    # A browser sends the lines of a textarea with carriage returns.
    return str(data.get(name, "")).replace("\r\n", "\n").strip()


def _contacts(data: FormMultiDict) -> list[dict[str, str]]:
    """Return the rows of contacts, without those that are empty."""
    columns = [[str(each).strip() for each in data.getall(f"contact-{key}", [])] for key in CONTACT]
    rows = [dict(zip(CONTACT, row, strict=True)) for row in zip(*columns, strict=False)]
    return [row for row in rows if any(row.values())]
