"""`just bench-sign-in`: compare the time of a wrong password with that of an unknown address.

The two alternate, so that other load on the machine affects both. Each request comes from another
client address, because the limits on attempts would end the run. With RATE_LIMIT_STORAGE, sign-ins
that are counted there alternate with sign-ins that are counted in memory.
"""

import asyncio
import statistics
import tempfile
import time
from dataclasses import replace
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from app.cli.options import command
from app.cli.streams import run
from app.seed.constants import PASSWORD
from databases import DATABASES, database

WARM_UPS = 20
ROUNDS = 400
PERCENTILES = (5, 25, 50, 75, 95)
ADDRESSES = map(IPv4Address, count(int(IPv4Address("10.0.0.1"))))


async def refuse(app: Any, email: str) -> float:
    return await sign_in(app, email, PASSWORD.swapcase(), httpx.codes.UNAUTHORIZED)


async def sign_in(app: Any, email: str, password: str, status: int) -> float:
    """Return the milliseconds until the response."""
    transport = httpx.ASGITransport(app, client=(str(next(ADDRESSES)), 0))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        credentials = {"email": email, "password": password}
        began = time.perf_counter()
        response = await client.post("/api/auth/sign-in/email", json=credentials)
        taken = time.perf_counter() - began
    if response.status_code != status:
        raise SystemExit(response.text)
    return taken * 1000


def make_app(database_url: str, storage: Any = None) -> Any:
    """Return an application that counts attempts in a storage, or in memory."""
    # The application, which `--help` does not need.
    from app.main import create_app  # noqa: PLC0415
    from app.settings import Environment, Settings, parse_database_url  # noqa: PLC0415

    settings = Settings(Environment.DEVELOPMENT, parse_database_url(database_url))
    return create_app(replace(settings, rate_limit_storage=storage))


async def measure(name: str, database_url: str) -> None:
    app = make_app(database_url)
    wrong, unknown = [], []
    async with (
        app.lifespan(),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1"
        ) as client,
    ):
        seeded = (await client.post("/api/db/seed")).raise_for_status().json()
        emails = [user["email"] for user in seeded["signIn"]["users"]]
        for number in range(WARM_UPS + ROUNDS):
            known = emails[number % len(emails)]
            # As long as the known address. Half of the rounds begin with the other kind.
            stranger = f"{number:04}{known[4:]}"
            if number % 2:
                wrong.append(await refuse(app, known))
                unknown.append(await refuse(app, stranger))
            else:
                unknown.append(await refuse(app, stranger))
                wrong.append(await refuse(app, known))
    report(name, wrong[WARM_UPS:], unknown[WARM_UPS:])


async def compare_storages(database_url: str, storage: Any) -> None:
    """Sign in with the right password, as counted in memory and in the storage in turn."""
    apps = [make_app(database_url), make_app(database_url, storage)]
    times: list[list[float]] = [[], []]
    async with apps[0].lifespan(), apps[1].lifespan():
        transport = httpx.ASGITransport(apps[0])
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            seeded = (await client.post("/api/db/seed")).raise_for_status().json()
        email = seeded["signIn"]["users"][0]["email"]
        for _ in range(WARM_UPS + ROUNDS):
            for app, taken in zip(apps, times, strict=True):
                taken.append(await sign_in(app, email, PASSWORD, httpx.codes.OK))
    in_memory, shared = (statistics.median(taken[WARM_UPS:]) for taken in times)
    print(
        f"right password, counted in memory {in_memory:.2f} ms, in {storage.drivername} "
        f"{shared:.2f} ms, ratio of medians {shared / in_memory:.3f}"
    )


def report(name: str, wrong: list[float], unknown: list[float]) -> None:
    for kind, times in (("wrong password", wrong), ("unknown address", unknown)):
        cuts = statistics.quantiles(times, n=100)
        cells = "".join(f"{cuts[percentile - 1]:>9.2f}" for percentile in PERCENTILES)
        print(f"{name:<12}{kind:<18}{cells}")
    ratio = statistics.median(unknown) / statistics.median(wrong)
    slower = statistics.fmean((u > w) + (u == w) / 2 for u in unknown for w in wrong)
    print(f"{name:<12}ratio of medians {ratio:.3f}, P(unknown address is slower) {slower:.3f}\n")


@command()
def main() -> None:
    """Compare the time of a wrong password with that of an unknown email address.

    Measures 400 sign-ins of each on both databases. Takes about a minute. With RATE_LIMIT_STORAGE,
    also compares sign-ins that are counted there with sign-ins that are counted in memory.

    \b
    Example:
      uv run just bench-sign-in
    """
    from app.settings import Settings  # noqa: PLC0415 - loads SQLAlchemy, not for `--help`

    asyncio.run(compare(Settings.from_environment().rate_limit_storage))


async def compare(storage: Any) -> None:
    percentiles = "".join(f"{f'p{percentile}':>9}" for percentile in PERCENTILES)
    print(f"{ROUNDS} of each, in ms{'':<{10 - len(str(ROUNDS))}}{percentiles:>58}")
    with tempfile.TemporaryDirectory() as folder:
        for name in DATABASES:
            with database(name, Path(folder)) as url:
                await measure(name, url)
        if storage:
            with database("sqlite", Path(folder)) as url:
                await compare_storages(url, storage)


if __name__ == "__main__":
    run(main, "just bench-sign-in")
