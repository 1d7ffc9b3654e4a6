"""What the server answers is what the OpenAPI document promises; `just fuzz` asks for longer."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from fuzz import PHASES, fuzz

SEED = 1


@pytest.mark.parametrize(
    ("new_database", "cases", "phases"),
    [
        ("sqlite", 2, PHASES),
        # Each field is gone through before any database is asked.
        ("postgresql", 5, [phase for phase in PHASES if phase != "coverage"]),
    ],
    indirect=["new_database"],
)
def test_no_answer_breaks_the_document(
    database_url: str, tmp_path: Path, cases: int, phases: Sequence[str]
) -> None:
    """No 5xx, no status, header or body that is not documented, nothing invalid that passes."""
    log = tmp_path / "server.log"
    done = fuzz(database_url, log, cases, SEED, phases=phases, output=subprocess.PIPE)
    assert done.returncode == 0, done.stdout
    # Calls that were all refused would prove nothing.
    assert "\nNever accepted: none\n" in done.stdout
    answers = done.stdout.partition("\nAnswers: ")[2]
    assert set(re.findall(r" x (\d+)", answers)) >= {"200", "201", "400", "401", "403", "422"}
