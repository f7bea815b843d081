"""What a service still gives until it counts anew; texts that many accounts have copied."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column and the table; of earlier runs and texts nothing is known."""
    op.add_column("run", sa.Column("quota_left", sa.BigInteger(), nullable=True))
    op.create_table(
        "copy",
        sa.Column("mention_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("repeat", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"],
            ["mention.id"],
            name=op.f("fk_copy_mention_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_copy")),
    )
    op.create_index(op.f("ix_copy_group_id"), "copy", ["group_id"])
    op.create_index("ix_copy_brand_repeat", "copy", ["brand_id", "repeat", "mention_id"])
