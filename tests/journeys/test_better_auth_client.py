"""Better Auth's client from npm, unmodified, against our server and against Better Auth itself.

Each test is on one database: `tests/auth` has what an endpoint returns on both.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from better_auth import contract
from better_auth.ageing import ageing
from better_auth.differences import DELIBERATE
from better_auth.package import install, reference, run_page, run_script
from better_auth.transcripts import Steps, differences, outcome, read, unexplained_errors
from journeys.commands import PROJECT, on_postgresql, on_sqlite, serving

SCENARIO = "scenario.mjs"


@pytest.fixture(scope="module", autouse=True)
def client() -> None:
    """Have the client installed."""
    install()


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[str]:
    """Start a server whose hashes cost nothing: here only its responses count."""
    with serving(database_url, tmp_path / "server.log", APP_ENV="test") as base_url:
        yield base_url


@pytest.fixture(scope="module")
def theirs(client: None) -> Iterator[list[dict[str, Any]]]:
    """Return what Better Auth itself responds to the scenario."""
    with reference() as base_url:
        yield run_script(SCENARIO, base_url, f"{base_url}/age")


def seed(server: str, **quantities: int) -> Any:
    response = httpx.post(f"{server}/api/db/seed", json=quantities, trust_env=False, timeout=180)
    assert response.status_code == 201, response.text
    return response.json()


@on_sqlite
def test_client_gets_from_ours_what_better_auth_gives(
    server: str, database_url: str, theirs: list[dict[str, Any]]
) -> None:
    """The client of Better Auth gets the same from us, but for the differences that are meant."""
    seed(server, users=1, organizations=1, patients=0)
    with ageing(database_url) as age_url:
        ours = read(run_script(SCENARIO, server, age_url))
    found = sorted(differences(ours, read(theirs)))
    unmeant = [row for row in found if not any(meant.covers(*row) for meant in DELIBERATE)]
    assert not unmeant, "Our responses differ:\n" + "\n".join(map(": ".join, unmeant))
    stale = [row for meant in DELIBERATE for row in meant.stale(found)]
    assert not stale, "Not different any more:\n" + "\n".join(map(": ".join, stale))
    assert unexplained_errors(ours) == []
    assert contract.endpoints_not_called(ours) == []
    assert contract.messages_not_agreed(ours, read(theirs)) == []
    check_contract(ours)


def check_contract(ours: Steps) -> None:
    outcomes = {(step["call"], outcome(step)) for step in ours.values()}
    assert contract.refusals_not_met(outcomes) == []
    assert contract.responses_never_returned(ours) == []
    assert contract.responses_not_agreed(ours) == []


@on_postgresql
def test_seeded_users_are_at_home(server: str) -> None:
    """Every seeded user is where and what the summary says, signed in or with a test session."""
    users = seed(server)["signIn"]["users"]
    created = httpx.post(f"{server}/api/db/sessions", trust_env=False).raise_for_status().json()
    assert [session["email"] for session in created] == [user["email"] for user in users]
    for given in (users, created):
        seen = run_script("seeded.mjs", server, "Password123", json.dumps(given))
        for user, what in zip(users, seen, strict=True):
            check_at_home(users, user, what)


def check_at_home(users: list[dict[str, Any]], user: dict[str, Any], seen: dict[str, Any]) -> None:
    members = {member["user"]["email"]: member["role"] for member in seen["active"]["members"]}
    assert seen["current"]["user"]["name"] == user["name"]
    assert seen["current"]["user"]["id"] == user["userId"]
    assert seen["current"]["session"]["activeOrganizationId"] == user["organizationId"]
    assert [(each["id"], each["name"]) for each in seen["organizations"]] == [
        (user["organizationId"], user["organization"])
    ]
    assert seen["active"]["name"] == user["organization"]
    assert seen["role"] == user["role"]
    assert members == {
        other["email"]: other["role"]
        for other in users
        if other["organization"] == user["organization"]
    }


@on_sqlite
def test_guide_is_right(server: str) -> None:
    """The code of the guide runs unchanged, and prints what its comments say."""
    seed(server)
    guide = (PROJECT / "docs" / "guides" / "better-auth-client.md").read_text()
    [code] = re.findall(r"```js\n(.*?)```", guide, re.DOTALL)
    assert "localhost:8000" in code
    printed = run_page(code.replace("http://localhost:8000", server), server)
    _, *said = re.findall(r"// (.*)", code)
    assert printed.splitlines() == said


def _without_key(step: dict[str, Any]) -> None:
    del step["data"]["members"][0]["role"]


def _with_key(step: dict[str, Any]) -> None:
    step["data"]["members"][0]["teamId"] = None


def _with_another_status(step: dict[str, Any]) -> None:
    step["status"] = 201


def _with_another_value(step: dict[str, Any]) -> None:
    step["data"]["name"] = "Another"


def _with_null(step: dict[str, Any]) -> None:
    step["data"]["members"][0]["userId"] = None


def _with_another_id(step: dict[str, Any]) -> None:
    step["data"]["members"][0]["organizationId"] = "another"


def _with_no_date(step: dict[str, Any]) -> None:
    step["data"]["createdAt"] = {"notRecognizedAsDate": "yesterday"}


def _with_more_entries(step: dict[str, Any]) -> None:
    step["data"]["members"] *= 2


def _refused(step: dict[str, Any]) -> None:
    del step["data"]
    step |= {"status": 400, "error": {"code": "ORGANIZATION_ALREADY_EXISTS"}}


@pytest.mark.parametrize(
    "change",
    [
        _without_key,
        _with_key,
        _with_another_status,
        _with_another_value,
        _with_null,
        _with_another_id,
        _with_no_date,
        _with_more_entries,
        _refused,
    ],
)
def test_comparison_notices(
    theirs: list[dict[str, Any]], change: Callable[[dict[str, Any]], None]
) -> None:
    """A change of a single member of a single response is a difference."""
    changed = copy.deepcopy(theirs)
    change(next(step for step in changed if step["step"] == "create"))
    assert "create" in {step for step, _ in differences(read(changed), read(theirs))}
    assert list(differences(read(theirs), read(theirs))) == []
