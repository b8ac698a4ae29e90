"""what is known about reaching people, marks of sessions, claimed attempts, supporters."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

instant = sa.DateTime(timezone=True)
NOTHING = sa.text("''")


def upgrade() -> None:
    op.create_table(
        "contact_fact",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "participant_id", sa.Text, sa.ForeignKey("participant.id"), nullable=False
        ),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=True),
        sa.Column("number", sa.Text, nullable=False, server_default=NOTHING),
        sa.Column("until", instant, nullable=True),
        sa.Column("wording", sa.Text, nullable=False, server_default=NOTHING),
    )
    op.create_index(
        "ix_contact_fact_participant_id", "contact_fact", ["participant_id", "at"]
    )
    op.create_table(
        "session_mark",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("session_id", sa.Text, sa.ForeignKey("session.id"), nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
    )
    op.create_index("ix_session_mark_session_id", "session_mark", ["session_id", "at"])
    op.add_column("session", sa.Column("closed_at", instant, nullable=True))
    for name in ("name", "email", "phone"):
        op.add_column(
            "supporter", sa.Column(name, sa.Text, nullable=False, server_default=NOTHING)
        )
    with op.batch_alter_table("attempt") as attempt:
        attempt.alter_column("session_id", existing_type=sa.Text, nullable=True)
        attempt.add_column(sa.Column("participant_id", sa.Text, nullable=True))
        attempt.add_column(
            sa.Column("channel", sa.Text, nullable=False, server_default="call_list")
        )
        attempt.add_column(
            sa.Column("state", sa.Text, nullable=False, server_default=NOTHING)
        )
        attempt.add_column(sa.Column("call_ref", sa.Text, nullable=True))
        attempt.add_column(
            sa.Column("note", sa.Text, nullable=False, server_default=NOTHING)
        )
        attempt.add_column(sa.Column("claimed_by", sa.Text, nullable=True))
        attempt.add_column(sa.Column("claimed_at", instant, nullable=True))
    op.create_index("ix_attempt_seat_id", "attempt", ["seat_id"])


def downgrade() -> None:
    op.drop_index("ix_attempt_seat_id", "attempt")
    op.execute("DELETE FROM attempt WHERE session_id IS NULL")
    with op.batch_alter_table("attempt") as attempt:
        for name in ("claimed_at", "claimed_by", "note", "call_ref", "state", "channel",
                     "participant_id"):  # fmt: skip
            attempt.drop_column(name)
        attempt.alter_column("session_id", existing_type=sa.Text, nullable=False)
    for name in ("phone", "email", "name"):
        op.drop_column("supporter", name)
    op.drop_column("session", "closed_at")
    op.drop_table("session_mark")
    op.drop_table("contact_fact")
