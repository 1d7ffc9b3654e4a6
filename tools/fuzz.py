"""Calls every operation of the OpenAPI document with thousands of cases, and checks each answer."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom

import click
import httpx

from app.cli.streams import run
from databases import DATABASES, database
from server_processes import serving

PROJECT = Path(__file__).parents[1]
SEEDS = 1_000_000
SECONDS = 120
PHASES = ("examples", "coverage", "fuzzing", "stateful")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--cases", default=500, show_default=True, help="Of each operation and phase, at most."
)
@click.option("--seed", type=int, help="Make the cases of an earlier run.")
@click.option("--database", "names", type=click.Choice(DATABASES), multiple=True)
def main(cases: int, seed: int | None, names: tuple[str, ...]) -> None:
    """Find answers that the OpenAPI document does not promise."""
    seed = SystemRandom().randrange(SEEDS) if seed is None else seed
    failed = []
    with tempfile.TemporaryDirectory(prefix="seedbed-") as folder:
        for name in names or DATABASES:
            click.echo(f"\n{name}, --cases {cases} --seed {seed}\n")
            with database(name, Path(folder)) as url:
                found = fuzz(url, Path(folder) / f"{name}.log", cases, seed)
            if found.returncode:
                failed.append(name)
    sys.exit(f"\nSee above what was found on {' and '.join(failed)}." if failed else 0)


def fuzz(
    database_url: str,
    log: Path,
    cases: int,
    seed: int,
    *,
    phases: Sequence[str] = PHASES,
    output: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """Serve a seeded database and let schemathesis call it; it exits with 1 on any finding."""
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
    run(lambda: main(prog_name="just fuzz"), "just fuzz")
