"""The base of all request and response bodies."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self

import msgspec
from msgspec import UNSET, Meta, UnsetType

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


class RequestBody(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """The body of a request; unknown fields are refused."""

    def columns(self) -> dict[str, Any]:
        """Return the fields that were sent, by the names of their columns."""
        fields = msgspec.structs.asdict(self)
        return {name: _stored(value) for name, value in fields.items() if value is not UNSET}


def _stored(value: Any) -> Any:
    # A column of documents holds plain values; one of dates holds dates.
    return msgspec.to_builtins(value) if isinstance(value, list) else value
