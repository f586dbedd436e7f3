"""`guiju frontrunner thresholds`, `preview`, `draft`: thresholds from a population, who would stand where, and the draft of a standard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from guiju.cli.commands import AsJson, MappingFile, On, Overwrite, Sheet, Standard
from guiju.frontrunner.commands.populations import InStore, Result, population
from guiju.store.commands import HERE, Files, Place

if TYPE_CHECKING:
    from guiju.frontrunner.authoring.asked import Answer, Asked
    from guiju.frontrunner.commands.populations import Population

Records = Annotated[Path | None, typer.Option("--records", metavar="FILE", help="记录：CSV XLSX Parquet NDJSON JSON · the file of records")]

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
To = Annotated[Path | None, typer.Option("--to", metavar="FILE", help="写成报告 .pdf .docx .html .xlsx .md · write a report, by the ending")]
Also = Annotated[
    list[str] | None,
    typer.Option("--also", metavar="QUERY", help="同一草案的又一指标，如 indicator=standby_level&method=gaps · a further indicator of the draft"),
]


def add(root: typer.Typer) -> None:
    root.command("thresholds")(thresholds)
    root.command("preview")(preview)
    root.command("draft")(draft)


def thresholds(
    standard: Standard, indicator: Indicator, records: Records = None, mapping: MappingFile = None, sheet: Sheet = None, method: Method = "quantiles",
    shares: Shares = "10,40,80", values: Values = "", levels: Levels = 3, decimals: Decimals = "", toward: Toward = "inward",
    national: National = "", limit: Limit = "", precision: Precision = None, against: Against = "", only: Only = "", enterprise: Enterprise = "",
    within: Within = "", price: Price = "", sales: Sales = "", on: On = None, as_json: AsJson = False, library: InStore = "", result: Result = "",
    to: To = None, overwrite: Overwrite = False, place: Place = HERE, files: Files = None,
) -> None:  # fmt: skip
    """从产品总体推得各级界限，并说明谁在哪一级、影响多大 · thresholds of levels from a population, and what they would do.

    界限是某个产品的值，不内插；不比国家限值宽；窄于再现性限 R 的间隔被拒绝 · a threshold is the value of a product; never looser than
    the national limit; steps narrower than the reproducibility limit R are refused.
    """
    headers = (enterprise, within, price, sales, "")
    asked = _asked(standard, indicator, method, shares, values, levels, decimals, toward, national, limit, precision, against, only, headers, on)
    with population(records, mapping, sheet, library, place, files, result) as found:
        _tell(_answer(found, asked), as_json, to, overwrite)


def preview(
    standard: Standard, indicator: Indicator, values: Annotated[str, typer.Argument(metavar="V,V,…", help="各级界限，从最好的起 · best first")],
    records: Records = None, mapping: MappingFile = None, sheet: Sheet = None, against: Against = "in-force", national: National = "",
    limit: Limit = "", precision: Precision = None, only: Only = "", enterprise: Enterprise = "", within: Within = "", price: Price = "",
    sales: Sales = "", on: On = None, as_json: AsJson = False, library: InStore = "", result: Result = "", to: To = None,
    overwrite: Overwrite = False, place: Place = HERE, files: Files = None,
) -> None:  # fmt: skip
    """按给定的界限谁在哪一级；与现行或另一组界限相比谁升谁降 · who stands where by thresholds, and who rises or falls."""
    headers = (enterprise, within, price, sales, "")
    asked = _asked(standard, indicator, "given", "", values, 3, "", "inward", national, limit, precision, against, only, headers, on)
    with population(records, mapping, sheet, library, place, files, result) as found:
        _tell(_answer(found, asked), as_json, to, overwrite)


def draft(
    standard: Standard, indicator: Indicator, records: Records = None, mapping: MappingFile = None, sheet: Sheet = None, method: Method = "quantiles",
    shares: Shares = "10,40,80", values: Values = "", levels: Levels = 3, decimals: Decimals = "", toward: Toward = "inward",
    national: National = "", limit: Limit = "", precision: Precision = None, only: Only = "", enterprise: Enterprise = "", within: Within = "",
    sales: Sales = "", on: On = None, also: Also = None,
    number: Annotated[str, typer.Option("--number", metavar="N", help="新标准的编号；不写则改原标准的文字 · number of a new standard")] = "",
    title: Annotated[str, typer.Option("--title", metavar="ZH|EN", help="新标准的名称，中英文以 | 分开 · title of a new standard")] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="写到哪里；不写则只看 · where to write; default: a dry run")] = None,
    overwrite: Overwrite = False, library: InStore = "", result: Result = "", place: Place = HERE, files: Files = None,
) -> None:  # fmt: skip
    """把界限写成标准的草案，附界限处的算例，检查通过才给出；默认只显示改动 · write a draft of a standard, checked; by default only shown.

    不写 --number：改原标准的等级；写了：以原标准为基础的新标准。--also 在同一草案里写又一个指标。写出的 basis.json 记下它由什么推得，
    提出征求意见时一并带上 · without --number the levels of the standard are changed, with it a new standard is based on it. --also writes a
    further indicator into the draft. basis.json says what it rests on and goes with it when it is put out for comments.
    """
    import json
    from datetime import date

    from guiju.cli.console import refusals, show, written
    from guiju.frontrunner.authoring.basis import basis_of
    from guiju.frontrunner.authoring.several import draft_of, further

    asked = _asked(standard, indicator, method, shares, values, levels, decimals, toward, national, limit, precision, "", only,
                   (enterprise, within, "", sales, ""), on)  # fmt: skip
    zh, _, en = title.partition("|")
    with population(records, mapping, sheet, library, place, files, result) as found, refusals():
        answers = [_answer(found, each) for each in (*(further(asked, query, found.result) for query in also or ()), asked)]
        made = draft_of(found.shelf, answers, asked.on or date.today(), number, (zh.strip(), en.strip()))
        show([*(each for answer in answers for each in answer.diagnostics), *made.diagnostics])
        print(made.difference, end="")
        if out is not None:
            basis = json.dumps(basis_of(answers), ensure_ascii=False, indent=1) + "\n"
            for path in _write(out, {**made.files, "basis.json": basis}, overwrite):
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


def _answer(found: Population, asked: Asked) -> Answer:
    from dataclasses import replace

    from guiju.cli.console import refusals
    from guiju.cli.reading import texts_of
    from guiju.frontrunner.authoring.asked import answered

    with refusals(texts_of(found.shelf, [asked.standard])):
        return answered(found.shelf, found.bring, replace(asked, illustrative=found.illustrative, measured=found.measured or asked.measured))


def _tell(answer: Answer, as_json: bool, to: Path | None, overwrite: bool) -> None:
    import json

    from guiju.cli.console import console, language, refusals, show, table, written
    from guiju.frontrunner.authoring.told import head, plain, proposal_tables

    show(answer.diagnostics)
    if to is not None:
        from guiju.frontrunner.authoring.basis import basis_of
        from guiju.frontrunner.authoring.report import proposal_report
        from guiju.report.cited import engine
        from guiju.report.written import save

        with refusals():
            save(proposal_report(basis_of([answer]), language(), engine()), to, overwrite=overwrite)
        written(to)
    if as_json:
        print(json.dumps(plain(answer), ensure_ascii=False, indent=1))
    if as_json or to is not None:
        return
    for line in head(answer.sample, language()):
        console().print(line)
    for each in proposal_tables(answer, language()):
        table(each.title, each.header, each.rows, each.right)
