"""Count all rows, and those that break each rule, in one statement."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    FromClause,
    Select,
    Table,
    func,
    literal_column,
    select,
    union_all,
)

from app.seed.audit.literals import filled, with_places
from app.seed.audit.rule import Rule, count_if

# Returns the statement about some of the rows, for a dialect.
Limit = Callable[[CompoundSelect[Any], str], CompoundSelect[Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """How many rows each table has, and which rules are broken."""

    counts: Mapping[str, int]
    broken: Sequence[Rule]


def by_rows(rules: Iterable[Rule]) -> dict[FromClause, list[Rule]]:
    """Return the rules grouped by the rows that they are about, which one scan checks."""
    groups: dict[FromClause, list[Rule]] = {}
    for rule in rules:
        groups.setdefault(rule.rows, []).append(rule)
    return groups


def scan(
    connection: Connection,
    rules: tuple[Rule, ...],
    tables: tuple[Table, ...],
    values: Mapping[str, Any],
    limit: Limit | None = None,
) -> Found:
    dialect = connection.dialect.name
    statement = filled(_text(rules, tables, dialect, limit), dialect, values)
    if dialect == "postgresql":
        # The planner expects many rows in tables that were just filled.
        connection.exec_driver_sql("SET LOCAL jit TO off")
    # Without parameters the driver sends the text as it is.
    counts, *found = connection.exec_driver_sql(
        statement, execution_options={"no_parameters": True}
    )
    broken = [
        rule
        for of_rows, numbers in zip(by_rows(rules).values(), found, strict=True)
        for rule, count in zip(of_rows, numbers[1:], strict=False)
        if count
    ]
    return Found(dict(zip((table.name for table in tables), counts[1:], strict=False)), broken)


@lru_cache(maxsize=64)
def _text(
    rules: tuple[Rule, ...], tables: tuple[Table, ...], dialect: str, limit: Limit | None
) -> str:
    """Return a statement with a row of counts, and a row for all rules about the same rows.

    Its first column is the number of the row.
    """
    groups = by_rows(rules)
    width = max(len(tables), *map(len, groups.values()), 0)
    counts = (select(func.count()).select_from(table).scalar_subquery() for table in tables)
    scans = [_padded(0, counts, width)]
    for number, (rows, of_rows) in enumerate(groups.items(), start=1):
        # Some versions of PostgreSQL, such as 16.11, refuse an aggregate of a condition that reads
        # a CTE. So the condition is a column first.
        labels = (rule.broken.label(f"b{place}") for place, rule in enumerate(of_rows))
        conditions = select(*labels).select_from(rows).subquery()
        scans.append(_padded(number, map(count_if, conditions.c), width))
    numbered = union_all(*scans).order_by(literal_column("1"))
    return with_places(limit(numbered, dialect) if limit else numbered, dialect)


def _padded(number: int, counts: Iterable[Any], width: int) -> Select[Any]:
    filled_columns = [*counts]
    zeros: list[Any] = [literal_column("0")] * (width - len(filled_columns))
    return select(*chain([literal_column(str(number))], filled_columns, zeros))
