"""`POST /api/db/seed`, and the routes that describe the database and its data set."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, MediaType, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import ClientException
from litestar.params import JSONBody, QueryParameter
from litestar.response import Stream
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from app.database.address import address_of
from app.database.engine import read_only, run_statements, snapshot, wait_for_reset
from app.database.mark import find_mark, has_mark_table
from app.database.own_tables import UNCOUNTED, is_bookkeeping, list_droppable
from app.measured import measured
from app.seed import examples, openapi
from app.seed.database_guard import (
    reasons_against,
    reasons_against_production,
    reasons_against_reset,
)
from app.seed.database_state import DatabaseState, MarkState
from app.seed.errors import NeverSeeded
from app.seed.figures import DataSetFigures
from app.seed.last_seed import LastSeed, find_ids, find_last_seed
from app.seed.lock import find_holder
from app.seed.other_objects import list_dropped
from app.seed.prepared_hashes import PreparedHashes
from app.seed.progress.steps import Report
from app.seed.progress.stream import event_lines
from app.seed.request import ResetMode
from app.seed.reset import count_rows
from app.seed.run import seed
from app.seed.scenarios.catalogue import SCENARIOS
from app.seed.scenarios.data_set_request import DataSetRequest
from app.seed.scenarios.description import ScenarioDescription, describe
from app.seed.statistics import describe_data_set
from app.seed.summary import RunningSeed, SeedSummary
from app.settings import Settings
from app.tables import METADATA
from app.web.body_checks import body_or_defaults
from app.web.openapi import route
from app.web.problem_details import invalid_request, problem_response
from app.web.query_parameters import refuse_unknown_parameters
from app.web.request_guard import REASONS

JSON_LINES = "application/x-ndjson"


HINTS = {
    "reset": "must be `delete` or `drop`",
    "dryRun": "must be `true` or `false`",
    "asOf": "must be an existing date, written YYYY-MM-DD",
}


def refuse_invalid(request: Request[Any, Any, Any], error: ClientException) -> Response[Any]:
    return problem_response(request, invalid_request(error, HINTS))


read = partial(route, get, openapi.EVERY_READ, opt={REASONS: reasons_against_production})


class SeedController(Controller):
    path = "/api/db"
    tags = (openapi.TAG.name,)
    exception_handlers = {ClientException: refuse_invalid}
    guards = (refuse_unknown_parameters,)

    @read("/", "describeDatabase", "Get the database and its row counts")
    async def describe(
        self, engine: NamedDependency[AsyncEngine], settings: NamedDependency[Settings]
    ) -> DatabaseState:
        async with read_only(engine).connect() as connection:
            return await run_statements(connection, _describe, settings)

    @read(
        "/statistics",
        "describeDataSet",
        "Get statistics of the data set",
        openapi.TABLES_MISSING,
        responses={200: openapi.documented(DataSetFigures, examples.FIGURES)},
    )
    async def statistics(
        self,
        engine: NamedDependency[AsyncEngine],
        organization_id: Annotated[
            UUID | None,
            QueryParameter(name="organizationId", description="Count this clinic only."),
        ] = None,
    ) -> DataSetFigures:
        async with snapshot(engine).connect() as connection:
            return await run_statements(connection, describe_data_set, organization_id)

    @read(
        "/seed",
        "getLastSeed",
        "Get the request and the summary of the last seed",
        NeverSeeded(),
        description="`summary` says who you can sign in as. `request` includes the defaults. "
        "The duration of the commit is missing.",
        responses={200: openapi.documented(LastSeed, examples.LAST_SEED)},
    )
    async def last_seed(self, engine: NamedDependency[AsyncEngine]) -> LastSeed:
        async with read_only(engine).connect() as connection:
            found = await run_statements(connection, find_last_seed)
        if found is None:
            raise NeverSeeded
        return found

    @read(
        "/scenarios",
        "listScenarios",
        "List the scenarios that a seed can add",
        description="A scenario is a named state of a clinic.",
        responses={200: openapi.documented(list[ScenarioDescription], examples.SCENARIOS)},
        sync_to_thread=False,
    )
    def scenarios(self) -> list[ScenarioDescription]:
        return [describe(scenario) for scenario in SCENARIOS.values()]

    @read(
        "/seed/running",
        "getRunningSeed",
        "Get the seed that is running, or the id of the last one",
        description="`since` is its start, and `step` its current step. It can still fail. "
        "`seedId` changes with each seed: compare it to see whether the data set was replaced. "
        "`stateId` changes with each restore of a snapshot as well.",
        responses={200: openapi.documented(RunningSeed, examples.SEEDING, examples.NO_SEED)},
    )
    async def running(self, engine: NamedDependency[AsyncEngine]) -> RunningSeed:
        holder = await find_holder(engine)
        if holder is None:
            seed_id, state_id = await find_ids(engine)
            return RunningSeed(running=False, seed_id=seed_id, state_id=state_id)
        return RunningSeed(running=True, since=holder.since, step=holder.step)

    @route(
        post,
        openapi.SEED_ERRORS,
        "/seed",
        "seedDatabase",
        "Reset the database and fill it with a data set",
        description=openapi.DESCRIPTION,
        requests=openapi.REQUESTS,
        media_types={200: openapi.STREAM_TYPE},
        links=openapi.AFTER_SEED,
        opt={REASONS: reasons_against_reset},
        status_code=201,
        responses={
            201: openapi.documented(SeedSummary, examples.SUMMARY, description=openapi.SEEDED),
            200: openapi.documented(SeedSummary, examples.DRY_RUN, description=openapi.STREAMED),
        },
    )
    async def seed(
        self,
        request: Request[Any, Any, Any],
        engine: NamedDependency[AsyncEngine],
        seed_hashes: NamedDependency[PreparedHashes],
        settings: NamedDependency[Settings],
        data: JSONBody[DataSetRequest | None] = None,
        reset: Annotated[
            ResetMode,
            QueryParameter(
                description="`delete`: delete all rows. `drop`: drop all tables, including those "
                "that no migration created, and run all migrations.",
            ),
        ] = ResetMode.DELETE,
        dry_run: Annotated[
            bool,
            QueryParameter(
                name="dryRun", description="Do everything and report it, then roll back."
            ),
        ] = False,
    ) -> Response[SeedSummary] | Stream:
        wanted = body_or_defaults(data, DataSetRequest)

        async def run(report: Report) -> SeedSummary:
            with measured("dry_run" if dry_run else "seed"):
                return await seed(
                    engine, seed_hashes, settings, wanted, reset, dry_run=dry_run, report=report
                )

        if JSON_LINES in request.headers.get("Accept", ""):
            return Stream(event_lines(run), media_type=JSON_LINES, status_code=200)
        summary = await run(lambda _progress: None)
        return Response(summary, status_code=200 if dry_run else 201, media_type=MediaType.JSON)


def _describe(connection: Connection, settings: Settings) -> DatabaseState:
    if has_mark_table(connection):
        wait_for_reset(connection)
    address, mark, rows = address_of(connection), find_mark(connection), count_rows(connection)
    return DatabaseState(
        database=str(address),
        environment=settings.environment,
        mark=MarkState(environment=mark.environment, database=mark.database) if mark else None,
        refusals=reasons_against(address, mark, connection, settings),
        rows={
            table: count
            for table, count in rows.items()
            if table in METADATA.tables and table not in UNCOUNTED
        },
        other_rows={
            table: count
            for table, count in rows.items()
            if table not in METADATA.tables and not is_bookkeeping(table)
        },
        would_drop=list_dropped(connection, list_droppable(connection)),
    )
