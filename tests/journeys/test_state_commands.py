"""The commands for the state of a test: snapshots, sessions and the clock.

Each call is a fork that serves the database itself, or sends its request to a running server.
"""

import json
import re
from typing import Any

import pytest

from journeys.commands import development, on_postgresql, on_sqlite, run_module, seed
from restores.raw_rows import raw_connection

FEW = ("--users", "2", "--organizations", "1", "--patients", "2", "--appointment-weeks", "0")
EMAIL = "edward.papadopoulos@example.com"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
COOKIE = re.compile(r"better-auth\.session_token=[\w-]{43}")


class Commands:
    """Run commands for one database, with or without `--url`."""

    def __init__(self, database_url: str, *options: str) -> None:
        self.variables = development(database_url)
        self.options = options

    def __call__(self, name: str, *arguments: str) -> str:
        done = run_module(f"app.cli.{name}", *arguments, *self.options, variables=self.variables)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.strip()

    def json(self, name: str, *arguments: str) -> Any:
        return json.loads(self(name, *arguments, "--json"))

    def refuse(self, name: str, *arguments: str, code: int = 1) -> str:
        done = run_module(f"app.cli.{name}", *arguments, *self.options, variables=self.variables)
        assert (done.returncode, done.stdout) == (code, "")
        assert "Traceback" not in done.stderr
        return done.stderr


@pytest.fixture
def commands(database_url: str) -> Commands:
    assert seed(database_url, *FEW).returncode == 0
    return Commands(database_url)


def check_commands(commands: Commands, database_url: str) -> None:
    assert commands("changes") == "Nothing has changed since seeded."
    first, second = commands.json("sign_in_as")
    assert (first["email"], first["role"], second["role"]) == (EMAIL, "owner", "admin")
    shown, cookie = commands("sign_in_as", EMAIL).splitlines()
    assert shown == f"{EMAIL}, owner of {first['organization']}"
    assert COOKIE.fullmatch(cookie.strip())
    assert re.fullmatch(r"Snapshot signed-in: \d+ rows\.", commands("snapshot", "signed-in"))
    with raw_connection(database_url) as raw:
        raw.execute("UPDATE rooms SET notes = 'by hand'")
        rooms = raw.execute("SELECT count(*) FROM rooms").fetchone()[0]
    listed = commands("changes", "signed-in").splitlines()
    assert sum(line.startswith("updated  rooms ") for line in listed) == rooms
    assert sum(line.endswith('→ "by hand"') for line in listed) == rooms
    restored = commands("restore", "signed-in", "--verify")
    assert f"{rooms} changed rows undone. The rows match the snapshot." in restored
    assert commands.json("restore")["undone"]["sessions"]["inserted"] == 3
    assert commands("changes") == "Nothing has changed since seeded."
    check_clinics(commands, database_url)
    assert commands("clock", "2031-02-03T10:30+11:00") == "2031-02-02T23:30:00.000Z, frozen"
    assert commands("clock") == "2031-02-02T23:30:00.000Z, frozen"
    assert "running, -" in commands("clock", "2001-01-01", "--running")
    assert commands("clock", "--off").endswith("the machine's time")
    assert commands.json("clock")["isFrozen"] is False


def check_clinics(commands: Commands, database_url: str) -> None:
    added = commands("clinic", "--name", "Worker 3", "--practitioners", "2").splitlines()
    name, _, clinic = added[0].partition(", ")
    assert name == "Worker 3"
    assert [line.rpartition(", ")[2] for line in added[1:5:2]] == ["owner", "admin"]
    assert all(COOKIE.fullmatch(line.strip()) for line in added[2:5:2])
    assert commands("clinic", "--remove", clinic) == f"Removed {clinic}."
    assert "no clinic with the id" in commands.refuse("clinic", "--remove", clinic)
    other = commands.json("clinic", "--scenario", "empty", "--as-of", "2026-11-23")
    assert (other["scenario"], other["asOf"], len(other["users"])) == ("empty", "2026-11-23", 1)
    commands("clinic", "--remove", other["organization"]["id"])
    with raw_connection(database_url) as raw:
        assert raw.execute("SELECT count(*) FROM organizations").fetchone()[0] == 1


@on_sqlite
def test_commands_without_a_server(commands: Commands, database_url: str) -> None:
    check_commands(commands, database_url)


@on_postgresql
def test_commands_with_a_server(commands: Commands, database_url: str, server: str) -> None:
    check_commands(Commands(database_url, "--url", server), database_url)


@on_sqlite
def test_commands_say_what_is_wrong(commands: Commands) -> None:
    """The name, the user or the time that they were given, and what to do."""
    assert 'no snapshot "two-plans"' in commands.refuse("restore", "two-plans")
    assert 'no snapshot "two-plans"' in commands.refuse("changes", "two-plans")
    assert "1 to 64 of" in commands.refuse("snapshot", "Two plans")
    for name in ("seeded?x", "seeded#x"):  # not taken for `seeded`
        assert "1 to 64 of" in commands.refuse("restore", name)
    assert '"nobody@example.com"' in commands.refuse("sign_in_as", "nobody@example.com")
    assert 'INSTANT is "noon"' in commands.refuse("clock", "noon", code=2)
    assert "--running needs" in commands.refuse("clock", "--running", code=2)
    assert "--off cannot" in commands.refuse("clock", "2031-02-03", "--off", code=2)
    assert '`scenario` ("none")' in commands.refuse("clinic", "--scenario", "none")
    assert "--remove can only" in commands.refuse(
        "clinic", "--remove", UNKNOWN, "--patients", "3", code=2
    )
    assert UNKNOWN in commands.refuse("clinic", "--remove", UNKNOWN)
    assert "from 1970 to 2199" in commands.refuse("clock", "1969-12-31")
    commands.variables = {**commands.variables, "APP_ENV": "production"}
    for name, *arguments in (
        ("snapshot", "a"),
        ("restore",),
        ("changes",),
        ("sign_in_as",),
        ("clinic",),
        ("clock",),
    ):
        assert 'APP_ENV is "production"' in commands.refuse(name, *arguments)
