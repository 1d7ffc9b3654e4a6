"""Create the clinics of a scenario in the caller's transaction, and check them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from msgspec.structs import astuple
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.invitations import add_invitations
from app.auth.members import add_members
from app.auth.organizations import create_organizations
from app.auth.passwords import Hashing, SharedHashes
from app.auth.users import sign_up_all
from app.database.bulk import RowEncoder, insert_encoded
from app.database.engine import run_statements
from app.seed.kinds import LOADED
from app.seed.request import SeedRequest
from app.seed.rows.kind import LoadedKind
from app.seed.scenarios.audit import audit_clinics
from app.seed.scenarios.scenario import ClinicContent, Scenario, ScenarioRequest
from app.seed.scenarios.translation import translated
from app.seed.seeders.users import hash_is_shared
from app.seed.summary import RuleCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedScenario:
    """`content` has the final ids, email addresses and slugs."""

    scenario: Scenario
    content: ClinicContent
    checks: list[RuleCheck]
    requests: list[ScenarioRequest]


async def create_scenario(
    session: AsyncSession,
    passwords: Hashing,
    scenario: Scenario,
    request: SeedRequest,
    key: bytes,
    *,
    name: str | None = None,
) -> CreatedScenario:
    """Create the clinics of a scenario, with ids that depend on `key`.

    `name` replaces the name of the first clinic, and of others that have the same name.
    Raise `AuditFailed` if they break a guarantee of the scenario.
    """
    content = translated(_build(scenario.build, astuple(request)), key)
    if name is not None:
        content = _renamed(content, name)
    if hash_is_shared(request):
        passwords = SharedHashes(passwords)
    await write_content(session, passwords, content)
    connection = await session.connection()
    checks = await run_statements(connection, audit_clinics, scenario, request, content)
    requests = scenario.requests(request, content) if scenario.requests else []
    return CreatedScenario(scenario=scenario, content=content, checks=checks, requests=[*requests])


# To build a clinic takes as long as to write it, and most tests want the same one each time.
@lru_cache(maxsize=8)
def _build(build: Callable[[SeedRequest], ClinicContent], values: tuple[Any, ...]) -> ClinicContent:
    return build(SeedRequest(*values))


async def write_content(session: AsyncSession, passwords: Hashing, content: ClinicContent) -> None:
    await sign_up_all(session, passwords, content.users)
    await create_organizations(session, content.organizations)
    await add_members(session, content.members)
    await add_invitations(session, content.invitations)
    for kind in LOADED:
        if content.rows.get(kind.name):
            await _load(session, kind, content)


async def _load(session: AsyncSession, kind: LoadedKind, content: ClinicContent) -> None:
    connection = await session.connection()
    dialect, table = connection.dialect.name, kind.table
    # A scenario may give some rows more columns than others.
    for columns, rows in groupby(content.rows[kind.name], tuple):
        encoder = RowEncoder(table, columns, dialect)
        await insert_encoded(connection, table, encoder.columns, map(encoder.encode, rows))
    clinics = [organization.id for organization, _ in content.organizations]
    for derive in kind.derived.values():
        await connection.execute(derive(dialect, table.c.organization_id.in_(clinics)))


def _renamed(content: ClinicContent, name: str) -> ClinicContent:
    first = content.organizations[0][0].name
    return replace(
        content,
        organizations=[
            (replace(each, name=name) if each.name == first else each, owner)
            for each, owner in content.organizations
        ],
    )
