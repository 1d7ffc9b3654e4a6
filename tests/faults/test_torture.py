"""`just torture`, as a developer calls it."""

import pytest
from click.testing import CliRunner

from journeys.commands import environment, find_just, run
from torture import main


@pytest.mark.parametrize(("option", "kills"), [("--kills=2", "2"), ("--minutes=1e-9", "1")])
def test_it_counts_what_it_found(option: str, kills: str) -> None:
    """It names the random seed that repeats it, and what stood after each kill, of which one is."""
    options = (option, "--random-seed=7", "--database=sqlite", "--reset=delete")
    done = run(find_just(), "torture", *options, variables=environment(""))
    assert (done.returncode, done.stderr) == (0, "")
    assert "--random-seed 7" in done.stdout
    assert any(line.split()[:3] == ["sqlite", "delete", kills] for line in done.stdout.splitlines())


@pytest.mark.parametrize("option", ["--kills=0", "--kills=-1", "--minutes=0"])
def test_no_kills_are_refused(option: str) -> None:
    """Whoever asks for none would take it for a proof."""
    result = CliRunner().invoke(main, [option])
    assert result.exit_code == 2
    assert "is not in the range" in result.output
