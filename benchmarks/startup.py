"""Compare the start of commands with an interpreter that only imports the libraries.

All of them take turns, so that other load on the machine affects each. The first round is not
counted: it writes the bytecode of all modules.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx

from checkouts import HERE, find_free_port

IMPORTS = "import litestar, sqlmodel, alembic.command, sqlalchemy.ext.asyncio"
UV = os.environ.get("UV", "uv")
ROUNDS = 7
SECONDS = 120
FLOOR, SEED, SERVER, SERVE = "floor", "seed", "seed --url", "serve"
AIMS = {SEED: 1.4, SERVER: 0.5, SERVE: 1.1}
HELP_AIM = 0.3
PEERS = ("alembic", "litestar")  # commands of other projects
NOT_PASSED = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}


class CommandTime(NamedTuple):
    """Seconds until a command ended or responded, and those of the processor until it ended."""

    wall: float
    processor: float


Samples = dict[str, list[CommandTime]]


def measure_startup(folder: Path) -> list[str]:
    """Return the figures as lines of Markdown."""
    variables = {name: value for name, value in os.environ.items() if name not in NOT_PASSED}
    variables |= {"APP_ENV": "development", "DATABASE_URL": f"sqlite:///{folder}/startup.db"}
    found: Samples = defaultdict(list)
    with serving(variables) as (server, _):
        commands = {
            FLOOR: [sys.executable, "-c", IMPORTS],
            "just --version": just("--version"),
            SEED: just("seed"),
            SERVER: just("seed", "--url", server),
            **{f"{recipe} --help": just(recipe, "--help") for recipe in list_recipes()},
            **{f"{name} --help": [UV, "run", name, "--help"] for name in PEERS},
        }
        for _ in range(1 + ROUNDS):
            for name, command in commands.items():
                found[name].append(taken_by(partial(call, command, variables)))
            found[SERVE].append(start_a_server(variables))
    return report({name: each[1:] for name, each in found.items()})


def just(*options: str) -> list[str]:
    return [UV, "run", "just", *options]


def list_recipes() -> list[str]:
    done = subprocess.run(just("--summary"), cwd=HERE, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    return done.stdout.split()


def call(command: list[str], variables: dict[str, str]) -> None:
    subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=HERE,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        timeout=SECONDS,
        check=True,
    )


def taken_by(function: Callable[[], None]) -> CommandTime:
    before, began = processor_of_children(), time.perf_counter()
    function()
    return CommandTime(time.perf_counter() - began, processor_of_children() - before)


def start_a_server(variables: dict[str, str]) -> CommandTime:
    before = processor_of_children()
    with serving(variables) as (_, seconds):
        pass
    return CommandTime(seconds, processor_of_children() - before)


def processor_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def serving(variables: dict[str, str]) -> Iterator[tuple[str, float]]:
    """Start a server; yield its URL, and the seconds until its first response."""
    url = f"http://127.0.0.1:{(port := find_free_port())}"
    command = just("serve", "--port", str(port))
    began = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=HERE, env=variables, **quiet) as process:  # type: ignore[call-overload]  # noqa: S603 - our own command
        try:
            wait_for_response(url)
            yield url, time.perf_counter() - began
        finally:
            process.terminate()


def wait_for_response(url: str) -> None:
    until = time.monotonic() + SECONDS
    with httpx.Client(base_url=url, trust_env=False, timeout=SECONDS) as client:
        while True:
            try:
                client.get("/api/auth/ok").raise_for_status()
            except httpx.ConnectError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.005)
            else:
                return


def report(found: Samples) -> list[str]:
    floor = median(found[FLOOR])
    helps = sorted(
        (name for name in found if name.endswith(" --help")),
        key=lambda name: median(found[name]).processor,
    )
    aims = AIMS | {name: HELP_AIM for name in helps if not name.startswith(PEERS)}
    lines = [
        "## Start of commands",
        "",
        f"The floor is an interpreter that only runs `{IMPORTS}`.",
        f"Medians of {ROUNDS}. All commands took turns, as `uv run just …` with cached bytecode.",
        "Other load on the machine changes the time of the processor least.",
        f"{' and '.join(f'`{name}`' for name in PEERS)} are commands of the libraries, to compare.",
        "",
        "| | time | ratio | processor | ratio | aim |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in (FLOOR, "just --version", SEED, SERVER, SERVE, *helps):
        wall, processor = median(found[name])
        cells = [f"`{name}`" if name != FLOOR else name]
        cells += [f"{wall:.2f} s", f"{wall / floor.wall:.2f}"]
        cells += [f"{processor:.2f} s", f"{processor / floor.processor:.2f}"]
        lines.append(f"| {' | '.join(cells)} | {aims.get(name, '')} |")
    return lines


def median(samples: list[CommandTime]) -> CommandTime:
    return CommandTime(*map(statistics.median, zip(*samples, strict=True)))
