"""Alembic's entrance: runs the migrations on the connection that `register.schema` hands over."""

from alembic import context

from register import finding
from register.tables import METADATA

finding.remove(context.config.attributes["connection"])  # made anew behind the last migration
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
