"""The file of issuers (YAML): who signs, with which keys, until when, and where each key is held; read with every problem at once, written whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.frontrunner.credential import did as dids
from guiju.frontrunner.credential import multibase
from guiju.frontrunner.credential.did import Method
from guiju.frontrunner.credential.holders import signer_for
from guiju.frontrunner.credential.issuer import Issuer
from guiju.frontrunner.credential.proof import time_of, time_text
from guiju.report.signing import Signer
from guiju.report.written import write_whole
from guiju.standard.document import Document, Scalar, load
from guiju.standard.document import read as read_document
from guiju.standard.model import Title
from guiju.standard.shape import Key, ListOf, Shape, read

_KEY = Shape("key", {
    "name": Key("text", True), "public": Key("text", True), "expires": Key("text"), "revoked": Key("text"), "file": Key("text"),
    "command": Key(ListOf("text")),
}, "密钥", whole=True)  # fmt: skip
_ISSUER = Shape("issuer", {
    "did": Key("text", True), "zh": Key("text", True), "en": Key("text", True), "illustrative": Key("text"), "valid_hours": Key("text"),
    "refresh_hours": Key("text"), "keys": Key(ListOf(_KEY), True),
}, "颁发者", whole=True)  # fmt: skip
FILE = Shape("issuers", {"guiju": Key("text", True), "issuers": Key(ListOf(_ISSUER), True)}, "颁发者文件")
HOURS_MAX = 24 * 366


@dataclass(frozen=True, slots=True)
class Holder:
    """Where a private key is: a file beside the file of issuers, or a program."""

    file: Path | None = None
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Configured:
    """An issuer, and who holds which of its keys (verification method → holder)."""

    issuer: Issuer
    holders: Mapping[str, Holder]

    def signer(self, at: datetime) -> Signer:
        """Who signs at a moment: the newest key that may.

        raises   Refused: signer-none where none may, or nobody here holds it; what its holder is refused for
        """
        for key in reversed(self.issuer.keys):
            if key.revoked is None and (key.expires is None or at < key.expires) and key.id in self.holders:
                holder = self.holders[key.id]
                return signer_for(key.public, holder.file, holder.command)
        raise Refused([Diagnostic("signer-none", None)])


def read_issuers(path: Path) -> tuple[Configured, ...]:
    """The issuers of a file.

    raises   Refused with every problem, each with its place
    """
    problems = Problems()
    found = _read(load(path, problems), path, problems)
    problems.refuse_errors()
    return found


def _read(document: Document, path: Path, problems: Problems) -> tuple[Configured, ...]:
    raw = read(document.root, FILE, problems)
    problems.refuse_errors()
    assert raw is not None, "what is not read is an error"
    if raw["guiju"].text != "1":
        problems.add("format-version", raw["guiju"].span, found=raw["guiju"].text)
    found: dict[str, Configured] = {}
    for each in raw["issuers"]:
        did: Scalar = each["did"]
        if did.text in found:
            problems.add("issuer-twice", did.span, name=did.text)
        found.setdefault(did.text, _issuer(each, path.parent, problems))
    return tuple(found.values())


def issuer_named(held: tuple[Configured, ...], did: str | None) -> Configured:
    """The issuer of a DID; None: the only one.

    raises   Refused: issuer-unknown
    """
    found = [each for each in held if did in (None, each.issuer.did)]
    if len(found) != 1:
        raise Refused([Diagnostic("issuer-unknown", None, {"did": did or "?", "known": ", ".join(each.issuer.did for each in held)})])
    return found[0]


def write_issuers(held: tuple[Configured, ...], path: Path, *, overwrite: bool) -> None:
    """Writes the file whole; remarks in an older one are not kept.

    raises   Refused: file-exists, file-unwritable
    """
    write_whole(_text(held, path.parent).encode("utf-8"), path, overwrite)


def _text(held: tuple[Configured, ...], folder: Path) -> str:
    plain = {"guiju": 1, "issuers": [_plain(each, folder) for each in held]}
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=1000)


def checked_again(held: tuple[Configured, ...], path: Path) -> None:
    """Refuses what `read_issuers` would refuse of the file, before it is written.

    raises   Refused, with every problem
    """
    problems = Problems()
    _read(read_document(_text(held, path.parent), path.name, problems), path, problems)
    problems.refuse_errors()


def rotated(held: Configured, name: str, public: bytes, holder: Holder, at: datetime) -> Configured:
    """The issuer with a new key; those it signed with until now sign no more from that moment on, and what they signed stays good.

    raises   Refused: issuer-twice
    """
    issuer = held.issuer
    method = Method(f"{issuer.did}#{name}", public)
    if any(method.id == key.id or method.public == key.public for key in issuer.keys):
        raise Refused([Diagnostic("issuer-twice", None, {"name": name})])
    older = tuple(key if key.expires is not None or key.revoked is not None else replace(key, expires=at) for key in issuer.keys)
    return Configured(replace(issuer, keys=(*older, method)), {**held.holders, method.id: holder})


def revoked(held: Configured, name: str, at: datetime) -> Configured:
    """The issuer with a key taken for compromised: nothing it ever signed is good any more.

    raises   Refused: issuer-key-unknown
    """
    wanted = f"{held.issuer.did}#{name}"
    if all(key.id != wanted for key in held.issuer.keys):
        raise Refused([Diagnostic("issuer-key-unknown", None, {"name": name, "known": ", ".join(k.id.partition("#")[2] for k in held.issuer.keys)})])
    keys = tuple(replace(key, revoked=at) if key.id == wanted else key for key in held.issuer.keys)
    return Configured(replace(held.issuer, keys=keys), held.holders)


def _issuer(each: Mapping[str, Any], folder: Path, problems: Problems) -> Configured:
    did: Scalar = each["did"]
    if (odd := dids.deceptive(did.text)) is not None:
        problems.add("credential-deceptive", did.span, what_zh="文件", what_en="file", did=did.text, odd=odd)
    elif dids.base_of(did.text) is None:
        problems.add("credential-issuer", did.span, did=did.text)
    for language in ("zh", "en"):
        if dids.mixed(each[language].text):
            problems.add("issuer-mixed", each[language].span, text=each[language].text)
    keys, holders = dict[str, Method](), dict[str, Holder]()
    for raw in each["keys"]:
        key = _key(raw, did.text, problems)
        if key.id in keys or any(key.public == other.public for other in keys.values()):
            problems.add("issuer-twice", raw["name"].span, name=raw["name"].text)
        keys.setdefault(key.id, key)
        if "file" in raw and "command" in raw:
            problems.add("issuer-holder", raw["name"].span, name=raw["name"].text)
        elif "file" in raw or "command" in raw:
            file = folder / raw["file"].text if "file" in raw else None
            holders[key.id] = Holder(file, tuple(word.text for word in raw.get("command", ())))
    if not keys:
        problems.add("missing-key", did.span, key="keys", within=f"issuer {did.text}", within_zh=f"颁发者 {did.text}")
    valid, refresh = _hours(each.get("valid_hours"), 24, problems), _hours(each.get("refresh_hours"), 1, problems)
    if refresh > valid:
        problems.add("issuer-hours", each["refresh_hours"].span if "refresh_hours" in each else did.span, text=f"{refresh} > {valid}")
    made_up = each.get("illustrative")
    if made_up is not None and made_up.text not in ("true", "false"):
        problems.add("unknown-word", made_up.span, word=made_up.text, known="true, false")
    title = Title(each["zh"].text, each["en"].text)
    issuer = Issuer(
        did.text, title, tuple(keys.values()), timedelta(hours=valid), timedelta(hours=refresh), made_up is not None and made_up.text == "true"
    )
    return Configured(issuer, holders)


def _key(raw: Mapping[str, Any], did: str, problems: Problems) -> Method:
    name, written = raw["name"], raw["public"]
    if not name.text.replace("-", "").replace("_", "").isalnum() or not name.text.isascii() or len(name.text) > 60:
        problems.add("issuer-key-name", name.span, name=name.text)
    public = multibase.from_multikey(written.text)
    if public is None:
        problems.add("issuer-public", written.span, text=written.text)
    return Method(f"{did}#{name.text}", public or written.text.encode(), _time(raw.get("expires"), problems), _time(raw.get("revoked"), problems))


def _time(word: Scalar | None, problems: Problems) -> datetime | None:
    if word is None:
        return None
    found = time_of(word.text)
    if found is None:
        problems.add("issuer-time", word.span, text=word.text)
    return found


def _hours(word: Scalar | None, otherwise: int, problems: Problems) -> int:
    if word is None:
        return otherwise
    if not (word.text.isascii() and word.text.isdigit() and len(word.text) < 10 and 0 < int(word.text) <= HOURS_MAX):
        problems.add("issuer-hours", word.span, text=word.text)
        return otherwise
    return int(word.text)


def _plain(held: Configured, folder: Path) -> dict[str, Any]:
    issuer = held.issuer
    return {
        "did": issuer.did, "zh": issuer.title.zh, "en": issuer.title.en, **({"illustrative": True} if issuer.illustrative else {}),
        "valid_hours": issuer.list_valid // timedelta(hours=1), "refresh_hours": issuer.list_refresh // timedelta(hours=1),
        "keys": [_plain_key(key, held.holders.get(key.id, Holder()), folder) for key in issuer.keys],
    }  # fmt: skip


def _plain_key(key: Method, holder: Holder, folder: Path) -> dict[str, Any]:
    dated = {name: time_text(at) for name, at in (("expires", key.expires), ("revoked", key.revoked)) if at is not None}
    file = holder.file and (holder.file.relative_to(folder) if holder.file.is_relative_to(folder) else holder.file.resolve())
    where = {"file": str(file)} if file else {"command": list(holder.command)} if holder.command else {}
    return {"name": key.id.partition("#")[2], "public": multibase.multikey(key.public), **dated, **where}
