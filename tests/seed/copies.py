"""Copies of a seeded database, each with its own mark: faster than seeding each."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from app.settings import Environment
from conftest import NewDatabase, open_app, seed
from seed.marks import name_of, stamp

_originals: dict[tuple[object, ...], str] = {}


def copy_seeded(
    new_database: NewDatabase, environment: Environment = Environment.TEST, **quantities: Any
) -> str:
    """Create a database as a seed leaves it, which nobody has open; return its URL."""
    key = (new_database.backend, environment, *sorted(quantities.items()))
    if key not in _originals:
        _originals[key] = new_database()
        with ThreadPoolExecutor(1) as thread:  # the caller's may run an event loop
            seeding = _seed(_originals[key], environment, quantities)
            thread.submit(asyncio.run, seeding).result()
    copy = new_database(_originals[key])
    code, printed = stamp(copy, name_of(copy), app_env=environment.value)
    assert code == 0, printed
    return copy


async def _seed(database_url: str, environment: Environment, quantities: dict[str, Any]) -> None:
    async with open_app(database_url, environment) as client:
        await seed(client, **quantities)
