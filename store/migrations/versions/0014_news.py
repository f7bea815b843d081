"""What lets a night look at what is new alone: sketches of texts, which of them wait to be tagged,
and how far themes have come. And whose a run was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Create the table, and let the job that fills it begin anew: groups stay as they are.

    Themes are counted as they were, and every vector is looked for once more.
    """
    op.create_table(
        "sketch",
        sa.Column("mention_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mention.id"], name=op.f("fk_sketch_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_sketch")),
    )
    op.create_index("ix_sketch_brand_id_day", "sketch", ["brand_id", "day"])
    op.execute("DELETE FROM meta WHERE key = 'copies'")
    for table, column in (
        ("theme", sa.Column("uncounted", sa.Integer(), nullable=False, server_default="0")),
        ("theme_space", sa.Column("added", sa.Integer(), nullable=False, server_default="0")),
        (
            "vector_space",
            sa.Column("complete", sa.Boolean(), nullable=False, server_default=sa.false()),
        ),
    ):
        op.add_column(table, column)
    op.add_column("run", sa.Column("brand", sa.Text(), nullable=True))
    op.create_index("ix_tag_model", "tag", ["model", "mention_id"])
    op.add_column(
        "label", sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    label = sa.table("label", sa.column("mention_id"), sa.column("waits", sa.Boolean()))
    mention = sa.table("mention", *map(sa.column, ("id", "text", "text_hash", "deleted_at")))
    tag = sa.table("tag", *map(sa.column, ("mention_id", "text_hash")))
    waiting = (
        sa.select(mention.c.id)
        .outerjoin(tag, tag.c.mention_id == mention.c.id)
        .where(
            mention.c.text != "",
            mention.c.deleted_at.is_(None),
            tag.c.text_hash.is_distinct_from(mention.c.text_hash),
        )
    )
    op.execute(sa.update(label).where(label.c.mention_id.in_(waiting)).values(waits=True))
    op.create_index(
        "ix_label_waits",
        "label",
        ["mention_id"],
        sqlite_where=sa.text("waits = 1"),
        postgresql_where=sa.text("waits"),
    )
