"""Every recipe explains itself with `--help`, and rejects a wrong option in the same way."""

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import click
import pytest

import fuzz
import postgres
from app.cli import seed, serve, stamp
from journeys.commands import PROJECT, environment, find_just, run, run_module

JUSTFILE = (PROJECT / "justfile").read_text()
RECIPES = sorted(set(re.findall(r"^([a-z-]+) \*options:", JUSTFILE, re.MULTILINE)))
PROGRAMS = {
    "seed": seed.main,
    "serve": serve.main,
    "postgres": postgres.main,
    "stamp": stamp.main,
    "fuzz": fuzz.main,
}
NOWHERE = "sqlite:////nonexistent/nothing.db"
# A fork is quick, but it has neither what the recipe itself does, nor other folders.
THROUGH_JUST = {"bench", "bench-scale", "bench-sign-in", "seed", "torture"}


def call(recipe: str, *options: str, database_url: str) -> subprocess.CompletedProcess[str]:
    """Call a recipe through `just`, or the module that it runs in a fork."""
    variables = environment(database_url)
    if recipe in THROUGH_JUST and options == ("--help",):
        return run(find_just(), recipe, *options, variables=variables)
    program = re.search(rf'^{recipe} .*\n.* python (?:-m )?(.*) "\$@"$', JUSTFILE, re.MULTILINE)
    assert program, f"the recipe {recipe} runs no module"
    module, *arguments = program[1].removeprefix("tools/").split()
    variables |= {"APP_ENV": "development"}
    return run_module(module.removesuffix(".py"), *arguments, *options, variables=variables)


def test_every_recipe_takes_options() -> None:
    """Otherwise `just` itself would read `--help` as another recipe."""
    named = re.findall(r"^([a-z-]+).*:$", JUSTFILE, re.MULTILINE)
    assert sorted(set(named) - {"default"}) == RECIPES


@pytest.mark.parametrize("recipe", RECIPES)
def test_help_is_all_that_a_recipe_does(recipe: str) -> None:
    """It has the usage and an example, and needs no database."""
    done = call(recipe, "--help", database_url=NOWHERE)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: just {recipe} [OPTIONS]")
    assert f"uv run just {recipe}" in done.stdout.partition("Example")[2]
    assert "-h, --help" in done.stdout


@pytest.mark.parametrize("recipe", ["seed", "serve", "quick"])
def test_an_unknown_option_is_rejected_alike(recipe: str) -> None:
    """The exit code is 2, and the message names the option; uvicorn and pytest say it alike."""
    done = call(recipe, "--no-such-option", database_url="")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--no-such-option" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("seed --users abc", '--users is "abc"; it must be a whole number, 1 to 100,000.'),
        ("seed --users 0", '--users is "0"; it must be 1 to 100,000.'),
        ("seed --patients 2000001", '--patients is "2000001"; it must be 0 to 2,000,000.'),
        ("seed --reset wipe", '--reset is "wipe"; it must be delete or drop.'),
        ("seed --as-of 2026-02-30", '--as-of is "2026-02-30"; it must be an existing date'),
        ("seed --as-of 1999-12-31", '--as-of is "1999-12-31"; it must be a date from 2000-01-01'),
        ("seed --url http://a:secret@", '--url is "http://…@"; it must be the URL of a server'),
        ("serve --port 65536", '--port is "65536"; it must be 0 to 65,535.'),
        ("serve --workers 0", '--workers is "0"; it must be at least 1.'),
        ("serve --host=", '--host is ""; it must be an address'),
        ("serve --workers 2 --reload", '--workers is "2"; with --reload it must be 1.'),
        ("serve --root-path api", '--root-path is "api"; it must start with a slash'),
        ("serve --root-path /api/", '--root-path is "/api/"; it must start with a slash'),
        ("serve --ssl-keyfile=/no", '--ssl-keyfile is "/no"; it must be a file.'),
        ("postgres --port 0", '--port is "0"; it must be 1 to 65,535.'),
        ("stamp --copy-of db/one", '--copy-of is "db/one", but NAME is missing'),
        ("stamp one two", "Got unexpected extra argument (two)"),
        ("fuzz --cases 0", '--cases is "0"; it must be at least 1.'),
    ],
)
def test_a_wrong_value_is_rejected_alike(
    monkeypatch: pytest.MonkeyPatch, command: str, problem: str
) -> None:
    """The message has the flag, the value and the range."""
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    recipe, *options = command.split()
    with pytest.raises(click.UsageError) as error:
        PROGRAMS[recipe].main(options, standalone_mode=False)
    assert error.value.format_message().startswith(problem)


@pytest.mark.parametrize(
    ("option", "problem"),
    [
        ("--users=abc", '--users is "abc"; it must be a whole number, 1 to 100,000.'),
        ("--userz=3", "There is no option --userz. Did you mean --users or --url?"),
    ],
)
def test_a_rejection_is_one_line(option: str, problem: str) -> None:
    """It says what happened, and where all options are; the exit code is 2."""
    done = call("seed", option, database_url=NOWHERE)
    assert (done.returncode, done.stdout) == (2, "")
    advice = "Run `uv run just seed --help` for all options."
    assert done.stderr == f"Refused. Nothing was changed. {problem} {advice}\n"


@pytest.mark.parametrize("recipe", ["seed", "serve", "migrate", "stamp"])
def test_a_wrong_setting_is_rejected_alike(recipe: str) -> None:
    """The message has the variable and its value, and the exit code is 2."""
    done = call(recipe, database_url="mysql://user:secret@host/name")
    assert (done.returncode, done.stdout) == (2, "")
    expected = 'Refused. Nothing was changed. DATABASE_URL is "mysql://…@host/name"'
    assert done.stderr.startswith(expected)


@contextmanager
def used_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("recipe", ["serve", "postgres"])
def test_a_port_in_use_is_named(recipe: str) -> None:
    """One line says so, and nothing is started."""
    with used_port() as port:
        done = call(recipe, "--port", str(port), database_url="")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"--port is {port}, and another program uses that port of 127.0.0.1." in done.stderr
    assert done.stderr.count("\n") == 1
