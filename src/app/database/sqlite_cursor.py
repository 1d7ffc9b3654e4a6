"""Fewer calls to the thread in which the driver uses a SQLite connection.

For each statement SQLAlchemy calls it four times: to create a cursor, execute, fetch all rows and
close the cursor. Most statements take SQLite less time than one of these calls. Where a transaction
that only reads begins and ends, SQLite neither waits nor writes, so that needs no call at all.
"""

# Neither SQLAlchemy nor the driver has a public way to call a function in that thread.
# ruff: noqa: SLF001

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from threading import get_ident
from typing import Any, Self, TypeVar

from anyio import CancelScope
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
)

T = TypeVar("T")

BEGIN = "BEGIN"  # of a transaction that only reads


class SingleCallCursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor that has fetched all rows and needs no closing."""

    __slots__ = ("arraysize", "description", "lastrowid", "rowcount")

    def __init__(self, adapt_connection: AsyncAdapt_aiosqlite_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._keep(None, -1, None, ())
        self.arraysize = 1

    def _keep(self, description: Any, rowcount: int, lastrowid: Any, rows: Any) -> None:
        self.description, self.rowcount, self.lastrowid = description, rowcount, lastrowid  # type: ignore[misc]
        self._rows = deque(rows)

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        await self._call(sqlite3.Cursor.execute, operation, parameters or ())

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        await self._call(sqlite3.Cursor.executemany, operation, seq_of_parameters)

    async def _call(self, method: Callable[..., Any], *arguments: Any) -> None:
        driver: Any = self._connection
        if arguments[0] == BEGIN:
            self._keep(*_execute(driver._conn, method, arguments))
            return
        async with self._adapt_connection._execute_mutex:
            found = await driver._execute(_execute, driver._conn, method, arguments)
        self._keep(*found)

    async def _async_soft_close(self) -> None:
        """Keep the rows."""

    def close(self) -> None:
        self._rows.clear()


def _execute(
    connection: sqlite3.Connection, method: Callable[..., Any], arguments: tuple[Any, ...]
) -> tuple[Any, int, int | None, list[Any]]:
    cursor = connection.cursor()
    try:
        method(cursor, *arguments)
        rows = cursor.fetchall() if cursor.description else []
        return cursor.description, cursor.rowcount, cursor.lastrowid, rows
    finally:
        cursor.close()


class SingleCallConnection(AsyncAdapt_aiosqlite_connection):
    """`end_turn` is called at the end of a transaction that may write; others have none."""

    __slots__ = ("end_turn",)

    _cursor_cls = SingleCallCursor  # type: ignore[assignment]

    end_turn: Callable[[], None] | None

    @classmethod
    def of(cls, connection: Any) -> Self:
        opened = cls(connection.dbapi, connection._connection)
        opened.end_turn = None
        return opened

    def commit(self) -> None:
        if self.end_turn is None:
            self._connection._conn.commit()
            return
        super().commit()
        self._end_turn()

    def rollback(self) -> None:
        if self.end_turn is None:
            # After a statement that was cancelled, SQLAlchemy closes the connection instead.
            if self._connection._connection:
                self._connection._conn.rollback()
            return
        try:
            super().rollback()
        finally:
            self._end_turn()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._end_turn()

    def terminate(self) -> None:
        try:
            super().terminate()
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        end, self.end_turn = self.end_turn, None
        if end:
            end()

    def cursor(self, server_side: bool = False) -> Any:
        """In the driver's thread, return a cursor of Python's SQLite module."""
        driver: Any = self._connection
        if get_ident() == driver._thread.ident:
            return driver._conn.cursor()
        return super().cursor(server_side)

    async def call(self, function: Callable[[], T]) -> T:
        """Call a function in the driver's thread, where its statements need no other call."""
        driver: Any = self._connection
        running = asyncio.ensure_future(driver._execute(copy_context().run, function))
        # Nobody else may use the connection meanwhile. A scope stops no `Task.cancel`.
        with CancelScope(shield=True):
            try:
                result: T = await asyncio.shield(running)
            except asyncio.CancelledError:
                while not running.done():
                    with suppress(asyncio.CancelledError):
                        await asyncio.wait([running])
                running.exception()  # or asyncio would log it
                raise
        return result
