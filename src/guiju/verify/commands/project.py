"""`guiju verify project …`: a verification from its demand to its conclusion, as typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson, Standard
from guiju.store.commands import HERE, Files, Place, Who

Project = Annotated[str, typer.Argument(metavar="PROJECT", help="标识、其末尾，或标准号（最新的）· id, how it ends, or its standard: the newest")]
Number = Annotated[int, typer.Argument(min=1, metavar="ORDER", help="任务编号 · number of the order")]


def add(verify: typer.Typer) -> None:
    words = "标准验证的过程：需求、方案、征集、实施、结论 · the process: demand, plan, call, execution, conclusion"
    project = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=words)
    faces: dict[str, Callable[..., None]] = {
        "list": list_projects, "show": show, "demand": demand, "plan": plan, "call": call, "apply": apply, "assign": assign, "sheet": sheet,
        "enter": enter, "close": close, "key": key, "hand-over": hand_over,
        "lift": lift, "exclude": exclude, "analyse": analyse, "study": study, "conclude": conclude,
        "act": act,
    }  # fmt: skip
    for name, face in faces.items():
        project.command(name)(face)
    verify.add_typer(project, name="project")


def list_projects(as_json: AsJson = False, who: Who = None, place: Place = HERE, files: Files = None) -> None:
    """列出看得到的验证项目 · the verifications that may be seen."""
    from guiju.verify.commands import projected

    projected.list_projects(place, files, who, as_json)


def show(project: Project, as_json: AsJson = False, who: Who = None, place: Place = HERE, files: Files = None) -> None:
    """一个验证项目：状态、方案、任务、下一步、记录 · one verification: state, plan, orders, what is next, the log."""
    from guiju.verify.commands import projected

    projected.show(place, files, who, project, as_json)


def demand(
    standard: Standard,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="为什么要验证 · why")],
    stage: Annotated[str, typer.Option("--stage", metavar="WORD", help="research proposal drafting review publication effect")] = "drafting",
    runner: Annotated[str | None, typer.Option("--runner", metavar="ORG", help="由谁验证；默认本库的机构 · who is to run it")] = None,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """提出验证需求 · ask for a standard to be verified."""
    from guiju.verify.commands import projected

    projected.demand(place, files, who, standard, reason, stage, runner)


def plan(
    project: Project,
    clause: Annotated[list[str] | None, typer.Option("--clause", metavar="NO=HOW", help="experiment evidence on-site；可多次 · repeatable")] = None,
    skip: Annotated[list[str] | None, typer.Option("--skip", metavar="NO=WHY", help="不验证的条款和理由，可多次 · not verified, and why")] = None,
    rest: Annotated[str | None, typer.Option("--skip-rest", metavar="WHY", help="其余条款都不验证的理由 · why no other clause is")] = None,
    level: Annotated[list[str] | None, typer.Option("--level", metavar="NAME", help="样品，可多次 · a sample, repeatable")] = None,
    gamma: Annotated[float, typer.Option("--gamma", metavar="G", help="预期的 s_R / s_r · expected")] = 2.0,
    within_r: Annotated[float | None, typer.Option("--within-r", min=0.01, metavar="A", help="s_r 的相对误差，95 % · of s_r")] = None,
    within_R: Annotated[float | None, typer.Option("--within-R", min=0.01, metavar="A", help="s_R 的相对误差 · of s_R")] = None,  # noqa: N803
    labs: Annotated[int | None, typer.Option("--labs", metavar="P", help="实验室数；默认由精度算 · default: computed")] = None,
    replicates: Annotated[int | None, typer.Option("--replicates", metavar="N", help="重复次数；默认由精度算 · default: computed")] = None,
    criteria: Annotated[str, typer.Option("--criteria", metavar="TEXT", help="判据 · how it will be judged")] = "",
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """拟定方案：逐条怎么验证，样品、实验室数、重复次数 · plan: how each clause is verified, samples, laboratories, replicates."""
    from guiju.verify.commands import projected
    from guiju.verify.process.plan import Asked

    clauses = {no: (how, "") for no, _, how in (each.partition("=") for each in clause or ())}
    clauses |= {no: ("none", why) for no, _, why in (each.partition("=") for each in skip or ())}
    projected.plan(place, files, who, project, Asked(clauses, level or [], gamma, within_r, within_R, labs, replicates, criteria), rest)


def call(
    project: Project,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="申请到哪天 · applications until")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="征集说明 · what is called for")] = "征集验证点 · calling for points",
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """征集验证点 · call for points."""
    from guiju.verify.commands import projected

    projected.act(place, files, who, project, "call", {"text": text, "until": until})


def apply(
    project: Project,
    point: Annotated[str, typer.Option("--point", metavar="CODE", help="验证点 · the point that applies")],
    laboratory: Annotated[str, typer.Option("--laboratory", metavar="NAME", help="它的实验室 · its laboratory")] = "",
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """以一个验证点申请 · apply with a point."""
    from guiju.verify.commands import projected

    projected.apply(place, files, who, project, point, laboratory)


def assign(
    project: Project,
    applications: Annotated[list[int], typer.Argument(metavar="APPLICATION...", help="选中的申请 · the applications chosen")],
    key_holder: Annotated[str, typer.Option("--key-holder", metavar="ACCOUNT", help="谁保管盲码、备样、揭盲 · who holds the key")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="少于方案时为何仍可 · why fewer than planned will do")] = "",
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """下达任务，样品用盲码 · give out orders, the samples under blind codes."""
    from guiju.verify.commands import projected

    projected.assign(place, files, who, project, applications, key_holder, reason)


def sheet(
    project: Project,
    order: Number,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写成文件 · write it to a file")] = None,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """一项任务的表：盲码与已录入的 · the sheet of an order: its codes and what was entered."""
    from guiju.verify.commands import projected

    projected.sheet(place, files, who, project, order, out)


def enter(
    project: Project,
    order: Number,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="填好的表 · the sheet, filled in")],
    submit: Annotated[bool, typer.Option("--submit", help="提交 · it is complete")] = False,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """录入一项任务的数据；进门时逐格核对 · enter the results of an order; every cell is checked at the door."""
    from guiju.verify.commands import projected

    projected.enter(place, files, who, project, order, file, submit)


def close(project: Project, who: Who = None, place: Place = HERE, files: Files = None) -> None:
    """结束实施 · close the execution."""
    from guiju.verify.commands import projected

    projected.act(place, files, who, project, "close", {})


def key(project: Project, who: Who = None, place: Place = HERE, files: Files = None) -> None:
    """盲码各指什么，只给保管人，每看一次有记录 · what the codes stand for, for who holds the key; every look is logged."""
    from guiju.verify.commands import projected

    projected.key(place, files, who, project)


def hand_over(
    project: Project,
    key_holder: Annotated[str, typer.Option("--key-holder", metavar="ACCOUNT", help="移交给谁 · who takes it")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="为何移交 · why")],
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """把盲码移交给另一个账号，例如保管人已离开 · hand the key to the blind codes to another account, as when who held it has left."""
    from guiju.verify.commands import projected

    projected.hand_over(place, files, who, project, key_holder, reason)


def lift(project: Project, who: Who = None, place: Place = HERE, files: Files = None) -> None:
    """揭盲 · lift the blinding."""
    from guiju.verify.commands import projected

    projected.lift(place, files, who, project)


def exclude(
    project: Project,
    item: Annotated[str, typer.Option("--item", metavar="ITEM", help="测量项 · quantity")],
    lab: Annotated[str, typer.Option("--lab", metavar="LAB", help="实验室代码 · code of the laboratory")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="理由 · why")],
    level: Annotated[str, typer.Option("--level", metavar="NAME", help="水平；默认全部 · default: all")] = "",
    replicate: Annotated[str, typer.Option("--replicate", metavar="N", help="重复；默认全部 · default: all")] = "",
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """申报剔除；由第二个人确认后才生效 · declare an exclusion, which a second person has to confirm."""
    from guiju.verify.commands import projected

    said = {"item": item, "lab": lab, "level": level, "replicate": replicate, "reason": reason}
    projected.act(place, files, who, project, "exclude", said)


def analyse(
    project: Project,
    edition: Annotated[str | None, typer.Option("--edition", metavar="NAME", help="按哪个版本 · by which edition")] = None,
    as_json: AsJson = False,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """分析，与 guiju verify precision 同一计算 · analyse: what `guiju verify precision` computes."""
    from guiju.verify.commands import projected

    projected.analyse(place, files, who, project, edition, as_json)


def study(
    project: Project,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="写到哪个文件夹 · the folder to write to")],
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """写出研究与剔除的文件，供 guiju verify precision 与 standard --study · write the studies and exclusions as files for both."""
    from guiju.verify.commands import projected

    projected.study(place, files, who, project, out)


def conclude(
    project: Project,
    verdict: Annotated[
        list[str] | None, typer.Option("--verdict", metavar="NO/ASPECT=VERDICT[:GROUND]", help="可多次；没有则只看建议 · none: only the proposal")
    ] = None,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="总的结论 · the whole in words")] = "",
    records: Annotated[list[Path] | None, typer.Option("--records", metavar="FILE", help="真实产品，可多次 · real products")] = None,
    mapping: Annotated[
        list[Path] | None, typer.Option("--mapping", metavar="FILE", help="列对应文件，依 --records 的次序 · in the order of --records")
    ] = None,
    as_json: AsJson = False,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """给出逐条结论；与由证据算得的建议不同的要写理由 · conclude, clause by clause; what differs from the proposal says why.

    方面 · aspects: scientific reasonable applicable operable consistent；结论 · verdicts: pass after-change fail not-verified
    """
    from guiju.verify.commands import projected

    projected.conclude(place, files, who, project, verdict or [], text, tuple(records or ()), tuple(mapping or ()), as_json)


def act(
    project: Project,
    name: Annotated[str, typer.Argument(metavar="ACT", help="见 show 所列的下一步 · one of what `show` says is next")],
    said: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=TEXT", help="reason judgement opinion order exclusion application")] = None,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """其余各步：accept decline approve send-back return drop confirm restore archive abandon … · every other step."""
    from guiju.verify.commands import projected

    projected.other(place, files, who, project, name, said or [])
