"""Who may call what changes something: programs and this server's own pages, by a known name."""

import re
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import httpx
import pytest
from litestar import Litestar, route
from litestar.enums import HttpMethod

from app.main import create_app
from app.settings import Environment, Settings, parse_database_url
from conftest import make_app, open_app, open_client, seed
from snapshots import snapshot

OWN = "127.0.0.1"
MADE_UP = "00000000-0000-4000-8000-000000000000"
ALLOWED: tuple[dict[str, str], ...] = (
    {},
    {"Host": "localhost:8000"},
    {"Host": "LOCALHOST"},
    {"Host": "localhost."},
    {"Host": "seedbed.localhost:8000"},
    {"Host": "[::1]:8000"},
    {"Host": "[::1]"},
    {"Host": "[0:0:0:0:0:0:0:1]:8000"},
    {"Host": "[::ffff:127.0.0.1]"},
    {"Host": "127.0.0.1:65535"},
    {"Host": "192.0.2.7:8000"},
    {"Host": "clinic.example"},
    {"Host": "Clinic.Example:8443"},
    {"Sec-Fetch-Site": "same-origin", "Origin": f"http://{OWN}"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": f"http://{OWN}"},
    {"Host": "localhost:8000", "Origin": "http://localhost:8000"},
    {"Host": "LOCALHOST:8000", "Origin": "http://localhost:8000"},
    {"Host": "[::1]:8000", "Origin": "http://[::1]:8000"},
    # Browsers leave out the default port, some programs and proxies do not.
    {"Host": "localhost:80", "Origin": "http://localhost"},
    {"Host": "localhost:443", "Origin": "https://localhost"},
    # A proxy that terminates TLS.
    {"Host": "clinic.example", "Origin": "https://clinic.example"},
    # A development server of a front end passes the requests of its page on to this one.
    {"Host": "localhost:8000", "Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:5173"},
)
UNKNOWN_HOSTS: tuple[dict[str, str], ...] = (
    {"Host": "evil.example"},
    {"Host": "evil.example:8000"},
    {"Host": "localhost.evil.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "evillocalhost"},
    {"Host": "api.clinic.example"},
    {"Host": "127.0.0.1@evil.example"},
    {"Host": "[::1"},
    {"Host": "evil.example", "Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"},
    {"Host": ""},
)
# A known host with something more, or spelled in a way that no browser sends.
MALFORMED_HOSTS = (
    "[::1].evil.example",
    "[::1]evil.example",
    "[::1]x:8000",
    "[::1]:",
    "[::1]:x",
    "[::1]:8000:1",
    "[[::1]]",
    "[]",
    "[::g]",
    "[::1%lo]",
    "[::1%25lo]",
    "[fe80::1%eth0]:8000",
    "[127.0.0.1]",
    "[v1.x]",
    "::1",
    "::1:8000",
    "evil@127.0.0.1",
    "evil.example@localhost",
    "evil:secret@localhost:8000",
    "@localhost",
    "127.0.0.1:8000:1",
    "127.0.0.1:",
    "127.0.0.1:x",
    "127.0.0.1:-1",
    "127.0.0.1:+80",
    "127.0.0.1:0",
    "127.0.0.1:65536",
    "127.0.0.1.",
    "127.0.0.256",
    "127.0.0.01",
    "127.0.0",
    "127.1",
    "2130706433",
    "0x7f000001",
    "localhost:",
    "localhost:80 80",
    "localhost#x",
    "localhost?x",
    "localhost/x",
    "localhost/",
    "localhost\\x",
    "localhost,evil.example",
    "localhost evil.example",
    "localhost%00",
    "http://localhost",
    "//localhost",
    "localhost..",
    ".localhost",
    "a..localhost",
    "-.localhost",
    ".",
    ":8000",
)
CROSS_SITES: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "cross-site", "Origin": f"http://{OWN}"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": f"http://{OWN}:8001"},
    {"Origin": "http://localhost"},
    {"Origin": "http://[::1"},
    {"Origin": "127.0.0.1"},
    {"Origin": "://127.0.0.1"},
    {"Origin": "//127.0.0.1"},
    {"Origin": "chrome-extension://127.0.0.1"},
    {"Origin": f"http://{OWN}/"},
    {"Origin": f"http://{OWN}:"},
    {"Origin": f"http://evil@{OWN}"},
    {"Origin": f"http://{OWN} http://evil.example"},
    {"Origin": f"http://{OWN}, http://evil.example"},
    {"Origin": f"http://{OWN}#x"},
    {"Host": "localhost:80", "Origin": "https://localhost"},
    {"Host": "localhost", "Origin": "http://localhost."},
    {"Host": "localhost:8000", "Origin": "http://localhost"},
    {"Host": "[::1]:8000", "Origin": "http://[::2]:8000"},
)
SIGN_IN = ("/api/auth/sign-in/email", {"email": "nobody@example.com", "password": "Password123"})
SIGN_UP = (
    "/api/auth/sign-up/email",
    {"name": "Ada", "email": "ada@example.net", "password": "Password123"},
)
SIGN_OUT: tuple[str, dict[str, str]] = ("/api/auth/sign-out", {})
SEED: tuple[str, dict[str, str]] = ("/api/db/seed?reset=drop", {})
CHANGES = (SEED, SIGN_UP, SIGN_IN, SIGN_OUT)


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('callers')}/seeded.db"


@pytest.fixture(scope="module")
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A server that is also called clinic.example."""
    async with open_client(named_app(database_url)) as client:
        await seed(client, patients=3)
        yield client


def named_app(database_url: str) -> Litestar:
    return create_app(
        Settings(
            Environment.TEST,
            parse_database_url(database_url),
            allowed_hosts=frozenset({"clinic.example"}),
        )
    )


async def test_programs_and_own_pages_may_call(client: httpx.AsyncClient) -> None:
    """`curl`, the pages of this server, and the names that it is known by need no configuration."""
    for headers in ALLOWED:
        response = await client.post("/api/db/seed?reset=bogus", headers=headers)
        assert response.status_code == 400, (headers, response.text)
        response = await client.post(SIGN_OUT[0], headers=headers)
        assert response.status_code == 200, (headers, response.text)


def assert_refused(response: httpx.Response, reason: str) -> None:
    assert response.status_code == 403, (response.request.headers, response.text)
    problem = response.json()
    assert [each["code"] for each in problem["reasons"]] == [reason]
    assert problem["code"] == code_for(response.request, reason)
    assert problem["message"] == problem["detail"]
    assert problem["reasons"][0]["remedy"]


def code_for(request: httpx.Request, reason: str) -> str:
    """Return the code of a refusal: in the identity API an origin has those of Better Auth."""
    if reason != "CROSS_SITE" or not request.url.path.startswith("/api/auth/"):
        return reason
    origin = request.headers.get("Origin", "null")
    return "MISSING_OR_NULL_ORIGIN" if origin in {"", "null"} else "INVALID_ORIGIN"


@pytest.mark.parametrize(
    ("refused", "code"), [(UNKNOWN_HOSTS, "UNKNOWN_HOST"), (CROSS_SITES, "CROSS_SITE")]
)
async def test_no_other_page_and_no_other_name_may_change_anything(
    client: httpx.AsyncClient, database_url: str, refused: tuple[dict[str, str], ...], code: str
) -> None:
    """Each route that changes something refuses them, with the remedy, and changes nothing."""
    before = snapshot(database_url)
    for (path, body), headers in product(CHANGES, refused):
        assert_refused(await client.post(path, json=body, headers=headers), code)
    assert snapshot(database_url) == before


async def test_the_whole_host_is_parsed(client: httpx.AsyncClient) -> None:
    """A host that only begins or ends like a known one is not known."""
    for host in MALFORMED_HOSTS:
        headers = {"Host": host}
        seeded = await client.post("/api/db/seed?dryRun=true", headers=headers)
        assert_refused(seeded, "UNKNOWN_HOST")
        assert_refused(await client.get("/api/db", headers=headers), "UNKNOWN_HOST")


@pytest.mark.parametrize(
    ("name", "values", "code"),
    [
        ("Host", ["127.0.0.1", "evil.example"], "UNKNOWN_HOST"),
        ("Host", ["127.0.0.1", ""], "UNKNOWN_HOST"),
        ("Origin", [f"http://{OWN}", "https://evil.example"], "CROSS_SITE"),
        ("Sec-Fetch-Site", ["same-origin", "cross-site"], "CROSS_SITE"),
    ],
)
async def test_a_repeated_header_is_refused(
    client: httpx.AsyncClient, name: str, values: list[str], code: str
) -> None:
    """A first value that is trusted does not hide a second one."""
    headers = [(name, value) for value in values]
    assert_refused(await client.post(SIGN_OUT[0], headers=headers), code)


async def test_a_new_route_is_guarded_without_a_word(client: httpx.AsyncClient) -> None:
    """Every operation of the document that is no look refuses a page of another origin."""
    document = (await client.get("/schema/openapi.json")).json()
    changing = [
        (method, path)
        for path, operations in document["paths"].items()
        for method in operations
        if method not in {"get", "head", "options"}
    ]
    assert ("post", "/api/db/seed") in changing
    for method, template in changing:
        path = re.sub(r"\{\w+\}", MADE_UP, template)
        response = await client.request(method, path, headers={"Origin": "https://evil.example"})
        assert_refused(response, "CROSS_SITE")


async def test_every_method_that_changes_something_is_guarded(database_url: str) -> None:
    """Of the methods of HTTP only those that look are let pass."""
    changing = ("POST", "PUT", "PATCH", "DELETE")

    @route("/anything", http_method=[*map(HttpMethod, changing), HttpMethod.GET], status_code=200)
    async def anything() -> None:
        """Change nothing."""

    app = named_app(database_url)
    app.register(anything)
    async with open_client(app) as client:
        headers = {"Origin": "https://evil.example"}
        for method in changing:
            assert_refused(await client.request(method, "/anything", headers=headers), "CROSS_SITE")
        assert (await client.get("/anything", headers=headers)).status_code == 200


async def test_other_pages_may_look_but_not_read(client: httpx.AsyncClient) -> None:
    """A read gets a response, but no header that lets a browser share it with another origin."""
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    response = await client.get("/api/auth/get-session", headers=headers)
    assert response.status_code == 200
    assert not [name for name in response.headers if name.startswith("access-control")]
    preflight = await client.options("/api/db/seed", headers=headers)
    assert not [name for name in preflight.headers if name.startswith("access-control")]


async def test_the_names_in_the_database_are_not_for_other_names(client: httpx.AsyncClient) -> None:
    """What describes the database is refused to a name that was led here."""
    response = await client.get("/api/db", headers={"Host": "evil.example"})
    assert_refused(response, "UNKNOWN_HOST")


def assert_empty(folder: Path) -> None:
    assert list(folder.iterdir()) == []


async def test_another_origin_is_refused_before_a_body_is_read(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    """Even invalid JSON, or a missing database, do not change the response."""
    headers = {"Origin": "https://evil.example", "Content-Type": "text/plain"}
    assert_refused(await client.post(SEED[0], content=b"{", headers=headers), "CROSS_SITE")
    async with open_app(f"sqlite:///{tmp_path}/none.db") as fresh:
        assert_refused(await fresh.post(SEED[0], headers=headers), "CROSS_SITE")
    assert_empty(tmp_path)
    unreachable = make_app("postgresql://nobody:secret@127.0.0.1:1/nothing")
    async with open_client(unreachable) as fresh:
        assert_refused(await fresh.post(SEED[0], headers=headers), "CROSS_SITE")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Origin": "https://evil.example"}, "INVALID_ORIGIN"),
        ({"Origin": "HTTP://evil.example"}, "INVALID_ORIGIN"),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, "INVALID_ORIGIN"),
        ({"Origin": "x"}, "INVALID_ORIGIN"),
        ({"Origin": "https://evil.example", "Host": "evil.test"}, "INVALID_ORIGIN"),
        ({"Origin": "null"}, "MISSING_OR_NULL_ORIGIN"),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, "MISSING_OR_NULL_ORIGIN"),
        ({"Sec-Fetch-Site": "cross-site"}, "MISSING_OR_NULL_ORIGIN"),
        ({"Origin": ""}, "MISSING_OR_NULL_ORIGIN"),
        ({"Origin": "http://evil.test", "Host": "evil.test"}, "UNKNOWN_HOST"),
    ],
    ids=str,
)
async def test_the_identity_api_has_better_auths_codes_for_origins(
    client: httpx.AsyncClient, headers: dict[str, str], code: str
) -> None:
    """`reasons` say the same as everywhere else; elsewhere the code is the one of the reason."""
    elsewhere = (await client.post("/api/db/seed?dryRun=true", headers=headers)).json()
    assert elsewhere["code"] == elsewhere["reasons"][0]["code"]
    for path in ("/api/auth/sign-in/email", "/api/auth/organization/create"):
        refusal = (await client.post(path, json={}, headers=headers)).json()
        assert (refusal["code"], refusal["reasons"]) == (code, elsewhere["reasons"])
