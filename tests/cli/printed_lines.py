"""A command that prints lines on both streams, writes a file, and exits with a given code."""

import sys
from pathlib import Path

# All lines are more than a pipe holds, so that a reader who has gone is noticed.
PADDING = "x" * 10_000

file, lines, code = sys.argv[1:]
for number in range(int(lines)):
    sys.stdout.write(f"line {number} {PADDING}\n")
    sys.stdout.flush()
    sys.stderr.write(f"error {number} {PADDING}\n")
Path(file).write_text("done")
sys.exit(int(code))
