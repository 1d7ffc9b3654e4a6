"""What `just torture` does; `tests/journeys/test_help.py` calls the recipe."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from databases import database
from kills import killing
from torture import console, main, repeat

OPTIONS = ("--random-seed=7", "--database=sqlite", "--reset=delete")


def test_it_counts_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    """It names the random seed that repeats the run, and counts the kills and what they left."""
    main.main(["--kills=2", *OPTIONS], standalone_mode=False)
    printed, errors = capsys.readouterr()
    assert errors == ""
    assert "--random-seed 7" in printed
    assert any(line.split()[:3] == ["sqlite", "delete", "2"] for line in printed.splitlines())


def test_it_kills_once_however_short_the_time_is(tmp_path: Path) -> None:
    """A run without a kill would count nothing."""
    with (
        database("sqlite", tmp_path) as url,
        killing(url, "delete", "1", tmp_path / "server.log") as killer,
        console.status("") as status,
    ):
        repeat(killer, 3, 0, status, "sqlite, delete")
    assert killer.tally.kills == 1


@pytest.mark.parametrize("option", ["--kills=0", "--kills=-1", "--minutes=0"])
def test_no_kills_are_refused(option: str) -> None:
    """A run of no kills would be taken for a proof."""
    result = CliRunner().invoke(main, [option])
    assert result.exit_code == 2
    assert "it must be" in result.output
    assert "at least 1" in result.output
