"""`?verify=true` compares all rows, and does not rely on the log of changes."""

from typing import Any

import httpx
import pytest

from conftest import NewDatabase
from restores.raw_rows import raw_connection

FEW: dict[str, Any] = {"users": 2, "organizations": 1, "patients": 2, "appointmentWeeks": 0}
MINE = "/api/db/snapshots/mine"
CHANGES = {
    "a text": "UPDATE patients SET notes = 'Changed'",
    "an empty text instead of NULL": "UPDATE users SET image = ''",
    "two rows swap a value": (
        "UPDATE users SET name = (SELECT other.name FROM users AS other WHERE other.id <> users.id)"
    ),
    "a row less": "DELETE FROM availability_exceptions",
    "a row more": (
        "INSERT INTO verifications (id, created_at, updated_at, identifier, value, expires_at)"
        f" SELECT '{1:032x}', created_at, created_at, 'a', 'b', created_at FROM organizations"
    ),
}
LOGS = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'seedbed_undo%'"


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    return new_database.seeded(**FEW)


def change_without_record(database_url: str, statement: str) -> None:
    with raw_connection(database_url) as raw:
        assert raw.execute(statement).rowcount > 0, statement
        logs = ["seedbed_undo"]
        if database_url.startswith("sqlite"):
            logs = [name for (name,) in raw.execute(LOGS).fetchall()]
        for log in logs:
            raw.execute(f"DELETE FROM {log}")


async def matches(client: httpx.AsyncClient) -> bool | None:
    response = await client.post(f"{MINE}/restore?verify=true")
    response.raise_for_status()
    return response.json()["verification"]["matches"]  # type: ignore[no-any-return]


async def test_each_difference_is_noticed(client: httpx.AsyncClient, database_url: str) -> None:
    for name, statement in CHANGES.items():
        (await client.put(MINE)).raise_for_status()
        assert await matches(client) is True, name
        change_without_record(database_url, statement)
        assert await matches(client) is False, name
