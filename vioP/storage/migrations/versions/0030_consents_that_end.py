"""consents that end: on a day, or with somebody's care.

Whoever agreed to the words that came along said yes until their care ends.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

# The words that came along so far, in English and in Spanish.
_OURS = ("2026-11.5ede7987", "2026-11.bc27bbc9")


def upgrade() -> None:
    op.add_column("consent_record", sa.Column("until", sa.Date, nullable=True))
    op.add_column(
        "consent_record",
        sa.Column("with_care", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    for version in _OURS:
        op.execute(
            sa.text(
                "UPDATE consent_record SET with_care = TRUE "
                "WHERE kind = 'part2_disclosure' AND version = :version"
            ).bindparams(version=version)
        )


def downgrade() -> None:
    op.drop_column("consent_record", "with_care")
    op.drop_column("consent_record", "until")
