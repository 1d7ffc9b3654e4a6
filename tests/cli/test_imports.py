"""A command loads what it needs, and no more: each module takes time in every run."""

import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PROGRAM = re.compile(r" python (?:-m (\S+)|(tools|benchmarks)/(\w+)\.py) ")
FOLDERS = [str(PROJECT / name) for name in ("tools", "tests", "benchmarks")]
HEAVY = ("alembic", "litestar", "pip_audit", "psycopg", "sqlalchemy", "sqlmodel")
SEED = """
from app.cli.seed import main
main(["--patients", "0"], standalone_mode=False)
"""
SERVE = """
from app.cli.serve import application
application()
"""
PAGES = r"jinja2|app\.console(?!\.on_demand\b)\.\w+"
SCENARIO = r"app\.seed\.scenarios\.(busy_day|conflict_week|extreme_text|look_alikes)"
IDENTITY_AND_CLINIC = r"app\.(auth|clinic)(\.\w+)*\.(controllers?|router)"


def modules_after(code: str, folder: Path) -> set[str]:
    """Return the modules of a process that runs this code with its own database."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('MODULES', *sys.modules)"],
        env=os.environ | {"APP_ENV": "test", "DATABASE_URL": f"sqlite:///{folder}/modules.db"},
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return set(done.stdout.rpartition("MODULES ")[2].split())


def loaded_of(pattern: str, modules: set[str]) -> list[str]:
    return sorted(module for module in modules if re.match(rf"({pattern})(\.|$)", module))


def test_a_seed_loads_only_the_routes_that_it_calls(tmp_path: Path) -> None:
    """The same for all commands that serve from their process, except `just mcp`."""
    modules = modules_after(SEED, tmp_path)
    assert {"app.seed.controller", "app.seed.run", "alembic"} <= modules
    assert not loaded_of(rf"app\.main|{PAGES}|{IDENTITY_AND_CLINIC}|{SCENARIO}", modules)


def test_a_server_loads_no_page_and_no_migration_to_start(tmp_path: Path) -> None:
    modules = modules_after(SERVE, tmp_path)
    assert loaded_of(IDENTITY_AND_CLINIC, modules)
    assert not loaded_of(rf"alembic|httpx|{PAGES}|{SCENARIO}", modules)


def test_commands_load_no_application_for_their_help() -> None:
    """Nor do those that call a running server."""
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
