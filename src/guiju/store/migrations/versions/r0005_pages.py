"""What pages need: notes on sets of records (who may see them, what the reader found), and files dropped on a page, kept for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0005"
down_revision = "0004"

MOMENT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Makes the tables; nothing that is there changes."""
    op.create_table(
        "set_note", sa.Column("record_set", sa.String(36), nullable=False), sa.Column("sensitivity", sa.String(16), nullable=False),
        sa.Column("findings", sa.Text, nullable=False), sa.Column("noted_at", MOMENT, nullable=False), sa.Column("noted_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("record_set", name="pk_set_note"),
        sa.ForeignKeyConstraint(["record_set"], ["record_set.id"], name="fk_set_note_record_set"),
    )  # fmt: skip
    op.create_table(
        "dropped", sa.Column("id", sa.String(43), nullable=False), sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("number", sa.Text, nullable=False), sa.Column("name", sa.Text, nullable=False), sa.Column("path", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False), sa.Column("mapping", sa.Text), sa.Column("sheet", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False), sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dropped"),
    )  # fmt: skip
    op.create_index("ix_dropped_owner", "dropped", ["owner"])
