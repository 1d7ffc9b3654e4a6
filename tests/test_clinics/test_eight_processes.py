"""Several server processes add, use and remove clinics at the same time.

`just bench-clinics` does this for 200 rounds.
"""

from pathlib import Path

import pytest

from clinic_rounds import PROCESSES as EIGHT
from clinic_rounds import run_rounds
from conftest import NewDatabase
from restores.raw_rows import difference, dump

ROUNDS = 1

pytestmark = pytest.mark.slow


# SQLite has one writer at a time, with any number of processes.
@pytest.mark.parametrize(
    ("new_database", "processes"),
    [("sqlite", 3), ("postgresql", EIGHT)],
    indirect=["new_database"],
)
async def test_no_other_row_changes_and_nothing_is_left(
    new_database: NewDatabase, processes: int, tmp_path: Path
) -> None:
    url = new_database.seeded(users=3, organizations=2, patients=3)
    before = dump(url)
    log = tmp_path / "server.log"
    figures = run_rounds(url, log, ROUNDS, processes)
    assert len(figures.added) == len(figures.removed) == ROUNDS * processes
    assert difference(before, dump(url)) == {}
    assert " error " not in log.read_text()
