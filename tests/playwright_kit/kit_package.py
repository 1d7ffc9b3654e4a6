"""The kit for Playwright, built in a folder as npm would install it, and run on a small suite."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chromium import NAMES, NoChromium
from journeys.commands import PROJECT, SECONDS, environment, run
from node_packages import NODE, NotInstalled, install
from requirements import lacking

KIT = PROJECT / "kit" / "playwright"
MODULES = KIT / "node_modules"
TSC = (NODE, str(MODULES / "typescript" / "bin" / "tsc"))
PLAYWRIGHT = (NODE, str(MODULES / "@playwright" / "test" / "cli.js"))
SUITE = Path(__file__).parent / "suite"


def write_client(output: Path) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, str(PROJECT / "tools" / "typescript_client.py"))
    return run(*command, "--output", str(output), variables=environment(""))


def build(folder: Path) -> None:
    """Build the kit, and install it beside a suite that uses it."""
    try:
        install(KIT)
    except NotInstalled as error:
        lacking(str(error))
    package = folder / "package"
    shutil.copytree(KIT / "src", package / "src", ignore=shutil.ignore_patterns("client"))
    for name in ("package.json", "tsconfig.json"):
        shutil.copy(KIT / name, package)
    (package / "node_modules").symlink_to(MODULES)
    done = write_client(package / "src" / "client")
    if "npm cannot install" in done.stderr:
        lacking(done.stderr)
    assert done.returncode == 0, done.stderr
    compile_in(package)
    shutil.copytree(SUITE, folder / "suite")
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "seedbed-playwright").symlink_to(package)
    (folder / "node_modules" / "@playwright").symlink_to(MODULES / "@playwright")


def compile_in(folder: Path, *options: str) -> None:
    done = subprocess.run(
        [*TSC, *options],
        cwd=folder,
        env={},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def run_suite(folder: Path, spec: str, *options: str, **variables: str) -> tuple[int, str]:
    """Run a file of the suite; return the exit code and the output."""
    done = subprocess.run(
        [*suite_command(spec), *options],
        cwd=folder / "suite",
        env=suite_environment(**variables),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def suite_command(spec: str) -> list[str]:
    return [*PLAYWRIGHT, "test", spec, "--reporter=list"]


def suite_environment(**variables: str) -> dict[str, str]:
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    if browser is None:
        lacking(str(NoChromium()))
    path = os.environ["PATH"]
    if uv := os.environ.get("UV") or shutil.which("uv"):
        path = f"{Path(uv).parent}{os.pathsep}{path}"
    return environment("", PATH=path, CHROMIUM=browser, no_proxy="*", **variables)


def fail_unless_passed(result: tuple[int, str], count: int) -> None:
    code, output = result
    if code or f"{count} passed" not in output:
        pytest.fail(output)
