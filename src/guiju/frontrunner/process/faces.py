"""What the faces of the process share: a scheme as the process takes it, and who names what."""

from __future__ import annotations

from guiju.base.diagnostics import Problems, Refused
from guiju.frontrunner.process.certifying import Scheme
from guiju.frontrunner.process.cycle import Field
from guiju.frontrunner.process.evaluating import Asked
from guiju.frontrunner.scheme import located_scheme
from guiju.frontrunner.scheme_meaning import Opened, open_scheme
from guiju.records.bulk import weakest_evidence
from guiju.standard.shelf import Shelf


def opened_scheme(shelf: Shelf, word: str) -> Opened:
    """A scheme by its id or its file, with the program of its standard as of the day it is read by default.

    raises   Refused: scheme-unknown, and everything that is wrong with it
    """
    problems = Problems()
    found = open_scheme(shelf, located_scheme(shelf, word), None, problems)
    problems.refuse_errors()
    if found is None:
        raise Refused(problems.found)
    return found


def scheme_of(found: Opened) -> Scheme:
    scheme = found.scheme
    return Scheme(scheme.id, scheme.hash, scheme.title, Asked(scheme.basic, scheme.core, scheme.innovative), is_illustrative(found))


def is_illustrative(found: Opened) -> bool:
    """Whether the scheme, or the standard it compares by, rests on anything made up."""
    return found.scheme.illustrative or weakest_evidence(found.program) == "illustrative"


def field_of(found: Opened) -> Field:
    """The field as it is proposed: by the scheme as it is now."""
    scheme, standard = found.scheme, found.program.standard
    return Field(scheme.id, scheme.hash, scheme.title, scheme.cycle, standard.number, str(standard.edition), found.program.content_hash,
                 is_illustrative(found))  # fmt: skip
