"""What triggers and foreign keys of another program do while PostgreSQL restores rows.

Such a restore does not record its own changes. What it causes elsewhere is undone as well, or the
restore is refused.
"""

from typing import Any, NamedTuple

import httpx
import pytest

from conftest import NewDatabase
from restores.raw_rows import dump, raw_connection

FEW: dict[str, Any] = {"users": 1, "organizations": 1, "patients": 1, "appointmentWeeks": 0}
ADD = (
    "INSERT INTO verifications (id, created_at, updated_at, identifier, value, expires_at)"
    " SELECT gen_random_uuid(), now(), now(), 'a', 'b', now()"
)
RENAME = "UPDATE rooms SET name = name || '!'"
FUNCTION = "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} END $$"
TRIGGER = "CREATE {} act {} EXECUTE FUNCTION act()"


class Program(NamedTuple):
    """A trigger, and the statements before and after the snapshot."""

    function: str
    trigger: str
    after: str
    before: str = "SELECT 1"
    kind: str = "TRIGGER"


UNDONE = {
    "of a statement": Program(f"{RENAME}; RETURN NULL;", "AFTER DELETE ON verifications", ADD),
    "of rows": Program(
        "DELETE FROM appointments; DELETE FROM rooms; RETURN NULL;",
        "AFTER DELETE ON verifications FOR EACH ROW",
        ADD,
    ),
    "TRUNCATE": Program(
        "TRUNCATE rooms CASCADE; RETURN NULL;", "AFTER DELETE ON verifications", ADD
    ),
}
REFUSED = {
    "after the last statement": Program(
        f"{ADD}; RETURN NULL;", "AFTER UPDATE ON rooms FOR EACH ROW", RENAME
    ),
    "no deletion": Program("RETURN NULL;", "BEFORE DELETE ON verifications FOR EACH ROW", ADD),
    "no update": Program("RETURN NULL;", "BEFORE UPDATE ON rooms FOR EACH ROW", RENAME),
    "another key": Program(
        "NEW.id := gen_random_uuid(); RETURN NEW;",
        "BEFORE INSERT ON verifications FOR EACH ROW",
        "DELETE FROM verifications",
        before=ADD,
    ),
    "at the end of the transaction": Program(
        f"{RENAME}; RETURN NULL;",
        "AFTER DELETE ON verifications DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
        ADD,
        kind="CONSTRAINT TRIGGER",
    ),
}


@pytest.fixture
def database_url(new_postgresql: NewDatabase) -> str:
    return new_postgresql.seeded(**FEW)


async def restore_beside(client: httpx.AsyncClient, url: str, program: Program) -> httpx.Response:
    """Change rows after the snapshot, create the trigger, and restore."""
    (await client.put("/api/db/snapshots/mine")).raise_for_status()
    execute(
        url,
        program.after,
        FUNCTION.format(program.function),
        TRIGGER.format(program.kind, program.trigger),
    )
    return await client.post("/api/db/snapshots/mine/restore")


def execute(database_url: str, *statements: str) -> None:
    with raw_connection(database_url) as raw:
        for statement in statements:
            raw.execute(statement)


@pytest.mark.parametrize("program", UNDONE.values(), ids=UNDONE)
async def test_what_a_trigger_changes_elsewhere_is_undone(
    client: httpx.AsyncClient, database_url: str, program: Program
) -> None:
    """Also in tables without any change since the snapshot."""
    seeded = dump(database_url)
    response = await restore_beside(client, database_url, program)
    assert response.status_code == 200, response.text
    assert dump(database_url) == seeded
    changes = await client.get("/api/db/snapshots/mine/changes")
    assert changes.json()["items"] == []


@pytest.mark.parametrize("program", REFUSED.values(), ids=REFUSED)
async def test_what_cannot_be_undone_is_refused(
    client: httpx.AsyncClient, database_url: str, program: Program
) -> None:
    """Nothing is changed, and the same rows can be restored without the trigger."""
    execute(database_url, program.before)
    before = dump(database_url)
    response = await restore_beside(client, database_url, program)
    assert response.status_code == 409, response.text
    assert dump(database_url) != before
    execute(database_url, "DROP FUNCTION act CASCADE")
    response = await client.post("/api/db/snapshots/mine/restore")
    assert response.status_code == 200, response.text
    assert dump(database_url) == before


async def test_a_foreign_key_that_changes_other_rows(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """An address gets another value for a moment, which a foreign key takes as a change."""
    execute(
        database_url,
        "UPDATE patients SET notes = (SELECT email FROM users)",
        "ALTER TABLE patients ADD FOREIGN KEY (notes) REFERENCES users (email) ON UPDATE SET NULL",
    )
    (await client.put("/api/db/snapshots/mine")).raise_for_status()
    before = dump(database_url)
    execute(
        database_url,
        "UPDATE users SET email = 'other@example.com'",
        "UPDATE patients SET notes = 'other@example.com'",
    )
    assert (await client.post("/api/db/snapshots/mine/restore")).status_code == 200
    assert dump(database_url) == before
