"""`just torture`: kill servers during a seed or restore, hundreds of times, and check the data."""

from random import SystemRandom

import click

from app.cli.options import OneOf, command, number
from app.cli.streams import run
from app.cli.terminal import FAILED
from databases import DATABASES, some_databases

MODES = ("delete", "drop")
KILLS = 100
RESTORE_KILLS = 200
MINUTES = 10
SEEDS = 1_000_000


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
    click.echo(f"--random-seed {seed}")
    kinds = ("restore",) if restore else modes or MODES
    pairs = [(name, kind) for name in names or DATABASES for kind in kinds]
    # The application and the databases, which `--help` does not need.
    from killing_runs import kill_in_turns  # noqa: PLC0415

    return FAILED if kill_in_turns(pairs, kills, minutes * 60 / len(pairs), seed) else 0


if __name__ == "__main__":
    run(main, "just torture")
