"""The server's responses match the OpenAPI document; `just fuzz` checks this for longer."""

import re
import subprocess
from pathlib import Path

import pytest

from fuzz import fuzz
from journeys.commands import on_postgresql

SEED, CASES = 1, 1
PHASES = ("examples", "coverage")


# PostgreSQL rejects more values than SQLite does.
@on_postgresql
@pytest.mark.timeout(900)  # hundreds of requests
def test_no_response_breaks_the_document(database_url: str, tmp_path: Path) -> None:
    """No 5xx, no status, header or body that is not documented, nothing invalid that passes."""
    log = tmp_path / "server.log"
    done = fuzz(
        database_url, log, CASES, SEED, phases=PHASES, is_short=True, output=subprocess.PIPE
    )
    assert done.returncode == 0, done.stdout
    # Calls that were all refused would prove nothing.
    assert "\nNever accepted: none\n" in done.stdout
    responses = done.stdout.partition("\nResponses: ")[2]
    statuses = set(re.findall(r" x (\d+)", responses))
    assert statuses >= {"200", "201", "400", "401", "403", "404", "409", "422"}
