"""What a verifier has at hand: DID documents and status lists as files or texts; and what verifying with them answers, for programs and people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.base.times import TooFine, parse_time
from guiju.frontrunner.credential import strict
from guiju.frontrunner.credential.proof import time_text
from guiju.frontrunner.credential.verify import Shown, verify


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a certificate is good, with every reason where it is not."""

    at: datetime
    shown: Shown | None
    reasons: tuple[Diagnostic, ...]

    def plain(self) -> dict[str, Any]:
        shown = self.shown
        held = None if shown is None else {
            "issuer": shown.issuer, "key": shown.method, "signed_at": time_text(shown.signed), "id": shown.plain["id"],
            "valid_from": shown.plain["validFrom"], "valid_until": shown.plain["validUntil"], "claims": shown.claims,
            "lists": [{"list": address, "good_until": time_text(until)} for address, until in shown.lists.items()],
        }  # fmt: skip
        return {"verified": shown is not None, "at": time_text(self.at), "certificate": held, "reasons": [d.as_json() for d in self.reasons]}


def answer(credential: bytes, documents: Mapping[str, Any], lists: Mapping[str, Any], at: datetime) -> Answer:
    """Whether a certificate is good at a moment. documents: DID → document; lists: address → credential"""
    try:
        return Answer(at, verify(credential, documents.get, lists.get, at), ())
    except Refused as refused:
        return Answer(at, None, refused.diagnostics)


def read_file(path: Path, what: tuple[str, str]) -> dict[str, Any]:
    """
    raises   Refused: file-missing, file-unreadable, what `strict.read` refuses
    """
    return strict.read(bytes_of(path), what)


def bytes_of(path: Path, limit: int = strict.BYTES_MAX) -> bytes:
    """The file, one byte more than is taken where it is longer.

    raises   Refused: file-missing, file-unreadable
    """
    if not path.exists():
        raise Refused([Diagnostic("file-missing", None, {"file": str(path)})])
    try:
        with path.open("rb") as stream:
            return stream.read(limit + 1)
    except OSError as error:
        raise Refused([Diagnostic("file-unreadable", None, {"file": str(path), "reason": error.strerror or str(error)})]) from None


def by_id(paths: Iterable[Path], what: tuple[str, str]) -> dict[str, Any]:
    """Documents of files by their `id`.

    raises   Refused: credential-two, and what each file is refused for; all of it
    """
    problems, data = Problems(), list[bytes]()
    for path in paths:
        try:
            data.append(bytes_of(path))
        except Refused as refused:
            problems.extend(refused.diagnostics)
    found = held_by_id(data, what, problems)
    problems.refuse_errors()
    return found


def held_by_id(given: Iterable[bytes], what: tuple[str, str], problems: Problems) -> dict[str, Any]:
    """Documents by their `id`. Two of one id are a problem: which of them counts would hang on their order."""
    found: dict[str, Any] = {}
    for data in given:
        try:
            plain = strict.read(data, what)
        except Refused as refused:
            problems.extend(refused.diagnostics)
            continue
        name = str(plain.get("id"))
        if name in found:
            problems.add("credential-two", None, what_zh=what[0], what_en=what[1], name=name)
        found[name] = plain
    return found


def moment_of(text: str | None) -> datetime:
    """A moment as written, in UTC where it names no zone; a day is its first moment; None: now.

    raises   Refused: issuer-time
    """
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)
    day = parse_date(text)
    if day is not None:
        return datetime.combine(day, time(), UTC)
    try:
        found = parse_time(text, timedelta())
    except TooFine:
        found = None
    if found is None:
        raise Refused([Diagnostic("issuer-time", None, {"text": text})])
    return found

