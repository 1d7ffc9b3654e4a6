"""The kit for Playwright, used by small suites as a front end would use it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from journeys.commands import (
    PROJECT,
    SECONDS,
    accepts_connections,
    background,
    free_port,
    serving,
    wait_until_refuses,
)
from playwright_kit.kit_package import (
    build,
    compile_in,
    fail_unless_passed,
    run_suite,
    suite_command,
    suite_environment,
    write_client,
)

pytestmark = pytest.mark.timeout(600)
STRICT = (
    *("--ignoreConfig", "--noEmit", "--strict", "--target", "es2022", "--types", ""),
    *("--lib", "es2022,dom,dom.iterable", "--module", "esnext", "--moduleResolution", "bundler"),
)
CODE = re.compile(r"^```ts\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GUIDES = PROJECT / "docs" / "guides"


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kit")
    build(folder)
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a seeded server for tests."""
    folder = tmp_path_factory.mktemp("server")
    url = f"sqlite:///{folder}/seeded.db"
    with serving(url, folder / "server.log", APP_ENV="test") as base_url:
        httpx.post(f"{base_url}/api/db/seed", trust_env=False, timeout=180).raise_for_status()
        yield base_url


def clinics(server: str) -> int:
    state = httpx.get(f"{server}/api/db", trust_env=False, timeout=180).json()
    count: int = state["rows"]["organizations"]
    return count


def test_a_program_uses_the_client_in_strict_mode(kit: Path) -> None:
    """The types accept what the API accepts, and reject what it refuses."""
    shutil.copy(Path(__file__).with_name("strict.ts"), kit / "package" / "src")
    compile_in(kit / "package", *STRICT, "--noUncheckedIndexedAccess", "src/strict.ts")


def test_the_examples_of_the_guides_compile(kit: Path) -> None:
    """What a reader copies has no errors in strict mode."""
    examples = [
        *CODE.findall((GUIDES / "playwright.md").read_text()),
        *CODE.findall((GUIDES / "typed-client.md").read_text()),
    ]
    files = []
    for number, code in enumerate(examples):
        if "import" in code:
            files.append(f"example_{number}.ts")
            text = code.replace('"./seedbed', '"../package/src/client')
            (kit / "suite" / files[-1]).write_text(text)
    assert len(files) == 4
    compile_in(kit / "suite", *STRICT, "--skipLibCheck", *files)
    for name in files:
        (kit / "suite" / name).unlink()


def test_the_client_replaces_no_other_files(tmp_path: Path) -> None:
    """A folder with files that are not generated is refused, and left as it was."""
    (tmp_path / "main.ts").write_text("mine")
    done = write_client(tmp_path)
    assert done.returncode == 2
    assert "has files of yours. Nothing was changed." in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["main.ts"]


def test_two_workers_share_a_server_that_they_find(kit: Path, server: str) -> None:
    """Each test has its own clinic, which is removed afterwards."""
    before = clinics(server)
    fail_unless_passed(run_suite(kit, "clinics", SEEDBED_URL=server, WORKERS="2"), 7)
    assert clinics(server) == before


def test_a_failed_test_shows_what_the_server_refused(kit: Path, server: str) -> None:
    """The report has the problem documents that the pages got."""
    code, output = run_suite(kit, "refused", SEEDBED_URL=server)
    assert code == 1
    assert "member: POST /api/rooms returned 415 Unsupported Media Type. Nothing was" in output
    assert "member: GET /api/nothing returned 404 Not Found." in output


def test_each_worker_restores_the_snapshot_of_its_server(kit: Path, tmp_path: Path) -> None:
    """Playwright starts two servers, each with a new database, and stops both."""
    ports = consecutive_ports()
    try:
        result = run_suite(
            kit,
            "snapshots",
            FOLDER=str(PROJECT),
            SEEDBED_URL=f"http://localhost:{ports[0]}",
            DATABASE=f"{tmp_path}/{{port}}.db",
            ISOLATION="snapshot",
            SERVERS="2",
            WORKERS="2",
        )
        fail_unless_passed(result, 4)
        assert not any(accepts_connections("127.0.0.1", port) for port in ports)
        assert len([*tmp_path.glob("*.db")]) == 2
    finally:
        for port in ports:
            (PROJECT / "var" / f"playwright-{port}.log").unlink(missing_ok=True)


def test_a_killed_run_leaves_no_server_behind(kit: Path, tmp_path: Path) -> None:
    """Playwright is killed with SIGKILL when its server has started; that stops by itself."""
    port = free_port()
    variables = suite_environment(
        FOLDER=str(PROJECT),
        SEEDBED_URL=f"http://localhost:{port}",
        DATABASE=f"{tmp_path}/{{port}}.db",
    )
    log, command = tmp_path / "log", suite_command("clinics")
    try:
        with background(*command, variables=variables, log=log, folder=kit / "suite") as run:
            until = monotonic() + SECONDS
            while not accepts_connections("127.0.0.1", port):
                assert run.poll() is None, log.read_text()
                assert monotonic() < until, log.read_text()
                sleep(0.05)
            run.kill()
            run.wait()
            wait_until_refuses(port)
    finally:
        (PROJECT / "var" / f"playwright-{port}.log").unlink(missing_ok=True)


def consecutive_ports() -> tuple[int, int]:
    while True:
        port = free_port()
        if port < 65_535 and not accepts_connections("127.0.0.1", port + 1):
            return port, port + 1


def test_workers_that_would_restore_one_server_are_refused(kit: Path, server: str) -> None:
    """A restore would undo the changes of the other worker."""
    variables = {"SEEDBED_URL": server, "ISOLATION": "snapshot", "WORKERS": "2"}
    # Playwright starts a new worker after each failure.
    code, output = run_suite(kit, "snapshots", "--max-failures=1", **variables)
    assert code == 1
    assert "there are 2 workers and 1 servers. Set `servers: 2`" in output


def test_a_missing_server_is_reported(kit: Path) -> None:
    """The error says where it was looked for, and what to do."""
    url = f"http://localhost:{free_port()}"
    code, output = run_suite(kit, "refused", SEEDBED_URL=url)
    assert code == 1
    assert f"Cannot reach Seedbed at {url}. Start it there" in output
