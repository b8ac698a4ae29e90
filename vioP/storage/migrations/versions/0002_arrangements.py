"""arrangements, preferred hours, phases of cohorts, payers' weeks, denser first weeks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NO_LIST = sa.text("'[]'")


def upgrade() -> None:
    op.create_table(
        "arrangement",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Text, nullable=False),
    )
    op.create_table(
        "preferred_hours",
        sa.Column("owner_id", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("opens", sa.Text, nullable=False),
        sa.Column("closes", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "position"),
    )
    op.add_column(
        "cohort", sa.Column("phases", sa.JSON, nullable=False, server_default=NO_LIST)
    )
    op.add_column("payer", sa.Column("days_a_week", sa.JSON, nullable=True))
    op.add_column("payer", sa.Column("longest_gap", sa.Integer, nullable=True))
    op.add_column(
        "payer",
        sa.Column("max_week_minutes", sa.Integer, nullable=False, server_default="0"),
    )
    op.add_column("service_plan", sa.Column("begins", sa.Date, nullable=True))
    op.add_column(
        "service_plan",
        sa.Column("early_weeks", sa.Integer, nullable=False, server_default="0"),
    )
    op.add_column(
        "service_plan",
        sa.Column("early_every", sa.Integer, nullable=False, server_default="1"),
    )


def downgrade() -> None:
    for column in ("early_every", "early_weeks", "begins"):
        op.drop_column("service_plan", column)
    for column in ("max_week_minutes", "longest_gap", "days_a_week"):
        op.drop_column("payer", column)
    op.drop_column("cohort", "phases")
    op.drop_table("preferred_hours")
    op.drop_table("arrangement")
