"""what telephone companies tell us, kept before it is answered."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "carrier_event",
        sa.Column("provider", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("received_at", instant, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("done_at", instant, nullable=True),
    )
    op.create_index(
        "ix_carrier_event_waiting",
        "carrier_event",
        ["received_at"],
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("carrier_event")
