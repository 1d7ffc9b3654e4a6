"""Serve a database with this checkout or with another one, and ask for seeds."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from app.seed.constants import CLINIC_PRACTITIONERS

HERE = Path(__file__).parents[1]
AS_OF = "2026-01-01"
SECONDS = 3_600
START_SECONDS = 300
# The default is too short for workers that start on a busy machine.
PATIENT = ("--timeout-worker-healthcheck", str(START_SECONDS))
LINES = 20


class RunningServer(NamedTuple):
    base_url: str
    pid: int


@dataclass(frozen=True)
class Checkout:
    """A folder with the code of one version, after `uv sync`."""

    name: str
    folder: Path

    @contextmanager
    def serving(self, database_url: str, log: Path, workers: int = 1) -> Iterator[RunningServer]:
        """Run `just serve` of the checkout until the end of the block."""
        port = find_free_port()
        options = ("--port", str(port), "--workers", str(workers), *PATIENT)
        with log.open("a") as output:
            server = subprocess.Popen(  # noqa: S603 - our own command
                self._command("serve", *options),
                cwd=self.folder,
                env=variables(database_url),
                stdout=output,
                stderr=output,
            )
        try:
            base_url = f"http://127.0.0.1:{port}"
            wait_until_it_serves(base_url, server, log)
            yield RunningServer(base_url, server.pid)
        finally:
            server.terminate()
            server.wait(START_SECONDS)

    def migrate(self, database_url: str) -> None:
        """Run `just migrate` of the checkout."""
        subprocess.run(  # noqa: S603 - our own command
            self._command("migrate"),
            cwd=self.folder,
            env=variables(database_url),
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def _command(self, module: str, *options: str) -> list[str]:
        python = self.folder / ".venv" / "bin" / "python"
        return [str(python), "-m", f"app.cli.{module}", *options]


def variables(database_url: str) -> dict[str, str]:
    # The other checkout has modules of the same names.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return kept | {"APP_ENV": "development", "DATABASE_URL": database_url}


def find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def wait_until_it_serves(base_url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            httpx.get(f"{base_url}/api/auth/ok", trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    end = "\n".join(log.read_text().splitlines()[-LINES:])
    raise SystemExit(f"The server does not start. Its log ends with:\n{end}")


def seed(base_url: str, mode: str, **wanted: int | str) -> Any:
    response = httpx.post(
        f"{base_url}/api/db/seed",
        params={"reset": mode},
        json={"asOf": AS_OF, **wanted},
        timeout=SECONDS,
        trust_env=False,
    )
    return response.raise_for_status().json()


def many_clinics(clinics: int, patients: int) -> dict[str, int]:
    """Return the quantities of a seed, with as many practitioners a clinic as by default."""
    users = clinics * CLINIC_PRACTITIONERS
    return {"organizations": clinics, "patients": patients, "users": users}
