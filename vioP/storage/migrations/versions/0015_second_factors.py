"""second factors of staff, sign-ins that are half done, counted tries."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column(
            "account_id",
            sa.Text,
            sa.ForeignKey("account.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("confirmed_at", instant, nullable=True),
        sa.Column("last_step", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "spare_code",
        sa.Column(
            "account_id",
            sa.Text,
            sa.ForeignKey("account.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("digest", sa.Text, primary_key=True),
    )
    op.create_table(
        "tries",
        sa.Column("bucket", sa.Text, primary_key=True),
        sa.Column("until", instant, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.add_column(
        "web_session",
        sa.Column("is_half", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.execute("DELETE FROM web_session WHERE is_half")
    op.drop_column("web_session", "is_half")
    op.drop_table("tries")
    op.drop_table("spare_code")
    op.drop_table("second_factor")
