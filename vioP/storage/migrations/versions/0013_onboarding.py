"""onboarding: who was asked to set up, what they said and agreed to, how it was proven."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

instant = sa.DateTime(timezone=True)
NOTHING = sa.text("''")
TABLES = (
    "onboarding", "setup_link", "setup_answer", "waiver", "consent_wording", "consent_record",
    "phone_check",
)  # fmt: skip


def text(name: str, **options: object) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **options)  # type: ignore[arg-type]


def person() -> sa.Column[str]:
    return sa.Column(
        "participant_id", sa.Text, sa.ForeignKey("participant.id"), nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "onboarding",
        person(),
        sa.Column("invited_at", instant, nullable=False),
        text("invited_by"),
        sa.Column("ready_at", instant, nullable=True),
        sa.Column("proven_at", instant, nullable=True),
        text("proven_by", server_default=NOTHING),
        sa.PrimaryKeyConstraint("participant_id"),
    )
    op.create_table(
        "setup_link",
        sa.Column("id", sa.Text, primary_key=True),
        person(),
        text("purpose"),
        text("digest"),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("expires", instant, nullable=False),
        sa.Column("revoked_at", instant, nullable=True),
        sa.Column("seat_id", sa.Text, sa.ForeignKey("seat.id"), nullable=True),
        sa.UniqueConstraint("digest", name="uq_setup_link_digest"),
    )
    op.create_index("ix_setup_link_participant_id", "setup_link", ["participant_id"])
    op.create_table(
        "setup_answer",
        person(),
        text("piece"),
        sa.Column("at", instant, nullable=False),
        text("by"),
        sa.Column("said", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("participant_id", "piece"),
    )
    op.create_table(
        "waiver",
        person(),
        text("piece"),
        sa.Column("at", instant, nullable=False),
        text("by"),
        text("reason"),
        sa.PrimaryKeyConstraint("participant_id", "piece"),
    )
    op.create_table(
        "consent_wording",
        text("kind"),
        text("version"),
        text("text"),
        sa.PrimaryKeyConstraint("kind", "version"),
    )
    op.create_table(
        "consent_record",
        sa.Column("id", sa.Text, primary_key=True),
        person(),
        text("kind"),
        text("version"),
        sa.Column("given_at", instant, nullable=False),
        text("given_by"),
        text("signed"),
        sa.Column("withdrawn_at", instant, nullable=True),
        text("withdrawn_by", server_default=NOTHING),
    )
    op.create_index(
        "ix_consent_record_participant_id", "consent_record", ["participant_id", "kind"]
    )
    op.execute(
        "INSERT INTO consent_record (id, participant_id, kind, version, given_at, given_by,"
        " signed, withdrawn_at) SELECT 'con_' || participant_id || '_' || kind,"
        " participant_id, kind, '', given_at, 'intake', '', withdrawn_at FROM consent"
    )
    op.create_table(
        "phone_check",
        sa.Column("id", sa.Text, primary_key=True),
        person(),
        text("number"),
        text("way"),
        text("asked_by"),
        sa.Column("begun_at", instant, nullable=False),
        sa.Column("expires", instant, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        text("outcome", server_default=NOTHING),
        sa.Column("settled_at", instant, nullable=True),
    )
    op.create_index("ix_phone_check_participant_id", "phone_check", ["participant_id"])


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
