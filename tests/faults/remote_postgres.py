"""Run in another network namespace: makes a PostgreSQL server another machine's port.

Arguments: where to forward to (a Unix socket, or host:port), the address that this machine is to
have, and the ports to listen on; a port with a host before it listens on that host alone.
"""

import asyncio
import fcntl
import socket
import struct
import sys
from contextlib import suppress

SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK = 0x8914, 0x8916, 0x891C
IFF_UP = 1


def bring_up(name: str, address: str) -> None:
    """Return an interface an address. https://man7.org/linux/man-pages/man7/netdevice.7.html"""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as anything:
        for request, value in ((SIOCSIFADDR, address), (SIOCSIFNETMASK, "255.255.255.255")):
            family = struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(value))
            fcntl.ioctl(anything, request, struct.pack("16s16s", name.encode(), family))
        fcntl.ioctl(anything, SIOCSIFFLAGS, struct.pack("16sH14x", name.encode(), IFF_UP))


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def forward(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        if target.startswith("/"):
            to, fro = await asyncio.open_unix_connection(target)
        else:
            host, _, port = target.rpartition(":")
            to, fro = await asyncio.open_connection(host, int(port))
        await asyncio.gather(copy(reader, fro), copy(to, writer))


async def main(target: str, address: str, *ports: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as anything:
        fcntl.ioctl(anything, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
    bring_up("lo:1", address)
    for each in ports:
        alone, _, port = each.rpartition(":")
        for host in (alone,) if alone else (address, "127.0.0.1", "127.0.0.2"):
            await asyncio.start_server(lambda r, w: forward(target, r, w), host, int(port))
        if not alone:
            with suppress(OSError):  # a machine without IPv6
                await asyncio.start_server(lambda r, w: forward(target, r, w), "::1", int(port))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
