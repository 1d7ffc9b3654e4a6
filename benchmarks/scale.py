"""`just bench-scale`: measure seeds, and reads of many clinics, beside another checkout.

Two checkouts take turns, each with its own database, so that other load on the machine affects
both. Prints the figures of `docs/scale.md`.
"""

import os
import platform
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path

import click

from app import clock
from app.cli.options import OneOf, command, number
from app.cli.streams import run
from app.seed.constants import MAX_ORGANIZATIONS, MAX_PATIENTS
from checkouts import HERE, Checkout, RunningServer, many_clinics, seed
from databases import DATABASES, database, some_databases
from readers import Read, read_at_once, reads_of_clinics
from turns import Measured, Samples, find_p99, turns_of

PARTS = ("seeds", "reads")
PATIENTS = 100_000
MANY_PATIENTS = 1_000_000
CLINICS = 1_000
ROUNDS = 5
SMALL_SEEDS = 5  # per large seed
WORKERS = (1, 4)
CLIENTS = (1, 8)
REQUESTS = 300  # of each kind in a turn
MODES = ("delete", "drop")
Measures = dict[str, Callable[[Sequence[float]], float]]


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
    """Measure seeds, and lists, searches and times of many clinics.

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
    many = many_clinics(clinics, many_patients or MANY_PATIENTS)
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
    with ExitStack() as stack:
        folder = open_folder(stack)
        url = stack.enter_context(database(name, folder))
        with checkouts[0].serving(url, folder / "seed.log") as server:
            # Otherwise the weeks that are read would have no appointments.
            seeded = seed(server.base_url, "drop", asOf=str(clock.today()), **many)
            show(f"{name}, {many}: seeded in {seeded['durationMs']['total'] / 1000:.0f} s")
            reads = reads_of_clinics(server.base_url, seeded)
        read_from_copies(name, checkouts, url, folder, reads, rounds)


def read_from_copies(
    name: str,
    checkouts: list[Checkout],
    url: str,
    folder: Path,
    reads: dict[str, list[Read]],
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
                read_in_turns(f"{name}, {how}", servers, urls, reads, clients, rounds)


def read_in_turns(
    what: str,
    servers: dict[Checkout, RunningServer],
    urls: dict[Checkout, str],
    reads: dict[str, list[Read]],
    clients: int,
    rounds: int,
) -> None:
    from measured_databases import server_processes  # noqa: PLC0415 - loads SQLAlchemy

    figures = {kind: Measured() for kind in reads}
    latencies: dict[str, Samples] = {kind: defaultdict(list) for kind in reads}
    for each in turns_of(list(servers), rounds):
        processes = {servers[each].pid} | server_processes(urls[each])
        for kind, of_clinics in reads.items():
            with figures[kind].measured(each.name, processes):
                turn = [*islice(cycle(of_clinics), REQUESTS)]
                taken = read_at_once(servers[each].base_url, turn, clients)
            latencies[kind][each.name] += taken
    for kind in reads:
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
