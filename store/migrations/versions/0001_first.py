"""The first tables, and the search index over the texts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SQLITE_SEARCH = (
    """CREATE VIRTUAL TABLE mention_search USING fts5(
        text, content='mention', content_rowid='id', tokenize='unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER mention_search_insert AFTER INSERT ON mention BEGIN
        INSERT INTO mention_search(rowid, text) VALUES (new.id, new.text); END""",
    """CREATE TRIGGER mention_search_delete AFTER DELETE ON mention BEGIN
        INSERT INTO mention_search(mention_search, rowid, text)
        VALUES ('delete', old.id, old.text); END""",
    """CREATE TRIGGER mention_search_update AFTER UPDATE OF text ON mention
        WHEN old.text <> new.text BEGIN
        INSERT INTO mention_search(mention_search, rowid, text)
        VALUES ('delete', old.id, old.text);
        INSERT INTO mention_search(rowid, text) VALUES (new.id, new.text); END""",
)

# A table of its own: a search reads many rows here, and none of their other columns.
_POSTGRESQL_SEARCH = (
    """CREATE TABLE mention_search (
        mention_id integer PRIMARY KEY REFERENCES mention ON DELETE CASCADE,
        words tsvector NOT NULL)""",
    "CREATE INDEX mention_search_words ON mention_search USING gin (words)",
    """CREATE FUNCTION mention_search_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO mention_search SELECT id, to_tsvector('simple', text) FROM fresh;
        RETURN NULL; END $$""",
    """CREATE TRIGGER mention_search_insert AFTER INSERT ON mention
        REFERENCING NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION mention_search_insert()""",
    """CREATE FUNCTION mention_search_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE mention_search SET words = to_tsvector('simple', new.text)
        WHERE mention_id = new.id;
        RETURN NULL; END $$""",
    """CREATE TRIGGER mention_search_update AFTER UPDATE OF text ON mention
        FOR EACH ROW WHEN (old.text <> new.text) EXECUTE FUNCTION mention_search_update()""",
)

_LISTED_BY = ("sentiment", "complaint", "channel", "language")


def upgrade() -> None:
    """Create everything."""
    op.create_table(
        "brand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand")),
        sa.UniqueConstraint("name", name=op.f("uq_brand_name")),
    )
    op.create_table(
        "cursor",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_cursor")),
    )
    for name in ("daily_count", "monthly_count"):
        _create_rollup(
            name,
            ["brand_id", "day", "sentiment", "channel", "language", "source"],
            sa.Column("stars_n", sa.Integer(), nullable=False),
            sa.Column("stars_sum", sa.Float(), nullable=False),
            sa.Column("stars_squares", sa.Float(), nullable=False),
        )
    _create_rollup(
        "daily_touchpoint",
        ["brand_id", "day", "touchpoint", "polarity", "channel", "language", "source"],
    )
    _create_rollup(
        "monthly_touchpoint",
        ["brand_id", "touchpoint", "polarity", "channel", "day", "language", "source"],
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("got", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("edited", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_source"), "run", ["source"], unique=False)
    op.create_table(
        "bad_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_bad_record_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bad_record")),
    )
    op.create_index(op.f("ix_bad_record_run_id"), "bad_record", ["run_id"], unique=False)
    op.create_table(
        "mention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("stars", sa.Float(), nullable=True),
        sa.Column("author_key", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("reply_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_mention_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        sa.UniqueConstraint(
            "brand_id", "source", "external_id", name=op.f("uq_mention_brand_id_source_external_id")
        ),
    )
    op.create_table(
        "correction",
        sa.Column("mention_id", sa.Integer(), nullable=False),
        sa.Column("sentiment", sa.Text(), nullable=False),
        sa.Column("complaint", sa.Boolean(), nullable=False),
        sa.Column("touchpoints", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"],
            ["mention.id"],
            name=op.f("fk_correction_mention_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_correction")),
    )
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
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mention.id"], name=op.f("fk_label_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_label")),
    )
    op.create_index(
        "ix_label_brand_list", "label", ["brand_id", "sort_at", "mention_id", *_LISTED_BY]
    )
    op.create_index("ix_label_list", "label", ["sort_at", "mention_id", "brand_id", *_LISTED_BY])
    op.create_table(
        "label_touchpoint",
        sa.Column("mention_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("touchpoint", sa.Text(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sentiment", sa.Text(), nullable=False),
        sa.Column("complaint", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"],
            ["mention.id"],
            name=op.f("fk_label_touchpoint_mention_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mention_id", "touchpoint", name=op.f("pk_label_touchpoint")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_label_touchpoint_brand_list",
        "label_touchpoint",
        ["brand_id", "touchpoint", "sort_at", "mention_id", "polarity", *_LISTED_BY],
    )
    op.create_index(
        "ix_label_touchpoint_list",
        "label_touchpoint",
        ["touchpoint", "sort_at", "mention_id", "brand_id", "polarity", *_LISTED_BY],
    )
    op.create_table(
        "mention_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mention_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("stars", sa.Float(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"],
            ["mention.id"],
            name=op.f("fk_mention_version_mention_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention_version")),
    )
    op.create_index(
        op.f("ix_mention_version_mention_id"), "mention_version", ["mention_id"], unique=False
    )
    op.create_table(
        "tag",
        sa.Column("mention_id", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sentiment", sa.Text(), nullable=False),
        sa.Column("complaint", sa.Boolean(), nullable=False),
        sa.Column("touchpoints", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("tagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mention.id"], name=op.f("fk_tag_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_tag")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE_SEARCH if sqlite else _POSTGRESQL_SEARCH:
        op.execute(statement)


def _create_rollup(name: str, keys: list[str], *sums: sa.Column[Any]) -> None:
    types: dict[str, Any] = {"brand_id": sa.Integer(), "day": sa.Date()}
    op.create_table(
        name,
        *(
            sa.Column(key, types.get(key, sa.Text()), autoincrement=False, nullable=False)
            for key in keys
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("complaints", sa.Integer(), nullable=False),
        *sums,
        sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )
