"""replies.

What came in by mail, what it answered, and what wants a decision. Replies are append-only:
the newest by sequence, stamp and arrival counts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = ("inbound_mail", "reply", "matter", "dead_address", "mailbox")
instant = sa.DateTime(timezone=True)


def text(name: str, *more: sa.ForeignKey, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, *more, nullable=null)


def upgrade() -> None:
    op.create_table(
        "inbound_mail",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("received_at", instant, nullable=False),
        text("told"),
    )
    op.create_table(
        "reply",
        sa.Column("id", sa.Text, primary_key=True),
        text("seat_id", sa.ForeignKey("seat.id")),
        text("answer"),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("stamped", instant, nullable=False),
        sa.Column("starts", instant, nullable=True),
        sa.Column("ends", instant, nullable=True),
        sa.Column("is_sure", sa.Boolean, nullable=False),
        text("comment"),
        text("source"),
        sa.Column("received_at", instant, nullable=False),
    )
    op.create_index("ix_reply_seat_id", "reply", ["seat_id", "sequence", "stamped"])
    op.create_table(
        "matter",
        sa.Column("id", sa.Text, primary_key=True),
        text("why"),
        text("reply_id", sa.ForeignKey("reply.id"), null=True),
        text("seat_id", sa.ForeignKey("seat.id"), null=True),
        text("participant_id", sa.ForeignKey("participant.id"), null=True),
        text("sender"),
        text("subject"),
        text("said"),
        sa.Column("opened_at", instant, nullable=False),
        text("decision", null=True),
        sa.Column("decided_at", instant, nullable=True),
        text("decided_by", null=True),
    )
    op.create_index("ix_matter_decision", "matter", ["decision", "opened_at"])
    op.create_index("ix_matter_seat_id", "matter", ["seat_id"])
    op.create_index("ix_matter_reply_id", "matter", ["reply_id"])
    op.create_table(
        "dead_address",
        sa.Column("address", sa.Text, primary_key=True),
        text("status"),
        sa.Column("seen_at", instant, nullable=False),
    )
    op.create_table(
        "mailbox",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("validity", sa.BigInteger, nullable=False),
        sa.Column("uid", sa.BigInteger, nullable=False),
        sa.Column("seen_at", instant, nullable=True),
        text("trouble"),
    )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
