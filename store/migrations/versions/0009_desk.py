"""Cases, saved views, corrections to go back to, vectors of texts, and who answers what."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def _mention(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["mention_id"],
        ["mention.id"],
        name=op.f(f"fk_{table}_mention_id"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    """Create them; no table that was there changes."""
    op.create_table(
        "mention_case",
        sa.Column("mention_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _mention("mention_case"),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_mention_case")),
    )
    op.create_index(op.f("ix_mention_case_status"), "mention_case", ["status"])
    op.create_table(
        "case_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mention_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _mention("case_change"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_change")),
    )
    op.create_index(op.f("ix_case_change_mention_id"), "case_change", ["mention_id"])
    op.create_table(
        "saved_view",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_saved_view")),
    )
    op.create_table(
        "replaced_correction",
        sa.Column("mention_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sentiment", sa.Text(), nullable=False),
        sa.Column("complaint", sa.Boolean(), nullable=False),
        sa.Column("touchpoints", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        _mention("replaced_correction"),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_replaced_correction")),
    )
    op.create_table(
        "vector_space",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("space", sa.LargeBinary(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_vector_space_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vector_space")),
        sa.UniqueConstraint("brand_id", "polarity", name=op.f("uq_vector_space_brand_id_polarity")),
    )
    op.create_table(
        "vector",
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["space_id"], ["vector_space.id"], name=op.f("fk_vector_space_id")),
        sa.PrimaryKeyConstraint("space_id", "text_hash", name=op.f("pk_vector")),
        sqlite_with_rowid=False,
    )
    is_answer = sa.text("parent_id IS NOT NULL")
    op.create_index(
        "ix_mention_parent",
        "mention",
        ["brand_id", "source", "parent_id"],
        sqlite_where=is_answer,
        postgresql_where=is_answer,
    )
