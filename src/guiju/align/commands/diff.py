"""`guiju align diff`: from one edition to the next."""

from __future__ import annotations

from typing import Annotated

import typer

from guiju.align.commands.compare import AnyMethod, Real, TreatAs
from guiju.cli.commands import AsJson, MappingFile, Overwrite, ReportFile


def add(align: typer.Typer) -> None:
    align.command("diff")(diff)


def diff(
    older: Annotated[str, typer.Argument(metavar="OLDER", help="旧版 · the older edition")],
    newer: Annotated[str, typer.Argument(metavar="NEWER", help="新版 · the newer edition")],
    treat_as: TreatAs = None,
    any_method: AnyMethod = False,
    same: Annotated[bool, typer.Option("--all", help="也列出未变的 · also what stays the same")] = False,
    records: Real = None,
    mapping: MappingFile = None,
    top: Annotated[int, typer.Option("--top", min=0, help="最多列出多少个结论改变的产品 · how many changed products to list")] = 20,
    out: ReportFile = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """版本差异：收紧、放宽、新增、取消；哪些真实产品的结论改变 · tightened, loosened, new, gone; which real products change verdict."""
    from guiju.align.commands.changed import changed

    raise typer.Exit(changed(older, newer, treat_as=treat_as or [], any_method=any_method, same=same, records=records, mapping=mapping, top=top,
                             as_json=as_json, out=out, overwrite=overwrite))  # fmt: skip
