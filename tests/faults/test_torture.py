"""`just torture`, as a developer calls it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from databases import database
from journeys.commands import environment, find_just, run
from kills import killing
from torture import console, main, repeat

OPTIONS = ("--random-seed=7", "--database=sqlite", "--reset=delete")


def assert_counted(output: str, kills: str) -> None:
    assert "--random-seed 7" in output
    assert any(line.split()[:3] == ["sqlite", "delete", kills] for line in output.splitlines())


def test_it_counts_what_it_found() -> None:
    """It names the random seed that repeats the run, and counts the kills and what they left."""
    done = run(find_just(), "torture", "--kills=2", *OPTIONS, variables=environment(""))
    assert (done.returncode, done.stderr) == (0, "")
    assert_counted(done.stdout, "2")


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
