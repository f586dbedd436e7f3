"""`guiju align guide`: the guide to a market, printed in brief or written whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from guiju.cli.commands import AsJson, Overwrite, ReportFile

if TYPE_CHECKING:
    from guiju.align.guide import Guide
    from guiju.cli.console import Exit


def add(align: typer.Typer) -> None:
    align.command("guide")(guide)


def guide(
    region: Annotated[str, typer.Argument(metavar="REGION", help="市场：代码或名称 · the market: code or name")],
    subject: Annotated[str, typer.Option("--subject", metavar="TYPE", help="产品：对象类型 · the product: a type of subject, such as vehicle.car")],
    product: Annotated[Path | None, typer.Option("--product", metavar="FILE", help="一个产品：YAML 或 JSON · one product: YAML or JSON")] = None,
    put: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="一个性质，可多次 · a property, repeatable")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="截至，默认今天 · as of, default today")] = None,
    horizon: Annotated[int, typer.Option("--horizon", metavar="MONTHS", min=0, max=1200, help="预告多少个月 · months to look ahead")] = 24,
    out: ReportFile = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """市场指南（一国一册）：适用的要求、试验、材料与日期 · market guide: every requirement, test, document and date."""
    from datetime import date

    from guiju.align.guide import market_guide
    from guiju.align.guide_pages import guide_report
    from guiju.align.system import load_system, system_files
    from guiju.base.dates import as_of
    from guiju.cli.console import language, refusals
    from guiju.report.written import ready, save
    from guiju.standard.regions import load_regions
    from guiju.standard.shelf import Shelf

    with refusals():
        if out is not None:
            ready(out, overwrite)
        shelf = Shelf()
        shelf.problems.refuse_errors()
        regions = load_regions()
        made = market_guide(
            shelf, regions, region, subject, on=as_of(on) or date.today(), horizon=horizon, given=_given(product, put or []),
            systems=[load_system(path, regions) for path in system_files()],
        )  # fmt: skip
        if out is not None:
            save(guide_report(made, language()), out, overwrite=overwrite)
    raise typer.Exit(_told(made, as_json, out))


def _given(product: Path | None, put: list[str]) -> dict[str, object] | None:
    from guiju.cli.judging import given

    return given(product, put) if product is not None or put else None


def _told(made: Guide, as_json: bool, out: Path | None) -> Exit:
    """Prints the guide in brief, or as JSON; the exit code is that of the product, where one was given."""
    import json

    from guiju.align.guide_pages import guide_json
    from guiju.cli.console import Exit, language, written
    from guiju.readings.evaluate import Verdict

    if as_json:
        print(json.dumps(guide_json(made, language()), ensure_ascii=False, indent=1))
    else:
        _brief(made)
        if out is not None:
            written(out)
    overall = [part.overall for part in made.parts]
    if Verdict.FAIL in overall:
        return Exit.FAILS
    return Exit.UNDETERMINED if Verdict.UNDETERMINED in overall else Exit.OK


def _brief(made: Guide) -> None:
    """Which standards apply, which do not, what is ahead, and what there is to do, as tables."""
    from guiju.align.guide import Reason, to_bring, to_show, to_state, to_test
    from guiju.align.guide_pages import REASONS, STANDINGS, binding
    from guiju.cli.console import console, language, say, table
    from guiju.readings.explain import MARKS

    title = say(f"市场指南：{made.region.title.zh} · {made.subject}，{made.on}", f"market guide: {made.region.title.en} · {made.subject}, {made.on}")
    if not made.parts:
        console().print(title, style="bold")
        console().print(say("书架上没有适用的标准。这一市场有标准的产品：", "nothing on the shelf applies. Products with standards here:"))
        for kind, numbers in made.subjects.items():
            console().print(f"  {kind}: {', '.join(numbers)}")
    else:
        rows = []
        for part in made.parts:
            overall = part.overall
            mark = MARKS[overall] + " " if overall is not None else ""
            s = part.standard
            state = STANDINGS[part.standing].text(language()) + (f" {s.effective}" if s.effective else "")
            rows.append((f"{mark}{s.number}", part.through.title.text(language()), state, binding(s).text(language()), str(len(part.requirements))))
        header = (say("标准", "standard"), say("发布所对", "issued for"), say("状态", "state"), say("约束力", "force"), say("条款", "clauses"))
        table(title, header, rows, right=(4,))
    apart = [(a.standard.number, REASONS[a.reason].text(language()) + (f" {a.by}" if a.by else "") + (f" {a.day}" if a.day else ""))
             for a in made.apart if a.reason is not Reason.OTHER_SUBJECT]  # fmt: skip
    if apart:
        table(say("不适用", "does not apply"), (say("标准", "standard"), say("原因", "reason")), apart)
    ahead = [(str(e.day), e.number, e.title.text(language())) for e in made.events if made.on < e.day <= made.until]
    if ahead:
        table(say(f"至 {made.until} 的日期", f"days up to {made.until}"), (say("日期", "day"), say("标准", "standard"), say("事项", "what")), ahead)
    if made.parts:
        counted = len(to_test(made)), len(to_bring(made)), len(to_state(made))
        console().print(say(
            f"试验与测量 {counted[0]} 项，材料 {counted[1]} 项，产品说明 {counted[2]} 项；全文用 --out 写出",
            f"tests and measurements: {counted[0]}, documents: {counted[1]}, facts of the product: {counted[2]}; --out writes it all",
        ))  # fmt: skip
    if made.beyond:
        zh, en = "已知适用而不在书架上：", "known to apply, and not on the shelf: "
        console().print(say(zh, en) + say("、", ", ").join(entry.number for entry in made.beyond), style="yellow")
    waiting = to_show(made)
    if waiting:
        words = say("、", ", ").join(asked.title(language()) for asked, _ in waiting)
        console().print(say(f"还需证明：{words}", f"still to be shown: {words}"), style="yellow")
