"""Guards: triggers that refuse changes to what is written once. The statements are frozen, as the migrations that use them are."""

from __future__ import annotations

from alembic import op


def refuse_changes(table: str) -> None:
    """Rows of the table are added, and never changed, replaced or removed."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION guiju_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(f"CREATE TRIGGER guard_{table} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION guiju_refuse()")
        op.execute(f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION guiju_refuse()")
        return
    key = {"document": "sha256", "file": "path", "audit": "seq", "chunk": None}.get(table, "id")
    same = f"{key} = NEW.{key}" if key else "job = NEW.job AND number = NEW.number"
    for when in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER guard_{table}_{when.lower()} BEFORE {when} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END")
    # INSERT OR REPLACE removes the row that is in its way without a word to the trigger above, in a client that does not ask for one.
    op.execute(
        f"CREATE TRIGGER guard_{table}_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
    )


def allow_changes(table: str) -> None:
    """Takes the guard away, for a migration that fills a new column; it puts it back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER guard_{table} ON {table}")
        op.execute(f"DROP TRIGGER guard_{table}_truncate ON {table}")
        return
    for when in ("update", "delete", "replace"):
        op.execute(f"DROP TRIGGER guard_{table}_{when}")
