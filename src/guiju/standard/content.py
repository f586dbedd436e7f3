"""Content: what a document says, apart from how it is laid out, as one hash that covers the standards it rests on.

Comments, quotes, indentation, line breaks and the order of known keys are no content. The order of clauses and other names is, since they
stand in an order. A standard rests on those it uses, the one it is based on, and the factors its parameters refer to, at whatever date: the
hash does not depend on a date.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from guiju.standard.document import Document, Fields, Item, Listing, Scalar, entries_of
from guiju.standard.form import SHAPE
from guiju.standard.shape import Either, Kind, ListOf, MapOf, Shape

CHAIN_MAX = 30
"""Standards that each rest on the next."""


class Documents(Protocol):
    """Where the documents of other standards are found."""

    def document(self, number: str) -> Document | None: ...

    def numbers(self) -> Iterable[str]: ...

    def factor(self, id_: str, kind: str, region: str) -> Sequence[str]:
        """Every value of a published factor, as text; none where there is no such factor."""
        ...


def content_hash(document: Document, documents: Documents | None = None) -> str:
    """The sha256, in hex, of a document's content and of the content of all it rests on.

    documents   where those are found; without it they count by number only
    """
    return _hash(document, documents, {}, ())


def rests_on(root: Item | None) -> Iterator[Scalar]:
    """The numbers of the standards a document uses or is based on, amendments of any date included, as they are written."""
    for key, item in entries_of(root):
        if key.text == "based_on" and isinstance(item, Scalar):
            yield item
        elif key.text == "uses":
            yield from (number for _, number in entries_of(item) if isinstance(number, Scalar))
        elif key.text in ("add", "replace"):
            yield from rests_on(item)
        elif key.text == "layers":
            for layer in item.items if isinstance(item, Listing) else (item,):
                yield from rests_on(layer)


def factors_in(item: Item | None) -> Iterator[tuple[str, str, str]]:
    """(id, kind, region) of every factor the parameters of a document refer to, amendments included."""
    for key, value in entries_of(item):
        if key.text == "factor" and isinstance(value, Fields):
            texts = {k.text: v.text for k, v in value.entries if isinstance(v, Scalar)}
            yield texts.get("id", ""), texts.get("kind", ""), texts.get("region", "")
        elif isinstance(value, Fields):
            yield from factors_in(value)
        elif isinstance(value, Listing):
            for each in value.items:
                yield from factors_in(each)


def _hash(document: Document, documents: Documents | None, known: dict[str, str], chain: tuple[str, ...]) -> str:
    others: dict[str, str | None] = {}
    for number in dict.fromkeys(each.text for each in rests_on(document.root)):
        if number not in known:
            found = documents.document(number) if documents is not None and number not in chain and len(chain) < CHAIN_MAX else None
            if found is None:
                others[number] = None
                continue
            known[number] = _hash(found, documents, known, (*chain, number))
        others[number] = known[number]
    used = {"/".join(names): list(documents.factor(*names)) for names in dict.fromkeys(factors_in(document.root))} if documents else {}
    content = {"document": _plain(document.root, SHAPE), "rests on": others, **({"factors": used} if used else {})}
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(item: Item | None, kind: Kind | None = None) -> object:
    """A mapping of free keys as a list of pairs, since clauses and grades stand in an order; one of known keys sorted by them."""
    if isinstance(item, Fields):
        keys = kind.keys if isinstance(kind, Shape) else {}
        inner = kind.kind if isinstance(kind, MapOf) else kind.shape if isinstance(kind, Either) else None
        if isinstance(kind, Either):
            return _plain(item, inner)
        pairs = [[key.text, _plain(value, keys[key.text].kind if key.text in keys else inner)] for key, value in item.entries]
        return {"pairs": sorted(pairs, key=lambda pair: str(pair[0])) if isinstance(kind, Shape) else pairs}
    if isinstance(kind, ListOf):
        return [_plain(each, kind.kind) for each in (item.items if isinstance(item, Listing) else (item,))]
    if isinstance(item, Listing):
        return [_plain(each) for each in item.items]
    return None if item is None else item.text
