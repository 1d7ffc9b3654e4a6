"""Read the settings: the environment, the database, and who may call the server."""

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
from app.telemetry_settings import parse_metrics, parse_traces_endpoint
from app.variables import InvalidSettings, read_variables

PROJECT_ROOT = Path(__file__).parents[2]
DEFAULT_DATABASE_FILE = PROJECT_ROOT / "var" / "seedbed.db"
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
LABEL = "[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?"
SQLITE = "sqlite:///"
# A folder may be called `what now? (copy)`, so only this counts as parameters of a URL.
PARAMETERS = re.compile(r"\?[\w.]+=[^/]*$")
HOST_NAME = re.compile(rf"{LABEL}(?:\.{LABEL})*")
# As browsers send it: without the default port of the scheme.
ORIGIN = re.compile(
    r"(http://(?!.*:80$)|https://(?!.*:443$))"
    rf"({HOST_NAME.pattern}|\[[0-9a-f:]+\])(:[1-9][0-9]{{0,4}})?"
)
# `user:password` without `@host`: after the colon there is no port.
MAY_BE_PASSWORD = re.compile(r"[^/\[:]*:(?!\d{0,5}(?:/|$))")
EXPECTED_URLS = (
    "Write sqlite:///path.db or postgresql://user:password@host/name, without the name of a driver."
)
STORAGE_SCHEMES = {"redis", "rediss", "valkey", "valkeys", "redis+unix", "valkey+unix"}
STORAGE_PARAMETERS = {"rediss": {"ssl_cert_reqs"}, "redis+unix": {"db"}}
STORAGE_HOST = re.compile(rf"{HOST_NAME.pattern}|[0-9a-f:.]+", re.IGNORECASE)
EXPECTED_STORAGES = (
    "Write redis://user:password@host:6379/0, rediss:// for TLS, or redis+unix:///path.sock?db=0, "
    "with valkey in place of redis if you like. Percent-encode special characters in the password. "
    "Without RATE_LIMIT_STORAGE, each process counts in its memory."
)
REMOTE_DATABASE = re.compile(r"[^/\s]+/[^/]+")


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"

    @classmethod
    def _missing_(cls, _value: object) -> "Environment":
        return cls.PRODUCTION


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, as read from the environment variables.

    `environment` is production unless APP_ENV is one of the three environments. `app_env` is the
    value of APP_ENV, and `says_environment` tells whether it is one of the three.
    `allowed_hosts` are host names of this server, besides those of loopback.
    `trusted_origins` are other origins whose pages may call this server.
    `remote_database` names the one database on another machine that may be reset, as `host/name`.
    `rate_limit_storage` is where several processes count attempts together.
    `metrics` and `traces_endpoint` turn on what `app.telemetry` measures.
    """

    environment: Environment
    database_url: URL
    says_environment: bool = True
    app_env: str = ""
    allowed_hosts: frozenset[str] = frozenset()
    trusted_origins: frozenset[str] = frozenset()
    remote_database: str | None = None
    rate_limit_storage: URL | None = None
    metrics: bool = False
    traces_endpoint: str | None = None

    @property
    def environment_as_set(self) -> str:
        """The value of APP_ENV for a message: in quotes, or "not set"."""
        value = self.environment if self.says_environment else self.app_env
        return f'"{value}"' if value else "not set"

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] | None = None) -> "Settings":
        """Read the variables that the README lists, by default as `read_variables` finds them.

        Raise `InvalidSettings` for a value that cannot be used.
        """
        if variables is None:
            variables = read_variables()
        return cls(
            environment=Environment(variables.get("APP_ENV", "")),
            database_url=parse_database_url(variables.get("DATABASE_URL", "")),
            says_environment=variables.get("APP_ENV") in set(Environment),
            app_env=variables.get("APP_ENV", ""),
            allowed_hosts=parse_allowed_hosts(variables.get("ALLOWED_HOSTS", "")),
            trusted_origins=parse_trusted_origins(variables.get("TRUSTED_ORIGINS", "")),
            remote_database=parse_remote_database(variables.get("SEED_REMOTE_DATABASE", "")),
            rate_limit_storage=parse_rate_limit_storage(variables.get("RATE_LIMIT_STORAGE", "")),
            metrics=parse_metrics(variables.get("METRICS", "")),
            traces_endpoint=parse_traces_endpoint(variables.get("TRACES_ENDPOINT", "")),
        )


def parse_database_url(text: str) -> URL:
    """Return the database's URL with its driver; an empty text means the default file.

    A relative SQLite path is relative to the current folder.
    """
    if not text:
        return _default_url()
    if text.startswith("sqlite:"):
        return _sqlite_url(text)
    shown = f'DATABASE_URL is "{without_password(text)}"'
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InvalidSettings(f"{shown}, which is not a URL. {EXPECTED_URLS}") from None
    if url.drivername not in DRIVERS:
        raise InvalidSettings(
            f'{shown}, and "{url.drivername}" is not a supported scheme. {EXPECTED_URLS}'
        )
    url = url.set(drivername=DRIVERS[url.drivername])
    try:
        url.get_dialect()().create_connect_args(url)
    except ArgumentError as error:
        raise InvalidSettings(f"{shown}, which cannot be used ({error}). {EXPECTED_URLS}") from None
    return url


def without_password(url: str) -> str:
    """Replace every part of a URL that may hold a password by an ellipsis, for a message."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return "…" if re.search("@|pass", url, re.IGNORECASE) else url
    _, at, place = rest.rpartition("@")  # a password may have an @, a slash and a question mark
    place, query, _ = place.partition("?")
    if not at and MAY_BE_PASSWORD.match(place):
        place = "…"
    return f"{scheme}://{'…@' * bool(at)}{place}{'?…' * bool(query)}"


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
            "Set DATABASE_URL to a SQLite file in a folder that you can write to, such as "
            "sqlite:////home/you/seedbed.db."
        ) from None
    return URL.create(DRIVERS["sqlite"], database=str(file))


def _sqlite_url(text: str) -> URL:
    """Read everything after the slashes as the path: `?`, `#` and `%` are part of it."""
    slashes, path = text[: len(SQLITE)], text[len(SQLITE) :]
    if slashes != SQLITE or path in {"", ":memory:"} or "\0" in path or PARAMETERS.search(path):
        raise InvalidSettings(
            f'DATABASE_URL is "{text}", but it must name one SQLite file and no parameters, such '
            "as sqlite:///folder/file.db (four slashes for an absolute path)."
        )
    try:
        return URL.create(DRIVERS["sqlite"], database=str(_existing_or_new(text, path)))
    except (OSError, RuntimeError) as error:
        raise InvalidSettings(
            f'DATABASE_URL is "{text}", and that file cannot be used ({_reason(error)}). '
            "Name a file in a folder that you can write to."
        ) from None


def _existing_or_new(url: str, path: str) -> Path:
    file = _resolve(Path(path))
    if not file.parent.is_dir():
        raise InvalidSettings(
            f'DATABASE_URL is "{url}", but the folder {file.parent} does not exist. '
            "Create it, or name another folder."
        )
    if file.is_dir():
        raise InvalidSettings(f'DATABASE_URL is "{url}", which is a folder. Name a file in it.')
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
    """Read host names without ports, separated by commas."""
    hosts = _listed(text)
    for host in hosts:
        if not HOST_NAME.fullmatch(host):
            raise InvalidSettings(
                f'ALLOWED_HOSTS has "{host}", which is not a host name. Write the host names of '
                "this server without scheme, port or wildcard, such as clinic.example,api."
            )
    return hosts


def parse_trusted_origins(text: str) -> frozenset[str]:
    """Read origins, separated by commas, each exactly as browsers send it."""
    origins = _listed(text)
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise InvalidSettings(
                f'TRUSTED_ORIGINS has "{origin}", which is not an origin as '
                "browsers send it. Write http:// or https://, the host, and the port unless it is "
                "the default of the scheme (80 or 443), without wildcard, path or final slash, "
                "such as http://localhost:5173,https://clinic.example."
            )
    return origins


def _listed(text: str) -> frozenset[str]:
    return frozenset(each.strip().lower() for each in text.split(",") if each.strip())


def parse_remote_database(text: str) -> str | None:
    """Read the host and the name of a database."""
    if text and not REMOTE_DATABASE.fullmatch(text):
        raise InvalidSettings(
            f'SEED_REMOTE_DATABASE is "{without_password(text)}". Write the host and the name of '
            "the one database on another machine that may be reset, such as db.example/clinic_dev."
        )
    return text or None


def parse_rate_limit_storage(text: str) -> URL | None:
    """Return the URL of a Redis or Valkey server, with its scheme in terms of Redis."""
    if not text:
        return None
    shown = f'RATE_LIMIT_STORAGE is "{without_password(text)}"'
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InvalidSettings(f"{shown}, which is not a URL. {EXPECTED_STORAGES}") from None
    if url.drivername not in STORAGE_SCHEMES:
        raise InvalidSettings(
            f'{shown}, and "{url.drivername}" is not a supported scheme. {EXPECTED_STORAGES}'
        )
    url = url.set(drivername=url.drivername.replace("valkey", "redis"))
    if problem := _find_storage_problem(url):
        raise InvalidSettings(f"{shown}, {problem}. {EXPECTED_STORAGES}")
    return url


def _find_storage_problem(url: URL) -> str | None:
    is_socket = url.drivername == "redis+unix"
    number = url.query.get("db", "0") if is_socket else url.database or "0"
    unknown = sorted(url.query.keys() - STORAGE_PARAMETERS.get(url.drivername, set()))
    problems = {
        "which names no socket": is_socket and not url.database,
        "which names no host": not is_socket and not STORAGE_HOST.fullmatch(url.host or ""),
        "and its port is not between 1 and 65535": not 0 < (url.port or 1) < 2**16,
        f'and "{"".join(unknown[:1])}" is not a parameter of this scheme': unknown,
        "and ssl_cert_reqs must be none or required": (
            url.query.get("ssl_cert_reqs", "none") not in {"none", "required"}
        ),
        "and its database must be a number": not re.fullmatch("[0-9]+", str(number)),
    }
    return next((problem for problem, found in problems.items() if found), None)
