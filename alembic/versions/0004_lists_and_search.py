"""What a search of patients compares, and the indexes that lists are read along."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

READ = ("first_name", "last_name", "email", "phone")
INDEXES = {
    "patients": (
        ("organization_id", "name_key", "id"),
        ("organization_id", "first_name_key"),
        ("organization_id", "email_key"),
        ("organization_id", "phone_key"),
        ("organization_id", "created_at", "id"),
    ),
    "treatment_plans": (
        ("organization_id", "start_date", "id"),
        ("patient_id", "start_date", "id"),
        ("therapist_id", "start_date", "id"),
    ),
}
# Those that others now begin with.
REPLACED = (
    ("patients", "organization_id"),
    ("treatment_plans", "organization_id", "patient_id", "therapist_id"),
)
# Of the rows that were deleted and are kept.
HIDDEN = {
    "patients": ("organization_id", "name_key", "id"),
    "treatment_plans": ("organization_id", "start_date", "id"),
}
BATCH_ROWS = 1_000

# As the application folded when this was written: what it does later is for later migrations.
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
APOSTROPHES = re.compile(r"['’ʼ`]")  # noqa: RUF001 - as people type them
MAX_LENGTH = 200


def fold(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).casefold().translate(LETTERS)
    parts = unicodedata.normalize("NFKD", APOSTROPHES.sub("", letters))
    plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", plain))[:MAX_LENGTH].rstrip()


def digits(text: str) -> str:
    return re.sub(r"^(?:\+|00)(?:610?|6$)", "0", re.sub(r"[^\d+]", "", text)).replace("+", "")


KEYS: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    "name_key": lambda row: fold(f"{row['last_name']} {row['first_name']}"),
    "first_name_key": lambda row: fold(f"{row['first_name']} {row['last_name']}"),
    "email_key": lambda row: row["email"].strip().lower() if row["email"] else None,
    "phone_key": lambda row: digits(row["phone"]) if row["phone"] else None,
}


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    plain_text = sa.String(collation="C") if postgresql else sa.String()
    # SQLite adds such columns only with a default; a table made anew would take its plans along.
    for name in ("name_key", "first_name_key"):
        op.add_column("patients", sa.Column(name, plain_text, nullable=False, server_default=""))
    for name in ("email_key", "phone_key"):
        op.add_column("patients", sa.Column(name, plain_text))
    _fill()
    for table, *columns in REPLACED:
        for column in columns:
            op.drop_index(f"ix_{table}_{column}", table)
    for table, indexes in INDEXES.items():
        for index in indexes:
            op.create_index(None, table, list(index))
    hidden = sa.text("deleted_at IS NOT NULL")
    for table, index in HIDDEN.items():
        name = f"ix_{table}_hidden"
        op.create_index(name, table, list(index), postgresql_where=hidden, sqlite_where=hidden)


def _fill() -> None:
    patients = sa.table(
        "patients",
        sa.column("id", sa.Uuid()),
        *(sa.column(name, sa.String()) for name in (*READ, *KEYS)),
    )
    connection = op.get_bind()
    rows = [dict(row) for row in connection.execute(patients.select()).mappings()]
    write = (
        patients.update()
        .where(patients.c.id == sa.bindparam("row_id"))
        .values({name: sa.bindparam(name) for name in KEYS})
    )
    for start in range(0, len(rows), BATCH_ROWS):
        batch = rows[start : start + BATCH_ROWS]
        keys = [{"row_id": row["id"]} | {k: of(row) for k, of in KEYS.items()} for row in batch]
        connection.execute(write, keys)


def downgrade() -> None:
    for table in HIDDEN:
        op.drop_index(f"ix_{table}_hidden", table)
    for table, indexes in INDEXES.items():
        for index in indexes:
            op.drop_index(f"ix_{table}_{'_'.join(index)}", table)
    for table, *columns in REPLACED:
        for column in columns:
            op.create_index(None, table, [column])
    for name in KEYS:
        op.drop_column("patients", name)
