"""A database with snapshots can be dumped and restored, and its copy restores the same states."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from applications import make_app, open_client, seed
from conftest import NewDatabase, Shared
from postgres_programs import PACKAGES, PROGRAMS
from requirements import lacking
from restores.api_calls import PATIENT
from restores.raw_programs import change_all, change_something
from restores.raw_rows import Dump, dump
from seed.marks import execute, name_of, stamp

CHANGES = range(40)
FEW: dict[str, Any] = {"users": 4, "organizations": 2, "patients": 4, "appointmentWeeks": 1}
OTHER = FEW | {"randomSeed": 9}
CHANGE_CLINICS = "UPDATE organizations SET logo = random()"
# Options of `pg_restore`, and the number of changes that were recorded before.
DATA_ONLY = {
    "with triggers": (["--data-only"], 0),
    "with triggers, and a longer record": (["--data-only"], 50),
    "without triggers": (["--data-only", "--disable-triggers"], 0),
}


@pytest.fixture(scope="module")
async def states(shared: Shared) -> dict[str, Dump]:
    """Make a database with two snapshots and changes after both; return its rows by snapshot."""
    states = {}
    await seed(shared.client, **FEW)
    states["seeded"] = dump(shared.database_url)
    change(shared.database_url, CHANGES[::2])
    assert (await shared.client.put("/api/db/snapshots/changed")).status_code == 201
    states["changed"] = dump(shared.database_url)
    change(shared.database_url, CHANGES[1::2])
    change_all(shared.database_url)
    return states


def change(database_url: str, numbers: Any) -> None:
    for number in numbers:
        change_something(database_url, number)


def run_program(name: str, *arguments: str | Path, succeeds: bool = True) -> None:
    done = subprocess.run(
        [PACKAGES / PROGRAMS / name, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 or not succeeds, done.stderr


def file_of(database_url: str) -> str:
    return str(make_url(database_url).database)


def copy_as_statements(original: str, copy: str, _folder: Path) -> None:
    with closing(sqlite3.connect(original)) as old, closing(sqlite3.connect(copy)) as new:
        new.executescript("\n".join(old.iterdump()))


def copy_with_the_shell(original: str, copy: str, _folder: Path) -> None:
    if not (shell := shutil.which("sqlite3")):
        lacking("This needs the shell of SQLite, such as Debian's package `sqlite3`.")
    command = 'set -e; "$0" "$1" .dump > "$2.sql"; "$0" "$2" < "$2.sql"'
    subprocess.run(["/bin/sh", "-c", command, shell, original, copy], check=True)


def copy_by_backup(original: str, copy: str, _folder: Path) -> None:
    with closing(sqlite3.connect(original)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)


def copy_by_vacuum(original: str, copy: str, _folder: Path) -> None:
    with closing(sqlite3.connect(original)) as old:
        old.execute("VACUUM INTO ?", [copy])


def copy_by_script(original: str, copy: str, folder: Path) -> None:
    script = folder / "dump.sql"
    run_program("pg_dump", "--dbname", original, "--file", script)
    run_program("psql", copy, "--quiet", "--set=ON_ERROR_STOP=1", "--file", script)


def copy_by_archive(original: str, copy: str, folder: Path) -> None:
    archive = folder / "dump.archive"
    run_program("pg_dump", "--dbname", original, "-Fc", "--file", archive)
    run_program("pg_restore", "--exit-on-error", "--no-owner", "--dbname", copy, archive)


def copy_over_another(original: str, copy: str, folder: Path) -> None:
    copy_by_script(original, copy, folder)
    archive = folder / "dump.archive"
    run_program("pg_dump", "--dbname", original, "-Fc", "--file", archive)
    run_program("pg_restore", "--clean", "--if-exists", "--dbname", copy, archive)


WAYS: dict[str, tuple[Callable[[str, str, Path], None], ...]] = {
    "sqlite": (copy_as_statements, copy_with_the_shell, copy_by_backup, copy_by_vacuum),
    "postgresql": (copy_by_script, copy_by_archive, copy_over_another),
}


async def test_a_copy_restores_the_same_states(
    shared: Shared,
    states: dict[str, Dump],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    subtests: pytest.Subtests,
) -> None:
    """After each kind of dump, the copy has the same rows and snapshots, and can be seeded."""
    backend = make_url(shared.database_url).get_backend_name()
    new_database: NewDatabase = request.getfixturevalue(f"new_{backend}")
    now = dump(shared.database_url)
    for way in WAYS[backend]:
        with subtests.test(way.__name__):
            copy = new_database()
            if backend == "sqlite":
                way(file_of(shared.database_url), file_of(copy), tmp_path)
            else:
                way(shared.database_url, copy, tmp_path)
            assert dump(copy) == now
            code, printed = stamp(copy, name_of(copy), app_env="test")
            assert code == 0, printed
            async with open_client(make_app(copy)) as client:
                change_something(copy, 0)
                for name in ("changed", "seeded"):
                    response = await client.post(f"/api/db/snapshots/{name}/restore?verify=true")
                    assert response.status_code == 200, response.text
                    assert dump(copy) == states[name]
                    change(copy, CHANGES[:4])
                signed_in = await sign_in(client, await seed(client, **FEW))
                assert (await client.post("/api/patients", json=PATIENT)).status_code == 201
                assert signed_in.status_code == 200
    assert dump(shared.database_url) == now


async def sign_in(client: Any, summary: Any) -> Any:
    body = {"email": summary["signIn"]["users"][0]["email"], "password": "Password123"}
    return await client.post("/api/auth/sign-in/email", json=body)


@pytest.fixture(scope="module")
async def archive(new_postgresql: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dump a database with other rows, which has recorded changes."""
    original, archive = new_postgresql(), tmp_path_factory.mktemp("dump") / "dump.archive"
    async with open_client(make_app(original)) as client:
        await seed(client, **OTHER)
    execute(original, CHANGE_CLINICS)
    run_program("pg_dump", "--dbname", original, "-Fc", "--file", archive)
    return archive


@pytest.mark.parametrize(("options", "changes"), DATA_ONLY.values(), ids=DATA_ONLY)
async def test_rows_of_a_dump_in_a_seeded_database(
    new_postgresql: NewDatabase, archive: Path, options: list[str], changes: int
) -> None:
    """They are recorded, or snapshots are refused: no restore returns to a wrong state."""
    copy = new_postgresql()
    async with open_client(make_app(copy)) as client:
        await seed(client, **FEW)
        execute(copy, *[CHANGE_CLINICS] * changes)
        await seed(client, **FEW)
        seeded = dump(copy)
        # Tables with one row refuse theirs.
        run_program("pg_restore", *options, "--dbname", copy, archive, succeeds=False)
        # The sequence was set back, so the record may refuse changes.
        with suppress(psycopg.errors.UniqueViolation):
            execute(copy, CHANGE_CLINICS)
        now = dump(copy)
        assert len(now["organizations"]) == 2 * len(seeded["organizations"])
        response = await client.post("/api/db/snapshots/seeded/restore")
        if response.status_code == 200:
            assert dump(copy) == seeded
        else:
            assert (response.status_code, dump(copy)) == (409, now)
            assert "Seed again" in response.json()["detail"]
        summary = await seed(client, **FEW)
        seeded = dump(copy)
        assert (await sign_in(client, summary)).status_code == 200
        assert (await client.post("/api/patients", json=PATIENT)).status_code == 201
        assert (await client.post("/api/db/snapshots/seeded/restore")).status_code == 200
        assert dump(copy) == seeded
