"""`just torture`: kill servers during a seed, hundreds of times, and check the data."""

import tempfile
from pathlib import Path
from random import SystemRandom
from time import monotonic
from typing import Any

import click
from rich import box
from rich.status import Status
from rich.table import Table

from app.cli.options import OneOf, command, number
from app.cli.streams import run
from app.cli.terminal import FAILED, make_console
from databases import DATABASES, database, some_databases
from kills import Kills, Tally, Violation, killing

MODES = ("delete", "drop")
KILLS = 100
MINUTES = 10
SEEDS = 1_000_000
EVIDENCE_LINES = 40

Tallies = dict[tuple[str, str], Tally]
TABLE_STYLE: dict[str, Any] = {"title_justify": "left", "box": box.SIMPLE_HEAD}
console = make_console()


@command()
@number("--kills", 1, None, "Kills for each database and reset mode.", KILLS)
@number("--minutes", 1, None, "Time limit of the run, with one kill each at least.", MINUTES)
@number("--random-seed", 0, None, "Repeat the kills of an earlier run.", "random")
@some_databases
@click.option(
    "--reset",
    "modes",
    type=OneOf(MODES),
    multiple=True,
    help="Can be given twice.  [default: both]",
)
def main(
    kills: int | None,
    minutes: int | None,
    random_seed: int | None,
    names: tuple[str, ...],
    modes: tuple[str, ...],
) -> int:
    """Kill servers during a seed, and check that the database has the old or the new data.

    The exit code is 1 if it ever has anything else.

    \b
    Examples:
      uv run just torture
      uv run just torture --kills 5 --database sqlite --reset drop
    """
    kills, minutes = kills or KILLS, minutes or MINUTES
    seed = SystemRandom().randrange(SEEDS) if random_seed is None else random_seed
    console.print(f"--random-seed {seed}")
    pairs = [(name, mode) for name in names or DATABASES for mode in modes or MODES]
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
    return FAILED if violations else 0


def repeat(kills: Kills, count: int, seconds: float, status: Status, name: str) -> None:
    """Kill `count` times, or until the time is over, but at least once."""
    until = monotonic() + seconds
    while kills.tally.kills < (count if monotonic() < until else 1):
        status.update(f"{name}: {kills.tally.kills} of {count} kills")
        kills.kill_once()


def report(tallies: Tallies) -> None:
    found = Table("database", "reset", title="Data after a kill", **TABLE_STYLE)
    for column in ("kills", "old data", "new data", "reported", "next seed 201", "at once"):
        found.add_column(column, justify="right")
    for (name, mode), tally in tallies.items():
        numbers = (tally.kills, tally.old, tally.new, tally.reported)
        found.add_row(name, mode, *map(str, (*numbers, tally.next_201, tally.next_unread)))
    console.print(found)
    spread = Table("step", title="The step that the stream named last", **TABLE_STYLE)
    for name, mode in tallies:
        spread.add_column(f"{name}, {mode}", justify="right")
    for step in dict.fromkeys(step for tally in tallies.values() for step in tally.steps):
        spread.add_row(step, *(str(tally.steps[step]) for tally in tallies.values()))
    console.print(spread)


def last_lines(log: Path) -> str:
    """Return the last lines of the log."""
    return "\n".join(log.read_text().splitlines()[-EVIDENCE_LINES:])


if __name__ == "__main__":
    run(main, "just torture")
