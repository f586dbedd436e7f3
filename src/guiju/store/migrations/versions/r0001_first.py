"""The first form of the store: people, shelves of editions, sets of records, results, jobs, and the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

from guiju.store.migrations.guards import refuse_changes

revision = "0001"
down_revision = None

MOMENT = sa.String(27).with_variant(TIMESTAMP(timezone=True), "postgresql")
SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ID, HASH, WORD = sa.String(36), sa.String(64), sa.String(32)


def upgrade() -> None:
    people()
    standards()
    work()
    for table in ("document", "edition", "file", "record_set", "result", "audit"):
        refuse_changes(table)


def _id() -> sa.Column[str]:
    return sa.Column("id", ID, nullable=False)


def _text(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=null) for name in names]


def _at(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, MOMENT, nullable=null) for name in names]


def _of(table: str, of: str, column: str = "", target: str = "id", null: bool = False) -> list[sa.schema.SchemaItem]:
    column = column or of
    type_ = {"sha256": HASH, "path": sa.String(200)}.get(target, ID)
    key = sa.ForeignKeyConstraint([column], [f"{of}.{target}"], name=f"fk_{table}_{column}")
    return [sa.Column(column, type_, nullable=null), key]


def _make(table: str, *parts: sa.schema.SchemaItem, key: tuple[str, ...] = ("id",), unique: tuple[tuple[str, ...], ...] = ()) -> None:
    uniques = [sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}") for columns in unique]
    op.create_table(table, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"), *uniques)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def people() -> None:
    """Who may do what, and the log of what was done."""
    _make("organisation", _id(), *_text("name", "title"), *_at("created_at"), unique=(("name",),))
    _make("account", _id(), *_of("account", "organisation"), *_text("name", "title"), *_text("password", null=True), *_at("created_at"),
          *_at("disabled_at", null=True), unique=(("name",),))  # fmt: skip
    _make("role_grant", *_of("role_grant", "account"), *_of("role_grant", "organisation"), sa.Column("role", WORD, nullable=False),
          *_at("granted_at"), *_text("granted_by"), key=("account", "organisation", "role"))  # fmt: skip
    _make("api_key", _id(), *_of("api_key", "account"), *_text("title"), sa.Column("prefix", sa.String(16), nullable=False),
          sa.Column("sha256", HASH, nullable=False), *_at("created_at"), *_at("expires_at", "revoked_at", "used_at", null=True),
          unique=(("sha256",),))  # fmt: skip
    _index("api_key", "account")
    _make("audit", sa.Column("seq", sa.BigInteger, autoincrement=False, nullable=False), *_at("at"), *_text("actor", "action", "subject", "detail"),
          sa.Column("previous", HASH, nullable=False), sa.Column("hash", HASH, nullable=False), key=("seq",), unique=(("hash",),))  # fmt: skip
    _index("audit", "subject")


def standards() -> None:
    """Shelves of editions, and the files they are read from."""
    _make("document", sa.Column("sha256", HASH, nullable=False), sa.Column("content", sa.LargeBinary, nullable=False), key=("sha256",))
    _make("shelf", _id(), *_of("shelf", "organisation"), *_text("name", "title"), sa.Column("open", sa.Boolean, nullable=False), *_at("created_at"),
          unique=(("name",),))  # fmt: skip
    _make("edition", _id(), *_of("edition", "shelf"), sa.Column("number", SORTED, nullable=False), *_text("edition"),
          sa.Column("revision", sa.Integer, nullable=False),
          sa.Column("content_hash", HASH, nullable=False), *_text("title_zh", "title_en"),
          *_of("edition", "document", "text_hash", "sha256"), *_text("files"), *_at("published_at"), *_text("published_by"),
          unique=(("shelf", "number", "edition", "revision"),))  # fmt: skip
    _index("edition", "number")
    _index("edition", "content_hash")


def work() -> None:
    """Files, sets of records, jobs and results."""
    _make("file", sa.Column("path", sa.String(200), nullable=False), sa.Column("sha256", HASH, nullable=False),
          sa.Column("bytes", sa.BigInteger, nullable=False), *_at("created_at"), key=("path",))  # fmt: skip
    _make("record_set", _id(), *_of("record_set", "organisation"), *_text("name"), *_of("record_set", "file", target="path"),
          sa.Column("sha256", HASH, nullable=False), sa.Column("rows", sa.BigInteger, nullable=False), *_text("columns"),
          *_text("mapping", null=True), *_text("source"), *_at("created_at"), *_text("created_by"))  # fmt: skip
    _index("record_set", "organisation")
    _index("record_set", "sha256")
    states = "state IN ('queued', 'running', 'done', 'failed', 'cancelled')"
    _make("job", _id(), *_of("job", "organisation"), sa.Column("kind", WORD, nullable=False), *_text("request"),
          sa.Column("request_hash", HASH, nullable=False), sa.Column("idempotency_key", sa.String(200)),
          sa.Column("state", sa.String(16), nullable=False), *_text("worker", null=True), *_at("lease_until", null=True),
          sa.Column("attempts", sa.Integer, nullable=False), sa.Column("done", sa.BigInteger, nullable=False), sa.Column("total", sa.BigInteger),
          sa.Column("cancel_requested", sa.Boolean, nullable=False), *_text("failure", null=True), *_at("created_at"), *_text("created_by"),
          *_at("started_at", "ended_at", null=True), sa.CheckConstraint(states, name="ck_job_state"),
          sa.CheckConstraint("(state = 'running') = (worker IS NOT NULL)", name="ck_job_worker"),
          sa.CheckConstraint("(worker IS NULL) = (lease_until IS NULL)", name="ck_job_lease"),
          unique=(("organisation", "idempotency_key"),))  # fmt: skip
    _index("job", "state", "id")
    _make("result", _id(), *_of("result", "organisation"), sa.Column("kind", WORD, nullable=False), *_text("request", "standards"),
          *_of("result", "record_set", null=True), sa.Column("data_hash", HASH), *_text("engine", "body"),
          sa.Column("body_hash", HASH, nullable=False), *_text("files"), *_of("result", "job", null=True), *_at("created_at"), *_text("created_by"),
          unique=(("job",),))  # fmt: skip
    _index("result", "record_set")
    _index("result", "organisation", "id")
