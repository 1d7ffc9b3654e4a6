"""A second user of this machine, who has no rights that the files do not give to everybody."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from requirements import lacking

NOBODY = 65534
SECONDS = 180
READ = """
try:
    os.listdir(sys.argv[1]) if os.path.isdir(sys.argv[1]) else open(sys.argv[1], "rb").read()
except PermissionError:
    sys.exit("denied")
"""


def run_as_other_user(
    code: str, *arguments: str, imports: str = "", variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python code as another user to its end.

    Python's modules may be in a folder of root's, so `imports` are run before the user changes.
    """
    if os.geteuid():
        lacking("This needs root, which can run a program as another user.")
    change_user = f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})"
    return subprocess.run(
        [sys.executable, "-c", f"import os, sys\n{imports}\n{change_user}\n{code}", *arguments],
        cwd="/",
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def can_read(path: Path) -> bool:
    """Return whether another user can read a file or list a folder."""
    done = run_as_other_user(READ, str(path))
    assert (done.returncode, done.stderr) in {(0, ""), (1, "denied\n")}, done.stderr
    return done.returncode == 0


@contextmanager
def public_folder() -> Iterator[Path]:
    """Create a folder that every user of the machine can enter."""
    with tempfile.TemporaryDirectory(prefix="seedbed-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
