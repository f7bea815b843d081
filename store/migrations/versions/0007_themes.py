"""What themes are made with, and an index that finds what was tagged since they were."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create both; nothing is in the way of the other."""
    op.create_table(
        "theme_space",
        sa.Column("brand_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("space", sa.LargeBinary(), nullable=False),
        sa.Column("cut", sa.Float(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_theme_space_brand_id")),
        sa.PrimaryKeyConstraint("brand_id", "polarity", name=op.f("pk_theme_space")),
    )
    op.create_index(op.f("ix_tag_tagged_at"), "tag", ["tagged_at"])
