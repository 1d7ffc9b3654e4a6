"""What every body that enters or leaves the API has in common."""

from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import ValidationException


class Answer(msgspec.Struct, rename="camel", kw_only=True):
    """A body that leaves; its JSON names are camelCase."""


class Question(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """A body that enters; a field that it does not know is refused."""


def wire_name(name: str) -> str:
    """Give the camelCase that a name has in JSON."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


async def refuse_wrong_types(request: Request[Any, Any, Any]) -> None:
    """Refuse what Litestar itself would convert, such as the text "10" for the number 10."""
    field = request.route_handler.parsed_data_field
    body = await request.body()
    if field is None or not body:
        return
    try:
        msgspec.json.decode(body, type=field.annotation, strict=False)
    except msgspec.DecodeError:
        return  # Litestar sees that too, and tells it together with what else is wrong
    try:
        msgspec.json.decode(body, type=field.annotation)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        key = path.strip(".`") or "data"
        raise ValidationException(extra=[{"key": key, "message": problem}]) from error
