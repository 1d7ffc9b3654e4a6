"""The fixtures `seedbed` and `clinic`.

With pytest-xdist, the workers find the server by a folder that the controller creates. The
controller stops the server, so that no worker has to be the last one.
"""

import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pytest_seedbed.clinic import Clinic
from pytest_seedbed.errors import SeedbedError, SeedbedUnreachable, leave_out
from pytest_seedbed.isolation import ClinicPerTest, Isolation, NotForTests, SnapshotPerWorker
from pytest_seedbed.process import CannotStart, Run, StartedServer, start
from pytest_seedbed.server import Server
from pytest_seedbed.settings import Settings, add_settings

FOLDER = "seedbed_folder"  # of the run, in what the controller passes to its workers
RUN = pytest.StashKey[Run]()
SETTINGS = pytest.StashKey[Settings]()
MARKER = "clinic(scenario, practitioners, patients, random_seed, as_of, name): what is in `clinic`"
NO_SERVER = (
    "There is no Seedbed to test against. Set SEEDBED_URL to the URL of a running server, or "
    "SEEDBED_FOLDER to your clone of Seedbed to start one."
)
ONE_SERVER = (
    "A restore would undo the changes of other workers: there are {} workers and one server. Leave "
    "SEEDBED_URL out and set SEEDBED_FOLDER, so that each worker starts a server, or run pytest "
    "with -n 0."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    add_settings(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    config.stash[SETTINGS] = Settings.of(config)
    folder = _worker_input(config).get(FOLDER)
    run = Run(Path(folder or tempfile.mkdtemp(prefix="pytest-seedbed-")))
    if folder is None:
        run.begin()
    config.stash[RUN] = run


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Pass the folder of the run to a worker of pytest-xdist."""
    node.workerinput[FOLDER] = str(node.config.stash[RUN].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(RUN, None)
    if run and not _worker_input(config):
        run.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> None:
    """Show a failed request where the test sends it, without the frames of httpx."""
    error = call.excinfo
    if error and isinstance(error.value, (SeedbedError, SeedbedUnreachable)):
        leave_out("httpx.", error.tb)


def _worker_input(config: pytest.Config) -> dict[str, Any]:
    """Return what the controller of pytest-xdist passed to this worker, if it is one."""
    return getattr(config, "workerinput", {})


@pytest.fixture(scope="session")
def seedbed_data_set() -> Mapping[str, Any]:
    """The body of the seed request. Override this fixture to choose another data set."""
    return {}


@pytest.fixture(scope="session")
def seedbed(
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
    seedbed_data_set: Mapping[str, Any],
) -> Iterator[Server]:
    """The server: `seedbed.url`, and `seedbed.client`, which is not signed in."""
    settings, worker = pytestconfig.stash[SETTINGS], _worker_input(pytestconfig)
    if settings.url:
        if settings.restores and worker.get("workercount", 1) > 1:
            pytest.fail(ONE_SERVER.format(worker["workercount"]), pytrace=False)
        url = settings.url
    elif settings.folder:
        run = pytestconfig.stash[RUN]
        starting = partial(_start, run, settings.folder, tmp_path_factory, seedbed_data_set)
        # A restore would undo the changes of other workers.
        name = worker.get("workerid", "server") if settings.restores else "server"
        try:
            url = run.find_or_start(name, starting).url
        except CannotStart as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
    else:
        pytest.fail(NO_SERVER, pytrace=False)
    with Server(url) as server:
        yield server


def _start(
    run: Run, folder: Path, tmp_path_factory: pytest.TempPathFactory, data_set: Mapping[str, Any]
) -> StartedServer:
    with run.lifeline() as lifeline:
        started = start(folder, tmp_path_factory.mktemp("seedbed"), lifeline)
    with Server(started.url) as server:
        server.seed(data_set)
    return started


@pytest.fixture(scope="session")
def _seedbed_isolation(
    pytestconfig: pytest.Config, seedbed: Server, seedbed_data_set: Mapping[str, Any]
) -> Isolation:
    try:
        if pytestconfig.stash[SETTINGS].restores:
            return SnapshotPerWorker(seedbed, seedbed_data_set)
        return ClinicPerTest(seedbed)
    except (NotForTests, SeedbedError, SeedbedUnreachable) as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


@pytest.fixture(autouse=True)
def _seedbed_state(request: pytest.FixtureRequest) -> None:
    """Restore the state before each test that uses the server, if the settings say so."""
    if "seedbed" in request.fixturenames:
        isolation: Isolation = request.getfixturevalue("_seedbed_isolation")
        isolation.begin()


@pytest.fixture
def clinic(request: pytest.FixtureRequest, _seedbed_isolation: Isolation) -> Iterator[Clinic]:
    """The clinic of this test: its people, its rows, and `clinic.client("owner")`."""
    marks = reversed([*request.node.iter_markers("clinic")])  # the closest one last
    options: dict[str, Any] = {}
    for mark in marks:
        options |= mark.kwargs
    with _seedbed_isolation.clinic(**options) as clinic:
        yield clinic
