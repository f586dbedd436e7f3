"""The library by heads, files on the desk, and questions answered apart: without a browser."""

from __future__ import annotations

import io
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.records.bulk import Batch, programs, run
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf
from guiju.web import desk
from guiju.web.apart import Apart
from guiju.web.desk import Desk
from guiju.web.library import FACETS, Heads, initials, natural, search, slug

Tell = Callable[[int | None, int | None], None]


def test_a_head_says_what_the_whole_document_says() -> None:
    shelf = Shelf()
    library = Heads().library(shelf)
    assert len(library.heads) == len(shelf.paths())
    for head in library.heads:
        s = shelf.open(library.paths[head.number]).standard
        assert s is not None
        assert (head.number, head.title, head.level, head.status, head.subject) == (s.number, s.title, s.level, s.status, s.subject[0])
        assert (head.effective, head.published, ", ".join(head.regions)) == (s.effective, s.published, s.region)
        assert head.template == bool(s.unverified)


def test_ten_thousand_standards_are_listed_without_being_read_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(10_000):
        folder = tmp_path / "q" / f"Q-MADE-UP-{n}-2026"
        folder.mkdir(parents=True)
        (folder / "standard.yaml").write_text(
            f"guiju: 1\nstandard:\n  number: Q/MADE UP {n}-2026\n  edition: 2026\n  title: {{zh: 示意标准第{n}号, en: made-up standard {n}}}\n"
            f"  level: enterprise\n  region: CN\n  status: draft\nsubject: {{type: vehicle.car, zh: 车, en: car}}\nclauses: [this is no standard]\n",
            encoding="utf-8",
        )
    shelf, heads = Shelf((tmp_path,)), Heads()
    library = heads.library(shelf)
    assert len(library.heads) == 10_000 and not shelf._opened
    found = search(library.heads, "示意 9999", {"region": "CN"})
    assert [h.number for h in found.heads] == ["Q/MADE UP 9999-2026"]
    assert found.facets["level"] == {"enterprise": 1}
    assert heads.library(shelf) is library
    monkeypatch.setattr("guiju.web.library.LOOK_SECONDS", 0)
    assert heads.library(shelf) is library
    changed = tmp_path / "q" / "Q-MADE-UP-7-2026" / "standard.yaml"
    changed.write_text(changed.read_text("utf-8").replace("status: draft", "status: in-force"), encoding="utf-8")
    assert heads.library(shelf).head("Q/MADE UP 7-2026").status == "in-force"  # type: ignore[union-attr]


def test_facets_count_what_is_found_with_the_other_facets_as_they_are() -> None:
    heads = Heads().library(Shelf()).heads
    for chosen in ({}, {"level": "national"}, {"level": "national", "status": "in-force"}, {"level": "group", "region": "CN", "subject": "vehicle"}):
        found = search(heads, "标准", chosen)
        for facet in FACETS:
            others = {f: v for f, v in chosen.items() if f != facet}
            told = [h for h in heads if h.has(["标准"]) and all(v in h.values(f) for f, v in others.items())]
            assert found.facets[facet] == Counter(v for h in told for v in h.values(facet))
        assert found.heads == tuple(h for h in heads if h.has(["标准"]) and all(v in h.values(f) for f, v in chosen.items()))


def test_what_stands_beside_a_standard_and_what_names_it() -> None:
    library = Heads().library(Shelf())
    assert {h.number for h in library.beside("GB/T 19056-2012")} == {"GB/T 19056-2021"} and library.beside("GB 46519-2025") == []
    for head in library.heads:
        naming = [(kind, h) for h in library.heads for kind, target in h.relations if library.number(target) == head.number]
        assert list(library.naming(head.number)) == naming and library.head(head.number) is head


def test_a_standard_that_is_no_yaml_is_listed_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "q" / "Q-1").mkdir(parents=True)
    (tmp_path / "q" / "Q-1" / "standard.yaml").write_text("standard: [\n  number: Q 1-2026\n", encoding="utf-8")
    (head,) = Heads().library(Shelf((tmp_path,))).heads
    assert head.title == Title(head.number, head.number)


def test_words_of_a_url_find_only_what_is_on_the_shelf(tmp_path: Path) -> None:
    library = Heads().library(Shelf())
    assert library.number("GB-T-28382-2012") == library.number("gbt28382-2012") == "GB/T 28382-2012"
    assert slug("GB/T 28382-2012") == "GB-T-28382-2012"
    (tmp_path / "standard.yaml").write_text("guiju: 1", encoding="utf-8")
    assert library.number(str(tmp_path)) is None and library.path(str(tmp_path / "standard.yaml")) is None


def test_initials_and_numbers_are_in_the_order_people_have() -> None:
    assert initials("电能消耗量限值") == "dnxhlxz"
    assert sorted(["GB 10-2020", "GB 9-2020", "GB 9-2019"], key=natural) == ["GB 9-2019", "GB 9-2020", "GB 10-2020"]


# the desk


def test_a_file_on_the_desk_is_its_owners_and_goes_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    found = programs(shelf, ["GB 36980.1-2025"], None)
    table, number = Desk(), "GB 36980.1-2025"

    def judge(file: Path, mapping: Path | None, sheet: str) -> Batch:
        return run(shelf, found, file, mapping, sheet=sheet or None)

    sheet = table.put("me", number, "../x/a.csv", io.BytesIO("整备质量(kg)\n1000\n".encode()), None, judge)
    assert sheet.file.parent == sheet.folder and table.get(sheet.id, "me", number, judge) is sheet
    for whose in ((sheet.id, "you", number), ("other", "me", number), (sheet.id, "me", "GB/T 19056-2021")):
        with pytest.raises(Refused) as refused:
            table.get(*whose, judge)
        assert refused.value.diagnostics[0].code == "records-gone"
    monkeypatch.setattr(desk, "KEPT_SECONDS", -1)
    with pytest.raises(Refused):
        table.get(sheet.id, "me", number, judge)
    assert not sheet.folder.exists()


# apart


def slowly(tell: Tell, seconds: float) -> str:
    for step in range(4):
        tell(step, 4)
        time.sleep(seconds / 4)
    return "done"


def refusing(tell: Tell) -> None:
    raise Refused([Diagnostic("align-two", None, {"found": "1"})])


def dying(tell: Tell) -> None:
    os._exit(3)


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> Apart:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))  # the process apart finds the functions of this file by its name
    return Apart()


def test_a_long_question_says_how_far_it_is_and_is_asked_once(apart: Apart) -> None:
    functions = pytest.importorskip("test_library")
    first = apart.ask("key", functions.slowly, 1.5, seconds=0.01)
    assert first.value is None
    seen = set()
    while (answer := apart.ask("key", functions.slowly, 1.5, seconds=0.05)).value is None:
        seen.add((answer.done, answer.total))
    assert answer.value == "done" and seen & {(1, 4), (2, 4), (3, 4)}
    began = time.monotonic()
    assert apart.ask("key", functions.slowly, 1.5).value == "done" and time.monotonic() - began < 0.5
    with pytest.raises(Refused) as refused:
        apart.ask("other", functions.refusing, seconds=30)
    assert refused.value.diagnostics[0].code == "align-two"
    with pytest.raises(Refused) as refused:
        apart.ask("last", functions.dying, seconds=30)
    assert refused.value.diagnostics[0].code == "apart-broken"
    assert apart.ask("again", functions.slowly, 0.01, seconds=30).value == "done"
    apart.close()
