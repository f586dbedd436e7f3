"""`guiju frontrunner issuer|certificate|status …`: who signs, what is signed, and whether it holds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from guiju.cli.commands import AsJson, Overwrite, Snapshots

if TYPE_CHECKING:

    from guiju.frontrunner.credential.issuers_file import Holder

IssuersFile = Annotated[Path, typer.Argument(metavar="ISSUERS", help="颁发者文件，YAML · the file of issuers")]
Issuers = Annotated[Path, typer.Option("--issuers", metavar="FILE", envvar="GUIJU_ISSUERS", help="颁发者文件 · the file of issuers")]
Which = Annotated[str | None, typer.Option("--issuer", metavar="DID", help="哪一个；只有一个时可不写 · which of them")]
Name = Annotated[str, typer.Option("--name", metavar="NAME", help="钥匙在 DID 文档里的名称 · its name in the DID document")]
KeyFile = Annotated[Path | None, typer.Option("--key", metavar="FILE", help="私钥文件；没有就新建 · the private key, made where there is none")]
Public = Annotated[str | None, typer.Option("--public", metavar="KEY", help="私钥在别处时：公钥 z6Mk… 或 PEM 文件 · where the key is elsewhere")]
Command = Annotated[
    str | None, typer.Option("--signer-command", metavar="COMMAND", help="替它签名的程序，如 PKCS#11 · the program that signs, such as PKCS#11")
]
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help="什么时刻，默认现在 · at which moment, default now")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写到文件，默认印出 · write to a file, default: print")]
Certificate = Annotated[Path, typer.Argument(metavar="FILE", help="证书文件，.json · the file of a certificate")]


def add(frontrunner: typer.Typer) -> None:
    for name, words, verbs in (
        ("issuer", "证书的颁发者与它们的钥匙 · who issues certificates, and their keys",
         (("new", new_issuer), ("did", did_document), ("rotate", rotate), ("revoke", revoke))),
        ("certificate", "证书：签发、核验、印制 · certificates: issue, verify, print",
         (("issue", issue), ("verify", verify), ("replay", replay), ("print", print_certificate), ("context", context))),
        ("status", "状态表：暂停与撤销 · status lists: suspension and withdrawal", (("new", new_list), ("show", show_list))),
    ):  # fmt: skip
        group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=words)
        for verb, face in verbs:
            group.command(verb)(face)
        frontrunner.add_typer(group, name=name)


def new_issuer(
    file: IssuersFile,
    did: Annotated[str, typer.Option("--did", metavar="DID", help="did:web:域名 · did:web:domain")],
    zh: Annotated[str, typer.Option("--zh", help="中文名称 · its name in Chinese")],
    en: Annotated[str, typer.Option("--en", help="英文名称 · its name in English")],
    name: Name = "key-1",
    key: KeyFile = None,
    public: Public = None,
    signer_command: Command = None,
    illustrative: Annotated[bool, typer.Option("--illustrative", help="示意：它颁发的都带标记 · made up: whatever it issues is marked")] = False,
) -> None:
    """登记一个颁发者；文件已有时加在后面 · enter an issuer; a file that is there gets one more."""
    from guiju.cli.console import refusals, written
    from guiju.frontrunner.credential.did import Method
    from guiju.frontrunner.credential.issuer import Issuer
    from guiju.frontrunner.credential.issuers_file import Configured, checked_again, read_issuers, write_issuers
    from guiju.standard.model import Title

    before: tuple[Configured, ...] = ()
    with refusals(), _key(file, name, key, public, signer_command) as (raw, holder):
        before = read_issuers(file) if file.exists() else ()
        issuer = Issuer(did, Title(zh, en), (Method(f"{did}#{name}", raw),), illustrative=illustrative)
        after = (*before, Configured(issuer, {f"{did}#{name}": holder}))
        checked_again(after, file)
        write_issuers(after, file, overwrite=bool(before))
    written(file)


def did_document(file: IssuersFile, which: Which = None, out: Out = None, overwrite: Overwrite = False) -> None:
    """写出 DID 文档，放到颁发者的域名下 · write the DID document, to be put on the issuer's domain."""
    import json

    from guiju.cli.console import refusals
    from guiju.frontrunner.credential.issuers_file import issuer_named, read_issuers

    with refusals():
        made = issuer_named(read_issuers(file), which).issuer.document()
        _put((json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode(), out, overwrite)


def rotate(
    file: IssuersFile,
    name: Name,
    which: Which = None,
    key: KeyFile = None,
    public: Public = None,
    signer_command: Command = None,
    at: At = None,
) -> None:
    """换新钥匙；旧的自此不再签，签过的仍有效 · a new key; older ones sign no more, and what they signed stays good."""
    from guiju.cli.console import refusals, written
    from guiju.frontrunner.credential.at_hand import moment_of
    from guiju.frontrunner.credential.issuers_file import checked_again, issuer_named, read_issuers, rotated, write_issuers

    with refusals(), _key(file, name, key, public, signer_command) as (raw, holder):
        held = read_issuers(file)
        wanted, moment = issuer_named(held, which), moment_of(at)
        after = tuple(rotated(each, name, raw, holder, moment) if each is wanted else each for each in held)
        checked_again(after, file)
        write_issuers(after, file, overwrite=True)
    written(file)


def revoke(file: IssuersFile, name: Name, which: Which = None, at: At = None) -> None:
    """钥匙失密：它签过的全部不再有效 · a key is compromised: nothing it ever signed is good any more."""
    from guiju.cli.console import refusals, written
    from guiju.frontrunner.credential.at_hand import moment_of
    from guiju.frontrunner.credential.issuers_file import issuer_named, read_issuers, revoked, write_issuers

    with refusals():
        held = read_issuers(file)
        wanted, moment = issuer_named(held, which), moment_of(at)
        write_issuers(tuple(revoked(each, name, moment) if each is wanted else each for each in held), file, overwrite=True)
    written(file)


def issue(
    claims: Annotated[Path, typer.Argument(metavar="CLAIMS", help="证书所说的，JSON · what it says, as JSON")],
    issuers: Issuers,
    identifier: Annotated[str, typer.Option("--id", metavar="ADDRESS", help="证书自己的地址或 URN · its own address or URN")],
    first: Annotated[str, typer.Option("--from", metavar="TIME", help="有效期起 · valid from")],
    last: Annotated[str, typer.Option("--until", metavar="TIME", help="有效期止 · valid until")],
    index: Annotated[int, typer.Option("--index", min=0, help="在状态表里的位 · its bit in the status lists")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="证书文件，.json · the file of the certificate")],
    number: Annotated[int, typer.Option("--list", min=1, help="第几张状态表 · which status list of the issuer's")] = 1,
    which: Which = None,
    at: At = None,
    overwrite: Overwrite = False,
) -> None:
    """签发一张证书 · sign a certificate."""
    from guiju.cli.console import refusals
    from guiju.frontrunner.credential.at_hand import moment_of, read_file
    from guiju.frontrunner.credential.certificate import certificate_bytes
    from guiju.frontrunner.credential.certificate import issue as issued
    from guiju.frontrunner.credential.issuers_file import issuer_named, read_issuers
    from guiju.frontrunner.credential.status import PURPOSES, Entry

    with refusals():
        held, moment = issuer_named(read_issuers(issuers), which), moment_of(at)
        entries = [Entry(held.issuer.list_address(purpose, number), index, purpose) for purpose in PURPOSES]
        said = read_file(claims, ("证书内容", "claims"))
        made = issued(said, held.issuer, held.signer(moment), id=identifier, valid_from=moment_of(first), valid_until=moment_of(last),
                      status=entries, at=moment)  # fmt: skip
        _put(certificate_bytes(made), out, overwrite)


def verify(
    file: Certificate,
    did: Annotated[list[Path], typer.Option("--did", metavar="FILE", help="颁发者的 DID 文档，可多次 · the issuer's DID document, repeatable")],
    status: Annotated[list[Path], typer.Option("--status", metavar="FILE", help="状态表，可多次 · a status list, repeatable")],
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """离线核验，列出全部理由；退出码 0 有效，1 无效，2 文件读不出 · verify offline, with every reason.

    Exit code 0: it is good; 1: it is not; 2: a file cannot be read.
    """
    import json

    from guiju.cli.console import Exit, console, refusals, say, show
    from guiju.frontrunner.credential.at_hand import answer, by_id, bytes_of, moment_of
    from guiju.frontrunner.credential.said import models_said
    from guiju.frontrunner.credential.verify import DOCUMENT, LIST

    with refusals():
        found = answer(bytes_of(file), by_id(did, DOCUMENT), by_id(status, LIST), moment_of(at))
    if as_json:
        print(json.dumps(found.plain(), ensure_ascii=False, indent=1))
    elif found.shown is None:
        show(found.reasons)
    else:
        shown = found.shown
        console().print(say("证书有效", "the certificate is good"))
        until = min(shown.lists.values())
        claims = shown.claims
        for name, said in (
            (say("所问时刻", "at"), found.plain()["at"]),
            (say("颁发者", "issuer"), shown.issuer),
            (say("密钥", "key"), shown.method),
            (say("声明的标准", "declared standard"), f"{claims['standard']['number']} ({claims['standard']['edition']})"),
            (say("型号", "models"), say("、", ", ").join(models_said(claims))),
            (say("有效期止", "valid until"), shown.plain["validUntil"]),
            (say("状态表有效至", "status lists good until"), until.strftime("%Y-%m-%dT%H:%M:%SZ")),
            *([(say("示意", "illustrative"), say("含示意内容，不得作为实际结论引用", "it holds made-up content; not to be cited"))]
              if claims["illustrative"] else []),
        ):  # fmt: skip
            console().print(f"{name}: {said}", markup=False)
    if found.shown is None:
        raise typer.Exit(Exit.FAILS)


def replay(
    file: Certificate,
    scheme: Annotated[str, typer.Option("--scheme", metavar="SCHEME", help="评估方案：标识或文件 · the scheme, its id or file")],
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="按哪天比对，默认证书所说 · as of which day, default: as it says")] = None,
    library: Annotated[Path | None, typer.Option("--library", metavar="PATH", help="企业标准库：工作簿、文件夹或 zip · the library")] = None,
    evidence: Annotated[Path | None, typer.Option("--evidence", metavar="FILE", help="持证人给的证据文件 · evidence its holder gave")] = None,
    snapshot: Snapshots = None,
    as_json: AsJson = False,
) -> None:
    """重做证书所依据的榜单、按证据重算等级，逐项比较；不核验签名 · make boards and levels again, and compare; the signature is `verify`'s.

    Exit code 0: all that counts is the same; 1: something differs; 2: a file cannot be read.
    """
    import json

    from guiju.cli.console import Exit, console, language, progress, refusals, say, table
    from guiju.frontrunner.credential.replaying import replay_of

    if library is None and evidence is None:
        raise typer.BadParameter(say("至少要给 --library 或 --evidence 之一", "give --library, --evidence or both"))
    with refusals(), progress(say("重做榜单", "making the boards again")) as tell:
        found = replay_of(file, library, scheme, on, snapshot or (), evidence, tell)
    if as_json:
        print(json.dumps(found.plain(), ensure_ascii=False, indent=1))
    else:
        rows = [
            (("✓" if row.same else "✗" if row.counts else "?") + f" {row.what.text(language())}", row.said, "" if row.same else row.found)
            for row in found.rows
        ]
        table("", (say("项", "item"), say("证书", "certificate"), say("重做得到（不同时）", "found anew (where it differs)")), rows)
        same = say("与重做的一致。", "It is as what was made anew says.")
        console().print(same if found.same else say("与重做的不一致。", "It differs from what was made anew."))
    if not found.same:
        raise typer.Exit(Exit.FAILS)


def print_certificate(
    file: Certificate,
    issuers: Issuers,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="PDF 或 HTML，按后缀 · PDF or HTML by the ending")],
    overwrite: Overwrite = False,
) -> None:
    """印制证书，带核验的二维码 · print a certificate, with a code that leads to where it is verified."""
    from guiju.base.diagnostics import Refused
    from guiju.cli.console import language, refusals, written
    from guiju.frontrunner.credential.at_hand import read_file
    from guiju.frontrunner.credential.issuers_file import issuer_named, read_issuers
    from guiju.frontrunner.credential.printed import certificate_report
    from guiju.frontrunner.credential.verify import CERTIFICATE, issued_wrong
    from guiju.report.written import ready, save

    with refusals():
        ready(out, overwrite)
        plain = read_file(file, CERTIFICATE)
        held = issuer_named(read_issuers(issuers), str(plain.get("issuer")))
        wrong = issued_wrong(plain, {held.issuer.did: held.issuer.document()}.get)
        if wrong:
            raise Refused(wrong)
        save(certificate_report(plain, held.issuer, language()), out, overwrite=overwrite)
    written(out)


def context(
    out: Out = None,
    earlier: Annotated[bool, typer.Option("--earlier", help="先前形式的证书用的 · of certificates in the earlier form")] = False,
    overwrite: Overwrite = False,
) -> None:
    """写出证书术语的 JSON-LD 文件 · write the JSON-LD context of certificates."""
    from guiju.cli.console import refusals
    from guiju.frontrunner.credential.certificate import context_document
    from guiju.frontrunner.credential.issuer import CONTEXT_PATH, EARLIER_CONTEXT_PATH

    with refusals():
        _put(context_document(EARLIER_CONTEXT_PATH if earlier else CONTEXT_PATH), out, overwrite)


def new_list(
    issuers: Issuers,
    purpose: Annotated[str, typer.Option("--purpose", metavar="PURPOSE", help="revocation（撤销）或 suspension（暂停）· which of them")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="状态表，.json · the file of the list")],
    number: Annotated[int, typer.Option("--number", min=1, help="第几张；前一张满了才有下一张 · which: there is a next when one is full")] = 1,
    on: Annotated[list[int] | None, typer.Option("--set", metavar="INDEX", min=0, help="被撤销或暂停的位，可多次 · a bit that is set")] = None,
    which: Which = None,
    at: At = None,
    overwrite: Overwrite = False,
) -> None:
    """签一张状态表 · sign a status list."""
    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.cli.console import refusals
    from guiju.frontrunner.credential.at_hand import moment_of
    from guiju.frontrunner.credential.certificate import certificate_bytes
    from guiju.frontrunner.credential.issuers_file import issuer_named, read_issuers
    from guiju.frontrunner.credential.status import PURPOSES, list_of

    with refusals():
        named = next((each for each in PURPOSES if each == purpose), None)
        if named is None:
            raise Refused([Diagnostic("unknown-word", None, {"word": purpose, "known": ", ".join(PURPOSES)})])
        held, moment = issuer_named(read_issuers(issuers), which), moment_of(at)
        _put(certificate_bytes(list_of(held.issuer, named, on or (), held.signer(moment), moment, number)), out, overwrite)


def show_list(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="状态表 · the file of a status list")],
    did: Annotated[list[Path] | None, typer.Option("--did", metavar="FILE", help="颁发者的 DID 文档 · the issuer's DID document")] = None,
    index: Annotated[int | None, typer.Option("--index", min=0, help="只看这一位 · only this bit")] = None,
    at: At = None,
) -> None:
    """看一张状态表；给了 DID 文档就核验它的签名 · show a status list, verified where the DID document is given."""
    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.cli.console import Exit, console, refusals, say, show
    from guiju.frontrunner.credential.at_hand import by_id, moment_of, read_file
    from guiju.frontrunner.credential.status import StatusList
    from guiju.frontrunner.credential.verify import DOCUMENT, LIST, list_wrong

    with refusals():
        plain, moment = read_file(file, LIST), moment_of(at)
        documents = by_id(did or (), DOCUMENT)
        subject = plain.get("credentialSubject")
        bits = StatusList.decoded(subject.get("encodedList")) if isinstance(subject, dict) else None
        if bits is None or not isinstance(subject, dict):
            raise Refused([Diagnostic("credential-list-form", None, {"list": str(plain.get("id"))})])
        if index is not None and index >= len(bits):
            facts = {"list": str(plain.get("id")), "index": str(index), "size": str(len(bits))}
            raise Refused([Diagnostic("credential-list-index", None, facts)])
    for name in ("id", "issuer", "validFrom", "validUntil"):
        console().print(f"{name}: {plain.get(name)}", markup=False)
    console().print(f"{say('用途', 'purpose')}: {subject.get('statusPurpose')}", markup=False)
    if index is None:
        console().print(say(f"共 {len(bits)} 位，置位 {bits.count()} 位", f"{len(bits)} bits, {bits.count()} of them set"))
    else:
        console().print(f"{index}: {say('置位', 'set') if bits.get(index) else say('未置位', 'not set')}")
    wrong = list_wrong(plain, documents.get, moment) if did else ()
    if not did:
        console().print(say("没有给 --did，签名未核验", "without --did the signature is not verified"))
    if wrong:
        show(wrong)
        raise typer.Exit(Exit.FAILS)


@contextlib.contextmanager
def _key(beside: Path, name: str, key: Path | None, public: str | None, command: str | None) -> Iterator[tuple[bytes, Holder]]:
    """The public key of an issuer and who holds the private one. A key file that is not there is made, and stays only where nothing is refused.

    raises   Refused: signer-none, issuer-public, what the key file is refused for
    """
    import shlex

    from guiju.base.diagnostics import Diagnostic, Refused
    from guiju.frontrunner.credential.holders import public_key
    from guiju.frontrunner.credential.issuers_file import Holder
    from guiju.report.keyfile import new_key, passphrase, read_key

    if (command is None) != (public is None) or (command is not None and key is not None):
        raise Refused([Diagnostic("signer-none", None)])
    if command is not None and public is not None:
        yield public_key(public), Holder(command=tuple(shlex.split(command)))
        return
    file = key or beside.with_name(f"{name}.pem")
    was_there = file.exists()
    held = read_key(file, passphrase()) if was_there else new_key(file, passphrase())
    try:
        yield held.public, Holder(file if file.is_relative_to(beside.parent) else file.resolve())
    except BaseException:
        if not was_there:
            file.unlink(missing_ok=True)
        raise


def _put(made: bytes, out: Path | None, overwrite: bool) -> None:
    import sys

    from guiju.cli.console import written
    from guiju.report.written import ready_at, write_whole

    if out is None:
        sys.stdout.write(made.decode("utf-8"))
        return
    ready_at(out, overwrite)
    write_whole(made, out, overwrite)
    written(out)
