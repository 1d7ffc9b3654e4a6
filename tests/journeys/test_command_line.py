"""`just seed` as a separate process, without a terminal: what it says, and where it says it."""

import json
from pathlib import Path
from typing import Any

import pytest

from journeys.commands import (
    SEED,
    development,
    environment,
    free_port,
    on_postgresql,
    on_sqlite,
    run,
    run_module,
    seed,
)
from journeys.other_servers import other_server
from snapshots import snapshot

STEPS = [
    "reset",
    "users",
    "organizations",
    "memberships",
    "weekly templates",
    "availability exceptions",
    "patients",
    "treatment plans",
    "rooms",
    "appointment types",
    "appointments",
    "audit",
    "commit",
]


def steps_in(shown: str) -> list[str]:
    return [line[2:].split("  ")[0] for line in shown.splitlines() if line.startswith("✓")]


def summary_of(database_url: str, *options: str) -> Any:
    """Seed with `--json`: standard output must hold the summary, and nothing else be said."""
    done = seed(database_url, "--json", *options)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def refusal(*options: str, variables: dict[str, str], code: int = 1) -> str:
    """Run a seed that fails, and return its error message."""
    done = run_module("app.cli.seed", "--json", *options, variables=variables)
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr
    return done.stderr


@on_postgresql
def test_empty_database_is_seeded(database_url: str) -> None:
    """Without a terminal it starts at once, and shows the steps, the counts and who can sign in."""
    done = run(*SEED, variables=development(database_url))
    assert (done.returncode, done.stderr) == (0, "")
    assert steps_in(done.stdout) == STEPS
    words = done.stdout.partition("Created")[2].split()
    assert words[words.index("patients") + 1] == "20"
    assert "Password123" in words
    assert sum(word.endswith("@example.com") for word in words) == 10


@on_sqlite
def test_rows_are_replaced_without_a_question(database_url: str, before: Any) -> None:
    """Without a terminal nothing is asked, and the new data replaces the old."""
    summary = summary_of(database_url)
    assert summary["committed"] is True
    assert summary["deleted"]["patients"] == 7
    assert snapshot(database_url) != before


@on_sqlite
def test_the_options_reach_the_endpoint(database_url: str) -> None:
    """Every quantity, the reset mode, the random seed and the day arrive in the summary."""
    quantities = "--users 4 --organizations 2 --patients 5 --plans-per-patient 5"
    content = "--random-seed 7 --as-of 2028-02-29 --reset drop"
    summary = summary_of(database_url, *quantities.split(), *content.split())
    created = {kind: made["count"] for kind, made in summary["created"].items()}
    assert (created["users"], created["organizations"]) == (4, 2)
    assert (created["patients"], created["treatmentPlans"]) == (5, 25)
    assert (summary["randomSeed"], summary["asOf"]) == (7, "2028-02-29")
    assert summary["reset"] == "drop"


@on_sqlite
def test_a_dry_run_changes_nothing(database_url: str, before: Any) -> None:
    """A dry run shows a data set, says that it was a dry run, and leaves the existing rows."""
    done = seed(database_url, "--dry-run")
    assert done.returncode == 0
    assert "nothing was changed" in done.stdout
    assert snapshot(database_url) == before


@on_sqlite
def test_a_refusal_changes_nothing(database_url: str, before: Any) -> None:
    """An option that does not fit another one is rejected, and the rows stay."""
    options = ("--users", "2", "--organizations", "3")
    said = refusal(*options, variables=development(database_url), code=2)
    assert said.startswith("Refused. Nothing was changed. --users is 2; it must be at least")
    assert snapshot(database_url) == before


@on_sqlite
def test_database_that_may_not_be_reset_is_refused(database_url: str, before: Any) -> None:
    """The message has each reason of the endpoint's guard, and what to do."""
    said = refusal(variables=environment(database_url, APP_ENV="test"))
    assert said.startswith("Refused. Nothing was changed.")
    assert "is marked for development" in said
    assert "→ Set APP_ENV=development" in said
    assert snapshot(database_url) == before


@on_sqlite
@pytest.mark.parametrize(
    ("name", "shown"),
    [("production", '"production"'), ("staging", '"staging"'), ("", "not set")],
)
def test_production_is_refused(database_url: str, name: str, shown: str) -> None:
    """The message quotes APP_ENV and says how to change it. The database is not opened."""
    said = refusal(variables=environment(database_url, APP_ENV=name))
    assert f"APP_ENV is {shown}; only development and test databases can be seeded." in said
    assert "APP_ENV=development" in said
    assert not Path(database_url.removeprefix("sqlite:///")).exists()


def test_another_kind_of_database_is_refused() -> None:
    """The message quotes the value without its password, and names the two schemes."""
    said = refusal(variables=development("mysql://user:secret@127.0.0.1/name"), code=2)
    assert 'DATABASE_URL is "mysql://…@127.0.0.1/name"' in said
    assert "sqlite:///path.db" in said
    assert "postgresql://user:password@host/name" in said
    assert "secret" not in said


def test_a_database_that_does_not_run_is_refused() -> None:
    """A PostgreSQL that does not respond is a sentence, not a traceback."""
    said = refusal(variables=development(f"postgresql://u:secret@127.0.0.1:{free_port()}/name"))
    assert "DATABASE_URL" in said
    assert "secret" not in said


@on_sqlite
def test_a_running_server_does_the_same(server: str, database_url: str, before: Any) -> None:
    """With --url the server's database is seeded, not ours, and the steps are shown."""
    done = run_module("app.cli.seed", "--url", server, variables=development("mysql://nowhere"))
    assert (done.returncode, done.stderr) == (0, "")
    assert steps_in(done.stdout) == STEPS
    assert snapshot(database_url) != before


def test_a_server_that_is_not_there_is_named() -> None:
    """With the URL of a port where nobody listens, it names the URL and says how to start one."""
    url = f"http://127.0.0.1:{free_port()}"
    said = refusal("--url", url, variables=development(""))
    assert url in said
    assert "just serve" in said


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "http://127.0.0.1:port"])
def test_what_is_no_url_is_refused(url: str) -> None:
    """The message quotes the value and has an example."""
    said = refusal("--url", url, variables=development(""), code=2)
    assert url in said
    assert "http://127.0.0.1:8000" in said


@pytest.mark.parametrize(
    ("status", "media_type", "body"),
    [
        (200, "text/html", "<p>Welcome"),
        (404, "application/json", '{"detail":"Not Found"}'),
        (200, "application/x-ndjson", '{"hello":"world"}\n'),
    ],
)
def test_another_server_is_reported(status: int, media_type: str, body: str) -> None:
    """A server whose responses are not those of Seedbed is reported, and named."""
    with other_server(body, media_type, status) as url:
        said = refusal("--url", url, variables=development(""))
    assert url in said
    assert "Seedbed" in said


def test_an_interrupted_stream_is_reported() -> None:
    """When the response ends too early, the result is reported as unknown."""
    body = '{"event":"started","step":"reset"}\n'
    with other_server(body, "application/x-ndjson") as url:
        said = refusal("--url", url, variables=development(""))
    assert "The connection broke" in said
    assert "the old data or the new data" in said
