"""Every route, called by every kind of caller: what each may do, and that it does nothing else.

On SQLite alone: who may do what is decided above the database, in the same code for both.
"""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from itertools import product

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from app.console.on_demand import add_console
from app.settings import PROJECT_ROOT, Environment
from conftest import NewDatabase, make_app, open_client
from snapshots import Rows, read_rows
from tenancy.cases import IN_EVERY_ROW, CallerKind, Outcome, Row, refused
from tenancy.disclosures import (
    DISCLOSURES,
    OUTSIDERS,
    foreign_names,
    listed_for,
    told,
    without,
)
from tenancy.people import TenantUser, bearer
from tenancy.secrets import plain
from tenancy.server import State, TenancyServer, fill
from tenancy.table import ROWS
from tenancy.table.console import CONSOLE
from tenancy.tenants import open_clinics

ROUTES = sorted({row.route for row in ROWS})
REMOVED = CallerKind.MEMBER
IN_PRODUCTION = refused(403, "PRODUCTION")


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TenancyServer]:
    file = tmp_path_factory.mktemp("tenancy") / "clinics.db"
    app = make_app(f"sqlite:///{file}")
    async with open_client(app) as client:
        yield TenancyServer(app, client, file)


@pytest.fixture(scope="module")
async def state(server: TenancyServer) -> State:
    return await server.state(await open_clinics(server.client, server.url))


@pytest.fixture(scope="module")
async def state_after_removal(server: TenancyServer, state: State) -> State:
    """The same after the owner has removed a member, whose sessions go on."""
    server.restore(state)
    people = state.clinics.people
    response = await server.client.post(
        "/api/auth/organization/remove-member",
        json={"memberIdOrEmail": people[REMOVED].member_id},
        headers=bearer(people[CallerKind.OWNER].token),
    )
    assert response.status_code == 200, response.text
    return await server.state(state.clinics.without(REMOVED))


def routes_of(app: Litestar) -> Iterator[str]:
    """Return all but what tells the methods of another route, which Litestar adds to each."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            methods = {
                method for handler in route.route_handlers for method in handler.http_methods
            }
            yield from (f"{method} {route.path}" for method in methods - {"OPTIONS"})
        else:
            yield f"{route.scope_type.value} {route.path}"


@pytest.mark.parametrize("environment", [Environment.TEST, Environment.PRODUCTION])
def test_every_route_has_a_row(environment: Environment, new_sqlite: NewDatabase) -> None:
    """A new route, in the OpenAPI document or not, needs a decision on who may call it."""
    app = make_app(new_sqlite(), environment)
    listed = {row.route for row in ROWS}
    if environment is Environment.PRODUCTION:
        listed -= {row.route for row in CONSOLE} - {"GET /"}  # which leads to the documentation
    else:
        add_console(app)
    routes = set(routes_of(app))
    assert not routes - listed, f"add rows to tests/tenancy/table: {sorted(routes - listed)}"
    assert not listed - routes, f"rows of routes that do not exist: {sorted(listed - routes)}"


def test_every_row_knows_every_caller() -> None:
    """Each kind of caller is in each row, and no row is there twice."""
    assert not [str(row) for row in ROWS if not set(IN_EVERY_ROW) <= set(row.outcomes)]
    assert len({str(row) for row in ROWS}) == len(ROWS)


def rows_of(route: str) -> list[Row]:
    return [row for row in ROWS if row.route == route]


@pytest.mark.parametrize("route", ROUTES)
async def test_each_caller_fares_as_the_table_says(
    server: TenancyServer, state: State, route: str
) -> None:
    """The outcome is the one of the row; neither the response nor the database shows more."""
    for row in rows_of(route):
        for caller, expected in row.outcomes.items():
            await check(server, state, row, caller, expected)


async def test_who_was_removed_fares_as_a_stranger(
    server: TenancyServer, state_after_removal: State
) -> None:
    """From the removal on, the same session has the rights of somebody who just signed up."""
    for row in ROWS:
        await check(server, state_after_removal, row, REMOVED, row.outcomes[CallerKind.STRANGER])


async def test_production_never_describes_its_database(server: TenancyServer, state: State) -> None:
    """What is open to everybody elsewhere is closed to everybody there."""
    app = make_app(server.url, Environment.PRODUCTION)
    rows = [row for row in ROWS if row.path.startswith("/api/db")]
    async with open_client(app) as client:
        production = TenancyServer(app, client, server.file)
        for row, caller in product(rows, IN_EVERY_ROW):
            await check(production, state, row, caller, IN_PRODUCTION)


async def test_asking_for_the_methods_of_a_route_tells_nothing_else(
    server: TenancyServer, state: State
) -> None:
    """The response to OPTIONS is empty."""
    server.restore(state)
    for path, row in {row.path: row for row in ROWS}.items():
        response = await server.call(row, state.clinics, CallerKind.OUTSIDER, "OPTIONS")
        assert (response.status_code, response.content) == (204, b""), path
        assert server.has(state), path


@pytest.mark.parametrize("route", ROUTES)
async def test_only_listed_calls_tell_that_something_exists(
    server: TenancyServer, state: State, route: str
) -> None:
    """A thing of another organization and one that does not exist get the same response.

    `disclosures.py` lists the exceptions; a call that tells more than its line there fails, and so
    does one that tells less.
    """
    found = set()
    for row, caller in product(rows_of(route), OUTSIDERS):
        if not (names := foreign_names(row, caller)):
            continue
        responses = await responses_without(server, state, row, caller, names)
        different = [name for name in names if responses[name] != responses[""]]
        found |= {(names[name], caller) for name in different}
        assert different or responses.get("all", responses[""]) == responses[""], (
            "told only of several things together"
        )
    assert found == listed_for(route)


async def responses_without(
    server: TenancyServer, state: State, row: Row, caller: CallerKind, names: Collection[str]
) -> dict[str, tuple[int, str]]:
    """Return the responses to a call, whole, without each of these things, and without all."""
    real = [fill(f"{{{name}}}", state.clinics.names(caller)) for name in names]
    variants = {"": [], **{name: [name] for name in names}, "all": [*names]}
    if len(names) == 1:
        del variants["all"]
    responses = {}
    for key, missing in variants.items():
        server.restore(state)
        response = await server.call(without(row, missing), state.clinics, caller)
        responses[key] = told(response, real)
    return responses


def test_the_threat_model_lists_what_is_disclosed() -> None:
    """Readers find there by which id or name a call tells that something exists."""
    text = (PROJECT_ROOT / "docs" / "threat-model.md").read_text()
    section = text.partition("## What a response reveals about other organizations\n")[2]
    table = re.findall(
        r"^\| (.+?) \| .+? \| (`.+`) \|$", section.partition("\n## ")[0], re.MULTILINE
    )
    written = {kind: set(re.findall("`(.+?)`", calls)) for kind, calls in table}
    listed = defaultdict(set)
    for route, disclosures in DISCLOSURES.items():
        for each in disclosures:
            listed[each.kind].add(route.partition("/api/auth/")[2].removeprefix("organization/"))
    assert written == listed


def test_the_database_has_secrets_to_look_for(state: State) -> None:
    """The table would prove nothing if there were nothing to tell."""
    clinics, people = state.clinics, state.clinics.people
    colleague, clinic = people["colleague"], clinics.clinic
    told = {clinic.id, clinic.name, clinic.slug, clinic.rows["patients"], colleague.email}
    told |= {*clinics.hidden.values()}
    for caller in (CallerKind.NOBODY, CallerKind.STRANGER, CallerKind.OUTSIDER):
        assert {*map(plain, told)} <= state.unknown[caller]
    recipient = people[CallerKind.RECIPIENT]
    secrets = {colleague.listed, recipient.invitation, recipient.email}
    assert {*map(plain, secrets)} <= state.unknown[CallerKind.MEMBER]
    assert plain(people[CallerKind.UNVERIFIED].invitation) in state.unknown[CallerKind.ADMIN]
    assert plain(people[CallerKind.OUTSIDER].email) in state.unknown[CallerKind.OWNER]


async def check(
    server: TenancyServer, state: State, row: Row, caller: CallerKind, expected: Outcome
) -> None:
    server.restore(state)
    response = await server.call(row, state.clinics, caller)
    with naming(f"{row}, {caller}"):
        assert_outcome(response, expected)
        assert_tells_nothing(response, still_unknown(state, caller, expected))
        if expected.writes:
            concerned = [state.clinics.people[name] for name in (caller, *row.concerns)]
            assert_changes(state, read_rows(server.url), expected, concerned)
        else:
            assert server.has(state), "something was changed"


@contextmanager
def naming(case: str) -> Iterator[None]:
    """Add the case to a failure; one test tries many."""
    try:
        yield
    except AssertionError as failure:
        failure.add_note(case)
        raise


def assert_outcome(response: httpx.Response, expected: Outcome) -> None:
    assert response.status_code == expected.status, response.text
    if expected.code:
        assert response.json()["code"] == expected.code
    if expected.response is not ...:
        assert response.json() == expected.response


def still_unknown(state: State, caller: CallerKind, expected: Outcome) -> frozenset[str]:
    """Leave out what the response may disclose, and what is a part of that."""
    told = "\n".join(
        plain(str(row[column]))
        for table, columns in expected.tells.items()
        for row in state.rows[table].values()
        for column in columns
    )
    return frozenset(text for text in state.unknown[caller] if text not in told)


def assert_tells_nothing(response: httpx.Response, unknown: frozenset[str]) -> None:
    """It discloses nothing, except what the request said."""
    asked = plain(f"{response.request.url} {response.request.content.decode()}")
    told = plain(f"{response.headers} {response.text}")
    assert not [text for text in unknown if text in told and text not in asked]


def assert_changes(
    state: State, after: Rows, expected: Outcome, concerned: list[TenantUser]
) -> None:
    """The expected tables were changed, in rows of the caller and of who else is concerned."""
    changed = list(changed_rows(state.rows, after))
    assert {table for table, _ in changed} == expected.writes
    caller = concerned[0]
    may_change = {plain(caller.organization.id), *map(plain, caller.told)}
    foreign = state.rows["organizations"].keys() - may_change
    others = state.rows["users"].keys() - {plain(person.id) for person in concerned}
    for table, row in changed:
        assert foreign.isdisjoint(map(str, row.values())), (table, row)
        user = row["id"] if table == "users" else row.get("user_id")
        assert user not in others, (table, row)


def changed_rows(before: Rows, after: Rows) -> Iterator[tuple[str, dict[str, object]]]:
    """Return each row that differs, as it was and as it is."""
    for table in before.keys() | after.keys():
        old, new = before.get(table, {}), after.get(table, {})
        for key in old.keys() | new.keys():
            if old.get(key) != new.get(key):
                yield from ((table, rows[key]) for rows in (old, new) if key in rows)
