"""Signed: the twin of a dossier with a signature beside it, and what such a signature shows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.base.times import TooFine, parse_time
from guiju.report.keyfile import passphrase, read_key, read_whole
from guiju.report.signing import SIGNATURE_MAX, Signer, Statement, check_name, shown, signed
from guiju.report.written import write_whole
from guiju.verify.dossier.assembled import canonical, twin
from guiju.verify.dossier.evidence import Dossier
from guiju.verify.dossier.kept import TWIN, dossier_bytes, ready_for, save_dossier

TWIN_MAX = 256 * 1024 * 1024
"""Bytes of a twin that is verified."""


@dataclass(frozen=True)
class Signing:
    """Who signs, under which name, and when, as they say."""

    signer: Signer
    by: str | None
    at: datetime


def signing_with(file: Path | None, by: str | None, at: str | None) -> Signing | None:
    """How a dossier is to be signed, read before the work is done; None where no key file is given.

    at       a moment; one without an offset is in UTC; None: now
    raises   Refused: signature-unsigned, what the key file, the name and the moment are refused for
    """
    if file is None:
        if by is None and at is None:
            return None
        raise Refused([Diagnostic("signature-unsigned", None)])
    check_name(by)
    try:
        moment = datetime.now(UTC).replace(microsecond=0) if at is None else parse_time(at, timedelta())
    except TooFine:
        moment = None
    if moment is None:
        raise Refused([Diagnostic("signature-time", None, {"text": at or ""})])
    return Signing(read_key(file, passphrase()), by, moment)


def files_of(out: Path) -> tuple[Path, Path]:
    """The twin and its signature, beside a report."""
    held = out if out.suffix.lower() == TWIN else out.with_suffix(TWIN)
    return held, held.with_name(f"{held.name}.sig")


def ready_to_sign(out: Path | None, overwrite: bool) -> None:
    """Nothing where twin and signature can be written.

    raises   Refused: signature-out, folder-missing, file-exists
    """
    if out is None:
        raise Refused([Diagnostic("signature-out", None)])
    held, beside = files_of(out)
    if held != out:
        ready_for(held, overwrite)
    if beside.exists() and not overwrite:
        raise Refused([Diagnostic("file-exists", None, {"file": str(beside)})])


def save_signed(dossier: Dossier, out: Path, signing: Signing, *, overwrite: bool = False) -> tuple[Path, ...]:
    """Writes the signature, and the twin where the report itself is not it; what was written.

    raises   Refused: file-exists, file-unwritable
    """
    held, beside = files_of(out)
    document = dossier_bytes(dossier, TWIN, "zh")
    made = signed(document, twin(dossier)["sha256"], signing.at, signing.by, signing.signer)
    if held != out:
        save_dossier(dossier, held, "zh", overwrite=overwrite)
    write_whole(made, beside, overwrite)
    return (beside,) if held == out else (held, beside)


def shown_of_files(held: Path, beside: Path, key: str | None) -> Statement:
    """What the signature file shows of the twin; nothing else is asked, and no network.

    raises   Refused: file-missing, file-unreadable, and what `shown` refuses
    """
    document = read_whole(held, TWIN_MAX)
    return shown(document, content_of(document), read_whole(beside, SIGNATURE_MAX), key)


def content_of(document: bytes) -> str:
    """The hash of the content of a twin, computed anew, which its reports print; empty where it is no twin."""
    try:
        plain = json.loads(document.decode("utf-8"))
        return hashlib.sha256(canonical({k: v for k, v in plain.items() if k != "sha256"})).hexdigest() if isinstance(plain, dict) else ""
    except (ValueError, RecursionError):
        return ""
