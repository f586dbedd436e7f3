"""`guiju frontrunner effect`: what a standard has come to: adoption, diffusion, a raise of its levels, the benefit of a level."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson, MappingFile, On, Standard
from guiju.frontrunner.commands.authoring import Enterprise, Indicator, Only, Price, Sales, Within
from guiju.frontrunner.commands.populations import InStore, populations
from guiju.store.commands import HERE, Files, Place


def add(root: typer.Typer) -> None:
    root.command("effect")(effect)


def effect(
    standard: Standard, indicator: Indicator,
    records: Annotated[
        list[Path] | None, typer.Option("--records", metavar="FILE", help="产品；多次则为依次的修订版 · products; repeated: revisions")
    ] = None,
    mapping: MappingFile = None,
    values: Annotated[str, typer.Option("--values", metavar="V,V,…", help="各级界限；默认现行的 · default: those in force")] = "",
    raised: Annotated[str, typer.Option("--raised", metavar="V,V,…", help="提高到的界限：谁升谁降 · thresholds raised to")] = "",
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="标准发布之日；默认按标准 · default: as the standard says")] = None,
    share: Annotated[str, typer.Option("--share", metavar="P", help="扩散到百分之几的产品 · percent of the products")] = "50",
    measure: Annotated[str, typer.Option("--measure", metavar="WORD", help="sales price")] = "sales",
    on_sale: Annotated[str, typer.Option("--on-sale", metavar="HEADER", help="上市日期列 · column of days on sale")] = "",
    only: Only = "", enterprise: Enterprise = "", within: Within = "", price: Price = "", sales: Sales = "", on: On = None, as_json: AsJson = False,
    brand: Annotated[str, typer.Option("--brand", metavar="HEADER", help="品牌列 · column of brands")] = "", library: InStore = "",
    revisions: Annotated[bool, typer.Option("--revisions", help="库的各版依次 · every revision of the library, in turn")] = False,
    place: Place = HERE, files: Files = None,
) -> None:  # fmt: skip
    """标准的实施效果：达到各级的产品与企业随时间的变化、扩散快慢、提高界限的影响、高一级的收益 · the effect of a standard.

    数据太少时不说 · what the data are too few for is not said.
    """
    import json

    from guiju.base.dates import as_of
    from guiju.cli.console import console, language, refusals, show, table
    from guiju.cli.reading import texts_of
    from guiju.frontrunner.authoring.asked import Asked
    from guiju.frontrunner.authoring.sample import Headers
    from guiju.frontrunner.authoring.told import head
    from guiju.frontrunner.effect import asked, told
    from guiju.standard.shelf import Shelf

    shelf = Shelf()
    with refusals(texts_of(shelf, [standard])), populations(records or [], mapping, library, revisions, place, files) as (brings, illustrative):
        held = Asked(standard, indicator, only=only, headers=Headers(enterprise, within, price, sales, on_sale, brand), on=as_of(on),
                     illustrative=illustrative)  # fmt: skip
        question = asked.Question(held, values, raised, as_of(since), share, measure)
        found = asked.effect(shelf, brings, question)
    show([*found.sample.diagnostics, *found.lacking])
    if as_json:
        print(json.dumps(told.plain(found), ensure_ascii=False, indent=1))
        return
    for line in head(found.sample, language()):
        console().print(line)
    for each in told.effect_tables(found, language()):
        table(each.title, each.header, each.rows, each.right)
    if found.benefit is not None:
        console().print(told.ASSOCIATION.text(language()))
