"""What is kept: editions, records, people and the log; the same on both databases."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from guiju.base.diagnostics import Refused
from guiju.standard.shelf import Shelf
from guiju.store.audit import append, entries, verify_chain
from guiju.store.canonical import canonical, new_id
from guiju.store.database import Store, store_at
from guiju.store.editions import edition_named, editions, import_shelf, make_shelf, opened_shelf, program_of, publish
from guiju.store.files import hash_of, put, sweep
from guiju.store.migrate import make_store, newest, require_current
from guiju.store.people import (
    account_of,
    accounts,
    disable,
    grant,
    key_owner,
    make_account,
    make_key,
    make_organisation,
    organisation_named,
    revoke,
    revoke_key,
    set_password,
    signed_in,
)  # fmt: skip
from guiju.store.sets import keep_records, record_set_of, record_sets
from guiju.store.tables import audit, metadata
from store.stores import ROOT, Filled, Places, fill


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [d.code for d in refused.value.diagnostics]


# making a store


def test_a_place_is_no_store_until_it_is_made(places: Places) -> None:
    place = places.new()
    with pytest.raises(Refused) as refused:
        require_current(place)
    assert codes(refused) == ["store-missing"]
    assert make_store(place, "test") == (None, newest())
    assert require_current(place) is place
    assert make_store(place, "test") == (newest(), newest()), "making it again changes nothing"
    assert [e.action for e in entries(place)] == ["store.made"]


def test_the_migrations_make_the_tables_that_the_code_knows(store: Store) -> None:
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        seen = inspect(connection)
        for table in metadata.sorted_tables:
            wanted = {c.name for c in table.constraints if type(c).__name__ == "CheckConstraint"}
            assert {c["name"] for c in seen.get_check_constraints(table.name)} == wanted, table.name


def test_a_store_of_a_later_guiju_is_refused(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (lambda: require_current(store), lambda: make_store(store, "test")):
        with pytest.raises(Refused) as refused:
            attempt()
        assert codes(refused) == ["store-newer"]


@pytest.mark.parametrize(
    ("place", "code"), [("mysql://a:secret@host/b", "store-place"), ("postgresql://", "store-files"), ("://", "store-place")]
)
def test_a_place_that_cannot_be_is_refused_without_its_password(place: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        store_at(place)
    assert codes(refused) == [code] and "secret" not in str(refused.value)


def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        require_current(store_at(f"postgresql://me:secret@/none?host={tmp_path}", tmp_path))
    assert codes(refused) == ["store-unreachable"] and "secret" not in str(refused.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "guiju.sqlite").write_bytes(b"something else altogether, and long enough to be looked at" * 50)
    with pytest.raises(Refused) as refused:
        require_current(store_at(str(tmp_path)))
    assert codes(refused) == ["store-damaged"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused) as refused:
        make_store(store_at(str(tmp_path / "file")), "test")
    assert codes(refused) == ["store-unwritable"]


def test_a_writer_that_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guiju.store.database.BUSY_SECONDS", 0.1)
    store = store_at(str(tmp_path))
    make_store(store, "test")
    with store.writing(), pytest.raises(Refused) as refused, store.writing():
        pass
    assert codes(refused) == ["store-busy"]
    store.close()


# identifiers and canonical text


def test_identifiers_sort_in_the_order_they_were_made() -> None:
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(made) and len(set(made)) == len(made)
    assert {(each[14], len(each)) for each in made} == {("7", 36)}


def test_what_differs_in_order_only_has_one_text_and_every_text_can_be_written() -> None:
    assert canonical({"b": [1, None], "a": "规矩"}) == canonical({"a": "规矩", "b": [1, None]}) == '{"a":"规矩","b":[1,null]}'
    assert canonical("\ud83d").encode() == b'"\\ud83d"'
    with pytest.raises(AssertionError):
        canonical({"a": [0.1]})


# editions


def test_an_edition_means_the_same_out_of_the_store_as_on_its_shelf(filled: Filled) -> None:
    shelf = Shelf()
    for number in ("GB 36980.1-2025", "JIANCAI-LIULING-2024"):
        path = shelf.locate(number)
        assert path is not None
        held, _ = publish(filled.store, shelf, path, filled.edition.shelf, "test")
        program, alone = program_of(filled.store, held)
        standard = shelf.open(path).standard
        assert standard is not None and program.content_hash == standard.content_hash == held.content_hash
        assert (held.number, held.edition) == (standard.number, standard.edition)
        assert not alone.shipped, "nothing of this installation is needed"
        assert edition_named(filled.store, held.id) == edition_named(filled.store, held.number) == held


def test_publishing_the_same_again_changes_nothing_and_another_text_is_a_revision_if_that_is_said(filled: Filled, tmp_path: Path) -> None:
    shelf = copied_shelf(tmp_path, "GB-36980.1-2025")
    path = next(iter(shelf.paths().values()))
    assert publish(filled.store, shelf, path, filled.edition.shelf, "test") == (filled.edition, False)
    before = len(entries(filled.store))
    file = path / "standard.yaml"
    file.write_text(file.read_text("utf-8").replace("13.8", "13.9", 1) + "\n# put right\n", "utf-8")
    changed = Shelf((tmp_path / "standards",))
    if changed.open(path).standard.content_hash == filled.edition.content_hash:  # type: ignore[union-attr]
        file.write_text(file.read_text("utf-8").replace("zh: ", "zh: 改", 1), "utf-8")
        changed = Shelf((tmp_path / "standards",))
    with pytest.raises(Refused) as refused:
        publish(filled.store, changed, path, filled.edition.shelf, "test")
    assert codes(refused) == ["edition-exists"] and len(entries(filled.store)) == before
    second, is_new = publish(filled.store, changed, path, filled.edition.shelf, "test", revise=True)
    assert is_new and second.revision == 2 and second.content_hash != filled.edition.content_hash
    assert edition_named(filled.store, filled.edition.number) == second, "a number means the last revision"
    assert edition_named(filled.store, filled.edition.id) == filled.edition, "the first one stays"
    assert editions(filled.store) == [second] and editions(filled.store, latest=False) == [filled.edition, second]


def copied_shelf(folder: Path, name: str) -> Shelf:
    found = next((ROOT / "standards").glob(f"*/{name}"))
    shutil.copytree(found, folder / "standards" / found.parent.name / name)
    return Shelf((folder / "standards",))


def test_a_whole_shelf_is_taken_or_none_of_it(store: Store, tmp_path: Path) -> None:
    into, _ = make_shelf(store, "mine", "test"), copied_shelf(tmp_path, "GB-36980.1-2025")
    broken = tmp_path / "standards" / "gb" / "X"
    broken.mkdir()
    (broken / "standard.yaml").write_text("guiju: 1\nnumber: X 1\n", "utf-8")
    with pytest.raises(Refused) as refused:
        import_shelf(store, Shelf((tmp_path / "standards",)), into, "test")
    assert "missing-key" in codes(refused) and editions(store) == []
    shutil.rmtree(broken)
    shelf = Shelf((tmp_path / "standards",))
    assert import_shelf(store, shelf, into, "test").published == ("GB 36980.1-2025",)
    assert import_shelf(store, shelf, into, "test").unchanged == ("GB 36980.1-2025",)
    assert make_shelf(store, "mine", "test") == into


def test_the_whole_shipped_shelf_goes_in_and_every_standard_reads_the_same(store: Store) -> None:
    shelf = Shelf()
    done = import_shelf(store, shelf, make_shelf(store, "shipped", "test"), "test")
    assert sorted(done.published) == sorted(shelf.numbers()) and not done.revised
    for held in editions(store)[::5]:
        assert program_of(store, held)[0].content_hash == held.content_hash
    pages = editions(store, limit=7)
    while found := editions(store, limit=7, after=(pages[-1].number, pages[-1].id)):
        pages += found
    assert pages == editions(store) and [e.number for e in pages] == sorted(e.number for e in pages)
    assert [e.number for e in editions(store, ["能耗", "36980"])] in ([], ["GB 36980.1-2025"])
    assert editions(store, ["100%"]) == [] and editions(store, shelves=[]) == []


def test_an_unknown_edition_is_refused_with_the_one_that_is_near(filled: Filled) -> None:
    assert edition_named(filled.store, "gb36980.1 2025") == filled.edition
    with pytest.raises(Refused) as refused:
        edition_named(filled.store, "GB 36980.1-2024")
    assert codes(refused) == ["unknown-edition"] and "2025" in refused.value.diagnostics[0].facts["hint_en"]


@pytest.mark.parametrize("table", ["document", "edition", "file", "record_set", "audit"])
def test_what_is_written_once_cannot_be_changed_by_any_sql(filled: Filled, table: str) -> None:
    statements = [f"DELETE FROM {table}", *(f"UPDATE {table} SET {c.name} = {c.name}" for c in metadata.tables[table].columns)]
    statements += [f"TRUNCATE {table} CASCADE"] if not filled.store.is_sqlite else [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"]
    for statement in statements:
        with pytest.raises(DBAPIError, match="never changed"), filled.store.writing() as connection:
            connection.execute(text(statement))


def test_a_client_of_sqlite_that_asks_for_no_triggers_of_replacing_is_refused_too(tmp_path: Path) -> None:
    store = store_at(str(tmp_path))
    make_store(store, "test")
    store.close()
    with sqlite3.connect(tmp_path / "guiju.sqlite") as plain, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        plain.execute("INSERT OR REPLACE INTO audit SELECT seq, at, 'nobody', action, subject, detail, previous, hash FROM audit")


def test_a_document_altered_under_an_edition_is_noticed(filled: Filled) -> None:
    unguarded(filled.store, "document", "UPDATE document SET content = content || content")
    with pytest.raises(Refused) as refused, opened_shelf(filled.store, filled.edition):
        pass
    assert set(codes(refused)) == {"edition-altered"}


def test_an_edition_that_does_not_read_as_it_says_is_noticed(filled: Filled) -> None:
    unguarded(filled.store, "edition", f"UPDATE edition SET content_hash = '{'0' * 64}'")
    with pytest.raises(Refused) as refused:
        program_of(filled.store, edition_named(filled.store, filled.edition.id))
    assert codes(refused) == ["edition-read-otherwise"]


def unguarded(store: Store, table: str, statement: str) -> None:
    """What somebody can do who owns the database."""
    with store.writing() as connection:
        if store.is_sqlite:
            for (name,) in connection.execute(text(f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'")).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(text(statement))


# records and files


def test_records_are_kept_as_found_with_their_mapping_and_their_hash(filled: Filled) -> None:
    held = filled.records
    assert held.rows == 17 and held.source == "vehicles.csv" and held.mapping is not None and "inputs:" in held.mapping
    assert hash_of(filled.store.folder / held.file)[0] == held.sha256
    assert record_set_of(filled.store, "vehicles") == record_set_of(filled.store, held.id) == held
    again, _ = keep_records(filled.store, ROOT / "examples" / "vehicles.csv", filled.organisation, "test", name="twice")
    assert again.sha256 == held.sha256 and again.file == held.file, "the same content is one file"
    assert record_sets(filled.store) == [held, again] and record_sets(filled.store, organisations=[]) == []
    assert record_sets(filled.store, after=held.id) == [again]


def test_an_unknown_set_and_a_wrong_mapping_are_refused(filled: Filled, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        record_set_of(filled.store, "vehicels")
    assert codes(refused) == ["unknown-record-set"]
    (tmp_path / "m.yaml").write_text("guiju: 1\n", "utf-8")
    with pytest.raises(Refused) as refused:
        keep_records(filled.store, ROOT / "examples" / "vehicles.csv", filled.organisation, "test", mapping=tmp_path / "m.yaml")
    assert codes(refused) == ["missing-key"] and len(record_sets(filled.store)) == 1


def test_files_that_no_row_names_are_swept_once_they_are_old_and_others_stay(filled: Filled) -> None:
    orphan = put(filled.store, "results", ".parquet", lambda path: path.write_bytes(b"nobody's"))
    assert sweep(filled.store) == [] and (filled.store.folder / orphan.path).is_file(), "young: its row may be on the way"
    assert sweep(filled.store, older_than=-1) == [orphan.path]
    assert (filled.store.folder / filled.records.file).is_file()


# people


def test_accounts_roles_and_keys(store: Store) -> None:
    lab = make_organisation(store, "lab", "test", "检测所")
    local = organisation_named(store, "local")
    id_ = make_account(store, "wang", lab, "test", title="王", password="规 矩 \ud83d")
    grant(store, id_, lab, "evaluator", "test")
    grant(store, id_, lab, "evaluator", "test")
    grant(store, id_, local, "auditor", "test")
    found = account_of(store, "wang")
    assert found == account_of(store, id_) and found.roles == {(lab, "evaluator"), (local, "auditor")} and found.has("auditor", local)
    assert not found.has("auditor", lab) and accounts(store, [local]) == [] and accounts(store) == [found]
    revoke(store, id_, local, "auditor", "test")
    assert account_of(store, "wang").roles == {(lab, "evaluator")}
    assert signed_in(store, "wang", "规 矩 \ud83d") is not None
    assert signed_in(store, "wang", "规矩") is None and signed_in(store, "li", "规 矩") is None
    set_password(store, id_, "another", "test")
    assert signed_in(store, "wang", "another") is not None
    key_id, key = make_key(store, id_, "nightly", "test")
    _, other = make_key(store, id_, "old", "test", expires_at=account_time(store))
    owner = key_owner(store, key)
    assert owner is not None and owner.name == "wang" and key_owner(store, other) is None and key_owner(store, key + "x") is None
    with store.reading() as connection:
        whole = str(connection.execute(text("SELECT * FROM api_key")).all()) + str(connection.execute(text("SELECT * FROM audit")).all())
    assert key not in whole and "another" not in whole, "secrets are kept as hashes only, and not in the log"
    revoke_key(store, key_id, "test")
    assert key_owner(store, key) is None
    _, last = make_key(store, id_, "last", "test")
    disable(store, id_, "test")
    assert key_owner(store, last) is None and signed_in(store, "wang", "another") is None
    assert [e.action for e in entries(store, subject=id_)] == [
        "account.made", "role.granted", "role.granted", "role.revoked", "account.password", "key.made", "key.made", "key.made", "account.disabled"]  # fmt: skip


def account_time(store: Store):  # type: ignore[no-untyped-def]
    with store.reading() as connection:
        return store.clock(connection)


def test_what_is_wrong_about_people_is_refused(store: Store) -> None:
    local = organisation_named(store, "local")
    make_account(store, "wang", local, "test")
    attempts = {
        "name-in-use": lambda: make_account(store, "wang", local, "test"), "unknown-organisation": lambda: organisation_named(store, "lcal"),
        "unknown-account": lambda: account_of(store, "li"), "unknown-role": lambda: grant(store, "", local, "auditer", "test"),
    }  # fmt: skip
    for code, attempt in attempts.items():
        with pytest.raises(Refused) as refused:
            attempt()
        assert codes(refused) == [code]
    with pytest.raises(Refused):
        make_organisation(store, "local", "test")
    with pytest.raises(Refused):
        make_shelf(store, "x", "test", of="nobody")
    assert signed_in(store, "wang", "") is None, "an account without a password signs in elsewhere"


# the log


def test_an_entry_that_was_altered_or_taken_away_breaks_the_chain_there(store: Store) -> None:
    for n in range(20):
        with store.writing() as connection:
            append(connection, store.clock(connection), "王", "test", str(n), {"n": n})
    whole = verify_chain(store)
    assert whole.broken is None and whole.head[0] == 21
    noted = whole.head
    assert verify_chain(store, (7, entries(store, after=6, limit=1)[0].hash)).broken is None
    assert verify_chain(store, (7, "0" * 64)).broken == (7, "noted")
    unguarded(store, "audit", "UPDATE audit SET detail = '{}' WHERE seq = 9")
    assert verify_chain(store).broken == (9, "hash")
    unguarded(store, "audit", "DELETE FROM audit WHERE seq = 9")
    assert verify_chain(store).broken == (9, "order")
    with store.writing() as connection:
        connection.execute(text("DELETE FROM audit WHERE seq > 5"))
    assert verify_chain(store).broken is None, "cut short at its end, a chain fits"
    assert verify_chain(store, noted).broken == (6, "noted"), "but not with a head that was noted"


def test_what_is_not_committed_is_not_in_the_log(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.writing() as connection:
        append(connection, store.clock(connection), "test", "gone", "x")
        raise ZeroDivisionError
    assert [e.action for e in entries(store)] == ["store.made"]


def test_many_writers_at_once_make_one_chain(places: Places) -> None:
    from concurrent.futures import ThreadPoolExecutor

    store = places.new()
    make_store(store, "test")

    def write(n: int) -> None:
        with store.writing() as connection:
            append(connection, store.clock(connection), "test", "many", str(n))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(200)))
    assert verify_chain(store).broken is None and verify_chain(store).head[0] == 201
    with store.reading() as connection:
        assert set(connection.execute(select(audit.c.subject).where(audit.c.action == "many")).scalars()) == {str(n) for n in range(200)}


def test_both_databases_come_to_the_same(tmp_path: Path, postgresql: object) -> None:
    here, there = Places("sqlite", tmp_path, str), Places("postgresql", tmp_path, postgresql)  # type: ignore[arg-type]
    one, other = here.new(), there.new()
    for store in (one, other):
        make_store(store, "test")
    a, b = fill(one), fill(other)
    assert a.edition.files == b.edition.files and a.edition.content_hash == b.edition.content_hash
    assert (a.records.sha256, a.records.columns) == (b.records.sha256, b.records.columns)
    here.close()
    there.close()
