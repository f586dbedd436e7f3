"""Asking: texts and feeds held against the zone as it is now, for pages, programs and the command line alike."""

from __future__ import annotations

from collections.abc import Sequence

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.zone.checking import Checked, check_text
from guiju.frontrunner.zone.feed import Line
from guiju.frontrunner.zone.gathered import SEPARATOR, Gathered
from guiju.frontrunner.zone.words import words_for


def products_named(gathered: Gathered, word: str) -> tuple[str, ...]:
    """The products somebody means by an identifier, a key, or a name of a model or brand; none where there are none.

    A name that only looks like one means none.
    """
    word = word.strip()
    if not word:
        return ()
    direct = [word, *(f"{library}{SEPARATOR}{word}" for library in gathered.libraries)]
    found = gathered.held.load(direct)
    if found:
        return tuple(sorted(found))
    named, unlike = gathered.held.names.find(word)
    if unlike or not named:
        return ()
    keys = named[0].keys
    for each in named[1:]:
        keys = keys & each.keys or each.keys
    return tuple(sorted(keys))


def ask(gathered: Gathered, text: str, about: str = "") -> Checked:
    """A text, checked. about   the product it is about where it names none

    raises   Refused: zone-no-product, zone-no-text
    """
    if not text.strip():
        raise Refused([Diagnostic("zone-no-text", None, {"field": "text"})])
    keys = products_named(gathered, about)
    if about.strip() and not keys:
        raise Refused([Diagnostic("zone-no-product", None, {"name": about.strip(), "field": "product"})])
    return _checked(gathered, text, keys)


def ask_line(gathered: Gathered, line: Line) -> Checked:
    """A row of a feed, checked; a product it names that is not known is no product."""
    about = products_named(gathered, line.product) or products_named(gathered, f"{line.brand} {line.model}")
    return _checked(gathered, line.text, about)


def _checked(gathered: Gathered, text: str, about: Sequence[str]) -> Checked:
    held = gathered.held
    return check_text(text, held, words_for(held.properties, gathered.dictionary), gathered.dictionary, about)
