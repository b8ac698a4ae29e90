"""what of people's records left the house, to whom, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "participant_id", sa.Text, sa.ForeignKey("participant.id"), nullable=False
        ),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("with_notice", sa.Boolean, nullable=False),
        sa.Column("shared", sa.Text, nullable=False),
        sa.Column("noted_by", sa.Text, nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_disclosure_person", "disclosure", ["participant_id", "made_on"])


def downgrade() -> None:
    op.drop_table("disclosure")
