"""The unit of work: lock, guard, reset, seed, audit, commit, and the summary of it all.

1. take the lock and begin the one transaction
2. keep everybody else out of the tables, and see that this is a database that may be reset
3. reset by delete or by drop, migrations included
4. create each kind of row, users, organizations and memberships through the auth services
5. audit what the database now holds
6. keep the summary, and commit, or after a dry run roll back
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from sqlalchemy.ext.asyncio import AsyncEngine

from app.auth.passwords import Passwords
from app.database.address import address_of
from app.database.mark import lock_mark
from app.seed.audit import audit
from app.seed.beyond import explaining_refusals
from app.seed.constants import MAX_IDS_IN_SUMMARY, PASSWORD
from app.seed.data_set import DataSet
from app.seed.database_guard import refuse_database
from app.seed.expected import rows_expected
from app.seed.last_seed import keep
from app.seed.progress.steps import Report, Steps
from app.seed.request import ResetMode, SeedRequest
from app.seed.reset import reset
from app.seed.rows.loading import load_kinds, loaded_bare
from app.seed.rows.source import rows_of
from app.seed.seeders.memberships import organization_index, role, seed_memberships
from app.seed.seeders.organizations import new_organization, seed_organizations
from app.seed.seeders.users import hash_is_shared, new_user, seed_users
from app.seed.summary import CreatedKinds, SeededUser, SeedSummary, SignIn
from app.seed.table_locks import lock_tables
from app.seed.unit_of_work import exclusive_transaction
from app.settings import Settings

SEEDERS: tuple[tuple[str, Callable[[DataSet], Awaitable[None]]], ...] = (
    ("users", seed_users),
    ("organizations", seed_organizations),
    ("memberships", seed_memberships),
)


async def seed(
    engine: AsyncEngine,
    passwords: Passwords,
    settings: Settings,
    request: SeedRequest,
    mode: ResetMode,
    *,
    dry_run: bool,
    report: Report,
) -> SeedSummary:
    """Replace what stands in the database by a new data set, or leave it as it was.

    Raises `SeedAlreadyRunning`, `TransactionInTheWay`, `Refused`, `UnknownRevision`,
    `RowsInTheWay`, `AuditFailed`, or what the database raises; after any of them the old rows,
    schema and migration version stand.
    Raises `OutcomeUnknown` if the database committed, or did not, and could not tell.
    """
    async with exclusive_transaction(engine) as work, AsyncExitStack() as stack:
        connection = work.connection
        steps = Steps(report, work.announce)
        bare = loaded_bare(connection, request, mode)
        data_set = DataSet(work.session, passwords, request, steps)
        async with steps.step("reset") as step:
            # In the order of migrations and of production's servers, which mark first.
            await connection.run_sync(lock_mark)
            await lock_tables(connection, mode)
            await connection.run_sync(refuse_database, settings)
            # What makes the rows starts meanwhile, but not for what is refused.
            batches = await stack.enter_async_context(rows_of(request, engine.dialect.name))
            removed = await connection.run_sync(reset, mode, settings, bare)
            step.rows = sum(removed.rows.values())
        await work.forbid_commits()
        expected = rows_expected(request)
        async with explaining_refusals(connection):
            for name, seeder in SEEDERS:
                async with steps.step(name, expected[name]) as step:
                    await seeder(data_set)
                    # An owner's membership is written with the clinic, and counts as a membership.
                    step.rows = data_set.created[name].count
            await load_kinds(data_set, batches, bare)
        async with steps.step("audit", data_set.rows) as step:
            checks = await connection.run_sync(audit, request)
            step.rows = data_set.rows
        summary = SeedSummary(
            reset=mode,
            committed=not dry_run,
            database=str(await connection.run_sync(address_of)),
            random_seed=request.random_seed,
            as_of=request.as_of,
            deleted=removed.rows,
            dropped=removed.dropped,
            created=CreatedKinds(**data_set.created),
            checks=checks,
            sign_in=sign_in(request),
            fingerprint=data_set.fingerprint(),
            duration_ms=steps.durations(),
        )
        await connection.run_sync(keep, request, summary)
        if not dry_run:
            async with steps.step("commit"):
                await work.commit()
    summary.duration_ms = steps.durations()
    return summary


def sign_in(request: SeedRequest) -> SignIn:
    """Say whom a tester can be."""
    return SignIn(
        password=PASSWORD,
        hash_is_shared=hash_is_shared(request),
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
