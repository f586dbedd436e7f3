"""What every form of a report holds to: the same bytes from the same inputs, and nothing written by others steers it."""

from __future__ import annotations

import html.parser
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import docx as word
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from every_part import FORMS, RULES, every_part
from guiju.base.diagnostics import Refused, width
from guiju.report import pdf
from guiju.report import tree as t
from guiju.report.html import document
from guiju.report.legible import identity, legible, pieces
from guiju.report.widths import ACROSS, UPRIGHT, layout
from guiju.report.written import content, save

SIGNS = "#$*_`@<>[](){}\\/\"'~^&%|!=+-.:; \n\t中文限值é—‘’«»①ａ\u202e\u0000\ud800\ufeff\ue000"
TEXTS = st.text(st.sampled_from(SIGNS) | st.sampled_from("abcXYZ019"), min_size=1, max_size=60) | st.sampled_from(
    ["#strong[x]", "#eval(\"1\")", "= head", "$x$", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "http://a.b/*c*", "[a](b)",
     "#include \"/etc/passwd\"", "\\u{41}", "| a | b |", "1. one", "    code", "&lt;", "~~a~~", "<label>", "@cite", "a" * 300]
)  # fmt: skip


@pytest.fixture(scope="session")
def chinese() -> str:
    """A family with Chinese letters, without which there is no PDF."""
    try:
        return pdf.fonts(os.environ.get("GUIJU_FONTS", ""))[1]
    except Refused:
        pytest.skip("needs a font with Chinese letters, such as Noto Sans CJK SC, or GUIJU_FONTS")


def test_two_processes_of_different_habits_write_the_same_bytes(chinese: str, repo_root: Path) -> None:
    told = []
    for seed, zone, locale in (("1", "UTC", "C.UTF-8"), ("2", "Asia/Shanghai", "C")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONPATH": os.pathsep.join([str(repo_root / "src"), str(repo_root / "tests")])}
        ran = subprocess.run([sys.executable, repo_root / "tests/every_part.py"], env=environment, capture_output=True, text=True, check=True)
        told.append(ran.stdout)
    assert told[0] == told[1]
    assert len(told[0].splitlines()) == len(FORMS)


def test_office_files_hold_no_clock() -> None:
    for form in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(content(every_part(), form))) as held:
            assert {entry.date_time for entry in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = held.read("docProps/core.xml").decode()
        assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-01-31T00:00:00Z"}


def test_a_report_that_says_another_thing_has_another_identity() -> None:
    assert identity(every_part("一")) != identity(every_part("二"))
    assert identity(every_part("一")) == identity(every_part("一"))
    assert identity(every_part("一"))[:16] in content(every_part("一"), "html").decode()


# PDF


def test_a_pdf_is_tagged_names_its_language_and_holds_its_fonts(chinese: str) -> None:
    made = content(every_part(), "pdf")
    assert made.startswith(b"%PDF-1.7")
    for sign in (b"/StructTreeRoot", b"/Lang", b"/MarkInfo", b"pdfuaid:part", b"pdfaid:conformance", b"/FontFile", b"/Alt"):
        assert sign in made, sign
    assert set(re.findall(rb"/(?:CreationDate|ModDate) ?\(D:(\d{8})", made)) == {b"20260131"}


@settings(max_examples=40)
@given(TEXTS)
def test_nothing_written_by_others_becomes_typst(chinese: str, text: str) -> None:
    """The source is one text of ours whatever the report says, and typst gives back the headings as they were written."""
    told = legible(text)
    report = every_part(text)
    assert content(report, "pdf").startswith(b"%PDF")
    held, family = pdf.fonts(os.environ.get("GUIJU_FONTS", ""))
    report = t.changed(report, legible)
    inputs = {"report": json.dumps({**pdf._prepared(report, identity(report)), "fonts": [family, *pdf.WITHIN_TYPST]})}
    source = files("guiju.report").joinpath("report.typ").read_bytes()
    found = json.loads(typst.query(source, "heading", sys_inputs=inputs, font_paths=held))
    texts = ["".join(_texts(each["body"])).replace("\u00a0%", " %") for each in found]
    assert texts[texts[0] == "目录" :] == ["结论", f"内 {told}– 不适用", "图", "出处", "依据的内容"]


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("func") == "space":
            yield " "
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            elif key in ("body", "children", "child", "dest") or isinstance(value, dict):
                yield from _texts(value)
    elif isinstance(node, list):
        for each in node:
            yield from _texts(each)


def test_a_character_no_font_has_is_told_with_the_font_to_install(chinese: str) -> None:
    with pytest.raises(Refused) as refused:
        content(every_part("\U00010600"), "pdf")
    (told,) = refused.value.diagnostics
    assert told.code == "report-no-glyph"
    assert "U+10600" in told.message("en") and "GUIJU_FONTS" in told.help("en")


def test_a_system_without_chinese_letters_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "FONTS", ("A Family Nobody Has",))
    pdf.fonts.cache_clear()
    with pytest.raises(Refused) as refused:
        content(every_part(), "pdf")
    pdf.fonts.cache_clear()
    assert [d.code for d in refused.value.diagnostics] == ["report-no-font"]
    assert "A Family Nobody Has" in refused.value.diagnostics[0].help("en")


def test_a_drawing_that_is_none_is_told(chinese: str) -> None:
    broken = t.Figure(b"<svg", "nothing", "nothing", RULES)
    with pytest.raises(Refused) as refused:
        content(every_part(more=(broken,)), "pdf")
    assert [d.code for d in refused.value.diagnostics] == ["report-not-laid-out"]


def test_no_column_is_narrower_than_what_cannot_be_parted() -> None:
    """Of tables of up to 16 columns; the page is turned and letters become smaller where they must."""
    for number in range(1, 17):
        cells = tuple((f"vehicle.energy_consumption.cltc@scenario_{at} 限值",) if at % 3 else (t.Number(Fraction(139, 10), "kWh/100km"),) for at in range(number))
        table = t.Table("宽", tuple(t.Column(f"第 {at} 列", right=not at % 3) for at in range(number)), (cells,))
        how = layout(table)
        room = (ACROSS if how.across else UPRIGHT) / how.scale
        longest = [max(width(piece) for piece in pieces(t.shown(cell))) for cell in cells]
        assert all(share * room + 1 >= least for share, least in zip(how.shares, longest, strict=True)), number
        assert sum(how.shares) == pytest.approx(1, abs=0.01)
        assert how.scale >= 0.5


def test_pieces_are_the_text_and_none_is_long() -> None:
    for text in ("", "短", "a" * 300, "http://a.b/c?d=e&f=g" * 9, "中" * 99, "a" * 64 + "，后"):
        assert "".join(pieces(text)) == text
        assert all(len(piece) <= 20 for piece in pieces(text) if piece.isascii())


# HTML


class Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def tags(text: str) -> Tags:
    found = Tags()
    report = t.changed(every_part(text), legible)
    found.feed(document(report, identity(report)))
    return found


@given(TEXTS)
def test_nothing_written_by_others_becomes_html(text: str) -> None:
    found, plain = tags(text), tags("x")
    links = {"a"}
    assert [tag for tag, _ in found.tags if tag not in links] == [tag for tag, _ in plain.tags if tag not in links]
    assert all(re.match(r"https?://|#(source|section)-\d", attrs["href"] or "") for tag, attrs in found.tags if tag == "a")
    assert f"内 {legible(text)}" in "".join(found.texts)


def test_headings_follow_one_another_and_tables_say_what_their_heads_are_of() -> None:
    found = tags("文字")
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels))
    assert {attrs.get("scope") for tag, attrs in found.tags if tag == "th"} == {"col", "row"}
    assert all(attrs.get("alt") for tag, attrs in found.tags if tag == "img")


def test_a_citation_leads_to_its_source() -> None:
    found = tags("文字")
    ids = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    leads = [attrs["href"] for tag, attrs in found.tags if tag == "a" and (attrs["href"] or "").startswith("#")]
    assert leads and {(lead or "")[1:] for lead in leads} <= set(ids)
    assert len(ids) == len(set(ids))


# Markdown


@given(TEXTS.filter(lambda text: bool(legible(text).strip())))
def test_nothing_written_by_others_becomes_markdown(text: str) -> None:
    read = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    plain, found = (read.parse(content(every_part(each), "markdown").decode()) for each in ("x", text))
    assert [token.type for token in found] == [token.type for token in plain]
    headings = [_inline(found[at + 1]) for at, token in enumerate(found) if token.type == "heading_open"]
    assert headings[2] == " ".join(f"内 {legible(text)} – 不适用".split(" ")).strip()


def _inline(token: Token) -> str:
    return "".join(child.content for child in token.children or () if child.type in ("text", "code_inline", "text_special"))


# DOCX


def opened(report: t.Report) -> word.document.Document:
    return word.Document(io.BytesIO(content(report, "docx")))


@settings(max_examples=25)
@given(TEXTS)
def test_word_reads_back_what_was_written(chinese: str, text: str) -> None:
    held = opened(every_part(text))
    assert f"内 {legible(text)}  – 不适用" in [p.text for p in held.paragraphs]
    assert held.tables[1].rows[1].cells[0].text == legible(text)


def test_word_has_headings_heads_that_repeat_texts_beside_drawings_and_chinese_fonts(chinese: str) -> None:
    held = opened(every_part())
    assert [p.text for p in held.paragraphs if p.style is not None and p.style.name == "Heading 1"] == ["结论", "图", "出处", "依据的内容"]
    whole = held.element.xml
    assert whole.count("<w:tblHeader") == len(held.tables) == 3
    assert 'descr="一个框 文字"' in whole and "w:hyperlink" in whole and "w:bookmarkStart" in whole
    assert 'w:eastAsia="宋体"' in held.styles.element.xml and 'w:eastAsia="zh-CN"' in held.styles.element.xml
    assert held.core_properties.created == held.core_properties.modified
    assert held.core_properties.created.replace(tzinfo=None) == datetime(2026, 1, 31)
    assert "sha256" in held.sections[0].footer.paragraphs[0].text


# XLSX


def sheets(report: t.Report) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content(report, "xlsx")))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_numbers_are_numbers_under_heads_with_units() -> None:
    held = sheets(every_part())["逐条"]
    assert held == [["条款", "结论", "能耗 (kWh/100km)", "说明"], ["R1", "✓ 符合", 13.92, "余量 0.1"], ["R2", "✗ 不符合", 14.0, "consumption <= limit [s1·B]"]]


def test_a_number_with_more_digits_than_a_sheet_keeps_is_a_text() -> None:
    numbers = (Fraction(1, 3), Fraction(10**17 + 1), Fraction(1234567890123456789, 10**9), Fraction(5, 2), Fraction(10**20))
    table = t.Table("数", t.heads("zh", ("数", "number")), tuple(t.row((t.Number(each),)) for each in numbers))
    values = [row[0] for row in sheets(every_part(table=table))["数"][1:]]
    assert values == ["≈0.333333333333", "100000000000000001", "1234567890.123456789", 2.5, 1e20]


@given(TEXTS)
def test_no_text_becomes_a_formula(text: str) -> None:
    book = load_workbook(io.BytesIO(content(every_part(text), "xlsx")))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert [cell for cell in cells if cell.value == legible(text)]
    dangerous = [cell for cell in cells if isinstance(cell.value, str) and cell.value[:1] in "=+-@"]
    assert all(cell.quotePrefix for cell in dangerous)


def test_names_of_sheets_are_such_as_a_workbook_may_have() -> None:
    captions = ("a/b:c*?[d]", "A B C D", "长" * 60, "长" * 60, "'", "", "History")
    tables = tuple(t.Table(caption, t.heads("zh", ("数", "n")), (t.row(("1",)),)) for caption in captions)
    names = list(sheets(every_part(more=tables)))
    assert len(names) == len({name.casefold() for name in names})
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) and name.strip("'") == name for name in names)


def test_a_cell_that_is_too_long_is_told_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"what was there")
    with pytest.raises(Refused) as refused:
        save(every_part("长" * 40_000), path, overwrite=True)
    assert [d.code for d in refused.value.diagnostics] == ["report-cell-too-long"]
    assert path.read_bytes() == b"what was there" and [p.name for p in tmp_path.iterdir()] == ["report.xlsx"]


# files


def test_a_file_is_replaced_only_when_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    save(every_part("一"), path)
    first = path.read_bytes()
    with pytest.raises(Refused) as refused:
        save(every_part("二"), path)
    assert [d.code for d in refused.value.diagnostics] == ["file-exists"]
    assert path.read_bytes() == first
    save(every_part("二"), path, overwrite=True)
    assert path.read_bytes() != first


@pytest.mark.parametrize(("name", "code"), [("report.rtf", "report-format"), ("report", "report-format"), ("no/report.md", "folder-missing")])
def test_what_cannot_be_written_is_told_before_the_work(name: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        save(every_part(), tmp_path / name)
    assert [d.code for d in refused.value.diagnostics] == [code]


def test_what_steers_is_made_visible() -> None:
    assert legible("a\u202eb\u0000c\ud800d\ue000e\uffffg") == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdg"
    assert legible("一\n二\t三\u3000四\u00a0五") == "一 二 三\u3000四\u00a0五"
