"""Shelves: folders of standards, and which edition of a standard is meant.

A shelf folder holds `<issuer>/<NUMBER>/standard.yaml`. Several shelves may be given (a company keeps its own standards elsewhere); the first
that has a number wins. Dictionaries of properties and the list of known editions lie beside the shipped shelf.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Problems
from guiju.standard.consolidated import period, read_standard
from guiju.standard.content import content_hash
from guiju.standard.declared import stated_date
from guiju.standard.dictionary import Dictionary, load_dictionary
from guiju.standard.document import Document, load
from guiju.standard.factors import Factors, load_factors
from guiju.standard.model import Standard
from guiju.standard.shape import Key, ListOf, Shape, read

EDITIONS = Shape("editions", {"editions": Key(ListOf(Shape("edition", {
    "number": Key("text", True), "edition": Key("text", True), "effective": Key("text"), "replaced_by": Key("text"), "replaced_on": Key("text"),
    "source": Key("text", True), "grade": Key("text", True)})), True)})  # fmt: skip


def data_folder() -> Path:
    """Where the shipped standards, properties and examples lie: the checkout, or inside the installed package."""
    beside = Path(__file__).resolve().parents[3]
    return beside if (beside / "standards").is_dir() else Path(__file__).resolve().parents[1] / "_shelf"


def default_shelves() -> tuple[Path, ...]:
    """The folders named in GUIJU_SHELVES, then the shipped one."""
    named = os.environ.get("GUIJU_SHELVES", "")
    return (*(Path(p) for p in named.split(os.pathsep) if p), data_folder() / "standards")


@dataclass(frozen=True, slots=True)
class KnownEdition:
    """What is known of an edition that may not be on the shelf itself."""

    number: str
    edition: str
    effective: date | None
    replaced_by: str | None
    replaced_on: date | None


@dataclass(frozen=True)
class Opened:
    """A standard as read from its folder, with the texts for showing problems."""

    standard: Standard | None
    document: Document
    examples: Document | None
    problems: Problems
    others: tuple[Document, ...] = ()
    """The documents it is based on, nearest first, and its lock: problems may lie in them."""

    @property
    def texts(self) -> dict[str, str]:
        return {d.file: d.text for d in (self.document, self.examples, *self.others) if d is not None}


@dataclass
class Shelf:
    """Finds standards by number, folder or file. Opened standards are kept for the life of the shelf."""

    folders: tuple[Path, ...] = field(default_factory=default_shelves)
    property_folders: tuple[Path, ...] = ()
    problems: Problems = field(default_factory=Problems)
    shipped: bool = True
    """Whether the shipped properties and factors are known beside those near the folders; a shelf kept whole brings all it needs."""
    beside: tuple[tuple[str, Path], ...] = ()
    """(name, folder) of standards that lie elsewhere and stand on this shelf under names of their own, where the names are free."""

    def __post_init__(self) -> None:
        self.dictionary: Dictionary = load_dictionary(self.dictionary_folders, self.problems)
        self._opened: dict[tuple[Path, date | None], Opened] = {}
        self._documents: dict[Path, tuple[Document, Problems]] = {}
        self._numbers: dict[str, Path] | None = None
        self._by_name: dict[str, Path] | None = None
        self._factors: Factors | None = None

    @property
    def dictionary_folders(self) -> tuple[Path, ...]:
        """Where properties are looked for, in that order."""
        return tuple(dict.fromkeys((*self.property_folders, *self._beside("properties"))))

    @property
    def factor_folders(self) -> tuple[Path, ...]:
        return tuple(dict.fromkeys(self._beside("factors")))

    def _beside(self, name: str) -> tuple[Path, ...]:
        near = tuple(f.parent / name for f in self.folders if (f.parent / name).is_dir())
        return (*near, data_folder() / name) if self.shipped else near

    def paths(self) -> Mapping[str, Path]:
        """Standard number → its folder. Numbers are read from the files' heads, so a folder's name is only a convenience."""
        if self._numbers is None:
            self._numbers = {}
            for path in (p for folder in self.folders for p in sorted(folder.glob("*/*/standard.yaml"))):
                self._numbers.setdefault(_number_in(path), path.parent)
            for name, folder in self.beside:
                self._numbers.setdefault(name, folder)
        return self._numbers

    def name_of(self, path: Path) -> str | None:
        """What the standard of a folder is called on this shelf: its number, unless another has that."""
        return next((name for name, folder in self.paths().items() if folder == path), None)

    def numbers(self) -> Iterable[str]:
        return self.paths().keys()

    def factors(self) -> Factors:
        """The factors beside the shelves and the shipped ones, read when first asked for."""
        if self._factors is None:
            self._factors = load_factors(self.factor_folders, self.problems)
        return self._factors

    def locate(self, word: str) -> Path | None:
        """The folder of a standard named by number, by folder name, or by a path."""
        path = Path(word)
        try:
            if path.is_file() or (path / "standard.yaml").is_file():
                return path
        except OSError:  # a name too long for a file is no path
            pass
        return self._named(word)

    def _named(self, word: str) -> Path | None:
        """The folder of a standard by its number or its own name."""
        if self._by_name is None:
            self._by_name = {}
            for number, folder in self.paths().items():
                for name in (number, folder.name):
                    self._by_name.setdefault(folded(name), folder)
        return self._by_name.get(folded(word))

    def open(self, path: Path, on: date | None = None) -> Opened:
        """Reads `standard.yaml` and `examples.yaml` of a folder, or a single file; merged with what it is based on, and amended, as of a date.

        on   None: the day the standard takes effect
        """
        file = path if path.is_file() else path / "standard.yaml"
        document, said = self._document(file)
        on = on or stated_date(document.root) or date.today()
        key = file, period(document, self, on)[0]
        if key not in self._opened:
            problems = Problems()
            problems.extend(said.found)
            beside = file.parent / "examples.yaml"
            examples = load(beside, problems) if beside.is_file() and file.name == "standard.yaml" else None
            standard, bases = read_standard(document, examples, self.dictionary, self, on, problems, self.factors)
            if standard is not None:
                standard = replace(standard, content_hash=content_hash(document, self))
            self._opened[key] = Opened(standard, document, examples, problems, bases)
        return self._opened[key]

    def _document(self, file: Path) -> tuple[Document, Problems]:
        if file not in self._documents:
            problems = Problems()
            self._documents[file] = load(file, problems), problems
        return self._documents[file]

    def document(self, number: str) -> Document | None:
        """The text of a standard as it is written; None where the shelf has none of this number."""
        path = self.locate(number)
        return None if path is None else self._document(path if path.is_file() else path / "standard.yaml")[0]

    def factor(self, id_: str, kind: str, region: str) -> list[str]:
        """Every value of a published factor, as text."""
        return [f"{each.name}={each.text} {each.kind.unit.text}" for each in self.factors().series(id_, kind, region, Problems())]

    def find(self, number: str, on: date | None = None) -> Standard | None:
        folder = self.locate(number)
        return self.open(folder, on).standard if folder else None

    def editions(self) -> Mapping[tuple[str, str], KnownEdition]:
        """(number without the edition, edition) → what is known of it."""
        return self._editions

    @cached_property
    def _editions(self) -> Mapping[tuple[str, str], KnownEdition]:
        found: dict[tuple[str, str], KnownEdition] = {}
        for file in (f / "editions.yaml" for f in self.folders):
            if not file.is_file():
                continue
            for raw in (read(load(file, self.problems).root, EDITIONS, self.problems) or {}).get("editions", []):
                texts = {k: v.text for k, v in raw.items() if k}
                edition = KnownEdition(texts["number"], texts["edition"], parse_date(texts.get("effective", "")),
                                       texts.get("replaced_by"), parse_date(texts.get("replaced_on", "")))  # fmt: skip
                found[edition.number, edition.edition] = edition
        return found


def expired_references(standard: Standard, shelf: Shelf, on: date, problems: Problems) -> None:
    """Dated references to an edition that another has replaced by the date."""
    known = shelf.editions()
    for relation in standard.relations:
        edition = known.get((relation.target, relation.edition or ""))
        if relation.kind == "cites" and edition and edition.replaced_on and edition.replaced_on <= on:
            problems.add(
                "reference-replaced",
                relation.span,
                target=f"{relation.target}-{relation.edition}",
                by=edition.replaced_by or "?",
                since=edition.replaced_on,
            )


def _number_in(path: Path) -> str:
    """The number in the first lines of a standard's file; the folder's name where there is none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for _, line in zip(range(30), lines, strict=False):
                if line.strip().startswith("number:"):
                    return line.split(":", 1)[1].strip().strip("'\"")
    except OSError:
        pass
    return path.parent.name


def stem(number: str) -> str:
    """A number without its year: GB/T 19056 of GB/T 19056-2021."""
    return re.sub(r"[-—]\d{4}$", "", number)


def folded(number: str) -> str:
    """Letters and digits only, in which numbers are compared: `GB/T 1234` and gbt1234 are one."""
    return "".join(c for c in number.casefold() if c.isalnum() or c == ".")
