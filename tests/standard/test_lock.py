"""Locks and series: what a standard rests on cannot change unnoticed, and a series of parts is complete."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guiju.app import PARTS
from guiju.base.diagnostics import Problems
from guiju.cli.main import build
from guiju.readings.examples import examine
from guiju.standard.shelf import Shelf
from profiles import BASE, BASE_EXAMPLES, PROFILE, put

GENERAL = BASE + "series: {parts: {cement: {zh: 水泥, en: cement}, glass: {zh: 玻璃, en: glass}}, each: [least, '4.2']}\n"
PART = PROFILE.replace("based_on:", "part: cement\nbased_on:") + '  clauses: {"4.2": {zh: 轻, en: light, shall: mass <= 1500 kg, source: p1}}\n'


@pytest.fixture
def shelves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUIJU_SHELVES", str(tmp_path / "standards"))
    monkeypatch.setenv("GUIJU_LANG", "en")
    return tmp_path


def guiju(*words: str) -> Result:
    return CliRunner().invoke(build(PARTS), list(words))


def said(folder: Path) -> Problems:
    return examine(Shelf(), folder)[2]


def codes(folder: Path) -> list[str]:
    return [d.code for d in said(folder).found if d.code not in ("inherited-example-changed", "examples-incomplete", "examples-missing")]


def test_a_lock_is_written_once_and_a_change_of_what_it_holds_is_an_error_until_it_is_written_again(shelves: Path) -> None:
    base, folder = put(shelves, "T-BASE-1-2026", BASE, BASE_EXAMPLES), put(shelves, "DB-LOCAL-1-2026", PROFILE)
    assert codes(folder) == ["lock-missing"]
    first = guiju("lock", "DB/LOCAL 1-2026")
    assert first.exit_code == 0 and "T/BASE 1-2026" in first.stdout and "new" in first.stdout
    assert codes(folder) == []
    assert sorted(p.name for p in folder.iterdir()) == ["lock.yaml", "standard.yaml"]
    (base / "standard.yaml").write_text("# only a remark\n" + BASE, "utf-8")
    assert codes(folder) == []
    (base / "standard.yaml").write_text(BASE.replace("2000 kg", "2100 kg"), "utf-8")
    (differs,) = [d for d in said(folder).found if d.code == "lock-differs"]
    assert differs.span is not None and differs.span.file.endswith("lock.yaml") and differs.span.line == 3
    assert guiju("check", "DB/LOCAL 1-2026").exit_code == 2
    assert "changed" in guiju("lock", "DB/LOCAL 1-2026").stdout
    assert codes(folder) == []


def test_a_lock_that_holds_too_much_or_too_little_is_told_so(shelves: Path) -> None:
    put(shelves, "T-BASE-1-2026", BASE, BASE_EXAMPLES)
    folder = put(shelves, "DB-LOCAL-1-2026", PROFILE)
    (folder / "lock.yaml").write_text('guiju: 1\nlocked: {"T/OTHER 1": abc}\n', "utf-8")
    assert sorted(codes(folder)) == ["lock-incomplete", "lock-unused"]
    (folder / "lock.yaml").write_text("guiju: 1\nlokced: {}\n", "utf-8")
    assert "unknown-key" in codes(folder)


def test_what_rests_on_nothing_needs_no_lock_and_what_rests_on_something_unknown_gets_none(shelves: Path) -> None:
    base, folder = put(shelves, "T-BASE-1-2026", BASE, BASE_EXAMPLES), put(shelves, "DB-LOCAL-1-2026", PROFILE.replace("T/BASE 1-2026", "T/BASE 9"))
    assert "nothing to lock" in guiju("lock", "T/BASE 1-2026").stdout and not (base / "lock.yaml").exists()
    assert guiju("lock", "DB/LOCAL 1-2026").exit_code == 2 and not (folder / "lock.yaml").exists()


def test_a_general_standard_names_the_parts_the_shelf_lacks(shelves: Path) -> None:
    general = put(shelves, "T-BASE-1-2026", GENERAL, BASE_EXAMPLES)
    (note,) = [d for d in said(general).found if d.code == "series-parts-missing"]
    assert note.facts["parts_en"] == "cement, glass"
    put(shelves, "DB-LOCAL-1-2026", PART)
    (note,) = [d for d in said(general).found if d.code == "series-parts-missing"]
    assert note.facts["parts_zh"] == "玻璃"


def test_a_part_defines_every_name_the_general_standard_asks(shelves: Path) -> None:
    put(shelves, "T-BASE-1-2026", GENERAL, BASE_EXAMPLES)
    assert codes(put(shelves, "whole", PART)) == ["lock-missing"]
    lacking = PART[: PART.index("  clauses:")]
    (found,) = [d for d in said(put(shelves, "lacking", lacking)).found if d.code == "part-incomplete"]
    assert found.facts["name"] == "4.2" and found.span is not None and found.span.line == 5
    assert "part-unknown" in codes(put(shelves, "unknown", PART.replace("part: cement", "part: cment")))


def test_a_part_of_no_series_is_told_so(shelves: Path) -> None:
    put(shelves, "T-BASE-1-2026", BASE, BASE_EXAMPLES)
    assert "part-without-series" in codes(put(shelves, "part", PART))
