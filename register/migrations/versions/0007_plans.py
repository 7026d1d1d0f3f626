"""A hash of every plan's row, and the rule and standard files that a plan rests on."""

import sqlalchemy as sa
from alembic import op

from register.plans import plan_hash

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; the hash is filled for the plans that are there."""
    op.add_column("plan", sa.Column("editions", sa.Text(), server_default="{}", nullable=False))
    op.add_column("plan", sa.Column("hash", sa.Text(), server_default="", nullable=False))
    connection = op.get_bind()
    table = sa.Table("plan", sa.MetaData(), autoload_with=connection)
    hashed = [
        {"_id": row["id"], "_hash": plan_hash(row)}
        for row in connection.execute(sa.select(table)).mappings()
    ]
    if hashed:
        statement = sa.update(table).where(table.c.id == sa.bindparam("_id"))
        connection.execute(statement.values(hash=sa.bindparam("_hash")), hashed)


def downgrade() -> None:
    """Remove both."""
    op.drop_column("plan", "hash")
    op.drop_column("plan", "editions")
