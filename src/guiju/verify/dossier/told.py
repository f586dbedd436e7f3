"""What is told of a dossier on the terminal: the grid of conclusions, and what to change or to supply."""

from __future__ import annotations

from collections.abc import Iterator

from guiju.base.diagnostics import Language
from guiju.cli.console import Exit
from guiju.verify.dossier.evidence import ASPECTS, OUTCOMES, WHOLE, Dossier
from guiju.verify.dossier.report import NOTHING, SIGNS

LINES_MAX = 14


def grid_of(dossier: Dossier, language: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Heads and rows: each subject in each aspect."""
    zh = language == "zh"
    by = {(c.subject, c.aspect): c.outcome for c in dossier.conclusions}
    rows = []
    for subject in dossier.subjects:
        found = [by.get((subject.name, aspect)) for aspect in ASPECTS]
        cells = [NOTHING[0] if each is None else f"{SIGNS[each][0]} {OUTCOMES[each].text(language)}" for each in found]
        rows.append((("整体" if zh else "whole") if subject.name == WHOLE else subject.name, *cells))
    return ("对象" if zh else "about", *(a.text(language) for a in ASPECTS.values())), rows


def worth_telling(dossier: Dossier, language: Language) -> Iterator[str]:
    """What fails, would pass after a change, or is not verified: the reason of each, worst first."""
    order = {"fail": 0, "change": 1, "not verified": 2}
    found = [c for c in dossier.conclusions if c.outcome in order and c.subject != WHOLE]
    found.sort(key=lambda c: order[c.outcome])
    for each in found[:LINES_MAX]:
        yield f"{SIGNS[each.outcome][0]} {each.subject} {ASPECTS[each.aspect].text(language)}: {each.why.text(language)}"
    if len(found) > LINES_MAX:
        yield f"… {len(found) - LINES_MAX}"


def exit_of(dossier: Dossier) -> Exit:
    outcomes = {dossier.outcome(WHOLE, aspect) for aspect in ASPECTS}
    if "fail" in outcomes:
        return Exit.FAILS
    return Exit.UNDETERMINED if "not verified" in outcomes else Exit.OK
