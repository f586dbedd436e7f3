"""What `guiju frontrunner scheme`, `board` and `overall` do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from guiju.base.dates import as_of
from guiju.base.diagnostics import Problems
from guiju.cli.console import console, language, progress, refusals, say, show, table, written
from guiju.frontrunner.board.asked import checked_scheme, read_snapshots, run_boards
from guiju.frontrunner.board.model import Boards
from guiju.frontrunner.board.report import board_report, shown
from guiju.frontrunner.board.twin import boards_json, overall_json
from guiju.frontrunner.board.words import APART, BARRED, ILLUSTRATIVE, LEVELS, NO_ORDER, VOLUNTARY, WHY, WITHHELD, range_text
from guiju.frontrunner.entity import Enterprise
from guiju.frontrunner.library.library import read_library
from guiju.frontrunner.scheme import load_scheme, located_scheme, scheme_files
from guiju.report.cited import engine
from guiju.report.written import form_of, ready_at, save, write_whole
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf


def list_schemes(as_json: bool) -> None:
    """Prints the schemes of the shelves; one with errors is told."""
    shelf, problems = Shelf(), Problems()
    found = [scheme for path in scheme_files(shelf).values() if (scheme := load_scheme(path, problems)) is not None]
    show(problems.found)
    if as_json:
        print(json.dumps([{"id": s.id, "title": {"zh": s.title.zh, "en": s.title.en}, "standard": s.standard, "entity": s.entity, "cycle": s.cycle,
                           "illustrative": s.illustrative} for s in found], ensure_ascii=False, indent=1))  # fmt: skip
        return
    rows = [(s.id, s.title.text(language()), s.standard, str(s.cycle), say("示意", "illustrative") if s.illustrative else "") for s in found]
    table("", (say("方案", "scheme"), say("名称", "title"), say("评价标准", "standard"), say("年度", "cycle"), ""), rows)


def check(word: str, on: str | None, as_json: bool) -> None:
    """Prints what the scheme holds and whether its lowest levels are above the mandatory limits it names."""
    shelf = Shelf()
    with refusals():
        made = checked_scheme(shelf, located_scheme(shelf, word), as_of(on))
    show(made.warnings)
    scheme, program = made.opened.scheme, made.opened.program
    if as_json:
        print(json.dumps({"id": scheme.id, "hash": scheme.hash, "standard": {"number": program.standard.number, "hash": program.content_hash},
                          "on": program.on.isoformat(), "national": made.national, "illustrative": scheme.illustrative},
                         ensure_ascii=False, indent=1))  # fmt: skip
        return
    words = {"proved": ("✓ 已证明不低于", "✓ proved not below"), "unknown": ("? 没有证明", "? not proved")}
    rows = []
    for asked in scheme.indicators:
        held = made.national.get(asked.name)
        said = f"{say(*words[held])} {asked.national.number} {asked.national.clause}" if held and asked.national else "–"
        rows.append((asked.name, program.standard.indicators[asked.name].title.text(language()), asked.kind, said))
    table(
        f"{scheme.id}  {scheme.title.text(language())}", (say("指标", "indicator"), "", say("类别", "kind"), say("强制标准", "mandatory limit")), rows
    )
    console().print(say("方案没有错误。", "The scheme has no errors."))


def board(
    word: str, library: Path, *, on: str | None, only: Sequence[str], snapshots: Sequence[Path], rows: int, to: Path | None, overwrite: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Prints the boards, or writes them as a report or as JSON."""
    with refusals():
        if to is not None:
            ready_at(to, overwrite)
            if to.suffix.lower() != ".json":
                form_of(to)
        found, names = _run(word, library, on, snapshots)
        body = boards_json(found)
        _known(only, [each["name"] for each in body["indicators"]])
        if to is not None and to.suffix.lower() == ".json":
            write_whole(_text(found, body).encode("utf-8"), to, overwrite)
        elif to is not None:
            save(board_report(body, found.placed, language(), engine(), rows, names), to, overwrite=overwrite)
    show(d for d in found.diagnostics if d.code != "input-without-column")
    if as_json:
        print(_text(found, body))
    elif to is not None:
        written(to)
    else:
        _show(found, body, only, rows, names)


def overall(word: str, library: Path, *, on: str | None, snapshots: Sequence[Path], rows: int, as_json: bool) -> None:
    """Prints the comparison of declared standards as a whole."""
    with refusals():
        found, names = _run(word, library, on, snapshots)
    if as_json:
        print(json.dumps({"sha256": found.hash, "overall": [overall_json(each) for each in found.overall]}, ensure_ascii=False, indent=1))
        return
    _illustrative(found)
    body, listed = boards_json(found), found.placed.overall(limit=rows)
    header = (say("企业", "enterprise"), say("企业标准", "declared standard"), say("可比范围", "range"), say("全面性", "completeness"),
              say("先进性", "advancement"), say("编写", "drafting"), say("得分", "score"), say("结果", "outcome"))  # fmt: skip
    told = [(_firm(names, each.enterprise), f"{each.standard} ({each.edition})",
             range_text(body, each.range, language()), f"{shown(100 * each.completeness)} %",
             f"{shown(100 * each.advancement)} %", f"{shown(100 * each.drafting)} %", shown(each.score),
             say("✓ 入围", "✓ shortlisted") if each.shortlisted else say("；", "; ").join(say(*WHY[why]) for why in each.why))
            for each in listed]  # fmt: skip
    table(say("综合比对", "overall comparison"), header, told, right=range(3, 7))
    _rest(found.compared - len(listed))


def _run(word: str, library: Path, on: str | None, snapshots: Sequence[Path]) -> tuple[Boards, Mapping[str, Enterprise]]:
    """The boards of a library in files, and the enterprises in it by code."""
    shelf, held = Shelf(), read_snapshots(snapshots)
    scheme = checked_scheme(shelf, located_scheme(shelf, word), as_of(on), held)
    show(scheme.warnings)
    with progress(say("读取企业标准库", "reading the library")) as tell:
        read = read_library(library, shelf.dictionary, progress=tell)
    return run_boards(scheme, read, held), read.enterprises


def _known(only: Sequence[str], known: Sequence[str]) -> None:
    problems = Problems()
    for name in only:
        if name not in known:
            problems.add("scheme-indicator", None, name=name, **did_you_mean(name, known))
    problems.refuse_errors()


def _text(found: Boards, body: dict[str, Any]) -> str:
    overall_ = [overall_json(each) for each in found.overall]
    return json.dumps({"sha256": found.hash, "engine": found.cited.engine, "boards": body, "overall": overall_}, ensure_ascii=False, indent=1)


def _show(found: Boards, body: dict[str, Any], only: Sequence[str], rows: int, names: Mapping[str, Enterprise]) -> None:
    _illustrative(found)
    titles = {each["name"]: each for each in body["indicators"]}
    for board_ in body["boards"]:
        if only and board_["indicator"] not in only:
            continue
        indicator = titles[board_["indicator"]]
        console().print(
            f"\n{range_text(body, board_['range'], language())}  {indicator['no']} {indicator['title'][language()]}", style="bold", markup=False
        )
        if board_["withheld"]:
            console().print(say(*WITHHELD[board_["withheld"]]), style="yellow")
        for band in board_["bands"]:
            console().print(say(f"{say(*LEVELS[band['level']])}：{band['entries']} 项标准，{band['models']} 个型号",
                                f"{say(*LEVELS[band['level']])}: {band['entries']} declared standards, {band['models']} models"))  # fmt: skip
            if board_["withheld"] or not band["entries"]:
                continue
            listed = found.placed.entries(tuple(board_["range"]), board_["indicator"], band["level"], limit=rows, models=5)
            for each in listed:
                more = say(f" 等 {each.count} 个型号", f" … {each.count} models") if each.count > len(each.models) else ""
                firm, models = _firm(names, each.enterprise), say("、", ", ").join(each.models)
                console().print(f"  {firm}  {each.standard} ({each.edition})  {models}{more}", markup=False)
            _rest(band["entries"] - len(listed))
        apart = [f"{say(*APART[name])} {count}" for name, count in board_["apart"].items() if count]
        if apart:
            console().print(say("不在任何一档：", "in no band: ") + say("，", ", ").join(apart), style="dim")
    barred = [f"{say(*BARRED[name])} {count}" for name, count in body["barred"].items()]
    if barred:
        console().print("\n" + say("没有参加比较的型号：", "models not compared: ") + say("，", ", ").join(barred))
    console().print(f"\n{say(*NO_ORDER)}\n{say(*VOLUNTARY)}", style="dim")
    console().print(f"sha256 {found.hash}", style="dim")


def _firm(names: Mapping[str, Enterprise], code: str) -> str:
    """An enterprise by its code and its name."""
    name = names[code].title.text(language()) if code in names else code
    return code if name == code else f"{code} {name}"


def _illustrative(found: Boards) -> None:
    if found.illustrative:
        console().print(f"! {say(*ILLUSTRATIVE)}", style="yellow", markup=False)


def _rest(more: int) -> None:
    if more > 0:
        console().print(say(f"  另有 {more:,} 项", f"  {more:,} more"), style="dim")
