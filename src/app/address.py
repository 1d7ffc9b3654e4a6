"""Which database this is, by the name that people, its mark and the settings call it."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any

from sqlalchemy import Connection

POSTGRESQL_PORT = 5432


@dataclass(frozen=True, slots=True)
class Address:
    """`name` is the path of a file, or `host/name`, with the port if it is not the usual one.

    The host of a database on this machine is `localhost`, whichever way in was taken.
    """

    kind: str
    name: str
    is_local: bool

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def address_of(connection: Connection) -> Address:
    """Ask the open connection: a URL leaves room for variables and services to fill in."""
    if connection.dialect.name == "sqlite":
        return Address("SQLite file", str(connection.engine.url.database), is_local=True)
    info: Any = connection.connection.driver_connection.info  # type: ignore[union-attr]
    is_local = is_on_this_machine(info.host, info.hostaddr)
    host = "localhost" if is_local else info.host.lower()
    if host == "localhost" and not is_local:
        host = info.hostaddr  # a name that was led elsewhere must not pass for this machine's
    if ":" in host:
        host = f"[{host}]"
    if info.port != POSTGRESQL_PORT:
        host = f"{host}:{info.port}"
    return Address("PostgreSQL database", f"{host}/{info.dbname}", is_local)


def is_on_this_machine(host: str, ip: str) -> bool:
    """Tell by the IP that was connected to; a Unix socket has none, and a path for a host."""
    if host.startswith(("/", "@")):
        return True
    address = ip_address(ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback
