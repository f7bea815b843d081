"""What a service still gives until it counts anew."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; of earlier runs it is not known."""
    op.add_column("run", sa.Column("quota_left", sa.BigInteger(), nullable=True))
