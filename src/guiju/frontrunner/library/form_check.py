"""Form check (格式审查): whether a declared standard may enter an evaluation by its form alone; every reason why not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guiju.base.diagnostics import Diagnostic, Problems, Severity
from guiju.frontrunner.entity import DeclaredStandard
from guiju.standard.shelf import KnownEdition, folded

_DATED = re.compile(r"^(.*\S)\s*[-—–]\s*([0-9]{4})$")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Formed:
    """A standard and what its form lacks; remarks that do not bar it are among the reasons."""

    standard: DeclaredStandard
    reasons: tuple[Diagnostic, ...]

    @property
    def passes(self) -> bool:
        return not any(each.severity is Severity.ERROR for each in self.reasons)


def form_check(
    declared: Iterable[DeclaredStandard],
    editions: Mapping[Key, KnownEdition],
    on: date,
    *,
    cites: Sequence[str] = (),
    methods: Mapping[str, Sequence[str]] | None = None,
    others: Mapping[Key, DeclaredStandard] | None = None,
) -> tuple[Formed, ...]:
    """Each standard with its reasons, in the order given.

    editions   what is known of editions, (number, edition) → as `Shelf.editions` gives it
    on         the day of the check
    cites      numbers that must be among the normative references: of that edition, or without one, which means the newest
    methods    property → numbers of the methods accepted for it; an empty list accepts any, and a method without an edition is the newest
    others     declared standards of the library, to which another may refer

    codes      form-not-current, form-not-published, form-reference-dead, form-reference-replaced, form-reference-missing, form-method-missing,
               form-method-other
    """
    return tuple(Formed(each, _reasons(each, editions, on, cites, methods or {}, others or {})) for each in declared)


def _reasons(
    declared: DeclaredStandard, editions: Mapping[Key, KnownEdition], on: date, cites: Sequence[str], methods: Mapping[str, Sequence[str]],
    others: Mapping[Key, DeclaredStandard],
) -> tuple[Diagnostic, ...]:  # fmt: skip
    problems = Problems()
    facts = {"key": named(declared)}
    if declared.status != "current":
        problems.add("form-not-current", None, **facts, status=declared.status)
    if declared.published is None or declared.published > on:
        problems.add("form-not-published", None, **facts, on=on, published=declared.published or "–")
    for reference in declared.references:
        _live(reference, editions, on, others, problems, facts)
    for number in cites:
        if not any(_meets(reference, number) for reference in declared.references):
            same = next((each for each in declared.references if folded(parted(each)[0]) == folded(parted(number)[0])), "–")
            problems.add("form-reference-missing", None, **facts, number=number, found=same)
    for property_, accepted in sorted(methods.items()):
        method = declared.methods.get(property_)
        if method is None:
            problems.add("form-method-missing", None, **facts, property=property_, accepted=", ".join(accepted) or "–")
        elif accepted and not any(_meets(method, each) for each in accepted):
            problems.add("form-method-other", None, **facts, property=property_, method=method, accepted=", ".join(accepted))
    return problems.found


def _live(
    reference: str,
    editions: Mapping[Key, KnownEdition],
    on: date,
    others: Mapping[Key, DeclaredStandard],
    problems: Problems,
    facts: Mapping[str, str],
) -> None:
    number, edition = parted(reference)
    known = next((each for key, each in editions.items() if (folded(key[0]), key[1]) == (folded(number), edition)), None)
    other = others.get((number, edition))
    if other is not None and other.status != "current":
        problems.add("form-reference-dead", None, **facts, reference=reference, by="–", since=other.status)
    if known is None or known.replaced_by is None:
        return
    if known.replaced_on is None:
        problems.add("form-reference-replaced", None, **facts, reference=reference, by=known.replaced_by)
    elif known.replaced_on <= on:
        problems.add("form-reference-dead", None, **facts, reference=reference, by=known.replaced_by, since=known.replaced_on)


def parted(text: str) -> Key:
    """A number and its edition; empty where none is written."""
    found = _DATED.match(text.strip())
    return (found[1], found[2]) if found else (text.strip(), "")


def named(declared: DeclaredStandard) -> str:
    """The number with its edition: Q/ABC 001-2025."""
    return f"{declared.number}-{declared.edition}" if declared.edition else declared.number


def _meets(found: str, asked: str) -> bool:
    """Whether a reference is to what is asked: the same number, and its edition or none."""
    (number, edition), (wanted, of) = parted(found), parted(asked)
    return folded(number) == folded(wanted) and (not edition or not of or edition == of)


def form_json(found: Sequence[Formed]) -> list[dict[str, Any]]:
    """The results for programs."""
    return [
        {"number": each.standard.number, "edition": each.standard.edition, "enterprise": each.standard.enterprise, "passes": each.passes,
         "illustrative": each.standard.illustrative, "reasons": [reason.as_json() for reason in each.reasons]}
        for each in found
    ]  # fmt: skip
