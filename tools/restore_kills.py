"""Kill servers while they restore, take or delete a snapshot: nothing is ever half done.

Rows are read and changed with plain drivers, independently of the application.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

from killed_call import MAX_PART, Plan, Seen
from kills import Call, Kills, Violation, wait_for_other_transactions
from restores.raw_programs import NUMBERS, change_all, change_something, insert_something
from restores.raw_rows import Dump, difference, dump
from server_processes import ServerProcess
from snapshots import integrity

KINDS = {"restore": 8, "take": 1, "delete": 1}  # with their weights
SEEDED = "seeded"
QUANTITIES = {"patients": 30, "appointmentWeeks": 2, "asOf": "2026-01-01"}
PATIENT = {"firstName": "Ann", "lastName": "Lee", "dateOfBirth": "1990-01-01"}
MAX_SNAPSHOTS = 3
MAX_CHANGES = 6
MANY, LATER = 0.5, 0.3  # parts of the rounds
PARTS = 6
PERCENT = round(MAX_PART * 100 / PARTS)
AFTER = "after the response"


@dataclass(frozen=True)
class SnapshotState:
    """What is in the database: the names of the snapshots, and all rows."""

    names: list[str]
    rows: Dump


@dataclass(frozen=True)
class SnapshotCall(Call):
    """A call about snapshots; `old` and `new` are what the database may have after a kill."""

    name: str
    old: SnapshotState
    new: SnapshotState

    @property
    def outcomes(self) -> tuple[SnapshotState, SnapshotState]:
        return self.old, self.new


class RestoreKills(Kills[SnapshotCall]):
    """The kinds of calls are those of `KINDS`."""

    def __init__(self, database_url: str, random_seed: str, log: Path) -> None:
        super().__init__(database_url, KINDS, random_seed, log)
        self._states: dict[str, Dump] = {}
        self._numbers = count(1)
        self._sign_in: Mapping[str, Any] = {}
        self._integrity: Any = None

    def prepare(self) -> None:
        self.start_server()
        url = f"{self.servers[0].base_url}/api/db/seed"
        self._sign_in = self.client.post(url, json=QUANTITIES).raise_for_status().json()["signIn"]
        self._integrity = integrity(self.url)
        self._states[SEEDED] = self._read()
        self.start_server()
        for tally in self.tallies.values():
            tally.steps.update(dict.fromkeys((*map(step_of, range(PARTS)), AFTER), 0))

    def next_call(self, victim: ServerProcess) -> SnapshotCall:
        """Change the data after the newest snapshot, and return a call about a snapshot."""
        for _ in range(self.random.randint(1, MAX_SNAPSHOTS) - len(self._states) + 1):
            self._change(victim, self._draw_changes())
            self._take(victim)
        [kind] = self.random.choices(list(KINDS), list(KINDS.values()))
        if kind == "restore":
            return self._next_restore(victim)
        self._change(victim, self._draw_changes())
        rows, names, seconds = self._read(), list(self._states), self._measure(victim)
        if kind == "take":
            name, method = self._new_name(), "PUT"
            changed = [*names, name]
        else:
            name, method = self.random.choice(names[1:]), "DELETE"
            changed = [each for each in names if each != name]
        return SnapshotCall(
            kind,
            {"method": method, "url": path(victim, name)},
            {None: seconds[kind]},
            name,
            SnapshotState(names, rows),
            SnapshotState(changed, rows),
        )

    def check(self, call: SnapshotCall, plan: Plan, seen: Seen) -> None:
        server, tally, found = self.servers[0], self.tallies[call.kind], None
        # What was undone tells the outcomes of a restore apart, and the names those of others.
        if plan.read_first or call.kind != "restore":
            found = SnapshotState(self._list(server), self._read())
            if found not in call.outcomes:
                raise Violation(f"The snapshots are {found.names}: {describe(call, found.rows)}")
        name = self.random.choice(found.names) if found else call.name
        states = {**self._states, call.name: call.old.rows} if call.kind == "take" else self._states
        response = self.client.post(f"{path(server, name)}/restore")
        if response.status_code != 200:  # noqa: PLR2004 - OK
            raise Violation(f"The next restore returned {response.status_code}: {response.text}")
        tally.next_done += 1
        undone = {table: sum(each.values()) for table, each in response.json()["undone"].items()}
        found = found or (call.old if undone else call.new)
        if undone != difference(states[name], found.rows):
            raise Violation(f"The next restore undid {undone}: {describe(call, found.rows)}")
        if seen.reported and found == call.old:
            raise Violation("The response reported the change, but it was not made.")
        step = AFTER if seen.reported else step_of(int(plan.part / MAX_PART * PARTS))
        tally.count(seen, step, found_new=found == call.new, read_first=plan.read_first)
        self._states = {each: states[each] for each in found.names}
        self._forget_after(name)
        if (rows := self._read()) != states[name]:
            raise Violation(f"The next restore is wrong: {difference(states[name], rows)}")
        if (names := self._list(server)) != list(self._states):
            raise Violation(f"After the next restore there are the snapshots {names}.")

    def _next_restore(self, victim: ServerProcess) -> SnapshotCall:
        """Return the call whose duration was measured with the same changes."""
        name, changes = list(self._states)[-1], self._draw_changes()
        if self.random.random() < MANY:
            changes.append(None)
        self._change(victim, changes)
        url = f"{path(victim, name)}/restore"
        seconds = self._time("POST", url)
        if (rows := self._read()) != self._states[name]:
            raise Violation(
                f"An undisturbed restore is wrong: {difference(self._states[name], rows)}"
            )
        new = SnapshotState(list(self._states), rows)
        if self.random.random() < LATER:
            self._change(victim, self._draw_changes())
            self._take(victim)
        self._change(victim, changes)
        while (rows := self._read()) == new.rows:
            self._change(victim, [])
        old = SnapshotState(list(self._states), rows)
        request = {"method": "POST", "url": url}
        return SnapshotCall("restore", request, {None: seconds}, name, old, new)

    def _draw_changes(self) -> list[int | None]:
        """Draw numbers of changes by raw SQL; None changes all rows."""
        size = self.random.randint(1, MAX_CHANGES)
        return [self.random.randrange(NUMBERS) for _ in range(size)]

    def _change(self, server: ServerProcess, changes: list[int | None]) -> None:
        """Change rows through the API, which may refuse it, and by raw SQL."""
        user = self._sign_in["users"][0]["email"]
        body = {"email": user, "password": self._sign_in["password"]}
        url = f"{server.base_url}/api"
        signed_in = self.client.post(f"{url}/auth/sign-in/email", json=body)
        self.client.cookies.clear()
        if signed_in.is_success:
            headers = {"Authorization": f"Bearer {signed_in.json()['token']}"}
            self.client.post(f"{url}/patients", json=PATIENT, headers=headers)
        insert_something(self.url, next(self._numbers))
        for number in changes:
            change_all(self.url) if number is None else change_something(self.url, number)

    def _take(self, server: ServerProcess) -> None:
        name = self._new_name()
        self._time("PUT", path(server, name))
        self._states[name] = self._read()

    def _new_name(self) -> str:
        return f"s{next(self._numbers)}"

    def _measure(self, server: ServerProcess) -> dict[str, float]:
        url = path(server, "measured")
        return {"take": self._time("PUT", url), "delete": self._time("DELETE", url)}

    def _time(self, method: str, url: str) -> float:
        began = perf_counter()
        response = self.client.request(method, url)
        if not response.is_success:
            raise Violation(f"Without a kill, {method} returned {response.text}")
        return perf_counter() - began

    def _list(self, server: ServerProcess) -> list[str]:
        response = self.client.get(f"{server.base_url}/api/db/snapshots").raise_for_status()
        return [each["name"] for each in response.json()]

    def _forget_after(self, name: str) -> None:
        names = list(self._states)
        self._states = {each: self._states[each] for each in names[: names.index(name) + 1]}

    def _read(self) -> Dump:
        """Return all rows, read independently of the application."""
        wait_for_other_transactions(self.url)
        if (damage := integrity(self.url)) != self._integrity:
            raise Violation(f"The schema or the file is damaged: {damage}")
        return dump(self.url)


def path(server: ServerProcess, name: str) -> str:
    return f"{server.base_url}/api/db/snapshots/{name}"


def step_of(part: int) -> str:
    return f"{part * PERCENT} to {(part + 1) * PERCENT} %"


def describe(call: SnapshotCall, rows: Dump) -> str:
    """Return how the rows differ from what the database may have."""
    old, new = difference(call.old.rows, rows), difference(call.new.rows, rows)
    return f"rows that differ from the old ones {old}, from the new ones {new}"
