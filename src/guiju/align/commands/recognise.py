"""`guiju align recognise` and `guiju align suffices`: what remains to be shown elsewhere of what was passed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.align.commands.compare import AnyMethod, Real, Subject, TreatAs
from guiju.cli.commands import AsJson, MappingFile, On

Shelves = Annotated[list[Path] | None, typer.Option("--shelf", metavar="FOLDER", help="先在这里找标准，可多次 · look for standards here first")]
RuleName = Annotated[str | None, typer.Option("--rule", metavar="NAME", help="互认规则的名字或文件；none 不用 · name or file; none: no rule")]
Tests = Annotated[Path | None, typer.Option("--tests", metavar="FILE", help="试验目录：算出免去的试验 · catalogue: tests avoided")]


def add(align: typer.Typer) -> None:
    align.command("recognise")(recognise)
    align.command("suffices")(suffices)


def recognise(
    passed: Annotated[list[str], typer.Option("--passed", metavar="STANDARD", help="已通过的标准，可多次 · passed, as often as needed")],
    asked: Annotated[list[str] | None, typer.Option("--asked", metavar="STANDARD", help="要求的标准，可多次 · asked, as often as needed")] = None,
    asked_in: Annotated[str | None, typer.Option("--asked-in", metavar="REGION", help="在哪里要求；不写 --asked 则全部现行 · where")] = None,
    passed_in: Annotated[str | None, typer.Option("--passed-in", metavar="REGION", help="在哪里通过的 · where it was passed")] = None,
    subject: Subject = None,
    passed_on: Annotated[str | None, typer.Option("--passed-on", metavar="DATE", help="通过时的日期 · as of when it was passed")] = None,
    on: On = None,
    rule: RuleName = None,
    treat_as: TreatAs = None,
    any_method: AnyMethod = False,
    record: Annotated[Path | None, typer.Option("--record", metavar="FILE", help="一个产品的记录（YAML）· the record of one product")] = None,
    records: Real = None,
    mapping: MappingFile = None,
    tests: Tests = None,
    shelf: Shelves = None,
    witness: Annotated[str | None, typer.Option("--witness", metavar="CLAUSE", help="整条列出该条款的证据 · the whole witness of a clause")] = None,
    as_json: AsJson = False,
) -> None:
    """互认：通过了一地的标准，到另一地还要证明什么 · given what was passed here, what remains to be shown there?

    由证明认可的，是凡通过者必然满足的；由规则认可的，注明规则。退出码 1 还有要证明的或壁垒，3 有不可比或未知 ·
    recognised by proof or by a rule; exit code 1 where something remains or is a barrier, 3 where something is not comparable or unknown.
    """
    from guiju.align.commands.recognised import Asking, recognised

    asking = Asking(tuple(shelf or ()), subject, on, rule, tuple(treat_as or ()), any_method, records, mapping, tests, as_json)
    raise typer.Exit(recognised(
        passed, asked or [], asking, asked_in=asked_in, passed_in=passed_in, passed_on=passed_on, record=record, witness=witness
    ))  # fmt: skip


def suffices(
    national: Annotated[str, typer.Argument(metavar="STANDARD", help="国家标准，或任一标准 · the national standard, or any other")],
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[REGION|STANDARD]...", help="地区或标准；默认其适用地区内的全部地区 · default: every region within")
    ] = None,
    subject: Subject = None,
    on: On = None,
    rule: RuleName = None,
    treat_as: TreatAs = None,
    any_method: AnyMethod = False,
    records: Real = None,
    mapping: MappingFile = None,
    tests: Tests = None,
    shelf: Shelves = None,
    as_json: AsJson = False,
) -> None:
    """符合国家标准，是否就足以进入各地；不足的，是哪一条 · is conformity to the national standard enough everywhere, or which clause breaks it?

    退出码 1 有一地不足，3 有不可比或未知 · exit code 1 where it is not enough somewhere, 3 where something is not comparable or unknown.
    """
    from guiju.align.commands.recognised import Asking
    from guiju.align.commands.sufficing import sufficing

    asking = Asking(tuple(shelf or ()), subject, on, rule, tuple(treat_as or ()), any_method, records, mapping, tests, as_json)
    raise typer.Exit(sufficing(national, words or [], asking))
