"""Hours belong to a membership, and end with it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SLOTS = ("weekly_availability_templates", "availability_exceptions")
MEMBERSHIP = ["organization_id", "user_id"]
# The columns that refer, the table that they refer to, and its columns.
Key = tuple[list[str], str, list[str]]
TO_MEMBERS: tuple[Key, ...] = ((MEMBERSHIP, "members", MEMBERSHIP),)
TO_EACH: tuple[Key, ...] = (
    (["organization_id"], "organizations", ["id"]),
    (["user_id"], "users", ["id"]),
)


def upgrade() -> None:
    for table in SLOTS:
        op.execute(
            f"DELETE FROM {table} WHERE NOT EXISTS (SELECT 1 FROM members"  # noqa: S608 - ours
            f" WHERE members.organization_id = {table}.organization_id"
            f" AND members.user_id = {table}.user_id)"
        )
        _refer(table, TO_EACH, TO_MEMBERS)
        op.drop_index(f"ix_{table}_organization_id", table)
        op.create_index(None, table, MEMBERSHIP)


def downgrade() -> None:
    for table in SLOTS:
        _refer(table, TO_MEMBERS, TO_EACH)
        op.drop_index(f"ix_{table}_organization_id_user_id", table)
        op.create_index(None, table, ["organization_id"])


def _refer(table: str, before: tuple[Key, ...], after: tuple[Key, ...]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(table, after)
        return
    for columns, parent, _ in before:
        op.drop_constraint(_name(table, columns, parent), table, type_="foreignkey")
    for columns, parent, referred in after:
        op.create_foreign_key(
            _name(table, columns, parent), table, parent, columns, referred, ondelete="CASCADE"
        )


def _make_anew(table: str, keys: tuple[Key, ...]) -> None:
    """Copy a table but for its foreign keys, as SQLite cannot alter them.

    No table refers to slots, so nothing goes with the old one. Alembic's `batch_alter_table` would
    write the constraints in another order every time.
    """
    found = sa.inspect(op.get_bind())
    columns = found.get_columns(table)
    indexes = found.get_indexes(table)
    names = ", ".join(column["name"] for column in columns)
    op.create_table(
        f"new_{table}",
        *(sa.Column(c["name"], c["type"], nullable=c["nullable"]) for c in columns),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.CheckConstraint(check["sqltext"], name=op.f(str(check["name"])))
            for check in found.get_check_constraints(table)
        ),
        *(
            sa.ForeignKeyConstraint(
                referring,
                [f"{parent}.{column}" for column in referred],
                name=_name(table, referring, parent),
                ondelete="CASCADE",
            )
            for referring, parent, referred in keys
        ),
    )
    op.execute(f"INSERT INTO new_{table} ({names}) SELECT {names} FROM {table}")  # noqa: S608 - ours
    op.drop_table(table)
    op.rename_table(f"new_{table}", table)
    for index in indexes:
        op.create_index(op.f(str(index["name"])), table, [str(c) for c in index["column_names"]])


def _name(table: str, columns: list[str], parent: str) -> str:
    """Name it by the convention; `f` cuts off what is too long for PostgreSQL."""
    return op.f(f"fk_{table}_{'_'.join(columns)}_{parent}")
