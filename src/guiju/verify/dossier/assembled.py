"""Assembled: the dossier of a standard, from its text, studies of its methods, populations of real products and the criteria."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.ir.node import Node
from guiju.ir.program import Program
from guiju.readings.smt.search import Budget
from guiju.readings.uncertain.derivative import Derivatives
from guiju.records.bulk import programs
from guiju.report.cited import engine, file_hash
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf
from guiju.verify.dossier.applicable import of_text, reach, without_products
from guiju.verify.dossier.bound import Bindings, Bound, bind
from guiju.verify.dossier.consistent import Proofs, consistency
from guiju.verify.dossier.criteria import Criteria, conclude, read_criteria, shipped_criteria
from guiju.verify.dossier.evidence import WHOLE, Dossier, Evidence, Subject, unknown
from guiju.verify.dossier.graded import FLIP, SPREAD, flips, steps, weights
from guiju.verify.dossier.limited import Limited, Slopes, clause_limits, indicator_levels, slopes, with_values
from guiju.verify.dossier.measured import OF_POPULATION, Made, Measuring, Tell, limit_values, of_method, of_products, product_limits
from guiju.verify.dossier.planned import clause_wording, plans
from guiju.verify.dossier.products import Products, Seen, read_products, see
from guiju.verify.dossier.validity import capabilities, sensitivities


@dataclass(frozen=True)
class Given:
    """What a dossier is made from, as paths and words: it can be sent to another process.

    mappings   beside the records, in their order; None where the headers are to tell
    """

    standard: str
    studies: tuple[Path, ...] = ()
    records: tuple[Path, ...] = ()
    mappings: tuple[Path | None, ...] = ()
    criteria: Path | None = None
    on: date | None = None
    corrected: bool = False
    treat_as: Mapping[str, str] = field(default_factory=dict)
    steps: int = 3_000_000
    seconds: float = 60.0


def verify_standard(shelf: Shelf, given: Given, tell: Tell = lambda done, total: None) -> tuple[Dossier, tuple[Diagnostic, ...]]:
    """The dossier, and what is to be said of the files it is made from.

    raises   Refused: what reading the standard, the studies, the records or the criteria finds, all problems of each at once
    """
    _there((*given.studies, *given.records, *(m for m in given.mappings if m is not None), *([given.criteria] if given.criteria else ())))
    (program,) = programs(shelf, [given.standard], given.on, given.corrected)
    path = given.criteria or shipped_criteria()
    criteria = read_criteria(path)
    asked = tuple(dict.fromkeys(program.inputs[name].property_id for name in program.used_inputs))
    bindings, said = bind(given.studies, shelf.dictionary, asked, program.standard.number)
    mappings = _paired(given)
    products = [
        read_products(shelf, program, file, mapping, file_hash(file), given.treat_as) for file, mapping in zip(given.records, mappings, strict=True)
    ]
    said = (*said, *(d for each in products for d in each.diagnostics))
    files = [(name, sha) for bound in bindings.studies for name, sha in bound.files]
    files += [(p.name, p.digest) for p in products] + [(m.name, file_hash(m)) for m in mappings if m is not None] + [(path.name, file_hash(path))]
    made = _found(shelf, program, criteria, bindings, products, given, tell)
    return _dossier(program, criteria, bindings, products, given, made, tuple(files)), said


def _there(paths: Sequence[Path]) -> None:
    """raises   Refused: file-missing, for each that is not there"""
    missing = [Diagnostic("file-missing", None, {"file": str(path)}) for path in paths if not path.is_file()]
    if missing:
        raise Refused(missing)


def _paired(given: Given) -> tuple[Path | None, ...]:
    """A mapping, or none, for each file of records.

    raises   Refused: dossier-mappings
    """
    if len(given.mappings) > len(given.records):
        raise Refused([Diagnostic("dossier-mappings", None, {"mappings": str(len(given.mappings)), "records": str(len(given.records))})])
    return (*given.mappings, *[None] * (len(given.records) - len(given.mappings)))


def _found(shelf: Shelf, program: Program, criteria: Criteria, bindings: Bindings, products: Sequence[Products], given: Given, tell: Tell) -> Made:
    """All evidence, figures and tables."""
    limits, others = clause_limits(program)
    levels = indicator_levels(program)
    derivatives = Derivatives(program.order)
    by = {each.id: slopes(program, derivatives, bindings, each.measured, each.names, each.method) for each in limits}
    wider = with_values(program, _extra(limits, by))
    seen = [see(wider, each, tell) for each in products]
    made = Made()
    for each in limits:
        measuring = Measuring(wider, each, by[each.id], criteria.terms.beyond)
        values = product_limits(seen, each) or limit_values(wider, each)
        other = by[each.id].other
        made += of_method(measuring, criteria.terms, values, other[0][1].method or "" if other else "")
        for number, population in enumerate(seen, 1):
            made += of_products(population, each, measuring, criteria.terms, _label(number, seen))
        made += Made() if seen else Made(tuple(_no_products(each)))
    made += Made(tuple(_not_limits(others, {each.subject for each in limits})))
    for indicator in levels:
        made += steps(wider, indicator, bindings, seen, criteria.terms.beyond)
    for number, population in enumerate(seen, 1):
        label = _label(number, seen)
        made += reach(program, population, label) + flips(program, population.products, bindings, criteria.terms.beyond, label, tell)
    made += Made() if seen else Made((*without_products(program), *_no_flips(program)))
    made += weights(shelf, program, seen)
    made += Made(tuple(capabilities(limits, _u_at_constants(wider, limits, by, criteria.terms.beyond))))
    for number, population in enumerate(seen, 1):
        pairs = list(zip(population.products.records, population.products.counts, strict=True))
        evidence, grids = sensitivities(program, pairs, population.products.title, _label(number, seen))
        made += Made(evidence, grids=grids)
    made += Made() if seen else Made(sensitivities(program, (), _NO_PRODUCTS, "")[0])
    made += Made((*of_text(shelf, program), *consistency(shelf, program, Proofs(Budget(given.steps, given.seconds)), tell)))
    measured = tuple(dict.fromkeys([n for each in limits for n in each.names] + [n for one in levels for n in one.names]))
    return made + Made(grids=tuple(plans(program, bindings, measured, criteria.wanted)))


def _extra(limits: Sequence[Limited], by: Mapping[str, Slopes]) -> dict[str, Node]:
    extra: dict[str, Node] = {}
    for each in limits:
        extra |= {f"measured {each.id}": each.measured, f"limit {each.id}": each.limit}
        extra |= {f"slope {each.id} {name}": slope for name, _, slope in by[each.id].by}
    return extra


def _u_at_constants(program: Program, limits: Sequence[Limited], by: Mapping[str, Slopes], beyond: float) -> dict[str, list[tuple[Fraction, float]]]:
    found: dict[str, list[tuple[Fraction, float]]] = {}
    for each in limits:
        for value in limit_values(program, each):
            u = Measuring(program, each, by[each.id], beyond).at_limit(float(value))
            found[each.id] = [*found.get(each.id, ()), *([(value, u)] if u is not None else ())]
    return found


def _label(number: int, seen: Sequence[Seen]) -> str:
    return "" if len(seen) == 1 else f"@{number}"


_NO_PRODUCTS = Title("没有产品总体", "there is no population")


def _no_products(limited: Limited) -> list[Evidence]:
    return [unknown(f"{limited.id}:{what}", what, limited.subject, title, _NO_PRODUCTS) for what, title in OF_POPULATION.items()]


def _no_flips(program: Program) -> list[Evidence]:
    names = [i.indicator.name for i in program.indicators] + [g.grading.name for g in program.grades]
    found = [unknown(f"{name}:flip", "flip", name, FLIP, _NO_PRODUCTS) for name in names]
    return found + [unknown(f"{s.score.name}:score_spread", "score_spread", s.score.name, SPREAD, _NO_PRODUCTS) for s in program.scores]


def _not_limits(others: Sequence[tuple[str, Title]], limited: set[str]) -> list[Evidence]:
    """Clauses, or parts of them, that have no limit: whether they can be verified by measuring is not told here."""
    found: dict[str, Title] = {}
    for no, why in others:
        if no not in limited:
            found.setdefault(no, why)
    title = Title("限值可由测量验证", "the limit can be verified by measuring")
    return [unknown(f"{no}:zone_of_limit", "zone_of_limit", no, title, why) for no, why in found.items()]


def subjects_of(program: Program) -> tuple[Subject, ...]:
    """The standard, its clauses, indicators, scores and gradings."""
    s = program.standard
    found = [Subject(WHOLE, "standard", s.title)]
    found += [Subject(m.no, "clause", m.clause.title, m.clause.strength == "shall") for m in program.clauses]
    found += [Subject(i.indicator.name, "indicator", i.indicator.title) for i in program.indicators]
    found += [Subject(x.score.name, "score", x.score.title) for x in program.scores]
    return (*found, *(Subject(g.grading.name, "grading", g.grading.title) for g in program.grades))


def _dossier(
    program: Program,
    criteria: Criteria,
    bindings: Bindings,
    products: Sequence[Products],
    given: Given,
    made: Made,
    files: tuple[tuple[str, str], ...],
) -> Dossier:
    s = program.standard
    subjects = subjects_of(program)
    about = {
        "number": s.number,
        "edition": s.edition,
        "title_zh": s.title.zh,
        "title_en": s.title.en,
        "on": program.on.isoformat(),
        "content": program.content_hash,
        "engine": engine(),
        "status": s.status,
        "criteria_zh": criteria.title.zh,
        "criteria_en": criteria.title.en,
        "corrected": "yes" if given.corrected else "no",
    }
    names = {program.inputs[n].property_id: (program.inputs[n].zh, program.inputs[n].en) for n in program.used_inputs}
    wording = tuple((b.property_id, clause_wording(b, names)) for b in bindings.studies if b.property_id in names)
    rules = {
        r.id: {
            "aspect": r.aspect,
            "evidence": r.evidence,
            "pass": r.passes.text(),
            "change": r.change.text() if r.change else "",
            "otherwise": r.otherwise,
            "zh": r.title.zh,
            "en": r.title.en,
            "advice_zh": r.advice.zh,
            "advice_en": r.advice.en,
            "source_zh": r.source.zh,
            "source_en": r.source.en,
            "grade": r.grade,
        }
        for r in criteria.rules
    }
    sources = tuple(
        {
            "id": x.id,
            "grade": x.grade,
            "title": x.title,
            "address": x.address or "",
            "why_zh": x.why.zh if x.why else "",
            "why_en": x.why.en if x.why else "",
        }
        for x in s.sources.values()
    )
    return Dossier(
        about,
        s.title,
        subjects,
        made.evidence,
        conclude(criteria, subjects, made.evidence),
        made.plots,
        made.grids,
        wording,
        rules,
        files,
        tuple(_assumed(bindings.studies, products, given)),
        LIMITS,
        s.left_out,
        criteria.illustrative or any(b.illustrative for b in bindings.studies),
        sources,
        bindings.studies,
    )


def _assumed(studies: Sequence[Bound], products: Sequence[Products], given: Given) -> list[Title]:
    found = [Title(f"以「{used}」的数值代替「{asked}」", f"the value of {used} stands for {asked}") for asked, used in sorted(given.treat_as.items())]
    found += [Title(f"示意数据：{b.title.zh}", f"made up: {b.title.en}") for b in studies if b.illustrative]
    return found + [note for each in products for note in each.notes]


LIMITS = (
    Title(
        "产品的数值被当作真值；它们自己的测量误差使分布偏宽，风险因而偏大",
        "values of products are taken as true; their own errors widen their spread, so risks are overstated",
    ),
    Title(
        "u 由一次（或所写次数）测量的再现性得到，方法的偏倚不在其中",
        "u is that of one measurement (or as many as are stated) under reproducibility; the bias of the method is not in it",
    ),
    Title("结论只对所给的研究、产品与判据成立", "conclusions hold for the studies, products and criteria given and no others"),
    Title("报告不含签名：签名如有，在孪生文件旁", "the report holds no signature: one may lie beside its twin"),
)


# the twin for machines


def twin(dossier: Dossier) -> dict[str, Any]:
    """The dossier as plain values, with the ids that the report prints, and the sha256 of all the rest."""
    from guiju.verify.precision_told import as_json

    held = {name: getattr(dossier, name) for name in _HELD}
    plain: dict[str, Any] = {"guiju-dossier": 1, **{name: _plain(value) for name, value in held.items()}}
    plain["studies"] = [
        {
            "title": _plain(b.title),
            "property": b.property_id,
            "unit": b.unit.text,
            "method": b.method,
            "source": b.source,
            "illustrative": b.illustrative,
            "relation": b.relation,
            "coefficients": {"s_r": b.of_r, "s_R": b.of_R},
            "levels": _plain(b.levels),
            "results": b.results,
            "precision": None if b.result is None else as_json(b.result),
        }
        for b in dossier.studies
    ]
    plain = json.loads(json.dumps(plain, ensure_ascii=False, default=str).replace("NaN", "null"))
    plain["sha256"] = hashlib.sha256(canonical(plain)).hexdigest()
    return plain


_HELD = (
    "about",
    "subjects",
    "evidence",
    "conclusions",
    "plots",
    "grids",
    "wording",
    "criteria",
    "files",
    "assumed",
    "limits",
    "left_out",
    "illustrative",
    "sources",
)


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(each) for name, each in asdict(value).items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value


def canonical(plain: Mapping[str, Any]) -> bytes:
    """One text for one content."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("utf-8")
