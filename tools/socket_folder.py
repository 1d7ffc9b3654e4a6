"""The folder of PostgreSQL's Unix socket. The server trusts every user who can enter it."""

import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
LONGEST_SOCKET = ".s.PGSQL.65535"
# The limit of macOS, which is the smallest; Linux allows 107.
MAX_SOCKET_PATH_BYTES = 103
# Needs no quoting in a shell, in a list of PostgreSQL's or in a URL.
PLAIN_PATH = re.compile(r"/[A-Za-z0-9._/-]*")


class CannotStart(Exception):
    """PostgreSQL was not started; the message says why and what to do."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"Refused. PostgreSQL was not started. {problem}")


def can_hold_socket(folder: Path) -> bool:
    """Return whether the path of a socket in a folder is short enough and needs no quoting."""
    path = str(folder / LONGEST_SOCKET)
    return bool(PLAIN_PATH.fullmatch(path)) and len(path) <= MAX_SOCKET_PATH_BYTES


def runtime_folder(data: Path, can_enter: Callable[[Path], bool]) -> Path:
    """Return a folder for the socket outside the data folder, the same at each start.

    `can_enter` says whether the server's user can enter a folder.
    """
    name = f"seedbed-{os.geteuid()}-{sha256(os.fsencode(data)).hexdigest()[:16]}"
    for parent in _parents():
        if can_hold_socket(parent / name) and _is_safe_parent(parent) and can_enter(parent):
            return parent / name
    raise CannotStart(
        "Its socket needs a folder with a short path of letters, digits, '.', '_' and '-', in "
        "which other users cannot rename files. Set TMPDIR to such a folder, as in /tmp/you."
    )


def _parents() -> Iterator[Path]:
    if folder := os.environ.get("XDG_RUNTIME_DIR"):
        yield Path(folder)
    yield Path(tempfile.gettempdir())
    yield Path("/tmp")  # noqa: S108 - the folder that is created there is checked


def _is_safe_parent(folder: Path) -> bool:
    """Return whether no other user can rename what is in the folder."""
    try:
        found = folder.stat()
    except OSError:
        return False
    is_sticky = bool(found.st_mode & stat.S_ISVTX)
    return found.st_uid in {0, os.geteuid()} and (is_sticky or not found.st_mode & 0o022)


def create_runtime_folder(folder: Path, owner: int) -> None:
    """Create the folder for the server's user, or raise `CannotStart` if others can use it."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        os.chown(folder, owner, -1)
    if problem := find_access(folder, owner):
        raise CannotStart(
            f"The folder of its socket, {folder}, {problem}. Remove that folder if it is yours. "
            "If it is not, set TMPDIR to a folder that other users can enter and cannot write to."
        )


def find_access(folder: Path, owner: int) -> str | None:
    """Return how users other than the owner can use a folder, or None if they cannot."""
    try:
        found = folder.lstat()
    except OSError as error:
        return f"cannot be used ({error.strerror})"
    if not stat.S_ISDIR(found.st_mode):
        return "is not a folder"
    if found.st_uid != owner:
        return f"belongs to the user with the id {found.st_uid}"
    if found.st_mode & 0o077:
        return f"can be entered by other users (mode {stat.S_IMODE(found.st_mode):04o})"
    return None
