"""Compare a seed of 100,000 patients with the least time that its database needs for the rows.

The floor loads prepared rows of the same shape into the same tables, with all indexes: by COPY of
encoded blocks, or by `executemany` of tuples. The whole request generates the rows, deletes as many
old ones, and checks and commits the new ones.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from checkouts import seed
from databases import database
from processor import status
from server_processes import ServerProcess, serving

GROWTH = (10_000, 30_000, 100_000, 300_000, 1_000_000)
PLANS = 3
AIMS = {
    ("sqlite", "delete"): 1.0,
    ("sqlite", "drop"): 1.0,
    ("postgresql", "delete"): 1.4,
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


def measure_large_seeds(
    names: Sequence[str], patients: int, rounds: int, folder: Path, *, growth: bool
) -> list[str]:
    """Return the figures as lines of Markdown."""
    found: dict[str, Figures] = {}
    for name in names:
        with database(name, folder) as url:
            found[name] = measure(name, url, folder / f"{name}.log", patients, rounds)
            if growth:
                found[name].growth = measure_growth(name, folder)
    return report(found, patients, rounds)


def measure(name: str, url: str, log: Path, patients: int, rounds: int) -> Figures:
    from floors import FLOORS, prepare  # noqa: PLC0415 - not for `--help`

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


def report(found: dict[str, Figures], patients: int, rounds: int) -> list[str]:
    lines = [
        f"## {patients:,} patients and {PLANS * patients:,} treatment plans",
        "",
        f"Medians of {rounds}.",
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
    lines += ["", "### Steps of the last round, in seconds", ""]
    names = list(dict.fromkeys(s for f in found.values() for m in f.steps.values() for s in m))
    lines += [f"| | {' | '.join(names)} |", f"| ---{' | ---' * len(names)} |"]
    for name, figures in found.items():
        for mode, steps in figures.steps.items():
            cells = [f"{steps.get(step, 0) / 1000:.1f}" for step in names]
            lines.append(f"| {name}, {mode} | {' | '.join(cells)} |")
    if any(figures.growth for figures in found.values()):
        lines += growth_lines(found)
    return lines


def growth_lines(found: dict[str, Figures]) -> list[str]:
    lines = ["", "### Growth", "", "Microseconds per row, for a seed of an empty database:", ""]
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
