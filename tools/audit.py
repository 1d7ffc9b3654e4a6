"""`just audit`: check the locked dependencies for known vulnerabilities."""

import os
import subprocess
import tempfile
import traceback
from pathlib import Path

from app.cli.options import command
from app.cli.streams import run

PROJECT = Path(__file__).parents[1]
FAILED = 4
SECONDS_PER_RESPONSE = 10


def export(requirements: Path) -> None:
    """Write the locked dependencies with their hashes."""
    command = [os.environ.get("UV", "uv"), "export", "--quiet", "--frozen", "--no-emit-workspace"]
    subprocess.run([*command, "--output-file", requirements], cwd=PROJECT, check=True)  # noqa: S603


@command()
def main() -> int:
    """Check the locked dependencies for known vulnerabilities.

    Needs network access to the advisory service.

    \b
    Exit codes:
      0  no dependency has a known vulnerability
      1  a dependency has a known vulnerability
      3  some dependencies could not be checked, and the others have no known vulnerability
      4  the audit itself failed

    \b
    Example:
      uv run just audit
    """
    try:
        # These take half a second to import, which `--help` does not need.
        from pip_audit._service import PyPIService  # noqa: PLC0415

        from advisories import audit  # noqa: PLC0415

        with tempfile.TemporaryDirectory() as folder:
            requirements = Path(folder) / "requirements.txt"
            export(requirements)
            return audit(requirements, PyPIService(timeout=SECONDS_PER_RESPONSE))
    except Exception:  # noqa: BLE001 - Python itself would exit with 1, which means "vulnerable"
        traceback.print_exc()
        return FAILED


if __name__ == "__main__":
    run(main, "just audit")
