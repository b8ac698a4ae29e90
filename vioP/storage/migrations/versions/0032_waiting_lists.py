"""who waits for a place in a cohort, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "waiting",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "participant_id", sa.Text, sa.ForeignKey("participant.id"), nullable=False
        ),
        # An import may take a cohort away; who waited for it stays on record.
        sa.Column("cohort_id", sa.Text, nullable=False),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column("earliest", sa.Date, nullable=False),
        sa.Column("days", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("offer_first", sa.Date, nullable=True),
        sa.Column("offer_until", sa.Date, nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("noted_by", sa.Text, nullable=False),
        sa.Column("noted_at", instant, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.Column("closed_at", instant, nullable=True),
    )
    # Nobody waits twice for the same place.
    op.create_index(
        "ux_waiting_open",
        "waiting",
        ["cohort_id", "participant_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_waiting_participant", "waiting", ["participant_id"])


def downgrade() -> None:
    op.drop_table("waiting")
