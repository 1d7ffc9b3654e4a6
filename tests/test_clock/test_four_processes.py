"""Four server processes on one database have the same time as soon as the clock is set."""

from pathlib import Path
from typing import Any

import httpx

from conftest import NewDatabase
from restores.processes import four_clients

CLOCK = "/api/db/clock"
FEW = {"users": 1, "organizations": 1, "patients": 0, "appointmentWeeks": 0}


def states(clients: list[httpx.Client]) -> list[Any]:
    return [client.get(CLOCK).raise_for_status().json() for client in clients]


def test_all_have_the_time_that_any_of_them_set(new_database: NewDatabase, tmp_path: Path) -> None:
    """Each has read another time before. The pages have it too."""
    with four_clients(new_database.migrated(), None, tmp_path / "server.log") as clients:
        clients[0].post("/api/db/seed", json=FEW).raise_for_status()
        for day, client in enumerate(clients, start=1):
            moment = f"2031-02-0{day}T23:30:00.000Z"
            client.put(CLOCK, json={"now": moment}).raise_for_status()
            assert {(each["now"], each["isFrozen"]) for each in states(clients)} == {(moment, True)}
            for each in clients:
                assert f'data-now="{moment}"' in each.get("/people").text
            running = {"now": moment, "isFrozen": False}
            client.put(CLOCK, json=running).raise_for_status()
            found = states(clients)
            assert {each["isFrozen"] for each in found} == {False}
            times = [each["now"] for each in found]
            assert moment <= times[0] <= times[1] <= times[2] <= times[3] < f"2031-02-0{day + 1}"
            client.delete(CLOCK).raise_for_status()
            assert {each["offsetSeconds"] for each in states(clients)} == {0}
