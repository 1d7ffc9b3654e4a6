"""`just bench`: compare a seed of 100,000 patients with the least time that its database needs.

The floor loads prepared rows of the same shape into the same tables, with all indexes: by COPY of
encoded blocks, or by `executemany` of tuples. The whole request generates the rows, deletes as many
old ones, and checks and commits the new ones. Writes `benchmarks/results.md`.
"""

import asyncio
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Event, Thread
from typing import Any

import click
import psycopg
from sqlalchemy import make_url

import reseed
from app.cli.options import command, number
from app.cli.streams import run
from app.database.bulk import STAMPS, with_timestamps
from app.seed.constants import MAX_PATIENTS
from app.seed.request import SeedRequest
from app.seed.seeders.patients import KIND as PATIENT_KIND
from app.seed.seeders.treatment_plans import KIND as PLAN_KIND
from checkouts import AS_OF, seed
from databases import DATABASES, database, some_databases
from restore_report import bench_restores
from server_processes import ServerProcess, serving

RESULTS = Path(__file__).with_name("results.md")
PATIENTS = 100_000
GROWTH = (10_000, 30_000, 100_000, 300_000, 1_000_000)
PLANS = 3
ROUNDS = 5
RESTORE_ROUNDS = 100
MIB = 1024
KINDS = (PATIENT_KIND, PLAN_KIND)
AIMS = {
    ("sqlite", "delete"): 1.8,
    ("sqlite", "drop"): 1.8,
    ("postgresql", "delete"): 1.5,
    ("postgresql", "drop"): 1.0,
}


@dataclass
class Figures:
    """Seconds of each round, and the most MiB."""

    floor: list[float] = field(default_factory=list)
    whole: dict[str, list[float]] = field(default_factory=lambda: {"delete": [], "drop": []})
    steps: dict[str, dict[str, float]] = field(default_factory=dict)
    peak: float = 0
    workers_peak: float = 0
    growth: dict[int, tuple[float, float]] = field(default_factory=dict)


@command()
@number("--patients", 1, MAX_PATIENTS, "Patients of each seed.", PATIENTS)
@number(
    *("--rounds", 1, None, "Seeds per reset mode, or restores after each number of changes."),
    f"{ROUNDS}, or {RESTORE_ROUNDS} with --restore",
)
@some_databases
@click.option("--growth", is_flag=True, help="Also measure up to 1,000,000 patients.")
@click.option("--restore", is_flag=True, help="Measure snapshots and restores instead.")
def main(
    patients: int | None,
    rounds: int | None,
    names: tuple[str, ...],
    *,
    growth: bool,
    restore: bool,
) -> None:
    """Measure small and large seeds, and write benchmarks/results.md.

    Compares a default seed with the hashing of its passwords, and a large seed with the least time
    that its database needs for the same rows. Takes a quarter of an hour.

    With --restore, measures restores, snapshots, what recording changes costs, and other ways to
    get back to a data set, and writes benchmarks/restores.md. Takes as long.

    \b
    Examples:
      uv run just bench
      uv run just bench --patients 10000 --rounds 1 --database sqlite
      uv run just bench --restore
    """
    if restore and growth:
        raise click.UsageError("--growth cannot be used with --restore.")
    databases = names or DATABASES
    with tempfile.TemporaryDirectory(prefix="seedbed-") as folder:
        if restore:
            bench_restores(databases, patients or PATIENTS, rounds or RESTORE_ROUNDS, Path(folder))
        else:
            bench_seeds(databases, patients or PATIENTS, rounds or ROUNDS, Path(folder), growth)


def bench_seeds(
    names: Sequence[str], patients: int, rounds: int, folder: Path, growth: bool
) -> None:
    asyncio.run(reseed.main())
    found: dict[str, Figures] = {}
    for name in names:
        with database(name, folder) as url:
            found[name] = measure(name, url, folder / f"{name}.log", patients, rounds)
    RESULTS.write_text(report(found, patients, rounds))
    if growth:
        for name, figures in found.items():
            figures.growth = measure_growth(name, folder)
        RESULTS.write_text(report(found, patients, rounds))
    click.echo(RESULTS.read_text())


def measure(name: str, url: str, log: Path, patients: int, rounds: int) -> Figures:
    figures = Figures()
    with serving(url, log) as server, watched(server, figures):
        seed(server.base_url, "delete", patients=0)
        prepared = prepare(name, patients)
        for _ in range(rounds):
            figures.floor.append(FLOORS[name](url, prepared))
        del prepared
        seed(server.base_url, "delete", patients=patients)
        for _ in range(rounds):
            for mode, seconds in figures.whole.items():
                began = time.perf_counter()
                figures.steps[mode] = seed(server.base_url, mode, patients=patients)["durationMs"][
                    "steps"
                ]
                seconds.append(time.perf_counter() - began)
    return figures


def measure_growth(name: str, folder: Path) -> dict[int, tuple[float, float]]:
    """Return seconds and MiB of a seed of each size, on an empty database."""
    found = {}
    for patients in GROWTH:
        place = folder / f"{name}-{patients}"
        place.mkdir()
        with database(name, place) as url, serving(url, place / "log") as server:
            seed(server.base_url, "delete", patients=0)
            began = time.perf_counter()
            seed(server.base_url, "delete", patients=patients)
            found[patients] = time.perf_counter() - began, status(server.pid or 0, "VmHWM")
    return found


def prepare(name: str, patients: int) -> Any:
    """Return the rows of each table as the floor loads them."""
    request = SeedRequest(patients=patients, as_of=date.fromisoformat(AS_OF))
    # COPY reads the same texts as SQLite.
    made = {kind.table.name: list(kind.batches(request, "sqlite")) for kind in KINDS}
    return [(table, *prepared(name, batches)) for table, batches in made.items()]


def prepared(name: str, batches: list[Any]) -> tuple[tuple[str, ...], list[Any]]:
    columns = (*batches[0].columns, *STAMPS)
    for batch in batches:
        batch.rows = with_timestamps(batch.rows, "sqlite")
    if name == "sqlite":
        return columns, [batch.rows for batch in batches]
    return columns, ["".join(map(copied, batch.rows)).encode() for batch in batches]


def copied(row: tuple[Any, ...]) -> str:
    """Return a row in the text format of COPY."""
    values = (r"\N" if value is None else str(value).replace("\\", "\\\\") for value in row)
    return "\t".join(values) + "\n"


def floor_of_sqlite(url: str, prepared: Any) -> float:
    with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as file:
        file.execute("PRAGMA foreign_keys = ON")
        file.execute("PRAGMA synchronous = NORMAL")
        file.execute("BEGIN IMMEDIATE")
        began = time.perf_counter()
        for table, columns, batches in prepared:
            places = ", ".join("?" * len(columns))
            into = f"{table} ({', '.join(columns)})"
            statement = f"INSERT INTO {into} VALUES ({places})"  # noqa: S608 - our own names
            for batch in batches:
                file.executemany(statement, batch)
        file.execute("COMMIT")
        taken = time.perf_counter() - began
        for table, *_ in reversed(prepared):
            file.execute(f"DELETE FROM {table}")  # noqa: S608 - the same
    return taken


def floor_of_postgresql(url: str, prepared: Any) -> float:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("SET TIME ZONE 'UTC'")
        connection.commit()
        # An automatic ANALYZE would see no rows, and each check of a key would read a whole index.
        connection.execute("LOCK TABLE patients, treatment_plans IN SHARE ROW EXCLUSIVE MODE")
        began = time.perf_counter()
        for table, columns, blocks in prepared:
            statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
            with connection.cursor().copy(statement.encode()) as copy:
                for block in blocks:
                    copy.write(block)
        connection.commit()
        taken = time.perf_counter() - began
        connection.execute("TRUNCATE treatment_plans, patients")
    return taken


FLOORS = {"sqlite": floor_of_sqlite, "postgresql": floor_of_postgresql}


@contextmanager
def watched(server: ServerProcess, figures: Figures) -> Iterator[None]:
    """Measure the most memory that the server and its worker processes use."""
    done = Event()

    def watch() -> None:
        while not done.wait(0.1):
            children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            workers = sum(status(int(pid), "VmRSS") for pid in children)
            figures.workers_peak = max(figures.workers_peak, workers)
            figures.peak = status(server.pid or 0, "VmHWM")

    thread = Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def status(pid: int, name: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / MIB for line in lines if line.startswith(name)), 0)


def report(found: dict[str, Figures], patients: int, rounds: int) -> str:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    lines = [
        f"# {patients:,} patients and {PLANS * patients:,} treatment plans",
        "",
        f"Written by `just bench`: one run, medians of {rounds}, on {machine}.",
        "The floor loads prepared rows of the same shape into the same tables, with all indexes.",
        "The whole request generates the rows, deletes as many old ones, checks and commits.",
        "",
        "| | floor | `delete` | ratio | `drop` | ratio | server | worker processes |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, figures in found.items():
        floor = statistics.median(figures.floor)
        cells = [name, f"{floor:.1f} s"]
        for mode, seconds in figures.whole.items():
            whole = statistics.median(seconds)
            cells += [f"{whole:.1f} s", f"{whole / floor:.2f} (aim {AIMS[name, mode]})"]
        cells += [f"{figures.peak:.0f} MiB", f"{figures.workers_peak:.0f} MiB together"]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "Steps of the last round, in seconds:", ""]
    names = list(dict.fromkeys(s for f in found.values() for m in f.steps.values() for s in m))
    lines += [f"| | {' | '.join(names)} |", f"| ---{' | ---' * len(names)} |"]
    for name, figures in found.items():
        for mode, steps in figures.steps.items():
            cells = [f"{steps.get(step, 0) / 1000:.1f}" for step in names]
            lines.append(f"| {name}, {mode} | {' | '.join(cells)} |")
    if any(figures.growth for figures in found.values()):
        lines += growth_lines(found)
    return "\n".join(lines) + "\n"


def growth_lines(found: dict[str, Figures]) -> list[str]:
    lines = ["", "## Growth", "", "Microseconds per row, for a seed of an empty database:", ""]
    lines += [f"| | {' | '.join(f'{size:,}' for size in GROWTH)} | ratio (aim 1.3) |"]
    lines += [f"| ---{' | ---' * (len(GROWTH) + 1)} |"]
    for name, figures in found.items():
        each = [figures.growth[size][0] / size / (1 + PLANS) * 1e6 for size in GROWTH]
        cells = " | ".join(f"{us:.0f}" for us in each)
        lines.append(f"| {name} | {cells} | {each[-1] / each[0]:.2f} |")
        cells = " | ".join(f"{figures.growth[size][1]:.0f} MiB" for size in GROWTH)
        lines.append(f"| {name}, server memory | {cells} | |")
    lines += ["", "```mermaid", "xychart-beta"]
    lines.append(f'  title "Seconds by thousands of patients: {", then ".join(found)}"')
    lines.append(f"  x-axis [{', '.join(str(size // 1000) for size in GROWTH)}]")
    lines.append('  y-axis "seconds"')
    for figures in found.values():
        lines.append(f"  line [{', '.join(f'{figures.growth[size][0]:.1f}' for size in GROWTH)}]")
    return [*lines, "```"]


if __name__ == "__main__":
    run(main, "just bench")
