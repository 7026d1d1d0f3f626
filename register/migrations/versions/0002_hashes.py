"""A hash of every record's row, and layer files inside a database that a team shares."""

import sqlalchemy as sa
from alembic import op

from register.records import row_hash

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = ("stations", "candidates", "enterprises", "hosts", "needs")


def upgrade() -> None:
    """Add the column, fill it for the records that are there, add the table of files."""
    for name in _TABLES:
        op.add_column(name, sa.Column("hash", sa.Text(), server_default="", nullable=False))
        _fill(name)
    op.create_table(
        "file_part",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "part", name=op.f("pk_file_part")),
    )


def downgrade() -> None:
    """Remove both."""
    op.drop_table("file_part")
    for name in _TABLES:
        op.drop_column(name, "hash")


def _fill(name: str) -> None:
    connection = op.get_bind()
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    hashed = [
        {"_seq": row["seq"], "_hash": row_hash(row)}
        for row in connection.execute(sa.select(table)).mappings()
    ]
    if hashed:
        statement = sa.update(table).where(table.c.seq == sa.bindparam("_seq"))
        connection.execute(statement.values(hash=sa.bindparam("_hash")), hashed)
