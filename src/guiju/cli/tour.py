"""The tour: the main job on the bundled examples, one command after another, as a user would type them."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

from guiju.cli.console import Exit, console, say
from guiju.standard.shelf import data_folder


def steps(examples: Path, folder: Path) -> list[tuple[str, str, list[str], Exit]]:
    """(in Chinese, in English, the words of the command, the exit code it must have)"""
    cars, chargers = examples / "vehicles.csv", examples / "chargers.csv"
    by_cars = ("--mapping", str(examples / "vehicles.mapping.yaml"))
    by_chargers = ("--mapping", str(examples / "chargers.mapping.yaml"))
    energy, tax, charging = "GB 36980.1-2025", "购置税2026-2027", "GB 46519-2025"
    return [
        ("书架上有哪些标准", "what is on the shelf", ["list"], Exit.OK),
        ("检查它们：名称、单位、表、引用、算例", "check them: names, units, tables, references, examples", ["check"], Exit.OK),
        ("真实车型是否符合能耗限值与购置税要求", "do real cars meet the energy limit and the purchase-tax requirements",
         ["evaluate", energy, tax, "--records", str(cars), *by_cars, "--out", str(folder / "vehicles.xlsx"), "--overwrite"], Exit.FAILS),
        ("其中一款为什么是这个结论", "why one of them gets its verdict",
         ["explain", energy, "--records", str(cars), *by_cars, "--key", "小米 YU7"], Exit.OK),
        ("WLTP 的数值不能当作 CLTC 的", "a WLTP value is not a CLTC value",
         ["evaluate", energy, "--records", str(cars), "--mapping", str(examples / "vehicles.wltp.mapping.yaml")], Exit.WRONG_INPUT),
        ("充电设备的能效等级", "efficiency levels of chargers",
         ["evaluate", charging, "--records", str(chargers), *by_chargers, "--out", str(folder / "chargers.csv"), "--overwrite"], Exit.FAILS),
        ("把标准印成给人读的一页", "the standard as a page for people", ["show", energy, "--html", str(folder / "GB-36980.1-2025.html")], Exit.OK),
        ("标准滞后：这些车能通过哪几版门槛", "standard lag: which editions these cars pass",
         ["lag", "财建〔2018〕18号", "财建〔2020〕86号", energy, "--records", str(cars), *by_cars,
          "--treat-as", "nev.electricity.nedc=nev.electricity.cltc", "--treat-as", "nev.range.nedc=nev.range.cltc",
          "--html", str(folder / "lag.html")], Exit.OK),
        ("“领跑者”：企业声明的标准分档排行（示意）", "front-runners: declared standards in bands (illustrative)",
         ["frontrunner", "board", "bev-cars", str(examples / "frontrunner" / "library"), "--on", "2026-11-22", "--indicator", "range_level"],
         Exit.OK),
    ]  # fmt: skip


def run(call: Callable[[Sequence[str]], int], folder: Path) -> Exit:
    """Runs every step; gives FAILS if one did not end as it must."""
    folder.mkdir(parents=True, exist_ok=True)
    out = console()
    wrong = []
    todo = steps(data_folder() / "examples", folder)
    for number, (zh, en, words, expected) in enumerate(todo, 1):
        out.rule(say(f"{number}/{len(todo)} {zh}", f"{number}/{len(todo)} {en}"), align="left")
        out.print("$ guiju " + shlex.join(words), style="bold cyan")
        code = call(words)
        if code != expected:
            wrong.append(f"guiju {shlex.join(words)}: {say('退出码', 'exit code')} {code}, {say('应为', 'expected')} {int(expected)}")
    out.rule(align="left")
    out.print(say("写出的文件：", "files written:"), style="bold")
    for path in sorted(folder.iterdir()):
        out.print(f"  {path}")
    for each in wrong:
        out.print(each, style="red")
    return Exit.FAILS if wrong else Exit.OK
