"""`guiju verify selftest`: every published figure beside the one computed here."""

from __future__ import annotations

from typing import Annotated

import typer

from guiju.cli.commands import AsJson


def add(verify: typer.Typer) -> None:
    verify.command("selftest")(selftest)


def selftest(
    cases: Annotated[list[str] | None, typer.Argument(metavar="[CASE]...", help="只做这些案例 · only these cases")] = None,
    short: Annotated[bool, typer.Option("--short", help="每案一行 · one line per case")] = False,
    as_json: AsJson = False,
) -> None:
    """自检：公布值、计算值、末位偏差，逐值核对 · published, computed and deviation in last digits, value by value.

    退出码 1 有偏差超出者 · exit code 1 where one is off.
    """
    import json
    import math
    from dataclasses import asdict

    from guiju.cli.console import Exit, console, refusals, say, table
    from guiju.verify.selftest import run

    with refusals():
        found = list(run(cases or ()))
    off = sum(not each.agrees for case in found for each in case.compared)
    every = sum(len(case.compared) for case in found)
    if as_json:
        listed = [
            {"case": case.name, "zh": case.title.zh, "en": case.title.en, "standard": case.standard, "sources": case.sources,
             "values": [asdict(c) | {"deviation": None if math.isnan(c.deviation) else c.deviation} for c in case.compared]}
            for case in found
        ]  # fmt: skip
        print(json.dumps({"values": every, "off": off, "cases": listed}, ensure_ascii=False, indent=1))
    else:
        header = ("", say("公布", "published"), say("计算", "computed"), say("末位偏差", "last digits"), "", say("等级", "grade"), "")
        for case in () if short else found:
            rows = [
                (c.key, c.published, c.computed, "" if math.isnan(c.deviation) else f"{c.deviation:+.2f}", "✓" if c.agrees else "✗", c.grade, c.why)
                for c in case.compared
            ]
            table(f"{case.name} · {say(case.title.zh, case.title.en)} · {case.standard}", header, rows, (1, 2, 3))
        for case in found:
            agreeing = sum(c.agrees for c in case.compared)
            console().print(f"{'✓' if case.agrees else '✗'} {case.name}  {agreeing}/{len(case.compared)}  {case.standard}")
        console().print(say(f"{every} 个值，{off} 个不符", f"{every} values, {off} off"))
    raise typer.Exit(Exit.FAILS if off else Exit.OK)
