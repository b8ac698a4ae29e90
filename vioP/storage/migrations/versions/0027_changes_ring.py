"""On PostgreSQL, whatever a live page shows rings when it changes; SQLite has one process."""

from alembic import op

revision = "0027"
down_revision = "0026"

SHOWN = (
    "attempt", "contact_fact", "delivery", "evidence", "matter", "reply", "session",
    "session_mark",
)  # fmt: skip
# Notifications of one transaction that say the same are one, and leave with its commit.
RING = """
CREATE FUNCTION viop_ring() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('viop_changed', ''); RETURN NULL; END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(RING)
    for table in SHOWN:
        op.execute(
            f"CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION viop_ring()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in SHOWN:
        op.execute(f"DROP TRIGGER ring ON {table}")
    op.execute("DROP FUNCTION viop_ring()")
