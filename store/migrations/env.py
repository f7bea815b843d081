"""Run by Alembic with the connection that `store.migrations.upgrade` holds."""

from alembic import context

from store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # The transaction is the caller's: a failed upgrade leaves the store as it was.
    transactional_ddl=False,
)
context.run_migrations()
