"""`guiju verify standard`: the dossier of a standard: what its clauses ask, against studies of its methods and real products."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guiju.cli.commands import AsJson


def add(verify: typer.Typer) -> None:
    verify.command("standard")(standard)


def standard(
    standard: Annotated[str, typer.Argument(metavar="STANDARD", help="标准的编号、文件夹或文件 · number, folder or file")],
    study: Annotated[
        list[Path] | None, typer.Option("--study", metavar="FILE", help="绑定到性质的精密度研究，可多次 · a study bound to a property")
    ] = None,
    records: Annotated[list[Path] | None, typer.Option("--records", metavar="FILE", help="真实产品，可多次 · real products")] = None,
    mapping: Annotated[
        list[Path] | None, typer.Option("--mapping", metavar="FILE", help="列对应文件，依 --records 的次序 · in the order of --records")
    ] = None,
    criteria: Annotated[Path | None, typer.Option("--criteria", metavar="FILE", help="判据，默认用随附的 · default: those shipped")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="按何日的规定 · as of which day")] = None,
    treat_as: Annotated[
        list[str] | None, typer.Option("--treat-as", metavar="ASKED=USED", help="用另一性质的数值代替，并注明 · stated as an assumption")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="报告：.pdf .docx .html .xlsx .md .json · the report")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="覆盖已有的文件 · replace a file that is there")] = False,
    sign: Annotated[Path | None, typer.Option("--sign", metavar="KEYFILE", help="用此私钥签名，写出 .json 与 .json.sig · sign the twin")] = None,
    signed_by: Annotated[str | None, typer.Option("--signed-by", metavar="NAME", help="签名者 · who signs")] = None,
    signed_at: Annotated[str | None, typer.Option("--signed-at", metavar="TIME", help="签名时间，UTC，默认此刻 · default: now")] = None,
    steps: Annotated[int, typer.Option("--steps", min=1000, help="每次求解的步数 · steps of the solver for each of its checks")] = 3_000_000,
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="每个问题至多多少秒 · at most so many seconds for each question")] = 60.0,
    as_json: AsJson = False,
) -> None:
    """验证一份标准：逐条算出限值能否验证、产品通过多少、风险、一致性，并按判据给出结论 · verify a standard, clause by clause.

    没有研究或总体的，写“未验证，因为……”；退出码 1 有不通过，3 有未验证 · exit code 1: something fails, 3: something is not verified.
    """
    import json

    from guiju.base.dates import as_of
    from guiju.cli.answering import treated
    from guiju.cli.console import console, language, progress, refusals, say, show, table, written
    from guiju.cli.reading import texts_of
    from guiju.report.signing import key_id
    from guiju.standard.shelf import Shelf
    from guiju.verify.dossier.assembled import Given, twin, verify_standard
    from guiju.verify.dossier.kept import ready_for, save_dossier
    from guiju.verify.dossier.report import NOTHING
    from guiju.verify.dossier.signed import ready_to_sign, save_signed, signing_with
    from guiju.verify.dossier.told import exit_of, grid_of, worth_telling

    shelf = Shelf()
    texts = {
        str(file): file.read_text(encoding="utf-8", errors="replace")
        for file in (*(study or ()), *([criteria] if criteria else ()))
        if file.is_file()
    }
    with refusals({**texts_of(shelf, [standard]), **texts}):
        if out is not None:
            ready_for(out, overwrite)
        signing = signing_with(sign, signed_by, signed_at)
        if signing is not None:
            ready_to_sign(out, overwrite)
        given = Given(standard, tuple(study or ()), tuple(records or ()), tuple(mapping or ()), criteria, as_of(on), False,
                      treated(shelf, treat_as or []), steps, seconds)  # fmt: skip
        with progress(say("核验与求证", "verifying and proving")) as tell:
            dossier, said = verify_standard(shelf, given, tell)
        if out is not None:
            save_dossier(dossier, out, language(), overwrite=overwrite)
        made = () if out is None or signing is None else save_signed(dossier, out, signing, overwrite=overwrite)
    show(said)
    if as_json:
        print(json.dumps(twin(dossier), ensure_ascii=False, indent=1))
    else:
        header, rows = grid_of(dossier, language())
        title = f"{dossier.about['number']} {dossier.title.text(language())}" + (say("（含示意）", " (illustrative)") if dossier.illustrative else "")
        table(title, header, rows)
        for line in worth_telling(dossier, language()):
            console().print(line)
        console().print(f"{NOTHING[0]} {NOTHING[1].text(language())}   sha256 {twin(dossier)['sha256'][:16]}")
    if out is not None:
        written(out)
    for each in made:
        written(each)
    if signing is not None:
        console().print(f"{say('密钥编号', 'key id')}: {key_id(signing.signer.public)}   {signing.at:%Y-%m-%dT%H:%M:%SZ}")
    raise typer.Exit(exit_of(dossier))
