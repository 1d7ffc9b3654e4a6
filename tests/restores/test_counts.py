"""A restore returns the counts of attempts to those of the snapshot, in each process."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import URL

from app.auth.attempts import FAILURES_PER_ACCOUNT, MINUTES
from app.auth.errors import InvalidEmailOrPassword, TooManyRequests
from app.database.undo.history import SnapshotHistory
from app.settings import parse_rate_limit_storage
from faults import redis_server
from faults.redis_server import RedisServer
from restores.counted import LIMIT, USER, Counted

PROCESSES = 3
EXAMPLES = {"memory": 300, "redis": 20}
KINDS = (*("fail",) * 6, "take", "take", "restore", "restore", "delete", "restart", "seed")
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 11)), min_size=5, max_size=40)
EMAIL, HOME, AWAY = "ada@example.com", "192.0.2.1", "198.51.100.7"


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server.running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.slow)])
def storage(request: pytest.FixtureRequest) -> URL | None:
    if request.param == "memory":
        return None
    server: RedisServer = request.getfixturevalue("redis")
    return parse_rate_limit_storage(server.url)


async def play(counted: Counted, steps: list[tuple[str, int]]) -> None:
    for kind, number in steps:
        name, process = f"s{number % 4}", number % PROCESSES
        match kind:
            case "fail":
                await counted.fail(process)
            case "take":
                counted.take(name)
            case "delete":
                counted.delete(name)
            case "restart":
                await counted.restart(process)
            case "seed":
                counted.seed()
            case "restore" if counted.snapshots:
                counted.restore(list(counted.snapshots)[number % len(counted.snapshots)])


async def test_counts_are_those_of_the_snapshot(
    storage: URL | None, request: pytest.FixtureRequest
) -> None:
    """After any snapshots, restores and restarts, whichever of them a process has noticed."""
    loop = asyncio.get_running_loop()

    async def play_and_check(steps: list[tuple[str, int]]) -> None:
        async with Counted(storage, PROCESSES) as counted:
            await play(counted, steps)
            await counted.check("now")
            await counted.check_snapshots()

    @settings(
        max_examples=20 if storage else 300,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS)
    @example([*[("take", 0), ("fail", 0)] * 3, ("seed", 0), ("fail", 0), ("take", 0), ("fail", 0)])
    def run(steps: list[tuple[str, int]]) -> None:
        asyncio.run_coroutine_threadsafe(play_and_check(steps), loop).result()

    await asyncio.to_thread(run)


async def test_an_attempt_in_progress_takes_nothing_from_the_snapshot(storage: URL | None) -> None:
    """It began before a restore. Its success is not known after it, and gives nothing back."""
    async with Counted(storage, PROCESSES) as counted:
        await counted.fail(0)
        counted.take("one")
        attempts = await counted.look(0)
        async with attempts.verify_password(USER):
            counted.restore("one")
            await counted.look(0)
            if storage:
                await counted.fail(1)
        await counted.check("one")


async def test_known_addresses_are_those_of_the_snapshot(storage: URL | None) -> None:
    """The limit per account applies to an address that signed in only after the snapshot."""
    async with Counted(storage, 1) as counted:

        async def sign_in(host: str, error: type[Exception] | None = None) -> bool:
            attempts = await counted.look(0)
            with suppress(InvalidEmailOrPassword):
                try:
                    async with attempts.sign_in(EMAIL, host):
                        if error:
                            raise error
                except TooManyRequests:
                    return False
            return True

        await sign_in(HOME)
        counted.take("known")
        for name in ("used-up", "again"):
            await sign_in(AWAY)
            for number in range(FAILURES_PER_ACCOUNT):
                assert await sign_in(f"203.0.113.{number}", InvalidEmailOrPassword)
            counted.take(name)
            assert not await sign_in("203.0.113.200")
            assert await sign_in(AWAY)
            counted.restore("known")
            await counted.look(0)
        for number in range(FAILURES_PER_ACCOUNT):
            assert await sign_in(f"203.0.113.{number}", InvalidEmailOrPassword)
        assert await sign_in(HOME)
        assert not await sign_in(AWAY)


async def test_time_goes_on_for_the_counts_of_a_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window ends when it would have ended without the restore."""
    async with Counted(None, 1) as counted:
        await counted.use_up()
        counted.take("used-up")
        await counted.fail(0)
        later = time.time() + MINUTES * 60 + 1
        monkeypatch.setattr(time, "time", lambda: later)
        counted.restore("used-up")
        assert await counted.use_up() == [LIMIT]


async def test_only_counts_of_snapshots_that_exist_are_kept() -> None:
    """The memory of a process does not grow with each snapshot that was deleted or replaced."""
    async with Counted(None, 1) as counted:
        for name in ("kept", "replaced", "replaced", "deleted", "undone"):
            counted.take(name)
            await counted.fail(0)
        counted.delete("deleted")
        counted.restore("replaced")
        await counted.fail(0)
        kept = {taken.id for taken in counted.snapshots.values()}
        assert set(counted.processes[0].memory.saved) == kept
        assert len(kept) == 2


async def test_an_older_state_that_arrives_later_changes_nothing() -> None:
    """Of two requests at once, the one that read the state before a seed gets it last."""
    async with Counted(None, 1) as counted:
        attempts, before = counted.processes[0], await counted.find_history(None, 0)
        counted.seed()
        arrived = asyncio.Event()

        async def find_slowly(_seed_id: str | None, _known: int) -> SnapshotHistory:
            await arrived.wait()
            return before

        async with asyncio.TaskGroup() as both:
            both.create_task(attempts.follow(find_slowly))
            await asyncio.sleep(0)
            await counted.use_up()
            arrived.set()
        assert not await counted.fail(0)


async def test_a_storage_that_lost_its_keys_forgets_no_later_failure(redis: RedisServer) -> None:
    """A process that notices a restore last does not apply it again."""
    async with Counted(parse_rate_limit_storage(redis.url), 2) as counted:
        counted.take("one")
        await counted.fail(0)
        await counted.fail(1)
        counted.restore("one")
        await counted.fail(0)
        redis.client.flushall()
        for _ in range(LIMIT - 1):
            await counted.fail(0)
        assert await counted.fail(1)
        assert not await counted.fail(0)
