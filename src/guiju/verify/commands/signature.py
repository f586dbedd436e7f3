"""`guiju verify key …` and `guiju verify signature`: keys to sign reports with, and whether a signature holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from guiju.report.signing import Signer

KeyFile = Annotated[Path, typer.Argument(metavar="FILE", help="私钥文件，PEM · the file of a private key")]


def add(verify: typer.Typer) -> None:
    key = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="签名用的密钥 · keys to sign with")
    key.command("new")(new)
    key.command("show")(show_key)
    verify.add_typer(key, name="key")
    verify.command("signature")(signature)


def new(file: KeyFile) -> None:
    """生成 Ed25519 私钥，只有本人可读，不覆盖；口令取自 GUIJU_KEY_PASSPHRASE · make a key, never over another file."""
    from guiju.cli.console import refusals, written
    from guiju.report.keyfile import new_key, passphrase

    with refusals():
        made = new_key(file, passphrase())
    written(file)
    _tell(made)


def show_key(file: KeyFile) -> None:
    """写出公钥，交给要核验的人 · print the public key, for those who verify."""
    from guiju.cli.console import refusals
    from guiju.report.keyfile import passphrase, public_text, read_key

    with refusals():
        held = read_key(file, passphrase())
    _tell(held)
    print(public_text(held), end="")


def signature(
    twin: Annotated[Path, typer.Argument(metavar="TWIN", help="报告的孪生文件 .json · the machine-readable twin")],
    file: Annotated[Path, typer.Argument(metavar="SIGFILE", help="签名文件 .json.sig · its signature")],
    key: Annotated[
        str | None, typer.Option("--key", metavar="PUBLIC", help="应由谁签：公钥文件（PEM）、密钥编号或 base64 · a PEM file, a key id or base64")
    ] = None,
) -> None:
    """离线核验签名；退出码 0 有效，1 内容已改或密钥不符，2 文件不合格式，3 没有给 --key，不知是谁签的 · verify a signature offline.

    Exit code 0: it holds; 1: altered, or another key; 2: malformed; 3: it holds, but without --key nothing is shown of who signed.
    """
    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.cli.console import Exit, console, refusals, say, show
    from guiju.report.keyfile import known_key
    from guiju.verify.dossier.signed import shown_of_files

    with refusals():
        wanted = None if key is None else known_key(key)
        try:
            found = shown_of_files(twin, file, wanted)
        except Refused as refused:
            if {d.code for d in refused.diagnostics} <= {"signature-false", "signature-altered", "signature-other-key"}:
                show(refused.diagnostics)
                raise typer.Exit(Exit.FAILS) from None
            raise
    console().print(say("签名有效：内容自签名后未改", "the signature holds: the content is as it was signed"))
    lines = (
        (say("密钥编号", "key id"), found.key_id),
        ("sha256", found.sha256),
        (say("报告所印的 sha256", "sha256 the report prints"), found.content),
        (say("签名时间（自述）", "signed at (as stated)"), found.signed_at),
        (say("签名者（自述）", "signed by (as stated)"), found.by or say("未写明", "not stated")),
    )
    for name, said in lines:
        console().print(f"{name}: {said}", markup=False)
    if wanted is None:
        show([Diagnostic("signature-key-open", None, {"key": found.key_id})])
        raise typer.Exit(Exit.UNDETERMINED)


def _tell(signer: Signer) -> None:
    import base64

    from guiju.cli.console import console, say
    from guiju.report.signing import key_id

    console().print(f"{say('密钥编号', 'key id')}: {key_id(signer.public)}")
    console().print(f"{say('公钥', 'public key')}: {base64.b64encode(signer.public).decode('ascii')}", markup=False)
