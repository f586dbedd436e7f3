"""A lag as tables on the terminal."""

from __future__ import annotations

from guiju.cli.console import console, language, say, table
from guiju.readings.evaluate import Verdict
from guiju.readings.explain import MARKS, WORDS
from guiju.verify.lag import ClauseLag, Lag, StandardLag

ORDER = (Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)


def _cells(clause: ClauseLag) -> tuple[str, ...]:
    counts = (f"{clause.counts.get(v, 0):,}" for v in ORDER)
    rate = "—" if clause.rate is None else f"{100 * clause.rate:.1f} %"
    bar = "" if clause.rate is None else "█" * round(12 * clause.rate) + "░" * (12 - round(12 * clause.rate))
    return (*counts, rate, bar, f"{100 * clause.margin.median:.1f} %" if clause.margin else "")


def _called(each: StandardLag, name: str) -> str:
    declared = each.program.inputs.get(name)
    return declared.title(language()) if declared else name


def print_lag(result: Lag) -> None:
    """Prints how many products pass each standard, limit against limit, what is missing, and every assumption."""
    verdicts = tuple(f"{MARKS[v]} {WORDS[v][language()]}" for v in ORDER)
    header = (say("标准", "standard"), say("龄（年）", "age, years"), *verdicts, say("符合率", "pass rate"), "", say("余量中位数", "median margin"))
    title = say(f"标准滞后：{result.rows:,} 条记录", f"standard lag: {result.rows:,} records")
    table(title, header, [row for each in result.standards for row in _rows(each)], right=(1, 2, 3, 4, 5, 6, 8))
    _print_pairs(result)
    waits = [(each.standard.number, _called(each, name), f"{number:,}") for each in result.standards for name, number in each.missing]
    if waits:
        header = (say("标准", "standard"), say("等待", "waits for"), say("记录数", "records"))
        table(say("无法判定的原因", "why undetermined"), header, waits, right=(2,))
    for assumption in result.assumptions:
        console().print(f"! {say('假设：', 'assumption: ')}{assumption.title.text(language())}", style="yellow")


def _rows(each: StandardLag) -> list[tuple[str, ...]]:
    age = "—" if each.age is None else f"{each.age:.1f}"
    whole = [(each.standard.number, age, *_cells(each.overall))] if each.overall else []
    return [*whole, *((f"  {c.no} {c.clause.title.text(language())}", "", *_cells(c)) for c in each.clauses)]


def _print_pairs(result: Lag) -> None:
    pairs = []
    for p in result.pairs:
        counts = (f"{number:,}" for number in (p.both, p.only_older, p.only_newer, p.neither))
        pairs.append((p.strictness.first.label, p.strictness.second.label, *counts))
    if not pairs:
        return
    header = (
        say("较早", "older"), say("较新", "newer"), say("都符合", "pass both"), say("只符合较早的", "only the older"),
        say("只符合较新的", "only the newer"), say("都不符合", "neither"),
    )  # fmt: skip
    table(say("两两比较（同一量的限值）", "limit against limit, on the same quantity"), header, pairs, right=(2, 3, 4, 5))
