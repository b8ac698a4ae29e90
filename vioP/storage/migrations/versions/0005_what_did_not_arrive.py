"""what did not arrive: outages, messages somebody has dealt with, and who wants no reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outage",
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("next_try", instant, nullable=False),
    )
    op.create_table(
        "reminder_stop",
        sa.Column(
            "participant_id", sa.Text, sa.ForeignKey("participant.id"), primary_key=True
        ),
        sa.Column("at", instant, nullable=False),
    )
    op.add_column("delivery", sa.Column("handled_at", instant, nullable=True))
    op.add_column("delivery", sa.Column("handled_by", sa.Text, nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "handled_by")
    op.drop_column("delivery", "handled_at")
    op.drop_table("reminder_stop")
    op.drop_table("outage")
