"""`guiju align map` and `guiju align joint`: the map of a system of standards, and the list of what regions implement together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from guiju.cli.commands import AsJson, Overwrite, ReportFile

if TYPE_CHECKING:
    from guiju.align.joint import Joint
    from guiju.align.systemmap import SystemMap
    from guiju.base.diagnostics import Language
    from guiju.report.tree import Report

Made = TypeVar("Made")

SystemFile = Annotated[Path | None, typer.Option("--system", metavar="FILE", help="体系文件；默认自带的 · the system; default: the shipped one")]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="截至，默认今天 · as of, default today")]


def add(align: typer.Typer) -> None:
    align.command("map")(system_map)
    align.command("joint")(joint)


def system_map(
    system: SystemFile = None,
    on: On = None,
    horizon: Annotated[int, typer.Option("--horizon", metavar="MONTHS", min=0, max=1200, help="预告多少个月 · months to look ahead")] = 24,
    out: ReportFile = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """标准体系表：有什么、缺什么、谁归口、何时到期 · the map of a system: what there is, what is lacking, owners, dates."""
    from guiju.align.systemmap_pages import map_json, map_report

    _told(lambda: _made(system, on, horizon), map_report, map_json, _show_map, out, overwrite, as_json)


def joint(
    regions: Annotated[
        list[str] | None, typer.Option("--region", metavar="REGION", help="地区，可多次；默认长三角 · repeatable; default the Yangtze delta")
    ] = None,
    system: SystemFile = None,
    on: On = None,
    out: ReportFile = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """共同实施清单：各标准在各地区的状态 · the joint-implementation list: the status of each standard in each region."""
    from guiju.align.joint import DEFAULT
    from guiju.align.joint import joint as list_jointly
    from guiju.align.systemmap_pages import joint_json, joint_report
    from guiju.standard.regions import load_regions

    def make() -> Joint:
        return list_jointly(_made(system, on, 0), load_regions(), regions or DEFAULT)

    _told(make, joint_report, joint_json, _show_joint, out, overwrite, as_json)


def _told(
    make: Callable[[], Made], report: Callable[[Made, Language], Report], plain: Callable[[Made, Language], dict[str, object]],
    show: Callable[[Made], None], out: Path | None, overwrite: bool, as_json: bool,
) -> None:  # fmt: skip
    """Makes it, writes it where a file is named, and prints it as JSON or in brief."""
    import json

    from guiju.cli.console import language, refusals, written
    from guiju.report.written import ready, save

    with refusals():
        if out is not None:
            ready(out, overwrite)
        made = make()
        if out is not None:
            save(report(made, language()), out, overwrite=overwrite)
    if as_json:
        print(json.dumps(plain(made, language()), ensure_ascii=False, indent=1))
        return
    show(made)
    if out is not None:
        written(out)


def _made(system: Path | None, on: str | None, horizon: int) -> SystemMap:
    from datetime import date

    from guiju.align.system import load_system, system_files
    from guiju.align.systemmap import system_map as make
    from guiju.base.dates import as_of
    from guiju.standard.regions import load_regions
    from guiju.standard.shelf import Shelf

    regions = load_regions()
    return make(load_system(system or system_files()[0], regions), Shelf(), regions, on=as_of(on) or date.today(), horizon=horizon)


def _show_map(made: SystemMap) -> None:
    """The matrix, what is missing, what expires, what is due; and how much is not known."""
    from guiju.align.systemmap_pages import cell_text, legend, missing_row
    from guiju.cli.console import console, language, say, table

    aspects = made.system.aspects
    rows = [(s.title.text(language()), *(cell_text(made, made.cells[s.id, a], language()) for a in aspects)) for s in made.segments.values()]
    header = (say("门类", "segment"), *(title.text(language()) for title in aspects.values()))
    table(f"{made.system.title.text(language())}, {made.on}", header, rows)
    console().print(legend(language()), style="dim")
    if made.missing:
        words = (("应有而未见", "wanted, none known"), ("层级", "level"), ("为何应有", "why"), ("草案", "drafts"), ("其他层级", "elsewhere"))
        table("", [say(*word) for word in words], [missing_row(made, m, language()) for m in made.missing])
    dated = [(e.day.text, e.entry.number, e.what.text(language())) for e in made.expiring]
    dated += [(str(d.day), d.entry.number, say("复审期满", "review due") + (say("（已过）", " (past)") if d.past else "")) for d in made.due]
    if dated:
        table("", (say("日期", "day"), say("将到期或应复审", "expires or is due"), say("事项", "what")), sorted(dated))
    shelf = sum(e.on_shelf for e in made.entries)
    console().print(say(
        f"{len(made.entries)} 份标准，{shelf} 份在书架上；只知其名 {len(made.unseen)}，归口未知 {len(made.orphaned)}，日期未知 {len(made.undated)}，"
        f"被引用而未收入 {len(made.cited)}；--out 写出全部",
        f"{len(made.entries)} standards, {shelf} on the shelf; known by name only {len(made.unseen)}, owner unknown {len(made.orphaned)}, "
        f"undated {len(made.undated)}, cited and held nowhere {len(made.cited)}; --out writes it all",
    ))  # fmt: skip


def _show_joint(made: Joint) -> None:
    from guiju.align.systemmap_pages import STATUSES
    from guiju.cli.console import console, language, say, table

    rows = [(row.entry.number, *(STATUSES[h.status][0] for h in row.held)) for row in made.rows if not row.everywhere]
    header = (say("并非处处适用", "not everywhere"), *(r.title.text(language()) for r in made.regions))
    table(say(f"共同实施清单，{made.on}", f"joint implementation, {made.on}"), header, rows)
    console().print(say("；", "; ").join(f"{mark} {title.text(language())}" for mark, title in STATUSES.values()), style="dim")
    everywhere = sum(row.everywhere for row in made.rows)
    console().print(say(f"处处适用的 {everywhere} 份；--out 写出全部与理由", f"apply everywhere: {everywhere}; --out writes all, with reasons"))
    for agreement, parties in made.agreements:
        signed = agreement.signed.text if agreement.signed else "?"
        names = say("、", ", ").join(r.title.text(language()) for r, party in zip(made.regions, parties, strict=True) if party)
        console().print(say(f"互认：{agreement.title.zh}（{signed}）：{names}", f"recognition: {agreement.title.en} ({signed}): {names}"))
