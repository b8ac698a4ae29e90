"""who staff are at the service where they sign in for many others as well."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "known_elsewhere",
        sa.Column("issuer", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column(
            "account_id",
            sa.Text,
            sa.ForeignKey("account.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "ix_known_elsewhere_account",
        "known_elsewhere",
        ["account_id", "issuer"],
        unique=True,
    )


def downgrade() -> None:
    op.drop_table("known_elsewhere")
