"""The mark that says which environment the database belongs to, and which database it is."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "database_mark",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("database", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
        if_not_exists=True,
    )


def downgrade() -> None:
    """Leave the mark: it tells of the database, and production's stays production's."""
