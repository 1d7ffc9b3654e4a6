"""`just bench-scale`: measure seeds, pages and searches of many clinics, beside another checkout.

Two checkouts take turns, each with its own database, so that other load on the machine affects
both. Prints the figures of `docs/scale.md`.
"""

import os
import platform
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from app.cli.options import OneOf, command, number
from app.cli.streams import run
from app.seed.constants import MAX_ORGANIZATIONS, MAX_PATIENTS
from checkouts import HERE, Checkout, RunningServer, seed
from databases import DATABASES, database, some_databases
from pages import CLIENTS, KINDS, REQUESTS, Request, find_requests, read_pages
from processor import processor_seconds

PARTS = ("seeds", "reads")
PATIENTS = 100_000
MANY_PATIENTS = 1_000_000
CLINICS = 1_000
ROUNDS = 5
SMALL_SEEDS = 5  # per large seed
WORKERS = (1, 4)
COPIES = 10  # of each patient to read; only the first one has plans
MODES = ("delete", "drop")
Samples = dict[str, list[float]]  # by the name of the checkout
Measures = dict[str, Callable[[Sequence[float]], float]]


@dataclass
class Measured:
    """Times of each checkout, and how long its processes used the processor."""

    times: Samples = field(default_factory=lambda: defaultdict(list))
    processor: Samples = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def measured(self, name: str, processes: set[int]) -> Iterator[None]:
        used, began = processor_seconds(processes), time.perf_counter()
        yield
        self.times[name].append(time.perf_counter() - began)
        self.processor[name].append(processor_seconds(processes) - used)


@command()
@click.option(
    "--before",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    help="Another checkout, after `uv sync`, to measure in turn with this one.",
)
@click.option(
    "--part", "parts", type=OneOf(PARTS), multiple=True, help="Can be given twice.  [default: both]"
)
@some_databases
@number("--patients", 1, MAX_PATIENTS, "Patients of each large seed.", PATIENTS)
@number("--many-patients", 1, MAX_PATIENTS, "Patients to read from.", MANY_PATIENTS)
@number("--clinics", 1, MAX_ORGANIZATIONS, "Clinics to read from.", CLINICS)
@number("--rounds", 1, None, "Turns of each checkout.", ROUNDS)
def main(
    *,
    before: Path | None,
    parts: tuple[str, ...],
    names: tuple[str, ...],
    patients: int | None,
    many_patients: int | None,
    clinics: int | None,
    rounds: int | None,
) -> None:
    """Measure seeds, and pages and searches of many clinics.

    With --before, measures another checkout in turn, and prints ratios. Both parts on both
    databases take an hour.

    \b
    Examples:
      uv run just bench-scale --part seeds
      uv run just bench-scale --before ../before --database postgresql
    """
    checkouts = [Checkout("after" if before else "this checkout", HERE)]
    if before:
        checkouts.insert(0, Checkout("before", before))
    rounds = rounds or ROUNDS
    clinics = clinics or CLINICS
    many = {"patients": many_patients or MANY_PATIENTS, "organizations": clinics, "users": clinics}
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}")
    for name in names or DATABASES:
        if "seeds" in (parts or PARTS):
            measure_seeds(name, checkouts, patients or PATIENTS, rounds)
        if "reads" in (parts or PARTS):
            measure_reads(name, checkouts, many, rounds)


def measure_seeds(name: str, checkouts: list[Checkout], patients: int, rounds: int) -> None:
    from measured_databases import describe_size, server_processes  # noqa: PLC0415 - loads SQLAlchemy, not for `--help`

    with ExitStack() as stack:
        folder = open_folder(stack)
        urls = {each: stack.enter_context(database(name, folder)) for each in checkouts}
        servers = serve_all(stack, urls, folder)
        large = {"patients": patients}
        for quantities, turns in ({}, rounds * SMALL_SEEDS), (large, rounds):
            what = f"{name}, {f'{patients:,} patients' if quantities else 'default set'}"
            for each, server in servers.items():
                seed(server.base_url, "drop", **quantities)
                show(f"{what}, {each.name}: {describe_size(urls[each])}")
            for mode in MODES:
                figures = Measured()
                for each in turns_of(checkouts, turns):
                    processes = {servers[each].pid} | server_processes(urls[each])
                    with figures.measured(each.name, processes):
                        seed(servers[each].base_url, mode, **quantities)
                measures: Measures = {"least": min, "median": statistics.median}
                report(f"{what}, {mode}, seconds of {turns} seeds", figures.times, measures)
                report(f"{what}, {mode}, processor seconds", figures.processor, measures)


def measure_reads(name: str, checkouts: list[Checkout], many: dict[str, int], rounds: int) -> None:
    """Seed with the first checkout, and read the same rows from a copy that the other migrated."""
    from more_patients import multiply_patients  # noqa: PLC0415 - loads SQLAlchemy

    with ExitStack() as stack:
        folder = open_folder(stack)
        url = stack.enter_context(database(name, folder))
        began = time.perf_counter()
        with checkouts[0].serving(url, folder / "seed.log") as server:
            few = many | {"patients": many["patients"] // COPIES}
            seeded = seed(server.base_url, "delete", **few)
            multiply_patients(url, COPIES)
            show(f"{name}, {many}: prepared in {time.perf_counter() - began:.0f} s")
            requests = find_requests(server.base_url, seeded["signIn"])
        read_from_copies(name, checkouts, url, folder, requests, rounds)


def read_from_copies(
    name: str,
    checkouts: list[Checkout],
    url: str,
    folder: Path,
    requests: dict[str, list[Request]],
    rounds: int,
) -> None:
    from measured_databases import copy_database, describe_size, settle  # noqa: PLC0415 - loads SQLAlchemy, not for `--help`

    urls = {checkouts[0]: url}
    for each in checkouts[1:]:
        urls[each] = copy_database(url, "migrated_copy")
        began = time.perf_counter()
        each.migrate(urls[each])
        show(f"{name}, {each.name}: migrated in {time.perf_counter() - began:.0f} s")
    for each in checkouts:
        settle(urls[each])
        show(f"{name}, {each.name}: {describe_size(urls[each])}")
    for workers in WORKERS:
        with ExitStack() as stack:
            servers = serve_all(stack, urls, folder, workers)
            for clients in CLIENTS:
                how = f"{workers} workers, {clients} clients"
                read_in_turns(f"{name}, {how}", servers, urls, requests, clients, rounds)


def read_in_turns(
    what: str,
    servers: dict[Checkout, RunningServer],
    urls: dict[Checkout, str],
    requests: dict[str, list[Request]],
    clients: int,
    rounds: int,
) -> None:
    from measured_databases import server_processes  # noqa: PLC0415 - loads SQLAlchemy

    figures = {kind: Measured() for kind in KINDS}
    latencies: dict[str, Samples] = {kind: defaultdict(list) for kind in KINDS}
    for each in turns_of(list(servers), rounds):
        processes = {servers[each].pid} | server_processes(urls[each])
        for kind in KINDS:
            with figures[kind].measured(each.name, processes):
                taken = read_pages(servers[each].base_url, requests[kind], clients)
            latencies[kind][each.name] += taken
    for kind in KINDS:
        report(
            f"{what}, {kind}, ms", latencies[kind], {"median": statistics.median, "p99": find_p99}
        )
        each_request: Measures = {
            "least": lambda seconds: min(seconds) / REQUESTS * 1000,
            "median": lambda seconds: statistics.median(seconds) / REQUESTS * 1000,
        }
        report(f"{what}, {kind}, processor ms a request", figures[kind].processor, each_request)


def serve_all(
    stack: ExitStack, urls: dict[Checkout, str], folder: Path, workers: int = 1
) -> dict[Checkout, RunningServer]:
    return {
        each: stack.enter_context(each.serving(url, folder / f"{each.name}.log", workers))
        for each, url in urls.items()
    }


def open_folder(stack: ExitStack) -> Path:
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seedbed-")))


def turns_of(checkouts: list[Checkout], rounds: int) -> Iterator[Checkout]:
    """Yield each checkout once a round; half of the rounds begin with the other one."""
    for number_of_round in range(rounds):
        yield from checkouts[:: -1 if number_of_round % 2 else 1]


def find_p99(samples: Sequence[float]) -> float:
    return statistics.quantiles(samples, n=100)[98]


def report(what: str, samples: Samples, measures: Measures) -> None:
    """Print each measure of each checkout, and the ratio of the last one to the first."""
    for measure, of in measures.items():
        found = {name: of(each) for name, each in samples.items()}
        shown = ", ".join(
            f"{name} {each:.4g}" for name, each in sorted(found.items(), reverse=True)
        )
        ratio = f", ratio {found['after'] / found['before']:.3f}" if len(found) > 1 else ""
        show(f"{what}: {measure} {shown}{ratio}")


def show(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    run(main, "just bench-scale")
