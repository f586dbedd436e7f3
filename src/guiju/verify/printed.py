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
    rows = []
    for each in result.standards:
        age = "—" if each.age is None else f"{each.age:.1f}"
        if each.overall is not None:
            rows.append((each.standard.number, age, *_cells(each.overall)))
        rows += [(f"  {c.no} {c.clause.title.text(language())}", "", *_cells(c)) for c in each.clauses]
    header = (
        say("标准", "standard"), say("龄（年）", "age, years"), *(f"{MARKS[v]} {WORDS[v][language()]}" for v in ORDER), say("符合率", "pass rate"), "",
        say("余量中位数", "median margin"),
    )  # fmt: skip
    table(say(f"标准滞后：{result.rows:,} 条记录", f"standard lag: {result.rows:,} records"), header, rows, right=(1, 2, 3, 4, 5, 6, 8))
    pairs = [
        (p.strictness.first.label, p.strictness.second.label, f"{p.both:,}", f"{p.only_older:,}", f"{p.only_newer:,}", f"{p.neither:,}") for p in result.pairs
    ]  # fmt: skip
    if pairs:
        words = (("较早", "older"), ("较新", "newer"), ("都符合", "pass both"), ("只符合较早的", "only the older"), ("只符合较新的", "only the newer"),
                 ("都不符合", "neither"))  # fmt: skip
        table(say("两两比较（同一量的限值）", "limit against limit, on the same quantity"), tuple(say(*w) for w in words), pairs, right=(2, 3, 4, 5))
    waits = [(each.standard.number, _called(each, name), f"{number:,}") for each in result.standards for name, number in each.missing]
    if waits:
        header = (say("标准", "standard"), say("等待", "waits for"), say("记录数", "records"))
        table(say("无法判定的原因", "why undetermined"), header, waits, right=(2,))
    for assumption in result.assumptions:
        console().print(f"! {say('假设：', 'assumption: ')}{assumption.title.text(language())}", style="yellow")
