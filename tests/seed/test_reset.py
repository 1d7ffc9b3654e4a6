"""The two ways to reset, on databases as they are found in the wild."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic.config import Config
from litestar import Litestar
from sqlalchemy import inspect

from app.database import migrations
from app.database.own_tables import CLOCK_TABLE, LAST_SEED_TABLE, MARK_TABLE, VERSION_TABLE
from app.settings import PROJECT_ROOT
from app.tables import METADATA
from conftest import NewDatabase, make_app, open_client, seed
from snapshots import snapshot

pytestmark = pytest.mark.slow

MODES = ("delete", "drop")
FEW: dict[str, Any] = {"users": 2, "organizations": 1, "patients": 1}


async def execute(app: Litestar, *statements: str) -> None:
    async with app.state.engine.begin() as connection:
        for statement in statements:
            await connection.exec_driver_sql(statement)


async def tables(app: Litestar) -> set[str]:
    """Return the tables but for those of snapshots."""
    async with app.state.engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        return {name for name in names if not name.startswith("seedbed_")}


async def revision(app: Litestar) -> str | None:
    async with app.state.engine.connect() as connection:
        found: str | None = await connection.run_sync(migrations.current_revision)
        return found


KNOWN_TABLES = {*METADATA.tables, MARK_TABLE, VERSION_TABLE, LAST_SEED_TABLE, CLOCK_TABLE}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.empty_database
async def test_an_empty_database_is_migrated_and_seeded(
    client: httpx.AsyncClient, app: Litestar, mode: str
) -> None:
    """Either mode begins with a database that has no tables at all."""
    summary = await seed(client, f"?reset={mode}", **FEW)
    assert sum(summary["deleted"].values()) == 0
    assert await tables(app) == KNOWN_TABLES
    assert await revision(app) == migrations.newest_revision()


NEWER_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("newer", sa.Column("id", sa.Integer(), primary_key=True))
"""


@pytest.fixture
def newer_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Have the code gain a migration when it is called."""
    newest = migrations.newest_revision()

    def forget() -> None:
        migrations.newest_revision.cache_clear()
        migrations._scripts.cache_clear()  # noqa: SLF001 - as another start of the program would

    def add_migration() -> None:
        scripts = tmp_path / "alembic"
        shutil.copytree(PROJECT_ROOT / "alembic", scripts)
        (scripts / "versions" / "9000.py").write_text(NEWER_MIGRATION.format(newest=newest))
        config = Config()
        config.set_main_option("script_location", str(scripts))
        monkeypatch.setattr(migrations, "alembic_config", lambda: config)
        forget()

    yield add_migration
    forget()


@pytest.mark.parametrize("mode", MODES)
async def test_a_database_that_is_a_migration_behind_is_brought_up_to_date(
    client: httpx.AsyncClient, app: Litestar, mode: str, newer_code: Callable[[], None]
) -> None:
    """The rows of the older schema are deleted, and the schema is the newest."""
    await seed(client, **FEW)
    older = await revision(app)
    newer_code()
    assert older != migrations.newest_revision()
    summary = await seed(client, f"?reset={mode}", **FEW)
    assert summary["deleted"]["patients"] == 1
    assert await revision(app) == migrations.newest_revision()
    assert await tables(app) == {*KNOWN_TABLES, "newer"}


async def test_drop_removes_unknown_tables_and_columns(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    """After a drop the database has what the migrations make, and nothing else."""
    fresh = await seed(client, "?reset=drop", **FEW)
    await execute(
        app,
        'CREATE TABLE "odd \'name""" (id INTEGER PRIMARY KEY)',
        'INSERT INTO "odd \'name""" VALUES (1), (2)',
        "CREATE TABLE zz_stray (user_id CHAR(36))",
        "ALTER TABLE users ADD COLUMN shoe_size INTEGER",
    )
    summary = await seed(client, "?reset=drop", **FEW)
    assert summary["deleted"]["odd 'name\""] == 2
    assert summary["deleted"]["zz_stray"] == 0
    assert await tables(app) == KNOWN_TABLES
    async with app.state.engine.connect() as connection:
        columns = await connection.run_sync(lambda sync: inspect(sync).get_columns("users"))
    assert {column["name"] for column in columns} == set(METADATA.tables["users"].columns.keys())
    assert summary["fingerprint"] == fresh["fingerprint"]


async def test_drop_manages_tables_that_refer_to_each_other_and_to_ours(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    """Foreign keys in a circle, and rows that refer to seeded ones, are no obstacle."""
    await seed(client, **FEW)
    identifier = "UUID" if app.state.engine.dialect.name == "postgresql" else "CHAR(32)"
    circle = ["CREATE TABLE hen (id INTEGER PRIMARY KEY)"]
    if identifier == "UUID":
        circle += [
            "CREATE TABLE egg (id INTEGER PRIMARY KEY, hen INTEGER REFERENCES hen)",
            "ALTER TABLE hen ADD COLUMN egg INTEGER REFERENCES egg",
        ]
    else:
        circle += [
            "ALTER TABLE hen ADD COLUMN egg INTEGER REFERENCES egg(id)",
            "CREATE TABLE egg (id INTEGER PRIMARY KEY, hen INTEGER REFERENCES hen(id))",
        ]
    await execute(
        app,
        *circle,
        "INSERT INTO hen (id) VALUES (1)",
        "INSERT INTO egg (id, hen) VALUES (1, 1)",
        "UPDATE hen SET egg = 1",
        f"CREATE TABLE badge (user_id {identifier} REFERENCES users(id))",
        "INSERT INTO badge SELECT id FROM users",
        "CREATE VIEW people AS SELECT name FROM users",
    )
    summary = await seed(client, "?reset=drop", **FEW)
    assert summary["deleted"]["badge"] == 2
    assert await tables(app) == KNOWN_TABLES


async def test_delete_says_which_way_out_when_a_strange_table_holds_on_to_rows(
    client: httpx.AsyncClient, app: Litestar, database_url: str
) -> None:
    """A table that no model knows may refer to a user: 409, the remedy, and nothing lost."""
    await seed(client, **FEW)
    identifier = "UUID" if app.state.engine.dialect.name == "postgresql" else "CHAR(32)"
    await execute(
        app,
        f"CREATE TABLE badge (user_id {identifier} NOT NULL REFERENCES users(id))",
        "INSERT INTO badge SELECT id FROM users",
    )
    old = snapshot(database_url)
    response = await client.post("/api/db/seed")
    assert response.status_code == 409
    assert "Rows of badge refer" in response.json()["detail"]
    assert snapshot(database_url) == old
    await seed(client, "?reset=drop", **FEW)


async def test_delete_leaves_a_strange_table_without_references_alone(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    """Deleting empties the tables of the application and no others."""
    await seed(client, **FEW)
    await execute(app, "CREATE TABLE notebook (id INTEGER)", "INSERT INTO notebook VALUES (1)")
    summary = await seed(client, **FEW)
    assert "notebook" not in summary["deleted"]
    state = (await client.get("/api/db")).json()
    assert state["otherRows"] == {"notebook": 1}


async def test_a_revision_of_other_code_is_refused_by_delete_and_cured_by_drop(
    client: httpx.AsyncClient, app: Litestar, database_url: str
) -> None:
    """A database that newer code has migrated is not touched unless it is dropped."""
    await seed(client, **FEW)
    await execute(app, "UPDATE alembic_version SET version_num = '9999'")
    old = snapshot(database_url)
    response = await client.post("/api/db/seed")
    assert response.status_code == 409
    assert "9999" in response.json()["detail"]
    assert "reset=drop" in response.json()["detail"]
    assert snapshot(database_url) == old
    await seed(client, "?reset=drop", **FEW)
    assert await revision(app) == migrations.newest_revision()


async def test_rows_that_people_added_go_too(client: httpx.AsyncClient) -> None:
    """Users who signed up, and their sessions, are part of what a reset deletes."""
    await seed(client, **FEW)
    account = {"name": "Ada", "email": "ada@example.net", "password": "Password123"}
    assert (await client.post("/api/auth/sign-up/email", json=account)).status_code == 200
    summary = await seed(client, **FEW)
    assert summary["deleted"]["users"] == 3
    assert summary["deleted"]["sessions"] == 1
    assert (
        await client.post(
            "/api/auth/sign-in/email",
            json={"email": account["email"], "password": account["password"]},
        )
    ).status_code == 401


async def test_virtual_tables_of_sqlite_are_dropped_with_their_storage(tmp_path: Path) -> None:
    """A full-text index is several tables, of which only the first can be dropped."""
    app = make_app(f"sqlite:///{tmp_path}/search.db")
    async with open_client(app) as client:
        await seed(client, **FEW)
        await execute(
            app,
            "CREATE VIRTUAL TABLE search USING fts5(body)",
            "INSERT INTO search VALUES ('knee')",
        )
        summary = await seed(client, "?reset=drop", **FEW)
        assert summary["deleted"]["search"] == 1
        assert await tables(app) == KNOWN_TABLES


async def test_a_column_that_is_missing_is_cured_by_drop(new_sqlite: NewDatabase) -> None:
    """Altered tables have another message than a database that cannot be reached."""
    database_url = new_sqlite()
    app = make_app(database_url)
    async with open_client(app) as client:
        await seed(client, **FEW)
        await execute(app, "ALTER TABLE patients DROP COLUMN notes")
        old = snapshot(database_url)
        response = await client.post("/api/db/seed")
        assert response.status_code == 503
        assert "just migrate" in response.json()["detail"]
        assert "drop" not in response.json()["detail"]
        assert snapshot(database_url) == old
        await seed(client, "?reset=drop", **FEW)
