"""What insights ask of: profiles, facets and replies, and what people and jobs put on record."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_LISTED = (
    "sentiment", "complaint", "channel", "language", "stars", "profile_id", "source",
)  # fmt: skip


def upgrade() -> None:
    """Create the tables; what is derived is written when the store is opened."""
    op.create_table(
        "facet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facet")),
        sa.UniqueConstraint("name", "value", name=op.f("uq_facet_name_value")),
    )
    op.create_table(
        "monthly_profile",
        sa.Column("brand_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("profile_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("stars_n", sa.Integer(), nullable=False),
        sa.Column("stars_sum", sa.Float(), nullable=False),
        sa.Column("stars_squares", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint(
            "brand_id",
            "profile_id",
            "day",
            "channel",
            "language",
            "source",
            name=op.f("pk_monthly_profile"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("touchpoints", sa.Text(), nullable=False),
        sa.Column("signals", sa.Text(), nullable=False),
        sa.Column("sentiment", sa.Text(), nullable=False),
        sa.Column("complaint", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
        sa.UniqueConstraint(
            "touchpoints",
            "signals",
            "sentiment",
            "complaint",
            name=op.f("uq_profile_touchpoints_signals_sentiment_complaint"),
        ),
    )
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("touchpoint", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_action_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("touchpoint", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("broken", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_promise_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("centroid", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.Date(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_theme_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
    )
    op.create_table(
        "label_facet",
        sa.Column("facet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("profile_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("brand_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mention_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("stars", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mention_id"],
            ["mention.id"],
            name=op.f("fk_label_facet_mention_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "facet_id",
            "profile_id",
            "brand_id",
            "sort_at",
            "mention_id",
            name=op.f("pk_label_facet"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_label_facet_mention_id"), "label_facet", ["mention_id"], unique=False)
    op.create_table(
        "label_reply",
        sa.Column("mention_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Float(), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("said", sa.Integer(), nullable=True),
        sa.Column("replied", sa.Integer(), nullable=True),
        sa.Column("resolved", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mention_id"],
            ["mention.id"],
            name=op.f("fk_label_reply_mention_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_label_reply")),
    )
    op.create_index(
        "ix_label_reply_brand_id_sort_at", "label_reply", ["brand_id", "sort_at"], unique=False
    )
    op.create_table(
        "mark",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mention_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mention.id"], name=op.f("fk_mark_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "name", "mention_id", name=op.f("pk_mark")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_mark_mention_id"), "mark", ["mention_id"], unique=False)
    op.create_table(
        "theme_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_change_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_change")),
    )
    # Derived, and written anew when the store is opened: a column that may not be empty can be
    # added to a table without rows alone.
    op.drop_table("label")
    op.create_table(
        "label",
        sa.Column("mention_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sentiment", sa.Text(), nullable=False),
        sa.Column("complaint", sa.Boolean(), nullable=False),
        sa.Column("stars", sa.Float(), nullable=True),
        sa.Column("text_hash", sa.Text(), nullable=True),
        sa.Column("corrected", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mention.id"], name=op.f("fk_label_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_label")),
    )
    op.create_index("ix_label_wording", "label", ["text_hash", "brand_id", "sort_at", "mention_id"])
    op.create_index(
        "ix_label_brand_list",
        "label",
        ["brand_id", "sort_at", "mention_id", *_LISTED],
        unique=False,
    )
    op.create_index(
        "ix_label_list", "label", ["sort_at", "mention_id", "brand_id", *_LISTED], unique=False
    )
    op.execute("INSERT INTO meta (key, value) VALUES ('rebuild', '0006')")
