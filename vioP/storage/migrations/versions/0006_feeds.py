"""feeds: how people want their appointments, and the secret address of each one's feed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "participant",
        sa.Column("calendar", sa.Text, nullable=False, server_default="invites"),
    )
    op.create_table(
        "feed",
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("digest", name="uq_feed_digest"),
    )


def downgrade() -> None:
    op.drop_table("feed")
    with op.batch_alter_table("participant") as participant:
        participant.drop_column("calendar")
