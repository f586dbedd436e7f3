"""Archives and migrations: one file, back onto either database; and stores of an earlier Guiju, carried forward."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from guiju.base.diagnostics import Refused
from guiju.store.archive import MANIFEST, backup, read_archive, refuse_content, restore
from guiju.store.audit import entries, verify_chain
from guiju.store.database import Store
from guiju.store.editions import editions, program_of
from guiju.store.jobs import job_of, jobs, submit
from guiju.store.migrate import carry_forward, make_store, newest, require_current, revision_of
from guiju.store.people import account_of, make_account, signed_in
from guiju.store.replay import replay
from guiju.store.results import Request, results
from guiju.store.sets import record_sets
from guiju.store.tables import metadata
from guiju.store.verification import verify_store
from guiju.store.worker import Worker
from store.stores import ENGINES, Filled, Places

OLD = Path(__file__).with_name("made_at_0001.zip")
"""A store that was made, filled and asked by the Guiju whose newest form was 0001."""


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [d.code for d in refused.value.diagnostics]


def content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for what restoring adds to the log."""
    with store.reading() as connection:
        found = {t.name: [tuple(row) for row in connection.execute(select(t).order_by(*t.primary_key.columns))] for t in metadata.sorted_tables}
    return found | {"audit": [row for row in found["audit"] if row[3] != "store.restored"]}


@pytest.fixture
def used(filled: Filled) -> Filled:
    """A store with a result, a job that waits, and somebody who can sign in."""
    submit(filled.store, Request("evaluation", (filled.edition.id,), filled.records.id), filled.organisation, "test")
    Worker(filled.store).drain()
    submit(filled.store, Request("proof", (filled.edition.id,), None, {"question": "satisfiable"}), filled.organisation, "规")
    make_account(filled.store, "wang", filled.organisation, "test", password="secret")
    return filled


@pytest.fixture
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Places]:
    def on(engine: str) -> Places:
        found = Places(engine, tmp_path / "other", request.getfixturevalue("postgresql") if engine == "postgresql" else str)
        request.addfinalizer(found.close)
        return found

    return on


@pytest.mark.parametrize("onto", ENGINES)
def test_an_archive_restores_to_the_same_on_either_database(used: Filled, other: Callable[[str], Places], tmp_path: Path, onto: str) -> None:
    made = backup(used.store, tmp_path / "a.zip")
    assert made == read_archive(tmp_path / "a.zip") and made.revision == newest() and made.head == verify_chain(used.store).head
    target = other(onto).new()
    refuse_content(target)
    assert restore(target, tmp_path / "a.zip", "test") == made
    assert content(target) == content(used.store)
    assert verify_store(target).problems == () and [e.action for e in entries(target)][-1] == "store.restored"
    assert replay(target, results(target)[0].id).same and signed_in(target, "wang", "secret") is not None
    assert len(Worker(target).drain()) == 1 and jobs(target)[0].state == "done", "what waited is done there"
    with pytest.raises(Exception, match="never changed"), target.writing() as connection:
        connection.execute(text("DELETE FROM edition"))
    with pytest.raises(Refused) as refused:
        restore(target, tmp_path / "a.zip", "test")
    assert codes(refused) == ["store-not-empty"]


def test_a_store_that_was_only_made_is_empty_enough(used: Filled, other: Callable[[str], Places], tmp_path: Path) -> None:
    backup(used.store, tmp_path / "a.zip")
    target = other("sqlite" if used.store.is_sqlite else "postgresql").new()
    make_store(target, "test")
    restore(target, tmp_path / "a.zip", "test")
    assert content(target) == content(used.store)


def test_a_backup_is_whole_or_not_there_and_overwrites_only_when_told(used: Filled, tmp_path: Path) -> None:
    to = tmp_path / "a.zip"
    backup(used.store, to)
    before = to.read_bytes()
    for place, code in ((to, "file-exists"), (tmp_path / "none" / "a.zip", "folder-missing")):
        with pytest.raises(Refused) as refused:
            backup(used.store, place)
        assert codes(refused) == [code]
    (used.store.folder / used.records.file).write_bytes(b"")
    with pytest.raises(Refused) as refused:
        backup(used.store, to, overwrite=True)
    assert codes(refused) == ["store-file-altered"] and to.read_bytes() == before and list(tmp_path.glob(".*")) == []
    (used.store.folder / used.records.file).unlink()
    with pytest.raises(Refused) as refused:
        backup(used.store, to, overwrite=True)
    assert codes(refused) == ["store-file-missing"]


def test_an_archive_that_was_altered_anywhere_is_refused_and_nothing_is_restored(used: Filled, other: Callable[[str], Places], tmp_path: Path) -> None:
    whole, bad, target = tmp_path / "a.zip", tmp_path / "b.zip", other("sqlite").new()
    backup(used.store, whole)
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    def rewritten(changes: dict[str, bytes | None]) -> Path:
        with zipfile.ZipFile(bad, "w") as archive:
            for name, held in (parts | changes).items():
                if held is not None:
                    archive.writestr(name, held)
        return bad

    for name, held in parts.items():
        for changed in (held + b" x", None):
            with pytest.raises(Refused) as refused:
                restore(target, rewritten({name: changed}), "test")
            assert codes(refused) == ["archive-malformed" if name == MANIFEST else "archive-altered"]
    manifest = json.loads(parts[MANIFEST])
    for key, value, code in (("format", "other", "archive-format"), ("revision", "9999", "store-newer"), ("tables", [], "archive-malformed")):
        with pytest.raises(Refused) as refused:
            restore(target, rewritten({MANIFEST: json.dumps(manifest | {key: value}).encode()}), "test")
        assert codes(refused) == [code]
    outside = manifest | {"files": {"../outside": manifest["files"][next(iter(manifest["files"]))]}}
    with pytest.raises(Refused) as refused:
        restore(target, rewritten({MANIFEST: json.dumps(outside).encode(), "files/../outside": next(iter(parts.values()))}), "test")
    assert codes(refused) == ["archive-altered"]
    damaged = bytearray(whole.read_bytes())
    damaged[len(damaged) // 3] ^= 0xFF
    bad.write_bytes(damaged)
    for path, code in ((bad, "archive-altered"), (tmp_path / "none.zip", "file-unreadable"), (Path(__file__), "archive-malformed")):
        with pytest.raises(Refused) as refused:
            restore(target, path, "test")
        assert set(codes(refused)) == {code}
    with pytest.raises(Refused):
        require_current(target)


def test_a_backup_while_others_write_is_of_one_moment(used: Filled, tmp_path: Path) -> None:
    import threading

    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            submit(used.store, Request("count", ()), used.organisation, "test")

    writers = [threading.Thread(target=write) for _ in range(2)]
    for each in writers:
        each.start()
    try:
        for n in range(4):
            made = backup(used.store, tmp_path / f"{n}.zip")
            with zipfile.ZipFile(tmp_path / f"{n}.zip") as archive:
                told = [json.loads(line)["subject"] for line in archive.read("tables/audit.ndjson").splitlines() if b'"job.submitted"' in line]
                held = [json.loads(line)["id"] for line in archive.read("tables/job.ndjson").splitlines()]
            assert sorted(told) == sorted(held) and made.head[0] == made.tables["audit"][0]
    finally:
        done.set()
        for each in writers:
            each.join()


# stores of an earlier Guiju


def old_store(places: Places) -> Store:
    """The SQLite store of form 0001 as it was made, or its rows and files on PostgreSQL in that form."""
    found = places.new()
    with zipfile.ZipFile(OLD) as archive:
        archive.extractall(places.folder / "old")
    shutil.copytree(places.folder / "old" / "files", found.folder)
    if found.is_sqlite:
        shutil.copy(places.folder / "old" / "guiju.sqlite", found.folder.parent)
        return found
    old = Places("sqlite", places.folder / "old", str).at(str(places.folder / "old"))
    with found.writing() as connection, old.reading() as source:
        carry_forward(connection, "0001")
        for table in metadata.sorted_tables:
            columns = [c["name"] for c in inspect(source).get_columns(table.name)] if inspect(source).has_table(table.name) else []
            known = [table.c[name] for name in columns]
            for row in source.execute(select(*known)) if known else ():
                connection.execute(table.insert().values(**row._mapping))
    old.close()
    return found


def test_a_store_of_the_first_form_is_carried_forward_with_all_it_holds(places: Places) -> None:
    store = old_store(places)
    with pytest.raises(Refused) as refused:
        require_current(store)
    assert codes(refused) == ["store-outdated"]
    with store.reading() as connection:
        assert revision_of(connection) == "0001"
        before = [row.hash for row in connection.execute(text("SELECT hash FROM audit ORDER BY seq"))]
    assert make_store(store, "test") == ("0001", newest())
    require_current(store)
    assert verify_store(store).problems == ()
    assert [e.hash for e in entries(store)][:-1] == before and entries(store)[-1].action == "store.migrated"
    assert [e.number for e in editions(store)] == ["GB 36980.1-2025", "财建〔2020〕86号"]
    for held in editions(store):
        assert program_of(store, held)[0].content_hash == held.content_hash
    (kept,), (asked,) = results(store), jobs(store)
    assert replay(store, kept.id).differing == () and replay(store, kept.id).same
    assert asked.state == "queued" and asked.request.hash == kept.request.hash == kept_hash(store)
    assert Worker(store).drain() == [asked.id] and job_of(store, asked.id).state == "done"
    assert [r.body_hash for r in results(store)] == [kept.body_hash] * 2, "what it came to then, it comes to now"
    assert record_sets(store)[0].rows == 17 and signed_in(store, "wang", "correct horse") is not None
    assert {role for _, role in account_of(store, "wang").roles} == {"evaluator"}
    with pytest.raises(Exception, match="never changed"), store.writing() as connection:
        connection.execute(text("UPDATE result SET request_hash = ''"))


def kept_hash(store: Store) -> str:
    with store.reading() as connection:
        return str(connection.execute(text("SELECT request_hash FROM result")).scalar_one())


def test_a_migration_that_fails_leaves_the_store_as_it_was(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    store = old_store(places)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("guiju.store.migrate.append", broken)
    with pytest.raises(ZeroDivisionError):
        make_store(store, "test")
    with store.reading() as connection:
        assert revision_of(connection) == "0001" and not inspect(connection).has_table("chunk")
    monkeypatch.undo()
    assert make_store(store, "test") == ("0001", newest())


def test_an_archive_of_the_first_form_is_restored_and_carried_forward(places: Places, tmp_path: Path) -> None:
    """Written as the Guiju of that form wrote it: the tables of that form, and nothing of the later one."""
    store = old_store(places)
    make_store(store, "test")
    backup(store, tmp_path / "new.zip")
    with zipfile.ZipFile(tmp_path / "new.zip") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    from hashlib import sha256

    manifest = json.loads(parts[MANIFEST]) | {"revision": "0001"}
    del manifest["tables"]["chunk"], parts["tables/chunk.ndjson"]
    for table, gone in (("job", "stalled"), ("result", "request_hash")):
        rows = [json.loads(line) for line in parts[f"tables/{table}.ndjson"].splitlines()]
        lines = [json.dumps({k: v for k, v in row.items() if k != gone}) + "\n" for row in rows]
        parts[f"tables/{table}.ndjson"] = "".join(lines).encode()
        manifest["tables"][table] = [len(rows), sha256("".join(lines).encode()).hexdigest()]
    parts[MANIFEST] = json.dumps(manifest).encode()
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        for name, held in parts.items():
            archive.writestr(name, held)
    target = places.new()
    assert restore(target, tmp_path / "old.zip", "test").revision == "0001"
    require_current(target)
    assert content(target) == content(store) and verify_store(target).problems == ()
