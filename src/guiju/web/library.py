"""Library: every standard of a shelf by its head, so that a list of ten thousand need not read ten thousand documents through.

The head is the number, title, level, region, status, dates and subject. It is read from the first lines of a file, and read again only when
the file has changed.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from guiju.base.dates import parse_date
from guiju.standard.model import Standard, Title
from guiju.standard.shelf import Shelf, folded, stem
from guiju.store.published import Published

HEAD_BYTES = 64_000
FACETS = ("status", "level", "region", "subject", "issuer")
LOOK_SECONDS = 2.0
"""How old what is told of the files may be: to look whether any of ten thousand changed takes a fifth of a second."""


@dataclass(frozen=True, slots=True)
class Head:
    """folder     of the standard; issuer: the folder that lies in
    words      what is searched, in small letters
    published_as  the edition of the store that stands under this name; None: it is of the shelf of files
    template   whether some of its values are not verified
    relations  (kind, number with the edition where one is named) of what it replaces, cites, amends, implements
    """

    number: str
    edition: str
    title: Title
    level: str
    regions: tuple[str, ...]
    status: str
    subject: str
    subject_title: Title
    effective: date | None
    published: date | None
    withdrawn: date | None
    folder: Path
    issuer: str
    template: bool
    relations: tuple[tuple[str, str], ...]
    words: str
    published_as: Published | None = None

    @property
    def slug(self) -> str:
        return slug(self.number)

    @property
    def region(self) -> str:
        """As it is written."""
        return ", ".join(self.regions)

    @property
    def since(self) -> date | None:
        return self.effective or self.published

    def values(self, facet: str) -> tuple[str, ...]:
        if facet == "region":
            return self.regions
        value = self.subject.partition(".")[0] if facet == "subject" else str(getattr(self, facet))
        return (value,) if value else ()

    def has(self, words: Iterable[str]) -> bool:
        """Whether it has all the words, in small letters; a number is compared however it is spaced."""
        return all(word in self.words or (len(bare := folded(word)) > 1 and bare in self.words) for word in words)


def slug(number: str) -> str:
    """A number as it stands in a URL."""
    return re.sub(r"[\s/\\]+", "-", number.strip())


@dataclass(frozen=True)
class Library:
    """Standards by number.

    by_word   finds a number by how it or its folder may be written in a URL
    """

    heads: tuple[Head, ...]
    paths: Mapping[str, Path]
    by_word: Mapping[str, str]
    _by_number: dict[str, Head] = field(default_factory=dict, init=False, repr=False, compare=False)
    _by_stem: dict[str, list[Head]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _naming: dict[str, list[tuple[str, Head]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for head in self.heads:
            self._by_number.setdefault(head.number, head)
            self._by_stem.setdefault(stem(head.number), []).append(head)
            for kind, target in head.relations:
                number = self.number(target)
                if number is not None:
                    self._naming.setdefault(number, []).append((kind, head))

    def path(self, word: str) -> Path | None:
        """The folder of a standard on the shelf; never any other file, whatever the word."""
        number = self.by_word.get(slug(word)) or self.by_word.get(folded(word))
        return self.paths.get(number) if number is not None else None

    def number(self, word: str) -> str | None:
        return self.by_word.get(slug(word)) or self.by_word.get(folded(word))

    def head(self, number: str) -> Head | None:
        return self._by_number.get(number)

    def naming(self, number: str) -> Sequence[tuple[str, Head]]:
        """(kind, head) of the standards that replace, cite, amend or implement this one, by number."""
        return self._naming.get(number, ())

    def beside(self, number: str) -> list[Head]:
        """Other editions of a standard: those of its number without the year, what replaces it and what it replaces."""
        own = self.head(number)
        replaced = [self.head(self.number(target) or "") for kind, target in (own.relations if own else ()) if kind == "replaces"]
        others = [*self._by_stem.get(stem(number), ()), *(head for kind, head in self.naming(number) if kind == "replaces"), *replaced]
        return list({head.number: head for head in others if head is not None and head.number != number}.values())


@dataclass(frozen=True, slots=True)
class Found:
    """facets   facet → value → how many have it among those found with the other facets as they are"""

    heads: tuple[Head, ...]
    facets: Mapping[str, Mapping[str, int]]


def search(heads: Iterable[Head], words: str, chosen: Mapping[str, str], order: str = "number") -> Found:
    """The heads that have all the words and the chosen values.

    words   parts of number and titles in any order; initials of pinyin (`dnxh` for 电能消耗)
    order   `number` or `date`, the newest first
    """
    wanted = [w for w in words.casefold().split() if w]
    asked = {facet: value for facet, value in chosen.items() if value}
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    kept = []
    for head in (h for h in heads if h.has(wanted)):
        lacking = [facet for facet, value in asked.items() if value not in head.values(facet)]
        if not lacking:
            kept.append(head)
        for facet in FACETS if not lacking else lacking if len(lacking) == 1 else ():
            counts[facet].update(head.values(facet))
    if order == "date":
        kept.sort(key=lambda h: (h.since or date.min, h.number), reverse=True)
    return Found(tuple(kept), counts)


# reading heads


class Heads:
    """The heads of a shelf, read once and again only for files that changed; several threads may ask.

    like   those of a shelf that has most of the same
    """

    def __init__(self, like: Heads | None = None) -> None:
        self._turn = threading.Lock()
        self._held: dict[Path, tuple[tuple[int, int], Head]] = {} if like is None else dict(like._held)
        self._library: Library | None = None

    _looked = -LOOK_SECONDS

    def library(self, shelf: Shelf) -> Library:
        """The library as it is on the disk, or was `LOOK_SECONDS` ago; only a change costs anything."""
        with self._turn:
            if self._library is not None and time.monotonic() - self._looked < LOOK_SECONDS:
                return self._library
            self._looked = time.monotonic()
            changed, paths = self._library is None, shelf.paths()
            for number, folder in paths.items():
                try:
                    found = (folder / "standard.yaml").stat()
                except OSError:
                    continue
                stamp = found.st_mtime_ns, found.st_size
                if self._held.get(folder, (None,))[0] != stamp:
                    self._held[folder] = stamp, _head(shelf, number, folder)
                    changed = True
            if changed or self._library is None:
                beside: Mapping[str, Published] = getattr(shelf, "published", {})
                heads = [replace(self._held[folder][1], published_as=beside.get(name)) for name, folder in paths.items() if folder in self._held]
                self._library = _library(heads, paths)
            return self._library


def _library(heads: Sequence[Head], paths: Mapping[str, Path]) -> Library:
    by_word: dict[str, str] = {}
    ways: tuple[Callable[[str, Path], str], ...] = (
        lambda n, f: slug(n), lambda n, f: folded(n), lambda n, f: slug(f.name), lambda n, f: folded(f.name)
    )  # fmt: skip
    for way in ways:
        for number, folder in paths.items():
            by_word.setdefault(way(number, folder), number)
    return Library(tuple(sorted(heads, key=lambda h: natural(h.number))), paths, by_word)


def natural(number: str) -> list[tuple[int, int, str]]:
    """The order people put numbers in: GB 9 before GB 10."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"([0-9]+)", number.casefold()) if part]


def _head(shelf: Shelf, number: str, folder: Path) -> Head:
    """The head of one file; where its first lines do not tell, from the document read through."""
    text = _text(folder / "standard.yaml")
    held = {name: _block(text, name) for name in ("standard", "subject")}
    stated, subject = held["standard"], held["subject"]
    if isinstance(stated, dict) and isinstance(subject, dict) and isinstance(stated.get("title"), dict) and subject.get("zh"):
        dates = stated.get("dates") if isinstance(stated.get("dates"), dict) else {}
        effective, published, withdrawn = (parse_date(_word((dates or {}).get(name))) for name in ("effective", "published", "withdrawn"))
        return _made(
            folder, text, number, _word(stated.get("edition")), _title(stated["title"]), _word(stated.get("level")),
            _word(stated.get("region")).split(","), _word(stated.get("status")), _word(subject.get("type")),
            _title(subject), effective, published, withdrawn, _relations(stated.get("relations")),
        )  # fmt: skip
    opened = shelf.open(folder).standard
    return _broken(folder, number) if opened is None else _read_through(folder, text, opened)


def _read_through(folder: Path, text: str, s: Standard) -> Head:
    relations = tuple((r.kind, r.target + (f"-{r.edition}" if r.edition else "")) for r in s.relations)
    return _made(folder, text, s.number, s.edition, s.title, s.level, s.region.split(","), s.status, *s.subject, s.effective, s.published,
                 s.withdrawn, relations)  # fmt: skip


def _broken(folder: Path, number: str) -> Head:
    """A standard that cannot be read is listed all the same: its page says what is wrong."""
    return _made(folder, "", number, "", Title(number, number), "", [], "", "", Title("", ""), None, None, None)


def _made(
    folder: Path, text: str, number: str, edition: str, title: Title, level: str, regions: Sequence[str], status: str, subject: str,
    subject_title: Title, effective: date | None, published: date | None, withdrawn: date | None, relations: tuple[tuple[str, str], ...] = (),
) -> Head:  # fmt: skip
    words = " ".join((number, folded(number), title.zh, title.en, subject, subject_title.zh, subject_title.en, initials(title.zh))).casefold()
    template = re.search(r"^\s+unverified:", text, re.MULTILINE) is not None
    return Head(number, edition, title, level, tuple(r.strip() for r in regions if r.strip()), status, subject, subject_title, effective, published,
                withdrawn, folder, folder.parent.name, template, relations, words)  # fmt: skip


def _text(file: Path) -> str:
    with file.open("rb") as opened:
        return opened.read(HEAD_BYTES).decode("utf-8", errors="replace")


def _block(text: str, name: str) -> Any:
    """The value of a key at the left margin; None where it is not written so, or is not YAML."""
    found = re.search(rf"^{name}:.*(?:\n(?:[ \t#].*)?$)*", text, re.MULTILINE)
    try:
        held = yaml.load(found[0], Loader=yaml.CBaseLoader) if found else None
    except yaml.YAMLError:
        return None
    return held.get(name) if isinstance(held, dict) else None


def _word(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _relations(value: object) -> tuple[tuple[str, str], ...]:
    listed = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return tuple((_word(each.get("kind")), "-".join(filter(None, (_word(each.get("target")), _word(each.get("edition")))))) for each in listed)


def _title(value: Mapping[str, Any]) -> Title:
    return Title(_word(value.get("zh")), _word(value.get("en")) or _word(value.get("zh")))


_STARTS = (
    "啊A芭B擦C搭D蛾E发F噶G哈H击J喀K垃L妈M拿N哦O啪P期Q然R撒S塌T挖W昔X压Y匝Z"
)  # fmt: skip
_FIRST = [(_STARTS[i].encode("gb2312"), _STARTS[i + 1].lower()) for i in range(0, len(_STARTS), 2)]


def initials(text: str) -> str:
    """The first letters of the pinyin of a text. GB 2312 has its 3755 common characters in the order of pinyin; others are left out."""
    found = []
    for char in text:
        try:
            code = char.encode("gb2312")
        except UnicodeEncodeError:
            continue
        if len(code) == 2 and b"\xb0\xa1" <= code <= b"\xd7\xf9":
            found.append(next(letter for start, letter in reversed(_FIRST) if start <= code))
    return "".join(found)
