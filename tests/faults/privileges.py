"""Processes that have fewer rights than this one, or are in a namespace with a disk or network of
its own, which is gone with the last of them.
"""

import ctypes
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from requirements import lacking

CAPABILITY_VERSION_3 = 0x20080522
WITHOUT_CAPABILITIES = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--")
# What `nsenter` calls them. In this order: entering the first gives the right to enter the others.
NAMESPACES = {
    "user": ("--user", "--preserve-credentials"),
    "net": ("--net",),
    "mnt": ("--mount",),
}
libc = ctypes.CDLL(None, use_errno=True)


def give_up_capabilities() -> None:
    """Have root respect the rights of files. https://man7.org/linux/man-pages/man2/capset.2.html"""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    _succeed(libc.capset(header, none))


@contextmanager
def holding_namespaces(
    *command: str, disk: bool = False, network: bool = False, like: int | None = None
) -> Iterator[int]:
    """Run a command in new namespaces until the end of the block; return its process id.

    The command says `ready`, and ends when its input does. It runs as the user and group
    of this process, or of the process `like`, and is root in its namespaces.
    """
    foreign = like is not None and Path(f"/proc/{like}").stat().st_uid != os.geteuid()
    prefix = [
        *(_becoming(Path(f"/proc/{like}").stat()) if foreign else ()),
        "unshare",
        *(("--user", "--map-root-user") if foreign or os.geteuid() else ()),
        *(("--mount",) if disk else ()),
        *(("--net",) if network else ()),
    ]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*prefix, *command], stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stderr
        try:
            if holder.stdout.readline() != "ready\n":
                lacking(
                    "This needs root with CAP_SYS_ADMIN, or a system where every user may have "
                    f"namespaces: {holder.stderr.read()}"
                )
            yield holder.pid
        finally:
            holder.kill()


@contextmanager
def small_disk(folder: Path, kilobytes: int, like: int | None = None) -> Iterator[int]:
    """Have a small disk mounted on a folder, in a namespace whose holder is given.

    It has a folder for databases, and a file to fill it up with: others than the user of the
    namespace can write what is there, and make nothing.
    """
    script = (
        f'mount -t tmpfs -o size={kilobytes}k none "$0" && cd "$0" && touch filler && '
        "mkdir databases && echo ready && exec cat"
    )
    with holding_namespaces("sh", "-c", script, str(folder), disk=True, like=like) as holder:
        yield holder


def seen_by(holder: int, folder: Path) -> Path:
    """Return the path by which others reach what the holder of a namespace calls `folder`."""
    return Path(f"/proc/{holder}/root{folder}")


def enter(holder: int, variables: Mapping[str, str] | None = None) -> None:
    """Go into the namespaces of a process, and have the environment that a command would have.

    https://man7.org/linux/man-pages/man2/setns.2.html
    """
    os.environ.update(variables or {})
    for name in _other_namespaces(holder):
        with Path(f"/proc/{holder}/ns/{name}").open() as namespace:
            _succeed(libc.setns(namespace.fileno(), 0))


def entering(holder: int) -> tuple[str, ...]:
    """Return the words to put before a command that is to run in the namespaces of a process."""
    options = (option for name in _other_namespaces(holder) for option in NAMESPACES[name])
    return ("nsenter", f"--target={holder}", *options, "--")


def _other_namespaces(holder: int) -> list[str]:
    own, its = Path("/proc/self/ns"), Path(f"/proc/{holder}/ns")
    return [name for name in NAMESPACES if (own / name).readlink() != (its / name).readlink()]


def _becoming(process: os.stat_result) -> tuple[str, ...]:
    user, group = process.st_uid, process.st_gid
    return ("setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups")


def _succeed(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
