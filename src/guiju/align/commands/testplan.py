"""`guiju align testplan`: the cheapest tests for access to a set of regions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from guiju.cli.commands import AsJson, On

if TYPE_CHECKING:
    from guiju.align.plan_page import Page


def add(align: typer.Typer) -> None:
    align.command("testplan")(testplan)


def testplan(
    tests: Annotated[Path, typer.Option("--tests", metavar="FILE", help="试验目录 · the catalogue of tests (YAML)")],
    standards: Annotated[
        list[str] | None,
        typer.Argument(metavar="[STANDARD]...", help="标准；不写则为各地区现行且适用的 · default: those in force that apply"),
    ] = None,
    regions: Annotated[str | None, typer.Option("--regions", metavar="A,B", help="进入的地区，代码或名称 · codes or names")] = None,
    subject: Annotated[str | None, typer.Option("--subject", metavar="TYPE", help="对象，如 recorder、v2x,road · type of subject")] = None,
    scenario: Annotated[list[str] | None, typer.Option("--scenario", metavar="NAME", help="只计这些场景，可多次 · only these scenarios")] = None,
    should: Annotated[bool, typer.Option("--should", help="推荐性条款也要证明 · recommendations too")] = False,
    passed: Annotated[list[str] | None, typer.Option("--passed", metavar="TEST", help="已有结果的试验，可多次 · tests already done")] = None,
    deadline: Annotated[int | None, typer.Option("--deadline", metavar="DAYS", min=0, help="各试验室完成的天数 · days for every laboratory")] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="求解的时间 · time for the solver")] = 10,
    on: On = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写成 .md 或逐条的 .csv · all of it, or need by need")] = None,
    as_json: AsJson = False,
) -> None:
    """试验计划：进入一组地区所需的最省试验 · the cheapest tests for access to a set of regions.

    退出码 1 有要求没有试验能证明，3 时间内未证到最省 · exit code 1 where no test shows something, 3 where there may be something cheaper.
    """
    from guiju.align.plan_page import Page
    from guiju.align.planning import Question, planned
    from guiju.base.dates import as_of
    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.cli.console import Exit, language, refusals, show
    from guiju.cli.reading import texts_of
    from guiju.standard.regions import load_regions
    from guiju.standard.shelf import Shelf

    def listed(text: str | None) -> tuple[str, ...]:
        return tuple(word.strip() for word in (text or "").split(",") if word.strip())

    shelf, known, words = Shelf(), load_regions(), tuple(standards or ())
    texts = texts_of(shelf, list(words))
    if tests.is_file():
        texts[str(tests)] = tests.read_text(encoding="utf-8", errors="replace")
    with refusals(texts):
        if out is not None and out.suffix not in (".md", ".csv"):
            raise Refused([Diagnostic("unknown-word", None, {"word": out.suffix or out.name, "known": ".md, .csv"})])
        question = Question(tests, words, listed(regions), listed(subject), tuple(scenario or ()), should, tuple(passed or ()), deadline, seconds,
                            as_of(on))  # fmt: skip
        made = planned(shelf, known, question)
    show(made.diagnostics, texts)
    with refusals():
        _print(Page(made, known, language()), out, as_json)
    raise typer.Exit(Exit.FAILS if made.unserved else Exit.UNDETERMINED if made.proof == "none" else Exit.OK)


def _print(page: Page, out: Path | None, as_json: bool) -> None:
    import json

    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.cli.console import console, table, written

    if out is not None:
        try:
            out.write_text(page.markdown() if out.suffix == ".md" else page.csv(), encoding="utf-8-sig" if out.suffix == ".csv" else "utf-8")
        except OSError as error:
            raise Refused([Diagnostic("file-unwritable", None, {"file": str(out), "reason": error.strerror or str(error)})]) from None
    if as_json:
        print(json.dumps(page.json(), ensure_ascii=False, indent=1))
        return
    for each in (page.steps(), page.unserved(), page.papers(), page.alone()):
        if each.rows:
            table(each.title, each.header, each.rows, each.right)
    for line in page.summary():
        console().print(line, style="yellow" if line.startswith("!") else None)
    if out is not None:
        written(out)
