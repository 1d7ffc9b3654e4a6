"""What the server answers is what the OpenAPI document promises; `just fuzz` asks for longer."""

import re
import subprocess
from pathlib import Path

from fuzz import fuzz

CASES = 4
SEED = 1


def test_no_answer_breaks_the_document(database_url: str, tmp_path: Path) -> None:
    """No 5xx, no status, header or body that is not documented, nothing invalid that passes."""
    done = fuzz(database_url, tmp_path / "server.log", CASES, SEED, subprocess.PIPE)
    assert done.returncode == 0, done.stdout
    # Calls that were all refused would prove nothing.
    assert "\nNever accepted: none\n" in done.stdout
    answers = done.stdout.partition("\nAnswers: ")[2]
    assert set(re.findall(r" x (\d+)", answers)) >= {"200", "201", "400", "401", "403", "422"}
