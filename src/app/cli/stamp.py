"""`just stamp`: shows how the database is marked, and marks a database as one of its own."""

import asyncio
import sys

import click
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

import app.tables  # noqa: F401 - registers the tables that are ours
from app.cli.streams import run
from app.database.address import Address, address_of
from app.database.causes import find_cause
from app.database.engine import create_engine, read_only
from app.database.mark import Mark, describe_mark, find_mark, lock_mark, mark
from app.database.own_tables import REDIRECTED, Contents, find_contents, find_redirections
from app.errors import DomainError
from app.settings import Environment, InvalidSettings, Settings


class CannotStamp(Exception):
    """The message says what to do instead."""


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("name", required=False)
@click.option(
    "--copy-of",
    metavar="NAME",
    help="The name of production's database, if you copied this one from it.",
)
def main(name: str | None, copy_of: str | None) -> None:
    """Mark the database of DATABASE_URL for the environment of APP_ENV.

    NAME is what Seedbed calls the database, such as localhost/clinic or /folder/file.db. It must be
    right, so that no other database is marked by mistake. Without NAME the mark is shown.

    A database that is marked for development or test can be reset by `just seed`. So mark only what
    you are sure is yours to delete.

    A copy of production is marked as production's, and Seedbed cannot tell such a copy for certain
    from production itself, restored or reached through a tunnel. If you made the copy yourself and
    no production server uses it, say so with --copy-of and the name that the mark has.
    """
    try:
        click.echo(asyncio.run(_stamp(Settings.from_environment(), name, copy_of)))
    except (CannotStamp, InvalidSettings) as error:
        _fail(str(error))
    except DomainError as error:
        _fail(error.detail)
    except DBAPIError as error:
        found = find_cause(error)
        cause = found.text if found else type(error).__name__
        _fail(f"The database cannot be used: {cause}.")


async def _stamp(settings: Settings, name: str | None, copy_of: str | None) -> str:
    engine = create_engine(settings.database_url)
    looking = read_only(engine) if name is None else engine
    try:
        async with looking.begin() as connection:
            if name is not None:
                await connection.run_sync(_mark, settings, name, copy_of)
            return await connection.run_sync(describe_mark)
    finally:
        await engine.dispose()


def _mark(connection: Connection, settings: Settings, name: str, copy_of: str | None) -> None:
    lock_mark(connection)
    address = address_of(connection)
    if not settings.says_environment:
        raise CannotStamp(
            "Nothing was changed. APP_ENV must say which environment: development, test or "
            "production."
        )
    if name != address.name:
        raise CannotStamp(
            f"Nothing was changed. DATABASE_URL leads to {address}, not to {name}: correct one of "
            "them."
        )
    if redirections := find_redirections(connection):
        raise CannotStamp(
            f"Nothing was changed. {REDIRECTED.format(address, '; '.join(redirections))}"
        )
    found = find_mark(connection)
    if found is None and find_contents(connection) is not Contents.OURS:
        raise CannotStamp(
            f"Nothing was changed. {address} has no mark, and no tables of Seedbed: `uv run just "
            "migrate` makes them in an empty database, and marks it."
        )
    if settings.environment is not Environment.PRODUCTION and found and found.is_of_production():
        _refuse_production(found, address, copy_of)
    mark(connection, settings.environment)


def _refuse_production(found: Mark, address: Address, copy_of: str | None) -> None:
    """A mark becomes more lenient only on a copy, if the person who made it says so."""
    if found.is_of(address):
        raise CannotStamp(
            f"Nothing was changed. By its mark {address} is production's own database. That "
            "cannot be changed. For development, set DATABASE_URL to another database, or to a "
            "copy of this one under another name."
        )
    if address.other_links:
        raise CannotStamp(
            f"Nothing was changed. {address} has {address.other_links + 1} names (hard links), and "
            "production may use another of them: make a copy of the file and mark that."
        )
    if copy_of != found.database:
        raise CannotStamp(
            f"Nothing was changed. {address} is marked as production's, under the name "
            f"{found.database}. It may be a copy, or production's database itself, restored, moved "
            "or reached through a tunnel. `uv run just stamp --help` says how a copy is marked."
        )


def _fail(message: str) -> None:
    click.secho(message, fg="red", err=True)
    sys.exit(1)


if __name__ == "__main__":
    run(lambda: main(prog_name="just stamp"), "just stamp")
