"""How enterprises work, and official totals of workers."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("enterprises", _text("shift"))
    op.create_table(
        "totals",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("layer_id", sa.Integer(), nullable=True),
        sa.Column("hash", sa.Text(), server_default="", nullable=False),
        _text("town"),
        sa.Column("workers", sa.Double(), nullable=False),
        *(_text(name) for name in ("date", "source")),
        sa.ForeignKeyConstraint(["layer_id"], ["layer.id"], name=op.f("fk_totals_layer_id_layer")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_totals")),
        sa.UniqueConstraint("id", name=op.f("uq_totals_id")),
    )


def downgrade() -> None:
    """Remove both; what was told in them is lost."""
    op.drop_table("totals")
    op.drop_column("enterprises", "shift")


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)
