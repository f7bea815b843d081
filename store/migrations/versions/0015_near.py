"""Sketches in the order they are read in, an index of how old mentions are, and messages that tell
an alert once more."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Write the sketches anew, those of a brand's month together."""
    op.drop_index("ix_sketch_brand_id_day", "sketch")
    op.rename_table("sketch", "sketch_before")
    if op.get_context().dialect.name == "postgresql":
        for kind, name in (("pk", "sketch"), ("fk", "sketch_mention_id")):
            op.execute(
                f"ALTER TABLE sketch_before RENAME CONSTRAINT {kind}_{name} TO {kind}_before"
            )
    columns = ("brand_id", "day", "mention_id", "sketch")
    made = op.create_table(
        "sketch",
        sa.Column("brand_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mention_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mention.id"], name=op.f("fk_sketch_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "brand_id", "day", "mention_id", name=op.f("pk_sketch"), postgresql_include=["sketch"]
        ),
        sqlite_with_rowid=False,
    )
    before = sa.table("sketch_before", *map(sa.column, columns))
    op.execute(
        sa.insert(made).from_select(
            columns, sa.select(*before.c).order_by("brand_id", "day", "mention_id")
        )
    )
    op.drop_table("sketch_before")
    op.create_index("ix_sketch_mention_id", "sketch", ["mention_id"])
    op.create_index(
        "ix_mention_age",
        "mention",
        ["brand_id", "source", sa.text("coalesce(published_at, collected_at)")],
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    key = ("brand_id", "alert_id", "channel", "reminder")
    with op.batch_alter_table("alert_delivery") as table:
        table.add_column(
            sa.Column("reminder", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.drop_constraint(op.f("pk_alert_delivery"), type_="primary")
        table.create_primary_key(op.f("pk_alert_delivery"), list(key))
