"""Kill servers during a call, and check the data after each kill.

A random number generator plans the kills, so the same random seed repeats the plan. Which statement
a kill hits depends on the machine.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any, Generic, TypeVar

import httpx
import psycopg

from killed_call import Durations, Plan, Seen, call_and_kill
from server_processes import SECONDS, ServerProcess

OTHER_TRANSACTIONS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'"
)


class Violation(Exception):
    """A result that must never happen. The message has the evidence."""


@dataclass
class Tally:
    """The results of the kills of one kind of call. `seconds` are its usual durations."""

    kills: int = 0
    old: int = 0
    new: int = 0
    reported: int = 0
    next_done: int = 0
    next_unread: int = 0
    seconds: list[float] = field(default_factory=list)
    steps: Counter[str] = field(default_factory=Counter)

    def count(self, seen: Seen, step: str, *, found_new: bool, read_first: bool) -> None:
        self.new += found_new
        self.old += not found_new
        self.reported += seen.reported
        self.next_unread += not read_first
        self.steps[step] += 1


@dataclass(frozen=True)
class Call:
    """A call that is killed. `kind` says in which tally it is counted."""

    kind: str
    request: Mapping[str, Any]
    durations: Durations


SomeCall = TypeVar("SomeCall", bound=Call)


class Kills(ABC, Generic[SomeCall]):
    """Two servers of one database: one is killed, the other one called, and a new one started."""

    steps: Sequence[str] = ()

    def __init__(
        self, database_url: str, kinds: Iterable[str], random_seed: str, log: Path
    ) -> None:
        self.tallies = {kind: Tally() for kind in kinds}
        self.url = database_url
        self.random = Random(random_seed)  # noqa: S311 - kills must be repeatable
        self.client = httpx.Client(trust_env=False, timeout=SECONDS)
        self.servers: list[ServerProcess] = []
        self._log = log

    @property
    def count(self) -> int:
        """The number of kills of the first kind, which is the one that was asked for."""
        return next(iter(self.tallies.values())).kills

    @abstractmethod
    def prepare(self) -> None:
        """Start both servers, and make the data."""

    @abstractmethod
    def next_call(self, victim: ServerProcess) -> SomeCall:
        """Return what to call next on the server that will be killed."""

    @abstractmethod
    def check(self, call: SomeCall, plan: Plan, seen: Seen) -> None:
        """Check the data, make the next call, and check again. Raise `Violation` on failure."""

    def kill_once(self) -> None:
        """Kill a server during a call, and check the data. Raise `Violation` on failure."""
        victim = self.servers.pop(0)
        try:
            call = self.next_call(victim)
            plan = Plan.draw(self.random, self.steps)
            tally = self.tallies[call.kind]
            tally.kills += 1
            tally.seconds.append(call.durations[None])
            seen = call_and_kill(self.client, victim, call.request, plan, call.durations)
        finally:
            victim.kill()
        try:
            self._check(call, plan, seen)
        except (Violation, httpx.TransportError) as violation:
            evidence = f"Kill {tally.kills} was {plan}\nof {call.request};\nthe client saw {seen}"
            raise Violation(f"{violation}\n{evidence}") from violation
        self.start_server()

    def _check(self, call: SomeCall, plan: Plan, seen: Seen) -> None:
        if seen.refused:
            raise Violation("The request was refused.")
        self.check(call, plan, seen)

    def start_server(self) -> None:
        self.servers.append(ServerProcess(self.url, self._log))

    def close(self) -> None:
        for server in self.servers:
            server.kill()
        self.client.close()


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


SomeKills = TypeVar("SomeKills", bound=Kills[Any])


@contextmanager
def killing(kills: SomeKills) -> Iterator[SomeKills]:
    """Prepare the kills, and stop all servers at the end."""
    try:
        kills.prepare()
        yield kills
    finally:
        kills.close()
