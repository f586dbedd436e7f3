"""Series: a general standard and the parts for single sectors, each of which must define what the general standard asks of every part."""

from __future__ import annotations

from collections.abc import Callable

from guiju.base.diagnostics import Problems
from guiju.standard.content import Documents
from guiju.standard.document import Scalar, entries_of
from guiju.standard.model import Standard
from guiju.standard.shape import did_you_mean

Find = Callable[[str], Standard | None]


def check_series(standard: Standard, find: Find, documents: Documents, problems: Problems) -> None:
    """Whether a part is complete, and which parts of a general standard the shelf lacks."""
    if standard.part is not None:
        _check_part(standard, standard.part, find, problems)
    if standard.series is not None:
        there = parts_there(standard.number, documents)
        lacking = [name for name in standard.series.parts if name not in there]
        if lacking:
            first = standard.series.parts[lacking[0]][0]
            names = [standard.series.parts[name][1] for name in lacking]
            problems.add("series-parts-missing", first.span, parts_zh="、".join(n.zh for n in names), parts_en=", ".join(n.en for n in names))


def parts_there(number: str, documents: Documents) -> dict[str, str]:
    """Part → the number of the standard on the shelf that is this part of a general standard."""
    found: dict[str, str] = {}
    for other in documents.numbers():
        document = documents.document(other)
        root = document.root if document else None
        texts = {k.text: v.text for k, v in entries_of(root) if isinstance(v, Scalar)}
        if texts.get("based_on") == number and "part" in texts:
            found.setdefault(texts["part"], other)
    return found


def _check_part(standard: Standard, part: Scalar, find: Find, problems: Problems) -> None:
    general = find(standard.based_on.number) if standard.based_on else None
    if general is None or general.series is None:
        problems.add("part-without-series", part.span, part=part.text)
        return
    if part.text not in general.series.parts:
        problems.add("part-unknown", part.span, part=part.text, general=general.number, **did_you_mean(part.text, general.series.parts))
    for asked in general.series.each:
        origin = standard.origins.get(asked.text) or standard.origins.get(f"[{asked.text}]")
        if origin is None or origin.number == general.number:
            problems.add("part-incomplete", part.span, part=part.text, general=general.number, name=asked.text)
