from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from guiju.base.diagnostics import Refused
from guiju.frontrunner.library.changes import changes_json
from guiju.frontrunner.library.kept import Brought, _keep, bring, enterprises_of, libraries, library_of, register_enterprises, revisions
from guiju.frontrunner.library.library import read_library
from guiju.store.audit import entries
from guiju.store.database import Store
from guiju.store.files import sweep
from guiju.store.people import organisation_named
from guiju.store.registers import keep_entries
from library_cases import A, B, Tables, as_csv, dictionary, tables


def brought(store: Store, given: Tables, folder: Path, **asked: object) -> Brought:
    return bring(store, "cars", as_csv(given, folder), dictionary(), "test", **asked)  # type: ignore[arg-type]


def codes(refused: Refused) -> set[str]:
    return {each.code for each in refused.diagnostics}


def test_a_library_is_kept_and_comes_back(store: Store, tmp_path: Path) -> None:
    found = brought(store, tables(), tmp_path / "a")
    assert found.entry is not None
    assert found.entry.revision == 1
    held = library_of(store, "cars")
    assert (held.hash, held.quality, held.enterprises, held.standards) == (
        found.library.hash, found.library.quality, found.library.enterprises, found.library.standards,
    )  # fmt: skip
    assert list(held.some()) == list(found.library.some())
    assert list(held.evidence) == list(found.library.evidence)
    assert [(c.name, c.type) for c in held.products.columns] == [(c.name, c.type) for c in found.library.products.columns]
    assert held.mapping.inputs == found.library.mapping.inputs
    (listed,) = libraries(store)
    assert (listed.name, listed.rows["products"], listed.illustrative) == ("cars", 3, True)
    assert "library.kept" in {each.action for each in entries(store)}


def test_revisions_do_not_change_and_tell_what_did(store: Store, tmp_path: Path) -> None:
    first = brought(store, tables(), tmp_path / "a")
    assert brought(store, tables(), tmp_path / "b").entry is None
    given = tables()
    given["标准"][1][5], given["标准"][1][6] = "被代替", None
    given["标准"][0].append("代替标准")
    for row in given["标准"][1:]:
        row.append(None)
    given["标准"][1][9] = "Q/JIA 001-2026"
    given["标准"].append(["Q/JIA 001", "2026", A, "新版", "2026-01-01", "现行", None, None, "是", None])
    given["标准"].append(["Q/YI 8", "2026", B, "新", "2026-01-01", "现行", None, None, "是", None])
    given["产品"][1][8] = 12.0
    del given["产品"][3]
    del given["证据"][2]
    dry = brought(store, given, tmp_path / "c", dry=True)
    assert dry.entry is None
    assert len(revisions(store, "cars")) == 1
    second = brought(store, given, tmp_path / "d")
    assert second.entry is not None
    assert second.changes == dry.changes
    assert second.changes is not None
    assert changes_json(second.changes) == {
        "standards": {"added": [{"number": "Q/YI 8", "edition": "2026"}], "revised": [{"number": "Q/JIA 001", "edition": "2026"}],
                      "withdrawn": [{"number": "Q/JIA 001", "edition": "2025"}]},
        "products": {"added": 0, "gone": 1}, "values": {"nev.electricity.cltc": 1},
        "shown": [{"product": "p1", "property": "nev.electricity.cltc", "before": "12.3", "after": "12.0"}],
    }  # fmt: skip
    assert library_of(store, "cars", 1).hash == first.library.hash
    assert library_of(store, "cars").hash == second.library.hash
    assert [each.revision for each in revisions(store, "cars")] == [2, 1]


def test_errors_bar_it_and_leave_nothing(store: Store, tmp_path: Path) -> None:
    given = tables()
    given["产品"][1][1] = "nobody"
    with pytest.raises(Refused) as refused:
        brought(store, given, tmp_path / "a")
    assert {"library-refused", "library-reference-unknown"} <= codes(refused.value)
    assert libraries(store) == []
    with pytest.raises(Refused) as refused:
        library_of(store, "cars")
    assert codes(refused.value) == {"library-unknown"}
    with pytest.raises(Refused) as refused:
        bring(store, " x", tmp_path / "a", dictionary(), "test")
    assert codes(refused.value) == {"library-name"}
    brought(store, tables(), tmp_path / "b")
    with pytest.raises(Refused) as refused:
        library_of(store, "cars", 7)
    assert codes(refused.value) == {"library-revision"}


def test_an_enterprise_replaces_its_own_rows_only(store: Store, tmp_path: Path) -> None:
    brought(store, tables(), tmp_path / "a")
    own = {name: [rows[0], *(row for row in rows[1:] if A in row or row[0] in ("p1", "p2"))] for name, rows in tables().items()}
    same = brought(store, own, tmp_path / "b", own=[A])
    assert same.entry is None
    assert same.changes is not None
    assert not same.changes.any
    own["产品"] = [own["产品"][0], ["n1", A, "Q/JIA 001", "2025", "N1", "甲", None, None, 10.1, 1400]]
    own["证据"] = [own["证据"][0]]
    found = brought(store, own, tmp_path / "c", own=[A])
    assert found.entry is not None
    assert [(each.key, each.enterprise) for each in library_of(store, "cars").some()] == [("p3", B), ("n1", A)]
    assert [each.product for each in library_of(store, "cars").evidence] == ["p3"]
    with pytest.raises(Refused) as refused:
        brought(store, tables(), tmp_path / "d", own=[A])
    assert codes(refused.value) == {"library-not-own", "library-refused"}
    with pytest.raises(Refused) as refused:
        brought(store, own, tmp_path / "e", own=[])
    assert codes(refused.value) == {"library-no-enterprise"}
    own["产品"][0][8] = "CLTC电能消耗量（Wh/km）"
    with pytest.raises(Refused) as refused:
        brought(store, own, tmp_path / "f", own=[A])
    assert codes(refused.value) == {"library-merge"}


def test_an_organisation_declares_for_its_enterprises(store: Store) -> None:
    whose = organisation_named(store, "local")
    register_enterprises(store, [A], whose, "test")
    assert enterprises_of(store, whose) == [A]
    assert enterprises_of(store, "another") == []


def test_an_altered_file_is_seen(store: Store, tmp_path: Path) -> None:
    brought(store, tables(), tmp_path / "a")
    for path in (store.folder / "libraries").rglob("*.parquet"):
        path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(Refused) as refused:
        library_of(store, "cars")
    assert codes(refused.value) == {"store-file-altered"}


def test_two_enterprises_at_once_lose_nothing(store: Store, tmp_path: Path) -> None:
    brought(store, tables(), tmp_path / "all")

    def bring_own(code: str, value: float) -> list[str]:
        own = {name: [rows[0], *(row for row in rows[1:] if code in row or row[0] in (("p1", "p2") if code == A else ("p3",)))]
               for name, rows in tables().items()}  # fmt: skip
        own["产品"][1][8] = value
        refusals = []
        while True:
            try:
                brought(store, own, tmp_path / code, own=[code])
                return refusals
            except Refused as refused:
                refusals += codes(refused)

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(bring_own, A, 10.5), pool.submit(bring_own, B, 14.5)]
        assert {code for each in both for code in each.result()} <= {"register-moved"}
    library = library_of(store, "cars")
    held = dict(library.connection.execute('SELECT product, "nev.electricity.cltc" FROM products').fetchall())
    assert held == {"p1": "10.5", "p2": "11.5", "p3": "14.5"}
    assert [each.revision for each in revisions(store, "cars")] == [3, 2, 1]


def test_a_revision_is_made_from_the_newest_or_not_at_all(store: Store) -> None:
    keep_entries(store, "test", {"a": (None, {"n": 1})}, "test", {"a": 0})
    with pytest.raises(Refused) as refused:
        keep_entries(store, "test", {"a": (None, {"n": 2})}, "test", {"a": 0})
    assert codes(refused.value) == {"register-moved"}


def test_an_import_that_ends_before_its_entry_leaves_only_files_the_sweep_takes_away(store: Store, tmp_path: Path) -> None:
    brought(store, tables(), tmp_path / "a")
    assert sweep(store, older_than=-1, dry=True) == []
    given = tables()
    given["产品"][1][8] = 12.0
    other = read_library(as_csv(given, tmp_path / "b"), dictionary(), name="cars")
    with pytest.raises(Refused) as caught:
        _keep(store, other, None, 7, "test", None, "b")  # as where another revision came between
    assert codes(caught.value) == {"register-moved"}
    left = sweep(store, older_than=-1, dry=True)
    assert left and all(path.startswith("libraries/") for path in left) and all((store.folder / path).is_file() for path in left)
    assert sweep(store, older_than=-1) == left and not any((store.folder / path).exists() for path in left)
    assert library_of(store, "cars").hash == revisions(store, "cars")[0].hash
