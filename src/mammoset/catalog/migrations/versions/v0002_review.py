"""What a person must look at: values, regions on tissue, and what was said of them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

UID = sa.String(64)


def _number() -> sa.Column[int]:
    return sa.Column("number", sa.Integer, primary_key=True, autoincrement=True)


def _text(name: str, kind: sa.types.TypeEngine[str]) -> sa.Column[str]:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    """Add columns to the images, and the tables of the review."""
    with op.batch_alter_table("images") as images:
        images.add_column(sa.Column("cleaning", sa.JSON, nullable=False, server_default="{}"))
        images.add_column(sa.Column("elements", sa.JSON, nullable=False, server_default="[]"))
        images.add_column(sa.Column("rules", sa.String(64), nullable=False, server_default=""))
    op.create_table(
        "held_regions",
        _number(),
        sa.Column("study_id", UID, nullable=False, index=True),
        _text("image_id", UID),
        sa.Column("box", sa.JSON, nullable=False),
        _text("found_by", sa.String(16)),
        sa.Column("score", sa.Float, nullable=False),
    )
    op.create_table(
        "element_values",
        _number(),
        _text("element", sa.String(255)),
        _text("value", sa.Text()),
        sa.UniqueConstraint("element", "value"),
    )
    op.create_table(
        "review_facts",
        _number(),
        sa.Column("kind", sa.String(16), nullable=False, index=True),
        _text("verdict", sa.String(16)),
        _text("by", sa.String(64)),
        sa.Column("study_id", UID, nullable=False, index=True),
        _text("image_id", UID),
        _text("element", sa.String(255)),
        _text("value", sa.Text()),
        _text("reason", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Refuse: a catalog holds what reviewers said."""
    raise NotImplementedError("what reviewers said cannot be undone")
