"""What the environment decides, and what it may not say."""

import os
from pathlib import Path

import pytest

from app.settings import (
    DEFAULT_DATABASE_FILE,
    Environment,
    Settings,
    parse_database_url,
    parse_trusted_origins,
    without_password,
)
from app.variables import InvalidSettings


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("development", Environment.DEVELOPMENT),
        ("test", Environment.TEST),
        ("production", Environment.PRODUCTION),
        ("", Environment.PRODUCTION),
        ("Development", Environment.PRODUCTION),
        ("dev", Environment.PRODUCTION),
        (" development", Environment.PRODUCTION),
    ],
)
def test_anything_but_a_known_environment_means_production(given: str, meant: Environment) -> None:
    """A typing error must not open the door."""
    assert Settings.from_environment({"APP_ENV": given}).environment is meant


def test_nothing_at_all_means_production_and_the_default_file() -> None:
    """An empty environment is the safe one."""
    settings = Settings.from_environment({})
    assert settings.environment is Environment.PRODUCTION
    assert settings.database_url.database == str(DEFAULT_DATABASE_FILE)


def test_a_relative_path_starts_at_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with every tool that takes such a URL."""
    monkeypatch.chdir(tmp_path)
    assert parse_database_url("sqlite:///some.db").database == str(tmp_path / "some.db")


def test_the_driver_is_our_business() -> None:
    """URLs name databases, and we choose what connects."""
    assert parse_database_url("postgresql://u:p@host:5433/n").drivername == "postgresql+psycopg"
    assert parse_database_url("sqlite:////tmp/a.db").drivername == "sqlite+aiosqlite"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://user:secret@host/name",
        "postgres://user:secret@host/name",
        "postgresql+asyncpg://user:secret@host/name",
        "sqlite+aiosqlite:///some.db",
        "host/name",
        "postgresql://user:secret@host:port/name",
        "postgresql://user:secret@host/name?port=x",
    ],
)
def test_another_scheme_is_refused_with_the_two_that_we_take(url: str) -> None:
    """The message shows the value without its password, and says what to write."""
    with pytest.raises(InvalidSettings) as refused:
        parse_database_url(url)
    assert str(refused.value).startswith(f'DATABASE_URL is "{without_password(url)}"')
    assert "sqlite:///path.db" in str(refused.value)
    assert "postgresql://user:password@host/name" in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mysql://host:3306/name", "mysql://host:3306/name"),
        ("mysql://[::1]:3306/name", "mysql://[::1]:3306/name"),
        ("mysql://user:secret@host:port/name", "mysql://…@host:port/name"),
        ("mysql://user:s@c/r?e:t@host/name", "mysql://…@host/name"),
        ("mysql://host/name?password=secret", "mysql://host/name?…"),
        ("mysql://user:secret", "mysql://…"),
        ("mysql://user:1secret/name", "mysql://…"),
        ("host=localhost password=secret", "…"),
        ("user:secret@host/name", "…"),
        ("host/name", "host/name"),
    ],
)
def test_a_message_never_shows_a_password(url: str, shown: str) -> None:
    """The scheme, the host and the name of the database are shown."""
    assert without_password(url) == shown


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({"APP_ENV": "staging"}, '"staging"'),
        ({"APP_ENV": "test"}, '"test"'),
        ({"APP_ENV": ""}, "not set"),
        ({}, "not set"),
    ],
)
def test_messages_quote_the_value_of_app_env(variables: dict[str, str], shown: str) -> None:
    """A reader sees the typing error."""
    assert Settings.from_environment(variables).environment_as_set == shown


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite://some.db", "sqlite:///a?b=c"]
)
def test_a_sqlite_url_must_name_a_file(url: str) -> None:
    """A database in memory would be another one for each connection."""
    with pytest.raises(InvalidSettings, match="must name one SQLite file"):
        parse_database_url(url)


def test_the_folder_of_a_sqlite_file_must_exist(tmp_path: Path) -> None:
    """A misspelled folder is not created."""
    with pytest.raises(InvalidSettings, match="does not exist"):
        parse_database_url(f"sqlite:///{tmp_path}/missing/some.db")


def test_a_sqlite_url_that_names_a_pipe_or_a_device_is_refused(tmp_path: Path) -> None:
    """SQLite itself would say that the disk is full, or cannot be read."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "/dev/null"):
        with pytest.raises(InvalidSettings, match="not a regular file"):
            parse_database_url(f"sqlite:///{path}")


def test_a_sqlite_url_that_names_a_folder_is_refused(tmp_path: Path) -> None:
    """SQLite itself would only say that it is unable to open it."""
    with pytest.raises(InvalidSettings, match="is a folder"):
        parse_database_url(f"sqlite:///{tmp_path}")


def test_a_link_to_a_sqlite_file_is_that_file(tmp_path: Path) -> None:
    """Two names of one database must not have two locks."""
    (tmp_path / "link.db").symlink_to(tmp_path / "file.db")
    assert parse_database_url(f"sqlite:///{tmp_path}/link.db").database == str(
        tmp_path.resolve() / "file.db"
    )


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("", set()),
        (" , ", set()),
        ("http://localhost:5173", {"http://localhost:5173"}),
        (" HTTP://LocalHost:5173 ,", {"http://localhost:5173"}),
        (
            "https://clinic.example,http://[::1]:3000",
            {"https://clinic.example", "http://[::1]:3000"},
        ),
        (
            "http://localhost:443,https://clinic.example:80",
            {"http://localhost:443", "https://clinic.example:80"},
        ),
    ],
)
def test_origins_are_trusted_as_browsers_send_them(given: str, meant: set[str]) -> None:
    """Commas separate them, spaces and the case of letters say nothing."""
    assert Settings.from_environment({"TRUSTED_ORIGINS": given}).trusted_origins == meant


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "localhost",
        "localhost:5173",
        "//localhost:5173",
        "http://",
        "http://*",
        "http://*.example",
        "http://localhost:*",
        "http://localhost:",
        "http://localhost:0",
        "http://localhost:port",
        "http://localhost:5173/",
        "http://localhost:5173/page",
        "http://localhost:5173?query",
        "http://user@localhost:5173",
        "http://localhost:5173 http://localhost:3000",
        "http://::1",
        "ws://localhost:5173",
        "file://",
        # A browser leaves these ports out.
        "http://localhost:80",
        "https://clinic.example:443",
    ],
)
def test_what_no_browser_sends_cannot_be_trusted(origin: str) -> None:
    """It would trust nobody, or more than was meant; the sentence says what to write."""
    with pytest.raises(InvalidSettings) as refused:
        parse_trusted_origins(f"https://clinic.example,{origin}")
    assert str(refused.value).startswith(f'TRUSTED_ORIGINS has "{origin}"')
    assert "http://localhost:5173" in str(refused.value)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("", None),
        ("redis://host", "redis://host"),
        ("valkey://user:p%40ss@host:6380/2", "redis://user:p%40ss@host:6380/2"),
        ("valkeys://[::1]/0?ssl_cert_reqs=none", "rediss://[::1]/0?ssl_cert_reqs=none"),
        ("valkey+unix:///run/v.sock?db=3", "redis+unix:///run/v.sock?db=3"),
    ],
)
def test_attempts_are_counted_in_redis_or_valkey(given: str, meant: str | None) -> None:
    """Both speak the same protocol; without the setting there is no storage."""
    url = Settings.from_environment({"RATE_LIMIT_STORAGE": given}).rate_limit_storage
    assert (url and url.render_as_string(hide_password=False)) == meant


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("host", "is not a URL"),
        ("redis://user:secret@host:port", "is not a URL"),
        ("redis://:secret", "is not a URL"),
        ("memcached://user:secret@host", '"memcached" is not a supported scheme'),
        ("async+redis://host", '"async+redis" is not a supported scheme'),
        ("redis:///0", "names no host"),
        ("redis://user:some@secret@host", "names no host"),
        ("redis+unix://:secret@", "names no socket"),
        ("redis://host:65536", "its port is not between 1 and 65535"),
        ("redis://host/name", "its database must be a number"),
        ("redis://host?password=secret", '"password" is not a parameter of this scheme'),
        ("rediss://host?ssl_cert_reqs=secret", "ssl_cert_reqs must be none or required"),
    ],
)
def test_another_storage_is_refused_with_those_that_we_take(url: str, reason: str) -> None:
    """The message names the reason and what to write, and shows no password."""
    with pytest.raises(InvalidSettings) as refused:
        Settings.from_environment({"RATE_LIMIT_STORAGE": url})
    message = str(refused.value)
    assert reason in message
    assert message.startswith(f'RATE_LIMIT_STORAGE is "{without_password(url)}"')
    assert "redis://user:password@host:6379/0" in message
    assert "secret" not in message
