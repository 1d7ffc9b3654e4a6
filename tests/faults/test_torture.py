"""What `just torture` does; `tests/journeys/test_help.py` calls the recipe."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from databases import database
from killing_runs import console, repeat
from kills import killing
from seed_kills import SeedKills
from torture import main

OPTIONS = ("--kills=2", "--random-seed=7", "--database=sqlite")


@pytest.mark.parametrize(
    ("option", "call"), [("--reset=delete", "delete"), ("--restore", "restore")]
)
def test_it_counts_what_it_found(
    capsys: pytest.CaptureFixture[str], option: str, call: str
) -> None:
    """It names the random seed that repeats the run, and counts the kills and what they left."""
    assert main.main([*OPTIONS, option], standalone_mode=False) == 0
    printed, errors = capsys.readouterr()
    assert errors == ""
    assert "--random-seed 7" in printed
    assert any(line.split()[:3] == ["sqlite", call, "2"] for line in printed.splitlines())


def test_it_kills_once_however_short_the_time_is(tmp_path: Path) -> None:
    """A run without a kill would count nothing."""
    with (
        database("sqlite", tmp_path) as url,
        killing(SeedKills(url, "delete", "1", tmp_path / "server.log")) as killer,
        console.status("") as status,
    ):
        repeat(killer, 3, 0, status, "sqlite, delete")
    assert killer.count == 1


@pytest.mark.parametrize("option", ["--kills=0", "--kills=-1", "--minutes=0"])
def test_no_kills_are_refused(option: str) -> None:
    """A run of no kills would be taken for a proof."""
    result = CliRunner().invoke(main, [option])
    assert result.exit_code == 2
    assert "it must be" in result.output
    assert "at least 1" in result.output


def test_a_reset_mode_of_a_restore_is_refused() -> None:
    """A restore has none, so the run would prove nothing about it."""
    result = CliRunner().invoke(main, ["--restore", "--reset=drop"])
    assert result.exit_code == 2
    assert "leave it out with --restore" in result.output
