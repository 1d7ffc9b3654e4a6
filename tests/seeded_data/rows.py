"""The rows of a database, as the same Python values from SQLite and PostgreSQL."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import UnionType
from typing import Any, get_args
from uuid import UUID

import psycopg
from psycopg import IsolationLevel, sql
from psycopg.rows import dict_row

Row = dict[str, Any]
Rows = dict[str, list[Row]]
TIMESTAMPS = {"created_at": datetime, "updated_at": datetime}
# What `read_rows` reads and how it decodes it, and what `values_have_their_type` asks for.
COLUMNS: dict[str, dict[str, type | UnionType]] = {
    "users": {
        "id": UUID,
        "name": str,
        "first_name": str,
        "last_name": str,
        "email": str,
        "email_verified": bool,
        "image": str | None,
        "license_number": str,
        "specialization": list,
        "phone_numbers": list,
        **TIMESTAMPS,
    },
    "accounts": {
        "id": UUID,
        "user_id": UUID,
        "provider_id": str,
        "account_id": str,
        "password": str,
        **TIMESTAMPS,
    },
    "organizations": {
        "id": UUID,
        "name": str,
        "slug": str,
        "logo": str | None,
        "metadata": dict | None,
        **TIMESTAMPS,
    },
    "sessions": {
        "id": UUID,
        "user_id": UUID,
        "token": str,
        "expires_at": datetime,
        "ip_address": str | None,
        "user_agent": str | None,
        "active_organization_id": UUID | None,
        **TIMESTAMPS,
    },
    "verifications": {
        "id": UUID,
        "identifier": str,
        "value": str,
        "expires_at": datetime,
        **TIMESTAMPS,
    },
    "members": {"id": UUID, "organization_id": UUID, "user_id": UUID, "role": str, **TIMESTAMPS},
    "invitations": {
        "id": UUID,
        "organization_id": UUID,
        "email": str,
        "role": str,
        "status": str,
        "inviter_id": UUID,
        "expires_at": datetime,
        **TIMESTAMPS,
    },
    "weekly_availability_templates": {
        "id": UUID,
        "organization_id": UUID,
        "user_id": UUID,
        "day_of_week": str,
        "start_time": time,
        "end_time": time,
        "location": str,
        "max_sessions": int,
        **TIMESTAMPS,
    },
    "availability_exceptions": {
        "id": UUID,
        "organization_id": UUID,
        "user_id": UUID,
        "date": date,
        "start_time": time | None,
        "end_time": time | None,
        "is_available": bool,
        "reason": str,
        "notes": str | None,
        **TIMESTAMPS,
    },
    "patients": {
        "id": UUID,
        "organization_id": UUID,
        "first_name": str,
        "last_name": str,
        "date_of_birth": date,
        "gender": str | None,
        "email": str | None,
        "phone": str,
        "address": str,
        "city": str,
        "postal_code": str,
        "country": str,
        "emergency_contacts": list,
        "medical_conditions": list,
        "surgeries": list,
        "allergies": list,
        "medications": list,
        "insurance_provider": str | None,
        "insurance_number": str | None,
        "referral_source": str | None,
        "status": str,
        "notes": str | None,
        "deleted_at": datetime | None,
        **TIMESTAMPS,
    },
    "treatment_plans": {
        "id": UUID,
        "organization_id": UUID,
        "patient_id": UUID,
        "therapist_id": UUID,
        "title": str,
        "diagnosis": str,
        "objective": str,
        "start_date": date,
        "end_date": date | None,
        "number_of_sessions": int,
        "session_frequency": int,
        "status": str,
        "prescribing_doctor": str | None,
        "prescription_date": date | None,
        "coverage_status": str,
        "insurance_info": object,
        "notes": str | None,
        "deleted_at": datetime | None,
        **TIMESTAMPS,
    },
    "rooms": {
        "id": UUID,
        "organization_id": UUID,
        "name": str,
        "capacity": int,
        "wheelchair_accessible": bool,
        "equipment": list,
        "notes": str | None,
        "deleted_at": datetime | None,
        **TIMESTAMPS,
    },
    "appointment_types": {
        "id": UUID,
        "organization_id": UUID,
        "code": str,
        "title": str,
        "duration_minutes": int,
        "is_active": bool,
        **TIMESTAMPS,
    },
    "appointments": {
        "id": UUID,
        "organization_id": UUID,
        "patient_id": UUID,
        "treatment_plan_id": UUID | None,
        "therapist_id": UUID,
        "room_id": UUID | None,
        "appointment_type_id": UUID,
        "date": date,
        "start_time": time,
        "end_time": time,
        "location": str,
        "status": str,
        "confirmed_at": datetime | None,
        "cancelled_at": datetime | None,
        "cancellation_reason": str | None,
        "no_show_reason": str | None,
        "primary_concern": str | None,
        "observations": str | None,
        "session_notes": str | None,
        "pain_before": int | None,
        "pain_after": int | None,
        "actual_start_time": time | None,
        "actual_end_time": time | None,
        **TIMESTAMPS,
    },
}


def deterministic_content(rows: Rows) -> Rows:
    """Return the rows without what may differ between two runs of the same seed and day."""
    tables = rows.keys() - {"sessions", "verifications", "invitations"}
    columns = {"password", "created_at", "updated_at"}
    return {
        table: [{name: row[name] for name in row if name not in columns} for row in rows[table]]
        for table in sorted(tables)
    }


def read_rows(database_url: str) -> Rows:
    """Read all tables in one snapshot, with the same Python values from either database.

    `database_url` is `sqlite:///path` or a `postgresql://` URL of libpq.
    Rows are sorted by id; timestamps are aware and in UTC.
    """
    scheme, _, _ = database_url.partition(":")
    if scheme == "sqlite":
        rows, decoders = _read_sqlite(database_url.removeprefix("sqlite:///")), SQLITE_DECODERS
    elif scheme == "postgresql":
        rows, decoders = _read_postgresql(database_url), POSTGRESQL_DECODERS
    else:
        message = f"neither an sqlite:/// nor a postgresql:// URL: {scheme!r}"
        raise ValueError(message)
    return {
        table: sorted(
            (_decoded(row, COLUMNS[table], decoders) for row in rows[table]),
            key=lambda row: row["id"].int,
        )
        for table in COLUMNS
    }


def _read_sqlite(path: str) -> Rows:
    # Read-only, so that a wrong path is an error and not a new, empty database.
    uri = f"{Path(path).absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN")
        return {
            table: [dict(row) for row in connection.execute(_select(table).as_string())]
            for table in COLUMNS
        }


def _read_postgresql(database_url: str) -> Rows:
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        connection.read_only = True
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        return {table: connection.execute(_select(table)).fetchall() for table in COLUMNS}


def _select(table: str) -> sql.Composed:
    return sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))


Decoders = Mapping[type, Callable[[Any], Any]]


def _decoded(row: Row, columns: Mapping[str, type | UnionType], decoders: Decoders) -> Row:
    return {
        name: value if value is None else decoders.get(_kind(columns.get(name)), _as_is)(value)
        for name, value in row.items()
    }


def _kind(declared: type | UnionType | None) -> type:
    """Return `str` for both `str` and `str | None`."""
    if isinstance(declared, UnionType):
        kind: type = get_args(declared)[0]
        return kind
    return declared or object


def _as_is(value: object) -> object:
    return value


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


POSTGRESQL_DECODERS: Decoders = {datetime: _in_utc}
SQLITE_DECODERS: Decoders = {
    UUID: UUID,
    bool: bool,
    date: date.fromisoformat,
    time: time.fromisoformat,
    datetime: lambda text: _in_utc(datetime.fromisoformat(text)),
    list: json.loads,
    dict: json.loads,
}
