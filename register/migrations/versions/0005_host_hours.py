"""Opening hours of hosts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("hosts", sa.Column("hours", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Remove it; what was told in it is lost."""
    op.drop_column("hosts", "hours")
