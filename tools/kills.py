"""Kill servers during a seed, and check the data after each kill.

A random number generator plans the kills, so the same random seed repeats the plan. Which statement
a kill hits depends on the machine.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic, perf_counter, sleep
from typing import Any

import httpx
import psycopg

from app.database.own_tables import UNCOUNTED
from killed_call import AFTER, BEFORE, JSON_LINES, NOT_STREAMED, Plan, Seen, call_and_kill
from server_processes import SECONDS, ServerProcess
from snapshots import content

# Different users, patients and counts, so that `deleted` says which set was replaced.
SETS: tuple[dict[str, Any], ...] = (
    {"users": 10, "patients": 40, "randomSeed": 1, "asOf": "2026-01-01"},
    {"users": 12, "patients": 60, "randomSeed": 2, "asOf": "2026-07-01"},
)
OTHER_TRANSACTIONS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'"
)

Content = tuple[Any, dict[str, list[str]]]


class Violation(Exception):
    """A result that must never happen. The message has the evidence."""


@dataclass
class Tally:
    """The results of the kills of one database and reset mode."""

    kills: int = 0
    old: int = 0
    new: int = 0
    reported: int = 0
    next_201: int = 0
    next_unread: int = 0
    steps: Counter[str] = field(default_factory=Counter)

    def count(self, plan: Plan, seen: Seen, *, found_new: bool) -> None:
        self.new += found_new
        self.old += not found_new
        self.reported += seen.reported
        self.next_unread += not plan.read_first
        self.steps[seen.last_step if plan.stream else NOT_STREAMED] += 1


class Kills:
    """Two servers of one database: one is killed, the other one called, and a new one started."""

    def __init__(self, database_url: str, mode: str, random_seed: str, log: Path) -> None:
        self.tally = Tally()
        self._url = database_url
        self._mode = mode
        self._random = Random(random_seed)  # noqa: S311 - kills must be repeatable
        self._log = log
        self._client = httpx.Client(trust_env=False, timeout=SECONDS)
        self._servers: list[ServerProcess] = []
        self._sets: list[Content] = []
        self._steps: list[str] = []
        self._durations: dict[str | None, float] = {}
        self._current = 0

    def prepare(self) -> None:
        """Record the content of both sets and the duration of each step."""
        self._start_server()
        server = self._servers[0]
        for quantities in SETS:
            self._seed(server, quantities).raise_for_status()
            self._sets.append(content(self._url))
        self._start_server()
        began = perf_counter()
        request = self._request(server, SETS[0])
        with self._client.stream("POST", **request, headers=JSON_LINES) as response:
            *_, finished = map(json.loads, response.iter_lines())
        self._durations[None] = perf_counter() - began
        for step, milliseconds in finished["summary"]["durationMs"]["steps"].items():
            self._durations[step] = milliseconds / 1000
            self._steps.append(step)
        self.tally.steps.update(dict.fromkeys((BEFORE, *self._steps, AFTER, NOT_STREAMED), 0))

    def kill_once(self) -> None:
        """Kill a server, check the data, seed, and check again. Raise `Violation` on failure."""
        plan = Plan.draw(self._random, self._steps, len(SETS))
        victim = self._servers.pop(0)
        self._client.get(f"{victim.base_url}/api/db").raise_for_status()  # it has started
        request = self._request(victim, SETS[1 - self._current])
        self.tally.kills += 1
        seen = call_and_kill(self._client, victim, request, plan, self._durations)
        try:
            self._check_and_seed(plan, seen)
        except (Violation, httpx.TransportError) as violation:
            evidence = f"Kill {self.tally.kills} was {plan};\nthe client saw {seen}"
            raise Violation(f"{violation}\n{evidence}") from violation
        self._start_server()

    def close(self) -> None:
        for server in self._servers:
            server.kill()
        self._client.close()

    def _check_and_seed(self, plan: Plan, seen: Seen) -> None:
        if seen.refused:
            raise Violation("The request was refused.")
        read = self._read() if plan.read_first else None
        response = self._seed(self._servers[0], SETS[plan.next_set])
        if response.status_code != 201:  # noqa: PLR2004 - created
            raise Violation(f"The next seed returned {response.status_code}: {response.text}")
        self.tally.next_201 += 1
        found = self._find_deleted(response.json()["deleted"])
        if read not in {None, found}:
            raise Violation(f"Set {read} was read, but set {found} was deleted after it.")
        if seen.reported and found == self._current:
            raise Violation("The response reported the new set, but the database had the old one.")
        self.tally.count(plan, seen, found_new=found != self._current)
        if self._read() != plan.next_set:
            raise Violation("The next seed did not replace the set.")
        self._current = plan.next_set

    def _start_server(self) -> None:
        self._servers.append(ServerProcess(self._url, self._log))

    def _request(self, server: ServerProcess, quantities: dict[str, Any]) -> dict[str, Any]:
        url = f"{server.base_url}/api/db/seed"
        return {"url": url, "params": {"reset": self._mode}, "json": quantities}

    def _seed(self, server: ServerProcess, quantities: dict[str, Any]) -> httpx.Response:
        return self._client.post(**self._request(server, quantities))

    def _read(self) -> int:
        """Return the number of the current set, read independently of the application."""
        wait_for_other_transactions(self._url)
        found = content(self._url)
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


def wait_for_other_transactions(database_url: str) -> None:
    """Wait for the COMMIT of a killed client, which may still be running."""
    if database_url.startswith("sqlite"):
        return
    until = monotonic() + SECONDS
    with psycopg.connect(database_url, autocommit=True) as server:
        while server.execute(OTHER_TRANSACTIONS).fetchall():
            if monotonic() > until:
                raise Violation("A transaction outlives its client.")
            sleep(0.002)


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


@contextmanager
def killing(database_url: str, mode: str, random_seed: str, log: Path) -> Iterator[Kills]:
    """Prepare the kills, and stop all servers at the end."""
    kills = Kills(database_url, mode, random_seed, log)
    try:
        kills.prepare()
        yield kills
    finally:
        kills.close()
