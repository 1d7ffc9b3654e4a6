"""`POST /api/db/seed`, what stands in the database, and what the last one said."""

from functools import partial
from typing import Annotated, Any

from litestar import Controller, MediaType, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import ClientException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, QueryParameter
from litestar.response import Stream
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from app.auth.passwords import Passwords
from app.database.address import address_of
from app.database.engine import enter, read_only, snapshot
from app.database.mark import find_mark, has_mark_table
from app.database.own_tables import BOOKKEEPING, DERIVED, list_droppable
from app.errors import UnusableRequest
from app.seed import openapi
from app.seed.beyond import list_dropped
from app.seed.database_guard import (
    reasons_against_database,
    reasons_against_production,
    reasons_against_reset,
)
from app.seed.errors import NeverSeeded
from app.seed.figures import DataSetFigures
from app.seed.last_seed import LastSeed, find_last_seed
from app.seed.lock import find_holder
from app.seed.progress.stream import event_lines
from app.seed.request import ResetMode, SeedRequest
from app.seed.reset import count_rows
from app.seed.run import seed
from app.seed.statistics import describe_data_set
from app.seed.summary import DatabaseState, MarkState, RunningSeed, SeedSummary
from app.settings import Settings
from app.tables import METADATA
from app.web.bodies import TOO_LARGE
from app.web.openapi import DocumentedOperation
from app.web.problem_details import NO_TABLES, answer_problem, describe_invalid, problems
from app.web.query_parameters import refuse_unknown_parameters
from app.web.request_guard import REASONS

JSON_LINES = "application/x-ndjson"


HINTS = {
    "reset": "must be `delete` or `drop`",
    "dryRun": "must be `true` or `false`",
    "asOf": "must be a day that exists, written YYYY-MM-DD",
}


def refuse_invalid(request: Request[Any, Any, Any], error: ClientException) -> Response[Any]:
    return answer_problem(request, UnusableRequest(describe_invalid(error, HINTS)))


class SeedController(Controller):
    path = "/api/db"
    tags = (openapi.TAG.name,)
    exception_handlers = {ClientException: refuse_invalid}
    guards = (refuse_unknown_parameters,)

    @get(
        "/",
        operation_id="describeDatabase",
        operation_class=DocumentedOperation,
        summary="Which database this is, and how many rows stand in it",
        opt={REASONS: reasons_against_production},
        responses=problems(openapi.REFUSALS),
    )
    async def describe(
        self, engine: NamedDependency[AsyncEngine], settings: NamedDependency[Settings]
    ) -> DatabaseState:
        async with read_only(engine).connect() as connection:
            return await connection.run_sync(_describe, settings)

    @get(
        "/statistics",
        operation_id="describeDataSet",
        operation_class=DocumentedOperation,
        summary="The data set in figures: clinics, practitioners, statuses, ages, diagnoses",
        opt={REASONS: reasons_against_production},
        responses={
            200: ResponseSpec(DataSetFigures, generate_examples=False, examples=[openapi.FIGURES]),
            **problems({**openapi.REFUSALS, 503: [NO_TABLES, openapi.UNAVAILABLE]}),
        },
    )
    async def statistics(self, engine: NamedDependency[AsyncEngine]) -> DataSetFigures:
        async with snapshot(engine).connect() as connection:
            return await connection.run_sync(describe_data_set)

    @get(
        "/seed",
        operation_id="getLastSeed",
        operation_class=DocumentedOperation,
        summary="What the last seed was asked and answered: whom to sign in as, and more",
        description="`request` is the body with its defaults; `summary` is the answer, but for how "
        "long the commit took.",
        opt={REASONS: reasons_against_production},
        responses={
            200: ResponseSpec(LastSeed, generate_examples=False, examples=[openapi.LAST_SEED]),
            **problems({**openapi.REFUSALS, 404: NeverSeeded()}),
        },
    )
    async def last_seed(self, engine: NamedDependency[AsyncEngine]) -> LastSeed:
        async with read_only(engine).connect() as connection:
            found = await connection.run_sync(find_last_seed)
        if found is None:
            raise NeverSeeded
        return found

    @get(
        "/seed/running",
        operation_id="getRunningSeed",
        operation_class=DocumentedOperation,
        summary="Whether a seed is running, since when and in which step",
        description="Until it has ended, nobody knows whether the old set stands or the new one.",
        opt={REASONS: reasons_against_production},
        responses={
            200: ResponseSpec(
                RunningSeed, generate_examples=False, examples=[openapi.SEEDING, openapi.NO_SEED]
            ),
            **problems(openapi.REFUSALS),
        },
    )
    async def running(self, engine: NamedDependency[AsyncEngine]) -> RunningSeed:
        holder = await find_holder(engine)
        if holder is None:
            return RunningSeed(running=False)
        return RunningSeed(running=True, since=holder.since, step=holder.step)

    @post(
        "/seed",
        operation_id="seedDatabase",
        operation_class=openapi.SeedOperation,
        summary="Reset the database and fill it with a data set",
        description=openapi.DESCRIPTION,
        opt={REASONS: reasons_against_reset},
        status_code=201,
        response_description="The new data set stands.",
        responses={
            201: ResponseSpec(
                SeedSummary,
                generate_examples=False,
                description="The new data set stands.",
                examples=[openapi.SUMMARY],
            ),
            200: ResponseSpec(
                SeedSummary,
                generate_examples=False,
                description=openapi.STREAMED,
                examples=[openapi.DRY_RUN],
            ),
            **problems(
                {
                    400: [openapi.BAD_REQUEST, openapi.MISSPELT],
                    403: openapi.NOT_ITS_OWN,
                    409: openapi.RUNNING,
                    413: TOO_LARGE,
                    415: openapi.NOT_JSON,
                    500: openapi.BROKEN_RULE,
                    503: openapi.UNAVAILABLE,
                }
            ),
        },
    )
    async def seed(
        self,
        request: Request[Any, Any, Any],
        engine: NamedDependency[AsyncEngine],
        passwords: NamedDependency[Passwords],
        settings: NamedDependency[Settings],
        data: JSONBody[SeedRequest | None] = None,
        reset: Annotated[
            ResetMode,
            QueryParameter(
                description="`delete`: delete every row. `drop`: drop every table, those that no "
                "migration knows included, and run all migrations."
            ),
        ] = ResetMode.DELETE,
        dry_run: Annotated[
            bool,
            QueryParameter(name="dryRun", description="Do all of it, report it, roll it back."),
        ] = False,
    ) -> Response[SeedSummary] | Stream:
        run = partial(
            seed, engine, passwords, settings, data or SeedRequest(), reset, dry_run=dry_run
        )
        if JSON_LINES in request.headers.get("Accept", ""):
            lines = event_lines(lambda report: run(report=report))
            return Stream(lines, media_type=JSON_LINES, status_code=200)
        summary = await run(report=lambda _progress: None)
        return Response(summary, status_code=200 if dry_run else 201, media_type=MediaType.JSON)


def _describe(connection: Connection, settings: Settings) -> DatabaseState:
    if has_mark_table(connection):
        enter(connection)
    mark = find_mark(connection)
    rows = count_rows(connection)
    return DatabaseState(
        database=str(address_of(connection)),
        environment=settings.environment,
        mark=MarkState(environment=mark.environment, database=mark.database) if mark else None,
        refusals=reasons_against_database(connection, settings),
        rows={
            table: count
            for table, count in rows.items()
            if table in METADATA.tables and table not in DERIVED
        },
        other_rows={
            table: count
            for table, count in rows.items()
            if table not in METADATA.tables and table not in BOOKKEEPING
        },
        would_drop=list_dropped(connection, list_droppable(connection)),
    )
