"""what a host confirmed of each seat: whether somebody was there, for how long, and why not."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("seat_id", sa.Text, sa.ForeignKey("seat.id"), nullable=False),
        sa.Column("attendance", sa.Text, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", instant, nullable=False),
    )
    op.create_index("ix_confirmation_seat", "confirmation", ["seat_id", "at"])


def downgrade() -> None:
    op.drop_table("confirmation")
