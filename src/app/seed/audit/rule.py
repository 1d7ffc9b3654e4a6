"""A rule of the data set: a query for the rows that break it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Table,
    bindparam,
    extract,
    func,
    select,
)

from app.tables import METADATA

AS_OF = bindparam("as_of", type_=Date)
LAST_EXCEPTION_ON = bindparam("last_exception_on", type_=Date)
PATIENTS = bindparam("patients", type_=Integer)
PLANS_PER_PATIENT = bindparam("plans_per_patient", type_=Integer)


@dataclass(frozen=True, slots=True)
class Rule:
    """`violations` selects the ids of rows of any table; `table` is what the rule speaks of."""

    name: str
    table: str
    violations: Select[Any]


def table(name: str) -> Table:
    return METADATA.tables[name]


def count_not_between(
    parents: Table,
    children: Table,
    key: str,
    low: Any,
    high: Any,
    *conditions: ColumnElement[bool],
) -> Select[Any]:
    """Select the parents that do not have as many children, under conditions, as they should."""
    # Counted all at once, for asking for each parent takes several times as long.
    counts = (
        select(children.c[key], func.count().label("children"))
        .where(*conditions)
        .group_by(children.c[key])
        .subquery()
    )
    return (
        select(parents.c.id)
        .outerjoin(counts, counts.c[key] == parents.c.id)
        .where(~func.coalesce(counts.c.children, 0).between(low, high))
    )


def repeated(rows: Table, *key: ColumnElement[Any]) -> Select[Any]:
    """Select the rows whose key another row has too."""
    times = func.count().over(partition_by=key)
    counted = select(rows.c.id, times.label("times")).subquery()
    return select(counted.c.id).where(counted.c.times > 1)


def minutes(time: ColumnElement[Any]) -> ColumnElement[int]:
    """Count a time of day in minutes from midnight."""
    return extract("hour", time) * 60 + extract("minute", time)
