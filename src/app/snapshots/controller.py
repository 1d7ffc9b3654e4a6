"""The routes of snapshots, with the guard of the seed."""

from typing import Annotated, Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.exceptions import ClientException
from litestar.params import PathParameter, QueryParameter
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from app.database.engine import is_missing, run_statements, snapshot, wait_for_reset
from app.database.mark import has_mark_table
from app.database.pagination import DEFAULT_LIMIT
from app.database.undo import snapshots
from app.database.undo.changes import read_changes
from app.database.undo.recording import is_recorded, use_log
from app.measured import measured
from app.names import MAX_LIMIT
from app.settings import Settings
from app.snapshots import openapi, run
from app.snapshots.cursors import read_cursor, write_cursor
from app.snapshots.schemas import ChangePage, ListedSnapshot, RestoredSnapshot, SnapshotResponse
from app.web.openapi import OrderedController
from app.web.problem_details import invalid_request, problem_response
from app.web.query_parameters import refuse_unknown_parameters

NAME = r"^[a-z0-9-]{1,64}$(?!\s)"
SnapshotName = Annotated[
    str, PathParameter(name="name", pattern=NAME, description="1 to 64 of `a-z`, `0-9` and `-`.")
]


def refuse_invalid(request: Request[Any, Any, Any], error: ClientException) -> Response[Any]:
    return problem_response(request, invalid_request(error, openapi.HINTS))


class SnapshotController(OrderedController):
    path = "/api/db/snapshots"
    tags = (openapi.TAG.name,)
    exception_handlers = {ClientException: refuse_invalid}
    guards = (refuse_unknown_parameters,)

    @openapi.read("/", "listSnapshots", "List the snapshots", responses={200: openapi.SNAPSHOTS})
    async def list_snapshots(self, engine: NamedDependency[AsyncEngine]) -> list[ListedSnapshot]:
        if is_missing(engine):
            return []
        async with snapshot(engine).connect() as connection:
            return await run_statements(connection, _list_snapshots)

    @openapi.take(
        "/{name:str}",
        "takeSnapshot",
        "Name the current state",
        description=openapi.TAKE,
        status_code=201,
        responses={200: openapi.TAKEN_AGAIN, 201: openapi.TAKEN},
    )
    async def take_snapshot(
        self,
        name: SnapshotName,
        engine: NamedDependency[AsyncEngine],
        settings: NamedDependency[Settings],
    ) -> Response[SnapshotResponse]:
        taken, is_new = await run.take_snapshot(engine, settings, name)
        return Response(SnapshotResponse.of(taken), status_code=201 if is_new else 200)

    @openapi.restore(
        "/{name:str}/restore",
        "restoreSnapshot",
        "Restore a snapshot",
        *openapi.RESTORE_ERRORS,
        description=openapi.RESTORE,
        status_code=200,
        responses={200: openapi.RESTORED},
    )
    async def restore(
        self,
        name: SnapshotName,
        engine: NamedDependency[AsyncEngine],
        settings: NamedDependency[Settings],
        verify: Annotated[
            bool,
            QueryParameter(
                description="Compare a digest of all restored rows with that of the snapshot. "
                "This reads the whole database."
            ),
        ] = False,
    ) -> RestoredSnapshot:
        with measured("restore"):
            return await run.restore(engine, settings, name, verify=verify)

    @openapi.read(
        "/{name:str}/changes",
        "listChanges",
        "List the rows that changed since a snapshot",
        *openapi.LIST_ERRORS,
        description=openapi.CHANGES,
        responses={200: openapi.CHANGE_PAGE},
    )
    async def list_changes(
        self,
        name: SnapshotName,
        engine: NamedDependency[AsyncEngine],
        cursor: Annotated[
            str | None, QueryParameter(description="`next` of the previous page.")
        ] = None,
        limit: Annotated[
            int, QueryParameter(ge=1, le=MAX_LIMIT, description="Rows per page.")
        ] = DEFAULT_LIMIT,
    ) -> ChangePage:
        async with snapshot(engine).connect() as connection:
            return await run_statements(connection, _list_changes, name, cursor, limit)

    @openapi.remove("/{name:str}", "deleteSnapshot", "Delete a snapshot", openapi.NO_SNAPSHOT)
    async def delete_snapshot(
        self,
        name: SnapshotName,
        engine: NamedDependency[AsyncEngine],
        settings: NamedDependency[Settings],
    ) -> None:
        await run.remove_snapshot(engine, settings, name)


def _list_snapshots(connection: Connection) -> list[ListedSnapshot]:
    _wait(connection)
    if not is_recorded(connection):
        return []
    found = snapshots.list_all(use_log(connection))
    return [ListedSnapshot.with_changes(each, changes) for each, changes in found]


def _list_changes(connection: Connection, name: str, cursor: str | None, limit: int) -> ChangePage:
    _wait(connection)
    log = use_log(connection)
    found = snapshots.find(connection, name)
    changes = read_changes(log, found.positions, read_cursor(cursor), limit + 1)
    page = changes[:limit]
    return ChangePage.with_cursor(page, write_cursor(page[-1]) if len(changes) > limit else None)


def _wait(connection: Connection) -> None:
    if has_mark_table(connection):
        wait_for_reset(connection)
