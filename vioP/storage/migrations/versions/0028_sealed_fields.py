"""what sealed fields are looked up by, and the keys they are sealed with."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

LOOKED_UP = (
    ("account", "email"),
    ("participant", "email"),
    ("participant", "phone"),
    ("supporter", "phone"),
)


def upgrade() -> None:
    op.create_table(
        "field_key",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("proof", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    for table, column in LOOKED_UP:
        index = f"{column}_index"
        op.add_column(table, sa.Column(index, sa.Text, nullable=False, server_default=""))
        # Where nothing is sealed yet, a value is looked up by itself, in lower case.
        op.execute(f"UPDATE {table} SET {index} = LOWER(TRIM({column}))")  # noqa: S608 - ours
        # An address opens one account; sealed, no two of them look alike any more.
        unique = table == "account"
        op.create_index(f"ix_{table}_{index}", table, [index], unique=unique)
    op.add_column(
        "delivery",
        sa.Column("emptied", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.execute(
        "UPDATE delivery SET emptied = TRUE WHERE CAST(content AS TEXT) LIKE '%\"emptied\"%'"
    )


def downgrade() -> None:
    [sealed] = op.get_bind().execute(sa.text("SELECT COUNT(*) FROM field_key")).one()
    if sealed:
        raise RuntimeError(
            "the fields are sealed; a version before this one cannot read them"
        )
    op.drop_column("delivery", "emptied")
    for table, column in LOOKED_UP:
        op.drop_index(f"ix_{table}_{column}_index", table)
        op.drop_column(table, f"{column}_index")
    op.drop_table("field_key")
