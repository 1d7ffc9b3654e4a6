"""Suites that use `pytest-seedbed`, run as other projects run them."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from journeys.commands import (
    PROJECT,
    environment,
    free_port,
    run_module,
    serving,
    wait_until_refuses,
)
from pytest_kit.suite import Suite
from pytest_seedbed import Client, SeedbedError, Server
from server_processes import serving as serving_tests

pytest_plugins = ("pytester",)

PATIENT = '{"firstName": "Ada", "lastName": "Example", "dateOfBirth": "1990-01-01"}'
# Each test sees a new clinic, and changes it.
SUITE = f"""
import pytest

@pytest.mark.parametrize("time", [1, 2, 3])
def test_starts_with_the_same_patients(clinic, seedbed, time, shared_folder):
    owner = clinic.client("owner")
    names = {{each["id"] for each in owner.get("/api/patients?limit=100").json()["items"]}}
    assert names == {{each.id for each in clinic.patients}}
    owner.post("/api/patients", json={PATIENT})
    (shared_folder / f"{{time}} {{__name__}}").write_text(f"{{seedbed.url}} {{clinic.as_of}}")
"""
CONFTEST = """
import pathlib, pytest

@pytest.fixture
def shared_folder():
    return pathlib.Path(__file__).parent / "notes"
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start one server for tests, and seed it."""
    folder = tmp_path_factory.mktemp("server")
    with (
        serving_tests(f"sqlite:///{folder}/seedbed.db", folder / "log") as process,
        Server(process.base_url) as server,
    ):
        server.seed({"patients": 3})
        yield server


@pytest.fixture
def in_parallel(suite: Suite) -> Suite:
    """Two files for two workers, which write which server they used."""
    suite.write(SUITE, SUITE, conftest=CONFTEST)
    (suite.folder / "notes").mkdir()
    return suite


def check_servers(suite: Suite, number: int) -> None:
    """As many servers were used, and none of them is left."""
    notes = [file.read_text() for file in (suite.folder / "notes").iterdir()]
    assert len(notes) == 6
    urls = {note.split()[0] for note in notes}
    assert len(urls) == number
    for url in urls:
        wait_until_refuses(urlsplit(url).port or 0)


def test_the_example_of_the_page_runs(suite: Suite, server: Server) -> None:
    """The guide and the overview of tests show tests that pass."""
    guides = PROJECT / "docs" / "guides"
    pages = [(guides / name).read_text() for name in ("pytest.md", "use-in-tests.md")]
    suite.write(
        *(test for page in pages for test in re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    )
    suite.run(SEEDBED_URL=server.url).assert_outcomes(passed=4)


def test_each_test_has_its_own_clinic(in_parallel: Suite, server: Server) -> None:
    """Two workers use one running server, which has the same rows afterwards."""
    before = server.client.get("/api/db").json()["rows"]
    in_parallel.run("-n2", SEEDBED_URL=server.url).assert_outcomes(passed=6)
    assert server.client.get("/api/db").json()["rows"] == before


def test_all_workers_share_the_server_that_one_of_them_starts(in_parallel: Suite) -> None:
    """It has its own database, and the controller stops it.

    A package of the suite with the name of the server's does not disturb it.
    """
    (in_parallel.folder / "app").mkdir()
    (in_parallel.folder / "app" / "__init__.py").write_text("raise SystemExit('not this one')")
    result = in_parallel.run("-n2", SEEDBED_FOLDER=str(PROJECT), PYTHONPATH=str(in_parallel.folder))
    result.assert_outcomes(passed=6)
    check_servers(in_parallel, 1)


def test_workers_that_restore_have_a_server_each(in_parallel: Suite) -> None:
    """A restore before each test undoes what the test before it changed."""
    options = ("-n2", "--dist=loadfile", "-oseedbed_isolation=snapshot")
    in_parallel.run(*options, SEEDBED_FOLDER=str(PROJECT)).assert_outcomes(passed=6)
    check_servers(in_parallel, 2)


def test_a_restore_undoes_changes_of_the_data_set(suite: Suite, server: Server) -> None:
    """Also of tests that have no clinic; the data set is the one that the suite chooses."""
    suite.write(
        """
import pytest

@pytest.mark.parametrize("time", [1, 2])
def test_data_set(seedbed, time):
    assert seedbed.client.get("/api/db/statistics").json()["totals"]["patients"] == 4
    [user, *_] = seedbed.client.get("/api/db/seed").json()["summary"]["signIn"]["users"]
    seedbed.client.delete(f"/api/db/clinics/{user['organizationId']}")

def test_clinic_of_the_data_set(clinic, seedbed):
    [user, *_] = seedbed.client.get("/api/db/seed").json()["summary"]["signIn"]["users"]
    assert clinic.client(user["email"]).get("/api/patients").json()["items"]
""",
        conftest="""
import pytest

@pytest.fixture(scope="session")
def seedbed_data_set():
    return {"patients": 4, "organizations": 1}
""",
    )
    result = suite.run("-oseedbed_isolation=snapshot", SEEDBED_URL=server.url)
    result.assert_outcomes(passed=3)


def test_tests_choose_what_is_in_their_clinic(suite: Suite, server: Server) -> None:
    """The mark that is closest to the test takes precedence."""
    suite.write("""
import pytest

pytestmark = pytest.mark.clinic(patients=2, as_of="2026-11-23")

def test_module(clinic):
    assert (len(clinic.patients), clinic.as_of) == (2, "2026-11-23")

@pytest.mark.clinic(patients=1, practitioners=1)
def test_function(clinic, seedbed):
    assert (len(clinic.patients), len(clinic.users)) == (1, 1)
    [patient] = clinic.patients
    assert [*clinic.treatment_plans] == [patient.id]
    with pytest.raises(LookupError, match='no user "admin". It has: owner'):
        clinic.client("admin")
    other = seedbed.add_clinic(scenario="empty")
    assert clinic.client().get("/api/rooms").json() != other.client().get("/api/rooms").json()
    seedbed.remove_clinic(other)
    seedbed.remove_clinic(other)
""")
    suite.run("--strict-markers", SEEDBED_URL=server.url).assert_outcomes(passed=2)


def test_a_refused_call_fails_in_words(suite: Suite, server: Server) -> None:
    """With what is in the way and the next free time, and without a traceback through the kit."""
    suite.write("""
import pytest
from pytest_seedbed import SeedbedError

@pytest.mark.clinic(scenario="conflict-week")
def test_double_booking(clinic):
    owner = clinic.client("owner")
    for each in clinic.requests:
        if each["status"] == 409 and "appointments" in each["path"]:
            with pytest.raises(SeedbedError) as refused:
                owner.request(each["method"], each["path"], json=each["body"])
            assert (refused.value.status, refused.value.code) == (409, None)
            assert refused.value.problem["inTheWay"]
            owner.request(each["method"], each["path"], json=each["body"])
""")
    said = suite.fail(SEEDBED_URL=server.url)
    assert (
        "SeedbedError: POST /api/appointments returned 409 Conflict. Nothing was changed." in said
    )
    assert "The next free time is on" in said
    assert "_client.py" not in said


def test_an_error_has_what_is_known(server: Server) -> None:
    """A response that is not from Seedbed is quoted."""
    with pytest.raises(SeedbedError, match=r"returned 404 Not Found\. There is nothing") as error:
        server.client.get("/api/none?a=1")
    assert "GET /api/none?a=1 returned" in str(error.value)
    assert "request id" not in str(error.value)
    problems = iter(
        [
            httpx.Response(503, json={"status": 503, "title": "Busy", "requestId": "a1"}),
            httpx.Response(502, text="a proxy"),
        ]
    )
    client = Client("http://a.example", httpx.MockTransport(lambda _: next(problems)))
    with pytest.raises(SeedbedError, match=r"The request id in the server's log is a1\."):
        client.get("/")
    with pytest.raises(SeedbedError, match="a proxy"):
        client.get("/")


def test_production_is_refused(suite: Suite, tmp_path: Path) -> None:
    """Each test says why, and what to do."""
    suite.write("def test_one(clinic): pass")
    production = {"APP_ENV": "production"}
    url = f"sqlite:///{tmp_path}/production.db"
    migrated = run_module("app.cli.migrate", variables=environment(url, **production))
    assert migrated.returncode == 0, migrated.stderr
    with serving(url, tmp_path / "log", **production) as address:
        for isolation in ("clinic", "snapshot"):
            said = suite.fail(f"-oseedbed_isolation={isolation}", SEEDBED_URL=address)
            assert "returned 403 Forbidden" in said
            assert 'APP_ENV is "production"' in said
            assert "During handling" not in said


def test_a_development_database_is_not_seeded(suite: Suite, tmp_path: Path) -> None:
    """Restoring begins with a seed, which would delete the developer's rows."""
    suite.write("def test_one(clinic): pass")
    url = f"sqlite:///{tmp_path}/development.db"
    with serving(url, tmp_path / "log") as address, Server(address) as development:
        development.seed({"patients": 2})
        before = development.client.get("/api/db/seed").json()
        said = suite.fail("-oseedbed_isolation=snapshot", SEEDBED_URL=address)
        assert "APP_ENV=development" in said
        assert development.client.get("/api/db/seed").json() == before


def test_settings_that_cannot_work_say_what_to_do(suite: Suite, server: Server) -> None:
    """No server, an address where there is none, too many workers, a wrong value or folder."""
    suite.write("def test_one(clinic): pass\ndef test_two(clinic): pass")
    snapshot = "-oseedbed_isolation=snapshot"
    assert 'seedbed_isolation is "none"; it must be' in suite.fail("-oseedbed_isolation=none")
    assert "Set SEEDBED_URL to the URL of a running server" in suite.fail()
    said = suite.fail(f"-oseedbed_folder={suite.folder}/none")
    assert "Cannot start Seedbed" in said
    (suite.folder / "empty").mkdir()
    assert re.search(r"Seedbed did not start in .*empty\.", suite.fail("-oseedbed_folder=empty"))
    assert "there are 2 workers and one server" in suite.fail(
        "-n2", snapshot, SEEDBED_URL=server.url
    )
    nowhere = f"http://127.0.0.1:{free_port()}"
    assert f"Cannot reach Seedbed at {nowhere}" in suite.fail(SEEDBED_URL=nowhere)
