"""What another process does that holds the lock; a fork finds it by this module's name."""

import asyncio
from multiprocessing.connection import Connection
from typing import Any

from app.database.engine import create_engine
from app.seed.request import ResetMode
from app.seed.reset import reset
from app.seed.table_locks import lock_tables
from app.seed.unit_of_work import exclusive_transaction
from app.settings import Environment, Settings, parse_database_url


async def hold(database_url: str, mode: str, holding: Connection) -> None:
    settings = Settings(Environment.TEST, parse_database_url(database_url))
    engine = create_engine(settings.database_url)
    async with exclusive_transaction(engine) as work:
        await work.announce("reset")
        await lock_tables(work.connection, ResetMode(mode))
        await work.connection.run_sync(reset, ResetMode(mode), settings, ())
        holding.send("holding")
        await asyncio.sleep(60)


def hold_here(*arguments: Any) -> None:
    asyncio.run(hold(*arguments))
