"""What the environment decides: which environment this is, and where the database lives."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

PROJECT_ROOT = Path(__file__).parents[2]
DEFAULT_DATABASE_FILE = PROJECT_ROOT / "var" / "seedbed.db"
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}


class InvalidSettings(Exception):
    """A setting that cannot be used; the message says what to write instead."""


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"

    @classmethod
    def _missing_(cls, _value: object) -> "Environment":
        return cls.PRODUCTION


@dataclass(frozen=True, slots=True)
class Settings:
    environment: Environment
    database_url: URL

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> "Settings":
        """Read `APP_ENV` and `DATABASE_URL`.

        Raises `InvalidSettings` for a database that we cannot use.
        """
        return cls(
            environment=Environment(variables.get("APP_ENV", "")),
            database_url=parse_database_url(variables.get("DATABASE_URL", "")),
        )


def parse_database_url(text: str) -> URL:
    """Turn a URL as people write it into one that names the driver; empty means the default file.

    A relative SQLite path starts at the current folder.
    """
    if not text:
        DEFAULT_DATABASE_FILE.parent.mkdir(exist_ok=True)
        text = f"sqlite:///{DEFAULT_DATABASE_FILE}"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InvalidSettings(_expected_forms("DATABASE_URL is not a URL")) from None
    if url.drivername not in DRIVERS:
        raise InvalidSettings(_expected_forms(f"DATABASE_URL has the scheme {url.drivername!r}"))
    url = url.set(drivername=DRIVERS[url.drivername])
    return _with_file(url) if url.get_backend_name() == "sqlite" else url


def _with_file(url: URL) -> URL:
    if url.host or url.query or url.database in (None, "", ":memory:"):
        raise InvalidSettings(
            "DATABASE_URL must name one SQLite file, as in sqlite:///folder/file.db "
            "(four slashes for an absolute path): the seed needs a database that lasts."
        )
    # One file, one lock: a link to it is the same database.
    file = Path(str(url.database)).resolve()
    if not file.parent.is_dir():
        raise InvalidSettings(
            f"The folder {file.parent} of DATABASE_URL does not exist: create it or name another."
        )
    if file.is_dir():
        raise InvalidSettings(f"{file} of DATABASE_URL is a folder: name a file in it.")
    return url.set(database=str(file))


def _expected_forms(problem: str) -> str:
    return (
        f"{problem}, but Seedbed speaks to two databases: write sqlite:///path.db "
        "or postgresql://user:password@host/name, without the name of a driver."
    )
