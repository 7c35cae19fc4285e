"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

UID = sa.String(64)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _workflow_tables()
    op.create_table(
        "studies",
        sa.Column("study_id", UID, primary_key=True),
        sa.Column("patient_id", sa.String(64), nullable=False, index=True),
        sa.Column("age_years", sa.Integer),
        sa.Column("sex", sa.String(1), nullable=False),
    )
    op.create_table(
        "images",
        sa.Column("image_id", UID, primary_key=True),
        sa.Column("study_id", UID, sa.ForeignKey("studies.study_id"), nullable=False, index=True),
        sa.Column("series_id", UID, nullable=False),
        sa.Column("patient_id", sa.String(64), nullable=False),
        sa.Column("laterality", sa.String(1), nullable=False),
        sa.Column("view_position", sa.String(8), nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("is_standard", sa.Boolean, nullable=False),
        sa.Column("codestream_offset", sa.BigInteger, nullable=False),
        sa.Column("tile_part_ends", sa.JSON, nullable=False),
        sa.Column("pixel_sha256", sa.String(64), nullable=False, index=True),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("masked", sa.JSON, nullable=False),
        sa.Column("attributes", sa.JSON, nullable=False),
    )


def _number() -> sa.Column[int]:
    return sa.Column("number", sa.Integer, primary_key=True, autoincrement=True)


def _workflow_tables() -> None:
    op.create_table(
        "pool",
        sa.Column("study_id", UID, primary_key=True),
        sa.Column("draw", sa.Integer, nullable=False, index=True),
        sa.Column("source", sa.String(64), nullable=False),
    )
    op.create_table(
        "decisions",
        _number(),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("study_id", UID, nullable=False),
        sa.Column("image_id", UID, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("decisions_by_subject", "decisions", ["stage", "study_id", "image_id"])
    _reading_tables()


def _reading_tables() -> None:
    op.create_table(
        "readers",
        sa.Column("reader_id", sa.String(64), primary_key=True),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("years_experience", sa.Integer),
        sa.Column("annual_volume", sa.Integer),
    )
    op.create_table(
        "facts",
        _number(),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("study_id", UID, nullable=False, index=True),
        sa.Column("reader_id", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reading", sa.JSON),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "splits",
        _number(),
        sa.Column("folds", sa.JSON, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Refuse: a catalog holds readings."""
    raise NotImplementedError("the first schema cannot be undone")
