"""The steps of a seed.

1. take the lock and begin the transaction
2. lock the tables and check that this database can be reset
3. delete or drop everything, and migrate
4. create the rows of each kind
5. audit the new rows in the database
6. add the clinics of each scenario, and check them
7. save the summary, turn off the test clock, take the snapshot `seeded`, and commit; roll back
   after a dry run
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.auth.passwords import Hashing
from app.database.address import address_of
from app.database.engine import run_statements
from app.database.mark import lock_mark
from app.database.test_clock import set_test_clock
from app.database.undo.recording import pause
from app.database.undo.snapshots import begin_with_snapshot
from app.names import SEEDED
from app.seed.audit.checks import audit
from app.seed.database_guard import refuse_database
from app.seed.kinds import KINDS, is_large
from app.seed.last_seed import save_last_seed
from app.seed.other_objects import explain_refused_rows
from app.seed.progress.steps import Report, Steps
from app.seed.request import ResetMode
from app.seed.reset import reset
from app.seed.rows.kind import SeedContext
from app.seed.rows.processes import RowSource, row_source
from app.seed.rows.writing import CreatedRows, finish_tables, tables_without_indexes, write_rows
from app.seed.scenarios.creation import CreatedScenario
from app.seed.scenarios.data_set_request import DataSetRequest
from app.seed.scenarios.seeding import add_scenarios, created_rows, summary_of
from app.seed.sign_in import sign_in
from app.seed.summary import SeedSummary
from app.seed.table_locks import lock_tables
from app.seed.unit_of_work import UnitOfWork, exclusive_transaction
from app.settings import Settings


async def seed(
    engine: AsyncEngine,
    passwords: Hashing,
    settings: Settings,
    wanted: DataSetRequest,
    mode: ResetMode,
    *,
    dry_run: bool,
    report: Report,
) -> SeedSummary:
    """Replace the data in the database with a new data set, or change nothing.

    Raise `SeedAlreadyRunning`, `TransactionInTheWay`, `Refused`, `UnknownRevision`,
    `RowsInTheWay`, `AuditFailed`, or an error of the database. After each of them the database has
    its old rows, schema and migration version. Raise `OutcomeUnknown` if the connection breaks
    during the commit.
    """
    request = wanted.quantities()
    large = is_large(request)
    async with exclusive_transaction(engine) as work, AsyncExitStack() as processes:
        connection, steps = work.connection, Steps(report, work.announce)
        without_indexes = tables_without_indexes(connection, request, mode)
        async with steps.step("reset") as step:
            await lock_and_check(connection, settings, mode)
            # The first rows are generated during the reset.
            source = await processes.enter_async_context(row_source(request, engine.dialect.name))
            await work.forbid_commits()
            await run_statements(connection, pause, is_large=large)
            removed = await run_statements(
                connection, reset, mode, settings, without_indexes, is_large=large
            )
            step.rows = sum(removed.rows.values())
        async with explain_refused_rows(connection):
            context = SeedContext(work.session, passwords, request)
            created = await create_rows(work, steps, context, source, without_indexes)
            if large:
                async with steps.step("indexes"):
                    await run_statements(connection, finish_tables, without_indexes)
        async with steps.step("audit", created.total) as step:
            checks = await run_statements(connection, audit, request)
            step.rows = created.total
        added = await add_all_scenarios(work, steps, context, wanted)
        summary = SeedSummary(
            reset=mode,
            committed=not dry_run,
            database=str(await run_statements(connection, address_of)),
            random_seed=request.random_seed,
            as_of=request.as_of,
            deleted=removed.rows,
            dropped=removed.dropped,
            created=created.by_kind(),
            checks=checks,
            scenarios=[summary_of(each) for each in added],
            sign_in=sign_in(request, added),
            fingerprint=created.fingerprint(),
            duration_ms=steps.durations(),
        )
        await run_statements(connection, save_last_seed, wanted, summary)
        await run_statements(connection, set_test_clock, None)
        await run_statements(connection, begin_with_snapshot, SEEDED)
        await work.checkpoint()
        if not dry_run:
            async with steps.step("commit"):
                await work.commit()
    summary.duration_ms = steps.durations()
    return summary


async def lock_and_check(
    connection: AsyncConnection, settings: Settings, mode: ResetMode | None
) -> None:
    """Lock the database, and raise `Refused` if it cannot be reset; see `lock_tables`."""
    # Migrations and production servers lock the mark first as well.
    await connection.run_sync(lock_mark)
    await lock_tables(connection, mode)
    await run_statements(connection, refuse_database, settings)


async def create_rows(
    work: UnitOfWork,
    steps: Steps,
    context: SeedContext,
    source: RowSource,
    without_indexes: Sequence[Table],
) -> CreatedRows:
    created = CreatedRows()
    for kind in KINDS:
        async with steps.step(kind.wire_name, kind.expected(context.request)) as step:
            async for written in write_rows(kind, context, source, without_indexes):
                created.add(kind, written)
                step.rows = created.count(kind)
                steps.wrote(step.rows)
                await work.checkpoint()
    return created


async def add_all_scenarios(
    work: UnitOfWork, steps: Steps, context: SeedContext, wanted: DataSetRequest
) -> list[CreatedScenario]:
    added: list[CreatedScenario] = []
    if wanted.scenarios:
        async with steps.step("scenarios") as step, explain_refused_rows(work.connection):
            async for made in add_scenarios(context, wanted.chosen()):
                added.append(made)
                step.rows += sum(created_rows(made.content).values())
                steps.wrote(step.rows)
                await work.checkpoint()
    return added
