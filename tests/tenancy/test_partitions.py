"""Each statement of a route reads the rows of one clinic, so that they can be on one machine.

The tables of clinics are in partitions by clinic, and PostgreSQL says which ones a statement reads.
"""

import re
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg
import pytest
from litestar import Litestar
from sqlalchemy import Connection, Table, create_engine, delete, event, insert, make_url, select

from app.auth.attempts import Attempts
from app.settings import PROJECT_ROOT
from app.tables import METADATA
from conftest import NewDatabase, make_app, open_client, seed
from partitions import CLINIC, partition, partitions_in
from tenancy.cases import CallerKind, Row
from tenancy.people import bearer
from tenancy.server import fill
from tenancy.table import ROWS
from tenancy.tenants import Clinics, open_clinics

# The seed and its statistics are about all clinics. Pages call the other routes of the API.
OF_ALL_CLINICS = "/api/db"
PARTITIONS = 4  # enough to tell one from several
CALLERS = [CallerKind.OWNER, CallerKind.RECIPIENT, CallerKind.STRANGER]
# Calls that are refused, but not before another statement.
REFUSED = {"POST /api/auth/organization/update-member-role": CallerKind.OUTSIDER}
# Statements that read several clinics, and why. `docs/scale.md` has the same list.
CROSSING = {
    "the memberships of a person": "FROM members WHERE members.user_id = ",
    "the organizations of a person": "JOIN members ON members.organization_id = organizations.id",
    "the clinics that a person owns": "FROM (SELECT members.id",
    "the hours of a practitioner in all clinics": (
        "FROM weekly_availability_templates WHERE weekly_availability_templates.user_id = "
    ),
    "the exceptions of a practitioner in all clinics": (
        "FROM availability_exceptions WHERE availability_exceptions.user_id = "
    ),
    "the appointments of a practitioner in all clinics": (
        "FROM appointments WHERE appointments.therapist_id = "
    ),
    "an invitation by its id": "FROM invitations WHERE invitations.id = ",
    "the invitations of an email address": "WHERE invitations.email = ",
    "a membership of another clinic": "FROM members WHERE members.id = ",
}
FURTHER_QUERIES: dict[str, list[dict[str, Any]]] = {
    "GET /api/patients": [
        {"search": "ann", "includeTotal": True},
        {"search": "0412", "status": "active", "sort": "-createdAt"},
        {"therapistId": "{colleague.id}", "includeTotal": True},
        {"bornFrom": "1950-01-01", "deleted": True, "includeTotal": True},
        {"ids": "{clinic.rows[patients]}"},
    ],
    "GET /api/treatment-plans": [
        {"search": "ann", "includeTotal": True},
        {"patientId": "{clinic.rows[patients]}", "includeTotal": True},
        {"therapistId": "{colleague.id}", "status": "ongoing", "includeTotal": True},
        {"deleted": True, "includeTotal": True},
    ],
    "GET /api/appointments": [
        {"from": "2031-01-01", "to": "2031-12-31", "sort": "-start", "includeTotal": True},
        {"therapistId": "{colleague.id}", "status": "scheduled"},
        {"patientId": "{clinic.rows[patients]}", "roomId": "{clinic.rows[rooms]}"},
        {"treatmentPlanId": "{clinic.rows[treatment_plans]}"},
    ],
}


@dataclass
class Partitioned:
    """An application on partitioned tables, which `restore` fills with the same rows again."""

    app: Litestar
    client: httpx.AsyncClient
    url: str
    rows: dict[str, list[dict[str, Any]]]
    clinics: Clinics
    sent: list[tuple[str, Any]] = field(default_factory=list)

    def restore(self, changed: frozenset[str]) -> None:
        """Write the rows of these tables again, and of those that refer to them."""
        self.app.state.attempts = Attempts()
        self.client.cookies.clear()
        tables = with_children(changed)
        with connect(self.url) as connection:
            # Faster than TRUNCATE, which creates a file for each partition and index.
            for table in reversed(tables):
                connection.execute(delete(table))
            for table in tables:
                if rows := self.rows[table.name]:
                    connection.execute(insert(table), rows)


def with_children(names: Collection[str]) -> list[Table]:
    found = set(names)
    for table in METADATA.sorted_tables:
        if any(key.referred_table.name in found for key in table.foreign_key_constraints):
            found.add(table.name)
    return [table for table in METADATA.sorted_tables if table.name in found]


@contextmanager
def connect(url: str) -> Iterator[Connection]:
    made = make_url(url)
    kind = "postgresql+psycopg" if made.drivername.startswith("postgresql") else "sqlite"
    engine = create_engine(made.set(drivername=kind))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
async def partitioned(
    new_postgresql: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Partitioned]:
    file = f"sqlite:///{tmp_path_factory.mktemp('tenancy')}/clinics.db"
    async with open_client(make_app(file)) as client:
        clinics = await open_clinics(client, file)
    with connect(file) as connection:
        rows = {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in METADATA.sorted_tables
        }
    url = new_postgresql()
    app = make_app(url)
    async with open_client(app) as client:
        await seed(client, users=1, organizations=1, patients=0)
        with connect(url) as connection:
            partition(connection, PARTITIONS)
        it = Partitioned(app, client, url, rows, clinics)
        event.listen(
            app.state.engine.sync_engine,
            "before_cursor_execute",
            lambda _connection, _cursor, statement, parameters, *_: it.sent.append(
                (statement, parameters)
            ),
        )
        yield it


async def test_every_statement_of_a_route_reads_one_clinic(partitioned: Partitioned) -> None:
    """Except those of the list, each of which there is."""
    several: dict[str, str] = {}
    of_one_clinic = 0
    changed = frozenset(METADATA.tables)
    with psycopg.connect(partitioned.url.replace("+psycopg", "")) as server:
        for row, caller, query in calls_of(ROWS):
            partitioned.restore(changed)
            changed = row.outcomes[caller].writes
            partitioned.sent.clear()
            response = await call(partitioned, row, caller, query)
            assert response.status_code == row.outcomes[caller].status, (str(row), response.text)
            for statement, parameters in partitioned.sent:
                if not names_a_clinic_table(statement):
                    continue
                plan = server.execute(f"EXPLAIN (FORMAT JSON) {statement}".encode(), parameters)
                read = partitions_in(next(plan)[0])
                of_one_clinic += len(read) == 1
                if len(read) > 1:
                    several[" ".join(statement.split())] = str(row)
            server.rollback()
    assert of_one_clinic > 100
    unlisted = {
        text: route
        for text, route in several.items()
        if not any(part in text for part in CROSSING.values())
    }
    assert not unlisted
    unused = [why for why, part in CROSSING.items() if not any(part in text for text in several)]
    assert not unused


def test_the_documentation_lists_these_statements() -> None:
    """With the same words, in the same order."""
    section = (PROJECT_ROOT / "docs" / "scale.md").read_text().partition("### Statements that")[2]
    table = section.partition("\n## ")[0]
    assert re.findall(r"^\| (?!statement|---)([^|]+) \|", table, re.MULTILINE) == list(CROSSING)


def calls_of(rows: tuple[Row, ...]) -> Iterator[tuple[Row, CallerKind, dict[str, Any]]]:
    """Yield each row with a caller who may do it, and lists with all of their filters."""
    for row in rows:
        if not row.path.startswith("/api/") or row.path.startswith(OF_ALL_CLINICS):
            continue
        allowed = [
            caller
            for caller in CALLERS
            if caller in row.outcomes and row.outcomes[caller].status < 300
        ]
        if row.route in REFUSED:
            yield row, REFUSED[row.route], dict(row.query)
        for caller in allowed[:1]:
            yield row, caller, dict(row.query)
            for query in FURTHER_QUERIES.get(row.route, []) if not row.query else []:
                yield row, caller, query


async def call(
    partitioned: Partitioned, row: Row, caller: CallerKind, query: dict[str, Any]
) -> httpx.Response:
    clinics = partitioned.clinics
    names = clinics.names(caller)
    return await partitioned.client.request(
        row.method,
        fill(row.path, names) if row.url else row.path,
        params=fill(query, names),
        json=fill(row.body, names),
        data=fill(row.form, names),
        headers=bearer(clinics.people[caller].token),
    )


def names_a_clinic_table(statement: str) -> bool:
    return any(
        table.name in statement
        for table in METADATA.sorted_tables
        if CLINIC in table.primary_key.columns
    ) and statement.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"))
