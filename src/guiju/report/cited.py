"""Cited: what reports say of standards: which they are, what they rest on, and how good its evidence is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from guiju.base.diagnostics import Language
from guiju.ir.program import Program
from guiju.report import tree as t
from guiju.standard.model import Source, Standard

GRADES = {
    "A": ("见到条文", "the clause was seen"), "B": ("第三方转述", "quoted by a third party"), "C": ("推定", "derived"),
    "D": ("来源矛盾", "sources conflict"), "illustrative": ("示意：自拟数值", "illustrative: our own figures"),
}  # fmt: skip
_CHUNK = 1 << 20


def engine() -> str:
    return f"guiju {version('guiju')}"


def file_hash(path: Path) -> str:
    """The sha256, in hex, of a file as it is."""
    made = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            made.update(chunk)
    return made.hexdigest()


def standard_origin(program: Program) -> t.Origin:
    return t.Origin(program.standard.number, program.content_hash)


@dataclass
class Cited:
    """The sources cited so far, each once; where they are listed, their citations lead."""

    language: Language
    held: dict[str, t.Source] = field(default_factory=dict)

    def cites(self, standard: Standard, sources: Iterable[Source]) -> t.Line:
        """Citations one after another, as in `[s1·B] [s2·A]`."""
        parts: list[t.Inline] = []
        for source in sources:
            parts += [" "] if parts else []
            parts.append(self.source(standard, source).cite)
        return tuple(parts)

    def source(self, standard: Standard, source: Source) -> t.Source:
        key = f"{standard.number} {source.id}"
        why = source.why.text(self.language) if source.why else ""
        return self.held.setdefault(key, t.Source(key, source.id, source.grade, source.title, source.address or "", standard.number, why))

    def section(self) -> tuple[t.Block, ...]:
        """The list of sources, with what the grades mean; nothing where none was cited."""
        if not self.held:
            return ()
        zh = self.language == "zh"
        grades = dict.fromkeys(s.grade for s in self.held.values())
        said = [f"{g} {GRADES[g][0 if zh else 1]}" for g in GRADES if g in grades]
        meaning = ("证据等级：" if zh else "Grades of evidence: ") + ("；" if zh else "; ").join(said) + ("。" if zh else ".")
        return (t.Section("出处" if zh else "Sources", (t.Paragraph((meaning,)), t.Sources(tuple(self.held.values())))),)
