"""What a wrong standard is told, case by case: tests/diagnostics/*.md, each case a standard and the exact report it gets.

A page begins with a standard in a block `yaml base`. A case is a heading, some prose, and blocks:

    change      lines of the base taken out (`- `) and put in their place (`+ `); indentation is that of the line taken out
    yaml        a whole standard instead
    examples    its examples.yaml; without this block no examples are asked for
    standard X  another standard, on the shelf as X; in the head of the page, for every case
    en, zh      the report in English, whole; the messages in Chinese

`GUIJU_ACCEPT=1` writes the reports as they are now into the pages, to be read before they are kept.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checking import Checked, Texts, checked, shelf
from guiju.base.codes import CODES
from guiju.base.diagnostics import Problems, report
from guiju.readings.examples import examine
from guiju.standard.document import BYTES_MAX, load, read
from guiju.standard.parse import parse_standard
from guiju.standard.shelf import Shelf

PAGES = sorted((Path(__file__).parent / "diagnostics").glob("*.md"))
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<name>[^\n]*))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Case:
    page: Path
    title: str
    whole: str
    """The case as it stands in the page."""
    blocks: dict[str, str] = field(default_factory=dict)
    library: dict[str, str] = field(default_factory=dict)

    def text(self, base: str) -> str:
        return self.blocks["yaml"] if "yaml" in self.blocks else changed(base, self.blocks["change"])

    def checked(self, base: str) -> Checked:
        text = self.text(base)
        own = re.search(r"number: ([^,\n]*)", text)
        return checked(text, self.blocks.get("examples"), library=Texts(self.library | {own[1] if own else "": text}, shelf()))


def changed(base: str, change: str) -> str:
    """The base with each group of `- ` lines, which must stand in it once, replaced by the `+ ` lines after it."""
    for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)*)", change, re.MULTILINE):
        wanted = [line[1:].strip() for line in old.splitlines()]
        lines = base.splitlines()
        at = [n for n in range(len(lines)) if [line.strip() for line in lines[n : n + len(wanted)]] == wanted]
        assert len(at) == 1, f"in the base {len(at)} times, not once: {wanted}"
        indent = re.match(r" *", lines[at[0]])
        assert indent is not None
        put = [(indent[0] + line[2:]).rstrip(" ") for line in new.splitlines()]
        base = "\n".join([*lines[: at[0]], *put, *lines[at[0] + len(wanted) :]]) + "\n"
    return base


def read_page(page: Path) -> tuple[str, list[Case]]:
    head, *sections = re.split(r"^(?=## )", page.read_text("utf-8"), flags=re.MULTILINE)
    base = BLOCK.search(head)
    shared = {block["name"]: block["text"] for block in BLOCK.finditer(head) if block["kind"] == "standard"}
    cases = []
    for whole in sections:
        case = Case(page, whole.splitlines()[0][3:], whole, library=dict(shared))
        for block in BLOCK.finditer(whole):
            if block["kind"] == "standard":
                case.library[block["name"]] = block["text"]
            else:
                case.blocks[block["kind"]] = block["text"]
        cases.append(case)
    return (base["text"] if base else ""), cases


CASES = [(base, case) for page in PAGES for base, cases in [read_page(page)] for case in cases]


# What only the command line and a workbook of 1997 can provoke.
ELSEWHERE = {name.replace(" ", "-") for name in ("set malformed", "key unknown", "percent unseen")}


def said(found: Checked) -> tuple[str, str]:
    english = report(found.problems.found, "en", found.texts)
    return english + "\n", "".join(f"{d.message('zh')}\n" for d in found.problems.found)


@pytest.mark.parametrize(("base", "case"), CASES, ids=[f"{case.page.stem}: {case.title}" for _, case in CASES])
def test_a_wrong_standard_is_told_exactly_this(base: str, case: Case) -> None:
    english, chinese = said(case.checked(base))
    if os.environ.get("GUIJU_ACCEPT"):
        kept = re.sub(r"\n*^```(?:en|zh)\n.*?^```$", "", case.whole, flags=re.MULTILINE | re.DOTALL).rstrip("\n")
        page, whole = case.page.read_text("utf-8"), case.whole.rstrip("\n")
        assert page.count(whole) == 1
        case.page.write_text(page.replace(whole, f"{kept}\n\n```en\n{english}```\n\n```zh\n{chinese}```").rstrip("\n") + "\n", "utf-8")
    else:
        assert english == case.blocks.get("en")
        assert chinese == case.blocks.get("zh")


def test_the_base_of_every_page_is_sound() -> None:
    for base, library in {base: case.library for base, case in reversed(CASES)}.items():
        found = checked(base, library=Texts(library, shelf()))
        assert not found.codes, "\n".join(found.errors)


def test_every_code_is_provoked_by_a_case_or_a_test() -> None:
    cases = "\n".join(page.read_text("utf-8") for page in PAGES)
    tests = "\n".join(file.read_text("utf-8") for file in Path(__file__).parent.rglob("*.py"))
    unprovoked = {code for code in CODES if f"[{code}]" not in cases and f'"{code}"' not in tests}
    assert not unprovoked - ELSEWHERE


def test_a_case_provokes_no_code_that_does_not_exist() -> None:
    found = {code for page in PAGES for code in re.findall(r"^(?:\S+: )?(?:error|warning|note)\[([\w-]+)\]", page.read_text("utf-8"), re.MULTILINE)}
    assert found and not found - CODES.keys()


def test_every_message_is_filled_and_says_what_to_do() -> None:
    """No fact is left as {fact}, in either language; an error says how to put it right."""
    for base, case in CASES:
        for diagnostic in case.checked(base).problems.found:
            for language in ("zh", "en"):
                assert not re.search(r"\{\w+\}", diagnostic.message(language) + diagnostic.help(language)), (case.title, diagnostic)  # type: ignore[arg-type]
                assert diagnostic.help(language), diagnostic.code  # type: ignore[arg-type]


# what needs files


def codes(problems: Problems) -> list[str]:
    return [d.code for d in problems.found]


def test_a_file_that_is_not_there_is_reported_with_its_reason(tmp_path: Path) -> None:
    problems = Problems()
    assert load(tmp_path / "nowhere.yaml", problems, "nowhere.yaml").root is None
    assert report(problems.found, "en", {}) == (
        "error[file-unreadable]: cannot read nowhere.yaml: No such file or directory\n    → check the path and its permissions"
    )


def test_a_file_in_another_encoding_is_reported_where_it_first_shows(tmp_path: Path) -> None:
    problems = Problems()
    (tmp_path / "gbk.yaml").write_bytes("guiju: 1\ntitle: 限值\n".encode("gbk"))
    assert load(tmp_path / "gbk.yaml", problems, "gbk.yaml").root is None
    assert codes(problems) == ["file-not-utf8"]
    assert str(problems.found[0].span) == "gbk.yaml:2:8"


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    problems = Problems()
    (tmp_path / "bom.yaml").write_bytes("\ufeffguiju: 1\n".encode())
    assert load(tmp_path / "bom.yaml", problems, "bom.yaml").root is not None
    assert not problems.found


def test_a_file_longer_than_any_standard_is_not_read() -> None:
    problems = Problems()
    assert read("#" * (BYTES_MAX + 1), "long.yaml", problems).root is None
    assert codes(problems) == ["file-too-large"]


def test_a_property_defined_twice_is_reported_and_the_first_one_counts(tmp_path: Path) -> None:
    page = "vehicle.mass.curb: {zh: 质量, en: mass, kind: mass, unit: t}\n"
    (tmp_path / "a.yaml").write_text(page, "utf-8")
    (tmp_path / "b.yaml").write_text(page.replace("unit: t", "unit: tonn"), "utf-8")
    opened = Shelf(property_folders=(tmp_path,))
    assert str(opened.dictionary["vehicle.mass.curb"].unit) == "t"
    assert set(codes(opened.problems)) == {"duplicate-property"}


def test_a_category_whose_values_nobody_lists_cannot_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("colour: {zh: 颜色, en: colour, kind: category}\n", "utf-8")
    base, _ = read_page(Path(__file__).parent / "diagnostics" / "file.md")
    text = base.replace("inputs:\n", "inputs:\n  colour: {is: colour}\n").replace("range >= 200 km", "range >= 200 km or colour == 'red'")
    problems = Problems()
    parse_standard(read(text, "standard.yaml", problems), None, Shelf(property_folders=(tmp_path,)).dictionary, problems)
    assert codes(problems) == ["category-without-values"]


def test_an_expression_longer_than_anyone_reads_is_not_read() -> None:
    base, _ = read_page(Path(__file__).parent / "diagnostics" / "file.md")
    found = checked(base.replace("range >= 200 km", "range >= 200 km" + " and range >= 200 km" * 100))
    assert found.codes == ["expression-too-long"]


EDITIONS = """
editions:
  - {number: GB/T 1, edition: "2020", replaced_by: GB/T 1-2024, replaced_on: 2024-07-01, source: made up, grade: illustrative}
"""


@pytest.mark.parametrize(("edition", "effective", "expected"), [
    ("2020", "2026-01-01", ["reference-replaced"]), ("2024", "2026-01-01", []), ("2020", "2024-01-01", []),
])  # fmt: skip
def test_a_cited_edition_that_was_replaced_by_the_date_is_reported(edition: str, effective: str, expected: list[str], tmp_path: Path) -> None:
    base, _ = read_page(Path(__file__).parent / "diagnostics" / "file.md")
    folder = tmp_path / "standards" / "t" / "T-TEST-1"
    folder.mkdir(parents=True)
    cites = f"  relations: [{{kind: cites, target: GB/T 1, edition: {edition}}}]"
    text = base.replace("  dates: {effective: 2026-01-01}", f"  dates: {{effective: {effective}}}\n{cites}")
    (folder / "standard.yaml").write_text(text, "utf-8")
    (tmp_path / "standards" / "editions.yaml").write_text(EDITIONS, "utf-8")
    _, _, problems = examine(Shelf(folders=(tmp_path / "standards",)), folder)
    assert [code for code in codes(problems) if code != "examples-missing"] == expected


def test_every_mistake_of_the_broken_standard_is_reported_on_its_line_and_nothing_else_is() -> None:
    """The lines with a numbered remark are the lines with an error, one each; nothing is said of any other line."""
    ((base, case),) = [(base, case) for base, case in CASES if case.page.stem == "broken"]
    seeded = [n for n, line in enumerate(case.text(base).splitlines(), 1) if re.search(r"# \d+ ", line)]
    assert len(seeded) >= 24
    assert [d.span and d.span.line for d in case.checked(base).problems.found] == seeded
