"""Answers by month, to be counted as they stand in an index."""

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from store.tables.columns import UtcDateTime

revision = "0008"
down_revision = "0007"

_ROWS = 1000


def upgrade() -> None:
    """Add the month and the index, and say of each answer when it was given."""
    op.add_column("survey_answer", sa.Column("month", sa.Date(), nullable=True))
    connection = op.get_bind()
    zone = connection.scalar(sa.text("SELECT value FROM meta WHERE key = 'zone'"))
    answer = sa.table(
        "survey_answer",
        sa.column("id", sa.Integer),
        sa.column("answered_at", UtcDateTime),
        sa.column("month", sa.Date),
    )
    given = sa.select(answer.c.id, answer.c.answered_at).where(answer.c.answered_at.is_not(None))
    rows = [
        {"of": id, "then": at.astimezone(ZoneInfo(zone)).date().replace(day=1)}
        for id, at in connection.execute(given)
    ]
    dated = (
        sa.update(answer)
        .where(answer.c.id == sa.bindparam("of"))
        .values(month=sa.bindparam("then"))
    )
    for start in range(0, len(rows), _ROWS):
        connection.execute(dated, rows[start : start + _ROWS])
    op.create_index(
        "ix_survey_answer_counted",
        "survey_answer",
        [
            *("brand_id", "metric", "low", "high", "higher_is_better", "touchpoint", "channel"),
            *("segment", "source", "month", "score", "answered_at"),
        ],
    )
