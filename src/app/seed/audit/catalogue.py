"""Rules that compare with the curated lists: what the database holds must belong together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, String, cast, func, select

from app.seed.audit.rule import table
from app.seed.data.conditions import CONDITIONS
from app.seed.data.places import SUBURBS

patients, plans = table("patients"), table("treatment_plans")

POSTCODES = {(suburb.name, suburb.postcode, "AU") for suburb in SUBURBS}
BY_TITLE = {condition.title: condition for condition in CONDITIONS}


@dataclass(frozen=True, slots=True)
class CatalogueRule:
    """`violations` yields an example row of each combination that no list has."""

    name: str
    table: str
    violations: Callable[[Connection], Iterator[str]]


def _places_unknown(connection: Connection) -> Iterator[str]:
    place = (patients.c.city, patients.c.postal_code, patients.c.country)
    combinations = select(*place, func.min(cast(patients.c.id, String))).group_by(*place)
    for city, postal_code, country, example in connection.execute(combinations):
        if (city, postal_code, country) not in POSTCODES:
            yield example


def _plans_mixed_up(connection: Connection) -> Iterator[str]:
    words = (plans.c.title, plans.c.diagnosis, plans.c.objective)
    numbers = plans.c.number_of_sessions
    combinations = select(
        *words, func.min(numbers), func.max(numbers), func.min(cast(plans.c.id, String))
    ).group_by(*words)
    for title, diagnosis, objective, fewest, most, example in connection.execute(combinations):
        condition = BY_TITLE.get(title)
        if (
            condition is None
            or (diagnosis, objective) != (condition.diagnosis, condition.objective)
            or not condition.sessions[0] <= fewest <= most <= condition.sessions[1]
        ):
            yield example


CATALOGUE_RULES = (
    CatalogueRule("a postal code fits its city", patients.name, _places_unknown),
    CatalogueRule(
        "title, diagnosis, objective and number of sessions belong together",
        plans.name,
        _plans_mixed_up,
    ),
)
