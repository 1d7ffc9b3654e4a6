"""Filters for lists of members, with the fields and operators of Better Auth.

Roles and ids are compared as text, `createdAt` as an instant with milliseconds, as in responses.
`contains`, `starts_with` and `ends_with` ignore case.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import reduce
from operator import contains, ge, gt, le, lt
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, not_, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col

from app.auth.errors import InvalidIdentityRequest
from app.auth.members import COLUMNS, MemberField
from app.auth.models import Member, Role
from app.ids import UNKNOWN_ID, read_id

MAX_VALUES = 100
MILLISECOND = timedelta(milliseconds=1)
# Start and length of each group of digits in an id.
UUID_GROUPS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
YEAR_OR_MONTH = (len("2026"), len("2026-11"))


class FilterOperator(StrEnum):
    EQUAL = "eq"
    NOT_EQUAL = "ne"
    LESS = "lt"
    LESS_OR_EQUAL = "lte"
    GREATER = "gt"
    GREATER_OR_EQUAL = "gte"
    IN = "in"
    NOT_IN = "not_in"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"


EXCLUDING = (FilterOperator.NOT_EQUAL, FilterOperator.NOT_IN)
ORDERING: Mapping[FilterOperator, Callable[[Any, Any], Any]] = {
    FilterOperator.LESS: lt,
    FilterOperator.LESS_OR_EQUAL: le,
    FilterOperator.GREATER: gt,
    FilterOperator.GREATER_OR_EQUAL: ge,
}
ON_PARTS: Mapping[FilterOperator, Callable[[str, str], bool]] = {
    FilterOperator.CONTAINS: contains,
    FilterOperator.STARTS_WITH: str.startswith,
    FilterOperator.ENDS_WITH: str.endswith,
}


def read_filter(
    field: MemberField | None, operator: FilterOperator, values: Sequence[str]
) -> ColumnElement[bool] | None:
    """Return the condition for a query, or `None` without a field.

    Raises `InvalidIdentityRequest` if a value is missing, if there are several where the operator
    takes one, and if the field cannot be compared with a value.
    """
    if field is None:
        return None
    if not values:
        raise _invalid("must be given with `filterField`")
    if operator in {*ORDERING, *ON_PARTS} and len(values) > 1:
        raise _invalid(f"must be given once with the operator {operator}")
    if field is MemberField.ROLE:
        return _compare_role(operator, values)
    if operator in ON_PARTS:
        return _compare_part(field, operator, values[0])
    compare = _compare_instant if field is MemberField.CREATED_AT else _compare_id
    if operator in ORDERING:
        return compare(field, operator, values[0])
    equal = or_(*(compare(field, FilterOperator.EQUAL, value) for value in values))
    return not_(equal) if operator in EXCLUDING else equal


def _compare_role(operator: FilterOperator, values: Sequence[str]) -> ColumnElement[bool]:
    compare = ORDERING.get(operator) or ON_PARTS.get(operator) or str.__eq__
    if operator in ON_PARTS:
        values = [value.lower() for value in values]
    matching = [role for role in Role if any(compare(role.value, value) for value in values)]
    is_one = col(Member.role).in_(matching)
    return not_(is_one) if operator in EXCLUDING else is_one


def _compare_part(field: MemberField, operator: FilterOperator, value: str) -> ColumnElement[bool]:
    column = COLUMNS[field]
    text = instant_text(column) if field is MemberField.CREATED_AT else _id_text(column)
    part = value.lower()
    match operator:
        case FilterOperator.STARTS_WITH:
            return text.startswith(part, autoescape=True)
        case FilterOperator.ENDS_WITH:
            return text.endswith(part, autoescape=True)
    return text.contains(part, autoescape=True)


def _compare_id(field: MemberField, operator: FilterOperator, value: str) -> ColumnElement[bool]:
    column, wanted = COLUMNS[field], read_id(value)
    if operator not in ORDERING:
        return column == wanted
    if wanted == UNKNOWN_ID:
        raise _invalid(f"must be a whole id with the operator {operator}")
    found: ColumnElement[bool] = ORDERING[operator](column, wanted)
    return found


def _compare_instant(
    field: MemberField, operator: FilterOperator, value: str
) -> ColumnElement[bool]:
    """Compare with a whole millisecond: stored instants have more digits than responses."""
    column, begin = COLUMNS[field], _read_instant(value)
    end = begin + MILLISECOND
    match operator:
        case FilterOperator.LESS:
            return column < begin
        case FilterOperator.LESS_OR_EQUAL:
            return column < end
        case FilterOperator.GREATER:
            return column >= end
        case FilterOperator.GREATER_OR_EQUAL:
            return column >= begin
    return and_(column >= begin, column < end)


def _read_instant(text: str) -> datetime:
    """Read an ISO 8601 date or date and time, in UTC unless it has an offset."""
    date = f"{text}-01-01"[:10] if len(text) in YEAR_OR_MONTH else text
    try:
        instant = datetime.fromisoformat(date)
        instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant
        begin = instant.astimezone(UTC)
        begin = begin.replace(microsecond=begin.microsecond // 1000 * 1000)
        begin + MILLISECOND
    except (ValueError, OverflowError):
        raise _invalid(
            "must be an ISO 8601 date, such as 2026-11-25 or 2026-11-25T09:30:00.000Z"
        ) from None
    return begin


def _invalid(problem: str) -> InvalidIdentityRequest:
    return InvalidIdentityRequest(f"Nothing was changed. `filterValue` {problem}.")


class instant_text(FunctionElement[str]):  # noqa: N801 - it is used like a function
    """An instant as it is returned, but in lower case."""

    type = String()
    inherit_cache = True


@compiles(instant_text, "postgresql")
def _instant_text_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"t\"HH24:MI:SS.MS\"z\"')"


@compiles(instant_text, "sqlite")
def _instant_text_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"replace(substr({column}, 1, 23), ' ', 't') || 'z'"


def _id_text(column: Mapped[Any]) -> ColumnElement[str]:
    digits = func.replace(cast(column, String), "-", "")  # SQLite stores an id without hyphens
    groups: list[ColumnElement[str]] = [
        func.substr(digits, *group, type_=String) for group in UUID_GROUPS
    ]
    return reduce(lambda text, group: text + "-" + group, groups)
