"""Work in pieces that a later worker goes on from, and results found by what was asked."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

from guiju.store.migrations.guards import allow_changes, refuse_changes

revision = "0002"
down_revision = "0001"

MOMENT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Makes the table of pieces; fills the new columns of jobs and results that are there."""
    op.create_table(
        "chunk", sa.Column("job", sa.String(36), nullable=False), sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("body", sa.Text, nullable=False), sa.Column("done", sa.BigInteger, nullable=False), sa.Column("files", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False), sa.ForeignKeyConstraint(["job"], ["job.id"], name="fk_chunk_job"),
        sa.PrimaryKeyConstraint("job", "number", name="pk_chunk"),
    )  # fmt: skip
    refuse_changes("chunk")
    # The default is for the rows that are there; whoever adds one says it.
    op.add_column("job", sa.Column("stalled", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE job SET stalled = attempts")
    allow_changes("result")
    op.add_column("result", sa.Column("request_hash", sa.String(64), nullable=False, server_default=""))
    connection = op.get_bind()
    for id_, request in connection.execute(sa.text("SELECT id, request FROM result")).all():
        hash_ = hashlib.sha256(request.encode()).hexdigest()
        connection.execute(sa.text("UPDATE result SET request_hash = :hash WHERE id = :id"), {"hash": hash_, "id": id_})
    op.create_index("ix_result_request_hash", "result", ["request_hash"])
    refuse_changes("result")
