"""What was told, to whom it went, and what is muted."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def _of_an_alert(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["brand_id", "alert_id"],
        ["alert.brand_id", "alert.id"],
        name=op.f(f"fk_{table}_brand_id_alert_id"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    """Create the tables; none that was there changes."""
    op.create_table(
        "alert",
        sa.Column("brand_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("touchpoints", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("query", sa.Text(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_alert_brand_id")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("pk_alert")),
        sa.UniqueConstraint("brand_id", "key", name=op.f("uq_alert_brand_id_key")),
    )
    op.create_index("ix_alert_found", "alert", ["found_at"])
    op.create_table(
        "alert_mention",
        sa.Column("brand_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("mention_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        _of_an_alert("alert_mention"),
        sa.ForeignKeyConstraint(
            ["mention_id"],
            ["mention.id"],
            name=op.f("fk_alert_mention_mention_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "brand_id", "alert_id", "mention_id", name=op.f("pk_alert_mention")
        ),
    )
    op.create_index(op.f("ix_alert_mention_mention_id"), "alert_mention", ["mention_id"])
    op.create_table(
        "alert_delivery",
        sa.Column("brand_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        _of_an_alert("alert_delivery"),
        sa.PrimaryKeyConstraint("brand_id", "alert_id", "channel", name=op.f("pk_alert_delivery")),
    )
    op.create_index("ix_alert_delivery_due", "alert_delivery", ["status", "due_at"])
    op.create_table(
        "alert_mute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("touchpoint", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("muted_by", sa.Text(), nullable=False),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_alert_mute_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_mute")),
    )
