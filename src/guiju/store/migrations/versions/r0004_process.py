"""Processes made of steps that are never changed, what is sealed in them, and registers of entries."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

from guiju.store.migrations.guards import refuse_changes

revision = "0004"
down_revision = "0003"

MOMENT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")
ID, HASH, SHORT = sa.String(36), sa.String(64), sa.String(32)


def _needed(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _body() -> list[sa.Column[Any]]:
    return [_needed("body", sa.Text()), _needed("body_hash", HASH)]


def _within(table: str, of: str, null: bool = False) -> list[sa.schema.SchemaItem]:
    return [sa.Column(of, ID, nullable=null), sa.ForeignKeyConstraint([of], [f"{of}.id"], name=f"fk_{table}_{of}")]


def _made() -> list[sa.Column[Any]]:
    return [_needed("created_at", MOMENT), _needed("created_by", sa.Text())]


def upgrade() -> None:
    """Makes the tables; nothing that is there changes."""
    op.create_table(
        "process", _needed("id", ID), _needed("kind", SHORT), *_within("process", "organisation"), _needed("title", sa.Text()),
        _needed("state", SHORT), _needed("steps", sa.Integer()), *_made(), sa.PrimaryKeyConstraint("id", name="pk_process"),
    )  # fmt: skip
    op.create_index("ix_process_organisation", "process", ["organisation"])
    op.create_index("ix_process_kind_id", "process", ["kind", "id"])
    op.create_table(
        "step", _needed("id", ID), *_within("step", "process"), _needed("number", sa.Integer()), *_within("step", "organisation"),
        _needed("act", SHORT), *_body(), _needed("at", MOMENT), _needed("actor", sa.Text()), sa.PrimaryKeyConstraint("id", name="pk_step"),
        sa.UniqueConstraint("process", "number", name="uq_step_process_number"),
    )  # fmt: skip
    op.create_table(
        "sealed", _needed("id", ID), *_within("sealed", "process"), _needed("name", SHORT), *_body(), *_made(),
        sa.PrimaryKeyConstraint("id", name="pk_sealed"), sa.UniqueConstraint("process", "name", name="uq_sealed_process_name"),
    )  # fmt: skip
    op.create_table(
        "entry", _needed("id", ID), _needed("register", SHORT), _needed("code", sa.String(100)), _needed("revision", sa.Integer()),
        *_within("entry", "organisation", null=True), *_body(), *_made(), sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.UniqueConstraint("register", "code", "revision", name="uq_entry_register_code_revision"),
    )  # fmt: skip
    op.create_index("ix_entry_organisation", "entry", ["organisation"])
    for table in ("step", "sealed", "entry"):
        refuse_changes(table)
