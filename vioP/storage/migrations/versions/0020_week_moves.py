"""moves by hand in a draft, each with what was before it, so that it can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "week_move",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("monday", sa.Date, nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.Column("found", sa.JSON, nullable=True),
        sa.Column("added", sa.JSON, nullable=False),
        sa.Column("removed", sa.JSON, nullable=False),
        sa.Column("moved", sa.Text, nullable=False),
        sa.Column("moved_at", instant, nullable=False),
        sa.Column("moved_by", sa.Text, nullable=False),
    )
    op.create_index("ix_week_move_monday", "week_move", ["monday", "revision"])


def downgrade() -> None:
    op.drop_table("week_move")
