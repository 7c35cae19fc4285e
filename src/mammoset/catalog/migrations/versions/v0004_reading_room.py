"""The reading room: accounts, open sessions, drafts, what people did, how long they took, and how much they may get."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables and columns."""
    op.add_column("readers", sa.Column("is_available", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("readers", sa.Column("workload_cap", sa.Integer))
    op.add_column("facts", sa.Column("seconds", sa.JSON))
    op.create_index("ix_facts_reader_id", "facts", ["reader_id"])
    op.create_table(
        "accounts",
        sa.Column("reader_id", sa.String(64), sa.ForeignKey("readers.reader_id"), primary_key=True),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("subject", sa.String(512), unique=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "sign_ins",
        sa.Column("token_sha256", sa.String(64), primary_key=True),
        sa.Column("reader_id", sa.String(64), nullable=False, index=True),
        sa.Column("way", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
    )
    _create_drafts_and_events()


def _create_drafts_and_events() -> None:
    op.create_table(
        "drafts",
        sa.Column("study_id", sa.String(64), primary_key=True),
        sa.Column("reader_id", sa.String(64), primary_key=True),
        sa.Column("role", sa.String(16), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("reading", sa.JSON, nullable=False),
        sa.Column("seconds", sa.JSON, nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(32), nullable=False, index=True),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("about", sa.String(64), nullable=False),
        sa.Column("study_id", sa.String(64), nullable=False, index=True),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Refuse: what people did must stay known."""
    raise NotImplementedError("what people did must stay known")
