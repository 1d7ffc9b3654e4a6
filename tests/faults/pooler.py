"""A real PgBouncer, which gives each transaction the server connection that is free."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import psycopg
from sqlalchemy import make_url

from requirements import lacking

SECONDS = 120
SETTINGS = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
unix_socket_dir = {folder}
listen_port = 6543
auth_type = any
pool_mode = transaction
default_pool_size = 5
max_client_conn = 200
server_idle_timeout = 5
logfile = {folder}/log
pidfile = {folder}/pid
"""


@contextmanager
def pooling(database_url: str) -> Iterator[str]:
    """Pool the connections to a server that is reached by a Unix socket; return the URL to use."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        lacking("This needs PgBouncer, such as Debian's package pgbouncer.")
    url = make_url(database_url)
    with tempfile.TemporaryDirectory(prefix="seedbed-") as name:
        folder = Path(name)
        settings = folder / "pgbouncer.ini"
        host, port = str(url.query["host"]), url.port or 5432
        user = url.username or "postgres"
        settings.write_text(SETTINGS.format(host=host, port=port, user=user, folder=folder))
        # It does not run as root, and must reach the socket of the server.
        owner = Path(host).stat().st_uid if os.geteuid() == 0 else os.geteuid()
        os.chown(folder, owner, -1)
        os.chown(settings, owner, -1)
        group = pwd.getpwuid(owner).pw_gid
        command = (program, str(settings))
        with subprocess.Popen(command, user=owner, group=group, extra_groups=[]) as process:
            try:
                pooled = url.set(query={"host": str(folder)}, port=6543)
                text = pooled.render_as_string(hide_password=False)
                _wait_until_connects(text, process, folder / "log")
                yield text
            finally:
                process.terminate()
                process.wait(SECONDS)


def _wait_until_connects(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = monotonic() + SECONDS
    while True:
        assert process.poll() is None, log.read_text()
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            assert monotonic() < until, log.read_text()
            sleep(0.05)
        else:
            return
