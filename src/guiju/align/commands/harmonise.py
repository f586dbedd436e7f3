"""`guiju align harmonise` and `guiju align roadmap`: one standard in place of several, and the way there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.align.commands.compare import AnyMethod, Subject, TreatAs, Words
from guiju.cli.commands import AsJson, MappingFile, On

Products = Annotated[Path | None, typer.Option("--records", metavar="FILE", help="真实产品：谁受影响 · real products: which are affected")]
Baseline = Annotated[
    str | None, typer.Option("--baseline", metavar="STANDARD", help="基准；默认第一份国家标准，否则第一份 · default: first national one")
]  # fmt: skip


def add(align: typer.Typer) -> None:
    align.command("harmonise")(harmonise)
    align.command("roadmap")(roadmap)


def harmonise(
    words: Words,
    strategy: Annotated[str, typer.Option("--strategy", metavar="NAME", help="strictest baseline fewest cheapest")] = "strictest",
    baseline: Baseline = None,
    extra: Annotated[str, typer.Option("--extra", metavar="WHAT", help="基准没有的要求：keep add drop · what the baseline does not ask")] = "keep",
    number: Annotated[str | None, typer.Option("--number", metavar="N", help="提案的标准号 · the number of the proposal")] = None,
    level: Annotated[str | None, typer.Option("--level", metavar="LEVEL", help="提案的层级；默认同基准 · default: that of the baseline")] = None,
    region: Annotated[str | None, typer.Option("--region", metavar="REGION", help="提案的地区；默认同基准 · default: that of the baseline")] = None,
    subject: Subject = None,
    on: On = None,
    treat_as: TreatAs = None,
    any_method: AnyMethod = False,
    records: Products = None,
    mapping: MappingFile = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="写出提案 · write the proposal")] = None,
    top: Annotated[int, typer.Option("--top", metavar="N", help="每处列出的产品数 · products named in each place")] = 3,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """提出一份统一的标准：每项取谁的要求，谁要改什么，哪些产品受影响 · propose one standard: whose requirements, who must change what.

    提案的每一条都证明与来源条款判定相同 · every clause is proved to judge as the one it comes from. 退出码 1 有待协商的要求 ·
    exit code 1 where something has to be settled first.
    """
    from guiju.align.commands import harmonised
    from guiju.align.harmonising import Question

    question = Question(
        tuple(words), strategy, baseline, extra, number, level, region, subject, None, tuple(treat_as or ()), any_method, records, mapping
    )
    raise typer.Exit(harmonised.harmonised(question, on, out, top, as_json))


def roadmap(
    words: Words,
    to: Annotated[str, typer.Option("--to", metavar="PROPOSAL", help="目标标准：标准号、文件夹或文件 · what is to be reached")],
    baseline: Baseline = None,
    order: Annotated[str, typer.Option("--order", metavar="BY", help="products standards date")] = "products",
    together: Annotated[bool, typer.Option("--together", help="一份标准一步改完 · all changes of one standard at once")] = False,
    subject: Subject = None,
    on: On = None,
    treat_as: TreatAs = None,
    any_method: AnyMethod = False,
    records: Products = None,
    mapping: MappingFile = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """从现行各标准到目标的步骤，及每步受影响的产品 · the steps from the standards of today to a proposal, with products affected.

    退出码 1 途中有一步不稳妥，或终点不等于目标 · exit code 1 where a step is not sound, or the end is not the proposal.
    """
    from guiju.align.commands import harmonised
    from guiju.align.harmonising import Question

    question = Question(
        tuple(words), baseline=baseline, subject=subject, treat_as=tuple(treat_as or ()), any_method=any_method,
        records=records, mapping=mapping,
    )  # fmt: skip
    raise typer.Exit(harmonised.mapped_out(question, on, to, order, together, as_json))
