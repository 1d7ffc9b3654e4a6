"""Which migration a database is at, and how it gets to the newest, on a connection that is open."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.errors import UnknownRevision
from app.settings import PROJECT_ROOT, Settings

VERSION_TABLE = "alembic_version"


def alembic_config() -> Config:
    return Config(PROJECT_ROOT / "alembic.ini")


@cache
def newest_revision() -> str:
    return str(_scripts().get_current_head())


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def current_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def is_behind(connection: Connection) -> bool:
    return current_revision(connection) != newest_revision()


def upgrade(connection: Connection, settings: Settings) -> None:
    """Run the missing migrations inside the connection's transaction.

    Raises `UnknownRevision` if the database was migrated by other code.
    """
    revision = current_revision(connection)
    if revision == newest_revision():
        return
    if revision is not None and revision not in {s.revision for s in _scripts().walk_revisions()}:
        raise UnknownRevision(revision)
    config = alembic_config()
    config.attributes.update(connection=connection, settings=settings)
    command.upgrade(config, "head")
