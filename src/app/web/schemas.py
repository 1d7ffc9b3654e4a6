"""The base of all request and response bodies."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Self, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import ClientException, SerializationException, ValidationException
from litestar.openapi.spec import OpenAPIType, Schema
from msgspec import UNSET, Meta, UnsetType

from app.web.bodies import require_json

# The only form of NUL in JSON; after another backslash it is ordinary text.
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")

# Documented only: `refuse_wrong_types` has a clearer message.
WITHOUT_NUL = r"^[^\u0000]*$"
Text = Annotated[str, Meta(extra_json_schema={"extra": {"pattern": WITHOUT_NUL}})]
Line = Annotated[Text, Meta(max_length=200)]
Note = Annotated[Text, Meta(max_length=10_000)]
Next = Annotated[
    str | None, Meta(description="The `cursor` of the next page; null on the last one.")
]
Total = (
    Annotated[int, Meta(ge=0, description="Rows of all pages; absent without `includeTotal`.")]
    | UnsetType
)
# Litestar omits the pattern of a `Text` that is an item of a list.
TEXT = Schema(type=OpenAPIType.STRING, pattern=WITHOUT_NUL)
TEXTS = Schema(type=OpenAPIType.ARRAY, items=TEXT)

# JSON escapes a character beyond U+FFFF as two surrogates; one alone is not a character.
SURROGATE = re.compile("[\ud800-\udfff]")
UNPAIRED_SURROGATE = (
    r"it has half a character: an escape from \ud800 to \udbff must be followed by one from \udc00 "
    r"to \udfff"
)

TIME_OF_DAY = r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$(?!\s)"


class Instant(datetime):
    """An instant in a response, with milliseconds, because JavaScript may misread more digits."""

    @classmethod
    def of(cls, moment: datetime) -> "Instant":
        return cls.combine(moment.date(), moment.timetz())

    def to_text(self) -> str:
        return self.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def encode_json(value: Any) -> bytes:
    """Encode JSON as responses are encoded."""
    return msgspec.json.encode(value, enc_hook=Instant.to_text)


class ResponseBody(msgspec.Struct, rename="camel", kw_only=True):
    """The body of a response; its JSON names are camelCase."""

    @classmethod
    def of(cls, row: Any) -> Self:
        """Return the fields of an object that has attributes of their names."""
        return msgspec.convert(row, cls, from_attributes=True)

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, datetime):
                setattr(self, name, Instant.of(value))


Body = TypeVar("Body", bound="RequestBody")


class RequestBody(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """The body of a request; unknown fields are refused."""

    def columns(self) -> dict[str, Any]:
        """Return the fields that were sent, by the names of their columns."""
        fields = msgspec.structs.asdict(self)
        return {name: _stored(value) for name, value in fields.items() if value is not UNSET}


def body_or_defaults(body: Body | None, kind: type[Body]) -> Body:
    """Return the body, or one with all defaults for a request without a body.

    A default may depend on the time and be out of range; raise `ValidationException`.
    """
    try:
        return kind() if body is None else body
    except ValueError as error:
        raise ValidationException(extra=[{"key": "data", "message": str(error)}]) from error


def _stored(value: Any) -> Any:
    # A column of documents holds plain values; one of dates holds dates.
    return msgspec.to_builtins(value) if isinstance(value, list) else value


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
