"""`guiju frontrunner import`, `library` and `form-check`: libraries of declared standards, made, looked at and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson
from guiju.store.commands import HERE, Files, Place

Mapped = Annotated[Path | None, typer.Option("--mapping", metavar="FILE", help="列对应文件；默认按表头 · mapping; default: from the headers")]
Declares = Annotated[
    list[str] | None, typer.Option("--enterprise", metavar="CODE=ORGANISATION", help="登记哪个组织为哪家企业声明 · who declares for an enterprise")
]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写成报告 .pdf .docx .html .xlsx .md .json · write a report")]
Cites = Annotated[list[str] | None, typer.Option("--cites", metavar="NUMBER", help="须引用的标准 · a standard that must be cited")]
Methods = Annotated[list[str] | None, typer.Option("--method", metavar="PROPERTY=NUMBER", help="性质的试验方法 · the method of a property")]


def add(frontrunner: typer.Typer) -> None:
    frontrunner.command("import")(import_library)
    frontrunner.command("library")(show_library)
    frontrunner.command("form-check")(check_forms)


def import_library(
    what: Annotated[str, typer.Argument(metavar="SET|FILE", help="ademe、epa、open-ev，或工作簿、文件夹、zip · a public set, or a library")],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="公开数据集的文件 · the file of a public set")] = None,
    to: Annotated[str, typer.Option("--to", metavar="NAME|FOLDER", help="仓库中的名称；数据集则写新文件夹 · name in the store, or folder")] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="只看会怎样，不导入 · say what would be, and keep nothing")] = False,
    own: Annotated[list[str] | None, typer.Option("--own", metavar="CODE", help="只替换这些企业的行 · only these enterprises")] = None,
    mapping: Mapped = None,
    published: Annotated[str | None, typer.Option("--published", metavar="DATE", help="示意标准的公布日期 · of the standards put in place")] = None,
    cites: Cites = None,
    method: Methods = None,
    as_json: AsJson = False,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """把公开数据集做成标准库，或把标准库收入仓库 · make a library of a public set, or take a library into the store.

    公开数据集没有企业标准：每个品牌放一个示意的，其日期、引用和方法由你说 · the sets have no declared standards: an illustrative one for each make
    """
    from guiju.cli.console import refusals
    from guiju.frontrunner.commands.library_told import brought, made
    from guiju.records.importers import IMPORTERS

    with refusals():
        if what in IMPORTERS:
            made(what, file, to, published, cites or (), pairs(method), as_json)
        else:
            brought(Path(what), to, own, mapping, dry, as_json, place, files)


def show_library(
    what: Annotated[str, typer.Argument(metavar="[NAME|FILE]", help="仓库中的名称，或工作簿、文件夹、zip；不写则列出 · none: list")] = "",
    revision: Annotated[int | None, typer.Option("--revision", min=1, metavar="N", help="第几版，默认最新 · default: the newest")] = None,
    enterprise: Annotated[
        list[str] | None, typer.Option("--enterprise", metavar="CODE=ORGANISATION", help="登记谁为哪家企业声明 · who declares for whom")
    ] = None,
    mapping: Mapped = None,
    out: Out = None,
    as_json: AsJson = False,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """看标准库：质量、各版、变化；不写名称则列出 · a library: its quality, revisions, changes; without a name, all of them.

    退出码 1 有错误，不能导入 · exit code 1 where it has errors that bar it
    """
    from guiju.cli.console import refusals
    from guiju.frontrunner.commands.library_told import listed, registered, shown

    with refusals():
        if enterprise:
            registered(pairs(enterprise), place, files)
        elif what:
            shown(what, revision, mapping, out, as_json, place, files)
        else:
            listed(as_json, place, files)


def check_forms(
    what: Annotated[str, typer.Argument(metavar="NAME|FILE", help="仓库中的名称，或工作簿、文件夹、zip · a library")],
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="审查之日，默认今天 · the day of the check; default: today")] = None,
    cites: Cites = None,
    method: Methods = None,
    revision: Annotated[int | None, typer.Option("--revision", min=1, metavar="N", help="第几版，默认最新 · default: the newest")] = None,
    as_json: AsJson = False,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """格式审查：引用失效、方法缺失、未公布、已废止的标准不能参评 · form check: dead references, missing methods, not published, not current.

    --method 写 性质=方法标准号，可重复；只写性质则接受任何方法。退出码 1 有标准不通过 · exit code 1 where a standard does not pass
    """
    from guiju.cli.console import refusals
    from guiju.frontrunner.commands.library_told import formed

    accepted: dict[str, list[str]] = {}
    for each in method or ():
        property_, _, number = each.partition("=")
        accepted.setdefault(property_.strip(), []).extend([number.strip()] if number.strip() else [])
    with refusals():
        formed(what, revision, on, cites or (), accepted, as_json, place, files)


def pairs(words: Sequence[str] | None) -> Mapping[str, str]:
    """NAME=VALUE as typed.

    raises   Refused: library-pair
    """
    from guiju.base.diagnostics import Problems

    problems = Problems()
    found: dict[str, str] = {}
    for each in words or ():
        name, sign, value = each.partition("=")
        if not (sign and name.strip() and value.strip()):
            problems.add("library-pair", None, text=each)
        found[name.strip()] = value.strip()
    problems.refuse_errors()
    return found
