"""Check the rules of a scenario in the database, among the rows of its clinics only."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    func,
    literal_column,
    select,
    union_all,
)

from app.seed.audit.checks import MAX_IDS_LISTED, by_rows
from app.seed.audit.parameters import parameters
from app.seed.audit.rule import CatalogueRule, Rule, count_if
from app.seed.errors import AuditFailed
from app.seed.kinds import LOADED
from app.seed.request import SeedRequest
from app.seed.scenarios.literals import listed, with_literals
from app.seed.scenarios.only_clinics import CLINICS, only_clinics
from app.seed.scenarios.scenario import ClinicContent, Scenario
from app.seed.summary import RuleCheck
from app.tables import METADATA

QUANTITIES = "there are as many rows as the scenario has"
IDS = "(the ids of the clinics)"
IDENTITIES = ("users", "organizations", "members", "invitations")
COUNTED = tuple(METADATA.tables[name] for name in IDENTITIES) + tuple(kind.table for kind in LOADED)


def audit_clinics(
    connection: Connection, scenario: Scenario, request: SeedRequest, content: ClinicContent
) -> list[RuleCheck]:
    """Return the rules, and on how many rows each was checked. Raise `AuditFailed`."""
    clinics = [organization.id for organization, _ in content.organizations]
    of_request = parameters(request)
    values = {**of_request, CLINICS.key: clinics}
    rules = tuple(rule for rule in scenario.guarantees if isinstance(rule, Rule))
    found = _run_scan(connection, rules, of_request, clinics)
    counts = dict(zip((table.name for table in COUNTED), found[0], strict=False))
    broken = {
        QUANTITIES: _wrong_counts(counts, content),
        **_broken_rules(connection, rules, found[1:], values),
        **{
            rule.name: _unknown_combinations(connection, rule, values)
            for rule in scenario.guarantees
            if isinstance(rule, CatalogueRule)
        },
    }
    if any(broken.values()):
        raise AuditFailed({rule: rows for rule, rows in broken.items() if rows})
    return [
        RuleCheck(rule=QUANTITIES, rows=sum(counts.values())),
        *(RuleCheck(rule=rule.name, rows=counts[rule.table]) for rule in scenario.guarantees),
    ]


def _run_scan(
    connection: Connection,
    rules: tuple[Rule, ...],
    values: Mapping[str, Any],
    clinics: Sequence[UUID],
) -> list[Sequence[int]]:
    dialect = connection.dialect.name
    frozen = tuple((name, tuple(v) if isinstance(v, list) else v) for name, v in values.items())
    text = _scan_text(rules, frozen, dialect).replace(IDS, listed(clinics, dialect))
    # Without parameters the driver sends the text as it is.
    found = connection.exec_driver_sql(text, execution_options={"no_parameters": True})
    return [row[1:] for row in found]


@lru_cache(maxsize=64)
def _scan_text(rules: tuple[Rule, ...], values: tuple[tuple[str, Any], ...], dialect: str) -> str:
    return with_literals(_scan(rules, dialect), dialect, {**dict(values), CLINICS.key: IDS})


def _scan(rules: tuple[Rule, ...], dialect: str) -> CompoundSelect[Any]:
    """Count all rows, and those that break each rule, in one statement.

    It has a row for all rules about the same rows; its first column is the number of the row.
    """
    groups = list(by_rows(rules).items())
    width = max(len(COUNTED), *(len(each) for _, each in groups)) if groups else len(COUNTED)
    counts = (select(func.count()).select_from(table).scalar_subquery() for table in COUNTED)
    scans = [_padded(0, counts, width)]
    for number, (rows, of_rows) in enumerate(groups, start=1):
        broken = (count_if(rule.broken) for rule in of_rows)
        scans.append(_padded(number, broken, width).select_from(rows))
    numbered = union_all(*scans).order_by(literal_column("1"))
    return only_clinics(numbered, dialect)


def _padded(number: int, counts: Iterator[Any], width: int) -> Select[Any]:
    filled = [*counts]
    zeros: list[Any] = [literal_column("0")] * (width - len(filled))
    columns = chain([literal_column(str(number))], filled, zeros)
    return select(*(each.label(f"c{place}") for place, each in enumerate(columns)))


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


def _broken_rules(
    connection: Connection,
    rules: Sequence[Rule],
    found: Sequence[Sequence[int]],
    values: Mapping[str, Any],
) -> dict[str, list[str]]:
    """Return the ids of some rows that break each rule."""
    broken = {}
    for of_rows, counts in zip(by_rows(rules).values(), found, strict=True):
        for rule, count in zip(of_rows, counts, strict=False):
            if count:
                rows = select(rule.rows.c.id).where(rule.broken).limit(MAX_IDS_LISTED)
                ids = connection.scalars(only_clinics(rows, connection.dialect.name), values)
                broken[rule.name] = [str(row) for row in ids]
    return broken


def _unknown_combinations(
    connection: Connection, rule: CatalogueRule, values: Mapping[str, Any]
) -> list[str]:
    """Return the ids of rows whose combination of values is not known."""
    rows = select(rule.rows.c.id, *rule.columns)
    found = connection.execute(only_clinics(rows, connection.dialect.name), values)
    unknown = (str(row[0]) for row in found if tuple(row[1:]) not in rule.known)
    return [*unknown][:MAX_IDS_LISTED]
