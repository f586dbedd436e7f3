"""What `guiju uncertain` does: one record with standard uncertainties, and how sure its verdicts are."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Problems
from guiju.base.rounding import decimal_text, round_gb
from guiju.cli.console import Exit, console, language, refusals, say, show, table
from guiju.cli.judging import given
from guiju.cli.ranking import ranked_programs
from guiju.cli.reading import texts_of
from guiju.cli.uncertain_sensitivity import indices_json, show_indices
from guiju.cli.uncertain_together import processes_of, region_json, region_rows, region_text, risks_json, show_risks
from guiju.ir.program import Program
from guiju.metrology.decision import Rule
from guiju.readings.evaluate import Verdict
from guiju.readings.explain import MARKS, WORDS
from guiju.readings.uncertain.conforming import OF_VERDICTS, TRIALS, Clause, Levels, Quantity, Uncertain, uncertain
from guiju.readings.uncertain.linear import Doubt, Linear, Why
from guiju.readings.uncertain.process import process_risks
from guiju.readings.uncertain.sensitivity import sensitivities
from guiju.readings.uncertain.stated import Stated, stated
from guiju.standard.shelf import Shelf

LEAST, MOST = 1_000, 5_000_000
REASONS = {
    Why.CONDITION: ("公式的选择条件可能翻转", "a condition that chooses may turn"),
    Why.STEP: ("靠近表或等级的分界", "near the end of a row or level"),
    Why.EXTREME: ("最大或最小者可能换成另一个", "another may be the smallest or largest"),
    Why.SIGN: ("绝对值靠近 0", "an absolute value is near 0"),
    Why.ROUNDING: ("可能修约到另一值", "may be rounded otherwise"),
    Why.DIVISOR: ("除数靠近 0", "a divisor is near 0"),
    Why.FLAT: ("灵敏系数全为 0，值却会变", "all sensitivities are 0, yet it moves"),
    Why.CURVED: ("二阶比一阶大 5 % 以上", "the second order adds more than 5 %"),
    Why.SHAPE: ("非正态的输入占 u² 的三成以上，和不是正态", "an input that is not normal has more than 30 % of u²: the sum is not normal"),
    Why.TOO_LONG: ("导数过长，无法精确计算", "a derivative is too long to compute"),
}
DECIDED = {
    "pass": ("接受", "accept"), "conditional pass": ("有条件接受", "conditional accept"), "conditional fail": ("有条件拒绝", "conditional reject"),
    "fail": ("拒绝", "reject"), "undecided": ("不作结论", "undecided"),
}  # fmt: skip
RULES: dict[Rule, tuple[str, str]] = {
    "simple": ("简单接受，不计不确定度", "simple acceptance, uncertainty not counted"),
    "guard": ("二元判定，保护带 w = 2u（ILAC-G8）", "binary with a guard band w = 2u (ILAC-G8)"),
    "ilac-g8": ("四种结论，保护带 w = 2u（ILAC-G8）", "four statements with a guard band w = 2u (ILAC-G8)"),
    "iso14253-1": ("保护带 1.65u，两侧都须证明（ISO 14253-1）", "guard band 1.65u, both sides are to be proved (ISO 14253-1)"),
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """How to draw: a number of trials, or until so many digits are settled; neither: `TRIALS`. sensitivity: whether Sobol indices are asked for."""

    trials: int | None
    digits: int | None
    sampler: str
    seed: int
    sensitivity: bool = False

    @property
    def asked(self) -> dict[str, Any]:
        count = self.trials if self.trials is not None or self.digits is not None else TRIALS
        return {"trials": count, "digits": self.digits or 2, "sampler": self.sampler, "seed": self.seed}


def uncertain_record(
    standard: str, record: Path | None, put: Sequence[str], correlations: Sequence[str], drawing: Drawing, rule: str, process: Sequence[str],
    on: str | None, json_: bool, corrected: bool, snapshots: Sequence[Path],
) -> Exit:  # fmt: skip
    """Prints what is said of one record; gives the exit code of its exact verdict."""
    shelf = Shelf()
    with refusals(texts_of(shelf, [standard])):
        program = ranked_programs(shelf, [standard], as_of(on), corrected, snapshots)[0]
        known = next(each for each in RULES if each == rule)
        processes = processes_of(shelf, program, process)
        made, said = stated_record(shelf, program, given(record, put), correlations, drawing.trials)
        show(said)
        found = uncertain(program, made, rule=known, **drawing.asked)
        risks = process_risks(program, made, processes, rule=known, seed=drawing.seed, trials=drawing.trials or TRIALS) if processes else None
        indices = sensitivities(found, seed=drawing.seed) if drawing.sensitivity else None
    if not found.settled:
        show([Diagnostic("draws-not-settled", None, {"trials": str(found.trials), "digits": str(found.digits)})])
    if json_:
        more: dict[str, Any] = {} if risks is None else {"process": risks_json(risks)}
        more |= {} if indices is None else {"sensitivity": indices_json(indices)}
        print(json.dumps(as_json(found) | more, ensure_ascii=False, indent=1))
    else:
        _show(found)
        if risks is not None:
            show_risks(risks)
        if indices is not None:
            show_indices(indices)
    overall = None if program.overall is None else found.evaluation.judge(program.overall)
    return {Verdict.FAIL: Exit.FAILS, Verdict.UNDETERMINED: Exit.UNDETERMINED}.get(overall or Verdict.PASS, Exit.OK)


def stated_record(
    shelf: Shelf, program: Program, record: dict[str, object], correlations: Sequence[str], trials: int | None
) -> tuple[Stated, tuple[Diagnostic, ...]]:
    """The record at the door, with its uncertainties and correlations, and what is to be said of it. Refused with everything that is wrong."""
    problems, pairs = Problems(), []
    if trials is not None and not LEAST <= trials <= MOST:
        problems.add("trials-out-of-reach", None, found=trials, least=LEAST, most=MOST)
    written = record.pop("correlations", None) if "correlations" not in program.inputs else None
    for each in written if isinstance(written, list) else [] if written is None else [written]:
        of = each.get("of") if isinstance(each, dict) else None
        if isinstance(of, list) and len(of) == 2 and isinstance(each, dict) and "r" in each:
            pairs.append((str(of[0]), str(of[1]), str(each["r"])))
        else:
            problems.add("uncertain-pair", None)
    pairs += correlated(correlations, problems)
    made = stated(program.inputs, record, pairs, problems, shelf.dictionary)
    for name, spread in made.spreads.items():
        declared, value = program.inputs[name], made.values[name]
        low, high = declared.minimum, declared.maximum
        assert isinstance(value, Fraction), "only numbers have an uncertainty"
        if (low is not None and value - 3 * spread.u < low) or (high is not None and value + 3 * spread.u > high):
            ends = {word: "" if end is None else decimal_text(end) for word, end in (("low", low), ("high", high))}
            problems.add("spread-beyond-range", None, name=name, **ends)
    problems.refuse_errors()
    return made, problems.found


def correlated(written: Sequence[str], problems: Problems) -> list[tuple[str, str, str]]:
    """`curb_mass,consumption=0.4`, each, in its parts."""
    pairs = []
    for text in written:
        names, sign, r = text.partition("=")
        one, comma, other = names.partition(",")
        if sign and comma:
            pairs.append((one.strip(), other.strip(), r.strip()))
        else:
            problems.add("correlation-malformed", None, text=text)
    return pairs


# the tables


@dataclass(frozen=True, slots=True)
class Told:
    """A table: its title, header and rows; right are the columns of numbers."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    right: tuple[int, ...] = ()


def _show(found: Uncertain) -> None:
    out = console()
    out.print(f"{found.program.standard.number}  {found.program.standard.title.text(language())}", style="bold")
    for each in tables(found):
        table(each.title, each.header, each.rows, right=each.right)
    for line in remarks(found):
        out.print(line, style="yellow" if line.startswith("!") else None)


def tables(found: Uncertain) -> Iterator[Told]:
    """Clauses, where the uncertainty comes from, quantities, levels: in the language that is spoken."""
    header: tuple[str, ...] = ("", say("条款", "clause"), say("要求", "requirement"), say("裕度 ± u", "margin ± u"),
                               say("符合概率，一阶", "P, first order"), say("抽样", "P, draws"), say("判定", "decision"))  # fmt: skip
    yield Told(say("条款", "clauses"), header, [_clause_row(each, found.trials) for each in found.clauses], (4, 5))
    yield from _budgets(found)
    if found.quantities:
        header = (say("量", "quantity"), say("值 ± u", "value ± u"), say("抽样的均值", "mean of draws"), say("标准差", "their sd"),
                  say("95 % 区间", "95 % interval"))  # fmt: skip
        yield Told(say("量", "quantities"), header, [_quantity_row(each) for each in found.quantities])
    if found.region is not None:
        pairs = region_rows(found.region)
        yield Told(pairs[0], pairs[1], pairs[2], (1, 2))
    moving = [each for each in found.levels if len(each.shares) > 1]
    if moving:
        rows = [(each.name, _level(each.measured), ", ".join(f"{_level(word)}: {_percent(p)}" for word, p in each.shares.items())) for each in moving]
        levels = (say("名称", "name"), say("按所给值", "at the values"), say("分布（抽样）", "how often (draws)"))
        yield Told(say("等级", "levels and grades"), levels, rows)


def remarks(found: Uncertain) -> Iterator[str]:
    """The joint probability; why a first order does not hold, after a `!`; the conventions."""
    if found.joint is not None:
        together = _drawn(found.joint, 1 if all(each.settled for each in found.clauses) else found.trials)
        yield say(f"全部适用的必达条款同时符合的概率：{together}（共同的抽样）",
                  f"probability that every `shall` clause that applies is met: {together} (common draws)")  # fmt: skip
    named = [(f"{each.meaning.no}", each.margin) for each in found.clauses if each.margin is not None]
    named += [(each.name, each.linear) for each in found.quantities]
    for name, linear in named:
        for doubt in linear.doubts:
            yield f"! {name}: {doubt_text(doubt)}"
        if math.isnan(linear.dof) and not math.isnan(linear.u):
            yield say(f"! {name}: 输入既相关又有有限自由度，有效自由度没有定义，不给一阶的概率",
                      f"! {name}: correlated inputs have finite degrees of freedom: effective ones are undefined, no probability")  # fmt: skip
    if found.region is not None:
        yield region_text(found.region)
    yield from conventions(found)


def _clause_row(each: Clause, trials: int) -> tuple[str, ...]:
    margin = "" if each.margin is None else with_u(each.margin)
    linear = "—" if each.probability is None else _drawn(each.probability, 1 if each.settled else MOST)
    decided = "—" if each.decided is None else say(*DECIDED[each.decided])
    others = [v for v in OF_VERDICTS[2:] if each.shares[v]]
    drawn = " ".join([_drawn(each.shares[Verdict.PASS], 1 if each.settled else trials),
                      *(f"({WORDS[v][language()]} {_percent(each.shares[v])})" for v in others)])  # fmt: skip
    if others and each.shares[others[0]] == 1:
        linear, drawn = "—", WORDS[each.verdict][language()]
    return MARKS[each.verdict], each.meaning.no, each.meaning.clause.title.text(language()), margin, linear, drawn, decided


def _budgets(found: Uncertain) -> Iterator[Told]:
    rows: list[tuple[str, ...]] = []
    told = set()
    for name, linear in [(c.meaning.no, c.margin) for c in found.clauses] + [(q.name, q.linear) for q in found.quantities]:
        if linear is None or linear.node.index in told or not linear.u > 0:
            continue
        told.add(linear.node.index)
        for i, part in enumerate(linear.parts):
            dof = say(f"{name}，ν = {linear.dof:.3g}", f"{name}, dof {linear.dof:.3g}") if math.isfinite(linear.dof) else name
            u = found.stated.spreads[part.name].u
            value = found.stated.values[part.name]
            assert isinstance(value, Fraction), "only numbers have an uncertainty"
            unit = found.program.inputs[part.name].unit
            stated_as = f"{decimal_text(value)} ± {_short(u)}{'' if unit is None or unit.text == '1' else f' {unit.text}'}"
            rows.append((dof if i == 0 else "", part.name, stated_as, _short(part.sensitivity), f"{part.contribution:.3g}", _percent(part.share)))
    if rows:
        header = (say("结果", "result"), say("输入", "input"), say("值 ± u", "value ± u"), say("灵敏系数", "sensitivity"),
                  say("贡献", "contribution"), say("份额", "share of u²"))  # fmt: skip
        yield Told(say("不确定度的来源（一阶）", "where the uncertainty comes from (first order)"), header, rows, (3, 4, 5))


def _quantity_row(each: Quantity) -> tuple[str, ...]:
    known = "" if each.known == 1 else say(f"（{_percent(each.known)} 有值）", f" ({_percent(each.known)} have a value)")
    return (each.name, with_u(each.linear), f"{each.mean:.6g}{known}", f"{each.sd:.3g}", f"{each.low:.6g} … {each.high:.6g}")


def _level(word: str | None) -> str:
    return say("无", "none") if word is None else word


def with_u(linear: Linear) -> str:
    """`0.12 ± 0.11 kWh/100km`: u to two digits, the value to the same place; ⚠ where the first order does not hold."""
    unit = linear.node.type.unit.text
    ending = ("" if unit == "1" else f" {unit}") + ("" if linear.holds else " ⚠")
    if math.isnan(linear.u):
        return f"{_short(linear.value)}{ending}"
    if linear.u == 0:
        return f"{decimal_text(linear.value)} ± 0{ending}"
    step = Fraction(10) ** (math.floor(math.log10(linear.u)) - 1)
    places = max(0, -(math.floor(math.log10(linear.u)) - 1))
    value, u = (float(round_gb(x, step)) for x in (linear.value, Fraction(linear.u)))
    return f"{value:.{places}f} ± {u:.{places}f}{ending}"


def _short(x: Fraction) -> str:
    return f"{float(x):.6g}"


def _percent(p: float) -> str:
    if p in (0, 1):
        return f"{100 * p:.0f} %"
    return "> 99.99 %" if p > 0.9999 else "< 0.01 %" if 0 <= p < 0.0001 else f"{100 * p:.2f} %"


def _drawn(p: float, trials: int) -> str:
    """A share of draws; where all or none hold, what that shows of the probability (to 95 %, the rule of three). One draw is no estimate."""
    if trials > 1 and p in (0, 1):
        bound = 100 * 3 / trials
        return f"> {100 - bound:.6g} %" if p == 1 else f"< {bound:.2g} %"
    return _percent(p)


def doubt_text(doubt: Doubt) -> str:
    """Why the first order does not hold, how near the border is, and where it was written."""
    border = doubt.why not in (Why.FLAT, Why.CURVED, Why.SHAPE, Why.TOO_LONG) and doubt.u > 0
    near = say(f"，距 {doubt.distance / doubt.u:.2g} u", f", {doubt.distance / doubt.u:.2g} u away") if border else ""
    return say("一阶不成立：", "the first order does not hold: ") + say(*REASONS[doubt.why]) + near + f"  {_place(doubt) or ''}".rstrip()


def _place(doubt: Doubt) -> str | None:
    return None if doubt.where is None else f"{Path(doubt.where.file).name}:{doubt.where.line}"


def conventions(found: Uncertain) -> list[str]:
    """What the figures rest on: the probability meant, the prior, distributions, draws, and the decision rule."""
    if not found.stated.spreads:
        return [say("没有给出不确定度：概率只是 0 或 1，与判定相同。", "no uncertainty is given: probabilities are 0 or 1, as the verdicts are.")]
    error = 50 / math.sqrt(found.trials) if found.digits is None else 100 * max(found.error, 3 / found.trials)
    way = "Philox" if found.sampler == "philox" else "Sobol"
    settled = []
    if found.digits is not None:
        reached = say("已稳定", "settled") if found.settled else say("未稳定", "not settled")
        settled = [say(f"自适应（JCGM 101 7.9）：{reached}到 u 的 {found.digits} 位有效数字，概率到小数后 {found.digits} 位。",
                       f"adaptive (JCGM 101, 7.9): {reached} to {found.digits} digits of u, {found.digits} decimals of a probability.")]  # fmt: skip
    return [
        say("约定：所问的是这一件产品在此测量结果下符合的概率（JCGM 106 的特定概率，先验平坦，不知过程）。",
            "convention: the probability that this one item conforms, given this measurement (specific, JCGM 106; flat prior, no process known)."),
        say("特定风险：接受时使用方风险为 1 − P，拒绝时生产方风险为 P。",
            "specific risks: where accepted, the consumer's is 1 − P; where rejected, the producer's is P."),
        say(f"输入为正态{_others(found)}，有限自由度的为 t 分布，相关的以高斯 copula 相连；未写 u 的按精确已知。",
            f"inputs are normal{_others(found)}, t where degrees of freedom are finite, joined by a Gaussian copula; "
            "what has no u is taken as exactly known."),
        say(f"抽样 {found.trials:,} 次（{way}，种子 {found.seed}）；其概率的标准误差至多 {error:.2g} %。",
            f"{found.trials:,} draws ({way}, seed {found.seed}); standard error of their probabilities at most {error:.2g} %."),
        *settled,
        say(f"判定规则 {found.rule}：{RULES[found.rule][0]}。", f"decision rule {found.rule}: {RULES[found.rule][1]}."),
    ]  # fmt: skip


def _others(found: Uncertain) -> str:
    """Of the inputs that are not normal, how they are."""
    told = ", ".join(f"{name}: {spread.shape}" for name, spread in found.stated.spreads.items() if spread.shape != "normal")
    return say(f"（{told}）", f" ({told})") if told else ""


# JSON


def as_json(found: Uncertain) -> dict[str, Any]:
    """The same for programs: numbers in the units named, probabilities from 0 to 1."""
    program = found.program
    return {
        "standard": program.standard.number, "content_hash": program.content_hash, "on": program.on.isoformat(), "rule": found.rule,
        "trials": found.trials, "seed": found.seed, "conventions": conventions(found),
        "inputs": {n: {"value": decimal_text(found.stated.values[n]), "u": float(s.u), "dof": _finite(s.dof),  # type: ignore[arg-type]
                       "shape": s.shape}
                   for n, s in found.stated.spreads.items()},
        "correlations": [{"of": list(pair), "r": r} for pair, r in found.stated.correlation.items()],
        "clauses": [_clause_json(each) for each in found.clauses], "quantities": [_quantity_json(each) for each in found.quantities],
        "levels": [_levels_json(each) for each in found.levels], "joint": found.joint, "sampler": found.sampler, "digits": found.digits,
        "settled": found.settled, "standard_error": found.error, "region": None if found.region is None else region_json(found.region),
    }  # fmt: skip


def _finite(x: float | None) -> float | None:
    return x if x is not None and math.isfinite(x) else None


def _clause_json(each: Clause) -> dict[str, Any]:
    return {
        "clause": each.meaning.no, "verdict": each.verdict.value, "margin": None if each.margin is None else _linear_json(each.margin),
        "probability_first_order": each.probability, "draws": {v.value: each.shares[v] for v in OF_VERDICTS}, "settled": each.settled,
        "decision": each.decided, "specific_risk": {"consumer": 1 - each.conforming, "producer": each.conforming},
    }  # fmt: skip


def _linear_json(linear: Linear) -> dict[str, Any]:
    return {
        "value": decimal_text(linear.value), "unit": linear.node.type.unit.text, "u": _finite(linear.u), "dof": _finite(linear.dof),
        "dof_undefined": math.isnan(linear.dof), "u_second_order": _finite(linear.second), "bias": _finite(linear.bias), "holds": linear.holds,
        "doubts": [{"why": d.why.value, "distance": _finite(d.distance), "u": _finite(d.u), "where": _place(d)} for d in linear.doubts],
        "budget": [{"input": p.name, "sensitivity": decimal_text(p.sensitivity), "contribution": p.contribution, "share": p.share}
                   for p in linear.parts],
    }  # fmt: skip


def _quantity_json(each: Quantity) -> dict[str, Any]:
    drawn = {"mean": _finite(each.mean), "sd": _finite(each.sd), "low": _finite(each.low), "high": _finite(each.high), "known": each.known}
    return {"name": each.name, **_linear_json(each.linear), "draws": drawn}


def _levels_json(each: Levels) -> dict[str, Any]:
    return {"name": each.name, "at_the_values": each.measured, "draws": [{"level": word, "share": p} for word, p in each.shares.items()]}

