"""`guiju lag`: how far standards are behind the products of a population."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def add(root: typer.Typer) -> None:
    root.command("lag")(lag)


def lag(
    standards: Annotated[list[str], typer.Argument(metavar="STANDARD...", help="几个版本或标准 · several editions or standards")],
    records: Annotated[Path, typer.Option("--records", metavar="FILE", help="产品总体 · the population: CSV XLSX Parquet NDJSON JSON")],
    mapping: Annotated[Path | None, typer.Option("--mapping", metavar="FILE", help="列对应文件；默认按表头推断 · default: from the headers")] = None,
    treat_as: Annotated[
        list[str] | None,
        typer.Option("--treat-as", metavar="ASKED=USED", help="用另一性质的数值代替，并注明 · stated as an assumption"),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="计算标准龄的日期，默认今天 · the date ages are told for, default today")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="写成一页：图、数、假设、出处 · figure, numbers, assumptions, sources")
    ] = None,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="只写图 · the figure alone")] = None,
) -> None:
    """标准滞后：一个产品总体中有多少能通过各个版本 · standard lag: how many products of a population pass each edition."""
    from datetime import date

    import duckdb

    from guiju.base.dates import as_of
    from guiju.cli.console import language, progress, refusals, say, show, written
    from guiju.cli.reading import texts_of
    from guiju.records.bulk import mapping_of, programs
    from guiju.records.read import read_table
    from guiju.standard.shelf import Shelf
    from guiju.verify.figure import figure_svg
    from guiju.verify.lag import measure
    from guiju.verify.page import page_html
    from guiju.verify.printed import print_lag

    shelf = Shelf()
    with refusals(texts_of(shelf, standards)):
        found = programs(shelf, standards, None)
        connection = duckdb.connect()
        with progress(say("读取与判定", "reading and judging")) as tell:
            source = read_table(records, connection, "records", progress=tell)
            used, suggestion = mapping_of(shelf, found, source, mapping)
            treated = _treated(treat_as or [])
            result = measure(connection, found, source, used, dictionary=shelf.dictionary, on=as_of(on) or date.today(), treat_as=treated)
        show([*source.diagnostics, *(suggestion.diagnostics if suggestion else ()), *result.diagnostics])
        print_lag(result)
        for path, text in ((html, page_html(result, language())), (svg, figure_svg(result, language()))):
            if path is not None and text is not None:
                path.write_text(text, encoding="utf-8")
                written(path)


def _treated(words: list[str]) -> dict[str, str]:
    from guiju.base.diagnostics import Diagnostic, Refused

    for word in words:
        if "=" not in word:
            raise Refused([Diagnostic("set-malformed", None, {"text": word})])
    return {asked.strip(): used.strip() for asked, _, used in (word.partition("=") for word in words)}
