"""Eight server processes add, use and remove clinics at the same time.

`just bench-clinics` does this for 200 rounds.
"""

from pathlib import Path

import pytest

from clinic_rounds import PROCESSES, run_rounds
from conftest import NewDatabase, open_app, seed
from restores.raw_rows import difference, dump

ROUNDS = 1

pytestmark = pytest.mark.slow


async def test_no_other_row_changes_and_nothing_is_left(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    url = new_database()
    async with open_app(url) as client:
        await seed(client, users=3, organizations=2, patients=3)
    before = dump(url)
    log = tmp_path / "server.log"
    figures = run_rounds(url, log, ROUNDS)
    assert len(figures.added) == len(figures.removed) == ROUNDS * PROCESSES
    assert difference(before, dump(url)) == {}
    assert " error " not in log.read_text()
