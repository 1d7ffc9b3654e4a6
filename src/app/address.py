"""Which database this is, by the name that people, its mark and the settings call it."""

import os
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any

from sqlalchemy import Connection, text

POSTGRESQL_PORT = 5432
POSTGRESQL_IDENTITY = text(
    # A server may keep the first part to itself.
    "SELECT CASE WHEN has_function_privilege('pg_control_system()', 'EXECUTE')"
    " THEN (SELECT system_identifier::text FROM pg_control_system()) ELSE '' END || ':' || oid"
    " FROM pg_database WHERE datname = current_database()"
)


@dataclass(frozen=True, slots=True)
class Address:
    """`name` is the path of a file, or `host/name`, with the port if it is not the usual one.

    The host of a database on this machine is `localhost`, whichever way in was taken. `identity`
    is the same by every name: a file's device and number, PostgreSQL's cluster and database.
    """

    kind: str
    name: str
    is_local: bool
    identity: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def address_of(connection: Connection) -> Address:
    """Ask the open connection: a URL leaves room for variables and services to fill in."""
    if connection.dialect.name == "sqlite":
        name = str(connection.engine.url.database)
        return Address("SQLite file", name, is_local=True, identity=file_identity(name))
    info: Any = connection.connection.driver_connection.info  # type: ignore[union-attr]
    is_local = is_on_this_machine(info.host, info.hostaddr)
    host = "localhost" if is_local else info.host.lower()
    if host == "localhost" and not is_local:
        host = info.hostaddr  # a name that was led elsewhere must not pass for this machine's
    if ":" in host:
        host = f"[{host}]"
    if info.port != POSTGRESQL_PORT:
        host = f"{host}:{info.port}"
    identity = connection.scalar(POSTGRESQL_IDENTITY)
    return Address("PostgreSQL database", f"{host}/{info.dbname}", is_local, str(identity))


def file_identity(name: str) -> str:
    """Tell a file from others that had its name before; empty if there is none."""
    try:
        file = os.stat(name)  # noqa: PTH116 - for each transaction, where a Path is not free
    except OSError:
        return ""
    return f"{file.st_dev}:{file.st_ino}"


def is_on_this_machine(host: str, ip: str) -> bool:
    """Tell by the IP that was connected to; a Unix socket has none, and a path for a host."""
    if host.startswith(("/", "@")):
        return True
    address = ip_address(ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback
