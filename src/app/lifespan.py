"""What begins before the first request of a server, and ends after the last one."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.datastructures import State
from sqlalchemy.ext.asyncio import AsyncEngine

from app.auth.attempts import Attempts
from app.auth.counts import CannotShare
from app.database.production import CannotMark, keep_protected, protect
from app.logs import get_logger
from app.settings import Environment, Settings

log = get_logger(__name__)


@asynccontextmanager
async def using_engine(app: Litestar) -> AsyncGenerator[None]:
    """Close the connections at the end. In production, protect the database until then."""
    engine: AsyncEngine = app.state.engine
    try:
        if app.state.settings.environment is Environment.PRODUCTION:
            async with protecting(engine, app.state):
                yield
        else:
            yield
    finally:
        await engine.dispose()


@asynccontextmanager
async def counting_attempts(app: Litestar) -> AsyncGenerator[None]:
    """Log in one line why the server does not start if RATE_LIMIT_STORAGE cannot be right."""
    attempts: Attempts = app.state.attempts
    try:
        await attempts.open()
        yield
    except CannotShare as error:
        log.critical("the server does not start", reason=str(error))
        raise
    finally:
        await attempts.close()


@asynccontextmanager
async def protecting(engine: AsyncEngine, state: State) -> AsyncGenerator[None]:
    """Protect the production database from before the first request until the server stops."""
    await protect_or_log(engine, state.settings)
    state.is_protected, stop = True, asyncio.Event()
    task = asyncio.create_task(keep_protected(engine, state, stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def protect_or_log(engine: AsyncEngine, settings: Settings) -> None:
    """Log in one line why the server does not start; uvicorn only logs a traceback."""
    try:
        await protect(engine, settings)
    except CannotMark as error:
        log.critical("the server does not start", reason=str(error))
        raise
    except Exception:
        log.critical("the server does not start", exc_info=True)
        raise
