"""Settings from environment variables: the environment, the database, and who may call."""

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
# URL parameters; a folder may be called `what now? (copy)`.
PARAMETERS = re.compile(r"\?[\w.]+=[^/]*$")
HOST_NAME = re.compile(rf"{LABEL}(?:\.{LABEL})*")
# As browsers send it, without the default port of the scheme.
ORIGIN = re.compile(
    r"(http://(?!.*:80$)|https://(?!.*:443$))"
    rf"({HOST_NAME.pattern}|\[[0-9a-f:]+\])(:[1-9][0-9]{{0,4}})?"
)
REMOTE_DATABASE = re.compile(r"[^/\s]+/[^/]+")


class InvalidSettings(Exception):
    """A setting that cannot be used; the message says what to set instead."""


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"

    @classmethod
    def _missing_(cls, _value: object) -> "Environment":
        return cls.PRODUCTION


@dataclass(frozen=True, slots=True)
class Settings:
    """`allowed_hosts` are the host names of this server, in addition to loopback names.

    `trusted_origins` are the other origins whose pages may call it. `remote_database` is the one
    database on another machine that may be reset, as `host/name`. The environment is production
    if APP_ENV has no known value.
    """

    environment: Environment
    database_url: URL
    says_environment: bool = True
    allowed_hosts: frozenset[str] = frozenset()
    trusted_origins: frozenset[str] = frozenset()
    remote_database: str | None = None

    @property
    def environment_as_set(self) -> str:
        """The value of APP_ENV in messages."""
        if self.says_environment:
            return f'"{self.environment}"'
        return "not set to development, test or production"

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> "Settings":
        """Read the variables that the README lists.

        Raises `InvalidSettings`.
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
    """Return the URL with the name of the driver. An empty text means the default file.

    A relative SQLite path is relative to the current folder.
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
    """Read all text after the slashes as a path, in which `?`, `#` and `%` are ordinary."""
    slashes, path = text[: len(SQLITE)], text[len(SQLITE) :]
    if slashes != SQLITE or path in {"", ":memory:"} or "\0" in path or PARAMETERS.search(path):
        raise InvalidSettings(
            "DATABASE_URL must name one SQLite file and no parameters, as in "
            "sqlite:///folder/file.db (four slashes for an absolute path). A database in memory "
            "cannot be seeded."
        )
    try:
        return URL.create(DRIVERS["sqlite"], database=str(_existing_or_new(Path(path))))
    except (OSError, RuntimeError) as error:
        raise InvalidSettings(
            f"{path} in DATABASE_URL cannot be used ({_reason(error)}). "
            "Name a file in a folder that you can write to."
        ) from None


def _existing_or_new(file: Path) -> Path:
    file = _resolve(file)
    if not file.parent.is_dir():
        raise InvalidSettings(
            f"The folder {file.parent} in DATABASE_URL does not exist. Create it, or name another."
        )
    if file.is_dir():
        raise InvalidSettings(f"{file} in DATABASE_URL is a folder. Name a file in it.")
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
    return getattr(error, "strerror", None) or "its symbolic links form a loop"


def parse_allowed_hosts(text: str) -> frozenset[str]:
    """Read a comma-separated list of host names without ports."""
    hosts = _listed(text)
    for host in hosts:
        if not HOST_NAME.fullmatch(host):
            raise InvalidSettings(
                f"ALLOWED_HOSTS has {host!r}, which is not a host name. List the host names of "
                "this server, without scheme, port or wildcard, as in clinic.example,api."
            )
    return hosts


def parse_trusted_origins(text: str) -> frozenset[str]:
    """Read a comma-separated list of origins, each exactly as browsers send it."""
    origins = _listed(text)
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise InvalidSettings(
                f"TRUSTED_ORIGINS has {origin!r}, which is not an origin as browsers send it. "
                "Write http:// or https://, the host, and the port unless it is the default (80 or "
                "443), without wildcard, path or final slash, as in "
                "http://localhost:5173,https://clinic.example."
            )
    return origins


def _listed(text: str) -> frozenset[str]:
    return frozenset(each.strip().lower() for each in text.split(",") if each.strip())


def parse_remote_database(text: str) -> str | None:
    if text and not REMOTE_DATABASE.fullmatch(text):
        raise InvalidSettings(
            f"SEED_REMOTE_DATABASE is {text!r}. Write the host and the name of the one remote "
            "database that may be reset, as in db.example/clinic_dev."
        )
    return text or None


def _expected_forms(problem: str) -> str:
    return (
        f"{problem}. Write sqlite:///path.db or postgresql://user:password@host/name, "
        "without the name of a driver."
    )
