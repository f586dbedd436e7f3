"""The conformance suite, run by every reading: what the normative chapter says is so, and every paragraph of it is put to the test."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
from conformance_batches import expected_groups, expected_ranges, grouped, ranked, snapshot_of
from guiju.base.codes import CODES
from guiju.base.diagnostics import Problems, Severity
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.ir.record import admit
from guiju.ir.snapshot import Snapshot
from guiju.ir.values import Unknown, Value
from guiju.readings.columnar import CODES as VERDICTS
from guiju.readings.columnar import judge
from guiju.readings.evaluate import Evaluation, evaluate
from guiju.records.door import admit as admit_table
from guiju.records.mapping import Entry, Mapping
from guiju.records.read import read_table
from guiju.standard.consolidated import read_standard
from guiju.standard.dictionary import Dictionary, load_dictionary
from guiju.standard.document import Document, read
from guiju.standard.factors import Factors, load_factors
from guiju.standard.model import Standard

ROOT = Path(__file__).resolve().parents[1]
SUITE = ROOT / "conformance"
PAGES = (ROOT / "docs" / "semantics.md", ROOT / "docs" / "semantics.zh.md")
REASONS = (
    (r"division by zero", "division-by-zero"),
    (r"outside the table \w+", "outside-table"),
    (r"\w+ has no value (on|before) [\d-]+", "before-first-date"),
    (r"no grade", "no-grade"),
    (r"no row for this category", "no-row"),
    (r"outside the calendar", "outside-calendar"),
    (r"unverified parameter \w+", "unverified"),
    (r"no snapshot of \w+", "no-snapshot"),
    (r"\w+: this range is not in the snapshot", "not-in-snapshot"),
    (r"\w+: fewer than \d+ members in this range", "too-few"),
    (r"\w+: too few members for anyone to be in", "nobody"),
    (r"\w+: more share the best value than may be in", "all-tied"),
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
    head: str = ""
    used: dict[str, str] = field(default_factory=dict)
    diagnostics: list[str] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    batches: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        head = SUITE / (f"head-{self.head}.yaml" if self.head else "head.yaml")
        return self.standard if self.standard.startswith("guiju:") else head.read_text("utf-8") + self.standard


def cases() -> list[Case]:
    found = [case for path in sorted(SUITE.glob("s[0-9]*.yaml")) for case in yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)["cases"]]
    return [Case(**case) for case in found]


CASES = cases()


@cache
def dictionary() -> Dictionary:
    problems = Problems()
    found = load_dictionary((SUITE / "properties",), problems)
    assert not problems.found
    return found


@cache
def factors() -> Factors:
    problems = Problems()
    found = load_factors((SUITE / "factors",), problems)
    assert not problems.found
    return found


@dataclass(frozen=True)
class Used:
    """The standards on the shelf of a case, beside its own."""

    texts: dict[str, str]

    def find(self, number: str, on: date | None = None) -> Standard | None:
        document = self.document(number)
        return read_standard(document, None, dictionary(), self, on, Problems(), factors)[0] if document else None

    def document(self, number: str) -> Document | None:
        return read(self.texts[number], f"{number}.yaml", Problems()) if number in self.texts else None

    def numbers(self) -> list[str]:
        return list(self.texts)

    def factor(self, id_: str, kind: str, region: str) -> list[str]:
        return [f"{f.name}={f.text} {f.kind.unit.text}" for f in factors().values.get((id_, kind), ()) if f.region == region]


def understood(
    case: Case, on: str | None = None, text: str = "written", snapshots: Sequence[Snapshot] = ()
) -> tuple[Program | None, list[str]]:
    """The program of a case by one of its readings, None where it has an error; and the codes of its errors and warnings, unused declarations aside.

    on   None: the date the case asks for
    """
    problems, library = Problems(), Used(case.used)
    day = date.fromisoformat(asked) if (asked := on or case.on) else None
    standard, _ = read_standard(read(case.text, "standard.yaml", problems), None, dictionary(), library, day, problems, factors)
    program = None if standard is None else check(standard, day, library, problems, corrected=text == "corrected", snapshots=snapshots)
    said = sorted(d.code for d in problems.found if not d.code.startswith("unused-") and d.severity is not Severity.NOTE)
    return (None if problems.has_errors else program), said


def readings_of(case: Case) -> dict[tuple[str | None, str], list[dict[str, Any]]]:
    """The records of a case by the date and the text (as written or as corrected) they are judged by; without records, the case as it is."""
    found: dict[tuple[str | None, str], list[dict[str, Any]]] = {}
    for record in case.records:
        found.setdefault((record.get("on"), record.get("text", "written")), []).append(record)
    return found or {(None, "written"): []}


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


def given_in(record: dict[str, Any]) -> dict[str, Any]:
    """What a record gives; `null` in a list is a child whose value is missing."""

    def of(value: Any, listed: bool) -> Any:
        if isinstance(value, dict):
            return {key: of(each, False) for key, each in value.items()}
        return [of(each, True) for each in value] if isinstance(value, list) else None if listed and value == "null" else value

    return {name: of(value, False) for name, value in record["given"].items()}


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_every_reading_conforms(case: Case, tmp_path: Path) -> None:
    wrong: list[str] = []
    for (on, text), records in readings_of(case).items():
        program, said = understood(case, on, text)
        assert said == sorted(case.diagnostics)
        assert (program is None) == (not (records or case.batches)), "a case without an error has records, one with an error has none"
        if program is not None:
            wrong += judged(program, records, tmp_path)
    assert not wrong, "\n".join(["", *wrong])


def judged(program: Program, records: Sequence[dict[str, Any]], folder: Path) -> list[str]:
    """What is wrong with the records of a program: by `evaluate` against what is expected, by every other reading against `evaluate`."""
    wrong: list[str] = []
    admitted: list[dict[str, Value]] = []
    for record in records:
        problems = Problems()
        values = admit(program.inputs, given_in(record), problems, dictionary=dictionary())
        assert [d.code for d in problems.found] == record.get("refused", []), record
        if "refused" not in record:
            wrong += [f"{record['given']}: {each}" for each in differences(evaluate(program, values), record["expect"])]
            admitted.append(values)
    return wrong + agreement_on(program, admitted, folder).differences


BATCHES = [(case, batch) for case in CASES for batch in case.batches]


@pytest.mark.parametrize(("case", "batch"), BATCHES, ids=[case.id for case, _ in BATCHES])
def test_records_brought_together_conform(case: Case, batch: dict[str, Any], tmp_path: Path) -> None:
    """Aggregates and rankings of a batch, in the order given and the other way round; then records judged by its snapshot."""
    on, text = batch.get("on"), batch.get("text", "written")
    program, _ = understood(case, on, text)
    assert program is not None
    problems = Problems()
    records = [admit(program.inputs, given_in({"given": each}), problems, dictionary=dictionary()) for each in batch["given"]]
    assert not problems.found
    assert not agreement_on(program, records, tmp_path).differences
    for found in (records, records[::-1]):
        assert grouped(program, found, tmp_path) == (batch.get("refused", []), expected_groups(batch))
        assert ranked(program, found, tmp_path) == expected_ranges(batch)
    if "then" in batch:
        judging, _ = understood(case, on, text, [snapshot_of(program, records, tmp_path)])
        assert judging is not None
        wrong = judged(judging, batch["then"], tmp_path)
        assert not wrong, "\n".join(["", *wrong])


IN_TABLES = [(case, record) for case in CASES for record in case.records if "table" in record]


@pytest.mark.parametrize(("case", "record"), IN_TABLES, ids=[f"{case.id}: {'|'.join(record['given'].values())}" for case, record in IN_TABLES])
def test_a_table_keeps_the_row_of_what_a_record_is_refused_for(case: Case, record: dict[str, Any], tmp_path: Path) -> None:
    program, _ = understood(case, record.get("on"), record.get("text", "written"))
    assert program is not None
    names = list(record["given"])
    file = tmp_path / "records.csv"
    file.write_text(f"{','.join(names)}\n{','.join(record['given'].values())}\n", encoding="utf-8")
    connection = duckdb.connect()
    mapping = Mapping({name: Entry(column=name) for name in names})
    quality = admit_table(connection, read_table(file, connection, "found"), mapping, [program.inputs[n] for n in program.used_inputs], "admitted")
    assert (quality.rows, quality.bad) == (1, 1 if "refused" in record and "undetermined" in record["table"].values() else 0)
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
            assert record.keys() - {"on", "text"} in ({"given", "expect"}, {"given", "expect", "table"}, {"given", "refused"}, {"given", "refused", "table"}), case.id
            assert record.get("text", "written") in ("written", "corrected"), case.id


def test_batches_are_in_form() -> None:
    for case, batch in BATCHES:
        assert batch.keys() <= {"on", "text", "given", "refused", "groups", "keyless", "ranges", "rangeless", "then"}, case.id
        assert batch.keys() & {"refused", "groups", "ranges"}, case.id


def test_a_wrong_expectation_is_seen() -> None:
    case = next(case for case in CASES if case.id == "decimals-are-exact")
    program, _ = understood(case)
    assert program is not None
    evaluation = evaluate(program, admit(program.inputs, {"a": "0.1"}, Problems()))
    expect = {"1": "pass", "sum": "0.3", "missing": {"1": []}, "undefined": {"1": ["division-by-zero"]}}
    assert len(differences(evaluation, expect)) == 4
