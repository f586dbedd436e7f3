"""The twin of boards for programs: plain values without doubles, one text for one content.

{scheme: {id, title, hash, cycle, entity, evaluator}, standard: {number, edition, title, hash}, library, snapshots: […], on, form,
 illustrative, products, barred: {reason: n}, mandatory: [{clause, passed, failed, undetermined, not_applicable}],
 indicators: [{name, no, title, kind, unit, better, levels: [text], national, references: {domestic: {value, unit, on, population, grade}}}],
 ranges: [[word]],
 boards: [{range, indicator, withheld, low, high, bands: [{level, entries, models}], apart: {below, missing, not-applicable}, counts, reached}],
 compared, shortlisted, sha256: {placed, overall}}
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from guiju.base.rounding import decimal_text, is_decimal
from guiju.frontrunner.board.model import Board, Boards, Overall
from guiju.frontrunner.scheme import Asked, Reference
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
        "ranges": [list(each) for each in found.ranges],
        "boards": [_board(each) for each in found.boards],
        "compared": found.compared, "shortlisted": found.shortlisted, "sha256": dict(found.sha256),
    }  # fmt: skip


def _indicator(found: Boards, asked: Asked) -> dict[str, Any]:
    standard = found.program.standard
    indicator = standard.indicators[asked.name]
    meaning = next((each for each in found.program.indicators if each.indicator.name == asked.name), None)
    unit = meaning.value.type.unit if meaning else None
    references = {name: _reference(found, levels[asked.name]) for name, levels in found.scheme.references.items() if asked.name in levels}
    return {
        "name": asked.name, "no": indicator.no, "title": _title(indicator.title), "kind": asked.kind, "unit": unit.text if unit else None,
        "better": indicator.better, "levels": [write(limit, "en", naming({}, {})) for _, limit in indicator.levels],
        "national": {"clause": asked.national.clause, "standard": asked.national.number} if asked.national else None, "references": references,
    }  # fmt: skip


def _reference(found: Boards, reference: Reference) -> dict[str, Any]:
    grade = weakest_grade(found.scheme.sources[name].grade for name in reference.sources)
    return {"value": reference.text, "unit": reference.unit.text if reference.unit else None, "on": reference.on.isoformat(),
            "population": _title(reference.population), "grade": grade}  # fmt: skip


def _board(board: Board) -> dict[str, Any]:
    return {
        "range": list(board.range), "indicator": board.indicator, "withheld": board.withheld, "low": board.low, "high": board.high,
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


def _title(title: Title) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}
