"""The unit of work: lock, reset, seed, audit, commit, and the summary of it all.

1. take the lock and begin the one transaction
2. reset by delete or by drop, migrations included
3. create each kind of row, users, organizations and memberships through the auth services
4. audit what the database now holds
5. commit, or after a dry run roll back
"""

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.passwords import Passwords
from app.database import name_database
from app.seed.audit import audit
from app.seed.constants import MAX_IDS_IN_SUMMARY, PASSWORD
from app.seed.data_set import DataSet
from app.seed.lock import exclusive_transaction
from app.seed.request import ResetMode, SeedRequest
from app.seed.reset import reset
from app.seed.seeders.availability_exceptions import seed_availability_exceptions
from app.seed.seeders.memberships import organization_index, role, seed_memberships
from app.seed.seeders.organizations import new_organization, seed_organizations
from app.seed.seeders.patients import seed_patients
from app.seed.seeders.treatment_plans import seed_treatment_plans
from app.seed.seeders.users import new_user, seed_users
from app.seed.seeders.weekly_templates import seed_weekly_templates
from app.seed.steps import Report, Steps
from app.seed.summary import CreatedKinds, SeededUser, SeedSummary, SignIn

SEEDERS: tuple[tuple[str, Callable[[DataSet], Awaitable[None]]], ...] = (
    ("users", seed_users),
    ("organizations", seed_organizations),
    ("memberships", seed_memberships),
    ("weeklyTemplates", seed_weekly_templates),
    ("availabilityExceptions", seed_availability_exceptions),
    ("patients", seed_patients),
    ("treatmentPlans", seed_treatment_plans),
)


async def seed(
    engine: AsyncEngine,
    passwords: Passwords,
    request: SeedRequest,
    mode: ResetMode,
    *,
    dry_run: bool,
    report: Report,
) -> SeedSummary:
    """Replace what stands in the database by a new data set, or leave it as it was.

    Raises `SeedAlreadyRunning`, `UnknownRevision`, `RowsInTheWay`, `AuditFailed`, or what the
    database raises; after any of them the old rows, schema and migration version stand.
    """
    steps = Steps(report)
    async with (
        exclusive_transaction(engine) as (connection, transaction),
        AsyncSession(bind=connection, expire_on_commit=False) as session,
    ):
        data_set = DataSet(session, passwords, request, steps)
        with steps.step("reset") as step:
            deleted = await connection.run_sync(reset, mode)
            step.rows = sum(deleted.values())
        for name, seeder in SEEDERS:
            with steps.step(name) as step:
                step.rows -= data_set.rows
                await seeder(data_set)
                step.rows += data_set.rows
        with steps.step("audit") as step:
            checks = await connection.run_sync(audit, request)
            step.rows = data_set.rows
        if not dry_run:
            with steps.step("commit"):
                await transaction.commit()
    return SeedSummary(
        reset=mode,
        committed=not dry_run,
        database=name_database(engine.url),
        random_seed=request.random_seed,
        as_of=request.as_of,
        deleted=deleted,
        created=CreatedKinds(**data_set.created),
        checks=checks,
        sign_in=sign_in(request),
        fingerprint=data_set.fingerprint(),
        duration_ms=steps.durations(),
    )


def sign_in(request: SeedRequest) -> SignIn:
    """Say whom a tester can be."""
    return SignIn(
        password=PASSWORD,
        users=[_seeded_user(request, i) for i in range(min(request.users, MAX_IDS_IN_SUMMARY))],
    )


def _seeded_user(request: SeedRequest, index: int) -> SeededUser:
    user = new_user(request.random_seed, index)
    organization = organization_index(request, index)
    return SeededUser(
        email=user.email,
        name=user.name,
        role=role(request, index),
        organization=new_organization(request.random_seed, organization).name,
    )
