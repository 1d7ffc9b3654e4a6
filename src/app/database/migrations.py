"""The current migration of a database, and the upgrade to the newest, on an open connection.

Each function imports what it needs of Alembic, so that a server does not load it to start.
"""

# ruff: noqa: PLC0415
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from app.database.address import address_of
from app.database.citus import distribute_tables
from app.database.errors import MigrationRefused, SeveralRevisions, UnknownRevision
from app.database.mark import find_mark, lock_mark
from app.database.own_tables import (
    OTHER_PROGRAM,
    REDIRECTED,
    Contents,
    find_contents,
    find_redirections,
)
from app.settings import PROJECT_ROOT, Environment, Settings

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory


def alembic_config() -> "Config":
    """Return the configuration. A file would not work: the project path may contain a `%`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(PROJECT_ROOT / "alembic").replace("%", "%%"))
    return config


@cache
def newest_revision() -> str:
    return str(_scripts().get_current_head())


@cache
def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(alembic_config())


def current_revision(connection: Connection) -> str | None:
    """Raise `SeveralRevisions` if the database names more than one."""
    from alembic.runtime.migration import MigrationContext

    found = MigrationContext.configure(connection).get_current_heads()
    if len(found) > 1:
        raise SeveralRevisions(sorted(found))
    return found[0] if found else None


def is_behind(connection: Connection) -> bool:
    return current_revision(connection) != newest_revision()


def upgrade(connection: Connection, settings: Settings) -> None:
    """Run the missing migrations inside the connection's transaction.

    Raises `UnknownRevision` if the database was migrated by other code.
    """
    from alembic import command

    revision = current_revision(connection)
    if revision == newest_revision():
        refuse_migration(connection, settings)  # another process may just have migrated it
        distribute_tables(connection)
        return
    if revision is not None and revision not in {s.revision for s in _scripts().walk_revisions()}:
        raise UnknownRevision(revision)
    config = alembic_config()
    config.attributes.update(connection=connection, settings=settings)
    command.upgrade(config, "head")


def refuse_migration(connection: Connection, settings: Settings) -> None:
    """Raise `MigrationRefused` unless this database is ours, and this environment may change it.

    Lock the mark until the transaction ends.
    """
    lock_mark(connection)
    address = address_of(connection)
    is_production = settings.environment is Environment.PRODUCTION and settings.says_environment
    if redirections := find_redirections(connection):
        raise MigrationRefused(REDIRECTED.format(address, "; ".join(redirections)))
    found = find_mark(connection)
    if found and found.is_of_production() and not is_production:
        raise MigrationRefused(
            f"{address} is marked as production's database, under the name {found.database}, and "
            f"APP_ENV is {settings.environment_as_set}. Only a production deployment, with "
            "APP_ENV=production, migrates it. For development, set DATABASE_URL to another "
            "database."
        )
    contents = Contents.OURS if found else find_contents(connection)
    if found or contents is Contents.EMPTY:
        current_revision(connection)
        return
    if contents is Contents.OTHERS:
        raise MigrationRefused(OTHER_PROGRAM.format(address))
    if not is_production:
        raise MigrationRefused(
            f"{address} has tables of Seedbed, but no mark that says whether it is production's. "
            "If it is, start its server, which marks it, or migrate with APP_ENV=production. If "
            "it is a development database, mark it first: see `uv run just stamp --help`."
        )
