"""Indexes for pages of the ledger, moments of the past and the records of one unit."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STANDS_ALONE = sa.text("batch IS NULL OR batch = id")
_PARTIAL = {"sqlite_where": _STANDS_ALONE, "postgresql_where": _STANDS_ALONE}
_SEEN_BY_UNIT = ("stations", "candidates")


def upgrade() -> None:
    """Make them; one is made anew with the id behind its columns."""
    op.drop_index("ix_event_record", "event")
    op.create_index("ix_event_record", "event", ["kind", "record_id", "id"])
    op.create_index("ix_event_at", "event", ["at", "id"])
    op.create_index("ix_event_who", "event", ["who", "id"])
    op.create_index("ix_event_heading", "event", ["id"], **_PARTIAL)
    op.create_index("ix_event_kind", "event", ["kind", "id"], **_PARTIAL)
    for name in _SEEN_BY_UNIT:
        op.create_index(f"ix_{name}_unit", name, ["deleted", "town", "state", "updated_at", "name"])


def downgrade() -> None:
    """Remove them."""
    for name in _SEEN_BY_UNIT:
        op.drop_index(f"ix_{name}_unit", name)
    for index in ("kind", "heading", "who", "at", "record"):
        op.drop_index(f"ix_event_{index}", "event")
    op.create_index("ix_event_record", "event", ["kind", "record_id"])
