"""Every different text once, with how useful a correction of it would be."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_LISTED_BY = ("sentiment", "complaint", "channel", "language")

_LABEL = """UPDATE label SET
    text_hash = (
        SELECT text_hash FROM mention
        WHERE mention.id = label.mention_id AND text <> '' AND deleted_at IS NULL),
    corrected = EXISTS (SELECT 1 FROM correction WHERE correction.mention_id = label.mention_id)"""

# The margin between the two likeliest sentiments, and the least margin of any yes or no. The
# second of three is what is left of their sum without the first and the last.
_SQLITE_MARGINS = """
    (SELECT CASE WHEN max(p) > 0 THEN sum(p) - min(p) * (count(*) = 3) - max(p) END
     FROM (SELECT value AS p FROM json_each(tag.scores)
           WHERE key IN ('negative', 'neutral', 'positive'))) AS second,
    (SELECT max(value) FROM json_each(tag.scores)
     WHERE key IN ('negative', 'neutral', 'positive')) AS first,
    (SELECT min(abs(2 * value - 1)) FROM json_each(tag.scores)
     WHERE key NOT IN ('negative', 'neutral', 'positive')) AS least"""

_POSTGRESQL_MARGINS = """
    (SELECT CASE WHEN max(p) > 0 THEN
         sum(p) - CASE WHEN count(*) = 3 THEN min(p) ELSE 0 END - max(p) END
     FROM (SELECT value::numeric AS p FROM json_each_text(tag.scores)
           WHERE key IN ('negative', 'neutral', 'positive')) sentiment) AS second,
    (SELECT max(value::numeric) FROM json_each_text(tag.scores)
     WHERE key IN ('negative', 'neutral', 'positive')) AS first,
    (SELECT min(abs(2 * value::numeric - 1)) FROM json_each_text(tag.scores)
     WHERE key NOT IN ('negative', 'neutral', 'positive')) AS least"""

_WORDING = """INSERT INTO wording (brand_id, text_hash, n, corrected, uncertainty, usefulness)
SELECT brand_id, text_hash, n, corrected, unsure,
    CASE WHEN corrected = 0 AND unsure >= 0.5 THEN n * unsure ELSE 0 END
FROM (
    SELECT brand_id, text_hash, count(*) AS n,
        sum(CASE WHEN corrected THEN 1 ELSE 0 END) AS corrected,
        max(CASE WHEN tagged IS NULL THEN NULL
            ELSE round(1 - {least}(coalesce(first - second, 1), coalesce(least, 1)), 4) END)
            AS unsure
    FROM (
        SELECT label.brand_id, label.text_hash, label.corrected, tag.mention_id AS tagged,
        {margins}
        FROM label LEFT JOIN tag
            ON tag.mention_id = label.mention_id AND tag.text_hash = label.text_hash
        WHERE label.text_hash IS NOT NULL
    ) said
    GROUP BY brand_id, text_hash
) texts"""


def upgrade() -> None:
    """Create the table and fill it from the tags that are there."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("ix_label_brand_list", "ix_label_list"):
        op.drop_index(name, "label")
    op.add_column("label", sa.Column("text_hash", sa.Text(), nullable=True))
    op.add_column(
        "label", sa.Column("corrected", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(_LABEL)
    op.create_index(
        "ix_label_brand_list",
        "label",
        ["brand_id", "sort_at", "mention_id", *_LISTED_BY, "stars"],
    )
    op.create_index(
        "ix_label_list", "label", ["sort_at", "mention_id", "brand_id", *_LISTED_BY, "stars"]
    )
    op.create_index("ix_label_wording", "label", ["text_hash", "brand_id", "sort_at", "mention_id"])
    op.create_table(
        "wording",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("uncertainty", sa.Float(), nullable=True),
        sa.Column("usefulness", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint("text_hash", "brand_id", name=op.f("uq_wording_text_hash_brand_id")),
    )
    margins = _SQLITE_MARGINS if sqlite else _POSTGRESQL_MARGINS
    op.execute(_WORDING.format(margins=margins, least="min" if sqlite else "least"))
    useful = sa.text("usefulness > 0")
    for name, columns in (
        ("ix_wording_brand_useful", ["brand_id", "usefulness", "id"]),
        ("ix_wording_useful", ["usefulness", "id", "brand_id"]),
    ):
        op.create_index(name, "wording", columns, sqlite_where=useful, postgresql_where=useful)
