"""Consolidated: a document with what it is based on and the amendments in force on a date, merged into one document before it is given a meaning.

The tree is merged, not the text, so every scalar keeps the file and the line it was written on. Nothing is overridden silently: an entry is
added, replaced or removed, and each of the three is refused where the entry is, or is not, there already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from guiju.base.diagnostics import Problems, Span
from guiju.standard.content import CHAIN_MAX, Documents
from guiju.standard.declared import day_at, names_of_entry, stated_date
from guiju.standard.dictionary import Dictionary
from guiju.standard.document import Document, Fields, Item, Listing, Scalar, entries_of, item_at, scalar_at
from guiju.standard.factor_reference import NO_FACTORS
from guiju.standard.factors import Factors
from guiju.standard.form import AMENDABLE, AMENDMENTS, SHAPE, SINGLE
from guiju.standard.model import Origin, Standard
from guiju.standard.parse import parse_standard
from guiju.standard.shape import did_you_mean, nearest, read

_OWN = ("guiju", "standard", "based_on", "part", "series")
"""What a profile says of itself and never takes from its base."""
_BESIDE = ("sources", "left_out", "layers", "subject", *AMENDMENTS)
"""What else may stand in a profile at the top: its sources and what it leaves out are added to those of the base."""


@dataclass(frozen=True, slots=True)
class Consolidated:
    written: Document
    document: Document
    origins: Mapping[tuple[str, str], Origin] = field(default_factory=dict)
    """(section, key) → where the entry comes from; empty for a document that is based on nothing and not amended."""
    bases: tuple[Document, ...] = ()
    """The documents it is based on, nearest first."""


def read_standard(
    document: Document, examples: Document | None, dictionary: Dictionary, documents: Documents, on: date | None, problems: Problems,
    factors: Callable[[], Factors] = lambda: NO_FACTORS,
) -> tuple[Standard | None, tuple[Document, ...]]:
    """The standard a document describes on a date, with what it is based on; and the documents of its bases.

    on   None: the day it takes effect
    """
    stated = stated_date(document.root)
    on = on or stated or date.today()
    base = scalar_at(document.root, "based_on")
    merged = consolidated(document, on, documents, problems)
    if merged is None:
        return None, ()
    if base is not None and merged.bases:
        said = Problems()
        below = consolidated(merged.bases[0], on, documents, said)
        if below is None or parse_standard(below.document, None, dictionary, said, factors) is None or said.has_errors:
            problems.add("base-broken", base.span, number=base.text)
            return None, merged.bases
    standard = parse_standard(merged.document, examples, dictionary, problems, factors)
    if standard is None:
        return None, merged.bases
    names = {name: origin for entry, origin in _with_items(merged) for name in names_of_entry(entry[0].text, entry[1], entry[2])}
    names |= {"[]": merged.origins["scope", ""]} if standard.scope and merged.origins else {}
    return replace(standard, origins=names, period=period(document, documents, on), stated_date=stated), merged.bases


def _with_items(merged: Consolidated) -> Iterator[tuple[tuple[Scalar, Scalar, Item], Origin]]:
    for section, item in entries_of(merged.document.root):
        for key, value in entries_of(item):
            if origin := merged.origins.get((section.text, key.text)):
                yield (section, key, value), origin


def change_dates(document: Document, documents: Documents, chain: tuple[str, ...] = ()) -> list[date]:
    """The days on which an amendment of the document, or of what it is based on, comes into force."""
    found = {day for layer in _listed(item_at(document.root, "layers")) if (day := day_at(layer, "from"))}
    base = scalar_at(document.root, "based_on")
    if base is not None and base.text not in chain and len(chain) < CHAIN_MAX:
        below = documents.document(base.text)
        found |= set(change_dates(below, documents, (*chain, base.text))) if below else set()
    return sorted(found)


def period(document: Document, documents: Documents, on: date) -> tuple[date | None, date | None]:
    """The days between which the document reads as it does on a date: the first, and the first on which it changes again."""
    changes = change_dates(document, documents)
    return max((day for day in changes if day <= on), default=None), min((day for day in changes if day > on), default=None)


def consolidated(document: Document, on: date, documents: Documents, problems: Problems, chain: tuple[str, ...] = ()) -> Consolidated | None:
    """The document merged with all it is based on and with every amendment in force on the date; None where a base cannot be had."""
    root = document.root
    keys = {key.text for key, _ in entries_of(root)}
    if not isinstance(root, Fields) or not keys & {"based_on", "layers", *AMENDMENTS}:
        return Consolidated(document, document)
    number = _number(root)
    based_on = scalar_at(root, "based_on")
    if based_on is None:
        for key, _ in root.entries:
            if key.text in AMENDMENTS:
                problems.add("amendment-without-base", key.span, key=key.text)
        below = None
        merge = _Merge(root, number, None, problems)
    else:
        below = _base(based_on, on, documents, problems, (*chain, number))
        if below is None:
            return None
        merge = _Merge(root, number, below, problems)
        _only_amendments(root, problems)
        merge.amend(root, Origin(number))
    dated = [(since, layer) for layer in _listed(item_at(root, "layers")) if (since := day_at(layer, "from"))]
    for (earlier, _), (later, layer) in pairwise(dated):
        if later < earlier and (scalar := scalar_at(layer, "from")):
            problems.add("dates-not-rising", scalar.span, earlier=earlier, later=later)
    for since, layer in sorted(dated, key=lambda d: d[0]):
        if since <= on:
            merge.amend(layer, Origin(number, _text(layer, "number"), since))
    bases = () if below is None else (below.written, *below.bases)
    return Consolidated(document, Document(document.file, document.text, merge.tree()), merge.origins, bases)


def _base(based_on: Scalar, on: date, documents: Documents, problems: Problems, chain: tuple[str, ...]) -> Consolidated | None:
    found = documents.document(based_on.text)
    if found is None:
        problems.add("unknown-standard", based_on.span, number=based_on.text, **did_you_mean(based_on.text, documents.numbers()))
        return None
    if based_on.text in chain or _number(found.root) in chain:
        problems.add("cycle", based_on.span, path=" → ".join((*chain, based_on.text)))
        return None
    if len(chain) > CHAIN_MAX:
        problems.add("meaning-too-large", based_on.span)
        return None
    said = Problems()
    merged = consolidated(found, on, documents, said, chain)
    cyclic = next((d for d in said.found if d.code == "cycle"), None)
    if cyclic is not None:
        problems.add("cycle", based_on.span, **cyclic.facts)
    elif merged is None or said.has_errors or not isinstance(merged.document.root, Fields):
        problems.add("base-broken", based_on.span, number=based_on.text)
    else:
        own = Origin(_number(found.root))
        entries = {(section.text, key.text): own for section, item in entries_of(found.root) for key, _ in entries_of(item)}
        return replace(merged, origins=merged.origins or {**entries, **{(section, ""): own for section in SINGLE}})
    return None


def _only_amendments(root: Fields, problems: Problems) -> None:
    for key, _ in root.entries:
        if key.text in SHAPE.keys and key.text not in (*_OWN, *_BESIDE):
            problems.add("section-of-a-profile", key.span, section=key.text)


class _Merge:
    """The sections of a document while amendments are put into them."""

    def __init__(self, root: Fields, number: str, below: Consolidated | None, problems: Problems) -> None:
        """below   the base; None where the document's own sections are what its layers amend"""
        self.root, self.number, self.problems = root, number, problems
        self.below = below
        start = root if below is None else below.document.root
        self.sections: dict[str, tuple[Span, dict[str, tuple[Scalar, Item]]]] = {}
        self.single = {key.text: (key, item) for key, item in entries_of(start) if key.text in SINGLE}
        for section, item in entries_of(start):
            if section.text in AMENDABLE and isinstance(item, Fields):
                self.sections[section.text] = (section.span, {key.text: (key, value) for key, value in item.entries})
        own = Origin(number)
        own_entries = {(section, key): own for section, (_, entries) in self.sections.items() for key in entries}
        own_entries |= {(section, ""): own for section in SINGLE}
        self.origins: dict[tuple[str, str], Origin] = dict(below.origins) if below else own_entries
        if below is not None and (sources := next((i for k, i in root.entries if k.text == "sources"), None)):
            self.add("sources", sources, own)

    def amend(self, amendment: Item, origin: Origin) -> None:
        """Removes, then replaces, then adds."""
        for verb in ("remove", "replace", "add"):
            read(item_at(amendment, verb), SHAPE.keys[verb].kind, self.problems)
            for section, item in entries_of(item_at(amendment, verb)):
                if section.text not in AMENDABLE:
                    if section.text in SHAPE.keys or verb == "remove":
                        near = did_you_mean(section.text, AMENDABLE) if section.text not in SHAPE.keys else {}
                        self.problems.add("section-not-amendable", section.span, section=section.text, **near)
                elif section.text in SINGLE:
                    self._amend_single(verb, section, item, origin)
                else:
                    {"remove": self.remove, "replace": self.replace, "add": self.add}[verb](section.text, item, origin)

    def _amend_single(self, verb: str, section: Scalar, item: Item, origin: Origin) -> None:
        """A section that is one thing, not a mapping of entries, such as the scope."""
        name, there = section.text, section.text in self.single
        if there != (verb != "add"):
            self._exists(name, section, "") if there else self._absent(name, section, [])
        elif verb == "remove":
            if not isinstance(item, Scalar) or item.text != "true":
                self.problems.add("kind-mismatch", section.span, expected_zh=f"`{name}: true`", expected_en=f"`{name}: true`")
            del self.single[name]
        else:
            self.single[name] = (section, item)
            self.origins[name, ""] = origin

    def _of(self, section: str, span: Span) -> dict[str, tuple[Scalar, Item]]:
        return self.sections.setdefault(section, (span, {}))[1]

    def add(self, section: str, item: Item, origin: Origin) -> None:
        entries = self._of(section, item.span)
        for key, value in entries_of(item):
            if key.text in entries:
                self._exists(section, key, key.text)
            else:
                entries[key.text] = (key, value)
                self.origins[section, key.text] = origin

    def replace(self, section: str, item: Item, origin: Origin) -> None:
        entries = self._of(section, item.span)
        for key, value in entries_of(item):
            if key.text not in entries:
                self._absent(section, key, entries)
                continue
            if _same(value, entries[key.text][1]):
                self.problems.add("entry-unchanged", key.span, section=section, key=key.text, number=self.origins[section, key.text].number)
            entries[key.text] = (key, value)
            self.origins[section, key.text] = origin

    def remove(self, section: str, item: Item, origin: Origin) -> None:
        del origin
        entries = self._of(section, item.span)
        for key in _listed(item):
            if not isinstance(key, Scalar):
                continue
            if key.text not in entries:
                self._absent(section, key, entries)
            else:
                del entries[key.text]
                del self.origins[section, key.text]

    def _exists(self, section: str, key: Scalar, name: str) -> None:
        found = self.origins.get((section, name))
        number = f"{found.number} {found.layer or ''}".strip() if found else self.number
        self.problems.add("entry-exists", key.span, section=section, key=key.text, number=number)

    def _absent(self, section: str, key: Scalar, entries: Mapping[str, object] | list[str]) -> None:
        near = nearest(key.text, entries)
        hint = did_you_mean(key.text, entries) if near else {}
        self.problems.add("entry-absent", key.span, section=section, key=key.text, **hint)

    def tree(self) -> Fields:
        """The merged document, in the order documents are written in."""
        made: list[tuple[Scalar, Item]] = []
        own = {key.text: (key, item) for key, item in self.root.entries}
        base = {key.text: (key, item) for key, item in entries_of(self.below.document.root)} if self.below else own
        for name in (*SHAPE.keys, *(key for key in own if key not in SHAPE.keys)):
            if name in _OWN:
                made += [own[name]] if name in own else []
            elif name in SINGLE:
                made += [self.single[name]] if name in self.single else []
            elif name in self.sections:
                span, entries = self.sections[name]
                made.append((Scalar(name, span, None), Fields(tuple(entries.values()), span)))
            elif name in ("left_out", "layers"):
                parts = [base[name], own[name]] if self.below and name in base and name in own else [d[name] for d in (own, base)[:1] if name in d]
                parts = parts or ([base[name]] if name in base else [])
                items = tuple(_bare(each) if name == "layers" else each for _, part in parts for each in _listed(part))
                made += [(parts[0][0], Listing(items, parts[0][1].span))] if parts else []
            elif name not in AMENDMENTS and (entry := own.get(name) or (base.get(name) if name in SHAPE.keys else None)):
                made.append(entry)
        return Fields(tuple(made), self.root.span)


def _bare(layer: Item) -> Item:
    """An amendment without what it changes, which is merged."""
    return Fields(tuple(e for e in layer.entries if e[0].text not in AMENDMENTS), layer.span) if isinstance(layer, Fields) else layer


def _same(a: Item, b: Item) -> bool:
    if isinstance(a, Scalar) or isinstance(b, Scalar):
        return isinstance(a, Scalar) and isinstance(b, Scalar) and a.text == b.text
    if isinstance(a, Listing) or isinstance(b, Listing):
        return (
            isinstance(a, Listing)
            and isinstance(b, Listing)
            and len(a.items) == len(b.items)
            and all(_same(x, y) for x, y in zip(a.items, b.items, strict=True))
        )
    return [k.text for k, _ in a.entries] == [k.text for k, _ in b.entries] and all(
        _same(x, y) for (_, x), (_, y) in zip(a.entries, b.entries, strict=True)
    )


def _number(root: Item | None) -> str:
    return _text(item_at(root, "standard"), "number")


def _text(item: Item | None, name: str) -> str:
    scalar = scalar_at(item, name)
    return scalar.text if scalar else "?"


def _listed(item: Item | None) -> tuple[Item, ...]:
    """A list, or one item standing for a list of one."""
    return item.items if isinstance(item, Listing) else () if item is None else (item,)
