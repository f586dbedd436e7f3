"""Tables: what the store keeps, as SQLAlchemy knows it. How they came to be, and what guards them, is in the migrations.

Never changed once written, which triggers see to: `document`, `edition`, `file`, `record_set`, `result`, `chunk`, `audit`, `step`, `sealed`,
`entry`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Dialect, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine

from guiju.store.canonical import moment_text, read_moment


class Moment(TypeDecorator[datetime]):
    """A moment in UTC to the microsecond. SQLite has no such type, and the text SQLAlchemy would write there loses the zone."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return TIMESTAMP(timezone=True) if dialect.name == "postgresql" else String(27)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return moment_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            return read_moment(value)
        return read_moment(moment_text(value)) if isinstance(value, datetime) else None


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s",
}  # fmt: skip
SORTED = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its characters, whatever the language of the database."""
metadata = MetaData(naming_convention=NAMES)
JOB_STATES = ("queued", "running", "done", "failed", "cancelled")


def _id(name: str = "id", **more: Any) -> Column[str]:
    return Column(name, String(36), primary_key=True, **more)


def _of(table: str, name: str = "", *, null: bool = False, target: str = "id", **more: Any) -> Column[str]:
    return Column(name or table, ForeignKey(f"{table}.{target}"), nullable=null, **more)


def _text(name: str, *, null: bool = False, **more: Any) -> Column[str]:
    return Column(name, Text, nullable=null, **more)


def _hash(name: str, *, null: bool = False, **more: Any) -> Column[str]:
    return Column(name, String(64), nullable=null, **more)


def _at(name: str = "created_at", *, null: bool = False) -> Column[datetime]:
    return Column(name, Moment, nullable=null)


def _count(name: str, **more: Any) -> Column[int]:
    return Column(name, BigInteger, nullable=False, **more)


organisation = Table("organisation", metadata, _id(), _text("name", unique=True), _text("title"), _at())
account = Table(
    "account", metadata, _id(), _of("organisation"), _text("name", unique=True), _text("title"), _text("password", null=True), _at(),
    _at("disabled_at", null=True),
)  # fmt: skip
role_grant = Table(
    "role_grant", metadata, _of("account", primary_key=True), _of("organisation", primary_key=True), Column("role", String(32), primary_key=True),
    _at("granted_at"), _text("granted_by"),
)  # fmt: skip
api_key = Table(
    "api_key", metadata, _id(), _of("account", index=True), _text("title"), Column("prefix", String(16), nullable=False),
    _hash("sha256", unique=True), _at(), _at("expires_at", null=True), _at("revoked_at", null=True), _at("used_at", null=True),
)  # fmt: skip
document = Table("document", metadata, Column("sha256", String(64), primary_key=True), Column("content", LargeBinary, nullable=False))
shelf = Table(
    "shelf", metadata, _id(), _of("organisation"), _text("name", unique=True), _text("title"), Column("open", Boolean, nullable=False), _at(),
)  # fmt: skip
edition = Table(
    "edition", metadata, _id(), _of("shelf"), Column("number", SORTED, nullable=False), _text("edition"), Column("revision", Integer, nullable=False),
    _hash("content_hash", index=True), _text("title_zh"), _text("title_en"), _of("document", "text_hash", target="sha256"), _text("files"),
    _at("published_at"), _text("published_by"),
    Unique("shelf", "number", "edition", "revision"), Index("ix_edition_number", "number"),
)  # fmt: skip
file = Table("file", metadata, Column("path", String(200), primary_key=True), _hash("sha256"), _count("bytes"), _at())
record_set = Table(
    "record_set", metadata, _id(), _of("organisation", index=True), _text("name"), _of("file", target="path"),
    _hash("sha256", index=True), _count("rows"), _text("columns"), _text("mapping", null=True), _text("source"), _at(), _text("created_by"),
)  # fmt: skip
job = Table(
    "job", metadata, _id(), _of("organisation"), Column("kind", String(32), nullable=False), _text("request"), _hash("request_hash"),
    Column("idempotency_key", String(200)), Column("state", String(16), nullable=False), _text("worker", null=True), _at("lease_until", null=True),
    Column("attempts", Integer, nullable=False),
    Column("stalled", Integer, nullable=False, server_default="0"), _count("done"), Column("total", BigInteger),
    Column("cancel_requested", Boolean, nullable=False), _text("failure", null=True), _at(), _text("created_by"),
    _at("started_at", null=True), _at("ended_at", null=True),
    Unique("organisation", "idempotency_key"), CheckConstraint(f"state IN {JOB_STATES}", name="state"),
    CheckConstraint("(state = 'running') = (worker IS NOT NULL)", name="worker"),
    CheckConstraint("(worker IS NULL) = (lease_until IS NULL)", name="lease"),
    Index("ix_job_state_id", "state", "id"),
)  # fmt: skip
result = Table(
    "result", metadata, _id(), _of("organisation"), Column("kind", String(32), nullable=False), _text("request"),
    _hash("request_hash", index=True, server_default=""), _text("standards"),
    _of("record_set", null=True, index=True), _hash("data_hash", null=True), _text("engine"), _text("body"), _hash("body_hash"),
    _text("files"), _of("job", null=True, unique=True), _at(), _text("created_by"),
    Index("ix_result_organisation_id", "organisation", "id"),
)  # fmt: skip
audit = Table(
    "audit", metadata, Column("seq", BigInteger, primary_key=True, autoincrement=False), _at("at"), _text("actor"), _text("action"),
    _text("subject", index=True), _text("detail"), _hash("previous"), _hash("hash", unique=True),
)  # fmt: skip
chunk = Table(
    "chunk", metadata, _of("job", primary_key=True), Column("number", Integer, primary_key=True, autoincrement=False), _text("body"), _count("done"),
    _text("files"), _at(),
)  # fmt: skip
identity = Table(
    "identity", metadata, Column("issuer", String(300), primary_key=True), Column("subject", String(300), primary_key=True),
    _of("account", index=True), _at(),
)  # fmt: skip
invitation = Table(
    "invitation", metadata, Column("sha256", String(64), primary_key=True), _of("account", null=True, index=True),
    Column("role", String(32), nullable=True), _at(), _text("created_by"), _at("expires_at"), _at("used_at", null=True),
)  # fmt: skip
session = Table(
    "session", metadata, _id(), _of("account", index=True), _hash("sha256", unique=True), _hash("previous", null=True, index=True), _at(),
    _at("rotated_at"), _at("seen_at"), _at("expires_at"),
)  # fmt: skip
set_guest = Table(
    "set_guest", metadata, _of("record_set", primary_key=True), _of("account", primary_key=True), _at("invited_at"), _text("invited_by"),
)  # fmt: skip
set_note = Table(
    "set_note", metadata, _of("record_set", primary_key=True), Column("sensitivity", String(16), nullable=False), _text("findings"), _at("noted_at"),
    _text("noted_by"),
)  # fmt: skip
dropped = Table(
    "dropped", metadata, Column("id", String(43), primary_key=True), Column("owner", String(100), nullable=False, index=True), _text("number"),
    _text("name"), Column("path", String(200), nullable=False), _hash("sha256"), _text("mapping", null=True), _text("sheet", null=True), _at(),
    _at("expires_at"),
)  # fmt: skip
answer = Table(
    "answer", metadata, _of("account", primary_key=True), Column("key", String(200), primary_key=True), _hash("request_hash"),
    Column("status", Integer, nullable=True), _text("body", null=True), _at(),
)  # fmt: skip
process = Table(
    "process", metadata, _id(), Column("kind", String(32), nullable=False), _of("organisation", index=True), _text("title"),
    Column("state", String(32), nullable=False), Column("steps", Integer, nullable=False), _at(), _text("created_by"),
    Index("ix_process_kind_id", "kind", "id"),
)  # fmt: skip
step = Table(
    "step", metadata, _id(), _of("process"), Column("number", Integer, nullable=False), _of("organisation"),
    Column("act", String(32), nullable=False), _text("body"), _hash("body_hash"), _at("at"), _text("actor"), Unique("process", "number"),
)  # fmt: skip
sealed = Table(
    "sealed", metadata, _id(), _of("process"), Column("name", String(32), nullable=False), _text("body"), _hash("body_hash"), _at(),
    _text("created_by"), Unique("process", "name"),
)  # fmt: skip
entry = Table(
    "entry", metadata, _id(), Column("register", String(32), nullable=False), Column("code", String(100), nullable=False),
    Column("revision", Integer, nullable=False), _of("organisation", null=True, index=True), _text("body"), _hash("body_hash"), _at(),
    _text("created_by"), Unique("register", "code", "revision"),
)  # fmt: skip
TRANSIENT = ("session", "answer", "dropped")
"""What a backup leaves out: who is signed in at the moment, answers kept for those who ask again, files dropped on a page for a while."""
