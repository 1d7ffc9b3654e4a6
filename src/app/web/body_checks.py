"""Check the body of a request, as far as Litestar does not."""

import json
import re
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import ClientException, SerializationException, ValidationException

from app.web.bodies import require_json
from app.web.schemas import RequestBody

# The only form of NUL in JSON; after another backslash it is ordinary text.
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
# JSON escapes a character beyond U+FFFF as two surrogates; one alone is not a character.
SURROGATE = re.compile("[\ud800-\udfff]")
UNPAIRED_SURROGATE = (
    r"it has half a character: an escape from \ud800 to \udbff must be followed by one from \udc00 "
    r"to \udfff"
)

Body = TypeVar("Body", bound=RequestBody)


def body_or_defaults(body: Body | None, kind: type[Body]) -> Body:
    """Return the body, or one with all defaults for a request without a body.

    A default may depend on the time and be out of range; raise `ValidationException`.
    """
    try:
        return kind() if body is None else body
    except ValueError as error:
        raise ValidationException(extra=[{"key": "data", "message": str(error)}]) from error


async def check_body(request: Request[Any, Any, Any]) -> None:
    """Refuse a body that is not JSON, and values that Litestar would convert or fail on."""
    await require_json(request)
    await refuse_wrong_types(request)


async def refuse_wrong_types(request: Request[Any, Any, Any]) -> None:
    """Refuse values that Litestar would convert, such as the text "10" for the number 10.

    Refuse also bodies that Litestar fails on, and text that not every database can store.
    """
    field = request.route_handler.parsed_data_field
    body = await request.body()
    if field is None or not body:
        return
    try:
        given = _with_whole_numbers(await request.json())
    except UnicodeDecodeError as error:
        raise ClientException("it is not UTF-8") from error
    except RecursionError as error:
        raise ClientException("it is nested too deeply") from error
    except SerializationException as error:
        if key := _find_unpaired_surrogate(body):
            raise ValidationException(
                extra=[{"key": key, "message": UNPAIRED_SURROGATE}]
            ) from error
        return  # Litestar reports it together with other errors
    try:
        msgspec.json.decode(body, type=field.annotation, strict=False)
    except msgspec.ValidationError:
        return  # Litestar reports it
    try:
        known = msgspec.convert(given, type=field.annotation)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        key = path.strip(".`") or "data"
        raise ValidationException(extra=[{"key": key, "message": problem}]) from error
    if NUL.search(body) and NUL.search(msgspec.json.encode(known)):
        problem = "Text must not contain the character NUL"
        raise ValidationException(extra=[{"key": "data", "message": problem}])


def _find_unpaired_surrogate(body: bytes) -> str | None:
    """Return the field whose text has half a character, if there is one."""
    try:
        return next(_texts_with_unpaired_surrogates("", json.loads(body)), None)
    except (ValueError, RecursionError):
        return None


def _texts_with_unpaired_surrogates(place: str, value: Any) -> Iterator[str]:
    match value:
        case str() if SURROGATE.search(value):
            yield place or "data"
        case list():
            for number, item in enumerate(value):
                yield from _texts_with_unpaired_surrogates(f"{place}[{number}]", item)
        case dict():
            yield from (place or "data" for name in value if SURROGATE.search(name))
            for name, item in value.items():
                yield from _texts_with_unpaired_surrogates(f"{place}.{name}".lstrip("."), item)


def _with_whole_numbers(value: Any) -> Any:
    """Turn 10.0 into 10: JSON and JSON Schema have one type of number."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_with_whole_numbers(item) for item in value]
        case dict():
            return {name: _with_whole_numbers(item) for name, item in value.items()}
    return value
