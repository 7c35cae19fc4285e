"""Long values on a server: what an index of PostgreSQL holds is bounded, what a file holds in an element is not."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Drop the index over whole values; whoever numbers them looks first, and one program writes at a time."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        (found,) = sa.inspect(connection).get_unique_constraints("element_values")
        op.drop_constraint(str(found["name"]), "element_values", type_="unique")


def downgrade() -> None:
    """Refuse: longer values may have come in."""
    raise NotImplementedError("longer values may have come in")
