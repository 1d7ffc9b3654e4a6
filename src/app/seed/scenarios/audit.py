"""Check the rules of a scenario in the database, among the rows of its clinics only."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from app.seed.audit.checks import MAX_IDS_LISTED
from app.seed.audit.parameters import parameters
from app.seed.audit.rule import CatalogueRule, Rule
from app.seed.audit.scan import scan
from app.seed.errors import AuditFailed
from app.seed.kinds import LOADED
from app.seed.request import SeedRequest
from app.seed.scenarios.only_clinics import CLINICS, only_clinics
from app.seed.scenarios.scenario import ClinicContent, Scenario
from app.seed.summary import RuleCheck
from app.tables import METADATA

QUANTITIES = "there are as many rows as the scenario has"
IDENTITIES = ("users", "organizations", "members", "invitations")
COUNTED = tuple(METADATA.tables[name] for name in IDENTITIES) + tuple(kind.table for kind in LOADED)


def audit_clinics(
    connection: Connection, scenario: Scenario, request: SeedRequest, content: ClinicContent
) -> list[RuleCheck]:
    """Return the rules, and on how many rows each was checked. Raise `AuditFailed`."""
    clinics = [organization.id for organization, _ in content.organizations]
    values = {**parameters(request), CLINICS.key: clinics}
    rules = tuple(rule for rule in scenario.guarantees if isinstance(rule, Rule))
    found = scan(connection, rules, COUNTED, values, only_clinics)
    broken = {
        QUANTITIES: _wrong_counts(found.counts, content),
        **{rule.name: _rows_that_break(connection, rule, values) for rule in found.broken},
        **{
            rule.name: _unknown_combinations(connection, rule, values)
            for rule in scenario.guarantees
            if isinstance(rule, CatalogueRule)
        },
    }
    if any(broken.values()):
        raise AuditFailed({rule: rows for rule, rows in broken.items() if rows})
    return [
        RuleCheck(rule=QUANTITIES, rows=sum(found.counts.values())),
        *(RuleCheck(rule=rule.name, rows=found.counts[rule.table]) for rule in scenario.guarantees),
    ]


def _wrong_counts(counts: Mapping[str, int], content: ClinicContent) -> list[str]:
    wanted = {
        "users": len(content.users),
        "organizations": len(content.organizations),
        "members": len(content.all_members),
        "invitations": len(content.invitations),
        **{kind.table.name: len(content.rows.get(kind.name, ())) for kind in LOADED},
    }
    return [
        f"{table}: {count} instead of {wanted[table]}"
        for table, count in counts.items()
        if count != wanted[table]
    ]


def _rows_that_break(connection: Connection, rule: Rule, values: Mapping[str, Any]) -> list[str]:
    rows = select(rule.rows.c.id).where(rule.broken).limit(MAX_IDS_LISTED)
    ids = connection.scalars(only_clinics(rows, connection.dialect.name), values)
    return [str(row) for row in ids]


def _unknown_combinations(
    connection: Connection, rule: CatalogueRule, values: Mapping[str, Any]
) -> list[str]:
    """Return the ids of rows whose combination of values is not known."""
    rows = select(rule.rows.c.id, *rule.columns)
    found = connection.execute(only_clinics(rows, connection.dialect.name), values)
    unknown = (str(row[0]) for row in found if tuple(row[1:]) not in rule.known)
    return [*unknown][:MAX_IDS_LISTED]
