"""tech checks as findings, and help with them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

instant = sa.DateTime(timezone=True)
NOTHING = sa.text("''")


def upgrade() -> None:
    for column in (
        sa.Column("steps", sa.JSON, nullable=True),
        sa.Column("figures", sa.JSON, nullable=True),
        sa.Column("good_until", instant, nullable=True),
        sa.Column("browser", sa.Text, nullable=False, server_default=NOTHING),
        sa.Column("major", sa.Integer, nullable=False, server_default="0"),
        sa.Column("device", sa.Text, nullable=False, server_default=NOTHING),
        sa.Column("network", sa.Text, nullable=False, server_default=NOTHING),
        sa.Column("thresholds", sa.Text, nullable=False, server_default=NOTHING),
        sa.Column("assisted_by", sa.Text, nullable=False, server_default=NOTHING),
        sa.Column("had_trouble", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("tech_check", column)
    op.create_table(
        "tech_help",
        sa.Column(
            "participant_id", sa.Text, sa.ForeignKey("participant.id"), primary_key=True
        ),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("until", instant, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("tech_help")
    for name in (
        "had_trouble", "assisted_by", "thresholds", "network", "device", "major", "browser",
        "good_until", "figures", "steps",
    ):  # fmt: skip
        op.drop_column("tech_check", name)
