"""Kill servers on databases in turn, and print what each kill left."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from rich import box
from rich.status import Status
from rich.table import Table

from app.cli.terminal import make_console
from databases import database
from kills import Kills, Tally, Violation, killing
from restore_kills import RestoreKills
from seed_kills import SeedKills

EVIDENCE_LINES = 40
RESTORE = "restore"

Tallies = dict[tuple[str, str], Tally]
TABLE_STYLE: dict[str, Any] = {"title_justify": "left", "box": box.SIMPLE_HEAD}
console = make_console()


def kill_in_turns(
    pairs: Sequence[tuple[str, str]], kills: int, seconds: float, random_seed: int
) -> bool:
    """Kill servers on each database with each kind of call; return whether one broke the data.

    A kind is a reset mode or `RESTORE`. `seconds` limits the time of each pair.
    """
    tallies: Tallies = {}
    violations = []
    with tempfile.TemporaryDirectory(prefix="seedbed-") as folder, console.status("") as status:
        for name, kind in pairs:
            log = Path(folder) / f"{name}-{kind}.log"
            try:
                with (
                    database(name, Path(folder)) as url,
                    killing(kills_of(url, kind, f"{random_seed} {name} {kind}", log)) as killer,
                ):
                    tallies |= {(name, each): tally for each, tally in killer.tallies.items()}
                    repeat(killer, kills, seconds, status, f"{name}, {kind}")
            except Violation as violation:
                violations.append(f"{name}, {kind}: {violation}\n{last_lines(log)}")
    report(tallies)
    for text in violations:
        console.print(text, style="red", markup=False)
    return bool(violations)


def kills_of(database_url: str, kind: str, random_seed: str, log: Path) -> Kills[Any]:
    if kind == RESTORE:
        return RestoreKills(database_url, random_seed, log)
    return SeedKills(database_url, kind, random_seed, log)


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
