"""Real databases, a fresh one for each test, and clients of the application on them."""

import gc
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import make_url

from applications import (
    make_app,
    make_app_of,
    open_app,
    open_app_of,
    open_client,
    returned_at_the_end,
    seed,
)
from auth.clinics import Backend
from clinic.client import StaffClient, open_staff_client
from new_databases import NewDatabase, delete_copies
from postgres_databases import databases_on, fast_server

__all__ = [
    "JSON",
    "TABLES",
    "NewDatabase",
    "make_app",
    "make_app_of",
    "open_app",
    "open_app_of",
    "open_client",
    "seed",
]

# Hundreds of processes are started, and each would compile all imports: most of its time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Neither the tests nor the processes that they start read the developer's `.env`.
os.environ["PYTHON_DOTENV_DISABLED"] = "1"


JSON = {"Content-Type": "application/json"}
# The kinds of row that a summary names, and their tables.
TABLES = {
    "users": "users",
    "organizations": "organizations",
    "memberships": "members",
    "weeklyTemplates": "weekly_availability_templates",
    "availabilityExceptions": "availability_exceptions",
    "patients": "patients",
    "treatmentPlans": "treatment_plans",
    "rooms": "rooms",
    "appointmentTypes": "appointment_types",
    "appointments": "appointments",
}


SLOW_FOLDERS = {"better_auth", "faults", "journeys", "tenancy", "tools"}
SLOW_FOLDERS |= {"playwright_kit", "pytest_kit"}
# Their files take longest. One that starts last lets the other processes wait for its end.
FIRST_FOLDERS = SLOW_FOLDERS | {"database", "restores", "seed"}


def is_quick(config: pytest.Config) -> bool:
    """Return whether this is `just quick`."""
    return str(config.option.markexpr) == "not slow"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Twice as many as there are cores: slow tests wait for much of their time."""
    cores = os.cpu_count() or 1
    return cores if is_quick(config) else cores * 2


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not import the tests of slow folders if no slow test is wanted."""
    is_slow = collection_path.is_dir() and collection_path.name in SLOW_FOLDERS
    return True if is_slow and is_quick(config) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark as slow what starts processes or PostgreSQL; modules that are slow say so themselves.

    Begin with the files that take longest, in random order like the others.
    """

    def folders_of(item: pytest.Item) -> tuple[str, ...]:
        return item.path.relative_to(config.rootpath / "tests").parts

    items.sort(key=lambda item: FIRST_FOLDERS.isdisjoint(folders_of(item)))
    for item in items:
        folders = folders_of(item)
        fixtures = set(getattr(item, "fixturenames", ()))
        on_postgresql = "postgresql" in item.name or "new_postgresql" in fixtures
        if on_postgresql or not SLOW_FOLDERS.isdisjoint(folders):
            item.add_marker("slow")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the garbage collector all modules, of which none is deleted."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


@pytest.fixture(scope="module", autouse=True)
def _clean_up_after_module() -> Iterator[None]:
    """Take back the applications of a module's fixtures, and spare the collector what stays.

    The databases of the module are deleted, because they may be in memory.
    """
    with returned_at_the_end():
        yield
    delete_copies()
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a server with databases for tests: `TEST_POSTGRES_URL`, or one that we start."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield given
        return
    with fast_server() as server:
        yield server.get_uri()


@pytest.fixture(scope="session")
def new_postgresql(postgres_url: str) -> Iterator[NewDatabase]:
    """Create PostgreSQL databases; none is left at the end."""
    with databases_on(postgres_url) as databases:
        yield NewDatabase("postgresql", databases.create, databases.delete_all)
        # A server that we started is deleted as a whole.
        if "TEST_POSTGRES_URL" in os.environ:
            databases.delete_all()


@pytest.fixture(scope="session")
def new_sqlite(tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    """Name SQLite files that do not exist yet, or copy one."""
    folder = tmp_path_factory.mktemp("databases")

    def create(template: str | None) -> str:
        file = folder / f"{uuid4().hex[:12]}.db"
        if template:
            shutil.copy(str(make_url(template).database), file)
        return f"sqlite:///{file}"

    return NewDatabase("sqlite", create)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest) -> NewDatabase:
    """Make empty databases, on both kinds of server in turn."""
    create: NewDatabase = request.getfixturevalue(f"new_{request.param}")
    return create


@pytest.fixture
def database_url(request: pytest.FixtureRequest, new_database: NewDatabase) -> str:
    """Create a database with all tables, or an empty one for tests that are marked so."""
    if request.node.get_closest_marker("empty_database"):
        return new_database()
    return new_database.migrated()


@pytest.fixture
def app(database_url: str) -> Litestar:
    return make_app(database_url)


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with open_client(app) as client:
        yield client


class Shared(NamedTuple):
    """An application and its database, for tests that begin with a seed and accept any rows."""

    app: Litestar
    client: httpx.AsyncClient
    database_url: str


OpenShared = Callable[[NewDatabase], Awaitable[Shared]]


@pytest.fixture(scope="module")
async def open_shared() -> AsyncIterator[OpenShared]:
    """Open one application of each kind of database, and close them after the file.

    `shared` alone would open one for each set of parameters that its tests give it.
    """
    opened: dict[str, Shared] = {}
    async with AsyncExitStack() as stack:

        async def find_or_open(new: NewDatabase) -> Shared:
            if new.backend not in opened:
                url = new.migrated()
                app = make_app(url)
                client = await stack.enter_async_context(open_client(app))
                opened[new.backend] = Shared(app, client, url)
            return opened[new.backend]

        yield find_or_open


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def shared(request: pytest.FixtureRequest, open_shared: OpenShared) -> Shared:
    """Make one database for all tests of a file."""
    new: NewDatabase = request.getfixturevalue(f"new_{request.param}")
    return await open_shared(new)


@pytest.fixture(autouse=True)
def _sign_out(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave no cookie to the next test of the same client."""
    yield
    if "shared" in request.fixturenames:
        request.getfixturevalue("shared").client.cookies.clear()


@pytest.fixture(scope="module")
async def backend(shared: Shared) -> Backend:
    """Seed one database for all tests of a file, which create their own clinics."""
    await seed(shared.client, users=1, organizations=1, patients=0)
    return Backend(shared.app, shared.client)


@pytest.fixture
async def staff(backend: Backend) -> StaffClient:
    """Make a clinic of the test's own, with one practitioner who calls."""
    return await open_staff_client(backend)


@pytest.fixture(autouse=True)
def _reuse_apps() -> Iterator[None]:
    """Take back the applications that a test created, for the next one."""
    with returned_at_the_end():
        yield
