"""Written: a proposal as the text of a standard: a profile of the standard it was made for, under a number of its own, or that standard's own
text with other levels. With examples at every limit, checked like any standard; what does not check is not given out."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Diagnostic, Problems, Refused, Severity, Span
from guiju.base.rounding import decimal_text, is_decimal
from guiju.frontrunner.authoring.bordering import example, expected_otherwise, specimens
from guiju.frontrunner.authoring.capability import amount
from guiju.frontrunner.authoring.proposal import METHODS, TOWARDS, Proposal
from guiju.frontrunner.authoring.sample import thresholds_in_force
from guiju.ir.program import Program
from guiju.readings.examples import examine
from guiju.standard.composing import Flow, Tree, compose
from guiju.standard.document import Document, Fields, Scalar, entries_of, item_at, plain, read, scalar_at
from guiju.standard.model import Title
from guiju.standard.shelf import Opened, Shelf

SOURCE_ID = "t"


@dataclass(frozen=True, slots=True)
class Head:
    """What a new file says of itself."""

    number: str
    title: Title
    on: date


@dataclass(frozen=True, slots=True)
class Draft:
    """The two files, and what they change: unified differences with what there was, which is nothing for a new file."""

    number: str
    text: str
    examples: str
    difference: str
    diagnostics: tuple[Diagnostic, ...]

    @property
    def files(self) -> Mapping[str, str]:
        return {"standard.yaml": self.text, "examples.yaml": self.examples}


def new_file(proposals: Sequence[Proposal], opened: Opened, shelf: Shelf, head: Head) -> Draft:
    """A standard of its own number: all that the standard it is based on says, with the levels of these proposals, each of another indicator.

    raises   Refused: authoring-not-clean
    """
    document, original = opened.document, proposals[0].sample.program.standard
    taken, sources, replaced = _sources(document), dict[str, Any](), dict[str, Any]()
    for each in proposals:
        no = each.sample.indicator.indicator.no
        source = _free([*taken, *sources])
        sources[source] = _source(each, head.on)
        replaced[no] = {**plain(_entry(document, no)), "levels": Flow(_levels(each)), "source": source}
    tree: Tree = {
        "guiju": "1",
        "standard": {"number": head.number, "edition": str(head.on.year), "title": {"zh": head.title.zh, "en": head.title.en}, "level": "group",
                     "region": original.region, "status": "draft", "dates": {"effective": head.on.isoformat()}},
        "based_on": original.number,
        "sources": sources,
        "replace": {"indicators": replaced},
        "left_out": [{"zh": f"实施日期 {head.on} 是推得界限的日期，不是建议的实施日期",
                      "en": f"the effective date {head.on} is the day the levels were derived, not one that is proposed"}],
    }  # fmt: skip
    return _checked(proposals, shelf, compose(tree, "standard.yaml"), "", "", head.number)


def changed(proposals: Sequence[Proposal], opened: Opened, shelf: Shelf, on: date) -> Draft:
    """The standard's own text, a draft again, with these levels in place of those it has; what its examples expect of levels follows.

    raises   Refused, for every indicator: authoring-not-constant, authoring-levels-differ; authoring-not-clean
    """
    document, problems = opened.document, Problems()
    edits = [edit for each in proposals for edit in _edits(each, document, problems)]
    problems.refuse_errors()
    status = scalar_at(item_at(document.root, "standard"), "status")
    if status is not None:
        edits.append((status.span, "draft"))
    text = _replaced(document.text, edits)
    taken = _sources(document)
    for each in proposals:
        taken.append(_free(taken))
        text = _with_source(text, taken[-1], each, on, each.sample.indicator.indicator.no)
    before = opened.examples.text if opened.examples is not None else ""
    return _checked(proposals, shelf, text, before, document.text, proposals[0].sample.program.standard.number)


def _edits(proposal: Proposal, document: Document, problems: Problems) -> list[tuple[Span, str]]:
    """Where the levels of an indicator are written, and what takes their place."""
    indicator, held = proposal.sample.indicator.indicator, thresholds_in_force(proposal.sample.indicator)
    entry = item_at(item_at(document.root, "indicators"), indicator.no)
    levels = item_at(entry, "levels") if entry is not None else None
    if held is None or not isinstance(levels, Fields):
        problems.add("authoring-not-constant", indicator.span, name=indicator.name)
        return []
    if len(held) != len(proposal.cuts):
        problems.add("authoring-levels-differ", indicator.span, name=indicator.name, held=len(held), found=len(proposal.cuts))
        return []
    put = _levels(proposal)
    return [(limit.span, put[level.text]) for level, limit in entries_of(levels) if isinstance(limit, Scalar)]


def _levels(proposal: Proposal) -> dict[str, str]:
    """
    raises   Refused: authoring-not-decimal
    """
    unit = proposal.sample.unit
    endless = [str(each.level) for each in proposal.cuts if not is_decimal(each.value)]
    if endless:
        raise Refused([Diagnostic("authoring-not-decimal", None, {"levels": ", ".join(endless)})])
    return {str(each.level): amount(each.value, unit) for each in proposal.cuts}


def _entry(document: Document, no: str) -> Fields:
    found = item_at(item_at(document.root, "indicators"), no)
    if not isinstance(found, Fields):
        raise Refused([Diagnostic("authoring-not-clean", None, {"reason": f"indicators.{no}"})])
    return found


def _sources(document: Document) -> list[str]:
    return [key.text for key, _ in entries_of(item_at(document.root, "sources"))]


def _free(taken: Sequence[str]) -> str:
    return next(f"{SOURCE_ID}{n}" for n in range(1, len(taken) + 2) if f"{SOURCE_ID}{n}" not in taken)


def _source(proposal: Proposal, on: date) -> dict[str, Any]:
    """Where the levels come from: the population, its hash, the method; grade illustrative where products are made up, else C."""
    sample, question = proposal.sample, proposal.question
    method, derived = METHODS[question.method], ", ".join(decimal_text(each.derived) for each in proposal.cuts)
    n = len(sample.offers)
    derived = f"{derived} {sample.unit.shown}".strip()
    zh = [f"总体「{sample.title.zh}」{n} 个产品，sha256 {sample.hash}", method.zh, f"推得 {derived}"]
    en = [f"population `{sample.title.en}`, {n} products, sha256 {sample.hash}", method.en, f"derived {derived}"]
    if question.shares:
        stated = ", ".join(f"{decimal_text(each * 100)} %" for each in question.shares)
        zh.append(f"份额 {stated}")
        en.append(f"shares {stated}")
    if question.decimals is not None:
        zh.append(f"修约到 {question.decimals} 位小数，{TOWARDS[question.toward].zh}")
        en.append(f"rounded to {question.decimals} decimals, {TOWARDS[question.toward].en}")
    if question.national is not None:
        zh.append(f"国家限值 {amount(question.national, sample.unit)}")
        en.append(f"national limit {amount(question.national, sample.unit)}")
    if question.capability is not None:
        zh.append(f"再现性限 R = {amount(question.capability.R, sample.unit)}（{question.capability.source}）")
        en.append(f"reproducibility limit R = {amount(question.capability.R, sample.unit)} ({question.capability.source})")
    return {
        "title": "由总体推得的等级界限 (levels derived from a population)", "grade": "illustrative" if proposal.illustrative else "C",
        "read": on.isoformat(), "why": {"zh": "；".join(zh), "en": "; ".join(en)},
    }  # fmt: skip


# changing a text


def _replaced(text: str, edits: Sequence[tuple[Span, str]]) -> str:
    """The text with stretches of single lines put otherwise."""
    lines = text.split("\n")
    for span, put in sorted(edits, key=lambda each: (each[0].line, each[0].column), reverse=True):
        line = lines[span.line - 1]
        lines[span.line - 1] = line[: span.column - 1] + put + line[span.end_column - 1 :]
    return "\n".join(lines)


def _with_source(text: str, source: str, proposal: Proposal, on: date, no: str) -> str:
    """The text with one source more, which the indicator cites in place of what it cited."""
    lines = text.split("\n")
    document = read(text, "standard.yaml", Problems())
    entry = _entry(document, no)
    cited = item_at(entry, "source")
    span = _whole(cited) if cited is not None else None
    if span is not None and span.line == span.end_line:
        lines[span.line - 1] = lines[span.line - 1][: span.column - 1] + source + lines[span.line - 1][span.end_column - 1 :]
    block = compose({"sources": {source: _source(proposal, on)}}, "standard.yaml").rstrip("\n").split("\n")[1:]
    at = next((n for n, line in enumerate(lines) if line.startswith("sources:")), None)
    if at is not None:
        lines[at + 1 : at + 1] = block
    return "\n".join(lines)


def _whole(item: object) -> Span | None:
    span = getattr(item, "span", None)
    return span if isinstance(span, Span) else None


# examples and checking


def _checked(proposals: Sequence[Proposal], shelf: Shelf, text: str, examples: str, before: str, number: str) -> Draft:
    """The draft, with examples that hold, if `guiju check` has nothing against it."""
    problems = Problems()
    with tempfile.TemporaryDirectory(prefix="guiju-draft-") as root:
        folder = Path(root) / "standards" / "drafts" / "draft"
        folder.mkdir(parents=True)
        (folder / "standard.yaml").write_text(text, encoding="utf-8")

        def look() -> tuple[Shelf, Program]:
            """As the files stand now: a shelf keeps what it has opened."""
            beside = Shelf((Path(root) / "standards", *shelf.folders), shelf.property_folders, beside=shelf.beside)
            _, program, found = examine(beside, folder)
            errors = [d for d in found.found if d.severity is Severity.ERROR and not d.code.startswith("example")]
            if program is None or errors:
                raise Refused([_unclean(errors or found.found)])
            return beside, program

        look()
        old = examples
        if examples.strip():
            (folder / "examples.yaml").write_text(examples, encoding="utf-8")
        examples = _examples(proposals, *look(), folder, examples, problems)
        (folder / "examples.yaml").write_text(examples, encoding="utf-8")
        beside, _ = look()
        _, _, found = examine(beside, folder)
        if found.has_errors:
            raise Refused([_unclean(found.found)])
    different = "".join(_difference(name, a, b) for name, a, b in (("standard.yaml", before, text), ("examples.yaml", old, examples)))
    return Draft(number, text, examples, different, problems.found)


def _unclean(found: Sequence[Diagnostic]) -> Diagnostic:
    first = next((d for d in found if d.severity is Severity.ERROR), found[0])
    facts = {"reason": first.message("zh"), "hint_en": first.message("en")}
    return Diagnostic("authoring-not-clean", None, facts)


def _difference(name: str, before: str, after: str) -> str:
    return "".join(difflib.unified_diff(before.splitlines(True), after.splitlines(True), f"a/{name}" if before else "/dev/null", f"b/{name}"))


def _examples(proposals: Sequence[Proposal], shelf: Shelf, program: Program, folder: Path, text: str, problems: Problems) -> str:
    """The examples there were, expecting the levels as they now are; and records at every limit and just beyond it."""
    names = [each.sample.indicator.indicator.name for each in proposals]
    made = [example(each, name) for name, proposal in zip(names, proposals, strict=True) for each in specimens(proposal, program, problems)]
    if not made:
        return text
    if not text.strip():
        return compose({"examples": made}, "examples.yaml")
    edits = [edit for name in names for edit in expected_otherwise(program, shelf, folder, name)]
    text = _replaced(text, [(span, _quoted(text, span, found)) for span, found in dict.fromkeys(edits)])
    added = compose({"examples": made}, "examples.yaml").split("\n", 1)[1]
    return f"{text.rstrip(chr(10))}\n\n{added}"


def _quoted(text: str, span: Span, found: str) -> str:
    """What takes the place of a scalar, in its quotes where it had some."""
    mark = text.split("\n")[span.line - 1][span.column - 1]
    return f"{mark}{found}{mark}" if mark in "\"'" else found
