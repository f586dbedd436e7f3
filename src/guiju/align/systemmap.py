"""System map, 标准体系表: segments × aspects × levels. What exists, what is wanted and missing, who owns it, what is about to expire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from guiju.align.system import Entry, Place, Segment, System, Wanted, When
from guiju.base.dates import months_after
from guiju.base.diagnostics import Problems
from guiju.standard.form import LEVELS
from guiju.standard.model import Standard, Title
from guiju.standard.regions import Regions
from guiju.standard.shelf import Shelf

OTHER = "other"
"""The segment of what no segment of the frame holds."""
CONTENT_SEEN = ("text", "excerpt", "contents")
OVER = ("superseded", "withdrawn")


@dataclass(frozen=True, slots=True)
class Cell:
    segment: str
    aspect: str
    entries: tuple[Entry, ...]

    def at(self, level: str) -> tuple[Entry, ...]:
        return tuple(each for each in self.entries if each.level == level)


@dataclass(frozen=True, slots=True)
class Missing:
    """A level at which a wanted cell has nothing that is issued and not over.

    drafts      what is on its way there
    elsewhere   what the cell has at other levels
    """

    wanted: Wanted
    level: str
    drafts: tuple[Entry, ...]
    elsewhere: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Expiring:
    entry: Entry
    day: When
    what: Title


@dataclass(frozen=True, slots=True)
class Due:
    """A review that is due: the standard stands until it is confirmed, revised or withdrawn."""

    entry: Entry
    day: date
    """At the latest, where of its date only the month or year is known."""
    past: bool


@dataclass(frozen=True, slots=True)
class SystemMap:
    """cells: every cell of the frame, empty ones too, by (segment, aspect)."""

    system: System
    on: date
    until: date
    segments: Mapping[str, Segment]
    cells: Mapping[tuple[str, str], Cell]
    missing: tuple[Missing, ...]
    expiring: tuple[Expiring, ...]
    due: tuple[Due, ...]
    undated: tuple[Entry, ...]
    """Whose review cannot be told, because no date is known."""
    unseen: tuple[Entry, ...]
    """Known by name only."""
    orphaned: tuple[Entry, ...]
    """Whose owner is not known."""
    cited: Mapping[str, tuple[str, ...]]
    """What standards on the shelf cite and neither the shelf nor the catalogue has → who cites it."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for cell in self.cells.values() for entry in cell.entries)


def system_map(system: System, shelf: Shelf, regions: Regions, *, on: date, horizon: int) -> SystemMap:
    """The map as of a day; `horizon` in months is how far what is about to expire is looked for.

    raises   Refused: a standard both on the shelf and in the catalogue, or placed there and not on the shelf
    """
    until = months_after(on, horizon) or date.max
    standards = [s for path in shelf.paths().values() if (s := shelf.open(path).standard) is not None and not _made_up(s)]
    _check(system, standards)
    placed = [*(_placed(s, system) for s in standards), *system.catalogue]
    placed = _replaced(placed, standards)
    segments = dict(system.segments)
    if any(each.segment == OTHER for each in placed):
        segments.setdefault(OTHER, Segment(OTHER, Title("其他", "other"), ()))
    order = {level: position for position, level in enumerate(LEVELS)}
    cells = {
        (segment, aspect): Cell(segment, aspect, tuple(sorted(
            (each for each in placed if each.cell == (segment, aspect)), key=lambda e: (order[e.level], e.number))))
        for segment in segments for aspect in system.aspects
    }  # fmt: skip
    entries = [entry for cell in cells.values() for entry in cell.entries]
    alive = [each for each in entries if not is_over(each, on)]
    due, undated = _due(system, alive, until, on)
    return SystemMap(
        system, on, until, segments, cells, tuple(_missing(system, alive)), tuple(_expiring(alive, standards, on, until)), due, undated,
        tuple(e for e in alive if e.seen not in CONTENT_SEEN), tuple(e for e in alive if e.owner is None), _cited(standards, entries),
    )  # fmt: skip


def _check(system: System, standards: Sequence[Standard]) -> None:
    problems = Problems()
    numbers = {s.number for s in standards}
    for entry in system.catalogue:
        if entry.number in numbers:
            problems.add("entry-on-the-shelf", None, number=entry.number)
    problems.refuse_errors()


def _made_up(standard: Standard) -> bool:
    """Whether it is a draft of somebody's own with illustrative numbers, which no system of standards holds."""
    return standard.status == "draft" and any(source.grade == "illustrative" for source in standard.sources.values())


def _placed(standard: Standard, system: System) -> Entry:
    """A standard of the shelf as an entry: its segment by its subject, its aspect as declared, else by what it has."""
    place = system.places.get(standard.number, Place(None, None, None))
    subject = standard.subject[0]
    fitting = [(len(s), each.id) for each in system.segments.values() for s in each.subjects if subject == s or subject.startswith(f"{s}.")]
    segment = place.segment or max(fitting, default=(0, OTHER))[1]
    published, effective, withdrawn = (When.of(d) if d else None for d in (standard.published, standard.effective, standard.withdrawn))
    return Entry(
        standard.number, standard.title, standard.level, standard.region, segment, place.aspect or _aspect(standard, system), published, effective,
        withdrawn, standard.status, None, place.owner, "text", None,
    )  # fmt: skip


def _aspect(standard: Standard, system: System) -> str:
    """What a standard is about where nobody says: sums are accounting, levels and grades evaluation, else requirements."""
    found = "accounting" if standard.aggregates else "evaluation" if standard.indicators and not standard.clauses else "requirements"
    return found if found in system.aspects else next(iter(system.aspects))


def _replaced(entries: Sequence[Entry], standards: Sequence[Standard]) -> list[Entry]:
    """Entries that another replaces are over from that one's day."""
    by: dict[str, When | None] = {each.replaces: each.effective for each in entries if each.replaces}
    for standard in standards:
        for relation in standard.relations:
            if relation.kind == "replaces" and relation.edition:
                by[f"{relation.target}-{relation.edition}"] = When.of(standard.effective) if standard.effective else None
    return [
        replace(e, withdrawn=e.withdrawn or by[e.number], status=e.status or ("superseded" if by[e.number] is None else "")) if e.number in by else e
        for e in entries
    ]


def is_over(entry: Entry, on: date) -> bool:
    """Whether a standard is withdrawn or replaced by the day."""
    return entry.withdrawn.last <= on if entry.withdrawn else entry.status in OVER


def _missing(system: System, alive: Sequence[Entry]) -> Iterable[Missing]:
    for wanted in system.wanted:
        held = [e for e in alive if e.cell == (wanted.segment, wanted.aspect)]
        for level in wanted.levels:
            there = tuple(e for e in held if e.level == level)
            if all(e.status == "draft" for e in there):
                yield Missing(wanted, level, there, tuple(e for e in held if e.level != level and e.status != "draft"))


def _expiring(alive: Sequence[Entry], standards: Sequence[Standard], on: date, until: date) -> list[Expiring]:
    """What is withdrawn or replaced, and transitions that end, after the day and up to the end of the horizon."""
    found = []
    by_number = {s.number: s for s in standards}
    for entry in alive:
        if entry.withdrawn and on < entry.withdrawn.last <= until:
            found.append(Expiring(entry, entry.withdrawn, Title("被代替或废止", "replaced or withdrawn")))
        for transition in by_number[entry.number].transitions if entry.number in by_number else ():
            if on < transition.until <= until:
                ends = Title(f"过渡期止：{transition.title.zh}", f"transition ends: {transition.title.en}")
                found.append(Expiring(entry, When.of(transition.until), ends))
    return sorted(found, key=lambda each: (each.day.last, each.entry.number))


def _due(system: System, alive: Sequence[Entry], until: date, on: date) -> tuple[tuple[Due, ...], tuple[Entry, ...]]:
    if system.review is None:
        return (), ()
    found, undated = [], []
    for entry in alive:
        if entry.level not in system.review.levels or entry.status == "draft":
            continue
        day = months_after(entry.since.last, system.review.months) if entry.since else None
        if day is None:
            undated.append(entry)
        elif day <= until:
            found.append(Due(entry, day, day <= on))
    return tuple(sorted(found, key=lambda each: (each.day, each.entry.number))), tuple(undated)


def _cited(standards: Sequence[Standard], entries: Sequence[Entry]) -> dict[str, tuple[str, ...]]:
    known = {e.number for e in entries}
    stems = {number.rpartition("-")[0] or number for number in known}
    found: dict[str, tuple[str, ...]] = {}
    for standard in standards:
        for relation in standard.relations:
            number = relation.target + (f"-{relation.edition}" if relation.edition else "")
            held = number in known or relation.target in known or (relation.edition is None and relation.target in stems)
            if relation.kind == "cites" and not held and standard.number not in found.get(number, ()):
                found[number] = (*found.get(number, ()), standard.number)
    return dict(sorted(found.items()))


