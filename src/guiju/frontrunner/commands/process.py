"""`guiju frontrunner cycle …` and `guiju frontrunner certify …`: annual cycles, and the course of certificates, as typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson, Overwrite
from guiju.store.commands import HERE, Files, Place, Who

Cycle = Annotated[str, typer.Argument(metavar="CYCLE", help="标识、其末尾，或「方案 年度」· id, how it ends, or `SCHEME YEAR`")]
One = Annotated[str, typer.Argument(metavar="ID", help="标识、其末尾，或企业标准（最新的）· id, how it ends, or the standard: the newest")]
Said = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=TEXT", help="这一步要说的，可多次 · what is said with it, repeatable")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="理由 · why")]
Scheme = Annotated[str, typer.Argument(metavar="SCHEME", help="评估方案 · an evaluation scheme")]
Kept = Annotated[str, typer.Option("--library", metavar="NAME", help="仓库里的标准库 · a library of the store")]
Undertaking = Annotated[str, typer.Option("--undertaking", metavar="TEXT", help="承诺 · what is undertaken")]
Illustrative = Annotated[bool, typer.Option("--illustrative", help="示意数据：处处标明 · made-up data: marked everywhere")]


Sha256 = Annotated[str, typer.Argument(metavar="SHA256", help="文件的 SHA-256，见 show --json · of the file, see show --json")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="写到哪里 · where to write it")]


def add(frontrunner: typer.Typer) -> None:
    for name, words, verbs in (
        ("cycle", "年度评估：领域、比对、公示、名单 · the annual cycle: field, comparison, publicity, list",
         (("list", list_cycles), ("show", show_cycle), ("propose", propose), ("undertake", undertake), ("act", cycle_act), ("file", cycle_file))),
        ("certify", "认证的过程：申请、证据、评价、决定、签发、监督 · the course of certificates",
         (("list", list_certificates), ("show", show_certificate), ("apply", apply), ("batch", batch), ("evidence", evidence), ("evaluate", evaluate),
          ("grant", grant), ("issue", issue), ("files", files_of), ("act", certificate_act), ("enterprise", enterprise),
          ("file", certificate_file), ("table", table))),
    ):  # fmt: skip
        group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=words)
        for verb, face in verbs:
            group.command(verb)(face)
        frontrunner.add_typer(group, name=name)


# cycles


def list_cycles(as_json: AsJson = False, who: Who = None, place: Place = HERE, files: Files = None) -> None:
    """列出看得到的年度评估 · the cycles that may be seen."""
    from guiju.frontrunner.commands import processed

    processed.list_cycles(place, files, who, as_json)


def show_cycle(cycle: Cycle, as_json: AsJson = False, who: Who = None, place: Place = HERE, files: Files = None) -> None:
    """一个年度评估：状态、条目、异议、你现在可以做什么 · one cycle: state, entries, objections, what you may do now."""
    from guiju.frontrunner.commands import processed

    processed.show_cycle(place, files, who, cycle, as_json)


def propose(scheme: Scheme, reason: Reason, who: Who = None, place: Place = HERE, files: Files = None) -> None:
    """提出本年度的一个领域 · propose a field of the year."""
    from guiju.frontrunner.commands import processed

    processed.propose(place, files, who, scheme, reason)


def undertake(
    cycle: Cycle,
    documents: Annotated[list[Path], typer.Argument(metavar="FILE...", help="证明材料，只有相关各方能取 · evidence, for those concerned")],
    entry: Annotated[int, typer.Option("--entry", metavar="N", help="哪一项 · which entry")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="承诺 · what is undertaken")],
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """企业承诺，并提交证明 · an enterprise undertakes, with evidence."""
    from guiju.frontrunner.commands import processed

    processed.undertake(place, files, who, cycle, entry, text, documents)


def cycle_act(
    cycle: Cycle,
    name: Annotated[str, typer.Argument(metavar="ACT", help="show 所列的一步 · one of what `show` says is next")],
    said: Said = None,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """走一步：fix apply review compare shortlist publicise object dismiss uphold publish flag remove declare … · any step."""
    from guiju.frontrunner.commands import processed

    processed.cycle_act(place, files, who, cycle, name, said or [])


# certificates


def list_certificates(as_json: AsJson = False, who: Who = None, place: Place = HERE, files: Files = None) -> None:
    """列出看得到的申请和证书 · applications and certificates that may be seen."""
    from guiju.frontrunner.commands import processed

    processed.list_certificates(place, files, who, as_json)


def show_certificate(certificate: One, as_json: AsJson = False, who: Who = None, place: Place = HERE, files: Files = None) -> None:
    """一份认证：状态、水平、决定、你现在可以做什么 · one certification: state, levels, decision, what you may do now."""
    from guiju.frontrunner.commands import processed

    processed.show_certificate(place, files, who, certificate, as_json)


def apply(
    scheme: Scheme,
    library: Kept,
    enterprise: Annotated[str, typer.Option("--enterprise", metavar="CODE", help="企业代码 · code of the enterprise")],
    standard: Annotated[str, typer.Option("--standard", metavar="NUMBER", help="企业标准编号 · number of its standard")],
    undertaking: Undertaking,
    edition: Annotated[str, typer.Option("--edition", metavar="TEXT", help="版本 · edition")] = "",
    model: Annotated[list[str] | None, typer.Option("--model", metavar="NAME", help="型号，可多次；没有：全部 · repeatable; none: all")] = None,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """申请认证：一个声明的标准和执行它的型号 · apply for a certificate."""
    from guiju.frontrunner.commands import processed
    from guiju.frontrunner.process.doing import Application

    processed.apply(place, files, who, Application(scheme, enterprise, standard, edition, tuple(model or ()), library, undertaking))


def batch(
    scheme: Scheme,
    lines: Annotated[Path, typer.Argument(metavar="TABLE", help="CSV：enterprise, standard, edition, models（分号隔开）· models between semicolons")],
    library: Kept,
    undertaking: Undertaking,
    table: Annotated[Path | None, typer.Option("--evidence", metavar="CSV", help="证据 · measured values")] = None,
    illustrative: Illustrative = False,
    all_: Annotated[bool, typer.Option("--apply", help="全部申请；没有则只试做 · apply for all; without it a dry run")] = False,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """一条供应链，成批：先试做，全部没有问题才申请 · a supply chain: tried first, then all or none."""
    from guiju.frontrunner.commands import processed

    processed.batch(place, files, who, (scheme, library, undertaking), lines, table, illustrative, all_)


def evidence(
    certificate: One,
    table: Annotated[Path, typer.Argument(metavar="CSV", help="测量值：model, input, value, u, laboratory, report … · measured values")],
    report: Annotated[list[Path] | None, typer.Option("--file", metavar="FILE", help="检测报告等，可多次 · a report, repeatable")] = None,
    illustrative: Illustrative = False,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """提交证据：测量值，及其不确定度和实验室 · hand in measured values, with uncertainty and laboratory."""
    from guiju.frontrunner.commands import processed

    processed.evidence(place, files, who, certificate, table, illustrative, report or ())


def evaluate(
    certificate: One,
    rule: Annotated[str, typer.Option("--rule", metavar="RULE", help="simple guard ilac-g8 iso14253-1")] = "guard",
    result: Annotated[str, typer.Option("--boards", metavar="RESULT", help="榜单结果；标准在名单上时不用 · where it is on no list")] = "",
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """按评价标准算出水平，按判定规则判定符合 · compute levels by the evaluation standard, conformity by the decision rule."""
    from guiju.frontrunner.commands import processed

    given = {"rule": rule, **({"result": result} if result else {})}
    processed.certificate_step(place, files, who, certificate, "evaluate", given)


def grant(
    certificate: One,
    reason: Reason,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="有效期自 · valid from")],
    last: Annotated[str, typer.Option("--until", metavar="DATE", help="至（含）· until, included")],
    months: Annotated[int, typer.Option("--every", min=0, metavar="MONTHS", help="监督间隔，0 为无 · between surveillances; 0: none")] = 12,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """决定发证 · decide that a certificate is issued."""
    from guiju.frontrunner.commands import processed

    given = {"reason": reason, "valid_from": first, "valid_until": last, "every_months": str(months)}
    processed.certificate_step(place, files, who, certificate, "grant", given)


def issue(certificate: One, who: Who = None, place: Place = HERE, files: Files = None) -> None:
    """签发：颁发者由 GUIJU_ISSUERS 指定 · sign and issue: the issuer is that of GUIJU_ISSUERS."""
    from guiju.frontrunner.commands import processed

    processed.certificate_step(place, files, who, certificate, "issue", {})


def files_of(
    certificate: One,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="新文件夹 · a new folder")],
    overwrite: Overwrite = False,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """取出证书，及别处核验、重做所需的一切：DID 文档、状态表、方案、标准库 · a certificate and all that verifies and replays it, as files."""
    from guiju.frontrunner.commands.handed_out import hand_out

    hand_out(place, files, who, certificate, folder, overwrite)


def certificate_act(
    certificate: One,
    name: Annotated[str, typer.Argument(metavar="ACT", help="show 所列的一步 · one of what `show` says is next")],
    said: Said = None,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """走一步：refuse send-back surveil suspend reinstate withdraw renew give-up declare … · any other step."""
    from guiju.frontrunner.commands import processed

    processed.certificate_step(place, files, who, certificate, name, dict(each.partition("=")[::2] for each in said or ()))


def enterprise(
    code: Annotated[str, typer.Argument(metavar="CODE", help="企业代码，与标准库相同 · code, as in the library")],
    organisation: Annotated[str, typer.Option("--organisation", metavar="ORG", help="本库的机构 · organisation of this store")],
    zh: Annotated[str, typer.Option("--zh", help="中文名称 · name in Chinese")] = "",
    en: Annotated[str, typer.Option("--en", help="英文名称 · name in English")] = "",
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """登记企业由哪个机构代表 · say which organisation acts for an enterprise."""
    from guiju.frontrunner.commands import processed

    processed.enterprise(place, files, who, code, organisation, zh, en)


def cycle_file(
    cycle: Cycle, hash_: Sha256, out: Out, overwrite: Overwrite = False, who: Who = None, place: Place = HERE, files: Files = None
) -> None:  # fmt: skip
    """取一份承诺的证明材料 · take a file shown with an undertaking."""
    from guiju.frontrunner.commands import taken

    taken.take(place, files, who, out, overwrite, taken.of_cycle(cycle, hash_))


def certificate_file(
    certificate: One, hash_: Sha256, out: Out, overwrite: Overwrite = False, who: Who = None, place: Place = HERE, files: Files = None
) -> None:  # fmt: skip
    """取一份证据的文件 · take a file shown as evidence."""
    from guiju.frontrunner.commands import taken

    taken.take(place, files, who, out, overwrite, taken.of_certificate(certificate, hash_))


def table(
    certificate: One,
    out: Out,
    model: Annotated[list[str] | None, typer.Option("--model", metavar="MODEL", help="只要这个型号，可多次 · of this model only, repeatable")] = None,
    overwrite: Overwrite = False,
    who: Who = None,
    place: Place = HERE,
    files: Files = None,
) -> None:
    """取走证据表，供别人重算证书 · take the evidence, for others to replay the certificate from."""
    from guiju.frontrunner.commands import taken

    taken.take(place, files, who, out, overwrite, taken.evidence(certificate, model or ()))
