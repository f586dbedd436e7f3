"""The pages of comparing: what sides ask, requirement by requirement, and what an edition changed."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from guiju.align.brought import records_of, samples
from guiju.align.marks import CHANGES, LEFT, MARKS
from guiju.align.pages.beside import across_plain, moved_plain
from guiju.align.pages.paged import as_data, asked_apart, named, not_yet, try_url
from guiju.align.plain import compared
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.answering import treated
from guiju.report.proved import ANSWERS, HOW
from guiju.web.apart import Answer, apart_of
from guiju.web.asking import Asked, asked
from guiju.web.library import Head
from guiju.web.naming import region_title, regions
from guiju.web.opening import library_of, opened
from guiju.web.rendering import render

OPTIONS_MAX, PAIRS_SHOWN = 600, 12


def comparing(request: Request) -> Response:
    """The matrix of the sides named by `?with=`, one row of it opened by `?row=`; without two of them, where they are chosen."""
    who = asked(request)
    words = who.many("with")
    if len(words) < 2:
        return _chooser(request, words)
    names, found = named(who, words), _asked(who, words, True)
    if found.value is None:
        return not_yet(request, found)
    made: dict[str, Any] = found.value
    every, only = bool(who.one("all")), who.one("only")
    rows = [row for row in made["rows"] if every or row["shared"]]
    if only:
        rows = [row for row in made["rows"] if any(cell["relation"] == only for cell in row["cells"])]
    across = _across(who, names) if who.one("across") else Answer(None)
    if across.value is None and who.one("across"):
        return not_yet(request, across)
    number = who.number("row", 0)
    opened_row = next((row for row in made["rows"] if row["number"] == number), None)
    return render(
        request, "align/compare.html", made=made, rows=rows, opened=opened_row, every=every, only=only, marks=marks(), lefts=LEFT, names=names,
        how=HOW, answers=_answers(), try_url=try_url, hidden=len(made["rows"]) - sum(row["shared"] for row in made["rows"]), counts=_counts(made),
        across=across.value, held=library_of(who).paths,
    )  # fmt: skip


def comparing_json(request: Request) -> Response:
    """The same as plain values; 202 while it is being proved."""
    who = asked(request)
    found = _asked(who, who.many("with"), True)
    return as_data(found)


def _asked(who: Asked, words: list[str], strict: bool) -> Answer:
    """The matrix of sides, from the process that proves."""
    names = tuple(named(who, words))
    assumed = tuple(sorted(treated(who.shelf, who.many("treat")).items()))
    subject, any_method = who.one("subject") or None, bool(who.one("any_method"))
    arguments = (who.shelf.folders, who.shelf.beside, names, subject, who.on, assumed, any_method, strict)
    return apart_of(who).ask(arguments, compared, *arguments)


def _across(who: Asked, names: list[str]) -> Answer:
    """What clauses of the sides come to together; nothing where no check is about them.

    raises   Refused: what `across_plain` refuses, but align-no-check
    """
    try:
        return asked_apart(who, across_plain, tuple(names), who.one("subject") or None, who.on, tuple(who.many("treat")))
    except Refused as refused:
        if [d.code for d in refused.diagnostics] != ["align-no-check"]:
            raise
        return Answer([])


def marks() -> dict[str, tuple[str, str, str]]:
    return {relation.value: words for relation, words in MARKS.items()}


def _answers() -> dict[str, tuple[str, str, str]]:
    return {word: (mark, zh, en) for mark, word, zh, en in ANSWERS.values()}


def _counts(made: Mapping[str, Any]) -> Counter[str]:
    return Counter(cell["relation"] for row in made["rows"] for cell in row["cells"])


# choosing


def _chooser(request: Request, words: list[str]) -> Response:
    who = asked(request)
    held = library_of(who)
    first = held.number(words[0]) if words else None
    heads = list(held.heads)
    options = [(h.number, h.title.text(who.language)) for h in heads[:OPTIONS_MAX]]
    places = [(r.code, r.title.text(who.language)) for r in regions().held.values()]
    return render(
        request, "align/choose.html", first=first or (words[0] if words else ""), options=options, places=places,
        pairs=_worth(who, heads, first), region_pairs=_region_pairs(heads, who),
    )  # fmt: skip


def _worth(who: Asked, heads: list[Head], first: str | None) -> list[tuple[Head, Head]]:
    """Pairs about the same kind of subject; with one chosen already, those it can be compared with."""
    by_subject: dict[str, list[Head]] = defaultdict(list)
    for head in heads:
        by_subject[head.subject].append(head)
    if first is not None:
        own = next(h for h in heads if h.number == first)
        return [(own, other) for other in by_subject[own.subject] if other is not own][:PAIRS_SHOWN]
    groups = [group for subject, group in sorted(by_subject.items()) if subject and len(group) > 1]
    return [(group[at], group[at + 1]) for at in range(2) for group in groups if at + 1 < len(group)][:PAIRS_SHOWN]


def _region_pairs(heads: list[Head], who: Asked) -> list[tuple[str, str, str]]:
    """(code, code, words) of regions that both have standards of one subject."""
    by_subject: dict[str, list[str]] = defaultdict(list)
    for head in heads:
        by_subject[head.subject] += [code for code in head.regions if "-" in code and code not in by_subject[head.subject]]
    found = []
    for codes in by_subject.values():
        for a, b in itertools.pairwise(codes):
            found.append((a, b, f"{region_title(a, who.language)} ↔ {region_title(b, who.language)}"))
    return list(dict.fromkeys(found))[:PAIRS_SHOWN]


# from one edition to the next


def changes(request: Request, number: str) -> Response:
    """What changed from the edition of `?from=` to this one."""
    who = asked(request)
    page = opened(who, number)
    older = who.one("from")
    if not older:
        raise Refused([Diagnostic("align-two", None, {"found": "1"})])
    names = named(who, [older, page.number])
    found = _asked(who, names, False)
    if found.value is None:
        return not_yet(request, found)
    made: dict[str, Any] = found.value
    records, real = records_of(who), Answer(None)
    if records is not None:
        real = asked_apart(who, moved_plain, tuple(names), records.path, records.mapping, tuple(who.many("treat")), files=[records])
        if real.value is None:
            return not_yet(request, real)
    kinds = {change.value: words for change, words in CHANGES.items()}
    counts = Counter(row["change"] for row in made["rows"])
    same = bool(who.one("same"))
    rows = [row for row in made["rows"] if same or row["change"] != "same"]
    return render(request, "align/changes.html", made=made, older=names[0], newer=names[1], rows=rows, kinds=kinds, counts=counts, same=same,
                  marks=marks(), how=HOW, answers=_answers(), try_url=try_url, lefts=LEFT,
                  records=records, real=real.value, samples=list(samples()))  # fmt: skip
