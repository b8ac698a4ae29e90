"""which module is taught when, and when somebody may join."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

NOTHING = sa.text("'[]'")


def upgrade() -> None:
    op.add_column(
        "track", sa.Column("rotation", sa.JSON, nullable=False, server_default=NOTHING)
    )
    for column in (
        sa.Column("first_day", sa.Date, nullable=True),
        sa.Column("rotation", sa.JSON, nullable=False, server_default=NOTHING),
        sa.Column("mode", sa.Text, nullable=False, server_default=sa.text("'rolling'")),
        sa.Column("opens_at", sa.JSON, nullable=False, server_default=NOTHING),
    ):
        op.add_column("cohort", column)


def downgrade() -> None:
    for name in ("opens_at", "mode", "rotation", "first_day"):
        op.drop_column("cohort", name)
    op.drop_column("track", "rotation")
