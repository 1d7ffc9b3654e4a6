"""The commands and examples of the documentation run, and print what it shows."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from playwright.sync_api import Browser, expect

from journeys.commands import (
    PROJECT,
    SECONDS,
    development,
    environment,
    find_just,
    on_sqlite,
    run,
    run_module,
    serving,
)
from node_packages import NODE

SERVER = "http://127.0.0.1:8000"
CONSOLE_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
JUST = re.compile(r"uv run just (seed|migrate|stamp)\b(.*)\n")
COMMAND = re.compile(r"((?:.*\\\n)*.*\n)([\s\S]*)")
# They run until they are stopped, and have separate tests in `test_recipes.py`.
NOT_RUN = ("uv run just serve", "uv run just postgres")
DOCUMENTS = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
USE_IN_TESTS = (PROJECT / "docs" / "guides" / "use-in-tests.md").read_text()


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Return the commands in the `console` blocks that are run, each with its output."""
    for block in CONSOLE_BLOCK.findall(text):
        for each in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, output = COMMAND.fullmatch(each).groups()  # type: ignore[union-attr]
            if not command.startswith(NOT_RUN):
                yield command, output


WITH_COMMANDS = [file for file in DOCUMENTS if [*commands(file.read_text())]]


@on_sqlite
@pytest.mark.parametrize("file", WITH_COMMANDS, ids=lambda file: str(file.relative_to(PROJECT)))
def test_commands_print_what_the_document_shows(file: Path, database_url: str, server: str) -> None:
    """In the order of the document, on a database that is empty at first.

    Only the README's `just` starts from nothing; the others run in forks.
    """
    for command, expected in commands(file.read_text()):
        just = JUST.fullmatch(command)
        if just and file.name != "README.md":
            variables = development(database_url)
            options = shlex.split(just[2])
            done = run_module(f"app.cli.{just[1]}", *options, variables=variables)
        else:
            line = command.replace("uv run just", shlex.quote(find_just())).replace(SERVER, server)
            done = run("bash", "-c", line, variables=environment(database_url, no_proxy="*"))
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert pattern(expected).fullmatch(plain(done.stdout)), f"{command}\n{done.stdout}"


def plain(output: str) -> str:
    """Remove what differs between runs and terminals: durations, alignment and empty lines."""
    text = re.sub(r"[\d.,]+ ms\b", "N ms", output)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def pattern(expected: str) -> re.Pattern[str]:
    """An ellipsis stands for any text, and on its own line for any lines."""
    parts = {"…\n": r"(?:.*\n)*?", "…": ".*?"}
    found = re.split("(^…\n|…)", plain(expected), flags=re.MULTILINE)
    return re.compile("".join(parts.get(part, re.escape(part)) for part in found))


class StorageStates(NamedTuple):
    """A server, and a folder with a storage state of each of its users."""

    server: str
    states: Path


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageStates]:
    """Run the set-up for Playwright."""
    tmp_path = tmp_path_factory.mktemp("playwright")
    database_url = f"sqlite:///{tmp_path}/seeded.db"
    with serving(database_url, tmp_path / "server.log") as server:
        yield StorageStates(server, set_up(server, tmp_path))


def set_up(server: str, tmp_path: Path) -> Path:
    [code] = re.findall(r"```js\n(.*?)```", USE_IN_TESTS, re.DOTALL)
    (tmp_path / "global-setup.mjs").write_text(code)
    (tmp_path / "run.mjs").write_text('import run from "./global-setup.mjs"; await run();')
    done = subprocess.run(
        [NODE, "run.mjs"],
        cwd=tmp_path,
        env={"SEEDBED_URL": server},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return tmp_path / ".auth"


def test_the_playwright_example_signs_every_user_in(signed_in: StorageStates) -> None:
    """Each storage state has the session of its user."""
    files = sorted(signed_in.states.iterdir())
    assert len(files) == 10
    for file in files:
        [cookie] = json.loads(file.read_text())["cookies"]
        response = httpx.get(
            f"{signed_in.server}/api/auth/get-session",
            headers={"Cookie": f"{cookie['name']}={cookie['value']}"},
            trust_env=False,
            timeout=SECONDS,
        )
        assert response.json()["user"]["email"] == file.name.removesuffix(".json")


@pytest.mark.browser
def test_the_playwright_example_works_in_a_browser(
    signed_in: StorageStates, browser: Browser
) -> None:
    """A page that is opened with a storage state is signed in."""
    state = signed_in.states / "edward.papadopoulos@example.com.json"
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    page.goto(f"{signed_in.server}/patients")
    expect(page.locator("#user-menu")).to_contain_text("Edward Papadopoulos")
    context.close()
