"""`just torture`, as a developer calls it."""

import pytest
from click.testing import CliRunner

from journeys.commands import environment, find_just, run
from torture import main


def test_it_counts_what_it_found() -> None:
    """It names the random seed that repeats it, and what stood after one kill, time or no time."""
    options = ("--minutes=1e-9", "--random-seed=7", "--database=sqlite", "--reset=delete")
    done = run(find_just(), "torture", *options, variables=environment(""))
    assert (done.returncode, done.stderr) == (0, "")
    assert "--random-seed 7" in done.stdout
    assert any(line.split()[:3] == ["sqlite", "delete", "1"] for line in done.stdout.splitlines())


@pytest.mark.parametrize("option", ["--kills=0", "--kills=-1", "--minutes=0"])
def test_no_kills_are_refused(option: str) -> None:
    """Whoever asks for none would take it for a proof."""
    result = CliRunner().invoke(main, [option])
    assert result.exit_code == 2
    assert "is not in the range" in result.output
