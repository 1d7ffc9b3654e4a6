"""Create scenarios in a database that has other rows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.passwords import Passwords
from app.seed.request import SeedRequest
from app.seed.scenarios.catalogue import SCENARIOS
from app.seed.scenarios.clinic import clinic_request
from app.seed.scenarios.creation import CreatedScenario, create_scenario
from app.seed.scenarios.translation import random_key
from app.settings import Environment
from conftest import Shared

AS_OF = date(2026, 1, 1)
REQUEST = clinic_request(7, AS_OF)
PASSWORDS = Passwords(Environment.TEST)


@asynccontextmanager
async def transaction(shared: Shared) -> AsyncIterator[AsyncSession]:
    """Begin a transaction that is rolled back, unless the test commits it."""
    async with AsyncSession(shared.app.state.engine, expire_on_commit=False) as session:
        yield session


async def create(
    session: AsyncSession,
    scenario: str = "default",
    request: SeedRequest = REQUEST,
    key: bytes | None = None,
    name: str | None = None,
) -> CreatedScenario:
    return await create_scenario(
        session, PASSWORDS, SCENARIOS[scenario], request, key or random_key(), name=name
    )
