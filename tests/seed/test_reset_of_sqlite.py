"""What a drop does with other programs' tables in a file of SQLite."""

from typing import Any

import pytest
from litestar import Litestar

from app.database.engine import run_statements
from app.database.sqlite_files import without_foreign_keys
from app.seed.errors import CommitInsideSeed
from app.seed.reset import reset_by_drop
from app.seed.unit_of_work import exclusive_transaction
from conftest import NewDatabase, make_app, open_client, seed

FEW: dict[str, Any] = {"users": 1, "organizations": 1, "patients": 1}
DEFERRED = "DEFERRABLE INITIALLY DEFERRED"
# The last one in the order of names.
TREE = "CREATE TABLE zz_tree (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES zz_tree (id) {})"
PARENT = "CREATE TABLE {} (id INTEGER PRIMARY KEY, child INTEGER REFERENCES {} (id) {})"
CHILD = "CREATE TABLE {} (parent INTEGER REFERENCES {} (id) {})"
ROWS = {
    "letters beyond ASCII": (
        'CREATE TABLE "Ärzte" (id INTEGER PRIMARY KEY)',
        'CREATE TABLE "ärzte" (id INTEGER PRIMARY KEY)',
        CHILD.format('"Übung"', '"Ärzte"', ""),
        'INSERT INTO "Ärzte" VALUES (1)',
        'INSERT INTO "Übung" VALUES (1)',
    ),
    "a row that refers to its own table": (
        TREE.format("ON DELETE RESTRICT"),
        "INSERT INTO zz_tree VALUES (1, 1), (2, 1)",
    ),
    "rows that refer to nothing": (
        TREE.format(DEFERRED),
        CHILD.format("zz_leaf", "zz_tree", DEFERRED),
        CHILD.format("zz_lost", "zz_missing", ""),
        "INSERT INTO zz_tree VALUES (1, 7)",
        "INSERT INTO zz_leaf VALUES (8)",
        "INSERT INTO zz_lost VALUES (9)",
    ),
    "tables that refer to each other": (
        PARENT.format("zz_hen", "ZZ_EGG", DEFERRED),
        PARENT.format("zz_egg", "ZZ_HEN", DEFERRED),
        "INSERT INTO zz_hen VALUES (1, 1), (2, 1)",
        "INSERT INTO zz_egg VALUES (1, 1), (2, 2)",
    ),
}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
async def test_a_drop_leaves_nothing_deferred(
    new_sqlite: NewDatabase, rows: tuple[str, ...]
) -> None:
    """Later rows are checked at once, and no COMMIT is possible before the seed has finished."""
    app = make_app(new_sqlite())
    async with open_client(app) as client:
        await seed(client, **FEW)
        async with without_foreign_keys(app.state.engine).begin() as connection:
            for statement in rows:
                await connection.exec_driver_sql(statement)
        with pytest.raises(CommitInsideSeed):
            await drop_and_commit(app)
        assert (await seed(client, "?reset=drop", **FEW))["dropped"] != []
        assert (await seed(client, "?reset=drop", **FEW))["dropped"] == []


async def drop_and_commit(app: Litestar) -> None:
    async with exclusive_transaction(app.state.engine) as work:
        await work.forbid_commits()
        await run_statements(work.connection, reset_by_drop, app.state.settings)
        deferred = await work.connection.exec_driver_sql("PRAGMA defer_foreign_keys")
        assert deferred.scalar_one() == 0
        await work.connection.commit()
