"""`guiju align saturation`, `coverage` and `readiness`: where standards are behind products, and behind technologies."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from guiju.cli.commands import AsJson, MappingFile, Records, _shelved

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guiju.align.coverage import Ask, Coverage, Feature
    from guiju.align.population import Population
    from guiju.align.readiness import Pipeline, Readiness
    from guiju.align.saturation import Finding, Saturation
    from guiju.ir.program import Program
    from guiju.standard.model import Title
    from guiju.standard.shelf import Shelf

Subject = Annotated[str | None, typer.Option("--subject", metavar="TYPE", help="产品类别，取书架上有效的标准 · take what is in force for it")]
In = Annotated[str | None, typer.Option("--region", metavar="REGION", help="在此地区适用的 · that apply in this region")]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="按此日期的规定和效力 · as of this date")]
Model = Annotated[
    list[str] | None,
    typer.Option("--model", metavar="COLUMN", help="指明车型的列，可多次；record 逐条计数 · columns that name a model; `record`: count records"),
]


def add(align: typer.Typer) -> None:
    align.command("saturation")(saturation)
    align.command("coverage")(coverage)
    align.command("readiness")(readiness)


def saturation(
    records: Records,
    standards: Annotated[
        list[str] | None, typer.Argument(metavar="[STANDARD...]", help="默认按 --subject · or --subject", autocompletion=_shelved)
    ] = None,
    subject: Subject = None,
    region: In = None,
    mapping: MappingFile = None,
    on: On = None,
    model: Model = None,
    treat_as: Annotated[
        list[str] | None, typer.Option("--treat-as", metavar="ASKED=USED", help="用另一性质的数值代替，并注明 · stated as an assumption")
    ] = None,
    saturated: Annotated[str, typer.Option(help="从此符合率起可算饱和 · pass share from which a clause can be saturated")] = "99%",
    far: Annotated[str, typer.Option(help="至此符合率算远离 · pass share up to which it is far")] = "5%",
    margin: Annotated[str, typer.Option(help="饱和须有的余量中位数 · median margin a saturated clause has")] = "10%",
    least: Annotated[int, typer.Option(help="少于此数不下结论 · fewer judged models say nothing")] = 30,
    as_json: AsJson = False,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="写成一页 · a page: figure, table, assumptions, sources")] = None,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="只写图 · the figure alone")] = None,
) -> None:
    """饱和：哪些条款已不能区分产品，哪些远离产品 · which clauses tell real products apart no longer, and which are far from them."""
    from guiju.align.population import population, treated
    from guiju.align.saturation import Thresholds
    from guiju.align.saturation import saturation as judged
    from guiju.align.saturation_figure import figure_svg
    from guiju.align.saturation_page import page_html
    from guiju.cli.console import language, progress, refusals, say, written
    from guiju.standard.shelf import Shelf

    shelf = Shelf()
    with refusals():
        thresholds = Thresholds(_share(saturated), _share(far), _share(margin), least)
        found = _programs(shelf, standards or [], subject, region, on)
        with progress(say("读取与判定", "reading and judging")) as tell:
            held = population(shelf, found, records, mapping, model=model or [], progress=tell)
            result = judged(treated(held, shelf, found, _pairs(treat_as or [])), found, thresholds)
        _say_saturation(result, as_json)
        for path, text in ((html, page_html(result, language())), (svg, figure_svg(result, language()))):
            if path is not None and text is not None:
                path.write_text(text, encoding="utf-8")
                if not as_json:
                    written(path)


def coverage(
    records: Records,
    subject: Annotated[str, typer.Option("--subject", metavar="TYPE", help="产品类别，如 vehicle.car · kind of product")],
    region: In = None,
    mapping: MappingFile = None,
    on: On = None,
    model: Model = None,
    spread: Annotated[str, typer.Option(help="从此离散程度起算差异大 · how widely numbers must differ")] = "25%",
    common: Annotated[str, typer.Option(help="最常见的词至多占 · greatest share of the commonest word")] = "90%",
    least: Annotated[int, typer.Option(help="至少多少个有值 · models that must have a value")] = 30,
    as_json: AsJson = False,
) -> None:
    """覆盖：产品有而没有条款要求的特征，与条款要求而产品没有数据的 · features no clause asks, and properties no product has data of."""
    from guiju.align.coverage import Bounds
    from guiju.align.coverage import coverage as compared
    from guiju.align.population import population
    from guiju.cli.console import refusals
    from guiju.standard.shelf import Shelf

    shelf = Shelf()
    with refusals():
        bounds = Bounds(least, float(_share(spread)), float(_share(common)))
        found = _programs(shelf, [], subject, region, on)
        held = population(shelf, found, records, mapping, model=model or [])
        _say_coverage(compared(held, found, shelf.dictionary, bounds), as_json)


def readiness(
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="技术与标准；默认随附的 · default: the shipped one")] = None,
    region: Annotated[str, typer.Option("--region", metavar="REGION", help="计哪个地区的标准 · whose standards count")] = "CN",
    step: Annotated[int, typer.Option(min=0, max=9, help="相差不超过此数算同步 · the gap up to which both are in step")] = 2,
    as_json: AsJson = False,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="写成图 · a figure")] = None,
) -> None:
    """成熟度：技术走在标准前面多远，下一步是什么 · how far technologies are ahead of their standards, and the next step."""
    from guiju.align.readiness import default_files, pipeline
    from guiju.align.readiness_figure import figure_svg
    from guiju.cli.console import language, refusals, written
    from guiju.standard.regions import load_regions
    from guiju.standard.shelf import Shelf

    with refusals(_texts([file] if file else default_files())):
        regions = load_regions()
        code = regions.named(region).code
        for each in [file] if file else default_files():
            found = pipeline(each, Shelf(), regions, code, step)
            _say_readiness(found, as_json)
            if svg is not None:
                svg.write_text(figure_svg(found, language()), encoding="utf-8")
                if not as_json:
                    written(svg)


# What is typed.


def _programs(shelf: Shelf, words: list[str], subject: str | None, region: str | None, on: str | None) -> list[Program]:
    from datetime import date

    from guiju.align.inforce import standards_in_force
    from guiju.align.population import refused
    from guiju.base.dates import as_of
    from guiju.records.bulk import programs
    from guiju.standard.regions import load_regions

    day = as_of(on)
    if words:
        return programs(shelf, words, day)
    if subject is None:
        raise refused("nothing-asked")
    day = day or date.today()
    return programs(shelf, [s.number for s in standards_in_force(shelf, load_regions(), subject, region, day)], day)


def _share(text: str) -> Fraction:
    from guiju.align.population import refused
    from guiju.base.rounding import parse_number

    words = text.strip()
    found = parse_number(words.removesuffix("%").strip())
    if found is None:
        raise refused("not-a-share", text=text)
    return found / 100 if words.endswith("%") else found


def _pairs(words: list[str]) -> dict[str, str]:
    from guiju.align.population import refused

    for word in words:
        if "=" not in word:
            raise refused("set-malformed", text=word)
    return {asked.strip(): used.strip() for asked, _, used in (word.partition("=") for word in words)}


def _texts(files: Any) -> dict[str, str]:
    return {str(each): each.read_text(encoding="utf-8", errors="replace") for each in files if each.is_file()}


# What is printed.


def _print_json(value: object) -> None:
    import json

    print(json.dumps(value, ensure_ascii=False, indent=1))


def _titled(title: Title | None) -> dict[str, str] | None:
    return {"zh": title.zh, "en": title.en} if title else None


def _records_json(held: Population) -> dict[str, object]:
    return {"title": _titled(held.title), "terms": held.terms, "records": held.source.rows, "units": held.units, "unit": _titled(held.unit),
            "assumptions": [_titled(each) for each in held.assumptions]}  # fmt: skip


def _say_assumptions(held: Population) -> None:
    from guiju.cli.console import console, language, say

    for each in held.assumptions:
        console().print(f"! {say('假设：', 'assumption: ')}{each.text(language())}", style="yellow")


def _counted(held: Population) -> str:
    from guiju.cli.console import language, say

    unit = held.unit.text(language())
    return say(f"{held.source.rows:,} 条记录，{held.units:,} 个{unit}", f"{held.source.rows:,} records, {held.units:,} {unit}")


def _say_saturation(found: Saturation, as_json: bool) -> None:
    from guiju.align.saturation import CLASSES
    from guiju.align.saturation_figure import percent
    from guiju.cli.console import console, language, say, show, table

    t = found.thresholds
    if as_json:
        thresholds = {"saturated": float(t.saturated), "far": float(t.far), "margin": float(t.margin), "least": t.least}
        _print_json({"population": _records_json(found.population), "thresholds": thresholds,
                     "findings": [_finding_json(each) for each in found.findings],
                     "diagnostics": [each.as_json() for each in found.diagnostics]})  # fmt: skip
        return
    show(found.diagnostics)
    rows = []
    for f in (f for f in found.findings if f.counts.judged):
        mark = "" if f.firm or f.class_ == "untested" else " ≈"
        between = f"{percent(f.interval.low)}–{percent(f.interval.high)}" if f.interval else ""
        counts = f"{f.counts.passing:,}/{f.counts.split:,}/{f.counts.failing:,}"
        rows.append((f"{f.standard} {f.no}", CLASSES[f.class_][0].text(language()) + mark, counts, percent(f.counts.share), between,
                     percent(f.spread.quantiles[2]) if f.spread else "", f"{f.counts.open:,}"))  # fmt: skip
    header = (say("条款", "clause"), say("类别", "class"), say("都符合/不一/都不符合", "all pass/split/all fail"), say("符合率", "pass share"),
              say("95 % 区间", "95 % interval"), say("余量中位数", "median margin"), say("无法判定", "undetermined"))  # fmt: skip
    table(_counted(found.population), header, rows, right=(2, 3, 4, 5, 6))
    silent = _by_standard((f.standard, f.no) for f in found.findings if not f.counts.judged)
    if silent:
        console().print(f"? {say('一个也不能判定：', 'not one can be judged: ')}{silent}", soft_wrap=True, markup=False)
    ways = ", ".join(sorted({f.interval.method for f in found.findings if f.interval}))
    console().print(say(
        f"饱和 ≥ {percent(t.saturated)} 且余量中位数 ≥ {percent(t.margin)}；远离 ≤ {percent(t.far)}；少于 {t.least} 个不下结论。"
        f"区间：{ways}；≈ 区间跨过界限。",
        f"saturated ≥ {percent(t.saturated)} with a median margin ≥ {percent(t.margin)}; far ≤ {percent(t.far)}; fewer than {t.least} say nothing. "
        f"Intervals: {ways}; ≈ the interval crosses the threshold."), soft_wrap=True)  # fmt: skip
    _say_assumptions(found.population)


def _finding_json(f: Finding) -> dict[str, object]:
    c, s, i = f.counts, f.spread, f.interval
    return {
        "standard": f.standard, "no": f.no, "kind": f.kind, "title": _titled(f.title), "class": f.class_, "firm": f.firm,
        "passing": c.passing, "split": c.split, "failing": c.failing, "undetermined": c.open, "not_applicable": c.outside,
        "share": float(c.share) if c.share is not None else None,
        "interval": {"low": float(i.low), "high": float(i.high), "method": i.method} if i else None,
        "margin": {"models": s.models, "roomy": s.roomy, "quantiles": dict(zip(("5", "25", "50", "75", "95"), s.quantiles, strict=True)),
                   "bins": list(s.bins)} if s else None,
    }  # fmt: skip


def _say_coverage(found: Coverage, as_json: bool) -> None:
    from guiju.cli.console import console, language, say, table

    numbers = sorted({f"{p.standard.number}" for p in found.programs})
    if as_json:
        _print_json({"population": _records_json(found.population), "standards": numbers, "features": [_feature_json(f) for f in found.features],
                     "unserved": [{"property": u.property_id, "title": _titled(u.title), "assumed": u.assumed,
                                   "asks": [[a.standard, a.region, a.no] for a in u.asks]} for u in found.unserved]})  # fmt: skip
        return
    header = (say("列", "column"), say("性质", "property"), say("有值", "with a value"), say("不同的值", "different"),
              say("10 % · 中位 · 90 %", "10 % · median · 90 %"), say("离散", "spread"), say("要求它的", "asked by"))  # fmt: skip
    shown = [f for f in found.features if not f.is_name]
    counted = _counted(found.population)
    title = say(f"特征（{counted}）：★ 差异大而没有条款要求", f"features ({counted}): ★ differ and no clause asks them")
    table(title, header, [_feature_row(f) for f in shown], right=(2, 3, 4, 5))
    rows = [(u.property_id, u.title.text(language()), u.assumed or "", _by(u.asks)) for u in found.unserved]
    heads = (say("性质", "property"), say("名称", "title"), say("假设值", "assumed"), say("要求它的", "asked by"))
    table(say("条款要求而没有数据的性质", "properties that clauses ask and no column holds"), heads, rows)
    listed = say("、", ", ").join(numbers)
    said = say(f"对照的标准：{listed}。书架之外的标准不在其内。", f"against: {listed}. Standards not on the shelf are not looked at.")
    console().print(said, soft_wrap=True, markup=False)
    _say_assumptions(found.population)


def _by(asks: Iterable[Ask]) -> str:
    return _by_standard((f"{ask.standard} [{ask.region}]", ask.no) for ask in asks)


def _by_standard(named: Iterable[tuple[str, str]]) -> str:
    """Standards with their clauses: GB 36980.1-2025 R1; 购置税2026-2027 R1, R3."""
    held: dict[str, list[str]] = {}
    for standard, no in named:
        held.setdefault(standard, []).append(no)
    return "; ".join(f"{number} {', '.join(dict.fromkeys(nos))}" for number, nos in held.items())


def _feature_row(f: Feature) -> tuple[str, ...]:
    from guiju.cli.console import say

    places = " · ".join(f"{q:.6g}" for q in f.quantiles) if f.quantiles else ""
    common = say("最常见", "commonest") + f" {100 * f.common:.0f} %" if f.common else ""
    spread = common if f.spread is None else f"{100 * f.spread:.0f} %"
    asked = _by(f.asks) or (say("同一量另一工况：", "same quantity, other basis: ") + ", ".join(f.kin) if f.kin else "")
    return f"{'★ ' if f.is_candidate else ''}{f.column}", f.property_id or "", f"{f.models:,}", f"{f.distinct:,}", places, spread, asked


def _feature_json(f: Feature) -> dict[str, object]:
    return {
        "column": f.column, "property": f.property_id, "title": _titled(f.title), "models": f.models, "distinct": f.distinct,
        "quantiles": dict(zip(("10", "50", "90"), f.quantiles, strict=True)) if f.quantiles else None, "spread": f.spread, "common": f.common,
        "is_name": f.is_name, "asks": [[a.standard, a.region, a.no, a.how] for a in f.asks], "kin": list(f.kin), "candidate": f.is_candidate,
    }  # fmt: skip


def _say_readiness(found: Pipeline, as_json: bool) -> None:
    from guiju.align.readiness import BALANCES, SCALE, STATES
    from guiju.cli.console import console, language, say, table

    if as_json:
        _print_json({"file": found.file, "region": found.region, "step": found.step, "scale": [_titled(each) for each in SCALE],
                     "technologies": [_readiness_json(each) for each in found.items]})  # fmt: skip
        return
    rows = []
    for r in found.items:
        t, grade = r.technology, _grade(r)
        rows.append((t.title.text(language()), f"{t.trl} [{grade}]", str(r.srl), f"{r.gap:+d}", BALANCES[r.balance].text(language()),
                     STATES[r.state].text(language()), r.next_step.text(language())))  # fmt: skip
    header = (say("技术", "technology"), "TRL", "SRL", say("差", "gap"), say("判断", "balance"), say("标准已到", "standards at"),
              say("下一步", "next step"))  # fmt: skip
    table(say(f"技术与标准（{found.region}）", f"technologies and standards ({found.region})"), header, rows, right=(2, 3))
    out = console()
    for r in found.items:
        t = r.technology
        said = [t.on, t.why.text(language()) if t.why else "", t.evidence.title if t.evidence else say("没有出处", "no source"),
                t.note.text(language()) if t.note else ""]  # fmt: skip
        out.print(f"{t.title.text(language())}: TRL {t.trl} [{_grade(r)}] {'; '.join(part for part in said if part)}", soft_wrap=True, markup=False)
        served = [s.number + ("" if s.is_published else say("（草案）", " (draft)")) for s in t.counted]
        out.print(f"    {', '.join(served) or say('没有标准', 'no standard')}", style="dim", soft_wrap=True, markup=False)
    scale = "; ".join(f"{n} {each.text(language())}" for n, each in enumerate(SCALE))
    out.print(say(
        f"SRL：{scale}。由标准本身算得；文件只列作者找到的标准。[C] 等级由作者据事实读出；示意：没有出处。",
        f"SRL: {scale}. Computed from the standards; the file lists only those its author found. [C] the level is the author's reading of a fact; "
        "illustrative: no source."), soft_wrap=True, markup=False)  # fmt: skip


def _grade(r: Readiness) -> str:
    from guiju.cli.console import say

    return say("示意", "illustrative") if r.technology.grade == "illustrative" else r.technology.grade


def _readiness_json(r: Readiness) -> dict[str, object]:
    t = r.technology
    return {
        "id": t.id, "title": _titled(t.title), "trl": t.trl, "on": t.on, "grade": t.grade, "why": _titled(t.why), "note": _titled(t.note),
        "source": {"title": t.evidence.title, "address": t.evidence.address, "grade": t.evidence.grade} if t.evidence else None,
        "srl": r.srl, "gap": r.gap, "balance": r.balance, "state": r.state, "next": _titled(r.next_step),
        "standards": [{"number": s.number, "level": s.level, "region": s.region, "stage": s.stage, "covers": list(s.covers), "counts": s.counts,
                       "executable": s.executable, "source": s.source.address if s.source else None} for s in t.standards],
    }  # fmt: skip
