"""A database with snapshots, and a dump of its rows for each of them."""

from collections import Counter
from collections.abc import Iterable
from random import Random
from typing import Any

import httpx

from applications import seed
from restores.api_calls import BEFORE, CALLS, OwnerCalls
from restores.raw_changes import EVERY_CHANGE, Change
from restores.raw_programs import NUMBERS, make_change, written
from restores.raw_rows import Dump, difference, dump, raw_connection
from restores.raw_statements import MORE_CHANGES

SMALL: dict[str, Any] = {"patients": 6, "organizations": 2, "users": 5, "appointmentWeeks": 1}
ALL_CHANGES = (*EVERY_CHANGE, *MORE_CHANGES)
STATEMENTS_AT_ONCE = 36
# In empty tables most statements change nothing.
EMPTYING = ("delete_all", "truncate", "truncate_more")
WEIGHTS = [1 if change.__name__ in EMPTYING else 8 for change in ALL_CHANGES]


class History:
    """`applied` counts what was accepted, by kind; `changes` only what changed rows."""

    def __init__(self, client: httpx.AsyncClient, database_url: str) -> None:
        self.client = client
        self.database_url = database_url
        self.api = OwnerCalls(client, database_url, "")
        self.states: dict[str, Dump] = {}
        self.applied: Counter[str] = Counter()
        self.changes = 0
        self._unchanged: Dump | None = None

    def dump(self) -> Dump:
        """Return all rows; those of the last dump if nothing was sent since."""
        self._unchanged = self._unchanged or dump(self.database_url)
        return self._unchanged

    def dump_again(self) -> Dump:
        self._unchanged = None
        return self.dump()

    async def reseed(self) -> None:
        """Seed, which deletes all snapshots and takes one."""
        summary = await seed(self.client, **SMALL)
        self.api.password = summary["signIn"]["password"]
        self.states = {"seeded": self.dump_again()}
        names = [each["name"] for each in (await self.client.get("/api/db/snapshots")).json()]
        assert names == ["seeded"]
        self.applied["seed"] += 1

    async def take(self, name: str) -> None:
        response = await self.client.put(f"/api/db/snapshots/{name}")
        assert response.status_code == (200 if name in self.states else 201), response.text
        self.states.pop(name, None)
        self.states[name] = self.dump_again()

    async def restore(self, name: str) -> None:
        """Restore a snapshot, and compare all rows and the counts of what was undone."""
        now = self.dump()
        response = await self.client.post(f"/api/db/snapshots/{name}/restore?verify=true")
        assert response.status_code == 200, response.text
        assert self.dump_again() == self.states[name]
        restored = response.json()
        undone = {table: sum(counts.values()) for table, counts in restored["undone"].items()}
        assert undone == difference(self.states[name], now)
        assert restored["verification"]["matches"] is True
        names = list(self.states)
        self.states = {each: self.states[each] for each in names[: names.index(name) + 1]}

    async def call(self, operation: str, number: int) -> httpx.Response:
        self._unchanged = None
        response = await self.api.call(operation, number)
        self.applied[operation] += response.is_success
        self.changes += response.is_success
        return response

    async def call_each_once(self) -> None:
        """Each operation succeeds, and then all of it is undone."""
        assert self.api.operations.keys() == CALLS.keys()
        for number, operation in enumerate(CALLS):
            for before in BEFORE.get(operation, []):
                await self.call(before, number)
            response = await self.call(operation, number)
            assert response.is_success, (operation, response.text)
            if number % 10 == 0:
                await self.take(f"after-{number}")
        await self.restore_all()

    def change_by_sql(self, changes: Iterable[tuple[Change, int]]) -> None:
        """Make changes; the number of each chooses the rows."""
        self._unchanged = None
        with raw_connection(self.database_url) as raw:
            for change, number in changes:
                before = written(raw)
                self.applied[change.__name__] += make_change(raw, change, number)
                self.changes += written(raw) != before

    async def change_each_way_once(self) -> None:
        for first in range(0, len(ALL_CHANGES), 4):
            await self.take(f"sql-{first}")
            self.change_by_sql((each, first) for each in ALL_CHANGES[first : first + 4])
        await self.restore_all()

    async def restore_all(self) -> None:
        for name in reversed(list(self.states)):
            await self.restore(name)

    async def play(self, kinds: Iterable[str], dice: Random) -> None:
        """Seed, make steps of these kinds, then restore all snapshots, the newest first.

        The dice choose the changes and their rows.
        """
        await self.reseed()
        for kind in kinds:
            match kind:
                case "snapshot":
                    await self.take(f"s{dice.randrange(3)}")
                case "restore":
                    await self.restore(dice.choice([*self.states]))
                case "call":
                    await self.call(dice.choice([*CALLS]), dice.randrange(NUMBERS))
                case "seed":
                    await self.reseed()
                case _:
                    changes = dice.choices(ALL_CHANGES, WEIGHTS, k=STATEMENTS_AT_ONCE)
                    self.change_by_sql((each, dice.randrange(NUMBERS)) for each in changes)
        await self.restore_all()
