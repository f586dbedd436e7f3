"""Forming: the form check of the library as boards ask for it: who is barred, and how well a declared standard is drafted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from guiju.frontrunner.board.model import FormCheck, Formed, Library
from guiju.frontrunner.entity import DeclaredStandard
from guiju.frontrunner.library.form_check import form_check
from guiju.frontrunner.scheme import Scheme
from guiju.standard.model import Title
from guiju.standard.shelf import KnownEdition

NAME = "library"
ASKED_ALWAYS = 2
"""That it is current, and that it is published."""


def formed_by(library: Library, scheme: Scheme, editions: Mapping[tuple[str, str], KnownEdition], on: date) -> FormCheck:
    """The check of every declared standard of a library by what the scheme asks of form.

    The quality of drafting is the share of what is asked that is in order: being current and published, each reference being alive, each number
    that must be cited, each method that must be named.
    """
    form = scheme.form
    found = form_check(library.standards.values(), editions, on, cites=form.cites, methods=form.methods, others=library.standards)
    made = {}
    for each in found:
        declared = each.standard
        asked = ASKED_ALWAYS + len(declared.references) + len(form.cites) + len(form.methods)
        said = tuple(Title(reason.message("zh"), reason.message("en")) for reason in each.reasons)
        barred = () if each.passes else tuple(
            Title(reason.message("zh"), reason.message("en")) for reason in each.reasons if reason.severity.name == "ERROR"
        )  # fmt: skip
        made[declared.number, declared.edition] = Formed(barred, max(Fraction(0), 1 - Fraction(len(each.reasons), asked)), said)

    def check(declared: DeclaredStandard, scheme: Scheme) -> Formed:
        return made[declared.number, declared.edition]

    return check
