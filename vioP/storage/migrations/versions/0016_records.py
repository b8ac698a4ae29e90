"""who was erased, and finding rows of the audit by whom and what they are about."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column(
            "participant_id", sa.Text, sa.ForeignKey("participant.id"), primary_key=True
        ),
        sa.Column("at", instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_audit_actor", "audit", ["actor", "number"])
    op.create_index("ix_audit_object", "audit", ["object", "number"])


def downgrade() -> None:
    op.drop_index("ix_audit_object", "audit")
    op.drop_index("ix_audit_actor", "audit")
    op.drop_table("erasure")
