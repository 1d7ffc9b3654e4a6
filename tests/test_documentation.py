"""What the documentation says is true."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.auth import attempts, invitations, organizations, sessions
from app.auth.schemas.common import MAX_EMAIL
from app.cli.seed import main as seed_command
from app.clinic.appointments.errors import MOST_LISTED
from app.clinic.appointments.free import MAX_FREE_DAYS
from app.clinic.availability.effective import MAX_DAYS, MAX_TEAM_DAYS
from app.database.pagination import DEFAULT_LIMIT
from app.names import MAX_LIMIT
from app.seed import constants
from app.seed.scenarios.catalogue import SCENARIOS
from app.settings import PROJECT_ROOT
from app.web.bodies import MAX_BODY_BYTES
from conftest import NewDatabase, open_app, seed

README = (PROJECT_ROOT / "README.md").read_text()
DOCUMENTS = sorted([*PROJECT_ROOT.glob("*.md"), *PROJECT_ROOT.glob("docs/**/*.md")])
GUIDES, REFERENCE = PROJECT_ROOT / "docs" / "guides", PROJECT_ROOT / "docs" / "reference"
PLACEHOLDERS = {"first.last@example.com", "ada@example.com"}
CODE_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def test_the_readme_is_short() -> None:
    """The README takes five minutes to read."""
    assert len(README.splitlines()) <= 200


async def test_the_people_who_are_named_are_seeded(new_sqlite: NewDatabase) -> None:
    """Every address in the documents and on the OpenAPI page can sign in."""
    async with open_app(new_sqlite()) as client:
        summary = await seed(client)
        seeded = {user["email"] for user in summary["signIn"]["users"]}
        page = (await client.get("/schema/openapi.json")).text
        texts = page + "".join(file.read_text() for file in DOCUMENTS)
        named = set(re.findall(r"[a-z.]+@example\.com", texts)) - PLACEHOLDERS
        assert named
        assert named <= seeded
        for email in named:
            credentials = {"email": email, "password": constants.PASSWORD}
            response: httpx.Response = await client.post(
                "/api/auth/sign-in/email", json=credentials
            )
            assert response.status_code == 200


def test_links_lead_somewhere() -> None:
    """A relative link names a file or folder that exists, and a heading in it."""
    for file in DOCUMENTS:
        text = CODE_BLOCK.sub("", file.read_text())
        for link in re.findall(r"(?:\]\(|src(?:set)?=\")([^)\s:\"]+)[)\"]", text):
            path, _, anchor = link.partition("#")
            target = file.parent / path if path else file
            assert target.exists(), (file, link)
            assert not anchor or anchor in anchors(target), (file, link)


def anchors(file: Path) -> set[str]:
    """Return the anchors that GitHub makes of the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", CODE_BLOCK.sub("", file.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_document_is_linked() -> None:
    """A reader reaches every document from the README."""
    found, waiting = set(), [PROJECT_ROOT / "README.md"]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            links = re.findall(r"\]\(([^)#:]+\.md)", file.read_text())
            waiting += [(file.parent / link).resolve() for link in links]
    assert set(DOCUMENTS) <= found


def recipes() -> set[str]:
    text = (PROJECT_ROOT / "justfile").read_text()
    return set(re.findall(r"^([a-z-]+)(?: \*[a-z]+)?:", text, re.MULTILINE)) - {"default"}


def test_recipes_that_are_named_exist() -> None:
    """Every `just something` of the documentation and of the messages is a recipe."""
    texts = [file.read_text() for file in DOCUMENTS]
    texts += [file.read_text() for file in (PROJECT_ROOT / "src").rglob("*.py")]
    named = {name for text in texts for name in re.findall(r"`(?:uv run )?just ([a-z-]+)", text)}
    assert named <= recipes()


def test_every_recipe_is_documented() -> None:
    """The command line reference and CONTRIBUTING have all recipes."""
    texts = (REFERENCE / "command-line.md").read_text()
    texts += (PROJECT_ROOT / "CONTRIBUTING.md").read_text()
    assert set(re.findall(r"just ([a-z-]+)", texts)) >= recipes()


def test_every_option_of_just_seed_is_documented() -> None:
    """The command line reference has the options of the command, and no others."""
    text = (REFERENCE / "command-line.md").read_text()
    section = text.partition("## `just seed`\n")[2].partition("\n### ")[0]
    options = {option for each in seed_command.params for option in each.opts} | {"-h", "--help"}
    assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", section)) == options


def test_every_scenario_is_documented() -> None:
    """The reference has a row for each, in order, with what it is for."""
    text = (REFERENCE / "scenarios.md").read_text()
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*?\.) \| ", text, re.MULTILINE)
    assert rows == [(each.name, each.purpose) for each in SCENARIOS.values()]


def test_every_setting_is_documented() -> None:
    """The README and the reference have the variables that the code reads."""
    source = (PROJECT_ROOT / "src" / "app" / "settings.py").read_text()
    variables = set(re.findall(r"variables.get\(\"(\w+)\"", source))
    section = README.partition("## Settings\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE)) == variables
    reference = (REFERENCE / "settings.md").read_text()
    assert set(re.findall(r"^## `([A-Z_]+)`$", reference, re.MULTILINE)) == variables


def test_the_tables_of_quantities_have_the_constants() -> None:
    """Defaults and limits of the documents are those of the code."""
    body = (REFERENCE / "seed-endpoint.md").read_text()
    for row in (
        f"| `users` | {constants.USERS} | `organizations` … {constants.MAX_USERS:,} |",
        f"| `organizations` | {constants.ORGANIZATIONS} | 1 … {constants.MAX_ORGANIZATIONS:,} |",
        f"| `patients` | {constants.PATIENTS} | 0 … {constants.MAX_PATIENTS:,} |",
        f"| `plansPerPatient` | {constants.PLANS_PER_PATIENT} "
        f"| {constants.MIN_PLANS_PER_PATIENT} … {constants.MAX_PLANS_PER_PATIENT} |",
        f"| `appointmentWeeks` | {constants.APPOINTMENT_WEEKS} "
        f"| 0 … {constants.MAX_APPOINTMENT_WEEKS} |",
        f"| `randomSeed` | {constants.RANDOM_SEED} | 0 … {constants.MAX_RANDOM_SEED:,} |",
        f"| `asOf` | today in UTC | {constants.FIRST_AS_OF} … {constants.LAST_AS_OF} |",
    ):
        assert row in body
    guide = (GUIDES / "seed-and-reset.md").read_text()
    for row in (
        f"| `--users` | {constants.USERS} | the number of organizations "
        f"| {constants.MAX_USERS:,} |",
        f"| `--organizations` | {constants.ORGANIZATIONS} | 1 | {constants.MAX_ORGANIZATIONS:,} |",
        f"| `--patients` | {constants.PATIENTS} | 0 | {constants.MAX_PATIENTS:,} |",
        f"| `--plans-per-patient` | {constants.PLANS_PER_PATIENT} "
        f"| {constants.MIN_PLANS_PER_PATIENT} | {constants.MAX_PLANS_PER_PATIENT} |",
        f"| `--appointment-weeks` | {constants.APPOINTMENT_WEEKS} "
        f"| 0 | {constants.MAX_APPOINTMENT_WEEKS} |",
    ):
        assert row in guide


def test_the_limits_are_those_of_the_code() -> None:
    """The tables of limits have the constants."""
    limits = (REFERENCE / "limits.md").read_text()
    assert attempts.MINUTES == 5
    assert "Each count covers five minutes." in limits
    for row in (
        f"| client address and account | {attempts.FAILURES_PER_ADDRESS_AND_ACCOUNT} |",
        f"| failed sign-ins | client address | {attempts.FAILURES_PER_ADDRESS} |",
        f"| failed sign-ins | account | {attempts.FAILURES_PER_ACCOUNT} |",
        f"together | user | {attempts.WRONG_PASSWORDS_PER_USER} |",
        f"| sign-ups | client address | {attempts.SIGN_UPS_PER_ADDRESS} |",
        f"| sign-ups | email address | {attempts.SIGN_UPS_PER_EMAIL} |",
        f"| sessions of a user | {sessions.MAX_SESSIONS} |",
        f"| organizations that a user owns | {organizations.MAX_OWNED} |",
        f"| pending invitations of an organization | {invitations.MAX_PENDING} |",
        f"canceled or expired | {invitations.MAX_CLOSED} |",
        f"| invitations in a list | {invitations.MAX_LISTED} |",
        f"| organizations in a list | {organizations.MAX_LISTED:,} |",
        f"deletes up to {sessions.MAX_EXPIRED_DELETED} expired sessions",
        f"| request body | {MAX_BODY_BYTES // 1024} KiB |",
        f"| rows per page of a clinic list | {MAX_LIMIT}, default {DEFAULT_LIMIT} |",
        f"| dates in `availability/effective` | {MAX_DAYS} |",
        f"| dates in `availability/team` | {MAX_TEAM_DAYS} |",
        f"| dates in `appointments/free` | {MAX_FREE_DAYS} |",
        f"| appointments listed in a refusal | {MOST_LISTED} |",
        f"| email address | {MAX_EMAIL} characters |",
        f"| session | {sessions.SESSION_LIFETIME.days} days; "
        f"{sessions.UNREMEMBERED_LIFETIME.days} day ",
        f"| invitation | {invitations.LIFETIME.days} days |",
    ):
        assert row in limits, row


def test_every_message_of_the_troubleshooting_guide_exists() -> None:
    """Readers find a message by its words, so the guide quotes messages of the code."""
    headings = re.findall(
        r"^### `(.+)`$", (GUIDES / "troubleshooting.md").read_text(), re.MULTILINE
    )
    source = "\n".join(
        " ".join(string_constants(ast.parse(file.read_text())))
        for file in (PROJECT_ROOT / "src").rglob("*.py")
    )
    assert len(headings) > 30
    for heading in set(headings) - MESSAGES_OF_OTHERS:
        for part in heading.split("…"):
            assert part.strip() in source, f"troubleshooting.md quotes no message: {heading}"


MESSAGES_OF_OTHERS = {"error: externally-managed-environment"}


def string_constants(tree: ast.AST) -> Iterator[str]:
    return (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def test_the_map_has_every_package() -> None:
    """A contributor finds each package in CONTRIBUTING."""
    source = PROJECT_ROOT / "src" / "app"
    packages = {f"{file.parent.relative_to(source)}/" for file in source.glob("*/**/__init__.py")}
    text = (PROJECT_ROOT / "CONTRIBUTING.md").read_text()
    section = text.partition("## Map\n")[2].partition("| folder |")[0]
    assert set(re.findall(r"^\| `([a-z_/]+/)` \|", section, re.MULTILINE)) == packages


def test_every_reason_of_a_refusal_is_documented() -> None:
    """The guide has a row for each code in `reasons`."""
    source = "".join(file.read_text() for file in (PROJECT_ROOT / "src").rglob("*.py"))
    codes = set(re.findall(r"\bReason\(\s*\"([A-Z_]+)\"", source))
    guide = (GUIDES / "which-database.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", guide, re.MULTILINE)) == codes


def test_decisions_have_the_same_sections_and_an_index() -> None:
    """A reader finds the context and the alternatives of each decision at the same place."""
    folder = PROJECT_ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text()
    for number, file in enumerate(sorted(folder.glob("0*.md")), start=1):
        sections = re.findall(r"^## (.+)$", file.read_text(), re.MULTILINE)
        assert sections == ["Context", "Decision", "Alternatives", "Consequences", "Enforced by"]
        assert f"[{number}]({file.name})" in index


PERSONAL = re.compile(
    r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<phone>\+61[ \d]{8,}|\(0\d\)[ \d]{8,})"
    r"|(?P<token>(?<![\w-])(?![A-Z_]+\b)[\w-]{43}(?![\w-]))"
)
FICTION = ("+6137010", "+6135550", "(03)7010", "(03)5550", "+6149157")


def examples(node: Any) -> Iterator[Any]:
    """Return the defaults and examples of an OpenAPI document."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"default", "example", "examples"}:
                yield value
            yield from examples(value)
    elif isinstance(node, list):
        for value in node:
            yield from examples(value)


async def test_the_examples_name_only_seeded_people(new_sqlite: NewDatabase) -> None:
    """No example of the OpenAPI document holds a token, a real address or a real number."""
    async with open_app(new_sqlite()) as client:
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
    """Return the patients of the first user's clinic."""
    [user, *_] = summary["signIn"]["users"]
    credentials = {"email": user["email"], "password": constants.PASSWORD}
    (await client.post("/api/auth/sign-in/email", json=credentials)).raise_for_status()
    items: list[Any] = (await client.get("/api/patients")).json()["items"]
    return items


def test_tests_that_are_named_exist() -> None:
    """Every test that the documentation names is in the suite."""
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
