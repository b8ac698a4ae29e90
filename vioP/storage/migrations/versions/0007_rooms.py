"""rooms: by what somebody took part, what providers say, which room, who waits, where from."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("evidence", sa.Column("leg", sa.Text, nullable=True))
    op.add_column(
        "evidence", sa.Column("connection", sa.Text, nullable=False, server_default="")
    )
    op.create_table(
        "provider_event",
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("body_hash", sa.Text, nullable=False),
        sa.Column("received_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("provider", "event_id"),
    )
    op.create_table(
        "room",
        sa.Column("session_id", sa.Text, sa.ForeignKey("session.id"), primary_key=True),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("chosen_at", instant, nullable=False),
        sa.Column("silent_since", instant, nullable=True),
    )
    op.create_index("ix_room_name", "room", ["provider", "name"])
    op.create_table(
        "admission",
        sa.Column("seat_id", sa.Text, sa.ForeignKey("seat.id"), primary_key=True),
        sa.Column("at", instant, nullable=False),
        sa.Column("admitted_by", sa.Text, nullable=False),
    )
    op.create_table(
        "whereabouts",
        sa.Column("seat_id", sa.Text, sa.ForeignKey("seat.id"), primary_key=True),
        sa.Column("at", instant, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("alone", sa.Boolean, nullable=False),
        sa.Column("can_talk", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    for table in ("whereabouts", "admission", "room", "provider_event"):
        op.drop_table(table)
    op.drop_column("evidence", "connection")
    op.drop_column("evidence", "leg")
