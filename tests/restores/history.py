"""A database with snapshots, and a dump of its rows for each of them."""

from typing import Any

import httpx

from restores.raw_changes import change_something
from restores.raw_rows import Dump, difference, dump

Step = tuple[str, int]
PATIENT = {"firstName": "Ann", "lastName": "Lee", "dateOfBirth": "1990-01-01"}


class History:
    def __init__(self, client: httpx.AsyncClient, database_url: str, sign_in: Any) -> None:
        self.client = client
        self.database_url = database_url
        self.sign_in = sign_in
        self.states: dict[str, Dump] = {}

    async def take(self, name: str) -> None:
        response = await self.client.put(f"/api/db/snapshots/{name}")
        assert response.status_code == (200 if name in self.states else 201), response.text
        self.states.pop(name, None)
        self.states[name] = dump(self.database_url)

    async def restore(self, name: str) -> None:
        """Restore a snapshot, and compare all rows and the counts of what was undone."""
        now = dump(self.database_url)
        response = await self.client.post(f"/api/db/snapshots/{name}/restore?verify=true")
        assert response.status_code == 200, response.text
        assert dump(self.database_url) == self.states[name]
        restored = response.json()
        undone = {table: sum(counts.values()) for table, counts in restored["undone"].items()}
        assert undone == difference(self.states[name], now)
        assert restored["verification"]["matches"] is True
        names = list(self.states)
        self.states = {each: self.states[each] for each in names[: names.index(name) + 1]}

    async def call(self, number: int) -> None:
        """Change something through the API, which may refuse it."""
        user = self.sign_in["users"][number % len(self.sign_in["users"])]["email"]
        calls: tuple[tuple[str, dict[str, Any]], ...] = (
            ("/api/auth/sign-in/email", {"email": user, "password": self.sign_in["password"]}),
            ("/api/auth/sign-out", {}),
            ("/api/patients", PATIENT),
            ("/api/rooms", {"name": f"Room {number}", "capacity": 2}),
        )
        path, body = calls[number % len(calls)]
        await self.client.post(path, json=body)

    async def play(self, steps: list[Step]) -> None:
        """Play the steps, then restore all snapshots, the newest first."""
        for kind, number in steps:
            match kind:
                case "snapshot":
                    await self.take(f"s{number % 3}")
                case "restore":
                    await self.restore(list(self.states)[number % len(self.states)])
                case "call":
                    await self.call(number)
                case _:
                    change_something(self.database_url, number)
        for name in reversed(list(self.states)):
            await self.restore(name)
