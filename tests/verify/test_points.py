"""The register of points: files read and refused whole, search, and matching a standard to those able to verify it."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guiju.base.diagnostics import Refused
from guiju.store.database import Store
from guiju.store.people import make_organisation
from guiju.store.registers import revisions_of
from guiju.verify.process.matching import match, needs_of
from guiju.verify.process.point import fields_of_work
from guiju.verify.process.points_file import COLUMNS, point_kept, read_points
from guiju.verify.process.register import REGISTER, bring_in, keep_point, known_to, point_named, points, search
from guiju.verify.process.told_point import match_json, point_json
from verifying import ON, body, program, shelf

KNOWN = known_to(shelf().dictionary)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {d.code for d in refused.value.diagnostics}


def test_what_is_shipped_says_where_it_is_from_and_marks_what_is_made_up() -> None:
    held = {each.point.code: each.point for each in points(None, shelf().dictionary)}
    assert len(fields_of_work()) == 9 and {f.source.grade for f in fields_of_work().values()} == {"B"}
    for point in held.values():
        assert point.source.is_illustrative == point.code.startswith("EX-") == point.title.zh.startswith("示意")
        assert point.source.is_illustrative or (point.source.address and point.source.grade == "B" and not point.capabilities)


def test_the_register_is_searched_by_words_field_region_and_capability() -> None:
    held = points(None, shelf().dictionary)

    def found(**asked: Any) -> list[str]:
        return [each.point.code for each in search(held, "zh", **asked)]

    assert found(words=["西安"]) == ["XIHARI"] and found(region="CN-32") == ["EX-SZ"] and found(field="energy-vehicles", words=["转毂"]) == ["EX-JX", "EX-SH"]
    assert found(able="vehicle.mass") == ["EX-GD", "EX-SH"] and found(able="vehicle.ma") == [] and found(words=["没有这样的"]) == []


def test_a_standard_is_matched_by_property_method_range_and_validity(store: Store) -> None:
    (need,) = needs_of(program(), shelf().dictionary)
    assert (need.property, need.method, str(need.unit)) == ("nev.electricity.cltc", "GB/T 18386.1-2021", "kWh/100km")

    def fit(**capability: str) -> str:
        able = {"property": "nev.electricity.cltc", "method": "GB/T 18386.1-2021", "low": "3", "high": "60", "unit": "kWh/100km", **capability}
        point = point_kept("X", {**body("x"), "organisation": "", "capabilities": [able]}, KNOWN)
        from guiju.verify.process.matching import answer

        return answer(need, point, ON).fit

    assert fit() == "covers" and fit(low="30", high="600", unit="Wh/km") == "covers"
    assert fit(low="5") == "partly" and fit(low="61", high="70") == "range" and fit(method="GB/T 18386-2017") == "method"
    assert fit(until="2026-11-22") == "covers" and fit(until="2026-11-21") == "lapsed" and fit(property="vehicle.mass.curb", unit="kg") == "none"
    told = match_json("x", match([need], points(None, shelf().dictionary), ON))
    assert [each["point"] for each in told["points"]] == ["EX-JX", "EX-SH", "EX-SZ"] and not told["uncovered"] and json.dumps(told)
    later = match([need], [each for each in points(None, shelf().dictionary) if each.point.code == "EX-GD"], date(2026, 1, 1))
    assert [(n.id, [a.fit for a in near]) for n, near in later.uncovered] == [("R1.consumption", ["method"])]


def test_a_file_is_taken_whole_and_only_what_changed_becomes_a_revision(store: Store, tmp_path: Path) -> None:
    make_organisation(store, "a lab", "test")
    file = tmp_path / "points.yaml"
    text = """sources:
  s: {title: 虚设, grade: illustrative}
points:
  N1: {zh: 示意一, en: illustrative one, holder: {zh: 示意, en: illustrative}, region: CN-31, source: s}
  N2: {zh: 示意二, en: illustrative two, holder: {zh: 示意, en: illustrative}, region: CN-31, organisation: a lab, source: s}
"""
    file.write_text(text, encoding="utf-8")
    _, kept = bring_in(store, file, shelf().dictionary, "test")
    assert (kept.added, kept.revised, kept.same) == (("N1", "N2"), (), ())
    file.write_text(text.replace("示意二", "示意贰"), encoding="utf-8")
    _, kept = bring_in(store, file, shelf().dictionary, "test")
    assert (kept.added, kept.revised, kept.same) == ((), ("N2",), ("N1",))
    assert [e.revision for e in revisions_of(store, REGISTER, "N2")] == [2, 1]
    assert point_named(store, shelf().dictionary, "N2").point.title.zh == "示意贰" and len(points(store, shelf().dictionary)) == 8
    file.write_text(text.replace("a lab", "nobody"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        bring_in(store, file, shelf().dictionary, "test")
    assert codes(refused) == {"unknown-organisation"}
    with pytest.raises(Refused) as refused:
        point_named(store, shelf().dictionary, "N3")
    assert codes(refused) == {"unknown-point"}


def test_a_point_kept_and_told_is_the_same_point(store: Store) -> None:
    make_organisation(store, "lab-1", "test")
    made = point_kept("P", body("lab-1"), KNOWN)
    keep_point(store, made, "test")
    assert point_named(store, shelf().dictionary, "P").point == made
    told = point_json(point_named(store, shelf().dictionary, "P"))
    assert told["illustrative"] and told["revision"] == 1 and told["capabilities"][0]["expanded"] == "2 %"


WRONG: tuple[tuple[dict[str, object], str], ...] = (
    ({"field": "cooking"}, "point-word"), ({"region": "CN-99"}, "unknown-region"), ({"methods": ["guess"]}, "point-word"),
    ({"source": {"title": "x", "grade": "Z"}}, "point-word"), ({"source": {"title": "x", "grade": "B", "read": "soon"}}, "not-a-date"),
)  # fmt: skip
WRONG_ABLE = (
    ({"property": "nev.nothing"}, "point-property"), ({"unit": "kg"}, "point-unit"), ({"unit": "furlong"}, "point-unit-unknown"),
    ({"unit": ""}, "point-unit-missing"), ({"low": "70"}, "point-range"), ({"low": "few"}, "point-number"), ({"expanded": "a bit"}, "point-amount"),
    ({"expanded": "2 kg"}, "point-unit"), ({"k": "0"}, "point-number"), ({"laboratory": "cellar"}, "point-word"), ({"until": "2026-02-30"}, "not-a-date"),
)  # fmt: skip


@pytest.mark.parametrize(("change", "code"), WRONG)
def test_what_is_wrong_with_a_point_is_told(change: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        point_kept("P", {**body("x"), **change}, KNOWN)
    assert codes(refused) == {code}


@pytest.mark.parametrize(("change", "code"), WRONG_ABLE)
def test_what_is_wrong_with_a_capability_is_told(change: dict[str, str], code: str) -> None:
    able = {"property": "nev.electricity.cltc", "low": "3", "high": "60", "unit": "kWh/100km", "laboratory": "drum", **change}
    with pytest.raises(Refused) as refused:
        point_kept("P", body("x", capabilities=[able]), KNOWN)
    assert codes(refused) == {code}


ROW = {"code": "T1", "zh": "示意点", "en": "illustrative", "holder_zh": "示意", "field": "energy-vehicles", "holds": "新能源汽车、智能网联汽车", "region": "CN-31",
       "methods": "experiment", "laboratory": "转毂", "property": "nev.electricity.cltc", "method": "GB/T 18386.1-2021", "low": "3", "high": "60",
       "unit": "kWh/100km", "expanded": "2 %", "source": "虚设", "grade": "illustrative"}  # fmt: skip


def table(file: Path, rows: list[dict[str, str]], *, without: str = "") -> Path:
    names = [name for name in COLUMNS if name != without]
    with file.open("w", encoding="utf-8", newline="") as out:
        written = csv.writer(out)
        written.writerow([COLUMNS[name][0] for name in names])
        written.writerows([row.get(name, "") for name in names] for row in rows)
    return file


def test_a_table_has_a_row_for_each_capability(tmp_path: Path) -> None:
    more = {"code": "T1", "property": "vehicle.mass.curb", "low": "300", "high": "3500", "unit": "kg", "laboratory": "秤"}
    found = {each.code: each for each in read_points(table(tmp_path / "points.csv", [ROW, more, {**ROW, "code": "T2"}]), KNOWN)}
    assert [c.property for c in found["T1"].capabilities] == ["nev.electricity.cltc", "vehicle.mass.curb"]
    assert list(found["T1"].laboratories) == ["转毂", "秤"] and found["T1"].holds == ("新能源汽车", "智能网联汽车") and len(found) == 2


def test_everything_wrong_with_a_table_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    rows = [ROW, {**ROW, "zh": "别的名字"}, {**ROW, "code": "T2", "region": ""}, {**ROW, "code": "坏 码"}, {**ROW, "code": ""}, {**ROW, "code": "T3", "low": "x"}]
    with pytest.raises(Refused) as refused:
        read_points(table(tmp_path / "points.csv", rows), KNOWN)
    told = {(d.code, d.span.line if d.span else 0) for d in refused.value.diagnostics}
    assert told == {("point-row-differs", 3), ("point-cell-missing", 4), ("point-code", 5), ("point-cell-missing", 6), ("point-number", 7)}
    with pytest.raises(Refused) as refused:
        read_points(table(tmp_path / "few.csv", [ROW], without="region"), KNOWN)
    assert codes(refused) == {"point-column"}
