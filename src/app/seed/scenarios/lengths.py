"""How much text the API accepts, from the schemas of its requests."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect


@cache
def lengths_of(body: type[msgspec.Struct]) -> Mapping[str, int]:
    """Return the most characters of each text, and the most entries of each list, by column.

    Those without a limit are left out, and so are texts of a fixed form, such as times.
    """
    fields = inspect.type_info(body).fields  # type: ignore[attr-defined]
    found = {field.name: _longest(field.type) for field in fields}
    return {name: length for name, length in found.items() if length}


def _longest(kind: Any) -> int | None:
    match kind:
        case inspect.UnionType(types=types):
            return next(filter(None, map(_longest, types)), None)
        case inspect.Metadata(type=inner):
            return _longest(inner)
        case inspect.StrType(max_length=length) | inspect.ListType(max_length=length):
            return length
    return None
