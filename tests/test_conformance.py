"""The conformance suite, run by every reading: what the normative chapter says is so, and every paragraph of it is put to the test."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from agreement import agreement_on
from checking import Texts
from guiju.base.codes import CODES
from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.ir.record import admit
from guiju.ir.values import Unknown, Value
from guiju.readings.columnar import CODES as VERDICTS
from guiju.readings.columnar import judge
from guiju.readings.evaluate import Evaluation, evaluate
from guiju.records.door import admit as admit_table
from guiju.records.mapping import Entry, Mapping
from guiju.records.read import read_table
from guiju.standard.dictionary import Dictionary, load_dictionary
from guiju.standard.document import read
from guiju.standard.parse import parse_standard

ROOT = Path(__file__).resolve().parents[1]
SUITE = ROOT / "conformance"
PAGES = (ROOT / "docs" / "semantics.md", ROOT / "docs" / "semantics.zh.md")
KEYS = {"id", "cites", "title", "on", "used", "standard", "diagnostics", "records"}
REASONS = (
    (r"division by zero", "division-by-zero"),
    (r"outside the table \w+", "outside-table"),
    (r"\w+ has no value (on|before) [\d-]+", "before-first-date"),
    (r"no grade", "no-grade"),
    (r"no row for this category", "no-row"),
)
"""What an undefined value says → what the suite calls it, as the wording is not part of the language."""


@dataclass
class Case:
    """One case, every scalar of it a text."""

    id: str
    cites: list[str]
    title: dict[str, str]
    standard: str
    on: str | None = None
    used: dict[str, str] = field(default_factory=dict)
    diagnostics: list[str] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.standard if self.standard.startswith("guiju:") else (SUITE / "head.yaml").read_text("utf-8") + self.standard


def cases() -> list[Case]:
    found = [case for path in sorted(SUITE.glob("s*.yaml")) for case in yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)["cases"]]
    return [Case(**case) for case in found]


CASES = cases()


@cache
def dictionary() -> Dictionary:
    problems = Problems()
    found = load_dictionary((SUITE / "properties",), problems)
    assert not problems.found
    return found


def understood(case: Case) -> tuple[Program | None, list[str]]:
    """The program of a case, None where it has an error; and the codes of what is said of it, unused declarations aside."""
    problems = Problems()
    library = Texts({}, None)
    for number, text in case.used.items():
        library.opened[number] = parse_standard(read(text, f"{number}.yaml", problems), None, dictionary(), problems)
    library.standards = case.used
    standard = parse_standard(read(case.text, "standard.yaml", problems), None, dictionary(), problems)
    program = standard and check(standard, date.fromisoformat(case.on) if case.on else None, library, problems)
    said = sorted(d.code for d in problems.found if not d.code.startswith("unused-"))
    return (None if problems.has_errors else program), said


def reason(text: str) -> str:
    return next(name for pattern, name in REASONS if re.fullmatch(pattern, text))


def found_of(evaluation: Evaluation, name: str) -> str:
    """A verdict, value, level or grade as the suite writes it."""
    program = evaluation.program
    if name in evaluation.verdicts:
        return evaluation.verdicts[name].value
    indicator = next((i for i in program.indicators if i.indicator.name == name), None)
    if indicator is not None:
        applies = evaluation.of(indicator.applies)
        if applies is not True:
            return "unknown" if isinstance(applies, Unknown) else "not_applicable"
    value = evaluation.of(program.roots[name])
    if isinstance(value, Unknown):
        return "unknown"
    if indicator is not None and value == len(indicator.indicator.levels) + 1:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def written(text: str) -> str:
    """An expected number as Fraction writes it, so that 0.30, 3/10 and 0.3 are the same."""
    return str(Fraction(text)) if re.fullmatch(r"-?\d+(\.\d+|/\d+)?", text) else text


def differences(evaluation: Evaluation, expect: dict[str, Any]) -> list[str]:
    wrong = []
    for name, wanted in expect.items():
        if name in ("missing", "undefined"):
            for no, words in wanted.items():
                why = evaluation.why_unknown(next(m for m in evaluation.program.judged if m.no == no))
                found = sorted(why.missing) if name == "missing" else sorted({reason(text) for text in why.undefined})
                if found != sorted(words):
                    wrong.append(f"{name} of {no}: {found}, not {sorted(words)}")
        elif found_of(evaluation, name) != written(wanted):
            wrong.append(f"{name}: {found_of(evaluation, name)}, not {wanted}")
    return wrong


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_every_reading_conforms(case: Case, tmp_path: Path) -> None:
    program, said = understood(case)
    assert said == sorted(case.diagnostics)
    assert (program is None) == (not case.records), "a case without an error has records, one with an error has none"
    wrong: list[str] = []
    admitted: list[dict[str, Value]] = []
    for record in case.records:
        assert program is not None
        problems = Problems()
        values = admit(program.inputs, record["given"], problems, dictionary=dictionary())
        assert [d.code for d in problems.found] == record.get("refused", []), record
        if "refused" not in record:
            wrong += [f"{record['given']}: {each}" for each in differences(evaluate(program, values), record["expect"])]
            admitted.append(values)
    assert not wrong, "\n".join(["", *wrong])
    if program is not None:
        assert not agreement_on(program, admitted, tmp_path).differences


IN_TABLES = [(case, record) for case in CASES for record in case.records if "table" in record]


@pytest.mark.parametrize(("case", "record"), IN_TABLES, ids=[f"{case.id}: {next(iter(record['given'].values()))}" for case, record in IN_TABLES])
def test_a_table_keeps_the_row_of_what_a_record_is_refused_for(case: Case, record: dict[str, Any], tmp_path: Path) -> None:
    program, _ = understood(case)
    assert program is not None
    names = list(record["given"])
    file = tmp_path / "records.csv"
    file.write_text(f"{','.join(names)}\n{','.join(record['given'].values())}\n", encoding="utf-8")
    connection = duckdb.connect()
    mapping = Mapping({name: Entry(column=name) for name in names})
    quality = admit_table(connection, read_table(file, connection, "found"), mapping, [program.inputs[n] for n in program.used_inputs], "admitted")
    assert (quality.rows, quality.bad) == (1, 1 if "undetermined" in record["table"].values() else 0)
    judge(connection, program, quality.table, "judged", keep=("row",))
    row = connection.execute("SELECT * FROM judged").fetchall()[0]
    found = {m.no: VERDICTS[code].value for m, code in zip(program.judged, row[1:], strict=False)}
    assert record["table"].items() <= found.items()


def paragraphs(page: Path) -> list[str]:
    return re.findall(r"^- \*\*(S\d+\.\d+)\*\* ", page.read_text("utf-8"), flags=re.MULTILINE)


def test_every_paragraph_is_cited_by_a_case_and_every_case_cites_paragraphs() -> None:
    numbered = paragraphs(PAGES[0])
    assert len(numbered) > 50
    assert paragraphs(PAGES[1]) == numbered
    assert {each for case in CASES for each in case.cites} == set(numbered)
    assert all(case.cites for case in CASES)


def test_paragraphs_are_numbered_in_order_within_their_section() -> None:
    for page in PAGES:
        for section in re.split(r"^## ", page.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            name = section.split()[0]
            assert re.findall(r"^- \*\*(\S+)\*\*", section, flags=re.MULTILINE) == [f"{name}.{n}" for n in range(1, section.count("\n- **") + 1)]


def test_the_suite_is_in_form() -> None:
    assert len(CASES) >= 60
    assert len({case.id for case in CASES}) == len(CASES)
    for case in CASES:
        assert set(case.title) == {"zh", "en"} and all(case.title.values()), case.id
        assert set(case.diagnostics) <= CODES.keys(), case.id
        for record in case.records:
            assert record.keys() in ({"given", "expect"}, {"given", "refused"}, {"given", "refused", "table"}), case.id


def test_a_wrong_expectation_is_seen() -> None:
    case = next(case for case in CASES if case.id == "decimals-are-exact")
    program, _ = understood(case)
    assert program is not None
    evaluation = evaluate(program, admit(program.inputs, {"a": "0.1"}, Problems()))
    expect = {"1": "pass", "sum": "0.3", "missing": {"1": []}, "undefined": {"1": ["division-by-zero"]}}
    assert len(differences(evaluation, expect)) == 4
