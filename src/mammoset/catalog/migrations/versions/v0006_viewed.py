"""How much of each view a reader has looked at, beside the seconds: in drafts and in facts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns; of what was read before nothing is known."""
    op.add_column("facts", sa.Column("viewed", sa.JSON))
    op.add_column("drafts", sa.Column("viewed", sa.JSON))


def downgrade() -> None:
    """Refuse: what was measured must stay known."""
    raise NotImplementedError("what was measured must stay known")
