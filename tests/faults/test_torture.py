"""`just torture`, as a developer calls it."""

from journeys.commands import environment, find_just, run


def test_it_counts_what_it_found() -> None:
    """It names the random seed that repeats it, and what stood after the kills."""
    options = ("--kills=2", "--random-seed=7", "--database=sqlite", "--reset=delete")
    done = run(find_just(), "torture", *options, variables=environment(""))
    assert (done.returncode, done.stderr) == (0, "")
    assert "--random-seed 7" in done.stdout
    assert any(line.split()[:3] == ["sqlite", "delete", "2"] for line in done.stdout.splitlines())
