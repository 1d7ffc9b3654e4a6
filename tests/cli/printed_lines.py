"""A command that prints lines on both streams, writes a file, and exits with a given code."""

import sys
from pathlib import Path

import click

from app.cli.streams import run

# All lines are more than a pipe holds, so that a reader who has gone is noticed.
PADDING = "x" * 10_000


@click.command()
@click.argument("file")
@click.argument("lines", type=int)
@click.argument("code", type=int)
def main(file: str, lines: int, code: int) -> None:
    for number in range(lines):
        sys.stdout.write(f"line {number} {PADDING}\n")
        sys.stdout.flush()
        sys.stderr.write(f"error {number} {PADDING}\n")
    Path(file).write_text("done")
    sys.exit(code)


if __name__ == "__main__":
    run(main, "cli.printed_lines")
