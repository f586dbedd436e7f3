"""Lock: the content of the standards a standard rests on, as it was when its author last looked; `lock.yaml` beside `standard.yaml`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from guiju.base.diagnostics import Problems
from guiju.standard.content import Documents, content_hash, rests_on
from guiju.standard.document import Document, Scalar, load
from guiju.standard.shape import Key, MapOf, Shape, did_you_mean, read

NAME = "lock.yaml"
SHAPE = Shape("lock", {"guiju": Key("text", True), "locked": Key(MapOf("text"), True)}, "锁定")


def hashes(document: Document, documents: Documents, problems: Problems | None = None) -> dict[str, str]:
    """Number → content hash, of every standard the document uses or is based on; one that cannot be found is reported and left out."""
    found: dict[str, str] = {}
    for number in rests_on(document.root):
        other = documents.document(number.text)
        if other is not None:
            found[number.text] = content_hash(other, documents)
        elif problems is not None:
            problems.add("unknown-standard", number.span, number=number.text, **did_you_mean(number.text, documents.numbers()))
    return found


def locked(path: Path, problems: Problems) -> tuple[dict[str, tuple[Scalar, Scalar]], Document]:
    """What a lock file says: number → its key and the hash as written."""
    document = load(path, problems)
    raw = read(document.root, SHAPE, problems) or {}
    return raw.get("locked", {}), document


def check_lock(document: Document, path: Path, documents: Documents, problems: Problems) -> Document | None:
    """Reports every standard whose content is not as locked, and gives the lock file where there is one.

    path   of the lock file
    """
    now, places = hashes(document, documents), {number.text: number.span for number in rests_on(document.root)}
    if not path.is_file():
        if now:
            problems.add("lock-missing", next(iter(places.values())), numbers="、".join(now))
        return None
    held, file = locked(path, problems)
    for number, (key, value) in held.items():
        if number not in places:
            problems.add("lock-unused", key.span, number=number)
        elif number in now and value.text != now[number]:
            problems.add("lock-differs", value.span, number=number, now=now[number][:12])
    for number in now.keys() - held.keys():
        problems.add("lock-incomplete", places[number], number=number)
    return file


def write_lock(path: Path, found: Mapping[str, str]) -> None:
    """Writes the lock file; it is there whole, or as it was."""
    entries = [f"  {json.dumps(number, ensure_ascii=False)}: {hash_}" for number, hash_ in found.items()]
    lines = ["guiju: 1", "locked:" if found else "locked: {}", *entries]
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text("\n".join(lines) + "\n", encoding="utf-8")
    partial.replace(path)
