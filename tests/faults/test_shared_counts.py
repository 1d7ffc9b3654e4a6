"""Attempts are counted together by all processes of a database, and while Redis is away."""

import asyncio
import re
import ssl
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import httpx
import pytest

from app.assembly import create_state, provide_attempts
from app.auth import redis_counts
from app.auth.attempts import (
    FAILURES_PER_ACCOUNT,
    FAILURES_PER_ADDRESS_AND_ACCOUNT,
    SIGN_UPS_PER_EMAIL,
    WRONG_PASSWORDS_PER_USER,
    Attempts,
)
from app.auth.counts import CannotShare
from app.auth.errors import InvalidEmailOrPassword, InvalidPassword, TooManyRequests
from app.seed.constants import PASSWORD
from app.settings import (
    PROJECT_ROOT,
    Environment,
    Settings,
    parse_database_url,
    parse_rate_limit_storage,
)
from conftest import NewDatabase, make_app_of, open_client, seed
from faults import redis_server
from faults.redis_server import RedisServer
from journeys.commands import serving

WORKERS = 4
LIMIT = FAILURES_PER_ADDRESS_AND_ACCOUNT
EMAIL, HOST = "ada@example.com", "192.0.2.1"
LOST = "the storage of RATE_LIMIT_STORAGE is unavailable"
BACK = "the storage of RATE_LIMIT_STORAGE is back"
WRONG = "wrong password"
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # each client would read all certificates


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server.running(tmp_path_factory.mktemp("redis")) as server:
        yield server


class Workers(NamedTuple):
    """Four server processes on one database, and its users, of which each test takes one."""

    base_urls: list[str]
    log: Path
    emails: list[str]

    async def sign_in(self, email: str, password: str, times: int) -> Counter[int]:
        """Return how often each status was the response, to calls at the same time."""
        async with AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(self.client(url)) for url in self.base_urls]
            for client in clients:  # connects
                await client.get("/api/auth/ok")
            turns = zip(range(times), cycle(clients), strict=False)
            calls = (sign_in(client, email, password) for _, client in turns)
            return Counter(await asyncio.gather(*calls))

    def client(self, base_url: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=base_url, trust_env=False, verify=NO_TLS, timeout=60)

    def count(self, line: str) -> int:
        return self.log.read_text().count(line)


@pytest.fixture(scope="module")
def workers(
    storage: RedisServer, new_sqlite: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workers]:
    database_url, log = new_sqlite.migrated(), tmp_path_factory.mktemp("workers") / "server.log"
    variables = {"APP_ENV": "test", "RATE_LIMIT_STORAGE": storage.url}
    with ExitStack() as stack:
        base_urls = [
            stack.enter_context(serving(database_url, log, **variables)) for _ in range(WORKERS)
        ]
        url = f"{base_urls[0]}/api/db/seed"
        seeded = httpx.post(url, json={"patients": 0}, trust_env=False, timeout=60).json()
        yield Workers(base_urls, log, [user["email"] for user in seeded["signIn"]["users"]])


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    until = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.05)


@contextmanager
def away(storage: RedisServer, workers: Workers, how: str) -> Iterator[None]:
    """Stop or kill Redis, and wait at the end until all processes have found it again."""
    storage.stop() if how == "stopped" else storage.kill()
    try:
        yield
    finally:
        storage.go_on() if how == "stopped" else storage.start()
        wait_until(lambda: workers.count(BACK) == workers.count(LOST))


async def sign_in(client: httpx.AsyncClient, email: str, password: str) -> int:
    credentials = {"email": email, "password": password}
    return (await client.post("/api/auth/sign-in/email", json=credentials)).status_code


async def test_four_processes_let_as_many_failures_through_as_one(workers: Workers) -> None:
    """Of forty guesses at once, ten are checked."""
    guesses = await workers.sign_in(workers.emails.pop(), WRONG, times=40)
    assert guesses == {401: LIMIT, 429: 40 - LIMIT}


async def test_right_passwords_use_nothing_up_in_any_process(workers: Workers) -> None:
    """With one failure left, twenty succeed at once, and the failure is still left."""
    email = workers.emails.pop()
    assert await workers.sign_in(email, WRONG, times=LIMIT - 1) == {401: LIMIT - 1}
    assert await workers.sign_in(email, PASSWORD, times=20) == {200: 20}
    assert await workers.sign_in(email, WRONG, times=8) == {401: 1, 429: 7}


async def test_a_seed_clears_the_counts_of_all_processes(workers: Workers) -> None:
    """Every process counts for the new data set at once."""
    email = workers.emails.pop()
    assert (await workers.sign_in(email, WRONG, times=40))[401] == LIMIT
    async with workers.client(workers.base_urls[0]) as client:
        await seed(client, patients=0)
    assert await workers.sign_in(email, PASSWORD, times=20) == {200: 20}
    assert (await workers.sign_in(email, WRONG, times=40))[401] == LIMIT


@pytest.mark.parametrize("how", ["stopped", "killed"])
async def test_users_sign_in_while_redis_is_away(
    workers: Workers, storage: RedisServer, how: str
) -> None:
    """Each process counts for itself until Redis is back, and says so once."""
    lost = workers.count(LOST)
    with away(storage, workers, how):
        began = time.monotonic()
        assert await workers.sign_in(workers.emails[0], PASSWORD, times=8) == {200: 8}
        assert time.monotonic() - began < 6
        guesses = await workers.sign_in(workers.emails.pop(), WRONG, times=40)
        assert LIMIT < guesses[401] <= WORKERS * LIMIT
    assert lost < workers.count(LOST) <= lost + WORKERS
    assert (await workers.sign_in(workers.emails.pop(), WRONG, times=40))[401] == LIMIT
    assert redis_server.PASSWORD not in workers.log.read_text()
    assert "p%40ss" not in workers.log.read_text()


async def identity(database: str) -> str:
    return database


@asynccontextmanager
async def opened(url: str, *databases: str) -> AsyncIterator[list[Attempts]]:
    """Open the counts of one process for each database."""
    processes = [Attempts(parse_rate_limit_storage(url)) for _ in databases]
    try:
        for process, database in zip(processes, databases, strict=True):
            await process.open()
            await process.identify(partial(identity, database))
        yield processes
    finally:
        for process in processes:
            await process.close()


async def fail(process: Attempts, email: str, host: str = HOST) -> bool:
    """Return whether the password was checked."""
    try:
        async with process.sign_in(email, host):
            raise InvalidEmailOrPassword  # noqa: TRY301 - as the block of a controller does
    except InvalidEmailOrPassword:
        return True
    except TooManyRequests:
        return False


async def fail_often(processes: list[Attempts], times: int, hosts: Sequence[str] = (HOST,)) -> int:
    """Return how many passwords were checked, of failures in all processes at once."""
    turns = zip(range(times), cycle(processes), cycle(hosts), strict=False)
    return sum(await asyncio.gather(*(fail(process, EMAIL, host) for _, process, host in turns)))


async def test_all_limits_hold_in_all_processes(storage: RedisServer) -> None:
    """Sign-ups, wrong current passwords, and failures from many addresses are exact as well."""
    database, user = uuid4().hex, uuid4()
    async with opened(storage.url, *[database] * WORKERS) as processes:

        async def sign_up(process: Attempts) -> None:
            await process.sign_up("new@example.com", HOST)

        async def verify(process: Attempts) -> None:
            async with process.verify_password(user):
                raise InvalidPassword

        for attempt, limit in ((sign_up, SIGN_UPS_PER_EMAIL), (verify, WRONG_PASSWORDS_PER_USER)):
            results = await asyncio.gather(
                *(attempt(each) for each in processes * 8), return_exceptions=True
            )
            refused = [result for result in results if isinstance(result, TooManyRequests)]
            assert len(results) - len(refused) == limit
        async with processes[0].sign_in(EMAIL, HOST):
            pass
        hosts = [f"203.0.113.{number}" for number in range(20)]
        checked = await fail_often(processes, FAILURES_PER_ACCOUNT + 20, hosts)
        assert checked == FAILURES_PER_ACCOUNT
        # From the owner's address the limit per account does not apply, in any process.
        assert await fail(processes[3], EMAIL)
        assert not await fail(processes[3], EMAIL, "198.51.100.7")


async def test_a_refusal_names_the_seconds_that_are_left(storage: RedisServer) -> None:
    """They are those of the window that the first failure began, in any process."""
    async with opened(storage.url, *[uuid4().hex] * 2) as processes:
        await fail_often(processes, LIMIT)
        with pytest.raises(TooManyRequests) as refused:
            async with processes[1].sign_in(EMAIL, HOST):
                pass
        assert 240 < int(refused.value.headers["Retry-After"]) <= 300


async def test_everything_expires_and_names_nobody(storage: RedisServer) -> None:
    """A key has neither the address of a client nor that of a user."""
    storage.client.flushall()  # keys of other tests may expire at any moment
    async with opened(storage.url, uuid4().hex) as processes:
        await fail_often(processes, 3)
        async with processes[0].sign_in(EMAIL, HOST):
            pass
        await processes[0].sign_up(EMAIL, HOST)
    keys = list(storage.client.scan_iter())
    assert len(keys) >= 6
    assert all(storage.client.ttl(key) > 0 for key in keys)
    assert all(key.startswith(b"seedbed:") and len(key) == 40 for key in keys)


async def test_two_databases_do_not_share_counts(storage: RedisServer) -> None:
    """The same address and account are counted for each."""
    async with opened(storage.url, "1:1", "1:2") as processes:
        assert await fail_often(processes, 40) == 2 * LIMIT


@pytest.mark.parametrize("ends", [True, False])
async def test_the_turn_of_a_killed_process_keeps_others_waiting_for_seconds_only(
    storage: RedisServer, monkeypatch: pytest.MonkeyPatch, *, ends: bool
) -> None:
    """It ends by itself, and is ignored after that time; what the process counted stays."""
    monkeypatch.setattr(redis_counts, "TURN_SECONDS", 0.5)
    async with (
        opened(storage.url, *[uuid4().hex] * 2) as (killed, other),
        killed.sign_in(EMAIL, HOST),  # does not end before the other one has been refused
    ):
        if not ends:
            for key in storage.client.scan_iter():
                storage.client.persist(key)
        checked = fail_often([other], LIMIT if ends else 1)
        assert await asyncio.wait_for(checked, 10) == (LIMIT - 1 if ends else 1)
    storage.client.flushall()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("redis://:other-secret@127.0.0.1:{port}/0", "does not accept the user or the password"),
        ("redis://127.0.0.1:{port}/0", "does not accept the user or the password"),
        ("redis://:{password}@127.0.0.1:{port}/99", "has no database of this number"),
    ],
)
async def test_a_server_does_not_start_with_a_wrong_url(
    new_sqlite: NewDatabase, storage: RedisServer, path: str, reason: str
) -> None:
    """The message names the setting and the reason, and shows no password."""
    url = path.format(port=storage.port, password="p%40ss%2Fword-of-redis")
    with pytest.RaisesGroup(
        pytest.RaisesExc(CannotShare), flatten_subgroups=True, allow_unwrapped=True
    ) as failed:
        async with open_client(make_app_of(settings_of(new_sqlite(), url))):
            pass
    message = str(failed.value)
    messages = [str(error) for error in errors_of(failed.value)]
    assert any("RATE_LIMIT_STORAGE" in each and reason in each for each in messages), message
    assert not any("secret" in each or "word-of-redis" in each for each in messages)


def rules_after(words: str, number: int) -> list[str]:
    """Return the rules that allow the commands which the documentation lists after some words."""
    reference = (PROJECT_ROOT / "docs" / "reference" / "settings.md").read_text()
    line = reference.partition(words)[2].partition("\n")[0]
    commands = re.findall("`([A-Z]+(?: [A-Z]+)?)`", line)
    assert len(commands) == number
    return [f"+{command.lower().replace(' ', '|')}" for command in commands]


async def test_a_user_of_redis_with_few_rights_is_enough(storage: RedisServer) -> None:
    """It needs the commands that the documentation lists, on our keys only."""
    url = f"redis://limited:pw@127.0.0.1:{storage.port}"
    storage.configure("ACL SETUSER limited on >pw ~seedbed:*", *rules_after("The user needs", 10))
    with_snapshots = Attempts(parse_rate_limit_storage(url), has_snapshots=True)
    with pytest.raises(CannotShare, match="may not run all commands"):
        await with_snapshots.open()
    await with_snapshots.close()
    storage.configure("ACL SETUSER limited", *rules_after("snapshots also need", 7))
    await with_snapshots.open()
    await with_snapshots.close()
    assert with_snapshots.shared
    assert not with_snapshots.shared.is_lost
    async with opened(url, *["1:4"] * 2) as processes:
        assert await fail_often(processes, 40) == LIMIT
        async with processes[0].sign_in("grace@example.com", HOST):
            pass
        assert not any(process.shared and process.shared.is_lost for process in processes)
    storage.configure("ACL SETUSER limited -evalsha")
    with pytest.raises(CannotShare, match="may not run scripts"):
        async with opened(url, "1:4"):
            pass


async def test_a_server_starts_without_its_storage(
    new_sqlite: NewDatabase, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It counts for itself, and together with others as soon as the storage is there."""
    server = RedisServer(tmp_path)
    apps = [make_app_of(settings_of(url, server.url)) for url in [new_sqlite()] * 2]
    async with open_client(apps[0]) as one, open_client(apps[1]) as other:
        await seed(one, users=1, organizations=1, patients=0)
        assert events(caplog) == [LOST, LOST]
        assert [await sign_in(one, EMAIL, WRONG) for _ in range(LIMIT + 1)][-2:] == [401, 429]
        assert await sign_in(other, EMAIL, WRONG) == 401
        server.start()
        try:
            async with asyncio.timeout(30):
                while events(caplog) != [LOST, LOST, BACK, BACK]:  # noqa: ASYNC110 - no event
                    await asyncio.sleep(0.05)
            statuses = [await sign_in(each, EMAIL, WRONG) for each in (one, other) * LIMIT]
        finally:
            server.kill()
    assert statuses == [401] * LIMIT + [429] * LIMIT


async def test_production_shares_counts_by_the_database(
    tmp_path: Path, storage: RedisServer
) -> None:
    """There is no data set; the counts of another database are separate."""
    files = [tmp_path / "one.db", tmp_path / "other.db"]
    for file in files:
        file.touch()
    states = [
        create_state(settings_of(f"sqlite:///{file}", storage.url, Environment.PRODUCTION))
        for file in [files[0], *files]
    ]
    one, same, other = [await provide_attempts(state) for state in states]
    assert await fail_often([one, same], 40) == LIMIT
    assert await fail_often([other], 40) == LIMIT
    for each in (one, same, other):
        await each.close()
    for state in states:
        await state.engine.dispose()


@pytest.mark.parametrize("kind", ["valkey", "valkeys", "redis+unix"])
async def test_each_kind_of_url_leads_to_the_same_counts(
    storage: RedisServer, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By TLS, whose certificate is checked, and by a socket as well."""
    monkeypatch.setenv("SSL_CERT_FILE", str(redis_server.CERTIFICATE))
    url = storage.url.replace("redis", kind, 1)
    if kind == "valkeys":
        url = url.replace(str(storage.port), str(storage.tls_port))
    if kind == "redis+unix":
        url = url.replace(f"127.0.0.1:{storage.port}/0", str(storage.socket))
    database = uuid4().hex
    async with opened(storage.url, database) as first, opened(url, database) as second:
        assert await fail_often(first + second, 40) == LIMIT


def settings_of(
    database_url: str, storage: str, environment: Environment = Environment.TEST
) -> Settings:
    return Settings(
        environment,
        parse_database_url(database_url),
        rate_limit_storage=parse_rate_limit_storage(storage),
    )


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return which of the two lines were logged."""
    said = [str(record.msg) for record in caplog.records]
    return [line for each in said for line in (LOST, BACK) if line in each]


def errors_of(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [inner for each in error.exceptions for inner in errors_of(each)]
    return [error]
