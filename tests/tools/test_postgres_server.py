"""The server of `just postgres`, which only the user who starts it can connect to."""

import os
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import psycopg
import pytest
from sqlalchemy import make_url

import postgres_programs
import postgres_server
from app.settings import parse_database_url
from journeys.commands import free_port
from other_user import NOBODY, can_read, public_folder, run_as_other_user
from private_postgres import PrivatePostgres
from requirements import lacking
from server_user import find_server_user
from socket_folder import (
    SOCKET,
    CannotStart,
    can_hold_socket,
    create_runtime_folder,
    find_access,
    runtime_folder,
)

ODD_NAME = 'what now? (copy), 60% "new" $HOME `x` d\'été \\ #1 @\n'
CONNECT = "socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
IMPORTS = f"""
sys.path.insert(0, {str(Path(postgres_server.__file__).parent)!r})
from pathlib import Path
from private_postgres import PrivatePostgres
from server_user import find_server_user
"""
TAKE_LOCK = "with PrivatePostgres(Path(sys.argv[1]), find_server_user())._lock: print('locked')"


class Place(NamedTuple):
    """A folder that everybody can enter, and a data folder in a private folder below it."""

    public: Path
    data: Path

    def modes(self) -> dict[Path, str]:
        return {path: oct(path.stat().st_mode) for path in self.data.parents}


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with public_folder() as public:
        (public / "private").mkdir(mode=0o700)
        (public / "private" / ODD_NAME).mkdir()
        yield Place(public, public / "private" / ODD_NAME / "postgres")


@pytest.fixture(scope="module")
def server(place: Place) -> Iterator[PrivatePostgres]:
    """Start a server where every path is odd, with programs that its user cannot reach."""
    packages = place.public / "private" / 'the "packages"'
    packages.symlink_to(postgres_programs.PACKAGES)
    before = place.modes()
    umask = os.umask(0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgres_programs, "PACKAGES", packages)
        patch.setenv("PGPORT", "6543")
        patch.setenv("PGHOSTADDR", "192.0.2.7")
        with postgres_server.start(place.data) as server:
            os.umask(umask)
            assert place.modes() == before
            postgres_server.create_database(server, "any")
            assert "any" in server.psql("\\l")
            patch.delenv("PGPORT")
            patch.delenv("PGHOSTADDR")
            yield server
            process = server.get_postmaster_info().process
            assert process
            shutil.rmtree(place.data)  # what is stopped at the end need not have its data
        assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def socket_folder_of(server: PrivatePostgres) -> Path:
    return Path(str(make_url(server.get_uri()).query["host"]))


def test_a_folder_of_any_name_can_hold_a_server(server: PrivatePostgres) -> None:
    """Its URL is one that Seedbed accepts, and leads to it."""
    url = postgres_server.create_database(server, "any")
    assert postgres_server.create_database(server, "any") == url
    assert parse_database_url(url).database == "any"
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW unix_socket_directories").fetchone()
    assert row == (str(socket_folder_of(server)),)
    assert server.bin_path.is_relative_to(socket_folder_of(server))


def test_it_listens_on_a_private_socket_only(server: PrivatePostgres) -> None:
    """No network, and a folder and a socket that belong to the server's user."""
    owner = find_server_user().uid
    folder = socket_folder_of(server)
    assert find_access(folder, owner) is None
    assert stat.S_IMODE((folder / SOCKET).stat().st_mode) == 0o700
    assert " listen_addresses \n------------------\n \n" in server.psql("SHOW listen_addresses")
    rules = [line.split() for line in (server.pgdata / "pg_hba.conf").read_text().splitlines()]
    assert {rule[-1] for rule in rules if rule and rule[0] == "host"} == {"reject"}


def test_with_a_port_it_also_listens_on_loopback() -> None:
    """TCP needs the password; the Unix socket does not, and the password is kept in a file."""
    port = free_port()
    with public_folder() as folder, postgres_server.start(folder / "postgres", port) as server:
        url = postgres_server.create_database(server, "any")
        password = postgres_server.read_password(folder / "password")
        assert postgres_server.read_password(folder / "password") == password
        assert stat.S_IMODE((folder / "password").stat().st_mode) == 0o600
        postgres_server.set_password(server, password)
        assert make_url(url).query["port"] == "5432"
        psycopg.connect(url).close()
        with psycopg.connect(f"postgresql://postgres:{password}@127.0.0.1:{port}/any") as gui:
            assert gui.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        for wrong in ("", "postgres"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(f"postgresql://postgres:{wrong}@127.0.0.1:{port}/any")
        other = PrivatePostgres(server.pgdata, find_server_user())
        with pytest.raises(CannotStart, match=f"listens on 127.0.0.1:{port}"):
            other.ensure_postgres_running()
        server.stop()
        with postgres_server.start(folder / "postgres") as without_port:
            assert without_port.get_uri("any") == url
            psycopg.connect(url).close()


def test_its_files_are_private(server: PrivatePostgres) -> None:
    """Data and log, with any umask."""
    assert find_access(server.pgdata, find_server_user().uid) is None
    assert stat.S_IMODE(server.log.stat().st_mode) == 0o600
    assert stat.S_IMODE((server.pgdata.parent / "postgres.lock").stat().st_mode) == 0o600


def test_another_user_cannot_connect(server: PrivatePostgres, place: Place) -> None:
    """They cannot reach its socket, while they can connect to one in a public folder."""
    folder = socket_folder_of(server)
    assert not can_read(folder)
    refused = run_as_other_user(CONNECT, str(folder / SOCKET), imports="import socket")
    assert "PermissionError" in refused.stderr
    with socket.socket(socket.AF_UNIX) as public:
        public.bind(str(place.public / "public"))
        (place.public / "public").chmod(0o777)
        public.listen()
        arguments = (CONNECT, str(place.public / "public"))
        assert run_as_other_user(*arguments, imports="import socket").returncode == 0


def test_its_url_leads_to_no_server_of_another_user(server: PrivatePostgres) -> None:
    """After the server has stopped, somebody else may listen where its socket was."""
    if not find_server_user().is_other:
        lacking("This needs root, whose server is another user's.")
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as impostor:
        impostor.bind(str(Path(folder) / SOCKET))
        impostor.listen()
        url = make_url(server.get_uri()).update_query_dict({"host": folder})
        with pytest.raises(psycopg.OperationalError, match="requirepeer"):
            psycopg.connect(url.render_as_string(hide_password=False), connect_timeout=5)


def test_another_user_can_start_their_own_server(
    server: PrivatePostgres,
) -> None:
    """No file of the first user's server is in their way."""
    with public_folder() as public:
        os.chown(public, NOBODY, NOBODY)
        done = run_as_other_user(TAKE_LOCK, str(public / "postgres"), imports=IMPORTS)
        assert (done.returncode, done.stdout) == (0, "locked\n"), done.stderr


def test_a_running_server_is_found(server: PrivatePostgres) -> None:
    """A second start leads to the same server at the same URL, and leaves it running."""
    again = PrivatePostgres(server.pgdata, find_server_user())
    again.ensure_postgres_running()
    assert (again.get_pid(), again.get_uri()) == (server.get_pid(), server.get_uri())


def test_a_running_server_that_others_can_reach_is_refused(server: PrivatePostgres) -> None:
    """The message says how to stop it; nothing is done to it."""
    again = PrivatePostgres(server.pgdata, find_server_user())
    folder = socket_folder_of(server)
    folder.chmod(0o711)
    try:
        with pytest.raises(CannotStart, match=r"can be entered by other users.*kill -INT \d+"):
            again.ensure_postgres_running()
    finally:
        folder.chmod(0o700)
    assert "1 row" in server.psql("SELECT 1")


def test_a_pid_file_that_names_another_process_is_no_server(
    server: PrivatePostgres, tmp_path: Path
) -> None:
    """After a crash the number in it may be that of any process."""
    lines = (server.pgdata / "postmaster.pid").read_text().splitlines()
    (tmp_path / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert PrivatePostgres(tmp_path, find_server_user())._find_running() is None  # noqa: SLF001


def test_a_restart_keeps_the_url_and_a_stop_leaves_nothing(
    server: PrivatePostgres, place: Place
) -> None:
    """The folder of the socket is deleted with the server and created again with it."""
    before, modes = server.get_uri(), place.modes()
    folder = socket_folder_of(server)
    server.psql("ALTER SYSTEM SET port = 6543")
    server.stop()
    assert not folder.exists()
    server.ensure_postgres_running()
    assert server.get_uri() == before
    assert "1 row" in server.psql("SELECT 1")
    assert place.modes() == modes


@pytest.mark.parametrize(
    ("folder", "fits"),
    [
        ("/home/you/seedbed/var/postgres", True),
        ("/home/you/My Projects/var/postgres", False),
        ("/home/you/what now? (copy)/postgres", False),
        ("/home/you/60% Keyboard #1/postgres", False),
        ("/home/you/Ada's/postgres", False),
        ('/home/you/"new"/postgres', False),
        ("/home/you/one,two/postgres", False),
        ("/home/you/été/postgres", False),
        ("/home/you/a\nb/postgres", False),
        ("relative/postgres", False),
        ("/" + "x" * 87, True),
        ("/" + "x" * 88, False),
    ],
)
def test_the_socket_is_in_the_data_folder_if_its_path_is_plain_and_short(
    folder: str, fits: bool
) -> None:
    """What a shell, a URL or a list would have to quote is not plain."""
    assert can_hold_socket(Path(folder)) is fits


def is_enterable(_folder: Path) -> bool:
    return True


def set_temporary_folder(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.delenv("XDG_RUNTIME_DIR", raising=False)
    patch.setattr(tempfile, "tempdir", str(folder))


def test_each_data_folder_has_one_folder_for_its_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the same at each start, and another for other data."""
    set_temporary_folder(monkeypatch, Path("/tmp"))  # noqa: S108 - nothing is created
    folders = [runtime_folder(Path(name), is_enterable) for name in ("/a b", "/a b", "/c d")]
    assert folders[0] == folders[1] != folders[2]
    assert all(can_hold_socket(folder) for folder in folders)
    assert folders[0].name.startswith(f"seedbed-{os.geteuid()}-")


def test_the_runtime_folder_of_the_user_is_preferred(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No other user can be there first, unless the server's user cannot enter it."""
    with public_folder() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
        assert runtime_folder(Path("/a b"), is_enterable).parent == folder
        elsewhere = runtime_folder(Path("/a b"), lambda each: each != folder)
        assert elsewhere.parent != folder


@pytest.mark.parametrize("name", ["My Temp", "x" * 100, "shared"])
def test_a_temporary_folder_that_will_not_do_is_not_used(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Its path must be plain and short, and no other user may rename what is in it."""
    with public_folder() as public:
        folder = public / name
        folder.mkdir()
        set_temporary_folder(monkeypatch, folder)
        folder.chmod(0o1777)
        assert (runtime_folder(Path("/a b"), is_enterable).parent == folder) is (name == "shared")
        folder.chmod(0o777)
        assert runtime_folder(Path("/a b"), is_enterable).parent != folder


def test_without_a_folder_that_will_do_it_is_refused() -> None:
    """The message names the variable that helps."""
    with pytest.raises(CannotStart, match="Set TMPDIR"):
        runtime_folder(Path("/a b"), lambda _: False)


def open_to_group(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o750)


def open_to_all(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o701)


def link(folder: Path) -> None:
    folder.with_name("target").mkdir(mode=0o700)
    folder.symlink_to("target")


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (open_to_group, r"can be entered by other users \(mode 0750\)"),
        (open_to_all, r"can be entered by other users \(mode 0701\)"),
        (link, "is not a folder"),
        (Path.touch, "is not a folder"),
    ],
)
def test_a_folder_that_is_not_private_is_refused(tmp_path: Path, make: Any, problem: str) -> None:
    """The message says what to do; nothing is done to it."""
    folder = tmp_path / "seedbed-1-2"
    make(folder)
    before = folder.lstat()
    with pytest.raises(CannotStart, match=f"{problem}. Remove that folder if it is yours"):
        create_runtime_folder(folder, os.geteuid())
    assert folder.lstat() == before


def test_a_folder_of_the_caller_is_used_again(tmp_path: Path) -> None:
    """A server that was killed leaves it behind."""
    folder = tmp_path / "seedbed-1-2"
    before = os.umask(0)
    create_runtime_folder(folder, os.geteuid())
    os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    create_runtime_folder(folder, os.geteuid())


def test_another_user_cannot_take_the_place_of_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user who creates it first in a shared folder gets no server into it."""
    with public_folder() as shared:
        shared.chmod(0o1777)
        set_temporary_folder(monkeypatch, shared)
        folder = runtime_folder(Path("/a b"), is_enterable)
        assert folder.parent == shared
        done = run_as_other_user("os.mkdir(sys.argv[1], 0o700)", str(folder))
        assert done.returncode == 0, done.stderr
        with pytest.raises(CannotStart, match=f"belongs to the user with the id {NOBODY}"):
            create_runtime_folder(folder, find_server_user().uid)
        assert list(folder.iterdir()) == []


def test_data_of_another_user_is_refused(tmp_path: Path) -> None:
    """Root does not take it over."""
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("18\n")
    if os.geteuid():
        lacking("This needs root, which can give a folder to another user.")
    os.chown(data, NOBODY, NOBODY)
    with pytest.raises(CannotStart, match="belongs to another user"):
        postgres_server.start(data)
    assert data.stat().st_uid == NOBODY
