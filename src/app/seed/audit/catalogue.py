"""Rules that compare with the curated lists: what the database holds must belong together."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Table, select

from app.seed.audit.rule import table
from app.seed.data.conditions import CONDITIONS
from app.seed.data.places import SUBURBS

patients, plans = table("patients"), table("treatment_plans")


@dataclass(frozen=True, slots=True)
class CatalogueRule:
    """Columns of a table that hold no other combinations than those that are `known`."""

    name: str
    rows: Table
    columns: tuple[Column[Any], ...]
    known: set[tuple[Any, ...]]

    @property
    def table(self) -> str:
        return self.rows.name

    def violations(self, connection: Connection) -> Iterator[str]:
        """Yield an example row of each combination that no list has."""
        for combination in connection.execute(select(*self.columns).distinct()):
            if tuple(combination) not in self.known:
                pairs = zip(self.columns, combination, strict=True)
                same = (column == value for column, value in pairs)
                examples = select(self.rows.c.id).where(*same).order_by(self.rows.c.id)
                yield str(connection.scalar(examples.limit(1)))


CATALOGUE_RULES = (
    CatalogueRule(
        "a postal code fits its city",
        patients,
        (patients.c.city, patients.c.postal_code, patients.c.country),
        {(suburb.name, suburb.postcode, "AU") for suburb in SUBURBS},
    ),
    CatalogueRule(
        "title, diagnosis, objective and number of sessions belong together",
        plans,
        (plans.c.title, plans.c.diagnosis, plans.c.objective, plans.c.number_of_sessions),
        {
            (condition.title, condition.diagnosis, condition.objective, number)
            for condition in CONDITIONS
            for number in range(condition.sessions[0], condition.sessions[1] + 1)
        },
    ),
)
