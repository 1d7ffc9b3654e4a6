"""The transaction of a seed, which only the seed itself can commit.

Two guards prevent a service from ending it. The database rejects every COMMIT while a temporary
table has a row that breaks a deferred foreign key. And no statement is executed outside the
transaction, where it would be committed.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext

from anyio import CancelScope
from anyio.lowlevel import checkpoint
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncTransaction
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database.engine import is_in_transaction
from app.seed.errors import CommitInsideSeed, OutcomeUnknown
from app.seed.lock import FIRST_STEP, Announce, lock_file, take_advisory_lock

# A connection to SQLite keeps the table: after CREATE TABLE, it prepares all statements again.
UNFINISHED = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS unfinished_seed (id INTEGER PRIMARY KEY, finished INTEGER"
    " REFERENCES unfinished_seed (id) DEFERRABLE INITIALLY DEFERRED)"
)


class UnitOfWork:
    """`announce` tells other processes which step the seed is in."""

    def __init__(
        self,
        connection: AsyncConnection,
        transaction: AsyncTransaction,
        session: AsyncSession,
        announce: Announce,
        shield: CancelScope,
    ) -> None:
        self.connection = connection
        self.session = session
        self.announce = announce
        self._transaction = transaction
        self._shield = shield
        self._may_commit = False
        self._forbids_commits = False
        event.listen(
            connection.sync_connection, "before_cursor_execute", _reject_outside_transaction
        )

    async def checkpoint(self) -> None:
        """Allow a cancellation here, between two statements.

        A driver that is cancelled during a statement may keep its connection open, and with it the
        lock of a SQLite file.
        """
        self._shield.shield = False
        try:
            await checkpoint()
        finally:
            self._shield.shield = True

    async def forbid_commits(self) -> None:
        """Make the database reject every COMMIT except that of `commit`."""
        drop = " ON COMMIT DROP" if self.connection.dialect.name == "postgresql" else ""
        await self.connection.execute(text(f"{UNFINISHED}{drop}"))
        await self.connection.execute(text("INSERT INTO unfinished_seed VALUES (1, 2)"))
        self._forbids_commits = True

    async def commit(self) -> None:
        if self._forbids_commits:
            await self.connection.execute(text("DELETE FROM unfinished_seed"))
        self._may_commit = True
        try:
            await self._transaction.commit()
        except DBAPIError as error:
            if error.connection_invalidated:
                # The server may have committed and only its reply was lost.
                raise OutcomeUnknown from error
            raise

    @contextmanager
    def explain_refused_commits(self) -> Iterator[None]:
        """Raise `CommitInsideSeed` for an error that the row in the temporary table causes.

        SQLite's error does not name the table if the COMMIT is executed as a statement.
        """
        try:
            yield
        except IntegrityError as error:
            is_commit = error.statement is None or "unfinished_seed" in str(error.orig)
            if is_commit and not self._may_commit:
                raise CommitInsideSeed from error
            raise


def _reject_outside_transaction(connection: Connection, *_: object) -> None:
    """Raise `CommitInsideSeed` if a statement would not be part of the transaction."""
    if not is_in_transaction(connection.connection.driver_connection):
        raise CommitInsideSeed


@asynccontextmanager
async def exclusive_transaction(
    engine: AsyncEngine, step: str = FIRST_STEP
) -> AsyncIterator[UnitOfWork]:
    """Begin the transaction of a seed or a restore, which is rolled back unless it is committed.

    The lock ends with the transaction or the process. Raise `SeedAlreadyRunning` if another process
    or another request of this process has it.
    """
    sqlite = engine.dialect.name == "sqlite"
    with (
        CancelScope(shield=True) as shield,
        lock_file(engine, step) if sqlite else nullcontext() as announce_in_file,
    ):
        async with (
            engine.connect() as connection,
            AsyncSession(bind=connection, expire_on_commit=False) as session,
        ):
            transaction = await connection.begin()
            try:
                announce = announce_in_file or await take_advisory_lock(connection, step)
                work = UnitOfWork(connection, transaction, session, announce, shield)
                with work.explain_refused_commits():
                    yield work
            finally:
                if transaction.is_active:
                    await transaction.rollback()
