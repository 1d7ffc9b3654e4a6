"""`just bench-clinics`: eight processes that add, use and remove clinics, on one database.

Prints clinics per second, and compares all other rows before and after.
"""

import statistics
import tempfile
from pathlib import Path

import click
import httpx

from app.cli.options import command, number
from app.cli.streams import run
from clinic_rounds import PROCESSES, Rounds, run_rounds
from databases import DATABASES, database, some_databases
from server_processes import serving

ROUNDS = 200
SECONDS = 120
MILLISECONDS = 1_000


@command()
@number("--rounds", 1, None, "Clinics that each process adds.", ROUNDS)
@number("--processes", 1, 64, "Servers at the same time.", PROCESSES)
@some_databases
def main(rounds: int | None, processes: int | None, names: tuple[str, ...]) -> None:
    """Add, use and remove clinics in eight processes at the same time.

    In each round a process adds a clinic, signs in, books an appointment, changes a patient, reads
    the rows, and removes the clinic. Fails if any call fails, if another row changes, or if a row
    is left over.

    \b
    Examples:
      uv run just bench-clinics
      uv run just bench-clinics --rounds 20 --database sqlite
    """
    with tempfile.TemporaryDirectory(prefix="seedbed-") as folder:
        for name in names or DATABASES:
            with database(name, Path(folder)) as url:
                log = Path(folder) / f"{name}.log"
                measure(name, url, log, rounds or ROUNDS, processes or PROCESSES)


def measure(name: str, url: str, log: Path, rounds: int, processes: int) -> None:
    from restores.raw_rows import difference, dump  # noqa: PLC0415 - not for `--help`

    with serving(url, log) as server:
        httpx.post(f"{server.base_url}/api/db/seed", timeout=SECONDS).raise_for_status()
    before = dump(url)
    alone = run_rounds(url, log, max(1, rounds // 10), 1)
    together = run_rounds(url, log, rounds, processes)
    changed = difference(before, dump(url))
    if changed:
        raise SystemExit(f"{name}: other rows changed, or rows are left: {changed}")
    click.echo(f"{name}: {rounds * processes} clinics, no other row changed, nothing is left")
    for title, figures in (("1 process", alone), (f"{processes} processes", together)):
        click.echo(f"  {title}: {_described(figures)}")


def _described(figures: Rounds) -> str:
    per_second = len(figures.added) / figures.seconds
    middle = statistics.median(figures.added) * MILLISECONDS
    slowest = max(figures.added) * MILLISECONDS
    removal = statistics.median(figures.removed) * MILLISECONDS
    return (
        f"{per_second:.1f} clinics per second; add {middle:.0f} ms, at most {slowest:.0f} ms; "
        f"remove {removal:.0f} ms"
    )


if __name__ == "__main__":
    run(main, "just bench-clinics")
