"""The first reports: what they say is what the commands say, for one record, for many, for sides and for editions."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner, Result

from checking import MADE_UP, checked, shelf
from guiju.align.change import change, changes
from guiju.align.guide import market_guide
from guiju.align.guide_pages import guide_report
from guiju.align.matrix import Relation, compare, compare_pairs
from guiju.align.reports import changes_report, comparison_report, pairs_report
from guiju.align.side import sides_of
from guiju.app import PARTS
from guiju.cli.console import choose_language
from guiju.cli.main import build
from guiju.readings.evaluate import Verdict, evaluate
from guiju.readings.explain import explain
from guiju.report import tree as t
from guiju.report.evaluation import evaluation_report
from guiju.report.widths import layout
from guiju.report.written import content
from guiju.standard.regions import load_regions

GB = "GB 36980.1-2025"
ASSOCIATION, JIANGSU = "T/CSAE 53-2017", "江苏智慧高速指南2020"


@pytest.fixture(autouse=True)
def _language():
    yield
    choose_language(None)


@pytest.fixture
def cars(repo_root: Path) -> tuple[object, ...]:
    return "--records", repo_root / "examples/vehicles.csv", "--mapping", repo_root / "examples/vehicles.mapping.yaml"


def guiju(*words: object, language: str = "zh") -> Result:
    result = CliRunner().invoke(build(PARTS), ["--lang", language, *(str(w) for w in words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def sheet(path: Path, name: str) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()


# many records


def test_the_report_of_a_file_counts_what_evaluate_counts(cars: tuple[object, ...], tmp_path: Path) -> None:
    path, verdicts = tmp_path / "report.xlsx", tmp_path / "verdicts.csv"
    assert guiju("report", "evaluate", GB, *cars, "--out", path).exit_code == 1
    guiju("evaluate", GB, *cars, "--out", verdicts)
    rows = [line.split(",") for line in verdicts.read_text("utf-8-sig").splitlines()]
    overall = [row[rows[0].index("overall")] for row in rows[1:]]
    counted = sheet(path, "整体结论（记录数）")[1]
    assert counted[0] == GB
    assert [int(float(str(n))) for n in counted[1:5]] == [overall.count(v) for v in ("pass", "fail", "undetermined", "not_applicable")]
    failing = sheet(path, f"不符合 {GB}")[1:]
    assert [int(float(str(row[0]))) for row in failing] == [n for n, v in enumerate(overall, 1) if v == "fail"]
    assert "超出" in str(failing[0][3])


def test_a_report_lists_as_many_records_as_asked_and_says_how_many_there_are(cars: tuple[object, ...], tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    guiju("report", "evaluate", GB, *cars, "--out", path, "--rows", 1, language="en")
    text = path.read_text("utf-8")
    assert "There are 8; the first 1 are listed." in text and "There are 2; the first 1 are listed." in text


def test_findings_tell_their_place_without_the_folder_of_whoever_ran_it(tmp_path: Path) -> None:
    records, path = tmp_path / "cars.csv", tmp_path / "report.html"
    records.write_text("车型,整备质量(kg),CLTC电能消耗量（kWh/100km）,最大设计总质量kg,类别,动力\nA,abc,13.92,2200,M1,bev\n=1+1,1780,14.055,2200,M1,bev\n", "utf-8")
    guiju("report", "evaluate", GB, "--records", records, "--out", path)
    text = path.read_text("utf-8")
    assert "cars.csv:2" in text and "cell-not-a-number" in text and str(tmp_path) not in text


# one record


def test_the_report_of_one_record_says_what_explain_says(cars: tuple[object, ...], tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    assert guiju("report", "evaluate", GB, *cars, "--key", "示意 乙：超出限值 0.01", "--out", path).exit_code == 1
    text = path.read_text("utf-8")
    told = json.loads(guiju("explain", GB, *cars, "--key", "示意 乙：超出限值 0.01", "--json").stdout)
    (clause,) = told["clauses"]
    assert clause["put_in"].replace(">", "&gt;") in text and "✗ 不符合" in text
    assert all(term["value"] in text for term in clause["terms"]) and told["content_hash"] in text
    assert all(f"{source['id']}·{source['grade']}" in text for source in clause["sources"])


def test_values_may_be_given_at_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    words = ("--set", "consumption=13.92", "--set", "curb_mass=1780", "--set", "category=M1", "--set", "powertrain=bev")
    assert guiju("report", "evaluate", GB, *words, "--out", path, language="en").exit_code == 3
    text = path.read_text("utf-8")
    assert "? undetermined" in text and "## Missing inputs" in text and "max\\_mass" not in text.split("## Missing inputs")[0]


def test_a_verdict_that_rests_on_made_up_figures_says_so_first() -> None:
    program = checked(MADE_UP + """
inputs:
  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}
clauses:
  R1: {zh: 续航, en: range, shall: range >= 500 km, source: s}
""").program  # fmt: skip
    assert program is not None
    report = evaluation_report([explain(evaluate(program, {"range": Fraction(400)}), "zh")], "一辆车")
    notes = [block for block in report.blocks if isinstance(block, t.Note)]
    assert [note.kind for note in notes] == [t.Kind.ILLUSTRATIVE]
    text = content(report, "markdown").decode()
    assert text.index("**示意**") < text.index("## 结论") < text.index("s·illustrative", text.index("## 出处"))


def test_three_hundred_clauses_with_long_titles_are_all_told() -> None:
    title = "对一项性质提出的要求其标题长达六十个汉字" * 3
    clauses = "".join(f'  "R{n}": {{zh: {title}, en: clause {n}, shall: range >= {n} km, source: s}}\n' for n in range(300))
    program = checked(f"{MADE_UP}\ninputs:\n  range: {{is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}}\nclauses:\n{clauses}").program
    assert program is not None
    report = evaluation_report([explain(evaluate(program, {"range": Fraction(150)}), "zh")], "一辆车")
    text = content(report, "html").decode()
    assert text.count(title) == 300 and text.count('class="mark good whole">✓ 符合</span></h3>') == 151
    assert all(layout(table).scale == 1 for table in t.blocks_of(report.blocks) if isinstance(table, t.Table))


# files


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "md"])
def test_a_report_made_again_is_the_same_file(form: str, cars: tuple[object, ...], tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.{form}" for name in ("one", "two")]
    for path in paths:
        guiju("report", "evaluate", GB, *cars, "--out", path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_report_does_not_depend_on_the_folder_of_its_records(cars: tuple[object, ...], tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    moved = [shutil.copy(str(path), tmp_path / "elsewhere") for path in (cars[1], cars[3])]
    guiju("report", "evaluate", GB, *cars, "--out", tmp_path / "here.html")
    guiju("report", "evaluate", GB, "--records", moved[0], "--mapping", moved[1], "--out", tmp_path / "there.html")
    assert (tmp_path / "here.html").read_bytes() == (tmp_path / "there.html").read_bytes()


def test_what_is_wrong_with_the_call_is_told_before_anything_is_read(tmp_path: Path) -> None:
    result = guiju("report", "evaluate", GB, "--out", tmp_path / "report.pdf", language="en")
    assert result.exit_code == 2 and "report-of-nothing" in result.stderr
    result = guiju("report", "evaluate", GB, "--set", "curb_mass=1", "--out", tmp_path / "report.doc", language="en")
    assert result.exit_code == 2 and "report-format" in result.stderr
    (tmp_path / "report.md").write_text("mine")
    result = guiju("align", "compare", ASSOCIATION, JIANGSU, "--out", tmp_path / "report.md", language="en")
    assert result.exit_code == 2 and "file-exists" in result.stderr and (tmp_path / "report.md").read_text() == "mine"


# sides and editions


def test_the_report_of_a_comparison_opens_every_row_that_sides_share() -> None:
    made = compare(sides_of(shelf(), load_regions(), [ASSOCIATION, JIANGSU], None, None), shelf().dictionary)
    report = comparison_report(made, "zh")
    counts, matrix, details, sources = [block for block in report.blocks if isinstance(block, t.Section)]
    assert len(details.blocks) == len(made.shared) == 24
    table = next(b for b in matrix.blocks if isinstance(b, t.Table))
    assert [cell.sign for row in table.rows for cell in row[3] if isinstance(cell, t.Mark)].count("=") == made.counts(1)[Relation.EQUAL] == 15
    tally = next(b for b in counts.blocks if isinstance(b, t.Table))
    assert sum(cell.value for row in tally.rows for line in row[1:] for cell in line if isinstance(cell, t.Number)) == 2 * len(made.rows)
    witnesses = [b for b in t.blocks_of((details,)) if isinstance(b, t.Table)]
    assert witnesses and all("证据" in b.caption for b in witnesses)
    assert {o.name for o in report.origins} == {ASSOCIATION, JIANGSU} and sources.title == "出处"
    (only,) = [b for b in comparison_report(made, "en", row=2).blocks if isinstance(b, t.Section) and b.title.startswith("Row by row")]
    assert len(only.blocks) == 1


def test_every_two_sides_are_one_table(tmp_path: Path) -> None:
    path = tmp_path / "pairs.xlsx"
    guiju("align", "compare", ASSOCIATION, JIANGSU, "浙江智慧高速指南2020", "--pairwise", "--out", path)
    found = sides_of(shelf(), load_regions(), [ASSOCIATION, JIANGSU, "浙江智慧高速指南2020"], None, None)
    pairs = compare_pairs(found, shelf().dictionary)
    (table,) = [b for b in t.blocks_of(pairs_report(pairs, "zh").blocks) if isinstance(b, t.Table)]
    assert len(table.rows) == sum(bool(m.shared) for m in pairs)
    assert len(sheet(path, "后者较前者")) == len(table.rows) + 1


def test_the_report_of_a_new_edition_tells_changes_and_real_products(cars: tuple[object, ...], tmp_path: Path) -> None:
    older, newer, path = "财建〔2018〕18号", "财建〔2020〕86号", tmp_path / "changes.html"
    words = ("--treat-as", "nev.electricity.nedc=nev.electricity.cltc")
    assert guiju("align", "diff", older, newer, *cars, *words, "--out", path, language="en").exit_code == 0
    told = json.loads(guiju("align", "diff", older, newer, *cars, *words, "--json", language="en").stdout)
    text = re.sub(r"<[^>]+>", " ", path.read_text("utf-8"))
    assert f"Changing their verdict:  {told['products']['changed']} ." in text
    assert "assumed: the value of nev.electricity.cltc stands for nev.electricity.nedc" in text
    made = compare(sides_of(shelf(), load_regions(), [older, newer], None, None), shelf().dictionary, strict=False)
    report = changes_report(made, "zh")
    rows = next(b for b in t.blocks_of(report.blocks) if isinstance(b, t.Table) and len(b.columns) == 5).rows
    assert len(rows) == sum(change(row).value != "same" for row in made.rows)
    assert {c.value: n for c, n in changes(made).items()} == {"tightened": 2, "gone": 2}


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
def test_a_market_guide_can_be_had_in_every_office_form(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"guide.{form}"
    result = guiju("align", "guide", "江苏", "--subject", "road", "--on", "2026-11-22", "--out", path)
    if "report-no-font" in result.stderr:
        pytest.skip("needs a font with Chinese letters")
    assert result.exit_code in (0, 3) and path.stat().st_size > 5_000


def test_a_guide_as_a_report_leads_every_citation_to_its_source() -> None:
    made = market_guide(shelf(), load_regions(), "江苏", "road", on=date(2026, 11, 22), horizon=24)
    report = guide_report(made, "zh")
    cited = {cite.key for cite in _cites(report)}
    assert cited and cited <= set(t.anchors(report))


def _cites(node: object) -> Iterator[t.Cite]:
    if isinstance(node, t.Cite):
        yield node
    elif isinstance(node, tuple):
        for each in node:
            yield from _cites(each)
    elif is_dataclass(node):
        for each in fields(node):
            yield from _cites(getattr(node, each.name))


def test_a_mark_says_the_verdict_in_a_word() -> None:
    assert {t.verdict_mark(v, "zh").text for v in Verdict} == {"✓ 符合", "✗ 不符合", "? 无法判定", "– 不适用"}
