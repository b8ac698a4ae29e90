"""time off that clinicians ask for: whole days, and what a coordinator decided."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "time_off",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "staff_id",
            sa.Text,
            sa.ForeignKey("staff.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("decided_at", instant, nullable=True),
        sa.Column("decided_by", sa.Text, nullable=False),
    )
    op.create_index("ix_time_off_staff", "time_off", ["staff_id", "first"])


def downgrade() -> None:
    op.drop_table("time_off")
