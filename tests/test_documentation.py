"""What the documentation says is true."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.auth import attempts, invitations, organizations, sessions
from app.seed import constants
from app.settings import PROJECT_ROOT
from conftest import NewDatabase, make_app, open_client, seed

README = (PROJECT_ROOT / "README.md").read_text()
DOCUMENTS = sorted(
    [*PROJECT_ROOT.glob("*.md"), *PROJECT_ROOT.glob("docs/**/*.md")], key=lambda file: file.name
)


PLACEHOLDERS = {"first.last@example.com", "ada@example.com"}


async def test_the_people_who_are_named_are_seeded(new_sqlite: NewDatabase) -> None:
    """Whoever copies an address from the README or the OpenAPI page can sign in with it."""
    async with open_client(make_app(new_sqlite())) as client:
        summary = await seed(client)
        seeded = {user["email"] for user in summary["signIn"]["users"]}
        page = (await client.get("/schema/openapi.json")).text
        named = set(re.findall(r"[a-z.]+@example\.com", README + page)) - PLACEHOLDERS
        assert named
        assert named <= seeded
        for email in named:
            credentials = {"email": email, "password": constants.PASSWORD}
            answer: httpx.Response = await client.post("/api/auth/sign-in/email", json=credentials)
            assert answer.status_code == 200


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_links_lead_somewhere(file: Path) -> None:
    """A relative link names a file or folder that exists."""
    for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text()):
        assert (file.parent / target).exists(), target


def test_recipes_that_are_named_exist() -> None:
    """Every `just something` of the documentation and of the messages is a recipe."""
    recipes = set(
        re.findall(
            r"^([a-z-]+)(?: \*[a-z]+)?:", (PROJECT_ROOT / "justfile").read_text(), re.MULTILINE
        )
    )
    texts = [file.read_text() for file in DOCUMENTS]
    texts += [file.read_text() for file in (PROJECT_ROOT / "src").rglob("*.py")]
    named = {name for text in texts for name in re.findall(r"`(?:uv run )?just ([a-z-]+)", text)}
    assert "seed" in named
    assert named <= recipes


def test_the_table_of_quantities_has_the_constants() -> None:
    """Defaults and limits of the README are those of the code."""
    for row in (
        f"| `users` | {constants.USERS} | `organizations` … {constants.MAX_USERS:,} |",
        f"| `organizations` | {constants.ORGANIZATIONS} | 1 … {constants.MAX_ORGANIZATIONS:,} |",
        f"| `patients` | {constants.PATIENTS} | 0 … {constants.MAX_PATIENTS:,} |",
        f"| `plansPerPatient` | {constants.PLANS_PER_PATIENT} "
        f"| {constants.MIN_PLANS_PER_PATIENT} … {constants.MAX_PLANS_PER_PATIENT} |",
        f"| `randomSeed` | {constants.RANDOM_SEED} | 0 … {constants.MAX_RANDOM_SEED:,} |",
        f"| `asOf` | today in UTC | {constants.FIRST_AS_OF} … {constants.LAST_AS_OF} |",
    ):
        assert row in README


def test_the_limits_on_attempts_are_those_of_the_code() -> None:
    """What the README says of signing in and up holds."""
    assert attempts.MINUTES == 5
    for words in (
        f"Within five minutes an address may fail to sign in "
        f"{attempts.FAILURES_PER_ADDRESS_AND_ACCOUNT} times to one account "
        f"and {attempts.FAILURES_PER_ADDRESS} times in all",
        f"an account may be tried in vain {attempts.FAILURES_PER_ACCOUNT} times",
        f"an address signs up {attempts.SIGN_UPS_PER_ADDRESS} times",
        f"an e-mail {attempts.SIGN_UPS_PER_EMAIL} times",
    ):
        assert words in README


def test_the_limits_on_rows_are_those_of_the_code() -> None:
    """The README's table of limits has the constants."""
    for row in (
        f"| sessions of a user | {sessions.MAX_SESSIONS} |",
        f"| organizations that a user owns | {organizations.MAX_OWNED} |",
        f"| pending invitations of an organization | {invitations.MAX_PENDING} |",
        f"canceled or expired | {invitations.MAX_CLOSED} |",
        f"| invitations in a list | {invitations.MAX_LISTED} |",
        f"| organizations in a list | {organizations.MAX_LISTED:,} |",
        f"deletes up to {sessions.MAX_EXPIRED_DELETED} expired sessions",
    ):
        assert row in README


PERSONAL = re.compile(
    r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<phone>\+61[ \d]{8,}|\(0\d\)[ \d]{8,})"
    r"|(?P<token>(?<![\w-])(?![A-Z_]+\b)[\w-]{43}(?![\w-]))"
)
FICTION = ("+6137010", "+6135550", "(03)7010", "(03)5550")


def examples(node: Any) -> Iterator[Any]:
    """Give everything in a document that stands for what a call may hold."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"default", "example", "examples"}:
                yield value
            yield from examples(value)
    elif isinstance(node, list):
        for value in node:
            yield from examples(value)


async def test_the_examples_are_about_nobody_else(new_sqlite: NewDatabase) -> None:
    """No example of the OpenAPI document holds a token, a real address or a real number."""
    async with open_client(make_app(new_sqlite())) as client:
        summary = await seed(client)
        page = (await client.get("/schema/openapi.json")).json()
        public = {user["email"] for user in summary["signIn"]["users"]} | PLACEHOLDERS
        public |= {patient["email"] for patient in await patients(client, summary)}
    found = [match for each in examples(page) for match in PERSONAL.finditer(json.dumps(each))]
    assert {match.lastgroup for match in found} >= {"email"}
    for match in found:
        text = match.group()
        match match.lastgroup:
            case "email":
                assert text in public
            case "phone":
                assert text.replace(" ", "").startswith(FICTION)
            case _:
                pytest.fail(f"a token: {text}")


async def patients(client: httpx.AsyncClient, summary: Any) -> list[Any]:
    """Give those of the first user's clinic."""
    [user, *_] = summary["signIn"]["users"]
    credentials = {"email": user["email"], "password": constants.PASSWORD}
    (await client.post("/api/auth/sign-in/email", json=credentials)).raise_for_status()
    items: list[Any] = (await client.get("/api/patients")).json()["items"]
    return items


def test_tests_that_are_named_exist() -> None:
    """What the documentation calls a proof is a test of the suite."""
    named = {
        (file, name)
        for document in DOCUMENTS
        for file, name in re.findall(r"`(tests(?:/[\w.]+)+)(?:::(\w+))?", document.read_text())
    }
    assert len(named) > 20
    for file, name in named:
        path = PROJECT_ROOT / file
        assert path.exists(), file
        assert not name or f"def {name}(" in path.read_text(), f"{file}::{name}"
