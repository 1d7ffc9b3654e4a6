"""Runs every rule inside the seed's transaction: the set-based ones in a single query."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, literal, select, union_all

from app.errors import AuditFailed
from app.seed.audit import availability, identities, patients, treatment_plans
from app.seed.audit.catalogue import CATALOGUE_RULES
from app.seed.constants import EXCEPTION_DAYS
from app.seed.request import SeedRequest
from app.seed.summary import Check
from app.tables import METADATA

MAX_ROWS_NAMED = 20
QUANTITIES = "there are as many rows as were asked for"

RULES = identities.RULES + availability.RULES + patients.RULES + treatment_plans.RULES
VIOLATIONS = union_all(
    *(select(literal(number), rule.violations.subquery()) for number, rule in enumerate(RULES))
)
COUNTS = select(
    *(
        select(func.count()).select_from(table).scalar_subquery().label(table.name)
        for table in METADATA.sorted_tables
    )
)


def audit(connection: Connection, request: SeedRequest) -> list[Check]:
    """Return the rules and on how many rows each was checked.

    Raises `AuditFailed`, which names each broken rule and the rows that break it.
    """
    counts = dict(connection.execute(COUNTS).mappings().one())
    broken = {QUANTITIES: _wrong_quantities(counts, request)}
    for number, row in connection.execute(VIOLATIONS, _parameters(request)):
        broken.setdefault(RULES[number].name, []).append(str(row))
    for rule in CATALOGUE_RULES:
        broken[rule.name] = list(rule.violations(connection))
    if any(broken.values()):
        raise AuditFailed({rule: rows[:MAX_ROWS_NAMED] for rule, rows in broken.items() if rows})
    return [
        Check(rule=QUANTITIES, rows=sum(counts.values())),
        *(Check(rule=rule.name, rows=counts[rule.table]) for rule in RULES + CATALOGUE_RULES),
    ]


def _wrong_quantities(counts: Any, request: SeedRequest) -> list[str]:
    wanted = {
        "users": request.users,
        "organizations": request.organizations,
        "members": request.users,
        "patients": request.patients,
        "treatment_plans": request.patients * request.plans_per_patient,
    }
    return [
        f"{table}: {counts[table]} instead of {count}"
        for table, count in wanted.items()
        if counts[table] != count
    ]


def _parameters(request: SeedRequest) -> dict[str, Any]:
    return {
        "as_of": request.as_of,
        "last_exception_on": request.as_of + timedelta(days=EXCEPTION_DAYS),
        "patients": request.patients,
        "plans_per_patient": request.plans_per_patient,
    }
