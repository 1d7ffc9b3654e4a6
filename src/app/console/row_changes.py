"""The changes of rows since a snapshot, as the page of the data set shows them."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

# Columns that say which row it is to a person, the best first. An id is in the key.
NAMING = (
    ("first_name", "last_name"),
    ("name",),
    ("title",),
    ("email",),
    ("date", "start_time"),
    ("day_of_week", "start_time"),
    ("word",),
)
TENANT = "organization_id"
TIMESTAMPS = {"created_at", "updated_at"}
SHOWN_FIELDS = 6
LONGEST = 200
LONGEST_IN_LIST = 60
# How much of a long text comes before the first difference.
CONTEXT = 40


class FieldChange(msgspec.Struct):
    """Values are None for SQL's NULL."""

    name: str
    before: str | None
    after: str | None


class ShownChange(msgspec.Struct):
    """An update has the fields that changed, and other changes the first values and the others."""

    table: str
    kind: str
    label: str
    key: str
    fields: list[FieldChange]
    values: list[tuple[str, str]]
    more_values: list[tuple[str, str]]


def describe(change: Mapping[str, Any]) -> ShownChange:
    before, after = change["before"] or {}, change["after"] or {}
    is_update = change["kind"] == "updated"
    values = [] if is_update else _values(after or before, change["key"])
    return ShownChange(
        table=change["table"],
        kind=change["kind"],
        label=_label(before or after),
        key=", ".join(str(each) for name, each in change["key"].items() if name != TENANT),
        fields=[*_fields(before, after)] if is_update else [],
        values=values[:SHOWN_FIELDS],
        more_values=values[SHOWN_FIELDS:],
    )


def _label(row: Mapping[str, Any]) -> str:
    labels = (" ".join(str(row[name]) for name in names if row.get(name)) for names in NAMING)
    return next(filter(None, labels), "")


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[FieldChange]:
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old != new:
            yield FieldChange(name, *_cut(_text(old), _text(new)))


def _values(row: Mapping[str, Any], key: Mapping[str, Any]) -> list[tuple[str, str]]:
    left_out = {*key, *TIMESTAMPS}
    texts = ((name, _text(value)) for name, value in row.items() if name not in left_out)
    return [(name, _shorten(text, LONGEST_IN_LIST)) for name, text in texts if text is not None]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def _cut(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Shorten long texts so that the first difference can be seen."""
    same = 0
    if old is not None and new is not None and max(len(old), len(new)) > LONGEST:
        pairs = zip(old, new, strict=False)
        same = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))
    start = max(0, same - CONTEXT)
    lead = "…" if start else ""
    texts = (each if each is None else f"{lead}{_shorten(each[start:])}" for each in (old, new))
    return next(texts), next(texts)


def _shorten(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text):,} characters)"
