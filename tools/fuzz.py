"""`just fuzz`: call every operation of the API with generated requests, and check each response."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom

import click
import httpx

from app.cli.options import command, number
from app.cli.streams import run
from databases import DATABASES, database, some_databases
from server_processes import serving

PROJECT = Path(__file__).parents[1]
CASES = 500
SEEDS = 1_000_000
SECONDS = 120
PHASES = ("examples", "coverage", "fuzzing", "stateful")


@command()
@number("--cases", 1, None, "Requests per operation and phase, at most.", CASES)
@number("--seed", 0, None, "Repeat the requests of an earlier run.", "random")
@some_databases
def main(cases: int | None, seed: int | None, names: tuple[str, ...]) -> None:
    """Call the API with thousands of generated requests, and check each response.

    Starts a server for each database. Takes several minutes. The exit code is 1 if a response is
    not as the OpenAPI document says.

    \b
    Examples:
      uv run just fuzz
      uv run just fuzz --database sqlite --cases 50 --seed 7
    """
    cases = CASES if cases is None else cases
    seed = SystemRandom().randrange(SEEDS) if seed is None else seed
    failed = []
    with tempfile.TemporaryDirectory(prefix="seedbed-") as folder:
        for name in names or DATABASES:
            click.echo(f"\n{name}, --cases {cases} --seed {seed}\n")
            with database(name, Path(folder)) as url:
                found = fuzz(url, Path(folder) / f"{name}.log", cases, seed)
            if found.returncode:
                failed.append(name)
    if failed:
        sys.exit(f"\nThe failures on {' and '.join(failed)} are listed above.")


def fuzz(
    database_url: str,
    log: Path,
    cases: int,
    seed: int,
    *,
    phases: Sequence[str] = PHASES,
    is_short: bool = False,
    output: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run schemathesis on a server with a seeded database. Its exit code is 1 for any failure.

    A short run sends few values, as `fuzz_sample.py` says.
    """
    with serving(database_url, log) as server:
        httpx.post(f"{server.base_url}/api/db/seed", timeout=SECONDS).raise_for_status()
        command = (
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", "tools/schemathesis.toml"),
            *("run", f"{server.base_url}/schema/openapi.json"),
            *("--checks", "all", "--max-examples", str(cases), "--seed", str(seed)),
            *("--phases", ",".join(phases)),
        )
        environment = {**os.environ, "PYTHONPATH": "tools"}  # for what the hooks import
        if is_short:
            environment["FUZZ_SHORT"] = "1"
        return subprocess.run(  # noqa: S603 - our own command
            command,
            cwd=PROJECT,
            env=environment,
            check=False,
            stdout=output,
            stderr=output,
            text=True,
        )


if __name__ == "__main__":
    run(main, "just fuzz")
