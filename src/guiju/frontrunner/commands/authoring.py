"""`guiju frontrunner thresholds`, `preview`, `draft`: thresholds from a population, who would stand where, and the draft of a standard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from guiju.cli.commands import AsJson, MappingFile, On, Overwrite, Records, Sheet, Standard

if TYPE_CHECKING:
    from guiju.frontrunner.authoring.asked import Answer, Asked

Indicator = Annotated[str, typer.Argument(metavar="INDICATOR", help="指标的名称或条号 · name or number of the indicator")]
Method = Annotated[str, typer.Option("--method", metavar="WORD", help="quantiles gaps classes market given")]
Shares = Annotated[str, typer.Option("--shares", metavar="P,P,…", help="quantiles、market：各级累计份额，百分数 · cumulative shares in percent")]
Values = Annotated[str, typer.Option("--values", metavar="V,V,…", help="given：各级界限，从最好的起 · thresholds, best first")]
Levels = Annotated[int, typer.Option("--levels", min=1, max=9, metavar="N", help="gaps、classes 的级数 · number of levels")]
Decimals = Annotated[str, typer.Option("--decimals", metavar="N", help="修约到几位小数；默认不修约 · default: not rounded")]
Toward = Annotated[str, typer.Option("--toward", metavar="WORD", help="inward 从严 · stricter，outward 从宽 · looser")]
National = Annotated[str, typer.Option("--national", metavar="LIMIT", help="国家限值：数，或「条款 of 标准」 · a value, or `CLAUSE of STANDARD`")]
Limit = Annotated[str, typer.Option("--R", metavar="VALUE", help="方法的再现性限，可带单位 · reproducibility limit, with its unit")]
Precision = Annotated[
    Path | None, typer.Option("--precision", metavar="FILE", help="guiju verify precision --json 的输出 · R from a precision study")
]
Against = Annotated[str, typer.Option("--against", metavar="WHAT", help="in-force 或各级界限 · in-force, or thresholds to compare with")]
Only = Annotated[str, typer.Option("--only", metavar="RANGE", help="只取一个可比范围 · one comparable range only")]
Enterprise = Annotated[str, typer.Option("--enterprise", metavar="HEADER", help="企业列 · column of enterprises")]
Within = Annotated[str, typer.Option("--within", metavar="HEADER", help="可比范围列 · column of comparable ranges")]
Price = Annotated[str, typer.Option("--price", metavar="HEADER", help="价格列 · column of prices")]
Sales = Annotated[str, typer.Option("--sales", metavar="HEADER", help="销量列 · column of sales")]


def add(root: typer.Typer) -> None:
    root.command("thresholds")(thresholds)
    root.command("preview")(preview)
    root.command("draft")(draft)


def thresholds(
    standard: Standard, indicator: Indicator, records: Records, mapping: MappingFile = None, sheet: Sheet = None, method: Method = "quantiles",
    shares: Shares = "10,40,80", values: Values = "", levels: Levels = 3, decimals: Decimals = "", toward: Toward = "inward",
    national: National = "", limit: Limit = "", precision: Precision = None, against: Against = "", only: Only = "", enterprise: Enterprise = "",
    within: Within = "", price: Price = "", sales: Sales = "", on: On = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """从产品总体推得各级界限，并说明谁在哪一级、影响多大 · thresholds of levels from a population, and what they would do.

    界限是某个产品的值，不内插；不比国家限值宽；窄于再现性限 R 的间隔被拒绝 · a threshold is the value of a product; never looser than
    the national limit; steps narrower than the reproducibility limit R are refused.
    """
    headers = (enterprise, within, price, sales, "")
    asked = _asked(standard, indicator, method, shares, values, levels, decimals, toward, national, limit, precision, against, only, headers, on)
    _tell(_answer(records, mapping, asked, sheet), as_json)


def preview(
    standard: Standard, indicator: Indicator, values: Annotated[str, typer.Argument(metavar="V,V,…", help="各级界限，从最好的起 · best first")],
    records: Records, mapping: MappingFile = None, sheet: Sheet = None, against: Against = "in-force", national: National = "", limit: Limit = "",
    precision: Precision = None, only: Only = "", enterprise: Enterprise = "", within: Within = "", price: Price = "", sales: Sales = "",
    on: On = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """按给定的界限谁在哪一级；与现行或另一组界限相比谁升谁降 · who stands where by thresholds, and who rises or falls."""
    headers = (enterprise, within, price, sales, "")
    asked = _asked(standard, indicator, "given", "", values, 3, "", "inward", national, limit, precision, against, only, headers, on)
    _tell(_answer(records, mapping, asked, sheet), as_json)


def draft(
    standard: Standard, indicator: Indicator, records: Records, mapping: MappingFile = None, sheet: Sheet = None, method: Method = "quantiles",
    shares: Shares = "10,40,80", values: Values = "", levels: Levels = 3, decimals: Decimals = "", toward: Toward = "inward",
    national: National = "", limit: Limit = "", precision: Precision = None, only: Only = "", enterprise: Enterprise = "", within: Within = "",
    sales: Sales = "", on: On = None,
    number: Annotated[str, typer.Option("--number", metavar="N", help="新标准的编号；不写则改原标准的文字 · number of a new standard")] = "",
    title: Annotated[str, typer.Option("--title", metavar="ZH|EN", help="新标准的名称，中英文以 | 分开 · title of a new standard")] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="写到哪里；不写则只看 · where to write; default: a dry run")] = None,
    overwrite: Overwrite = False,
) -> None:  # fmt: skip
    """把界限写成标准的草案，附界限处的算例，检查通过才给出；默认只显示改动 · write a draft of a standard, checked; by default only shown.

    不写 --number：改原标准的等级；写了：以原标准为基础的新标准 · without --number the levels of the standard are changed, with it a new
    standard is based on it.
    """
    from datetime import date

    from guiju.cli.console import refusals, show, written
    from guiju.frontrunner.authoring.written import Head, changed, new_file
    from guiju.standard.model import Title
    from guiju.standard.shelf import Shelf

    asked = _asked(standard, indicator, method, shares, values, levels, decimals, toward, national, limit, precision, "", only,
                   (enterprise, within, "", sales, ""), on)  # fmt: skip
    answer = _answer(records, mapping, asked, sheet)
    shelf = Shelf()
    with refusals():
        found = shelf.locate(standard)
        assert found is not None, "it was read"
        day = asked.on or date.today()
        zh, _, en = title.partition("|")
        original = answer.sample.program.standard.title
        called = Title(zh.strip() or f"{original.zh}（分级草案）", en.strip() or f"{original.en} (draft of levels)")
        opened = shelf.open(found)
        made = new_file(answer.proposal, opened, shelf, Head(number, called, day)) if number else changed(answer.proposal, opened, shelf, day)
        show([*answer.diagnostics, *made.diagnostics])
        print(made.difference, end="")
        if out is not None:
            for path in _write(out, made.files, overwrite):
                written(path)


def _write(folder: Path, files: object, overwrite: bool) -> list[Path]:
    """Both files or none of them.

    raises   Refused: file-exists, file-unwritable
    """
    from collections.abc import Mapping

    from guiju.base.diagnostics import Diagnostic, Refused

    assert isinstance(files, Mapping)
    there = [] if overwrite else [folder / name for name in files if (folder / name).exists()]
    if there:
        raise Refused([Diagnostic("file-exists", None, {"file": str(path)}) for path in there])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Refused([Diagnostic("file-unwritable", None, {"file": str(folder), "reason": error.strerror or str(error)})]) from None
    return [folder / name for name in files]


def _asked(
    standard: str, indicator: str, method: str, shares: str, values: str, levels: int, decimals: str, toward: str, national: str, limit: str,
    precision: Path | None, against: str, only: str, headers: tuple[str, str, str, str, str], on: str | None,
) -> Asked:  # fmt: skip
    from guiju.base.dates import as_of
    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.cli.console import refusals
    from guiju.frontrunner.authoring.asked import Asked
    from guiju.frontrunner.authoring.sample import Headers

    with refusals():
        content = None
        if precision is not None:
            try:
                content = precision.name, precision.read_bytes()
            except OSError as error:
                reason = error.strerror or str(error)
                raise Refused([Diagnostic("file-unreadable", None, {"file": str(precision), "reason": reason})]) from None
        return Asked(standard, indicator, method, shares, values, levels, decimals, toward, national, limit, content, only, against,
                     Headers(*headers), as_of(on))  # fmt: skip


def _answer(records: Path, mapping: Path | None, asked: Asked, sheet: str | None) -> Answer:
    from guiju.cli.console import refusals
    from guiju.cli.reading import texts_of
    from guiju.frontrunner.authoring.asked import answered, from_file
    from guiju.standard.shelf import Shelf

    shelf = Shelf()
    with refusals(texts_of(shelf, [asked.standard])):
        return answered(shelf, from_file(records, mapping, sheet), asked)


def _tell(answer: Answer, as_json: bool) -> None:
    import json

    from guiju.cli.console import console, language, show, table
    from guiju.frontrunner.authoring.told import head, plain, proposal_tables

    show(answer.diagnostics)
    if as_json:
        print(json.dumps(plain(answer), ensure_ascii=False, indent=1))
        return
    for line in head(answer.sample, language()):
        console().print(line)
    for each in proposal_tables(answer, language()):
        table(each.title, each.header, each.rows, each.right)
