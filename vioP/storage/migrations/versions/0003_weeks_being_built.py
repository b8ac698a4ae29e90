"""Weeks being built, and how each draft was found."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("week_plan", sa.Column("found", sa.JSON, nullable=True))
    op.create_table(
        "week_build",
        sa.Column("monday", sa.Date, primary_key=True),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("started_at", instant, nullable=False),
        sa.Column("started_by", sa.Text, nullable=False),
        sa.Column("beat_at", instant, nullable=False),
        sa.Column("is_to_stop", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("trace", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_table("week_build")
    op.drop_column("week_plan", "found")
