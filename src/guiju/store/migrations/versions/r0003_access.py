"""Signing in: identities of other providers, one-time links, sessions; guests of sets of records; answers to writes asked twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0003"
down_revision = "0002"

MOMENT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")
ID, HASH = sa.String(36), sa.String(64)


def _account(table: str, null: bool = False) -> list[sa.schema.SchemaItem]:
    return [sa.Column("account", ID, nullable=null), sa.ForeignKeyConstraint(["account"], ["account.id"], name=f"fk_{table}_account")]


def _at(name: str, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, MOMENT, nullable=null)


def upgrade() -> None:
    """Makes the tables; nothing that is there changes."""
    op.create_table(
        "identity", sa.Column("issuer", sa.String(300), nullable=False), sa.Column("subject", sa.String(300), nullable=False), *_account("identity"),
        _at("created_at"), sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identity"),
    )  # fmt: skip
    op.create_table(
        "invitation", sa.Column("sha256", HASH, nullable=False), *_account("invitation", null=True), sa.Column("role", sa.String(32)),
        _at("created_at"), sa.Column("created_by", sa.Text, nullable=False), _at("expires_at"), _at("used_at", null=True),
        sa.PrimaryKeyConstraint("sha256", name="pk_invitation"),
    )  # fmt: skip
    op.create_table(
        "session", sa.Column("id", ID, nullable=False), *_account("session"), sa.Column("sha256", HASH, nullable=False), sa.Column("previous", HASH),
        _at("created_at"), _at("rotated_at"), _at("seen_at"), _at("expires_at"), sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("sha256", name="uq_session_sha256"),
    )  # fmt: skip
    op.create_table(
        "set_guest", sa.Column("record_set", ID, nullable=False), *_account("set_guest"), _at("invited_at"),
        sa.Column("invited_by", sa.Text, nullable=False), sa.PrimaryKeyConstraint("record_set", "account", name="pk_set_guest"),
        sa.ForeignKeyConstraint(["record_set"], ["record_set.id"], name="fk_set_guest_record_set"),
    )  # fmt: skip
    op.create_table(
        "answer", *_account("answer"), sa.Column("key", sa.String(200), nullable=False), sa.Column("request_hash", HASH, nullable=False),
        sa.Column("status", sa.Integer), sa.Column("body", sa.Text), _at("created_at"), sa.PrimaryKeyConstraint("account", "key", name="pk_answer"),
    )  # fmt: skip
    for table in ("identity", "invitation", "session"):
        op.create_index(f"ix_{table}_account", table, ["account"])
    op.create_index("ix_session_previous", "session", ["previous"])
