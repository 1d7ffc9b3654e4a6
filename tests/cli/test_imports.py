"""A command that prints its help, or calls a running server, does not load the application."""

import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PROGRAM = re.compile(r" python (?:-m (\S+)|(tools|benchmarks)/(\w+)\.py) ")
FOLDERS = [str(PROJECT / name) for name in ("tools", "tests", "benchmarks")]
HEAVY = ("alembic", "litestar", "pip_audit", "psycopg", "sqlalchemy", "sqlmodel")


def test_commands_load_no_application_for_their_help() -> None:
    found = PROGRAM.findall((PROJECT / "justfile").read_text())
    modules = {module or name for module, _, name in found}
    assert {"app.cli.seed", "torture", "bench"} <= modules
    imports = "; ".join(f"import {name}" for name in sorted(modules))
    code = (
        f"import sys; sys.path[:0] = {FOLDERS}; {imports};"
        f" print([each for each in {HEAVY} if each in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
