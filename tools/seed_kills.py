"""Kill servers during a seed: afterwards the data is the old set or the new one."""

import json
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx

from app.database.own_tables import UNCOUNTED
from killed_call import AFTER, BEFORE, JSON_LINES, NOT_STREAMED, Plan, Seen
from kills import Call, Kills, Violation, wait_for_other_transactions
from server_processes import ServerProcess
from snapshots import content

# Different users, patients and counts, so that `deleted` says which set was replaced.
SETS: tuple[dict[str, Any], ...] = (
    {"users": 10, "patients": 40, "randomSeed": 1, "asOf": "2026-01-01"},
    {"users": 12, "patients": 60, "randomSeed": 2, "asOf": "2026-07-01"},
)

Content = tuple[Any, dict[str, list[str]]]


class SeedKills(Kills[Call]):
    """The kind of a call is its reset mode."""

    def __init__(self, database_url: str, mode: str, random_seed: str, log: Path) -> None:
        super().__init__(database_url, [mode], random_seed, log)
        self._mode = mode
        self._sets: list[Content] = []
        self._durations: dict[str | None, float] = {}
        self._current = 0

    def prepare(self) -> None:
        """Record the content of both sets and the duration of each step."""
        self.start_server()
        server = self.servers[0]
        for quantities in SETS:
            self._seed(server, quantities).raise_for_status()
            self._sets.append(content(self.url))
        self.start_server()
        began = perf_counter()
        request = self._request(server, SETS[0])
        with self.client.stream(**request, headers=JSON_LINES) as response:
            *_, finished = map(json.loads, response.iter_lines())
        self._durations[None] = perf_counter() - began
        for step, milliseconds in finished["summary"]["durationMs"]["steps"].items():
            self._durations[step] = milliseconds / 1000
        self.steps = [step for step in self._durations if step]
        steps = (BEFORE, *self.steps, AFTER, NOT_STREAMED)
        self.tallies[self._mode].steps.update(dict.fromkeys(steps, 0))

    def next_call(self, victim: ServerProcess) -> Call:
        self.client.get(f"{victim.base_url}/api/db").raise_for_status()  # it has started
        request = self._request(victim, SETS[1 - self._current])
        return Call(self._mode, request, self._durations)

    def check(self, call: Call, plan: Plan, seen: Seen) -> None:
        tally = self.tallies[call.kind]
        read = self._read() if plan.read_first else None
        next_set = self.random.randrange(len(SETS))
        response = self._seed(self.servers[0], SETS[next_set])
        if response.status_code != 201:  # noqa: PLR2004 - created
            raise Violation(f"The next seed returned {response.status_code}: {response.text}")
        tally.next_done += 1
        found = self._find_deleted(response.json()["deleted"])
        if read not in {None, found}:
            raise Violation(f"Set {read} was read, but set {found} was deleted after it.")
        if seen.reported and found == self._current:
            raise Violation("The response reported the new set, but the database had the old one.")
        step = seen.last_step if plan.stream else NOT_STREAMED
        tally.count(seen, step, found_new=found != self._current, read_first=plan.read_first)
        if self._read() != next_set:
            raise Violation("The next seed did not replace the set.")
        self._current = next_set

    def _request(self, server: ServerProcess, quantities: dict[str, Any]) -> dict[str, Any]:
        url = f"{server.base_url}/api/db/seed"
        return {"method": "POST", "url": url, "params": {"reset": self._mode}, "json": quantities}

    def _seed(self, server: ServerProcess, quantities: dict[str, Any]) -> httpx.Response:
        return self.client.request(**self._request(server, quantities))

    def _read(self) -> int:
        """Return the number of the current set, read independently of the application."""
        wait_for_other_transactions(self.url)
        found = content(self.url)
        if found not in self._sets:
            raise Violation(
                f"The data is no complete set: {difference(self._sets[self._current], found)}"
            )
        return self._sets.index(found)

    def _find_deleted(self, deleted: dict[str, int]) -> int:
        for index, (_, tables) in enumerate(self._sets):
            counts = {name: len(rows) for name, rows in tables.items() if name not in UNCOUNTED}
            # Tables that a reset neither deletes nor counts have one row each.
            if deleted == {name: n for name, n in counts.items() if name in deleted or n > 1}:
                return index
        raise Violation(f"The next seed found no complete set: {deleted}")


def difference(expected: Content, found: Content) -> str:
    """Return a short description of how two contents differ."""
    if expected[0] != found[0]:
        return f"the schema is {found[0]!r}"
    parts = []
    for table in sorted(expected[1]):
        was, now = set(expected[1][table]), set(found[1][table])
        if was != now:
            parts.append(
                f"{table}: {len(was - now)} of {len(was)} rows missing, {len(now - was)} unexpected"
            )
    return "; ".join(parts)
