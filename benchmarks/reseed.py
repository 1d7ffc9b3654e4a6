"""Compare a default seed, which uses prepared hashes, with computing the hashes of ten passwords.

The two alternate, so that other load on the machine affects both. Prints medians in milliseconds
and their ratio.
"""

import asyncio
import statistics
import tempfile
import time
from typing import Any

import httpx

import postgres_server
from app.auth.passwords import Passwords
from app.main import create_app
from app.seed.constants import PASSWORD, USERS
from app.settings import Environment, Settings, parse_database_url

WARM_UPS = 3
ROUNDS = 21


async def measure(name: str, database_url: str) -> None:
    settings = Settings(Environment.DEVELOPMENT, parse_database_url(database_url))
    app: Any = create_app(settings)
    passwords = Passwords(settings.environment)
    transport = httpx.ASGITransport(app)
    hashing, reseeding = [], []
    async with (
        app.lifespan(),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        for _ in range(WARM_UPS + ROUNDS):
            began = time.perf_counter()
            await passwords.hash_all([PASSWORD] * USERS)
            hashed = time.perf_counter()
            (await client.post("/api/db/seed")).raise_for_status()
            hashing.append(hashed - began)
            reseeding.append(time.perf_counter() - hashed)
    hashes = statistics.median(hashing[WARM_UPS:]) * 1000
    reseed = statistics.median(reseeding[WARM_UPS:]) * 1000
    print(f"{name:<12}{hashes:>14.1f} ms{reseed:>17.1f} ms{reseed / hashes:>9.2f}")


async def main() -> None:
    print(f"{'':<12}{f'{USERS} hashes':>17}{'default reseed':>20}{'ratio':>9}")
    with tempfile.TemporaryDirectory() as folder:
        await measure("SQLite", f"sqlite:///{folder}/bench.db")
    with postgres_server.temporary() as server:
        await measure("PostgreSQL", postgres_server.create_database(server, "bench"))


if __name__ == "__main__":
    asyncio.run(main())
