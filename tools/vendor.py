"""`just vendor`: download the console's JavaScript libraries from npm, in their locked versions.

The application serves these files, so running and testing it needs neither npm nor Node.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from app.cli.options import command
from app.cli.streams import run
from node_packages import NODE, NPM

TOOLS = Path(__file__).parent
LOCKED = TOOLS / "vendored"
LOCK_FILES = ("package.json", "package-lock.json")
STATIC = TOOLS.parent / "src" / "app" / "console" / "static" / "vendor"
# Packages that are part of a bundle are listed for their licenses.
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


class Package(msgspec.Struct):
    version: str = ""
    license: str = ""


class Lock(msgspec.Struct):
    packages: dict[str, Package]


def npm(folder: Path, *arguments: str) -> None:
    command = [NODE, NPM, *arguments, f"--prefix={folder}", "--loglevel=error"]
    done = subprocess.run(command, cwd=folder, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise click.ClickException("npm could not download the packages. Its error is above.")


@contextmanager
def fetched(*, newest: bool) -> Iterator[Path]:
    """Install the locked or the newest packages in a temporary folder."""
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
    """Return the contents of the files, by their path below `static/vendor`."""
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


@command()
@click.option("--newest", is_flag=True, help="Take the newest versions, and lock them.")
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if the files differ.")
def main(*, newest: bool, check: bool) -> None:
    """Download the console's JavaScript libraries, with their licenses, in their locked versions.

    Needs network access to npm. Writes to src/app/console/static/vendor and tools/vendored.

    \b
    Examples:
      uv run just vendor --check
      uv run just vendor --newest
    """
    with fetched(newest=newest) as folder:
        files = files_of(folder)
        if check:
            different = sorted(name for name, _ in files.items() ^ served().items())
            if different:
                raise click.ClickException(
                    f"These files differ from the locked versions: {', '.join(different)}"
                )
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
    run(main, "just vendor")
