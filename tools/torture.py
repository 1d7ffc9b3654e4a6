"""Kills servers in the middle of a reseed, hundreds of times, and counts what is found then."""

import sys
import tempfile
from pathlib import Path
from random import SystemRandom
from time import monotonic
from typing import Any

import click
from rich import box
from rich.status import Status
from rich.table import Table

from app.cli.display import make_console
from app.cli.streams import run
from databases import DATABASES, database
from kills import Kills, Tally, Violation, killing

MODES = ("delete", "drop")
SEEDS = 1_000_000
EVIDENCE_LINES = 40

Tallies = dict[tuple[str, str], Tally]
LOOKS: dict[str, Any] = {"title_justify": "left", "box": box.SIMPLE_HEAD}
console = make_console()


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--kills",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="Of each database and reset.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(0, min_open=True),
    default=10.0,
    show_default=True,
    help="For all of it, at most, but for one kill each.",
)
@click.option("--random-seed", type=int, help="Plan the kills of an earlier run.")
@click.option("--database", "databases", type=click.Choice(DATABASES), multiple=True)
@click.option("--reset", "modes", type=click.Choice(MODES), multiple=True)
def main(
    kills: int,
    minutes: float,
    random_seed: int | None,
    databases: tuple[str, ...],
    modes: tuple[str, ...],
) -> None:
    """Kill servers in the middle of a reseed: the old set must stand then, or the new one."""
    seed = SystemRandom().randrange(SEEDS) if random_seed is None else random_seed
    console.print(f"--random-seed {seed}")
    pairs = [(name, mode) for name in databases or DATABASES for mode in modes or MODES]
    tallies: Tallies = {}
    violations = []
    with tempfile.TemporaryDirectory(prefix="seedbed-") as folder, console.status("") as status:
        seconds = minutes * 60 / len(pairs)
        for name, mode in pairs:
            log = Path(folder) / f"{name}-{mode}.log"
            try:
                with (
                    database(name, Path(folder)) as url,
                    killing(url, mode, f"{seed} {name} {mode}", log) as killer,
                ):
                    tallies[name, mode] = killer.tally
                    repeat(killer, kills, seconds, status, f"{name}, {mode}")
            except Violation as violation:
                violations.append(f"{name}, {mode}: {violation}\n{last_lines(log)}")
    report(tallies)
    for text in violations:
        console.print(text, style="red", markup=False)
    sys.exit(bool(violations))


def repeat(kills: Kills, count: int, seconds: float, status: Status, name: str) -> None:
    """Kill so many times, or for so long, whichever is first, and once at least."""
    until = monotonic() + seconds
    while kills.tally.kills < (count if monotonic() < until else 1):
        status.update(f"{name}: {kills.tally.kills} of {count} kills")
        kills.kill_once()


def report(tallies: Tallies) -> None:
    found = Table("database", "reset", title="What stood after a kill", **LOOKS)
    for column in ("kills", "old set", "new set", "of these answered", "next call 201", "at once"):
        found.add_column(column, justify="right")
    for (name, mode), tally in tallies.items():
        numbers = (tally.kills, tally.old, tally.new, tally.answered)
        found.add_row(name, mode, *map(str, (*numbers, tally.next_201, tally.next_unread)))
    console.print(found)
    spread = Table("step", title="The step that the stream named last", **LOOKS)
    for name, mode in tallies:
        spread.add_column(f"{name}, {mode}", justify="right")
    for step in dict.fromkeys(step for tally in tallies.values() for step in tally.steps):
        spread.add_row(step, *(str(tally.steps[step]) for tally in tallies.values()))
    console.print(spread)


def last_lines(log: Path) -> str:
    """Give what the servers said last."""
    return "\n".join(log.read_text().splitlines()[-EVIDENCE_LINES:])


if __name__ == "__main__":
    run(lambda: main(prog_name="just torture"), "just torture")
