"""Compare reads of a million patients in a thousand clinics with the same reads of the default set.

Each data set has its own database and its own server, and this process has the clients. Turns of
one kind of request last less than a second.
"""

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

from app import clock
from checkouts import many_clinics, seed
from databases import database
from measured_databases import describe_size, server_processes, settle
from readers import Read, read_at_once, reads_of_clinics
from server_processes import serving
from turns import Measured, Samples, find_p99, turns_of

CLIENTS = 20
ROUNDS, REQUESTS = 20, 100  # of each kind in a round
CLINICS, PATIENTS = 1_000, 1_000_000
DEFAULT, LARGE = "default set", f"{CLINICS:,} clinics"
SETS = {DEFAULT: {}, LARGE: many_clinics(CLINICS, PATIENTS)}
MEDIAN_AIM, P99_AIM = 1.3, 2
Found = dict[str, tuple[Samples, Measured]]  # milliseconds, and what turns took, by kind


class ServedSet(NamedTuple):
    base_url: str
    processes: set[int]
    reads: dict[str, Iterator[Read]]  # of each kind, without an end
    rows: str

    def read(self, kind: str) -> list[float]:
        return read_at_once(self.base_url, [*islice(self.reads[kind], REQUESTS)], CLIENTS)


def measure_clinics(names: Sequence[str], folder: Path) -> list[str]:
    """Return the figures as lines of Markdown."""
    lines = [
        f"## {PATIENTS:,} patients in {CLINICS:,} clinics",
        "",
        f"Milliseconds of {CLIENTS} clients at once; most of each is waiting for the others.",
        f"{ROUNDS * REQUESTS:,} requests of each kind for each data set.",
        f"Each data set has one server process; they took turns, with {REQUESTS} requests in each.",
        f"All users of the default set and the owners of all {CLINICS:,} clinics read in turn.",
        "The seed created all rows; none were copied by SQL.",
        "The last column compares the processor time of server and database.",
    ]
    for name in names:
        with ExitStack() as stack:
            sets = {size: serve(stack, name, size, folder) for size in SETS}
            found = read_in_turns(sets)
        rows = [f"- {size}: {served.rows}" for size, served in sets.items()]
        lines += ["", f"### {name}", "", *rows, "", *table(found)]
    return lines


def serve(stack: ExitStack, name: str, size: str, folder: Path) -> ServedSet:
    url = stack.enter_context(database(name, folder))
    server = stack.enter_context(serving(url, folder / f"{name}-clinics.log"))
    # Otherwise the weeks that are read would have no appointments.
    seeded = seed(server.base_url, "drop", asOf=str(clock.today()), **SETS[size])
    reads = reads_of_clinics(server.base_url, seeded)
    settle(url)
    return ServedSet(
        server.base_url,
        {server.pid or 0} | server_processes(url),
        {kind: cycle(of_clinics) for kind, of_clinics in reads.items()},
        describe_rows(seeded, url),
    )


def describe_rows(seeded: Any, url: str) -> str:
    created = seeded["created"]
    kinds = {"treatmentPlans": "plans", "appointments": "appointments"}
    counts = [f"{created[kind]['count']:,} {name}" for kind, name in kinds.items()]
    seconds = seeded["durationMs"]["total"] / 1000
    return f"{' and '.join(counts)}, {describe_size(url)}, seeded in {seconds:.1f} s"


def read_in_turns(sets: dict[str, ServedSet]) -> Found:
    found: Found = {}
    for kind in sets[DEFAULT].reads:
        milliseconds, measured = found[kind] = (defaultdict(list), Measured())
        for served in sets.values():
            served.read(kind)  # to warm up
        for size in turns_of(list(sets), ROUNDS):
            with measured.measured(size, sets[size].processes):
                taken = sets[size].read(kind)
            milliseconds[size] += taken
    return found


def table(found: Found) -> list[str]:
    columns = (
        *("", DEFAULT, LARGE, "ratio", "aim", f"{DEFAULT}, p99", f"{LARGE}, p99", "ratio", "aim"),
        "processor ratio",
    )
    lines = [f"| {' | '.join(columns)} |", f"| ---{' | ---' * (len(columns) - 1)} |"]
    for kind, (milliseconds, measured) in found.items():
        cells = [kind]
        for find, aim in (statistics.median, MEDIAN_AIM), (find_p99, P99_AIM):
            default, large = (find(milliseconds[size]) for size in SETS)
            cells += [f"{default:.0f}", f"{large:.0f}", f"{large / default:.2f}", str(aim)]
        default, large = (sum(measured.processor[size]) for size in SETS)
        lines.append(f"| {' | '.join(cells)} | {large / default:.2f} |")
    return lines
