"""`organization_id` becomes the first column of every key of a clinic's tables.

PostgreSQL changes the constraints, SQLite copies the tables. Another program's foreign key to one
of them would be lost, or its rows with it, so the migration refuses such a database.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

from app.database.citus import undistribute_tables
from app.database.errors import MigrationRefused
from app.database.own_tables import quoted

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ORGANIZATION = "organization_id"
# Parents come before their children.
TABLES = (
    "members",
    "invitations",
    "weekly_availability_templates",
    "availability_exceptions",
    "patients",
    "treatment_plans",
)


class Key(NamedTuple):
    """A foreign key."""

    columns: Sequence[str]
    parent: str
    referred: Sequence[str]
    ondelete: str | None = "CASCADE"

    def name(self, table: str) -> Any:
        """Name it by the convention; `f` cuts off what is too long for PostgreSQL."""
        return op.f(f"fk_{table}_{'_'.join(self.columns)}_{self.parent}")


class Keys(NamedTuple):
    """The keys of a table, and those of its indexes that differ."""

    primary: Sequence[str]
    foreign: Sequence[Key]
    indexes: Sequence[Sequence[str]] = ()


TO_ORGANIZATION = Key((ORGANIZATION,), "organizations", ("id",))
TO_USER = Key(("user_id",), "users", ("id",))
TO_INVITER = Key(("inviter_id",), "users", ("id",))
TO_MEMBER = Key((ORGANIZATION, "user_id"), "members", (ORGANIZATION, "user_id"))
OLD = {
    "members": Keys(("id",), (TO_ORGANIZATION, TO_USER)),
    "invitations": Keys(("id",), (TO_ORGANIZATION, TO_INVITER), [(ORGANIZATION,)]),
    "weekly_availability_templates": Keys(("id",), (TO_MEMBER,)),
    "availability_exceptions": Keys(("id",), (TO_MEMBER,)),
    "patients": Keys(("id",), (TO_ORGANIZATION,)),
    "treatment_plans": Keys(
        ("id",),
        [
            TO_ORGANIZATION,
            Key(("patient_id",), "patients", ("id",)),
            Key(("therapist_id",), "users", ("id",), "RESTRICT"),
        ],
        [("patient_id", "start_date", "id"), ("therapist_id", "start_date", "id")],
    ),
}
PRIMARY = (ORGANIZATION, "id")
NEW = {
    "members": Keys(
        PRIMARY,
        [Key((ORGANIZATION, "user_id"), "practitioners", (ORGANIZATION, "user_id"))],
        [("id",)],
    ),
    "invitations": Keys(PRIMARY, (TO_ORGANIZATION, TO_INVITER), [("id",)]),
    "weekly_availability_templates": Keys(PRIMARY, (TO_MEMBER,)),
    "availability_exceptions": Keys(PRIMARY, (TO_MEMBER,)),
    "patients": Keys(PRIMARY, (TO_ORGANIZATION,)),
    "treatment_plans": Keys(
        PRIMARY,
        [
            Key((ORGANIZATION, "patient_id"), "patients", PRIMARY),
            Key((ORGANIZATION, "therapist_id"), "practitioners", (ORGANIZATION, "user_id")),
        ],
        [
            (ORGANIZATION, "patient_id", "start_date", "id"),
            (ORGANIZATION, "therapist_id", "start_date", "id"),
        ],
    ),
}
REPLICA_IDENTITIES = sa.text(
    "SELECT relname FROM pg_class JOIN pg_index ON indrelid = pg_class.oid"
    " WHERE relnamespace = current_schema()::regnamespace AND relname = ANY (:names)"
    " AND indisprimary AND indisreplident"
)
OTHER_REFERENCES = {
    "sqlite": (
        "SELECT DISTINCT child.name FROM sqlite_master AS child"
        " JOIN pragma_foreign_key_list(child.name) AS reference WHERE child.type = 'table'"
        ' AND lower(reference."table") IN :tables AND lower(child.name) NOT IN :tables ORDER BY 1'
    ),
    "postgresql": (
        "SELECT DISTINCT conrelid::regclass::text FROM pg_constraint"
        " JOIN pg_class parent ON parent.oid = confrelid"
        " WHERE contype = 'f' AND conparentid = 0"
        " AND parent.relnamespace = current_schema()::regnamespace"
        " AND parent.relname IN :tables AND conrelid NOT IN (SELECT oid FROM pg_class"
        " WHERE relnamespace = current_schema()::regnamespace AND relname IN :tables) ORDER BY 1"
    ),
}


def upgrade() -> None:
    _lock_tables()
    _refuse_other_references(TABLES)
    if sa.inspect(op.get_bind()).has_table("practitioners"):
        raise MigrationRefused(
            "There is a table practitioners of another program, a name that Seedbed needs now. "
            "Rename that table, and migrate again."
        )
    _refuse_patients_of_other_clinics()
    op.create_table(
        "practitioners",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in (ORGANIZATION, "user_id")),
        sa.PrimaryKeyConstraint(ORGANIZATION, "user_id"),
        sa.ForeignKeyConstraint([ORGANIZATION], ["organizations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
    )
    # Therapists who have left their clinic keep their plans.
    op.execute(
        "INSERT INTO practitioners (organization_id, user_id)"
        " SELECT organization_id, user_id FROM members"
        " UNION SELECT organization_id, therapist_id FROM treatment_plans"
    )
    op.create_index(None, "practitioners", ["user_id"])
    _change_keys(OLD, NEW)


def downgrade() -> None:
    _lock_tables()
    _refuse_other_references((*TABLES, "practitioners"))
    undistribute_tables(op.get_bind())
    _change_keys(NEW, OLD)
    op.drop_table("practitioners")


def _lock_tables() -> None:
    """Lock PostgreSQL's tables in the order of requests: running ones end first, others wait."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"LOCK TABLE users, organizations, {', '.join(TABLES)} IN ACCESS EXCLUSIVE MODE")


def _refuse_other_references(tables: Sequence[str]) -> None:
    connection = op.get_bind()
    query = sa.text(OTHER_REFERENCES[connection.dialect.name])
    found = connection.scalars(
        query.bindparams(sa.bindparam("tables", expanding=True)), {"tables": tables}
    ).all()
    if found:
        raise MigrationRefused(
            "These tables of other programs have foreign keys to tables whose primary keys "
            f"change: {', '.join(found)}. Drop these foreign keys, migrate again, and create them "
            "again with the whole primary key."
        )


def _refuse_patients_of_other_clinics() -> None:
    found = op.get_bind().scalars(
        sa.text(
            "SELECT treatment_plans.id FROM treatment_plans"
            " JOIN patients ON patients.id = treatment_plans.patient_id"
            " WHERE patients.organization_id <> treatment_plans.organization_id LIMIT 10"
        )
    )
    if plans := [str(plan) for plan in found]:
        raise MigrationRefused(
            "These treatment plans belong to another organization than their "
            f"patients: {', '.join(plans)}. Correct their organization_id, or delete them, and "
            "migrate again."
        )


def _change_keys(before: dict[str, Keys], after: dict[str, Keys]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _copy_tables(before, after)
    else:
        _alter_tables(before, after)
    for table, keys in after.items():
        for columns in keys.indexes:
            op.create_index(None, table, list(columns))


def _alter_tables(before: dict[str, Keys], after: dict[str, Keys]) -> None:
    """Change the keys with few statements: a reset by drop runs all of them."""
    connection = op.get_bind()
    identities = connection.scalars(REPLICA_IDENTITIES, {"names": list(TABLES)}).all()
    for table in reversed(TABLES):
        changes = [
            f"DROP CONSTRAINT {key.name(table)}"
            for key in before[table].foreign
            if key not in after[table].foreign
        ]
        primary = ", ".join(after[table].primary)
        changes += [
            f"DROP CONSTRAINT pk_{table}",
            f"ADD CONSTRAINT pk_{table} PRIMARY KEY ({primary})",
        ]
        connection.exec_driver_sql(f"ALTER TABLE {table} {', '.join(changes)}")
        for columns in before[table].indexes:
            connection.exec_driver_sql(f"DROP INDEX {_index_name(table, columns)}")
    for table in identities:
        connection.exec_driver_sql(f"ALTER TABLE {table} REPLICA IDENTITY USING INDEX pk_{table}")
    for table in TABLES:
        new = [key for key in after[table].foreign if key not in before[table].foreign]
        if new:
            added = ", ".join(f"ADD {_definition(table, key, key.parent)}" for key in new)
            connection.exec_driver_sql(f"ALTER TABLE {table} {added}")


def _definition(table: str, key: Key, parent: str) -> str:
    deleting = f" ON DELETE {key.ondelete}" if key.ondelete else ""
    return (
        f"CONSTRAINT {key.name(table)} FOREIGN KEY({', '.join(key.columns)})"
        f" REFERENCES {parent} ({', '.join(key.referred)}){deleting}"
    )


def _copy_tables(before: dict[str, Keys], after: dict[str, Keys]) -> None:
    """Copy all tables with their new keys, and drop the old ones, children first.

    The copies refer to each other, so that dropping an old table deletes no rows of a new one.
    Their statements are those of the old tables but for the keys: columns of other programs stay.
    """
    connection = op.get_bind()
    has_rows = " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in TABLES)  # noqa: S608
    # Renaming takes SQLite longer than all else, and a reset by drop migrates empty tables.
    prefix = "new_" if connection.exec_driver_sql(f"SELECT {has_rows}").scalar() else ""
    objects = [statement for table in after for statement in _objects(table, before[table].indexes)]
    found = sa.text("SELECT lower(name), sql FROM sqlite_master WHERE type = 'table'")
    created: dict[str, str] = dict(connection.execute(found).all())
    statements = {
        table: _with_keys(table, created[table], before[table], after, prefix) for table in TABLES
    }
    if prefix:
        for table, statement in statements.items():
            connection.exec_driver_sql(statement)
            _copy_rows(connection, table, prefix)
    for table in reversed(TABLES):
        connection.exec_driver_sql(f"DROP TABLE {table}")
    for table, statement in statements.items():
        connection.exec_driver_sql(
            f"ALTER TABLE {prefix}{table} RENAME TO {table}" if prefix else statement
        )
    for statement in objects:
        connection.exec_driver_sql(statement)


def _copy_rows(connection: sa.Connection, table: str, prefix: str) -> None:
    # Generated columns cannot be inserted.
    columns = sa.text("SELECT name FROM pragma_table_xinfo(:name) WHERE hidden = 0")
    found = connection.scalars(columns, {"name": table})
    names = ", ".join(quoted(connection, name) for name in found)
    connection.exec_driver_sql(
        f"INSERT INTO {prefix}{table} ({names}) SELECT {names} FROM {table}"  # noqa: S608
    )


def _with_keys(table: str, created: str, before: Keys, after: dict[str, Keys], prefix: str) -> str:
    """Return the statement that creates a table, with a prefix to its name and other keys."""
    body, replaced = re.subn(
        rf'^CREATE TABLE\s+"?{table}"?',
        f"CREATE TABLE {prefix}{table}",
        created,
        flags=re.IGNORECASE,
    )
    for key in before.foreign:
        body, removed = re.subn(
            rf',\s*CONSTRAINT "?{key.name(table)}"? FOREIGN KEY\s*\([^)]*\)'
            r' REFERENCES "?\w+"?\s*\([^)]*\)(?: ON DELETE (?:CASCADE|RESTRICT))?',
            "",
            body,
        )
        replaced += removed
    keys = [f"CONSTRAINT pk_{table} PRIMARY KEY ({', '.join(after[table].primary)})"]
    for key in after[table].foreign:
        parent = f"{prefix}{key.parent}" if key.parent in after else key.parent
        keys.append(_definition(table, key, parent))
    primary = re.escape(", ".join(before.primary))
    body, found = re.subn(
        rf'CONSTRAINT "?pk_{table}"? PRIMARY KEY\s*\({primary}\)', ", ".join(keys), body
    )
    if (replaced, found) != (1 + len(before.foreign), 1):
        raise MigrationRefused(
            f"The keys of the table {table} are not as Seedbed's migrations left them, so they "
            "cannot be changed. Restore them, or seed with reset=drop, which deletes everything."
        )
    return body


def _objects(table: str, left_out: Sequence[Sequence[str]]) -> Sequence[str]:
    """Return the statements that create the indexes and triggers of a table, ours and others."""
    found = op.get_bind().execute(
        sa.text(
            "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')"
            " AND lower(tbl_name) = :table AND sql IS NOT NULL"
        ),
        {"table": table},
    )
    names = {_index_name(table, columns) for columns in left_out}
    return [sql for name, sql in found if name not in names]


def _index_name(table: str, columns: Sequence[str]) -> Any:
    return op.f(f"ix_{table}_{'_'.join(columns)}")
