"""The file `.env` of the current folder is read, where the environment does not say otherwise."""

import os
from pathlib import Path

import application
import pytest

from app.settings import Environment, Settings
from app.variables import ENV_FILE, InvalidSettings, read_variables


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go to an empty folder, without variables that decide."""
    for name in ("APP_ENV", "DEFAULT_APP_ENV", "DATABASE_URL", "PYTHON_DOTENV_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def write(text: str) -> None:
    ENV_FILE.write_text(text, encoding="utf-8")


def test_the_file_has_settings(tmp_path: Path) -> None:
    """Comments, quotes and `export` are allowed, and variables of other programs."""
    url = f"sqlite:///{tmp_path}/a b.db"
    write(f'# a comment\nexport APP_ENV=test\n\nDATABASE_URL="{url}" # ours\nX=1')
    settings = Settings.from_environment()
    assert settings.environment is Environment.TEST
    assert settings.database_url.database == f"{tmp_path}/a b.db"


def test_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with an empty value, which is not the default of `just` either."""
    write("APP_ENV=development\nDATABASE_URL=postgresql://db.example/clinic")
    monkeypatch.setenv("DEFAULT_APP_ENV", "development")
    for value in ("test", ""):
        monkeypatch.setenv("APP_ENV", value)
        assert read_variables()["APP_ENV"] == value
    monkeypatch.setenv("DATABASE_URL", "sqlite:///:here:")
    assert read_variables()["DATABASE_URL"] == "sqlite:///:here:"


def test_the_file_wins_over_the_default_of_just(monkeypatch: pytest.MonkeyPatch) -> None:
    """`APP_ENV=production` in the file is production for `just seed` as well."""
    monkeypatch.setenv("DEFAULT_APP_ENV", "development")
    assert Settings.from_environment().environment is Environment.DEVELOPMENT
    for line in ("APP_ENV=production", "APP_ENV=", "APP_ENV = 'prod'", "\ufeffAPP_ENV=staging\r"):
        write(f"{line}\n")
        assert Settings.from_environment().environment is Environment.PRODUCTION


def test_files_of_other_folders_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of a parent could name a database that nobody thinks of."""
    write("APP_ENV=test")
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    assert "APP_ENV" not in read_variables()


def test_a_folder_of_that_name_is_ignored() -> None:
    """Some virtual environments are called `.env`."""
    ENV_FILE.mkdir()
    assert read_variables() == dict(os.environ)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("hunter2", 1),
        ("APP_ENV", 1),
        ("APP_ENV=test\n\n# here\nDATABASE_URL postgresql://hunter2@host/name\n", 4),
        ('APP_ENV=test\nDATABASE_URL="hunter2\n', 2),
        ("APP_ENV=test\n=hunter2", 2),
    ],
)
def test_a_wrong_line_is_named_by_its_number(text: str, number: int) -> None:
    """Its content may be a secret. No setting of such a file is used."""
    write(text)
    with pytest.raises(
        InvalidSettings, match=rf"^Line {number} of \.env is not NAME=value"
    ) as told:
        Settings.from_environment()
    assert "hunter2" not in str(told.value)


def test_a_file_that_is_not_text_is_refused() -> None:
    """The message says what to do."""
    ENV_FILE.write_bytes(b"APP_ENV=t\xe9st")
    with pytest.raises(InvalidSettings, match=r"not UTF-8\. Save it as UTF-8"):
        Settings.from_environment()


def test_litestar_may_not_read_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Litestar's commands search the folders above its package, and may find a user's own file."""
    other = tmp_path / "home" / ".env"
    other.parent.mkdir()
    other.write_text("DATABASE_URL=postgresql://production.example/clinic")
    monkeypatch.setattr(application, "READ_BY_LITESTAR", [tmp_path / "none", other])
    with pytest.raises(SystemExit, match=f"Refused. Litestar has read {other}"):
        application.application()
