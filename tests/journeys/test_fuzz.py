"""The server's responses match the OpenAPI document; `just fuzz` checks this for longer."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from fuzz import fuzz

SEED, CASES = 1, 1


@pytest.mark.parametrize(
    ("new_database", "phases"),
    [
        # Each field is gone through before any database is asked.
        ("sqlite", ("examples", "coverage")),
        ("postgresql", ("examples", "fuzzing")),
    ],
    indirect=["new_database"],
)
@pytest.mark.timeout(900)  # thousands of requests
def test_no_response_breaks_the_document(
    database_url: str, tmp_path: Path, phases: Sequence[str]
) -> None:
    """No 5xx, no status, header or body that is not documented, nothing invalid that passes."""
    log = tmp_path / "server.log"
    done = fuzz(database_url, log, CASES, SEED, phases=phases, output=subprocess.PIPE)
    assert done.returncode == 0, done.stdout
    # Calls that were all refused would prove nothing.
    assert "\nNever accepted: none\n" in done.stdout
    responses = done.stdout.partition("\nResponses: ")[2]
    assert set(re.findall(r" x (\d+)", responses)) >= {"200", "201", "400", "401", "403", "422"}
