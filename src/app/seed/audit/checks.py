"""Check all rules in the transaction of the seed, with one scan per kind of row."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from sqlalchemy import Connection, FromClause, Select, func, select

from app.database.own_tables import UNCOUNTED
from app.seed.audit.parameters import parameters
from app.seed.audit.rule import CatalogueRule, Rule, count_if
from app.seed.errors import AuditFailed
from app.seed.kinds import KINDS
from app.seed.request import SeedRequest
from app.seed.summary import RuleCheck
from app.tables import METADATA

MAX_IDS_LISTED = 20
QUANTITIES = "there are as many rows as requested"

RULES_OF_KINDS = [rule for kind in KINDS for rule in kind.rules]
RULES = [rule for rule in RULES_OF_KINDS if isinstance(rule, Rule)]
CATALOGUE_RULES = [rule for rule in RULES_OF_KINDS if isinstance(rule, CatalogueRule)]
ALL_RULES: list[Rule | CatalogueRule] = [*RULES, *CATALOGUE_RULES]
COUNTS = select(
    *(
        select(func.count()).select_from(table).scalar_subquery().label(table.name)
        for table in METADATA.sorted_tables
        if table.name not in UNCOUNTED
    )
)


def by_rows(rules: Iterable[Rule]) -> dict[FromClause, list[Rule]]:
    """Return the rules grouped by the rows that they are about, which one scan checks."""
    groups: dict[FromClause, list[Rule]] = {}
    for rule in rules:
        groups.setdefault(rule.rows, []).append(rule)
    return groups


# A statement for each kind of row: one for all of them would take Citus seconds to plan.
SCANS = [
    (rules, select(*(count_if(rule.broken) for rule in rules)).select_from(rows))
    for rows, rules in by_rows(RULES).items()
]


def audit(connection: Connection, request: SeedRequest) -> list[RuleCheck]:
    """Return the rules, and on how many rows each was checked.

    Raise `AuditFailed` with each broken rule and the rows that break it.
    """
    counts = dict(connection.execute(COUNTS).mappings().one())
    broken = {
        QUANTITIES: _wrong_quantities(counts, request),
        **_broken_rules(connection, parameters(request)),
        **{
            rule.name: list(islice(rule.violations(connection), MAX_IDS_LISTED))
            for rule in CATALOGUE_RULES
        },
    }
    if any(broken.values()):
        raise AuditFailed({rule: rows for rule, rows in broken.items() if rows})
    return [
        RuleCheck(rule=QUANTITIES, rows=sum(counts.values())),
        *(RuleCheck(rule=rule.name, rows=counts[rule.table]) for rule in ALL_RULES),
    ]


def _wrong_quantities(counts: Any, request: SeedRequest) -> list[str]:
    wanted = {kind.table.name: kind.expected(request) for kind in KINDS if kind.is_exact}
    return [
        f"{table}: {counts[table]} instead of {count}"
        for table, count in wanted.items()
        if counts[table] != count
    ]


def _broken_rules(connection: Connection, parameters: dict[str, Any]) -> dict[str, list[str]]:
    """Return the ids of some rows that break each rule, in the order of the rules."""
    broken = {
        rule.name
        for rules, scan in SCANS
        for rule, count in zip(rules, connection.execute(scan, parameters).one(), strict=True)
        if count
    }
    return {
        rule.name: [str(row) for row in connection.scalars(_rows_that_break(rule), parameters)]
        for rule in RULES
        if rule.name in broken
    }


def _rows_that_break(rule: Rule) -> Select[Any]:
    return select(rule.rows.c.id).where(rule.broken).limit(MAX_IDS_LISTED)
