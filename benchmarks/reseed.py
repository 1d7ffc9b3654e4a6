"""Compare a default seed with computing the hashes of ten passwords.

The first seed of a process computes them as well; later ones use them again. All of them take
turns, so that other load on the machine affects each.
"""

import asyncio
import statistics
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from app.auth.passwords import Passwords
from app.main import create_app
from app.seed.constants import PASSWORD, USERS
from app.seed.prepared_hashes import PreparedHashes
from app.settings import Environment, Settings, parse_database_url
from databases import database

WARM_UPS = 3
ROUNDS = 21
FIRST_AIM, LATER_AIM = 1.2, 0.5


def measure_reseeds(names: Sequence[str], folder: Path) -> list[str]:
    """Return the figures as lines of Markdown."""
    lines = [
        "## Default seed",
        "",
        f"Milliseconds without HTTP, medians of {ROUNDS}.",
        "",
        f"| | {USERS} hashes | first seed | ratio | aim | later seed | ratio | aim |",
        f"| ---{' | ---' * 7} |",
    ]
    for name in names:
        with database(name, folder) as url:
            hashes, first, later = asyncio.run(measure(url))
        cells = [name, f"{hashes:.1f}"]
        for seed, aim in (first, FIRST_AIM), (later, LATER_AIM):
            cells += [f"{seed:.1f}", f"{seed / hashes:.2f}", str(aim)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


async def measure(database_url: str) -> list[float]:
    """Return the milliseconds of hashing, a first seed and a later one."""
    settings = Settings(Environment.DEVELOPMENT, parse_database_url(database_url))
    app: Any = create_app(settings)
    passwords = Passwords(settings.environment)
    transport = httpx.ASGITransport(app)
    rounds = []
    async with (
        app.lifespan(),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        for _ in range(WARM_UPS + ROUNDS):
            app.state.seed_hashes = PreparedHashes(passwords, None)
            times = [time.perf_counter()]
            await passwords.hash_all([PASSWORD] * USERS)
            times.append(time.perf_counter())
            for _ in range(2):
                (await client.post("/api/db/seed")).raise_for_status()
                times.append(time.perf_counter())
            rounds.append([end - begin for begin, end in pairwise(times)])
    return [statistics.median(each) * 1000 for each in zip(*rounds[WARM_UPS:], strict=True)]
