"""Further columns of stations, hosts, enterprises and needs; nine further kinds of records."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW = (
    "visits",
    "units",
    "haves",
    "inspections",
    "targets",
    "tasks",
    "users",
    "photos",
    "scenarios",
)


def upgrade() -> None:
    """Add the columns and the tables."""
    for table, added in _added().items():
        for column in added:
            op.add_column(table, column)
    _records("visits", [*_texts("station", "date"), _needed(_whole("visits"))])
    _records(
        "units",
        [
            *_texts("name", "unit_kind", "alias", "parent"),
            _flag("territory"),
            *_texts("valid_from", "valid_to"),
        ],
    )
    _records(
        "haves",
        [
            *_texts("station", "item", "date"),
            _flag("met"),
            *_texts("checked_by", "photo", "note"),
        ],
    )
    _records(
        "inspections",
        [
            *_texts("station", "date", "inspected_by", "hazard", "deadline"),
            _flag("supervised"),
            *_texts("closed_on", "photo", "note"),
        ],
    )
    _records(
        "targets",
        [*_texts("unit", "due"), _needed(_whole("year")), _needed(_whole("target"))],
    )
    _records(
        "tasks",
        [
            *_texts("task_kind", "unit", "request", "about_kind", "about", "due", "task_state"),
            _number("place_lon"),
            _number("place_lat"),
            *_texts("asked_by", "claimed_by", "answer", "answer_values", "photo", "reason"),
        ],
    )
    _records("users", [*_texts("login", "person", "role", "unit"), _needed(_flag("active"))])
    sizes = [_needed(_whole(name)) for name in ("size_bytes", "width", "height")]
    texts = _texts("sha256", "photo_kind", "media_type", "about_kind", "about", "taken_on")
    _records("photos", [*texts, *sizes])
    _records(
        "scenarios",
        _texts("name", "baseline", "modifications", "parameters", "fingerprint", "note"),
    )


def downgrade() -> None:
    """Remove both; what was told in them is lost."""
    for table in reversed(_NEW):
        op.drop_table(table)
    for table, added in _added().items():
        for column in added:
            op.drop_column(table, column.name)


def _added() -> dict[str, list[sa.Column]]:
    """Return the new columns of the tables that were there; a column belongs to one table."""
    return {
        "stations": _of_a_station(),
        "candidates": _of_a_station(),
        "enterprises": [
            *_texts("credit_code", "address", "claimed_by", "verification"),
            *_texts("verified_by_means", "verified_on", "workers_on", "workers_from"),
            *_texts("position_state", "path_place", "path_photo", "path_surveyed_on"),
            _flag("path_on_way"),
            *_texts("contact_name", "contact_phone"),
        ],
        "hosts": [*_texts("address", "position_state"), *_consent()],
        "needs": _texts("date", "channel", "said"),
    }


def _of_a_station() -> list[sa.Column]:
    return [
        *_texts("address", "position_state", "host"),
        *_consent(),
        _whole("invested_yuan"),
        *_texts("invested_from", "invested_on"),
        *_texts("sign_ordered_on", "sign_installed_on", "sign_installed_by"),
        *_texts("opened_on", "closed_on", "sector", "responsible"),
    ]


def _consent() -> list[sa.Column]:
    return _texts("consent", "consent_until", "contact_name", "contact_phone")


def _records(table: str, own: Sequence[sa.Column]) -> None:
    op.create_table(
        table,
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
        *own,
        sa.ForeignKeyConstraint(
            ["layer_id"], ["layer.id"], name=op.f(f"fk_{table}_layer_id_layer")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("id", name=op.f(f"uq_{table}_id")),
    )


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), server_default="", nullable=False) for name in names]


def _whole(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=True)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Double(), nullable=True)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=True)


def _needed(column: sa.Column) -> sa.Column:
    column.nullable = False
    return column
