"""What the statements of the statistics share."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, true
from sqlmodel import col

Condition = ColumnElement[bool]
EACH = true()


def of_clinic(organization_id: UUID | None, column: Any) -> Condition:
    return col(column) == organization_id if organization_id else EACH


def plain(connection: Connection, text: Any) -> ColumnElement[str]:
    """Compare by code points, as SQLite does, and PostgreSQL with this collation."""
    postgresql = connection.dialect.name == "postgresql"
    compared: ColumnElement[str] = text.collate("C") if postgresql else text
    return compared


def first_rows(
    connection: Connection, found: Select[*tuple[Any, ...]], limit: int, *order: Any
) -> Sequence[RowMapping]:
    return connection.execute(found.order_by(*order).limit(limit)).mappings().all()
