"""The twin of boards for programs: plain values without doubles, one text for one content.

{scheme: {id, title, hash, cycle, entity, evaluator}, standard: {number, edition, title, hash}, library, snapshots: […], on, form,
 illustrative, products, barred: {reason: n}, mandatory: [{clause, passed, failed, undetermined, not_applicable}],
 indicators: [{name, no, title, kind, unit, better, levels: [text], national: {clause, standard, limit},
   references: {domestic: {value, plain (in the unit of the indicator), unit, on, population, grade}}, inputs,
   no_reference: {international: why there is none}}],
 range_titles, ranges: [[word]], words: {word: title}, inputs, drafting, form_bars, sources,
 boards: [{range, indicator, withheld, lines: [number or null], low, high, bands: [{level, entries, models}],
   apart: {below, missing, not-applicable}, counts, reached}],
 compared, shortlisted, sha256: {placed, overall}}
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from guiju.base.rounding import decimal_text, is_decimal
from guiju.base.units import Unit
from guiju.frontrunner.board.model import Board, Boards, Overall
from guiju.frontrunner.scheme import Asked, Reference
from guiju.frontrunner.scheme_meaning import ranges
from guiju.standard.form import weakest_grade
from guiju.standard.model import Title
from guiju.standard.writing import naming, write


def boards_json(found: Boards) -> dict[str, Any]:
    """What a result keeps of boards; entries lie beside it in tables, whose hashes are here. The engine is not in it: another finds the same."""
    scheme, standard, cited = found.scheme, found.program.standard, found.cited
    return {
        "scheme": {"id": scheme.id, "title": _title(scheme.title), "hash": cited.scheme_hash, "cycle": scheme.cycle, "entity": scheme.entity,
                   "evaluator": _title(scheme.evaluator)},
        "standard": {"number": cited.standard, "edition": cited.edition, "title": _title(standard.title), "hash": cited.standard_hash},
        "library": cited.library, "snapshots": list(cited.snapshots), "on": cited.on.isoformat(), "form": cited.form,
        "illustrative": found.illustrative, "products": found.products, "barred": dict(found.barred),
        "mandatory": [{"clause": m.clause, "passed": m.passed, "failed": m.failed, "undetermined": m.undetermined,
                       "not_applicable": m.not_applicable} for m in found.mandatory],
        "indicators": [_indicator(found, each) for each in scheme.indicators],
        "range_titles": [_title(title) for title, _ in ranges(scheme, standard)], "ranges": [list(each) for each in found.ranges],
        "words": {word: _title(title) for part in scheme.range for word, title in part.words.items()},
        "boards": [_board(each) for each in found.boards], "inputs": list(found.inputs), "drafting": [exact(each) for each in found.qualities],
        "form_bars": [{"standard": number, "edition": edition, "why": [_title(why) for why in formed.barred]}
                      for (number, edition), formed in found.forms.items()],
        "compared": found.compared, "shortlisted": found.shortlisted, "sha256": dict(found.sha256), "sources": list(_sources(found)),
    }  # fmt: skip


def _indicator(found: Boards, asked: Asked) -> dict[str, Any]:
    standard = found.program.standard
    indicator = standard.indicators[asked.name]
    meaning = next((each for each in found.program.indicators if each.indicator.name == asked.name), None)
    unit = meaning.value.type.unit if meaning else None
    references = {name: _reference(found, levels[asked.name], unit) for name, levels in found.scheme.references.items() if asked.name in levels}
    return {
        "name": asked.name, "no": indicator.no, "title": _title(indicator.title), "kind": asked.kind, "unit": unit.text if unit else None,
        "better": indicator.better, "levels": [write(limit, "en", naming({}, {})) for _, limit in indicator.levels],
        "national": _national(found, asked), "references": references,
        "inputs": list(found.needs.get(asked.name, ())), **_none(found, asked),
    }  # fmt: skip


def _none(found: Boards, asked: Asked) -> dict[str, Any]:
    """Why there is no reference level, where the scheme says so."""
    said = {name: _title(reasons[asked.name]) for name, reasons in found.scheme.none.items() if asked.name in reasons}
    return {"no_reference": said} if said else {}


def _national(found: Boards, asked: Asked) -> dict[str, Any] | None:
    if asked.national is None:
        return None
    limit = found.limits.get(asked.name)
    return {"clause": asked.national.clause, "standard": asked.national.number, "limit": None if limit is None else exact(limit)}


def _reference(found: Boards, reference: Reference, unit: Unit | None) -> dict[str, Any]:
    grade = weakest_grade(found.scheme.sources[name].grade for name in reference.sources)
    plain = reference.value if reference.unit is None or unit is None else reference.value * reference.unit.factor / unit.factor
    return {"value": reference.text, "plain": exact(plain), "unit": reference.unit.text if reference.unit else None, "on": reference.on.isoformat(),
            "population": _title(reference.population), "grade": grade}  # fmt: skip


def _board(board: Board) -> dict[str, Any]:
    return {
        "range": list(board.range), "indicator": board.indicator, "withheld": board.withheld, "lines": list(board.lines),
        "low": board.low, "high": board.high,
        "bands": [{"level": b.level, "entries": b.entries, "models": b.models} for b in board.bands], "apart": dict(board.apart),
        "counts": [{"low": s.low, "high": s.high, "models": s.models} for s in board.counts],
        "reached": {name: {"entries": r.entries, "models": r.models} for name, r in board.reached.items()},
    }  # fmt: skip


def overall_json(each: Overall) -> dict[str, Any]:
    """One declared standard × enterprise as a whole; shares and the score are exact, as decimals or ratios."""
    return {
        "range": list(each.range), "enterprise": each.enterprise, "standard": each.standard, "edition": each.edition, "models": each.models,
        "levels": dict(each.levels), "declared": each.declared, "asked": each.asked, "extra": each.extra,
        "completeness": exact(each.completeness), "advancement": exact(each.advancement), "drafting": exact(each.drafting),
        "score": exact(each.score), "shortlisted": each.shortlisted, "why": list(each.why),
    }  # fmt: skip


def exact(value: Fraction) -> str:
    """As a decimal where it is one, else as a ratio."""
    return decimal_text(value) if is_decimal(value) else str(value)


def _sources(found: Boards) -> Iterator[dict[str, Any]]:
    """Of the scheme, and of the standard's indicators and basic clauses."""
    for cited in found.scheme.sources.values():
        yield {"of": found.scheme.id, "id": cited.id, "grade": cited.grade, "title": cited.title, "address": cited.address,
               "why": _title(cited.why) if cited.why else None}  # fmt: skip
    standard = found.program.standard
    names = [name for asked in found.scheme.indicators for name in standard.indicators[asked.name].sources]
    names += [name for clause in found.program.clauses if clause.no in found.scheme.basic for name in clause.clause.sources]
    for source in (standard.sources[name] for name in dict.fromkeys(names)):
        yield {"of": standard.number, "id": source.id, "grade": source.grade, "title": source.title, "address": source.address or "",
               "why": _title(source.why) if source.why else None}  # fmt: skip


def _title(title: Title) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}
