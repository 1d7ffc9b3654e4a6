"""A rule of the data set: which rows to look at, and which of them break it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Integer,
    Subquery,
    Table,
    and_,
    bindparam,
    case,
    cast,
    extract,
    func,
    select,
    true,
)

from app.clinic.availability.models import DayOfWeek
from app.seed.constants import EXCEPTION_DAYS
from app.tables import METADATA

AS_OF = bindparam("as_of", type_=Date)
LAST_EXCEPTION_ON = bindparam("last_exception_on", type_=Date)
TEN_YEARS_BEFORE = bindparam("ten_years_before", type_=Date)
FIRST_WEEK = bindparam("first_week", type_=Date)
AFTER_WEEKS = bindparam("after_weeks", type_=Date)
PATIENTS = bindparam("patients", type_=Integer)
# Dates of birth that are limits on `as_of`.
YOUNGEST_BORN_ON = bindparam("youngest_born_on", type_=Date)
OLDEST_BORN_ON = bindparam("oldest_born_on", type_=Date)
CHILDREN_BORN_AFTER = bindparam("children_born_after", type_=Date)
UNDER_64_BORN_AFTER = bindparam("under_64_born_after", type_=Date)
UNDER_65_BORN_AFTER = bindparam("under_65_born_after", type_=Date)
OVER_80_BORN_ON = bindparam("over_80_born_on", type_=Date)
MOST_NAMESAKES = bindparam("most_namesakes", type_=Integer)
LAST_SOON_ON = bindparam("last_soon_on", type_=Date)
# The public holidays of all dates that a data set may have.
HOLIDAYS = bindparam("holidays", type_=Date, expanding=True)
# How many public holidays the exceptions may have, by weekday; and the Mondays of their weeks.
HOLIDAYS_ON = {day: bindparam(f"holidays_on_{day}", type_=Integer) for day in DayOfWeek}
MONDAYS = [bindparam(f"monday_{number}", type_=Date) for number in range(EXCEPTION_DAYS // 7 + 2)]
PLANS_PER_PATIENT = bindparam("plans_per_patient", type_=Integer)
EACH = true()
DAY_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that is broken by those of its `rows` for which `broken` is true.

    `table` names the table that the rule is about. Rules about the same rows share one scan.
    """

    name: str
    table: str
    rows: FromClause
    broken: ColumnElement[bool] = EACH


@dataclass(frozen=True, slots=True)
class CatalogueRule:
    """A rule that all combinations of values in some columns are `known`."""

    name: str
    rows: Table
    columns: tuple[Column[Any], ...]
    known: set[tuple[Any, ...]]

    @property
    def table(self) -> str:
        return self.rows.name

    def violations(self, connection: Connection) -> Iterator[str]:
        """Yield the id of one row for each unknown combination."""
        for combination in connection.execute(select(*self.columns).distinct()):
            if tuple(combination) not in self.known:
                pairs = zip(self.columns, combination, strict=True)
                same = (column == value for column, value in pairs)
                examples = select(self.rows.c.id).where(*same).order_by(self.rows.c.id)
                yield str(connection.scalar(examples.limit(1)))


def table(name: str) -> Table:
    return METADATA.tables[name]


def count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def with_counts(
    parent: Table, key: Mapping[Column[Any], Column[Any]], **counts: ColumnElement[int]
) -> Subquery:
    """Select a table with counts of child rows; `key` maps columns of a child to the parent's."""
    # One grouped query is several times faster than a query per parent.
    counted = (
        select(*key, *(count.label(name) for name, count in counts.items()))
        .group_by(*key)
        .subquery()
    )
    return (
        select(parent, *(func.coalesce(counted.c[name], 0).label(name) for name in counts))
        .outerjoin(counted, and_(*(counted.c[child.key] == of for child, of in key.items())))
        .subquery()
    )


def repeated(
    rows: Table,
    *key: ColumnElement[Any],
    where: ColumnElement[bool] = EACH,
    among: ColumnElement[bool] = EACH,
) -> Subquery:
    """Select the rows that share their key with another row, among some of them."""
    times = func.count().over(partition_by=key)
    counted = select(rows.c.id, times.label("times")).where(among).subquery()
    return select(counted.c.id).where(counted.c.times > 1, where).subquery()


def minutes(time: Any) -> ColumnElement[int]:
    """Return a time of day in minutes from midnight."""
    return extract("hour", time) * 60 + extract("minute", time)


def weekday_of(date: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the weekday of a date; Monday is 1."""
    return extract("dow", date)


def week_of(date: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the number of the week of a date; weeks begin on Monday."""
    # The first day of the epoch was a Thursday.
    return (cast(extract("epoch", date), BigInteger) // DAY_SECONDS + 3) // 7
