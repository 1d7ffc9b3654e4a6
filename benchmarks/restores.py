"""`just bench --restore`: measure snapshots and restores, what recording costs, and alternatives.

Two servers have the same data set: one records changes, and the other one does not. Both take
turns, so that other load on the machine affects both. Writes `benchmarks/restores.md`.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from rich.progress import Progress
from sqlalchemy import make_url

from app.seed import run as seed_run
from checkouts import AS_OF
from clinic_writes import WRITES, ClinicOwner, change_rows, request
from databases import database
from measured_databases import (
    connect,
    copy_database,
    drop_database,
    is_sqlite,
    maintenance_url,
    server_processes,
)
from processor import processor_seconds
from server_processes import serving

CHANGES = (1, 100, 10_000)
BY_API = 100  # of each round; more changes are made by SQL
ROUNDS_PER_MANY = 10  # 10,000 changes, and a copy of the database, once in so many rounds
WRITES_PER_ROUND = 2  # of each kind, on each server
SNAPSHOTS = "/api/db/snapshots"
START, LATER = "start", "later"
END_CONNECTIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = %s AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True)
class DataSet:
    """A data set to measure. It is seeded again after some rounds, several times on each server."""

    quantities: dict[str, int]
    rounds: int
    seeds: int

    @property
    def name(self) -> str:
        patients = self.quantities.get("patients")
        return f"{patients:,} patients" if patients else "default set"


def data_sets(patients: int) -> tuple[DataSet, DataSet]:
    return DataSet({}, rounds=10, seeds=4), DataSet({"patients": patients}, rounds=25, seeds=1)


@dataclass
class Cost:
    """Milliseconds and processor seconds, of the server that records and the other one."""

    times: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    processor: dict[bool, float] = field(default_factory=lambda: {True: 0, False: 0})

    @contextmanager
    def measured(self, processes: dict[bool, set[int]]) -> Iterator[None]:
        began = {recorded: processor_seconds(each) for recorded, each in processes.items()}
        yield
        for recorded, each in processes.items():
            self.processor[recorded] += processor_seconds(each) - began[recorded]


@dataclass
class RestoreFigures:
    """Milliseconds and processor seconds by the number of changes, and costs of recording."""

    rows: int = 0
    restores: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    processor: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    undone: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    snapshots: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    copies: list[float] = field(default_factory=list)
    seeds: Cost = field(default_factory=Cost)
    writes: dict[str, Cost] = field(default_factory=lambda: {kind: Cost() for kind in WRITES})


Found = dict[tuple[str, str], RestoreFigures]  # by database and data set


def measure_restores(
    names: Sequence[str], patients: int, rounds: int, folder: Path, progress: Progress
) -> Iterator[Found]:
    """Measure the default set and a large one on each database; yield all figures after each."""
    sets = data_sets(patients)
    bar = progress.add_task("", total=rounds * len(sets) * len(names))
    found: Found = {}
    for name in names:
        with ExitStack() as stack:
            pair = ServerPair(stack, name, folder)
            for data_set in sets:
                progress.update(bar, description=f"{name}, {data_set.name}")
                figures = found[name, data_set.name] = RestoreFigures()
                for _ in measure_rounds(pair, data_set, figures, rounds):
                    progress.advance(bar)
                yield found


def record_nothing() -> None:
    """Let a server seed without recording changes."""
    for name in ("begin_with_snapshot", "pause"):
        mock.patch.object(seed_run, name, do_nothing).start()


def do_nothing(*_: object, **__: object) -> None:
    pass


class ServerPair:
    """A server that records changes and one that does not, each with a database."""

    def __init__(self, stack: ExitStack, name: str, folder: Path) -> None:
        self.url = stack.enter_context(database(name, folder))
        other = stack.enter_context(database(name, folder))
        log = folder / f"{name}.log"
        servers = {
            True: stack.enter_context(serving(self.url, log)),
            False: stack.enter_context(serving(other, log, prepare=record_nothing)),
        }
        self._base_urls = {recorded: server.base_url for recorded, server in servers.items()}
        self.processes = {
            recorded: {server.pid or 0} | server_processes(self.url if recorded else other)
            for recorded, server in servers.items()
        }
        self.seeded: dict[bool, Any] = {}
        self.owners: dict[bool, ClinicOwner] = {}
        self._turns = 0

    def turns(self) -> tuple[bool, bool]:
        """Return whether to record, for both servers; every other time the other one is first."""
        self._turns += 1
        return (True, False) if self._turns % 2 else (False, True)

    def seed(self, quantities: dict[str, int], *, recorded: bool) -> float:
        base_url = self._base_urls[recorded]
        body = {"asOf": AS_OF, **quantities}
        milliseconds, self.seeded[recorded] = request(base_url, "POST", "/api/db/seed", body)
        return milliseconds

    def sign_in(self) -> None:
        for recorded, base_url in self._base_urls.items():
            self.owners[recorded] = ClinicOwner(base_url, self.seeded[recorded])

    def take_snapshot(self, name: str) -> tuple[float, Any]:
        return request(self._base_urls[True], "PUT", f"{SNAPSHOTS}/{name}")

    def restore(self) -> tuple[float, Any]:
        return request(self._base_urls[True], "POST", f"{SNAPSHOTS}/{START}/restore")


def measure_rounds(
    pair: ServerPair, data_set: DataSet, figures: RestoreFigures, rounds: int
) -> Iterator[None]:
    """Yield after each round."""
    for recorded in pair.turns():
        pair.seed(data_set.quantities, recorded=recorded)
    with copy_source(pair.url) as source:
        for number in range(rounds):
            if number % data_set.rounds == 0:
                measure_seeds(pair, data_set, figures)
                figures.rows = start_block(pair)
                writes = WRITES_PER_ROUND * min(rounds - number, data_set.rounds)
                measure_writes(pair, figures, writes)
                pair.restore()
            is_tenth = number % ROUNDS_PER_MANY == 0
            for changes in CHANGES if is_tenth else CHANGES[:-1]:
                measure_restore(pair, figures, changes, number)
            if is_tenth:
                figures.copies.append(time_copy(source))
            yield


def start_block(pair: ServerPair) -> int:
    """Send each kind of request once, unmeasured, and return the rows of the data set."""
    pair.sign_in()
    _, taken = pair.take_snapshot(START)
    for owner in pair.owners.values():
        for kind in WRITES:
            owner.write(kind, 0)
    pair.restore()
    return sum(taken["rows"].values())


def measure_seeds(pair: ServerPair, data_set: DataSet, figures: RestoreFigures) -> None:
    with figures.seeds.measured(pair.processes):
        for _ in range(data_set.seeds):
            for recorded in pair.turns():
                milliseconds = pair.seed(data_set.quantities, recorded=recorded)
                figures.seeds.times[recorded].append(milliseconds)


def measure_writes(pair: ServerPair, figures: RestoreFigures, count: int) -> None:
    # The first time is booked already on the server that cannot restore.
    for kind, cost in figures.writes.items():
        with cost.measured(pair.processes):
            for number in range(1, count + 1):
                for recorded in pair.turns():
                    cost.times[recorded].append(pair.owners[recorded].write(kind, number))


def measure_restore(pair: ServerPair, figures: RestoreFigures, changes: int, number: int) -> None:
    """Change rows, take a snapshot, and restore the one before the changes."""
    owner = pair.owners[True]
    for index in range(min(changes, BY_API)):
        owner.write(WRITES[(number + index) % len(WRITES)], index)
    if changes > BY_API:
        change_rows(pair.url, changes - BY_API)
    figures.snapshots[changes].append(pair.take_snapshot(LATER)[0])
    used = processor_seconds(pair.processes[True])
    milliseconds, restored = pair.restore()
    figures.processor[changes].append(processor_seconds(pair.processes[True]) - used)
    figures.restores[changes].append(milliseconds)
    undone = (sum(counts.values()) for counts in restored["undone"].values())
    figures.undone[changes].append(sum(undone))


@contextmanager
def copy_source(url: str) -> Iterator[str]:
    """Return a database to copy, which nobody uses: a copy of it on PostgreSQL."""
    if is_sqlite(url):
        yield url
        return
    name = make_url(url).database
    with connect(maintenance_url(url)) as connection:
        connection.execute(END_CONNECTIONS, [name])
    source = copy_database(url, f"{name}_template")
    yield source
    drop_database(source)


def time_copy(source: str) -> float:
    """Return the milliseconds of copying a database."""
    began = time.perf_counter()
    copy = copy_database(source, "copy")
    milliseconds = (time.perf_counter() - began) * 1000
    drop_database(copy)
    return milliseconds
