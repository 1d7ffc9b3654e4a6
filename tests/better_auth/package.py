"""What npm has of Better Auth: the client, and itself as a server to compare ours with."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import node_packages
from journeys.commands import SECONDS, run
from node_packages import NODE, NotInstalled
from requirements import lacking

FOLDER = Path(__file__).parent
NODE_VARIABLES: dict[str, str] = {}


def install() -> None:
    """Install what the lock names, unless that was done."""
    try:
        node_packages.install(FOLDER)
    except NotInstalled as error:
        lacking(str(error))


def run_script(name: str, *arguments: str) -> Any:
    """Run a script of the package; return the JSON that it prints."""
    done = run(NODE, str(FOLDER / name), *arguments, variables=NODE_VARIABLES)
    if done.returncode:
        pytest.fail(f"{name} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def run_page(code: str, base_url: str) -> str:
    """Run code that could be in a page of the server; return what it prints."""
    preloaded = f"--import={FOLDER / 'like_a_browser.mjs'}"
    done = subprocess.run(
        [NODE, preloaded, "--input-type=module", f"--eval={code}"],
        cwd=FOLDER,
        env={"BASE_URL": base_url},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def reference() -> Iterator[str]:
    """Start Better Auth itself; return its base URL."""
    with subprocess.Popen(
        [NODE, FOLDER / "reference.mjs"],
        env=NODE_VARIABLES,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it tells every failure, and is made to fail
        text=True,
    ) as process:
        try:
            assert process.stdout
            base_url = process.stdout.readline().strip()
            assert base_url, "Better Auth does not start"
            yield base_url
        finally:
            process.terminate()
