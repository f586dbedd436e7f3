"""Readiness: the scale and the balance by their definitions, the shipped file, and what a wrong file is told."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checking import shelf
from guiju.align.readiness import (
    COVERS,
    LEVELS,
    SCALE,
    STAGES,
    Pipeline,
    Serving,
    Technology,
    default_files,
    kind_of,
    next_step,
    pipeline,
    standard_readiness,
    state_of,
)
from guiju.align.readiness import readiness as compared
from guiju.align.readiness_figure import figure_svg
from guiju.base.diagnostics import Refused
from guiju.standard.model import Title
from guiju.standard.regions import load_regions


def serving(level: str, covers: tuple[str, ...] = ("requirement",), stage: str = "published", executable: bool = False) -> Serving:
    return Serving("X", level, "CN", stage, covers, None, executable, True)


ANY = st.builds(
    Serving, st.just("X"), st.sampled_from(LEVELS), st.just("CN"), st.sampled_from(STAGES),
    st.lists(st.sampled_from(COVERS), min_size=1, max_size=3, unique=True).map(tuple), st.none(), st.booleans(), st.just(True),
)  # fmt: skip


def technology(trl: int, standards: list[Serving]) -> Technology:
    return Technology("t", Title("甲", "t"), trl, "", None, Title("因", "why"), "illustrative", None, tuple(standards))


@pytest.mark.parametrize(("standards", "level"), [
    ([], 0), ([serving("group", ("term",))], 1), ([serving("national-mandatory", ("term", "test"), "draft")], 2), ([serving("group")], 3),
    ([serving("local")], 4), ([serving("industry", ("requirement", "test"), executable=True)], 5), ([serving("international")], 6),
    ([serving("national-recommended")], 6), ([serving("national-mandatory")], 7), ([serving("national-recommended", ("test",))], 8),
    ([serving("national-mandatory"), serving("group", ("test",))], 8), ([serving("national-mandatory", ("requirement", "test"), executable=True)], 9),
    ([serving("national-recommended", ("requirement", "test")), serving("group", executable=True)], 8),
])  # fmt: skip
def test_standard_readiness_is_the_highest_step_that_is_reached(standards: list[Serving], level: int) -> None:
    assert standard_readiness(standards) == level
    assert SCALE[level].zh and SCALE[level].en


@given(st.lists(ANY, max_size=5), ANY)
def test_one_standard_more_never_makes_them_less_ready_and_their_order_does_not_matter(standards: list[Serving], more: Serving) -> None:
    level = standard_readiness(standards)
    assert 0 <= level <= standard_readiness([*standards, more]) <= 9
    assert standard_readiness(standards[::-1]) == level and state_of(standards[::-1]) == state_of(standards)


@given(st.integers(1, 9), st.lists(ANY, max_size=4), st.integers(0, 9))
def test_the_balance_is_that_of_the_gap_and_there_is_always_a_next_step(trl: int, standards: list[Serving], step: int) -> None:
    found = compared(technology(trl, standards), step)
    assert found.gap == trl - found.srl
    assert found.balance == ("lags" if found.gap > step else "leads" if -found.gap > step else "in-step")
    assert found.next_step.zh and found.next_step.en


def test_an_immature_technology_is_not_hurried() -> None:
    assert next_step(technology(3, []), 0).en == "agree on terms first"
    assert next_step(technology(8, []), 0).en == "propose a group standard: requirements and tests"


@pytest.mark.parametrize(("number", "kind"), [
    ("GB 38031-2025", ("national-mandatory", "CN")), ("GB/T 40032-2021", ("national-recommended", "CN")), ("T/CSAE 53-2017", ("group", "CN")),
    ("DB31/T 1537-2025", ("local", "CN-31")), ("DB4403/T 364-2023", ("local", "CN-440300")), ("QC/T 897-2011", ("industry", "CN")),
    ("ISO 23374-1:2023", ("international", "GLOBAL")), ("UN GTR 22", ("international", "UN")), ("(EU) 2023/1542", ("national-mandatory", "EU")),
    ("公告2023年第32号", None),
])  # fmt: skip
def test_the_number_tells_what_kind_of_standard_it_is(number: str, kind: tuple[str, str] | None) -> None:
    assert kind_of(number) == kind


# The shipped file.


@pytest.fixture(scope="module")
def shipped() -> Pipeline:
    (file,) = default_files()
    return pipeline(file, shelf(), load_regions(), "CN", 2)


def test_every_fact_of_the_shipped_file_has_an_address_or_says_that_it_has_none(shipped: Pipeline) -> None:
    for item in shipped.items:
        t = item.technology
        assert (t.evidence is None) == (t.grade == "illustrative"), t.id
        assert t.evidence is None or (t.evidence.address.startswith("http") and t.on), t.id
        assert t.evidence is None or t.why or t.grade == t.evidence.grade, t.id
        for standard in t.standards:
            assert (standard.source is not None and standard.source.address.startswith("http")) or shelf().locate(standard.number), standard.number


def test_where_chinas_standards_are_behind(shipped: Pipeline) -> None:
    found = {item.technology.id: (item.technology.trl, item.srl, item.balance) for item in shipped.items}
    assert found["battery-passport"] == (8, 0, "lags") and found["valet-parking"] == (8, 4, "lags")
    assert found["swapping"] == (9, 8, "in-step") and found["solid-state"] == (4, 3, "in-step") and found["sodium-ion"] == (8, 9, "in-step")
    gaps = [item.gap for item in shipped.items]
    assert gaps == sorted(gaps, reverse=True)


def test_what_holds_elsewhere_does_not_count_but_is_worth_a_look(shipped: Pipeline) -> None:
    found = next(item for item in shipped.items if item.technology.id == "durability")
    assert found.srl == 0 and "UN GTR 22" in found.next_step.en
    (file,) = default_files()
    european = next(item for item in pipeline(file, shelf(), load_regions(), "EU", 2).items if item.technology.id == "durability")
    assert european.srl == 9


@pytest.mark.parametrize("width", [960, 390])
def test_the_figure_names_every_technology_and_marks_what_is_made_up(shipped: Pipeline, width: int) -> None:
    svg = figure_svg(shipped, "en", width)
    root = ElementTree.fromstring(svg)
    marks = [e for e in root.iter() if e.tag.endswith("circle")]
    assert len(marks) == len(shipped.items) and svg.count("(illustrative)") >= 1
    assert len({(e.get("cx"), e.get("cy")) for e in marks}) == len(marks)
    assert all(0 < float(e.get("cx", "0")) < width for e in marks)


# A wrong file.

GOOD = """\
guiju: 1
sources:
  s: {title: made up, grade: C}
technologies:
  t:
    zh: 甲
    en: t
    trl: {level: 5, source: s}
    standards:
      - {number: GB/T 1-2020, source: s}
"""


@pytest.mark.parametrize(("old", "new", "code", "line"), [
    ("level: 5", "level: 10", "readiness-level", 8), ("level: 5", "level: five", "readiness-level", 8),
    ("level: 5, source: s", "level: 5, source: z", "unknown-source", 8), ("level: 5, source: s", "level: 5", "readiness-judgement", 5),
    ("GB/T 1-2020, source: s", "GB/T 1-2020", "readiness-without-source", 10), ("GB/T 1-2020", "第一号", "readiness-number", 10),
    ("source: s}\n", "source: s, stage: drfat}\n", "readiness-word", 10), ("grade: C", "grade: E", "readiness-word", 3),
    ("number: GB/T 1-2020,", "number: GB/T 1-2020, region: Chnia,", "unknown-region", 10), ("    zh: 甲\n", "", "missing-key", 5),
    ("standards:", "standrads:", "unknown-key", 9),
])  # fmt: skip
def test_a_wrong_file_is_told_where_and_how(old: str, new: str, code: str, line: int, tmp_path: Path) -> None:
    assert old in GOOD
    at = GOOD.rfind(old) if code == "readiness-word" and "stage" in new else GOOD.find(old)
    (tmp_path / "p.yaml").write_text(GOOD[:at] + new + GOOD[at + len(old) :], encoding="utf-8")
    with pytest.raises(Refused) as refused:
        pipeline(tmp_path / "p.yaml", shelf(), load_regions(), "CN", 2)
    told = [(d.code, d.span.line if d.span else 0) for d in refused.value.diagnostics]
    assert (code, line) in told
    assert all(d.help("zh") and d.help("en") for d in refused.value.diagnostics)


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(GOOD.replace("level: 5", "level: 0").replace("GB/T 1-2020", "第一号"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        pipeline(tmp_path / "p.yaml", shelf(), load_regions(), "CN", 2)
    assert [d.code for d in refused.value.diagnostics] == ["readiness-level", "readiness-number"]
