"""New databases for tests: empty, migrated or seeded.

The migrated and seeded ones are copies, which take a third of the time. Their originals are not
kept in `conftest.py`, because pytest and the tests each import that as their own module.
"""

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine

import commands_in_process
import compiled_statements
from app.database.mark import mark
from app.settings import Environment, parse_database_url
from applications import open_app, seed
from journeys.commands import environment as variables_of

_originals: dict[tuple[object, ...], str] = {}
_used: set["NewDatabase"] = set()


def _keep_all(_: Collection[str]) -> None:
    """Delete no database."""


def delete_copies() -> None:
    """Delete the databases that were created until now, but not the originals of new ones."""
    for databases in _used:
        databases.delete(_originals.values())
    _used.clear()


@dataclass(frozen=True)
class NewDatabase:
    """Create a database and return its URL: an empty one, or a copy with the original's mark."""

    backend: str
    create: Callable[[str | None], str]
    # Deletes all but the databases with these URLs.
    delete: Callable[[Collection[str]], None] = _keep_all

    def __call__(self, template: str | None = None) -> str:
        _used.add(self)
        return self.create(template)

    def migrated(self, environment: Environment = Environment.TEST) -> str:
        """Create a database with all tables, which was never seeded."""
        key = self.backend, environment
        if key not in _originals:
            original = self()
            variables = variables_of(original, APP_ENV=environment.value)
            migration = commands_in_process.alembic("upgrade", "head", variables=variables)
            assert migration.returncode == 0, migration.stderr
            _originals[key] = original
        return self._marked_copy(_originals[key], environment)

    def seeded(self, environment: Environment = Environment.TEST, **quantities: Any) -> str:
        """Create a database as a seed leaves it, which nobody has open."""
        key = self.backend, environment, *sorted(quantities.items())
        if key not in _originals:
            original = self.migrated(environment)
            with ThreadPoolExecutor(1) as thread:  # the caller's may run an event loop
                seeding = _seed(original, environment, quantities)
                thread.submit(asyncio.run, seeding).result()
            _originals[key] = original
        return self._marked_copy(_originals[key], environment)

    def _marked_copy(self, original: str, environment: Environment) -> str:
        copy = self(original)
        engine = create_engine(parse_database_url(copy).set(drivername=DRIVERS[self.backend]))
        compiled_statements.share(engine)
        with engine.begin() as connection:
            mark(connection, environment)
        engine.dispose()
        return copy


DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


async def _seed(database_url: str, environment: Environment, quantities: dict[str, Any]) -> None:
    async with open_app(database_url, environment) as client:
        await seed(client, **quantities)
