"""`just bench`: measure what people wait for, each beside something of the same run."""

import os
import platform
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from app.cli.options import OneOf, command, number
from app.cli.streams import run
from app.seed.constants import MAX_PATIENTS
from databases import DATABASES, some_databases

RESULTS = Path(__file__).with_name("results.md")
PATIENTS = 100_000
ROUNDS = 5
RESTORE_ROUNDS = 100
PARTS = ("startup", "reseed", "reads", "clinics", "seeds")


@command()
@click.option("--part", "parts", type=OneOf(PARTS), multiple=True, help="Print only this part.")
@number("--patients", 1, MAX_PATIENTS, "Patients of each large seed.", PATIENTS)
@number(
    *("--rounds", 1, None, "Large seeds per reset mode, or restores after each number of changes."),
    f"{ROUNDS}, or {RESTORE_ROUNDS} with --restore",
)
@some_databases
@click.option("--growth", is_flag=True, help="Also measure up to 1,000,000 patients.")
@click.option("--restore", is_flag=True, help="Measure snapshots and restores instead.")
def main(
    parts: tuple[str, ...],
    patients: int | None,
    rounds: int | None,
    names: tuple[str, ...],
    *,
    growth: bool,
    restore: bool,
) -> None:
    """Measure commands, seeds and reads, and write benchmarks/results.md.

    Compares the start of commands with that of an interpreter, a default seed with the hashing of
    its passwords, reads and pages of the console with a short request, and a large seed with the
    least time that its database needs for the same rows. Reads of a million patients in a thousand
    clinics are compared with those of the default set. Takes three quarters of an hour.

    With --part, prints one part: clinics takes a quarter of an hour, startup and reads take five
    minutes each, reseed one.

    With --restore, measures restores, snapshots, what recording changes costs, and other ways to
    get back to a data set, and writes benchmarks/restores.md. Takes as long.

    \b
    Examples:
      uv run just bench
      uv run just bench --part reads --database sqlite
      uv run just bench --patients 10000 --rounds 1 --part seeds
      uv run just bench --restore
    """
    if restore and (growth or parts):
        raise click.UsageError("Use one of --growth, --part and --restore.")
    databases = names or DATABASES
    with tempfile.TemporaryDirectory(prefix="seedbed-") as folder:
        if restore:
            from restore_report import bench_restores  # noqa: PLC0415 - not for `--help`

            bench_restores(databases, patients or PATIENTS, rounds or RESTORE_ROUNDS, Path(folder))
            return
        lines = [f"{os.cpu_count()} cores, Python {platform.python_version()}."]
        sections = sections_of(
            databases, patients or PATIENTS, rounds or ROUNDS, Path(folder), growth=growth
        )
        for part in parts or PARTS:
            lines += ["", *sections[part]()]
    if not parts:
        title = ("# What people wait for", "", "Written by `just bench`: one run on ")
        lines[0] = f"{title[2]}{lines[0]}"
        RESULTS.write_text("\n".join([*title[:2], *lines]) + "\n")
    click.echo("\n".join(lines))


def sections_of(
    names: Sequence[str], patients: int, rounds: int, folder: Path, *, growth: bool
) -> dict[str, Callable[[], list[str]]]:
    """Return the functions that measure each part, and return lines of Markdown."""
    # Not for `--help`.
    from clinics import measure_clinics  # noqa: PLC0415
    from generators import measure_generators  # noqa: PLC0415
    from large_seeds import measure_large_seeds  # noqa: PLC0415
    from reads import measure_reads  # noqa: PLC0415
    from reseed import measure_reseeds  # noqa: PLC0415
    from startup import measure_startup  # noqa: PLC0415

    return {
        "startup": lambda: measure_startup(folder),
        "reseed": lambda: measure_reseeds(names, folder),
        "reads": lambda: measure_reads(names, folder),
        "clinics": lambda: measure_clinics(names, folder),
        "seeds": lambda: [
            *measure_large_seeds(names, patients, rounds, folder, growth=growth),
            "",
            *measure_generators(),
        ],
    }


if __name__ == "__main__":
    run(main, "just bench")
