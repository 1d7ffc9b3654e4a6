"""Users, how they sign in, organizations, and who belongs to them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLES = ("owner", "admin", "member")
INVITATION_STATUSES = ("pending", "accepted", "rejected", "canceled")

DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def record(*columns: sa.schema.SchemaItem) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        *columns,
    )


def required(name: str, kind: Any = sa.String) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def reference(name: str, to: str, *, ondelete: str = "CASCADE") -> sa.Column[Any]:
    key = sa.ForeignKey(f"{to}.id", ondelete=ondelete)
    return sa.Column(name, sa.Uuid(), key, nullable=ondelete == "SET NULL")


def one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "users",
        *record(
            required("name"),
            sa.Column("first_name", sa.String),
            sa.Column("last_name", sa.String),
            sa.Column("email", sa.String, nullable=False, unique=True),
            required("email_verified", sa.Boolean),
            sa.Column("image", sa.String),
            sa.Column("license_number", sa.String),
            required("specialization", DOCUMENT),
            required("phone_numbers", DOCUMENT),
            sa.CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        ),
    )
    op.create_table(
        "accounts",
        *record(
            reference("user_id", "users"),
            required("provider_id"),
            required("account_id"),
            sa.Column("password", sa.String),
            sa.UniqueConstraint("provider_id", "account_id"),
        ),
    )
    op.create_table(
        "organizations",
        *record(
            required("name"),
            sa.Column("slug", sa.String, nullable=False, unique=True),
            sa.Column("logo", sa.String),
            sa.Column("metadata", DOCUMENT),
        ),
    )
    op.create_table(
        "sessions",
        *record(
            reference("user_id", "users"),
            sa.Column("token", sa.String, nullable=False, unique=True),
            required("expires_at", INSTANT),
            sa.Column("ip_address", sa.String),
            sa.Column("user_agent", sa.String),
            reference("active_organization_id", "organizations", ondelete="SET NULL"),
        ),
    )
    op.create_table(
        "verifications",
        *record(required("identifier"), required("value"), required("expires_at", INSTANT)),
    )
    op.create_table(
        "members",
        *record(
            reference("organization_id", "organizations"),
            reference("user_id", "users"),
            required("role", one_of("role", ROLES)),
            sa.UniqueConstraint("organization_id", "user_id"),
        ),
    )
    op.create_table(
        "invitations",
        *record(
            reference("organization_id", "organizations"),
            required("email"),
            required("role", one_of("role", ROLES)),
            required("status", one_of("invitation_status", INVITATION_STATUSES)),
            reference("inviter_id", "users"),
            required("expires_at", INSTANT),
        ),
    )
    op.create_index(None, "accounts", ["user_id"])
    op.create_index(None, "sessions", ["user_id"])
    op.create_index(None, "sessions", ["active_organization_id"])
    op.create_index(None, "verifications", ["identifier"])
    op.create_index(None, "members", ["user_id"])
    op.create_index(None, "invitations", ["organization_id"])
    op.create_index(None, "invitations", ["email"])
    op.create_index(None, "invitations", ["inviter_id"])


def downgrade() -> None:
    for table in (
        "invitations",
        "members",
        "verifications",
        "sessions",
        "organizations",
        "accounts",
        "users",
    ):
        op.drop_table(table)
