"""Run a statement about whole tables on the rows of some clinics only.

The tables are hidden behind common table expressions of the same names.
"""

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import CTE, MetaData, Select, Table, Uuid, bindparam, select
from sqlalchemy.sql.selectable import HasCTE

from app.tables import METADATA

Statement = TypeVar("Statement", bound=HasCTE)
OF_NO_CLINIC = ("verifications",)
# The ids of the organizations.
CLINICS = bindparam("clinics", type_=Uuid, expanding=True)


def only_clinics(statement: Statement, dialect: str) -> Statement:
    """Return the statement, whose parameter `CLINICS` has the ids of the organizations.

    The users are those who are or were members of them.
    """
    return statement.add_cte(*_hidden_tables(dialect))


@cache
def _hidden_tables(dialect: str) -> tuple[CTE, ...]:
    # In SQLite an expression may read the table of the same name only with the schema. PostgreSQL's
    # schema has any name, and the expression does not see itself.
    schema = "main" if dialect == "sqlite" else None
    copies = MetaData()
    for table in METADATA.sorted_tables:
        table.to_metadata(copies, schema=schema)  # type: ignore[arg-type]
    tables = (table for table in copies.sorted_tables if table.name not in OF_NO_CLINIC)
    return tuple(_rows(table, copies, schema).cte(table.name) for table in tables)


def _rows(table: Table, copies: MetaData, schema: str | None) -> Select[Any]:
    if table.name == "organizations":
        return select(table).where(table.c.id.in_(CLINICS))
    if "organization_id" in table.c:
        return select(table).where(table.c.organization_id.in_(CLINICS))
    prefix = f"{schema}." if schema else ""
    practitioners = copies.tables[f"{prefix}practitioners"]
    members = select(practitioners.c.user_id).where(practitioners.c.organization_id.in_(CLINICS))
    key = table.c.id if table.name == "users" else table.c.user_id
    return select(table).where(key.in_(members))
