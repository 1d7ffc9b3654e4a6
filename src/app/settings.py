"""What the environment decides: which environment this is, where the database lives, who calls."""

import errno
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.private_files import create_private_folder, restrict_to_owner

PROJECT_ROOT = Path(__file__).parents[2]
DEFAULT_DATABASE_FILE = PROJECT_ROOT / "var" / "seedbed.db"
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
LABEL = "[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?"
SQLITE = "sqlite:///"
# What a URL's parameters look like; a folder may be called `what now? (copy)`.
PARAMETERS = re.compile(r"\?[\w.]+=[^/]*$")
HOST_NAME = re.compile(rf"{LABEL}(?:\.{LABEL})*")
# As browsers send it: they leave out the port that is the scheme's own.
ORIGIN = re.compile(
    r"(http://(?!.*:80$)|https://(?!.*:443$))"
    rf"({HOST_NAME.pattern}|\[[0-9a-f:]+\])(:[1-9][0-9]{{0,4}})?"
)
REMOTE_DATABASE = re.compile(r"[^/\s]+/[^/]+")


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
    """`allowed_hosts` are names that a request may call this server by, besides loopback's.

    `trusted_origins` are those whose pages may call it although it is of another origin.
    `remote_database` is the one that may be reset although it is not on this machine, `host/name`.
    The environment is production's also when no known one was said.
    """

    environment: Environment
    database_url: URL
    says_environment: bool = True
    allowed_hosts: frozenset[str] = frozenset()
    trusted_origins: frozenset[str] = frozenset()
    remote_database: str | None = None

    @property
    def environment_as_set(self) -> str:
        """What a message says of APP_ENV."""
        if self.says_environment:
            return f'"{self.environment}"'
        return "not set to development, test or production"

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> "Settings":
        """Read the variables that the README lists.

        Raises `InvalidSettings` for one that cannot be used.
        """
        return cls(
            environment=Environment(variables.get("APP_ENV", "")),
            database_url=parse_database_url(variables.get("DATABASE_URL", "")),
            says_environment=variables.get("APP_ENV") in set(Environment),
            allowed_hosts=parse_allowed_hosts(variables.get("ALLOWED_HOSTS", "")),
            trusted_origins=parse_trusted_origins(variables.get("TRUSTED_ORIGINS", "")),
            remote_database=parse_remote_database(variables.get("SEED_REMOTE_DATABASE", "")),
        )


def parse_database_url(text: str) -> URL:
    """Turn a URL as people write it into one that names the driver; empty means the default file.

    A relative SQLite path starts at the current folder.
    """
    if not text:
        return _default_url()
    if text.startswith("sqlite:"):
        return _sqlite_url(text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InvalidSettings(_expected_forms("DATABASE_URL is not a URL")) from None
    if url.drivername not in DRIVERS:
        raise InvalidSettings(_expected_forms(f"DATABASE_URL has the scheme {url.drivername!r}"))
    url = url.set(drivername=DRIVERS[url.drivername])
    try:
        url.get_dialect()().create_connect_args(url)
    except ArgumentError as error:
        raise InvalidSettings(_expected_forms(f"DATABASE_URL cannot be used ({error})")) from None
    return url


def _default_url() -> URL:
    try:
        create_private_folder(DEFAULT_DATABASE_FILE.parent)
        if DEFAULT_DATABASE_FILE.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        file = _resolve(DEFAULT_DATABASE_FILE)
        _check_can_exist(file)
    except (OSError, RuntimeError) as error:
        raise InvalidSettings(
            f"Cannot use the default database {DEFAULT_DATABASE_FILE} ({_reason(error)}). "
            "Set DATABASE_URL to a SQLite file in a folder that you can write to, as in "
            "sqlite:////home/you/seedbed.db."
        ) from None
    return URL.create(DRIVERS["sqlite"], database=str(file))


def _sqlite_url(text: str) -> URL:
    """Take all that follows the slashes for a path: `?`, `#` and `%` are letters of it."""
    slashes, path = text[: len(SQLITE)], text[len(SQLITE) :]
    if slashes != SQLITE or path in {"", ":memory:"} or "\0" in path or PARAMETERS.search(path):
        raise InvalidSettings(
            "DATABASE_URL must name one SQLite file and no parameters, as in "
            "sqlite:///folder/file.db (four slashes for an absolute path): the seed needs a "
            "database that lasts."
        )
    try:
        return URL.create(DRIVERS["sqlite"], database=str(_existing_or_new(Path(path))))
    except (OSError, RuntimeError) as error:
        raise InvalidSettings(
            f"{path} of DATABASE_URL cannot be used ({_reason(error)}). "
            "Name a file in a folder that you can write to."
        ) from None


def _existing_or_new(file: Path) -> Path:
    file = _resolve(file)
    if not file.parent.is_dir():
        raise InvalidSettings(
            f"The folder {file.parent} of DATABASE_URL does not exist: create it or name another."
        )
    if file.is_dir():
        raise InvalidSettings(f"{file} of DATABASE_URL is a folder: name a file in it.")
    _check_can_exist(file)
    return file


def _resolve(file: Path) -> Path:
    """Follow links, because one file has one lock, and restrict the default file to its owner."""
    file = file.resolve()
    folder = DEFAULT_DATABASE_FILE.parent
    if file == folder.resolve() / DEFAULT_DATABASE_FILE.name:
        restrict_to_owner(folder)
        for each in folder.glob(f"{file.name}*"):
            restrict_to_owner(each)
    return file


def _check_can_exist(file: Path) -> None:
    """Raise `OSError` if the file neither exists nor can be created, or is a pipe or a device."""
    if file.exists():
        if not file.is_file():
            raise OSError(errno.EINVAL, "it is not a regular file")
    else:
        file.parent.stat()
        if not os.access(file.parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "its folder is not writable")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or "its links lead in a circle"


def parse_allowed_hosts(text: str) -> frozenset[str]:
    """Read names that commas separate, without ports."""
    hosts = _listed(text)
    for host in hosts:
        if not HOST_NAME.fullmatch(host):
            raise InvalidSettings(
                f"ALLOWED_HOSTS has {host!r}, which is no host name: write the names by which "
                "this server is called, without scheme, port or wildcard, as in "
                "clinic.example,api."
            )
    return hosts


def parse_trusted_origins(text: str) -> frozenset[str]:
    """Read origins that commas separate, each exactly as browsers send it."""
    origins = _listed(text)
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise InvalidSettings(
                f"TRUSTED_ORIGINS has {origin!r}, which is no origin as browsers send it: write "
                "http:// or https://, the host, and the port unless it is the scheme's own (80 or "
                "443), without wildcard or path, not even a slash at the end, as in "
                "http://localhost:5173,https://clinic.example."
            )
    return origins


def _listed(text: str) -> frozenset[str]:
    return frozenset(each.strip().lower() for each in text.split(",") if each.strip())


def parse_remote_database(text: str) -> str | None:
    if text and not REMOTE_DATABASE.fullmatch(text):
        raise InvalidSettings(
            f"SEED_REMOTE_DATABASE is {text!r}: write the host and the name of the one database "
            "that may be reset although it is not on this machine, as in db.example/clinic_dev."
        )
    return text or None


def _expected_forms(problem: str) -> str:
    return (
        f"{problem}, but Seedbed speaks to two databases: write sqlite:///path.db "
        "or postgresql://user:password@host/name, without the name of a driver."
    )
