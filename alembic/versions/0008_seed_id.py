"""Which seed made the data set: servers compare it with the last one that they know of."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("last_seed", sa.Column("seed_id", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("last_seed", "seed_id")
