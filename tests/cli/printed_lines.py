"""A command that prints lines on both streams, writes a file, and exits with a given code."""

import sys
from pathlib import Path

file, lines, code = sys.argv[1:]
for number in range(int(lines)):
    sys.stdout.write(f"line {number}\n")
    sys.stdout.flush()
    sys.stderr.write(f"error {number}\n")
Path(file).write_text("done")
sys.exit(int(code))
