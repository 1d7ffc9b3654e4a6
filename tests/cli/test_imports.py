"""A command that prints its help, or calls a running server, does not load the application."""

import subprocess
import sys

LIGHT = (
    "agent_tools",
    "changes",
    "clinic",
    "clock",
    "mcp",
    "migrate",
    "restore",
    "seed",
    "serve",
    "sign_in_as",
    "snapshot",
    "stamp",
)
HEAVY = ("alembic", "litestar", "sqlalchemy", "sqlmodel")


def test_commands_that_call_a_server_load_no_application() -> None:
    imports = "; ".join(f"import app.cli.{name}" for name in LIGHT)
    code = f"{imports}; import sys; print([each for each in {HEAVY} if each in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert found.stdout.strip() == "[]"
