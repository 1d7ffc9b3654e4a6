"""`just torture`: kill servers during a seed or restore, hundreds of times, and check the data."""

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
from restore_kills import RestoreKills
from seed_kills import SeedKills

MODES = ("delete", "drop")
KILLS = 100
RESTORE_KILLS = 200
MINUTES = 10
SEEDS = 1_000_000
EVIDENCE_LINES = 40

Tallies = dict[tuple[str, str], Tally]
TABLE_STYLE: dict[str, Any] = {"title_justify": "left", "box": box.SIMPLE_HEAD}
console = make_console()


@command()
@number(
    "--kills",
    1,
    None,
    "Kills for each database and reset mode, or of restores for each database.",
    f"{KILLS}, with --restore {RESTORE_KILLS}",
)
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
@click.option(
    "--restore",
    is_flag=True,
    help="Kill servers during restores of snapshots instead, and sometimes while they take or "
    "delete one.",
)
def main(
    kills: int | None,
    minutes: int | None,
    random_seed: int | None,
    names: tuple[str, ...],
    modes: tuple[str, ...],
    restore: bool,
) -> int:
    """Kill servers during a seed, and check that the database has the old or the new data.

    With --restore, it must have the data from before the restore or that of the snapshot. The exit
    code is 1 if it ever has anything else.

    \b
    Examples:
      uv run just torture
      uv run just torture --kills 5 --database sqlite --reset drop
      uv run just torture --restore
    """
    if restore and modes:
        raise click.UsageError("--reset is about seeds; leave it out with --restore.")
    kills, minutes = kills or (RESTORE_KILLS if restore else KILLS), minutes or MINUTES
    seed = SystemRandom().randrange(SEEDS) if random_seed is None else random_seed
    console.print(f"--random-seed {seed}")
    kinds = ("restore",) if restore else modes or MODES
    pairs = [(name, kind) for name in names or DATABASES for kind in kinds]
    tallies: Tallies = {}
    violations = []
    with tempfile.TemporaryDirectory(prefix="seedbed-") as folder, console.status("") as status:
        seconds = minutes * 60 / len(pairs)
        for name, kind in pairs:
            log = Path(folder) / f"{name}-{kind}.log"
            try:
                with (
                    database(name, Path(folder)) as url,
                    killing(kills_of(url, kind, f"{seed} {name} {kind}", log)) as killer,
                ):
                    tallies |= {(name, each): tally for each, tally in killer.tallies.items()}
                    repeat(killer, kills, seconds, status, f"{name}, {kind}")
            except Violation as violation:
                violations.append(f"{name}, {kind}: {violation}\n{last_lines(log)}")
    report(tallies)
    for text in violations:
        console.print(text, style="red", markup=False)
    return FAILED if violations else 0


def kills_of(database_url: str, kind: str, random_seed: str, log: Path) -> Kills[Any]:
    if kind in MODES:
        return SeedKills(database_url, kind, random_seed, log)
    return RestoreKills(database_url, random_seed, log)


def repeat(kills: Kills[Any], count: int, seconds: float, status: Status, name: str) -> None:
    """Kill `count` times, or until the time is over, but at least once."""
    until = monotonic() + seconds
    while kills.count < (count if monotonic() < until else 1):
        status.update(f"{name}: {kills.count} of {count} kills")
        kills.kill_once()


def report(tallies: Tallies) -> None:
    found = Table("database", "call", title="Data after a kill", **TABLE_STYLE)
    columns = ("kills", "usual ms", "old", "new", "reported", "next done", "at once")
    for column in columns:
        found.add_column(column, justify="right")
    for (name, kind), tally in tallies.items():
        usual = sorted(round(seconds * 1000) for seconds in tally.seconds or [0])
        numbers = (tally.old, tally.new, tally.reported, tally.next_done, tally.next_unread)
        span = f"{usual[0]} to {usual[-1]}"
        found.add_row(name, kind, str(tally.kills), span, *map(str, numbers))
    console.print(found)
    spread = Table(
        "kill",
        title="The last step of the stream, or the part of the usual duration",
        **TABLE_STYLE,
    )
    for name, kind in tallies:
        spread.add_column(f"{name}, {kind}", justify="right")
    for step in dict.fromkeys(step for tally in tallies.values() for step in tally.steps):
        spread.add_row(step, *(str(tally.steps[step]) for tally in tallies.values()))
    console.print(spread)


def last_lines(log: Path) -> str:
    """Return the last lines of the log."""
    return "\n".join(log.read_text().splitlines()[-EVIDENCE_LINES:])


if __name__ == "__main__":
    run(main, "just torture")
