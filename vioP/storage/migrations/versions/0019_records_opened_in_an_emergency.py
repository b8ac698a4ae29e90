"""records that a clinician opened in an emergency, and what compliance said of it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "opened_record",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("staff_id", sa.Text, sa.ForeignKey("staff.id"), nullable=False),
        sa.Column(
            "participant_id", sa.Text, sa.ForeignKey("participant.id"), nullable=False
        ),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("begun_at", instant, nullable=False),
        sa.Column("until", instant, nullable=False),
        sa.Column("ended_at", instant, nullable=True),
        sa.Column("reviewed_by", sa.Text, nullable=False, server_default=""),
        sa.Column("reviewed_at", instant, nullable=True),
        sa.Column("review", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("ix_opened_record_staff", "opened_record", ["staff_id", "until"])
    op.create_index("ix_opened_record_person", "opened_record", ["participant_id"])


def downgrade() -> None:
    op.drop_table("opened_record")
