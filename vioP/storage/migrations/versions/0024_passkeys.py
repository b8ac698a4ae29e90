"""passkeys of accounts, and the questions devices are asked."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0021"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "account_id",
            sa.Text,
            sa.ForeignKey("account.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("used_at", instant, nullable=True),
    )
    op.create_index("ix_passkey_account", "passkey", ["account_id"])
    op.create_table(
        "passkey_question",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("expires", instant, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("passkey_question")
    op.drop_table("passkey")
