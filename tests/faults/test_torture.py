"""`just torture`, as a developer calls it."""

import pytest
from click.testing import CliRunner

from journeys.commands import environment, find_just, run
from torture import main

OPTIONS = ("--random-seed=7", "--database=sqlite", "--reset=delete")


def assert_counted(output: str, kills: str) -> None:
    assert "--random-seed 7" in output
    assert any(line.split()[:3] == ["sqlite", "delete", kills] for line in output.splitlines())


def test_it_counts_what_it_found() -> None:
    """It names the random seed that repeats the run, and counts the kills and what they left."""
    done = run(find_just(), "torture", "--kills=2", *OPTIONS, variables=environment(""))
    assert (done.returncode, done.stderr) == (0, "")
    assert_counted(done.stdout, "2")


def test_it_kills_once_however_short_the_time_is() -> None:
    """A run of no time would count nothing."""
    result = CliRunner().invoke(main, ["--minutes=1e-9", *OPTIONS])
    assert result.exit_code == 0, result.output
    assert_counted(result.stdout, "1")


@pytest.mark.parametrize("option", ["--kills=0", "--kills=-1", "--minutes=0"])
def test_no_kills_are_refused(option: str) -> None:
    """A run of no kills would be taken for a proof."""
    result = CliRunner().invoke(main, [option])
    assert result.exit_code == 2
    assert "is not in the range" in result.output
