"""The name, location and identity of the database of an open connection."""

import os
import socket
from asyncio import get_running_loop
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.util import await_only

POSTGRESQL_PORT = 5432
LEADS_TO = "name leads to address"  # the key of a connection's info
POSTGRESQL_SERVER = text(
    # A pooler may map a name to another database, and a tunnel to another machine.
    "SELECT current_database() AS database, host(inet_server_addr()) AS ip,"
    " (SELECT oid FROM pg_database WHERE datname = current_database()) AS oid,"
    " has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') AS tells_system"
)
POSTGRESQL_SYSTEM = text("SELECT system_identifier FROM pg_catalog.pg_control_system()")


@dataclass(frozen=True, slots=True)
class Address:
    """A database, by the name that messages, its mark and the settings use.

    `name` is the path of a file, or `host/name`, with the port if it is not 5432. The host of a
    database on this machine is `localhost`. `identity` is the same under every name: a file's
    device and inode, PostgreSQL's system identifier and database. `forwarded_to` is the address
    of the server itself, if a program on this machine forwards the connection to it.
    """

    kind: str
    name: str
    is_local: bool
    identity: str
    forwarded_to: str | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def is_file(self) -> bool:
        return self.kind == SQLITE

    @property
    def other_links(self) -> int:
        """Count the other names (hard links) that the file has; 0 for a PostgreSQL database."""
        try:
            return max(Path(self.name).stat().st_nlink - 1, 0) if self.is_file else 0
        except OSError:
            return 0  # deleted; the end of the transaction reports it


SQLITE, POSTGRESQL = "SQLite file", "PostgreSQL database"


def address_of(connection: Connection) -> Address:
    """Ask the open connection: variables, service files and links can redirect a URL."""
    if connection.dialect.name == "sqlite":
        name = str(connection.engine.url.database)
        return Address(SQLITE, name, is_local=True, identity=file_identity(name))
    info: Any = connection.connection.driver_connection.info  # type: ignore[union-attr]
    server = connection.execute(POSTGRESQL_SERVER).one()
    forwarded_to = server.ip if is_loopback(info.hostaddr) and not is_loopback(server.ip) else None
    host = _host_name(connection, info.host, info.hostaddr)
    if info.port != POSTGRESQL_PORT:
        host = f"{host}:{info.port}"
    system = connection.scalar(POSTGRESQL_SYSTEM) if server.tells_system else ""
    return Address(
        POSTGRESQL,
        f"{host}/{server.database}",
        is_local=is_loopback(info.hostaddr) and forwarded_to is None,
        identity=f"{system}:{server.oid}",
        forwarded_to=forwarded_to,
    )


def file_identity(name: str) -> str:
    """Return the device and inode of a file, or an empty text if there is none."""
    try:
        file = os.stat(name)  # noqa: PTH116 - faster, and called for each transaction
    except OSError:
        return ""
    return f"{file.st_dev}:{file.st_ino}"


def is_same_database(one: str, other: str) -> bool:
    """Compare two identities.

    A role that may not read PostgreSQL's system identifier knows only the database's part. If that
    is equal, the databases count as the same.
    """
    if not one or not other:
        return False
    (system, _, part), (other_system, _, other_part) = one.partition(":"), other.partition(":")
    return part == other_part and (system == other_system or not (system and other_system))


def is_loopback(ip: str | None) -> bool:
    """Return whether an IP address is a loopback address; a Unix socket has none, and counts."""
    if not ip:
        return True
    address = ip_address(ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback


def _host_name(connection: Connection, host: str, ip: str) -> str:
    """Return the requested name only if it resolves to the IP address of the connection."""
    if is_loopback(ip):
        return "localhost"
    if LEADS_TO not in connection.info:
        connection.info[LEADS_TO] = host == ip or ip in await_only(_resolve(host))
    name = host.lower() if connection.info[LEADS_TO] else ip
    return f"[{name}]" if ":" in name else name


async def _resolve(host: str) -> frozenset[str]:
    try:
        found = await get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return frozenset()
    return frozenset(str(address[0]) for *_, address in found)
