"""Files of the application, which only their owner can read."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app import settings
from app.database.engine import create_engine
from app.private_files import create_private_folder
from app.seed.lock import lock_file
from app.settings import Settings, parse_database_url
from app.variables import InvalidSettings
from other_user import can_read, public_folder


@pytest.fixture(params=[0o000, 0o022])
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture
def public() -> Iterator[Path]:
    with public_folder() as folder:
        yield folder


@pytest.fixture
def var(public: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name the folder of the default database, which does not exist yet."""
    folder = public / "var"
    monkeypatch.setattr(settings, "DEFAULT_DATABASE_FILE", folder / "seedbed.db")
    return folder


def modes(folder: Path) -> dict[str, str]:
    return {path.name: oct(path.stat().st_mode & 0o7777) for path in folder.iterdir()}


def readable_by_others(folder: Path) -> dict[str, bool]:
    return {path.name: can_read(path) for path in folder.iterdir()}


@pytest.mark.usefixtures("_umask")
@pytest.mark.parametrize("journal", ["wal", "delete"])
async def test_a_new_database_is_private_while_it_is_open(public: Path, journal: str) -> None:
    """The file, its journals and the lock file of a seed can be read by their owner only."""
    engine = create_engine(parse_database_url(f"sqlite:///{public}/new.db"))
    async with engine.connect() as connection:
        await connection.execute(text("CREATE TABLE notes (text)"))
        await connection.commit()
        if journal == "delete":
            await connection.exec_driver_sql("COMMIT")
            await connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
        await connection.execute(text("INSERT INTO notes VALUES ('secret')"))
        with lock_file(engine):
            found = modes(public)
    await engine.dispose()
    beside = {"new.db-wal", "new.db-shm"} if journal == "wal" else {"new.db-journal"}
    assert found == dict.fromkeys({"new.db", "new.db.seed.lock"} | beside, "0o600")


async def test_another_user_cannot_read_a_new_database(public: Path) -> None:
    """What everybody may read beside it can be read."""
    engine = create_engine(parse_database_url(f"sqlite:///{public}/new.db"))
    (public / "public.txt").touch(0o644)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE notes (text)"))
        found = readable_by_others(public)
    await engine.dispose()
    assert found == {
        "new.db": False,
        "new.db-shm": False,
        "new.db-wal": False,
        "public.txt": True,
    }


async def test_a_file_that_exists_keeps_its_rights(public: Path) -> None:
    """Its owner may share a database that DATABASE_URL names, and its journals with it."""
    (public / "shared.db").touch(0o600)
    (public / "shared.db").chmod(0o664)
    engine = create_engine(parse_database_url(f"sqlite:///{public}/shared.db"))
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE notes (text)"))
        found = modes(public)
    await engine.dispose()
    assert found == dict.fromkeys(["shared.db", "shared.db-wal", "shared.db-shm"], "0o664")


@pytest.mark.usefixtures("_umask")
async def test_the_default_folder_is_private(var: Path) -> None:
    """It is created with the settings, the file with the first connection."""
    engine = create_engine(Settings.from_environment({}).database_url)
    assert modes(var.parent) == {"var": "0o700"}
    async with engine.begin():
        assert modes(var)["seedbed.db"] == "0o600"
    await engine.dispose()


@pytest.mark.parametrize("named", [False, True])
def test_an_open_default_database_is_closed_to_others(var: Path, named: bool) -> None:
    """Also if DATABASE_URL names it. What the owner may do stays."""
    var.mkdir()
    var.chmod(0o775)
    for name, mode in (("seedbed.db", 0o644), ("seedbed.db-wal", 0o664), ("seedbed.db.old", 0o444)):
        (var / name).touch()
        (var / name).chmod(mode)
    (var / "seedbed.db.link").symlink_to(var.parent / "elsewhere.txt")
    (var.parent / "elsewhere.txt").touch()
    (var.parent / "elsewhere.txt").chmod(0o644)
    parse_database_url(f"sqlite:///{var}/seedbed.db" if named else "")
    assert modes(var.parent) == {"var": "0o700", "elsewhere.txt": "0o644"}
    (var / "seedbed.db.link").unlink()
    assert modes(var) == {
        "seedbed.db": "0o600",
        "seedbed.db-wal": "0o600",
        "seedbed.db.old": "0o400",
    }
    assert not can_read(var)


def test_a_folder_that_is_a_link_keeps_its_rights(var: Path) -> None:
    """Its owner chose a folder elsewhere, which may be shared on purpose."""
    (var.parent / "shared").mkdir()
    (var.parent / "shared").chmod(0o775)
    var.symlink_to("shared")
    assert parse_database_url("").database == str(var.parent.resolve() / "shared" / "seedbed.db")
    assert modes(var.parent)["shared"] == "0o775"


@pytest.mark.usefixtures("_umask")
def test_a_private_folder_is_created_or_closed(tmp_path: Path) -> None:
    """It is `just postgres` that relies on it, too."""
    create_private_folder(tmp_path / "new")
    (tmp_path / "old").mkdir()
    (tmp_path / "old").chmod(0o755)
    create_private_folder(tmp_path / "old")
    assert modes(tmp_path) == {"new": "0o700", "old": "0o700"}


def test_a_file_in_the_place_of_the_default_folder_is_reported(var: Path) -> None:
    """The message names the setting that helps."""
    var.write_text("not a folder")
    with pytest.raises(InvalidSettings, match=r"Not a directory.*Set DATABASE_URL to"):
        parse_database_url("")
    assert var.read_text() == "not a folder"


def test_a_folder_in_the_place_of_the_default_database_is_reported(var: Path) -> None:
    """The message names the setting that helps."""
    (var / "seedbed.db").mkdir(parents=True)
    with pytest.raises(InvalidSettings, match=r"Is a directory.*Set DATABASE_URL to"):
        parse_database_url("")
