"""`just stamp`: show the mark of the database, or mark it."""

import asyncio

import click
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

import app.tables  # noqa: F401 - registers the tables that are ours
from app.cli.options import command
from app.cli.streams import run
from app.cli.terminal import BAD_VALUE, refuse
from app.database.address import Address, address_of
from app.database.causes import find_cause
from app.database.engine import create_engine, read_only
from app.database.mark import Mark, describe_mark, find_mark, lock_mark, mark
from app.database.own_tables import REDIRECTED, Contents, find_contents, find_redirections
from app.errors import DomainError
from app.settings import Environment, Settings


class CannotStamp(Exception):
    """The message says why the database is not marked, and what to do instead."""


class WrongValue(CannotStamp):
    """The argument or a setting is wrong."""


@command()
@click.argument("name", required=False)
@click.option(
    "--copy-of",
    metavar="NAME",
    help="The name of the production database, if you copied this database from it.",
)
def main(name: str | None, copy_of: str | None) -> None:
    """Show the mark of the database, or mark it for the environment in APP_ENV.

    Without NAME, print the mark of the database in DATABASE_URL and change nothing.

    NAME is the name that Seedbed uses for the database, such as localhost/clinic or
    /folder/file.db. It must be right, so that you do not mark another database by mistake.

    `just seed` can delete all rows of a database that is marked for development or test. Only mark
    a database whose data you can lose.

    A copy of production has the mark of production. Seedbed cannot know that it is a copy, because
    production itself looks the same after a restore or through a tunnel. If you made the copy
    yourself and no production server uses it, mark it with --copy-of and the name in its mark.

    \b
    Examples:
      uv run just stamp
      uv run just stamp localhost/clinic
      uv run just stamp localhost/clinic_copy --copy-of db.example/clinic
    """
    if copy_of is not None and name is None:
        raise click.UsageError(
            f'--copy-of is "{copy_of}", but NAME is missing; it must be the name of the copy.'
        )
    try:
        click.echo(asyncio.run(_stamp(Settings.from_environment(), name, copy_of)))
    except WrongValue as error:
        refuse(str(error), BAD_VALUE)
    except CannotStamp as error:
        refuse(str(error))
    except DomainError as error:
        refuse(error.detail)
    except DBAPIError as error:
        found = find_cause(error)
        cause = found.text if found else type(error).__name__
        refuse(f"The database cannot be used: {cause}.")


async def _stamp(settings: Settings, name: str | None, copy_of: str | None) -> str:
    engine = create_engine(settings.database_url)
    used = read_only(engine) if name is None else engine
    try:
        async with used.begin() as connection:
            if name is not None:
                await connection.run_sync(_mark, settings, name, copy_of)
            return await connection.run_sync(describe_mark)
    finally:
        await engine.dispose()


def _mark(connection: Connection, settings: Settings, name: str, copy_of: str | None) -> None:
    lock_mark(connection)
    address = address_of(connection)
    if not settings.says_environment:
        raise WrongValue(
            f"APP_ENV is {settings.environment_as_set}; it must be development, test or production."
        )
    if name != address.name:
        raise WrongValue(
            f'NAME is "{name}", but DATABASE_URL names the {address}. Correct one of them.'
        )
    if redirections := find_redirections(connection):
        raise CannotStamp(REDIRECTED.format(address, "; ".join(redirections)))
    found = find_mark(connection)
    if found is None and find_contents(connection) is not Contents.OURS:
        raise CannotStamp(
            f"{address} has no mark and no tables of Seedbed. In an empty database, `uv run just "
            "migrate` creates the tables and marks it."
        )
    if settings.environment is not Environment.PRODUCTION and found and found.is_of_production():
        _refuse_production(found, address, copy_of)
    mark(connection, settings.environment)


def _refuse_production(found: Mark, address: Address, copy_of: str | None) -> None:
    """A mark becomes more lenient only on a copy, if the person who made it says so."""
    if found.is_of(address):
        raise CannotStamp(
            f"The mark of {address} says that it is the production database itself. That cannot be "
            "changed. For development, set DATABASE_URL to another database, or to a copy of this "
            "one with another name."
        )
    if address.other_links:
        raise CannotStamp(
            f"{address} has {address.other_links + 1} names (hard links), and production may use "
            "another of them. Make a copy of the file and mark the copy."
        )
    if copy_of != found.database:
        # The option itself is not named: following a message must not wipe production.
        given = "" if copy_of is None else f'You named "{copy_of}". '
        raise CannotStamp(
            f"{given}{address} is marked for production as "
            f'"{found.database}". It may be a copy, or the production database itself: restored, '
            "moved or reached through a tunnel. `uv run just stamp --help` explains how to mark "
            "a copy."
        )


if __name__ == "__main__":
    run(main, "just stamp")
