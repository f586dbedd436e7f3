"""Standard asked: the formulas and clauses of a standard with uncertain inputs: how sure its verdicts are, as `guiju uncertain` computes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from guiju.base.diagnostics import Diagnostic, Language
from guiju.base.rounding import decimal_text
from guiju.cli.console import speaking
from guiju.cli.uncertain import RULES, as_json, remarks, stated_record, tables
from guiju.ir.program import Program
from guiju.metrology.array import Array
from guiju.metrology.decision import Rule
from guiju.readings.uncertain.conforming import TRIALS, Uncertain, uncertain
from guiju.readings.uncertain.linear import Linear, Propagation
from guiju.readings.uncertain.sampled import BLOCK, Sampler
from guiju.report.cited import standard_origin
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf
from guiju.verify.given import Given
from guiju.verify.outcome import Block, Outcome, Part
from guiju.verify.sheet import refuse
from guiju.verify.told import Table
from guiju.verify.uncertain_figures import contributions, histogram

TRIALS_MOST = 1_000_000
TRIALS_WORD, SEED_WORD = Title("抽样次数", "draws"), Title("种子", "seed")
Pairs = tuple[tuple[str, str], ...]


def record_of(given: Given, program: Program) -> dict[str, object]:
    """The fields of an address as a record: a value, with what is said of its uncertainty."""
    found: dict[str, object] = {}
    for name in program.used_inputs:
        value, u = given.one(f"x.{name}"), given.one(f"u.{name}")
        shape, dof = given.one(f"d.{name}"), given.one(f"nu.{name}")
        if value and (u or shape or dof):
            found[name] = {"value": value, **{key: each for key, each in (("u", u), ("dof", dof), ("shape", shape)) if each}}
        elif value:
            found[name] = value
    return found


def correlations(given: Given) -> list[str]:
    """As the command line writes them: one,other=r."""
    return [f"{a},{b}={r}" for a, b, r in zip(given.many("c1"), given.many("c2"), given.many("r"), strict=False) if a or b or r]


@lru_cache(2)
def _shelf(folders: tuple[Path, ...]) -> Shelf:
    return Shelf(folders)


def judged(tell: Any, folders: tuple[Path, ...], number: str, on: date | None, corrected: bool, query: Pairs, language: Language) -> Outcome:
    """One record of a standard with uncertainties, by what an address asks; in the process apart, for draws may take seconds.

    raises   Refused, with every problem of the record
    """
    given = Given(query, language)
    program = _program(folders, number, on, corrected)
    return _judged(folders, program, record_of(given, program), correlations(given), given)


def judged_record(
    tell: Any, folders: tuple[Path, ...], number: str, on: date | None, corrected: bool, record: str, pairs: tuple[tuple[str, str, str], ...],
    options: Pairs, language: Language,
) -> Outcome:  # fmt: skip
    """The same of a record that a program sent; `record` is what `frozen` made of it."""
    program = _program(folders, number, on, corrected)
    return _judged(folders, program, json.loads(record), [f"{a},{b}={r}" for a, b, r in pairs], Given(options, language))


def frozen(record: Mapping[str, object]) -> str:
    """A record as a text that can be a key, its decimals as they were written."""
    return json.dumps(record, ensure_ascii=False, default=str)


def _program(folders: tuple[Path, ...], number: str, on: date | None, corrected: bool) -> Program:
    from guiju.cli.ranking import ranked_programs

    return ranked_programs(_shelf(folders), [number], on, corrected, ())[0]


def _judged(folders: tuple[Path, ...], program: Program, record: dict[str, object], pairs: list[str], given: Given) -> Outcome:
    trials, seed = given.whole("trials", TRIALS_WORD, TRIALS, 1000, TRIALS_MOST), given.whole("seed", SEED_WORD, 1, 0, 10**9)
    rule: Rule = next(each for each in RULES if each == given.word("rule", tuple(RULES), "simple"))
    given.problems.refuse_errors()
    with speaking(given.language):
        stated, said = stated_record(_shelf(folders), program, record, pairs, trials)
        found = uncertain(program, stated, trials=trials, seed=seed, rule=rule)
        return outcome_of(found, given.one("of"), given.language, said)


def targets(found: Uncertain) -> dict[str, Linear]:
    """What has a budget: the margins of clauses, scores, formulas and what indicators measure."""
    named = {each.meaning.no: each.margin for each in found.clauses if each.margin is not None and each.margin.u > 0}
    return named | {each.name: each.linear for each in found.quantities}


def outcome_of(found: Uncertain, wanted: str, language: Language, said: Sequence[Diagnostic] = ()) -> Outcome:
    """The tables of the command line, and the drawings of one clause or quantity.

    wanted   which; empty: the first that has a budget
    raises   Refused: uncertain-no-such-quantity
    """
    zh, standard, held = language == "zh", found.program.standard, targets(found)
    if wanted and wanted not in held:
        raise refuse("uncertain-no-such-quantity", number=standard.number, name=wanted, known=", ".join(held) or "–")
    name = wanted or next(iter(held), "")
    told = [Table(each.title, each.header, each.rows, each.right) for each in tables(found)]
    parts = [Part("条款、预算与量" if zh else "Clauses, budgets and quantities", tuple(told)),
             Part("结论依据什么" if zh else "What the figures rest on", tuple(remarks(found)))]  # fmt: skip
    if name:
        linear, is_margin = held[name], any(each.meaning.no == name for each in found.clauses)
        parts.insert(1, Part(f"{'图' if zh else 'Drawings'} · {name}", tuple(_drawings(found, name, linear, is_margin, language)), True))
        order2 = _orders(found, name, linear, zh)
        parts.insert(1, Part(f"{'一阶、二阶与抽样' if zh else 'First order, second order, draws'} · {name}", (order2,)))
    illustrative = any(source.grade == "illustrative" for source in standard.sources.values())
    origin = standard_origin(found.program)
    return Outcome(f"{standard.number} · {'不确定度' if zh else 'uncertainty'}", tuple(parts), as_json(found), told[0], tuple(said),
                   ((origin.name, origin.sha256),), illustrative, {"targets": tuple(held), "target": name})  # fmt: skip


def _unit(linear: Linear) -> str:
    text = linear.node.type.unit.text
    return "" if text == "1" else text


def _orders(found: Uncertain, name: str, linear: Linear, zh: bool) -> Table:
    """Side by side: what each way says of one number."""
    values = drawn(found, linear)
    rows = [("GUM 一阶" if zh else "GUM, first order", decimal_text(Fraction(f"{float(linear.value):.8g}")), f"{linear.u:.4g}",
             ("✓ 成立" if zh else "✓ holds") if linear.holds else ("! 不成立" if zh else "! does not hold"))]  # fmt: skip
    if linear.second is not None:
        rows.append(("GUM 二阶" if zh else "GUM, second order", f"{float(linear.value) + (linear.bias or 0.0):.8g}", f"{linear.second:.4g}", ""))
    if len(values) > 1:
        ends = np.quantile(values, (0.025, 0.975))
        rows.append((f"{'抽样' if zh else 'draws'} {len(values):,}", f"{float(values.mean()):.8g}", f"{float(values.std(ddof=1)):.4g}",
                     f"95 %: {ends[0]:.6g} … {ends[1]:.6g}"))  # fmt: skip
    unit = f" ({_unit(linear)})" if _unit(linear) else ""
    header = ("方法", f"值{unit}", "u", "") if zh else ("method", f"value{unit}", "u", "")
    return Table(f"{'裕度或量' if zh else 'margin or quantity'} {name}", header, rows, (1, 2))


def drawn(found: Uncertain, linear: Linear) -> Array:
    """The draws of one number that have a value: the same draws all probabilities are counted from."""
    if not found.stated.spreads:
        return np.empty(0)
    propagation = Propagation(found.program, found.evaluation, found.stated)
    propagation.value(linear.node)
    sampler = Sampler(found.program, found.stated, propagation.values, [linear.node])
    blocks = []
    for first in range(0, found.trials, BLOCK):
        count = min(BLOCK, found.trials - first)
        value, known = sampler.block(found.seed, first, count)[linear.node.index]
        blocks.append(np.broadcast_to(value, (count,))[np.broadcast_to(np.asarray(known, dtype=bool), (count,))])
    return np.concatenate(blocks) if blocks else np.empty(0)


def _drawings(found: Uncertain, name: str, linear: Linear, is_margin: bool, language: Language) -> list[Block]:
    titled = [(found.program.inputs[part.name].title(language), part.contribution) for part in linear.parts]
    bars = contributions("budget", name, titled, language, _unit(linear))
    u = linear.u if np.isfinite(linear.u) else 0.0
    shown = histogram("histogram", name, drawn(found, linear), float(linear.value), u, language, limit=0.0 if is_margin else None, unit=_unit(linear))
    return [each for each in (bars, shown) if each is not None]
