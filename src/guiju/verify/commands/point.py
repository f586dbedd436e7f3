"""`guiju verify point …`: the register of verification points, and which of them can verify a standard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from guiju.cli.commands import AsJson, On, Standard
from guiju.store.commands import Files

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date

    from guiju.store.database import Store
    from guiju.verify.process.matching import Answer

Place = Annotated[
    str | None,
    typer.Option("--store", envvar="GUIJU_STORE", metavar="PLACE", help="仓库，其中的点也在名录里 · a store, whose points are in the register too"),
]
InStore = Annotated[str, typer.Option("--store", envvar="GUIJU_STORE", metavar="PLACE", help="文件夹，或 postgresql://…")]


def add(verify: typer.Typer) -> None:
    point = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="标准验证点的名录 · the register of verification points")
    for name, face in (("list", list_points), ("show", show_point), ("match", match_standard), ("import", import_points)):
        point.command(name)(face)
    verify.add_typer(point, name="point")


def list_points(
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORD...]", help="名称、单位、方向中的词 · words in its names")] = None,
    field: Annotated[str, typer.Option("--field", metavar="FIELD", help="领域 · one of the nine fields")] = "",
    region: Annotated[str, typer.Option("--region", metavar="CODE", help="地区及其以内 · in a region or within it")] = "",
    able: Annotated[str, typer.Option("--able", metavar="PROPERTY", help="能测的性质，或其开头 · what it can measure, or how that begins")] = "",
    as_json: AsJson = False,
    place: Place = None,
    files: Files = None,
) -> None:
    """查名录 · search the register."""
    import json

    from guiju.cli.console import console, language, refusals, say, table
    from guiju.standard.shelf import Shelf
    from guiju.verify.process.point import fields_of_work
    from guiju.verify.process.register import points, search
    from guiju.verify.process.told_point import point_json

    with refusals(), opened(place, files) as store:
        held = search(points(store, Shelf().dictionary), language(), words=words or (), field=field, region=region, able=able)
    if as_json:
        print(json.dumps([point_json(each) for each in held], ensure_ascii=False, indent=1))
        return
    fields = fields_of_work()
    header = (say("代码", "code"), say("名称", "name"), say("领域", "field"), say("地区", "region"), say("能力", "able"), say("等级", "grade"))
    rows = [
        (e.point.code, e.point.title.text(language()), fields[e.point.field].title.text(language()) if e.point.field else "–", e.point.region,
         str(len(e.point.capabilities)), say("示意", "illustrative") if e.point.source.is_illustrative else e.point.source.grade)
        for e in held
    ]  # fmt: skip
    if rows:
        table("", header, rows, (4,))
    else:
        console().print(say("没有这样的验证点。", "there is no such point."))


def show_point(
    code: Annotated[str, typer.Argument(metavar="CODE", help="代码 · its code")],
    as_json: AsJson = False,
    place: Place = None,
    files: Files = None,
) -> None:
    """看一个验证点 · show one point: who it is, and what it can measure."""
    import json

    from guiju.cli.console import console, language, refusals, say, table
    from guiju.standard.shelf import Shelf
    from guiju.verify.process.register import point_named
    from guiju.verify.process.told_point import point_json

    with refusals(), opened(place, files) as store:
        found = point_named(store, Shelf().dictionary, code)
    if as_json:
        print(json.dumps(point_json(found), ensure_ascii=False, indent=1))
        return
    point = found.point
    console().print(f"{point.code}  {point.title.text(language())}", style="bold")
    console().print(f"{point.holder.text(language())}  {point.region}  {say('等级', 'grade')} {point.source.grade}  {point.source.title}")
    if point.source.address:
        console().print(point.source.address)
    if point.capabilities:
        header = (say("性质", "property"), say("方法", "method"), say("范围", "range"), "U", say("有效至", "until"))
        table(say("能力", "capabilities"), header, [_able(each) for each in point_json(found)["capabilities"]])
    else:
        console().print(say("没有见到它的能力。", "what it can measure was not seen."))


def _able(each: dict[str, Any]) -> tuple[str, ...]:
    bounds = f"{each['low']} … {each['high']} {each['unit'] or ''}".strip()
    return each["property"], each["method"] or "*", bounds, each["expanded"] or "–", each["until"] or "–"


def match_standard(
    standard: Standard,
    on: On = None,
    as_json: AsJson = False,
    place: Place = None,
    files: Files = None,
) -> None:
    """哪些验证点能验证一份标准，哪些条款没有，为什么 · which points can verify a standard, what none can, and why.

    退出码 1 有条款没有验证点能做 · exit code 1 where a clause has no point that can.
    """
    import json

    from guiju.base.dates import as_of
    from guiju.cli.console import Exit, console, language, refusals, say, table
    from guiju.records.bulk import programs
    from guiju.standard.shelf import Shelf
    from guiju.verify.process.matching import FITS, match, needs_of
    from guiju.verify.process.register import points
    from guiju.verify.process.told_point import match_json

    with refusals(), opened(place, files) as store:
        shelf = Shelf()
        program = programs(shelf, [standard], as_of(on))[0]
        found = match(needs_of(program, shelf.dictionary), points(store, shelf.dictionary), as_of(on) or today())
    quantities = [need for need in found.needs if need.quantity]
    if as_json:
        print(json.dumps(match_json(program.standard.number, found), ensure_ascii=False, indent=1))
        raise typer.Exit(Exit.FAILS if found.uncovered else Exit.OK)

    def said(each: Answer) -> str:
        sign, words = FITS[each.fit]
        return f"{sign} {words.text(language())}"

    titled = say(f"{program.standard.number}：{len(quantities)} 个可测的量", f"{program.standard.number}, quantities to measure: {len(quantities)}")
    mark = say("示意", "illustrative")
    rows = [(listed.point.code, each.need.id, each.need.method or "*", said(each), mark if listed.point.source.is_illustrative else "")
            for listed, answers in found.points for each in answers if each.is_able or len(answers) < 6]  # fmt: skip
    header = (say("验证点", "point"), say("测量项", "quantity"), say("方法", "method"), "", "")
    if rows:
        table(titled, header, rows)
    else:
        console().print(titled, style="bold")
    for need, near in found.uncovered:
        why = "; ".join(f"{each.point.code} {said(each)}" for each in near) or say("名录里没有点测它", "no point of the register measures it")
        console().print(f"✗ {need.id}  {need.title.text(language())} ({need.method or '*'}): {why}", style="red")
    raise typer.Exit(Exit.FAILS if found.uncovered else Exit.OK)


def import_points(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML，或每行一项能力的表 · YAML, or a table with a row per capability")],
    check: Annotated[bool, typer.Option("--check", help="只核对，不收入 · only check it")] = False,
    place: InStore = "guiju-store",
    files: Files = None,
) -> None:
    """收入验证点，全部或全不；问题一次说完 · take points in, all or none; every problem is told at once."""
    from guiju.cli.console import console, refusals, say
    from guiju.standard.shelf import Shelf
    from guiju.store.printed import actor
    from guiju.verify.process.points_file import read_points
    from guiju.verify.process.register import bring_in, known_to

    texts = {str(file): file.read_text(encoding="utf-8", errors="replace")} if file.suffix in (".yaml", ".yml") and file.is_file() else {}
    with refusals(texts):
        dictionary = Shelf().dictionary
        if check:
            found = read_points(file, known_to(dictionary))
            console().print(say(f"{len(found)} 个验证点，没有问题", f"{len(found)} points, no problem"))
            return
        with opened(place, files) as store:
            assert store is not None, "a place was given"
            _, kept = bring_in(store, file, dictionary, actor())
    console().print(say(f"新收入 {len(kept.added)} 个，更新 {len(kept.revised)} 个，未变 {len(kept.same)} 个",
                        f"{len(kept.added)} points taken in, {len(kept.revised)} brought up to date, {len(kept.same)} as they were"))  # fmt: skip


# what several faces use


def opened(place: str | None, files: Path | None) -> AbstractContextManager[Store | None]:
    """The store of a place, closed at the end; None without a place."""
    from contextlib import contextmanager

    from guiju.store.database import store_at
    from guiju.store.migrate import require_current

    @contextmanager
    def within() -> Iterator[Store | None]:
        if place is None:
            yield None
            return
        store = store_at(place, files)
        try:
            yield require_current(store)
        finally:
            store.close()

    return within()


def today() -> date:
    from datetime import UTC, datetime

    return datetime.now(UTC).date()
