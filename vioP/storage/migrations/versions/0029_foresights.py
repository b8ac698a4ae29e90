"""What is asked of weeks ahead, and the last answer."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "foresight",
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("monday", sa.Date, nullable=False),
        sa.Column("participant_id", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("asked_at", instant, nullable=True),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("beat_at", instant, nullable=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("answer", sa.JSON, nullable=True),
        sa.Column("answered_at", instant, nullable=True),
        sa.Column("answered_for", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("what", "monday", "participant_id"),
    )


def downgrade() -> None:
    op.drop_table("foresight")
