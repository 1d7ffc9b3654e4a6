"""Check all rules in the transaction of the seed."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from app.database.citus import is_cluster
from app.seed.audit.parameters import parameters
from app.seed.audit.rule import CatalogueRule, Rule, count_if
from app.seed.audit.scan import Found, by_rows, scan
from app.seed.errors import AuditFailed
from app.seed.kinds import KINDS, is_large
from app.seed.request import SeedRequest
from app.seed.summary import RuleCheck
from app.tables import COUNTED, COUNTS

MAX_IDS_LISTED = 20
QUANTITIES = "there are as many rows as requested"

RULES_OF_KINDS = [rule for kind in KINDS for rule in kind.rules]
RULES = tuple(rule for rule in RULES_OF_KINDS if isinstance(rule, Rule))
CATALOGUE_RULES = [rule for rule in RULES_OF_KINDS if isinstance(rule, CatalogueRule)]
ALL_RULES: list[Rule | CatalogueRule] = [*RULES, *CATALOGUE_RULES]
# A statement for each kind of row: one for all of them would take Citus seconds to plan.
SCANS = [
    (rules, select(*(count_if(rule.broken) for rule in rules)).select_from(rows))
    for rows, rules in by_rows(RULES).items()
]


def audit(connection: Connection, request: SeedRequest) -> list[RuleCheck]:
    """Return the rules, and on how many rows each was checked.

    Raise `AuditFailed` with each broken rule and the rows that break it.
    """
    values = parameters(request)
    found = _scan(connection, request, values)
    broken = {
        QUANTITIES: _wrong_quantities(found.counts, request),
        **{rule.name: _rows_that_break(connection, rule, values) for rule in found.broken},
        **{
            rule.name: list(islice(rule.violations(connection), MAX_IDS_LISTED))
            for rule in CATALOGUE_RULES
        },
    }
    if any(broken.values()):
        raise AuditFailed({rule: rows for rule, rows in broken.items() if rows})
    return [
        RuleCheck(rule=QUANTITIES, rows=sum(found.counts.values())),
        *(RuleCheck(rule=rule.name, rows=found.counts[rule.table]) for rule in ALL_RULES),
    ]


def _wrong_quantities(counts: Any, request: SeedRequest) -> list[str]:
    wanted = {kind.table.name: kind.expected(request) for kind in KINDS if kind.is_exact}
    return [
        f"{table}: {counts[table]} instead of {count}"
        for table, count in wanted.items()
        if counts[table] != count
    ]


def _scan(connection: Connection, request: SeedRequest, values: Mapping[str, Any]) -> Found:
    if not is_large(request) and not is_cluster(connection):
        return scan(connection, RULES, COUNTED, values)
    counts = dict(connection.execute(COUNTS).mappings().one())
    broken = [
        rule
        for rules, each in SCANS
        for rule, count in zip(rules, connection.execute(each, values).one(), strict=True)
        if count
    ]
    return Found(counts, broken)


def _rows_that_break(connection: Connection, rule: Rule, values: Mapping[str, Any]) -> list[str]:
    rows = select(rule.rows.c.id).where(rule.broken).limit(MAX_IDS_LISTED)
    return [str(row) for row in connection.scalars(rows, values)]
