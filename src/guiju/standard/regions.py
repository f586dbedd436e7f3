"""Regions and markets: which is within which, and so whose standards apply where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.standard.document import Scalar, load
from guiju.standard.model import Title
from guiju.standard.shape import Key, MapOf, Shape, did_you_mean, read
from guiju.standard.shelf import data_folder

SHAPE = MapOf(Shape("region", {"zh": Key("label", True), "en": Key("label", True), "within": Key("text")}, "地区"))


@dataclass(frozen=True, slots=True)
class Region:
    """within   the code of the region this one is part of"""

    code: str
    title: Title
    within: str | None


@dataclass(frozen=True, slots=True)
class Regions:
    """Every region known, by code."""

    held: Mapping[str, Region]

    def named(self, word: str) -> Region:
        """The region of a code, or of its Chinese or English name.

        raises   Refused: unknown-region
        """
        folded = word.strip().casefold()
        for region in self.held.values():
            if folded in (region.code.casefold(), region.title.zh, region.title.en.casefold()):
                return region
        known = [text for r in self.held.values() for text in (r.code, r.title.zh, r.title.en)]
        raise Refused([Diagnostic("unknown-region", None, {"name": word, **did_you_mean(word, known)})])

    def is_one(self, word: str) -> bool:
        try:
            self.named(word)
        except Refused:
            return False
        return True

    def wholes(self, code: str) -> Iterator[Region]:
        """The region and those it is within, from the nearest: what is issued for any of them applies in it."""
        seen: set[str] = set()
        while code in self.held and code not in seen:
            seen.add(code)
            yield self.held[code]
            code = self.held[code].within or ""

    def issued_for(self, standard_region: str) -> tuple[str, ...]:
        """The codes a standard's `region` names: one, or several with commas."""
        return tuple(part.strip() for part in standard_region.split(","))

    def applies(self, standard_region: str, code: str) -> bool:
        """Whether what is issued for a region, as a standard writes it, applies in the region of this code."""
        return any(whole.code in self.issued_for(standard_region) for whole in self.wholes(code))


def load_regions(folders: Iterable[Path] | None = None) -> Regions:
    """The regions of every YAML file in the folders (those shipped where None), the first definition of a code winning.

    raises   Refused, with every problem: malformed files, a region within one that is not known or within itself
    """
    problems = Problems()
    held: dict[str, Region] = {}
    written: list[tuple[str, Scalar]] = []
    for path in (path for folder in folders or (data_folder() / "regions",) for path in sorted(folder.glob("*.yaml"))):
        for key, values in (read(load(path, problems).root, SHAPE, problems) or {}).values():
            within = values.get("within")
            held.setdefault(key.text, Region(key.text, Title(values["zh"].text, values["en"].text), within.text if within else None))
            written += [(key.text, within)] if within else []
    regions = Regions(held)
    for code, within in written:
        if within.text not in held:
            problems.add("unknown-region", within.span, name=within.text, **did_you_mean(within.text, held))
        elif any(whole.within == code for whole in regions.wholes(within.text)):
            problems.add("region-within-itself", within.span, name=code)
    problems.refuse_errors()
    return regions
