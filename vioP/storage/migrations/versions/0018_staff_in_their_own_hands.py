"""mailed links for accounts, what is known of web sessions, and staff who are kept here."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "account_id",
            sa.Text,
            sa.ForeignKey("account.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("expires", instant, nullable=False),
        sa.Column("ended_at", instant, nullable=True),
    )
    op.create_index("ix_one_time_link_digest", "one_time_link", ["digest"], unique=True)
    op.create_index("ix_one_time_link_account", "one_time_link", ["account_id", "purpose"])
    op.add_column("web_session", sa.Column("begun_at", instant, nullable=True))
    op.add_column(
        "web_session", sa.Column("device", sa.Text, nullable=False, server_default="")
    )
    op.add_column("account", sa.Column("signed_in_at", instant, nullable=True))
    op.add_column("account", sa.Column("closed_at", instant, nullable=True))
    op.add_column(
        "staff",
        sa.Column("kept_here", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("staff", "kept_here")
    op.drop_column("account", "closed_at")
    op.drop_column("account", "signed_in_at")
    op.drop_column("web_session", "device")
    op.drop_column("web_session", "begun_at")
    op.drop_table("one_time_link")
