"""The one transaction that a seed happens in; nobody but the run can end it.

What ends it the usual ways is refused with a clear word. Against all others there is a row that
the database itself finds wrong at any COMMIT, until the run takes it away.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncTransaction
from sqlalchemy.orm import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database.engine import is_in_transaction
from app.seed.errors import CommitInsideSeed, OutcomeUnknown
from app.seed.lock import Announce, lock_file, take_advisory_lock

# Statements that end a transaction or begin one; those of savepoints do neither.
TRANSACTION_CONTROL = re.compile(
    r"(\s|--[^\n]*\n|/\*.*?\*/)*(COMMIT|END|ABORT|BEGIN|START|PREPARE\s+TRANSACTION"
    r"|ROLLBACK(?!\s+(WORK\s+|TRANSACTION\s+)?TO\b))\b",
    re.IGNORECASE | re.DOTALL,
)


UNFINISHED = (
    "CREATE TEMPORARY TABLE unfinished_seed (id INTEGER PRIMARY KEY, finished INTEGER"
    " REFERENCES unfinished_seed (id) DEFERRABLE INITIALLY DEFERRED)"
)


class UnitOfWork:
    """`announce` tells other processes which step the run is in."""

    def __init__(
        self,
        connection: AsyncConnection,
        transaction: AsyncTransaction,
        session: AsyncSession,
        announce: Announce,
    ) -> None:
        self.connection = connection
        self.session = session
        self.announce = announce
        self._transaction = transaction
        self._finished = False
        event.listen(connection.sync_connection, "commit", self._refuse_commit)
        event.listen(connection.sync_connection, "before_cursor_execute", self._refuse_statement)
        event.listen(session.sync_session, "before_commit", self._refuse_session_commit)

    async def forbid_commits(self) -> None:
        """Have the database refuse any COMMIT but the run's; migrations must be done by then."""
        drop = " ON COMMIT DROP" if self.connection.dialect.name == "postgresql" else ""
        await self.connection.execute(text(f"{UNFINISHED}{drop}"))
        await self.connection.execute(text("INSERT INTO unfinished_seed VALUES (1, 2)"))

    async def commit(self) -> None:
        await self.connection.execute(text("DELETE FROM unfinished_seed"))
        self._finished = True
        try:
            await self._transaction.commit()
        except DBAPIError as error:
            if error.connection_invalidated:
                # What broke off may have brought the COMMIT, and lost only its answer.
                raise OutcomeUnknown from error
            raise

    def _refuse_commit(self, _connection: object) -> None:
        if not self._finished:
            raise CommitInsideSeed

    def _refuse_statement(self, connection: Connection, _cursor: object, sql: str, *_: Any) -> None:
        ended = not is_in_transaction(connection.connection.driver_connection)
        if ended or TRANSACTION_CONTROL.match(sql):
            raise CommitInsideSeed

    def _refuse_session_commit(self, session: Session) -> None:
        """The session could not commit, but would not say so either."""
        if not session.in_nested_transaction():
            raise CommitInsideSeed


@asynccontextmanager
async def exclusive_transaction(engine: AsyncEngine) -> AsyncIterator[UnitOfWork]:
    """Begin the transaction that everything happens in; it is rolled back unless committed.

    The lock ends with the transaction or the process, whichever is first. Raises
    `SeedAlreadyRunning` at once if another process, or another call in this one, has it.
    """
    sqlite = engine.dialect.name == "sqlite"
    with lock_file(engine) if sqlite else nullcontext() as announce_in_file:
        async with (
            engine.connect() as connection,
            AsyncSession(bind=connection, expire_on_commit=False) as session,
        ):
            transaction = await connection.begin()
            try:
                announce = announce_in_file or await take_advisory_lock(connection)
                yield UnitOfWork(connection, transaction, session, announce)
            finally:
                if transaction.is_active:
                    await transaction.rollback()
