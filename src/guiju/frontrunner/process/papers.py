"""Papers: files shown with an undertaking or with evidence, kept in the store by their content, for those concerned and nobody else.

What a file is, its content says and never its name. A file goes out only to be saved, never to be shown in a browser. A step is never changed: who
takes a file back, or brings another, hands in anew; what was handed in before stays as the log has it, and is given to nobody any more.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from guiju.base.diagnostics import Problems
from guiju.store.database import Store
from guiju.store.files import Kept, named, put

BYTES_MAX, TOGETHER_MAX = 16_000_000, 64_000_000
"""Of one file, and of all that are brought at once."""
NAME_MAX = 120
KINDS: Mapping[str, tuple[str, str]] = {
    "pdf": (".pdf", "application/pdf"), "png": (".png", "image/png"), "jpeg": (".jpg", "image/jpeg"), "text": (".txt", "text/plain; charset=utf-8"),
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}  # fmt: skip
"""Kind → the ending it is saved under, and its media type."""
_WITHIN = {"word/": "docx", "xl/": "xlsx"}
_LINES = frozenset("\t\n\r")


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it was sent, with the name it was sent under. content: at most one byte more than is taken"""

    name: str
    content: bytes


class Form(dict[str, str]):
    """The fields of a form, and the files sent with it."""

    files: tuple[Brought, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    name: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def kind_of(content: bytes) -> str | None:
    """What a file is, by its content; None for what is not taken: programs, archives, what nothing is known of."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return "text" if text.strip() and all(sign.isprintable() or sign in _LINES for sign in text) else None


def _office(content: bytes) -> str | None:
    """A workbook or a document without macros; its parts are named, and not unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for folder, kind in _WITHIN.items() if any(name.startswith(folder) for name in names)), None)


def papers_of(brought: Sequence[Brought], beside: Iterable[str] = ()) -> tuple[Paper, ...]:
    """The files as they are kept: all of them, or none.

    beside   names that stand already
    raises   Refused, with every problem: frontrunner-paper-large, -kind, -name, -twice; frontrunner-papers-large
    """
    problems, found, seen = Problems(), [], set(beside)
    for each in brought:
        name = each.name.replace("\\", "/").rpartition("/")[2].strip()
        kind = kind_of(each.content)
        if not 0 < len(name) <= NAME_MAX or not name.isprintable():
            problems.add("frontrunner-paper-name", None, most=NAME_MAX)
        elif name in seen:
            problems.add("frontrunner-paper-twice", None, name=name)
        elif len(each.content) > BYTES_MAX:
            problems.add("frontrunner-paper-large", None, name=name, most=BYTES_MAX // 1_000_000)
        elif kind is None:
            problems.add("frontrunner-paper-kind", None, name=name, known=", ".join(ending for ending, _ in KINDS.values()))
        else:
            found.append(Paper(name, kind, each.content))
        seen.add(name)
    if sum(len(each.content) for each in brought) > TOGETHER_MAX:
        problems.add("frontrunner-papers-large", None, most=TOGETHER_MAX // 1_000_000)
    problems.refuse_errors()
    return tuple(found)


def laid_down(store: Store, papers: Sequence[Paper]) -> list[Kept]:
    """The files in the store; swept away again unless a step names them (`with_papers`)."""

    def one(paper: Paper) -> Kept:
        return put(store, "papers", KINDS[paper.kind][0], lambda path: path.write_bytes(paper.content))

    return [one(each) for each in papers]


def with_papers(connection: Connection, store: Store, papers: Sequence[Paper], kept: Sequence[Kept], documents: Mapping[str, str]) -> dict[str, Any]:
    """What a step says of its files, in its transaction: {documents: name → sha256, files: [{name, kind, path, sha256, bytes}]}."""
    named(connection, store, kept)
    files = [{"name": each.name, "kind": each.kind, "path": at.path, "sha256": at.sha256, "bytes": at.bytes}
             for each, at in zip(papers, kept, strict=True)]  # fmt: skip
    return {"documents": {**documents, **{each.name: each.sha256 for each in papers}}, "files": files}
