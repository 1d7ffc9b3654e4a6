"""`just stamp`: says how the database is marked, and marks a copy as a database of its own."""

import asyncio
import sys

import click
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.address import address_of
from app.database import create_engine, read_only
from app.database_errors import find_cause
from app.mark import describe_mark, find_mark, has_mark_table, mark
from app.settings import Environment, InvalidSettings, Settings


class CannotStamp(Exception):
    """The message says what to do instead."""


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("name", required=False)
def main(name: str | None) -> None:
    """Mark the database of DATABASE_URL for the environment of APP_ENV.

    NAME is what Seedbed calls the database, such as localhost/clinic or /folder/file.db: it must be
    right, so that no other database is marked by mistake. Without NAME it only shows the mark.
    """
    try:
        click.echo(asyncio.run(_stamp(Settings.from_environment(), name)))
    except (CannotStamp, InvalidSettings) as error:
        _fail(str(error))
    except DBAPIError as error:
        _fail(f"The database cannot be used: {find_cause(error) or type(error).__name__}.")


async def _stamp(settings: Settings, name: str | None) -> str:
    engine = create_engine(settings.database_url)
    looking = read_only(engine) if name is None else engine
    try:
        async with looking.begin() as connection:
            if name is not None:
                await connection.run_sync(_mark, settings, name)
            return await connection.run_sync(describe_mark)
    finally:
        await engine.dispose()


def _mark(connection: Connection, settings: Settings, name: str) -> None:
    address = address_of(connection)
    if not settings.says_environment:
        raise CannotStamp("APP_ENV must say which: write development, test or production.")
    if name != address.name:
        raise CannotStamp(
            f"DATABASE_URL leads to {address}, not to {name}. Nothing was changed: correct "
            "whichever is wrong."
        )
    if not has_mark_table(connection):
        raise CannotStamp(f"{address} has no mark yet: first run `uv run just migrate`.")
    found = find_mark(connection)
    if (
        found
        and found.is_of_production()
        and found.is_of(address)
        and settings.environment is not Environment.PRODUCTION
    ):
        raise CannotStamp(
            f"{address} is production's own database, by its mark, and stays that. Nothing was "
            "changed: copy it to a database of another name, and mark the copy; or have "
            "DATABASE_URL name a new database."
        )
    mark(connection, settings.environment)


def _fail(message: str) -> None:
    click.secho(message, fg="red", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main(prog_name="just stamp")
