"""Population: a threshold of a ranking as a node: the number a snapshot has for the record's own comparable range, or why there is none.

The record-level graph knows nothing of other records. `leaders.top20` is a table from the categories of the range to exact constants.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from guiju.base.diagnostics import Language, Problems
from guiju.base.units import UnknownUnit, parse_unit
from guiju.ir.build import Builder
from guiju.ir.node import Kind, Node
from guiju.ir.reasons import all_tied, no_snapshot, nobody, not_in_snapshot, too_few
from guiju.ir.snapshot import Key, Range, Ranking, Snapshot
from guiju.standard.correction import corrections
from guiju.standard.model import Best, Population, Standard


@dataclass(frozen=True, slots=True)
class PopulationMeaning:
    population: Population
    of: Node
    within: tuple[Node, ...]
    belongs: Node
    """In scope, and `where` holds."""

    @property
    def name(self) -> str:
        return self.population.name


def threshold(build: Builder, meaning: PopulationMeaning, best: Best, ranking: Ranking | None) -> Node:
    """The node of `population.best`."""
    p = meaning.population
    if any(n.is_bad for n in (meaning.of, meaning.belongs, *meaning.within)):
        return build.bad
    if ranking is None:
        return build.undefined(no_snapshot(p.name), meaning.of.type, best.span)
    whole = ranking.ranges.get(())
    if whole is not None:
        return _place(build, meaning, best, whole)
    return _by_category(build, meaning, best, meaning.within, ranking.ranges)


def _by_category(build: Builder, meaning: PopulationMeaning, best: Best, within: Sequence[Node], ranges: Mapping[Key, Range]) -> Node:
    """The table over the first category, of tables over the others; a category without any range needs no table of its own."""
    unknown = build.undefined(not_in_snapshot(meaning.name), meaning.of.type, best.span)
    if not within:
        return _place(build, meaning, best, ranges[()]) if () in ranges else unknown
    below: dict[str, dict[Key, Range]] = {}
    for key, each in ranges.items():
        below.setdefault(key[0], {})[key[1:]] = each
    words = [*within[0].type.values, *(w for w in below if w not in within[0].type.values)]
    values = [_by_category(build, meaning, best, within[1:], below[w]) if w in below else unknown for w in words]
    return build.map(within[0], words, values, best.span) if words else unknown


def _place(build: Builder, meaning: PopulationMeaning, best: Best, found: Range) -> Node:
    name, type_ = meaning.name, meaning.of.type
    at = found.best.get(best.name)
    if at is None and found.best:
        return build.undefined(no_snapshot(name), type_, best.span)
    if at is None:
        return build.undefined(too_few(name, max(meaning.population.min_count, 1)), type_, best.span)
    if at.value is None:
        return build.undefined(nobody(name) if at.k == 0 else all_tied(name), type_, best.span)
    return build.const(at.value, type_, best.span)


def ranking_words(meaning: PopulationMeaning, snapshot: Snapshot, best: str, values: Mapping[int, object], language: Language) -> str:
    """Among how many a record's threshold was found, how many are in, and by which snapshot; nothing where its range is not in it.

    values   of the nodes, for the record
    """
    ranking = snapshot.rankings.get(meaning.name)
    key = tuple(str(values.get(n.index)) for n in meaning.within)
    among = ranking and ranking.ranges.get(key)
    if not among:
        return ""
    place = among.best.get(best)
    if language == "zh":
        inside = f"，名额 {place.k}，入围 {place.inside}" if place else ""
        return (f"「{'、'.join(key)}」内" if key else "") + f"共 {among.n} 个{inside}；快照 {snapshot.short}"
    inside = f", places {place.k}, in {place.inside}" if place else ""
    return f"members{' of ' + ', '.join(key) if key else ''} {among.n}{inside}; snapshot {snapshot.short}"


def read_as_corrected(standard: Standard) -> bool:
    """Whether the standard has texts believed wrong and they are read as corrected."""
    return standard.corrected and any(True for _ in corrections(standard))


def in_force(snapshots: Iterable[Snapshot], standard: Standard, on: date, problems: Problems) -> Snapshot | None:
    """The latest snapshot of the standard's populations made on the date or before; one made later says nothing of the date."""
    every = [s for s in snapshots if s.number == standard.number]
    own = [s for s in every if s.corrected == read_as_corrected(standard)]
    if every and not own:
        problems.add("snapshot-of-another-reading", standard.span, number=standard.number, snapshot=every[0].short)
    usable = [s for s in own if s.on <= on]
    if own and not usable:
        problems.add("snapshot-later", standard.span, number=standard.number, on=on, first=min(s.on for s in own))
    return max(usable, key=lambda s: s.on, default=None)


def ranking_in(snapshot: Snapshot, standard: Standard, meaning: PopulationMeaning, problems: Problems) -> Ranking | None:
    """The snapshot's ranking of a population; None where it was made of another text or is no ranking of this one, which is reported."""
    ranking, named = snapshot.rankings.get(meaning.name), {"name": meaning.name, "snapshot": snapshot.short}
    if snapshot.content != standard.content_hash:
        problems.add("snapshot-of-another-text", None, number=standard.number, snapshot=snapshot.short)
    elif ranking is None or any(len(key) not in (0, len(meaning.within)) for key in ranking.ranges):
        problems.add("snapshot-without-population", meaning.population.span, **named)
    elif meaning.of.type.kind is Kind.NUMBER and not _same_unit(ranking, meaning):
        problems.add("snapshot-unit", meaning.population.span, name=meaning.name, found=ranking.unit, asked=meaning.of.type.unit.text)
    else:
        return ranking
    return None


def _same_unit(ranking: Ranking, meaning: PopulationMeaning) -> bool:
    try:
        return parse_unit(ranking.unit) == meaning.of.type.unit
    except UnknownUnit:
        return False
