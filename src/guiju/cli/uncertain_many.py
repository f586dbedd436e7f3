"""What `guiju uncertain --records` does: every record of a file with standard uncertainties, and how probable it is that each conforms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.base.rounding import parse_number
from guiju.cli.console import Exit, console, language, progress, refusals, say, show, table, written
from guiju.cli.judging import show_about, show_inputs
from guiju.cli.ranking import ranked_programs
from guiju.cli.reading import texts_of
from guiju.cli.uncertain import DECIDED, RULES, correlated
from guiju.metrology.decision import Rule
from guiju.records.uncertain import MARGINS, Told, UncertainRecords, parse_wide, read_uncertain, told
from guiju.records.write import write_table
from guiju.standard.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Asked:
    records: Path
    mapping: Path | None
    sheet: str | None
    wide: tuple[str, ...]
    correlations: tuple[str, ...]
    singles: int
    seed: int
    out: tuple[Path, ...]
    overwrite: bool
    rule: Rule


def refuse_those_of(options: Mapping[str, object], *, of_one: bool) -> None:
    """Ends the command where options were given that would not count: of one record where there are many, or the other way round."""
    given = [name for name, value in options.items() if value]
    if not given:
        return
    kind = {"kind_zh": "一条记录", "kind_en": "one record"} if of_one else {"kind_zh": "许多记录", "kind_en": "many records"}
    with refusals({}):
        raise Refused([Diagnostic("uncertain-one-or-many", None, {"options": ", ".join(given), **kind})])


def uncertain_records(standard: str, asked: Asked, on: str | None, json_: bool, corrected: bool, snapshots: Sequence[Path]) -> Exit:
    """Prints what is said of the records together; writes what is said of each."""
    shelf = Shelf()
    with refusals(texts_of(shelf, [standard])):
        program = ranked_programs(shelf, [standard], as_of(on), corrected, snapshots)[0]
        problems = Problems()
        wide = [made for text in asked.wide if (made := parse_wide(text, program.inputs, problems)) is not None]
        pairs = {}
        for one, other, text in correlated(asked.correlations, problems):
            r = parse_number(text)
            if r is None:
                problems.add("uncertain-pair", None)
            else:
                pairs[one, other] = float(r)
        problems.refuse_errors()
        with progress(say("读取与计算", "reading and computing")) as tell:
            found = read_uncertain(
                shelf, program, asked.records, asked.mapping, wide, sheet=asked.sheet, correlation=pairs, singles=asked.singles, seed=asked.seed,
                progress=tell, rule=asked.rule,
            )  # fmt: skip
        show(d for d in found.diagnostics if d.code != "input-without-column")
        if json_:
            print(json.dumps(as_json(found), ensure_ascii=False, indent=1))
        else:
            _show(found)
        for path in asked.out:
            write_table(found.connection, f"SELECT * FROM {MARGINS} ORDER BY row", path, overwrite=asked.overwrite)
            written(path)
    return Exit.OK


def _show(found: UncertainRecords) -> None:
    standard, out = found.program.standard, console()
    out.print(f"{standard.number}  {standard.title.text(language())}", style="bold")
    show_inputs(found.source, found.suggestion is not None, found.quality.inputs)
    titles = {m.no: m.clause.title.text(language()) for m in found.program.judged}
    rows = [(each.no, titles[each.no], f"{each.records:,}", f"{each.expected:,.2f}", f"{each.above:,}", f"{each.near:,}",
             ", ".join(f"{say(*DECIDED[word])} {count:,}" for word, count in each.decided.items())) for each in told(found)]  # fmt: skip
    header = (
        say("条款", "clause"), say("要求", "requirement"), say("有概率的记录", "with a probability"), say("预期符合", "expected to conform"),
        say("P ≥ 95 %", "P ≥ 95 %"), say("靠近分界", "near a border"), say("判定", "decisions"),
    )  # fmt: skip
    table(say("符合概率", "probabilities"), header, rows, right=(2, 3, 4, 5))
    for line in conventions(found):
        out.print(line)
    show_about(found.mapping)


def conventions(found: UncertainRecords) -> list[str]:
    """What the figures rest on, and what is left out."""
    lines = [
        say("约定：每条记录在其测量结果下符合的概率（JCGM 106 的特定概率，先验平坦）；一阶，裕度为正态；曲率未查。",
            "convention: the probability that each record conforms, given its measurement (specific, JCGM 106; flat prior); first order, normal "
            "margin; curvature is not looked into."),
        say(f"靠近分界的记录没有一阶概率：其中 {found.drawn:,} 条逐条抽样，{found.waiting:,} 条留空。",
            f"records near a border have no first-order probability: {found.drawn:,} of them were drawn one by one, {found.waiting:,} are empty."),
    ]  # fmt: skip
    left = [no for no in found.margins.left_out if no not in found.margins.settled and no != "overall"]
    if left:
        named = ", ".join(left[:12]) + (" …" if len(left) > 12 else "")
        english = f"clauses without probabilities (not one comparison, or too long): {named}"
        lines.append(say(f"没有概率的条款（不是单一比较，或过长）：{named}", english))
    lines.append(say(f"判定规则 {found.rule}：{RULES[found.rule][0]}。", f"decision rule {found.rule}: {RULES[found.rule][1]}."))
    if found.margins.bounded:
        lines.append(say("全部必达条款同时符合：列 all at least 与 all at most 为下界与上界。",
                         "every `shall` clause at once: the columns `all at least` and `all at most` are bounds."))  # fmt: skip
    return lines


def as_json(found: UncertainRecords) -> dict[str, Any]:
    """The same for programs."""

    def said(each: Told) -> dict[str, Any]:
        return {"clause": each.no, "records": each.records, "expected": each.expected, "above_95": each.above, "near": each.near,
                "decisions": dict(each.decided)}  # fmt: skip

    return {
        "standard": found.program.standard.number, "content_hash": found.program.content_hash, "rows": found.source.rows,
        "inputs": [{"name": w.name, "u": None if w.u is None else float(w.u), "share": None if w.share is None else float(w.share),
                    "column": w.column} for w in found.wide],
        "clauses": [said(each) for each in told(found)], "left_out": list(found.margins.left_out), "settled": list(found.margins.settled),
        "rule": found.rule, "drawn": found.drawn, "waiting": found.waiting, "bounded": found.margins.bounded, "conventions": conventions(found),
    }  # fmt: skip
