"""Areas of hosts."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("hosts", sa.Column("area_m2", sa.Double(), nullable=True))


def downgrade() -> None:
    """Remove it; what was told in it is lost."""
    op.drop_column("hosts", "area_m2")
