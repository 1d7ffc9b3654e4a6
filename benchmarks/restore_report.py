"""The figures of `just bench --restore` as tables, for a terminal and in Markdown."""

import os
import platform
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from app.cli.terminal import make_console
from restores import BY_API, CHANGES, ROUNDS_PER_MANY, Cost, Found, measure_restores

RESULTS = Path(__file__).with_name("restores.md")
RESTORE_MS, SNAPSHOT_MS = 20, 20
MEASURED_CHANGES = 100
WRITE_RATIO, SEED_RATIO = "1.10", "1.05"
TEXT_COLUMNS = frozenset({"", "data set", "request"})


@dataclass(frozen=True)
class ReportTable:
    title: str
    note: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def bench_restores(names: Sequence[str], patients: int, rounds: int, folder: Path) -> None:
    """Measure, show the progress on a terminal, and write and print the results."""
    console = make_console()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        for found in measure_restores(names, patients, rounds, folder, progress):
            RESULTS.write_text(in_markdown(found, rounds))
    show(console, found, rounds)


def percentiles(milliseconds: Sequence[float]) -> list[str]:
    """Return the least value, and those that 50, 95 and 99 percent of the values do not exceed."""
    ordered = sorted(milliseconds)
    places = (max(0, -(-len(ordered) * percent // 100) - 1) for percent in (0, 50, 95, 99))
    return [in_ms(ordered[place]) for place in places]


def percentile_columns(aim: int) -> Sequence[str]:
    return "least", "p50", f"p95 (aim {aim})", "p99"


def tables(found: Found) -> list[ReportTable]:
    return [
        ReportTable(
            "Restores",
            f"Up to {BY_API} changes are API calls: patients created and updated, appointments "
            "booked, sign-ins. Of 10,000 the others are rows that another program updates and "
            f"inserts by SQL. The aim is for {MEASURED_CHANGES} changes. `processor` is the mean "
            "processor time of the server and PostgreSQL, which other load changes less.",
            (
                *("", "data set", "rows", "changes", "rows undone", "restores"),
                *percentile_columns(RESTORE_MS),
                "processor",
            ),
            list(restores(found)),
        ),
        ReportTable(
            "Snapshots",
            "Taken after the changes, before each restore.",
            ("", "data set", "rows", "changes", *percentile_columns(SNAPSHOT_MS)),
            list(snapshots(found)),
        ),
        ReportTable(
            "Writes with and without recording",
            "Medians of the same requests to two servers in turn. The processor ratio is that of "
            "processor time.",
            ("", "data set", "request", *compared_columns(WRITE_RATIO)),
            [
                (*key, kind, *compared(cost))
                for key, figures in found.items()
                for kind, cost in figures.writes.items()
            ],
        ),
        ReportTable(
            "Seeds with and without recording",
            "Medians of the same seed on two servers in turn, each over the same data set.",
            ("", "data set", "seeds", *compared_columns(SEED_RATIO)),
            [
                (*key, str(len(figures.seeds.times[True])), *compared(figures.seeds))
                for key, figures in found.items()
            ],
        ),
        ReportTable(
            "Other ways to get back",
            f"Medians, and how many times as long as a restore after {MEASURED_CHANGES} changes. "
            "Copies are those of the SQLite file, and `CREATE DATABASE … TEMPLATE` on PostgreSQL, "
            "without closing connections before and opening them after it.",
            ("", "data set", "restore", "default reseed", "reseed of this set", "copy"),
            list(alternatives(found)),
        ),
    ]


def restores(found: Found) -> Iterator[Sequence[str]]:
    for key, figures in found.items():
        for changes in CHANGES:
            times = figures.restores[changes]
            undone = statistics.median(figures.undone[changes])
            yield (
                *(*key, f"{figures.rows:,}", f"{changes:,}", f"{undone:,.0f}", str(len(times))),
                *percentiles(times),
                in_ms(statistics.mean(figures.processor[changes]) * 1000),
            )


def snapshots(found: Found) -> Iterator[Sequence[str]]:
    for key, figures in found.items():
        for changes in CHANGES:
            times = figures.snapshots[changes]
            yield (*key, f"{figures.rows:,}", f"{changes:,}", *percentiles(times))


def alternatives(found: Found) -> Iterator[Sequence[str]]:
    for (name, data_set), figures in found.items():
        restore = statistics.median(figures.restores[MEASURED_CHANGES])
        default = next(each for key, each in found.items() if key[0] == name)
        others = (default.seeds.times[True], figures.seeds.times[True], figures.copies)
        medians = (statistics.median(times) for times in others)
        cells = (f"{in_ms(each)} ({each / restore:,.1f})" for each in medians)
        yield name, data_set, in_ms(restore), *cells


def compared(cost: Cost) -> Sequence[str]:
    without, recorded = (statistics.median(cost.times[each]) for each in (False, True))
    used = cost.processor[True] / max(cost.processor[False], sys.float_info.min)
    return in_ms(without), in_ms(recorded), f"{recorded / without:.2f}", f"{used:.2f}"


def compared_columns(aim: str) -> Sequence[str]:
    return "not recorded", "recorded", f"ratio (aim {aim})", "processor ratio"


def in_ms(milliseconds: float) -> str:
    return f"{milliseconds:,.1f}"


def in_markdown(found: Found, rounds: int) -> str:
    lines = ["# Snapshots and restores", "", *header(rounds)]
    for table in tables(found):
        lines += ["", f"## {table.title}", "", *table.note.replace(". ", ".\n").splitlines(), ""]
        lines += [in_row(table.columns), in_row(["---"] * len(table.columns))]
        lines += map(in_row, table.rows)
    return "\n".join(lines) + "\n"


def header(rounds: int) -> list[str]:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    _, _, load = os.getloadavg()
    text = f"""\
Written by `just bench --restore`: one run of {rounds} rounds on {machine}.
On average {load:.1f} processes of the machine used or waited for a core in the last 15 minutes.
10,000 changes and a copy of the database were measured once in {ROUNDS_PER_MANY} rounds.
Times are milliseconds of a client over HTTP, with `APP_ENV=test`.
Rows are those that a snapshot counts, without the words of the search."""
    return text.splitlines()


def in_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def show(console: Console, found: Found, rounds: int) -> None:
    for line in header(rounds):
        console.print(line, markup=False)
    for table in tables(found):
        console.print(f"\n[bold]{table.title}[/bold]\n{table.note}")
        shown = Table(box=box.SIMPLE_HEAD)
        for column in table.columns:
            shown.add_column(column, justify="left" if column in TEXT_COLUMNS else "right")
        for row in table.rows:
            shown.add_row(*row)
        console.print(shown)
