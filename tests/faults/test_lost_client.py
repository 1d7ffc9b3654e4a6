"""A client that disconnects, or stops sending, blocks nobody and leaves nothing half done."""

from faults.calls import (
    FEW,
    JSON_LINES,
    MANY,
    half_spoken,
    in_each_mode_and_database,
    in_each_way_and_database,
    receive_until,
    seed,
    seeded,
    someone_writes,
    wait_until,
    wait_until_free,
)
from journeys.commands import on_sqlite
from server_processes import ServerProcess
from snapshots import content


@in_each_way_and_database
def test_hanging_up_half_way_leaves_a_whole_set(
    server: ServerProcess, database_url: str, mode: str, accept: str
) -> None:
    """The run ends or is rolled back, soon, and the next call seeds."""
    sets = [seeded(server, database_url, body) for body in (MANY, FEW)]
    with half_spoken(server, mode, MANY, accept) as client:
        wait_until(lambda: someone_writes(database_url))
        if accept == JSON_LINES:
            receive_until(client, b'"running"')
    wait_until_free(server, mode)
    assert content(database_url) in sets
    assert seed(server, mode, FEW).status_code == 201


@in_each_mode_and_database
def test_a_stream_that_nobody_reads_ends(
    server: ServerProcess, database_url: str, mode: str
) -> None:
    """A client that stops reading, and stays, does not keep the lock: the run continues."""
    sets = [seeded(server, database_url, body) for body in (MANY, FEW)]
    with half_spoken(server, mode, MANY, JSON_LINES) as client:
        receive_until(client, b'"started"')
        wait_until_free(server, mode)
        assert content(database_url) == sets[0]
        assert seed(server, mode, FEW).status_code == 201


@on_sqlite
def test_half_a_body_locks_nothing(server: ServerProcess, database_url: str) -> None:
    """A client that stalls in the middle of its body is in nobody's way."""
    old = seeded(server, database_url, FEW)
    with half_spoken(server, "delete", MANY, JSON_LINES, sent=0.5):
        assert seed(server, "delete", FEW).status_code == 201
    assert content(database_url) == old
