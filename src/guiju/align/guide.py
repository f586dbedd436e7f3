"""Guide, 一国一册: for one market and one kind of product, every standard that applies, what it asks, by which test, with which document, when.

Nothing is added to what the shelf holds. A standard applies where it is issued for the region or for one that region is within, is about the
product kind, and is in force on the day asked; one that comes into force within the horizon is told as coming.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from guiju.align.inforce import begins, ended, unknown_subject
from guiju.align.system import Entry, System
from guiju.align.systemmap import is_over
from guiju.base.dates import months_after
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.ir.check import check
from guiju.ir.node import Node, Op, below
from guiju.ir.ordering import definitions, needed_names
from guiju.ir.program import ClauseMeaning, Program
from guiju.ir.record import Given, admit
from guiju.ir.values import Unknown, Value
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.readings.smt.dates import changes
from guiju.standard.form import weakest_grade
from guiju.standard.model import Clause, Input, Standard, Title
from guiju.standard.regions import Region, Regions
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf


class Standing(enum.Enum):
    IN_FORCE = "in_force"
    UNDATED = "undated"
    """Issued; since when it is in force is not known."""
    COMING = "coming"
    """In force from a day within the horizon."""


class Reason(enum.Enum):
    """Why a standard of this market has no chapter."""

    OTHER_SUBJECT = "other_subject"
    LATER = "later"
    """In force only after the horizon."""
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    DRAFT = "draft"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A clause as its author wrote it, in all its scenarios.

    measured   numbers it compares
    shown      what else it asks: yes or no, dates, categories, identifiers
    facts      what decides whether it applies
    grade      the weakest evidence that it, and all it is made of, rests on
    verdicts   of the product: number (with its scenario) → verdict
    waits      properties that undetermined verdicts wait for
    """

    clause: Clause
    measured: tuple[Input, ...]
    shown: tuple[Input, ...]
    facts: tuple[Input, ...]
    grade: str
    verdicts: Mapping[str, Verdict]
    waits: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The chapter of one standard.

    through    the region it is issued for, by which it applies in the market
    unused     what was given of the product and cannot be used here, and why
    """

    program: Program
    through: Region
    standing: Standing
    requirements: tuple[Requirement, ...]
    evaluation: Evaluation | None
    unused: tuple[Diagnostic, ...] = ()

    @property
    def standard(self) -> Standard:
        return self.program.standard.authored

    @property
    def overall(self) -> Verdict | None:
        """Of the product; None without one, or where nothing is judged as a whole."""
        whole = self.program.overall
        return self.evaluation.judge(whole) if self.evaluation is not None and whole is not None else None

    @property
    def in_scope(self) -> bool | None:
        """Whether the product is; None where that cannot be told."""
        value: Value | None = self.evaluation.of(self.program.scope) if self.evaluation else None
        return value if isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Apart:
    """A standard of this market that has no chapter. by, day: what replaced it; since or until when."""

    standard: Standard
    reason: Reason
    by: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Event:
    day: date
    number: str
    title: Title
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    region: Region
    wholes: tuple[Region, ...]
    subject: str
    on: date
    until: date
    """The end of the horizon."""
    parts: tuple[Part, ...]
    apart: tuple[Apart, ...]
    events: tuple[Event, ...]
    subjects: Mapping[str, tuple[str, ...]]
    """Product kinds that have standards in this market → their numbers."""
    methods: Mapping[str, str]
    """Property → the test method the dictionary names."""
    given: Given | None
    unread: tuple[str, ...]
    """Standards whose text has errors and that have no chapter: whether they apply may not be told."""
    beyond: tuple[Entry, ...]
    """Standards known to apply to the product that are not on the shelf: what they ask is not told."""
    cited: Mapping[str, tuple[str, ...]]
    """What chapters cite and the shelf does not have → their numbers."""


def market_guide(
    shelf: Shelf, regions: Regions, region: str, subject: str, *, on: date, horizon: int, given: Given | None = None, systems: Sequence[System] = ()
) -> Guide:
    """The guide to a market for a product kind.

    region    a code or name
    subject   a type such as vehicle.car, all types that begin with it and a dot, or the title of a subject
    horizon   months
    given     a product, by property or input name: property → value
    systems   whose catalogues tell which standards apply that are not on the shelf

    raises   Refused: unknown-region, unknown-subject, errors in a standard that applies, values that cannot be used
    """
    market = regions.named(region)
    until = months_after(on, horizon) or date.max
    opened = {number: shelf.open(path, on) for number, path in shelf.paths().items()}
    standards = [each.standard for each in opened.values() if each.standard is not None]
    kinds = _kinds(standards, subject)
    here = [s for s in standards if regions.applies(s.region, market.code)]
    parts, apart = [], []
    for standard in here:
        found = _why_apart(standard, shelf, kinds, on, until)
        if found is None:
            parts.append(_part(shelf, regions, market, standard, on))
        else:
            apart.append(found)
    parts.sort(key=lambda each: (each.standing is Standing.COMING, each.standard.level == "policy", each.standard.number))
    if given is not None:
        parts, out = _judged(shelf, parts, given)
        apart += [Apart(part.standard, Reason.OUT_OF_SCOPE) for part in out]
    apart.sort(key=lambda each: (list(Reason).index(each.reason), each.standard.number))
    events = sorted({(e.day, e.number, e.title.en): e for part in parts for e in _events(part, shelf)}.values(), key=lambda e: (e.day, e.number))
    methods = {i.property_id: m for p in parts for i in p.program.inputs.values()
               if i.property_id in shelf.dictionary and (m := shelf.dictionary[i.property_id].method)}  # fmt: skip
    unread = tuple(number for number, each in opened.items() if each.problems.has_errors)
    return Guide(
        market, tuple(regions.wholes(market.code)), subject, on, until, tuple(parts), tuple(apart), tuple(events), _subjects(here), methods, given,
        unread, tuple(_beyond(systems, regions, market, kinds, on)), _cited(parts, shelf),
    )  # fmt: skip


def _kinds(standards: Iterable[Standard], subject: str) -> set[str]:
    """The subject types meant by a word: the type and those below it, else those it is a part of, else the one of that title."""
    known = {s.subject[0] for s in standards}
    word = subject.strip().casefold()
    meant = {kind for kind in known if kind == word or kind.startswith(f"{word}.")}
    meant = meant or {kind for kind in known if word in kind.split(".")}
    meant = meant or {s.subject[0] for s in standards if word in (s.subject[1].zh, s.subject[1].en.casefold())}
    if not meant:
        raise Refused([unknown_subject(subject, known)])
    return meant


def _subjects(standards: Iterable[Standard]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in sorted(standards, key=lambda s: (s.subject[0], s.number)):
        found[each.subject[0]] = (*found.get(each.subject[0], ()), each.number)
    return found


# Which apply.


def _why_apart(standard: Standard, shelf: Shelf, kinds: set[str], on: date, until: date) -> Apart | None:
    """Why a standard has no chapter; None where it has one."""
    if standard.subject[0] not in kinds:
        return Apart(standard, Reason.OTHER_SUBJECT)
    end = ended(standard, shelf, on)
    if end is not None:
        return Apart(standard, Reason(end.why), end.by, end.day)
    since = begins(standard)
    return Apart(standard, Reason.LATER, day=since) if since is not None and since > until else None


def _beyond(systems: Iterable[System], regions: Regions, market: Region, kinds: set[str], on: date) -> Iterator[Entry]:
    """What the catalogues know to apply in the market to a segment these products belong to."""
    for system in systems:
        own = {s.id for s in system.segments.values() for subject in s.subjects for kind in kinds if f"{kind}.".startswith(f"{subject}.")}
        for entry in system.catalogue:
            if entry.segment in own and entry.level != "enterprise" and regions.applies(entry.region, market.code) and not is_over(entry, on):
                yield entry


def _cited(parts: Iterable[Part], shelf: Shelf) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for relation in part.standard.relations:
            number = relation.target + (f"-{relation.edition}" if relation.edition else "")
            if relation.kind == "cites" and shelf.locate(number) is None and shelf.locate(relation.target) is None:
                found[number] = tuple(dict.fromkeys((*found.get(number, ()), part.standard.number)))
    return dict(sorted(found.items()))


def _part(shelf: Shelf, regions: Regions, market: Region, standard: Standard, on: date) -> Part:
    since = begins(standard)
    if since is not None and since > on:
        standing, day = Standing.COMING, since
    else:
        standing, day = (Standing.IN_FORCE if standard.effective else Standing.UNDATED), on
    problems = Problems()
    path = shelf.locate(standard.number)
    opened = shelf.open(path, day) if path is not None else None
    assert opened is not None and opened.standard is not None, "it was opened before"
    problems.extend(opened.problems.found)
    program = check(opened.standard, day, shelf, problems)
    problems.refuse_errors()
    through = next(whole for whole in regions.wholes(market.code) if whole.code in regions.issued_for(standard.region))
    return Part(program, through, standing, tuple(_requirements(program)), None)


def _requirements(program: Program) -> Iterator[Requirement]:
    """Each clause once, with what it and the clauses unrolled from it ask."""
    standard = program.standard.authored
    unrolled: dict[str, list[ClauseMeaning]] = {no: [] for no in standard.clauses}
    for meaning in program.clauses:
        unrolled[(meaning.clause.authored or meaning.clause).no].append(meaning)
    made_of = definitions(standard)
    for no, meanings in unrolled.items():
        asked = _inputs(program, [m.requires for m in meanings])
        numbers = tuple(i for i in asked if i.kind == "number")
        shown = tuple(i for i in asked if i.kind != "number")
        names = {i.authored_name for i in asked}
        facts = tuple(i for i in _inputs(program, [m.applies for m in meanings]) if i.authored_name not in names)
        needed = {name for name in needed_names(standard, made_of, f"[{no}]") if name in made_of}
        sources = {id_ for name in needed for id_ in _sources_of(made_of[name])}
        yield Requirement(standard.clauses[no], numbers, shown, facts, weakest_grade(standard.sources[i].grade for i in sources), {}, ())


def _inputs(program: Program, nodes: Sequence[Node]) -> tuple[Input, ...]:
    """What the nodes ask of a record."""
    names = [str(node.value) for node in below(list(nodes)) if node.op is Op.INPUT]
    return _authored(program, (name for name in names if not name.endswith("#count")))


def _authored(program: Program, names: Iterable[str]) -> tuple[Input, ...]:
    """The inputs of these names as their author declared them: one for all its scenarios and children, in the order of the program."""
    wanted = set(names)
    found: dict[str, Input] = {}
    for declared in program.inputs.values():
        if declared.name in wanted:
            found.setdefault(declared.authored_name, program.standard.authored.inputs.get(declared.authored_name, declared))
    return tuple(found.values())


def _sources_of(declared: object) -> Iterator[str]:
    yield from getattr(declared, "sources", ())
    for part in (*getattr(declared, "values", ()), *getattr(declared, "rows", ()), *getattr(declared, "reliefs", ())):
        yield from getattr(part, "sources", ())


# When.


def _events(part: Part, shelf: Shelf) -> Iterator[Event]:
    """Every day on which something begins, ends or changes by this standard."""
    s, number = part.standard, part.standard.number
    if s.effective:
        yield Event(s.effective, number, Title("实施", "in force"))
        for relation in s.relations:
            if relation.kind == "replaces":
                old = f"{relation.target}{'-' + relation.edition if relation.edition else ''}"
                yield Event(s.effective, number, Title(f"代替 {old}", f"replaces {old}"))
    elif s.published:
        yield Event(s.published, number, Title("发布（实施日期未知）", "issued; day of force not known"))
    if s.withdrawn:
        yield Event(s.withdrawn, number, Title("废止", "withdrawn"))
    for transition in s.transitions:
        zh, en = transition.title.zh, transition.title.en
        yield Event(transition.until, number, Title(f"过渡期止：{zh}", f"transition ends: {en}"), transition.sources)
    for layer in s.layers:
        title = Title(f"修改单 {layer.number}：{layer.title.zh}", f"amendment {layer.number}: {layer.title.en}")
        yield Event(layer.since, number, title, layer.sources)
    for day in changes(part.program):
        for standard in (s, *(used.authored for used in part.program.used.values())):
            yield from _parameter_events(standard, day)
    for relation in s.relations:
        known = shelf.editions().get((relation.target, relation.edition or ""))
        if relation.kind == "cites" and known and known.replaced_on:
            old, new = f"{relation.target}-{relation.edition}", known.replaced_by
            yield Event(known.replaced_on, number, Title(f"所引用的 {old} 被 {new} 代替", f"{old}, which it cites, is replaced by {new}"))


def _parameter_events(standard: Standard, day: date) -> Iterator[Event]:
    for parameter in standard.parameters.values():
        named = parameter.title or Title(parameter.name, parameter.name)
        for value in parameter.values:
            if value.since == day:
                title = Title(f"参数变更：{named.zh}", f"parameter changes: {named.en}")
                yield Event(day, standard.number, title, value.sources)


# A product.


def _judged(shelf: Shelf, parts: Sequence[Part], given: Given) -> tuple[list[Part], list[Part]]:
    """The chapters with the product judged, and those whose scope it is outside of."""
    problems = Problems()
    named = _properties(shelf, parts, given, problems)
    problems.refuse_errors()
    judged = [_judge(shelf, part, named) for part in parts]
    for key in named:  # what no standard can use is an error; what one of them can is a remark where it cannot
        asking = [part for part in judged if any(i.property_id == _base(key) for i in part.program.inputs.values())]
        used = any(part.program.inputs[n].property_id == _base(key) for part in asking if part.evaluation for n in part.evaluation.record)
        if asking and not used:
            problems.extend(d for part in asking for d in part.unused)
    problems.refuse_errors()
    return [p for p in judged if p.in_scope is not False], [p for p in judged if p.in_scope is False]


def _base(name: str) -> str:
    return re.split("[@#]", name, maxsplit=1)[0]


def _properties(shelf: Shelf, parts: Sequence[Part], given: Given, problems: Problems) -> dict[str, object]:
    """What is given, by property: a name that standards use for different properties is not guessed at."""
    asked: dict[str, set[str]] = {}
    for part in parts:
        for each in part.program.inputs.values():
            asked.setdefault(each.authored_name, set()).add(each.property_id)
    known = {property_ for properties in asked.values() for property_ in properties}
    found: dict[str, object] = {}
    for name, value in given.items():
        base, rest = _base(name), name[len(_base(name)) :]
        meant = {base} if base in known or base in shelf.dictionary else asked.get(base, set())
        if not meant:
            problems.add("unknown-input", None, name=name, **did_you_mean(base, [*known, *asked]))
        elif len(meant) > 1:
            problems.add("input-of-several-properties", None, name=base, properties=", ".join(sorted(meant)))
        else:
            found[f"{next(iter(meant))}{rest}"] = value
    return found


def _judge(shelf: Shelf, part: Part, named: Mapping[str, object]) -> Part:
    own: dict[str, str] = {}
    for each in part.program.inputs.values():
        own.setdefault(each.property_id, each.authored_name)
    mine = {own[_base(key)] + key[len(_base(key)) :]: value for key, value in named.items() if _base(key) in own}
    said = Problems()
    record = admit(part.program.inputs, mine, said, dictionary=shelf.dictionary)
    evaluation = evaluate(part.program, record)
    requirements = []
    for requirement in part.requirements:
        own_clauses = [m for m in part.program.clauses if (m.clause.authored or m.clause).no == requirement.clause.no]
        verdicts = {m.no: evaluation.judge(m) for m in own_clauses}
        missing = {name for m in own_clauses if verdicts[m.no] is Verdict.UNDETERMINED for name in evaluation.why_unknown(m).missing}
        requirements.append(replace(requirement, verdicts=verdicts, waits=_authored(part.program, missing)))
    return replace(part, evaluation=evaluation, requirements=tuple(requirements), unused=said.found)


def scope_waits(part: Part) -> tuple[Input, ...]:
    """What must be known before it can be told whether the product is in the scope of a standard."""
    value = part.evaluation.of(part.program.scope) if part.evaluation else None
    return _authored(part.program, value.missing if isinstance(value, Unknown) else ())


# What is to be done.


@dataclass(frozen=True, slots=True)
class Measured:
    """A test to run, once for all clauses it serves. method: None where the standards, as held here, name none."""

    method: str | None
    input: Input
    serves: tuple[tuple[str, str], ...]
    """(standard, clause)"""


def to_test(guide: Guide) -> tuple[Measured, ...]:
    """Tests and measurements, one for each method and property (which has its cycle and metering point); what is observed in a test is its own."""
    found: dict[tuple[str, str], tuple[Input, list[tuple[str, str]]]] = {}
    for part, requirement in _each(guide):
        method = requirement.clause.method
        # A limit may go by the mass of the car: what has no method or cycle of its own is not what the test of the clause is for.
        told_apart = [each for each in requirement.measured if each.basis or each.property_id in guide.methods]
        for asked in (*requirement.measured, *(requirement.shown if method else ())):
            aside = told_apart and asked not in told_apart and asked.kind == "number"
            called = _method(part.standard.number, (None if aside else method) or guide.methods.get(asked.property_id))
            found.setdefault((called, asked.property_id), (asked, []))[1].append((part.standard.number, requirement.clause.no))
    ordered = sorted(found.items(), key=lambda item: not item[0][0])  # those without a method last, else as the standards have them
    return tuple(Measured(method or None, asked, tuple(dict.fromkeys(serves))) for (method, _), (asked, serves) in ordered)


def _method(number: str, method: str | None) -> str:
    """A method as it can be found: a clause or annex is one of the standard itself."""
    if method is None:
        return ""
    return method if re.match(r"[A-Z]+(/[A-Z]+)? ?\d", method) else f"{number} {method}"


def to_bring(guide: Guide) -> tuple[tuple[Input, tuple[tuple[str, str], ...]], ...]:
    """What is to be shown and is no measurement, no observation of a test and no fact: property, and (standard, clause) that ask it."""
    said = {asked.property_id for asked, _ in to_state(guide)}
    shown = ((part, r, asked) for part, r in _each(guide) if not r.clause.method for asked in r.shown)
    return _gathered(each for each in shown if each[2].property_id not in said)


def to_state(guide: Guide) -> tuple[tuple[Input, tuple[tuple[str, str], ...]], ...]:
    """What must be said of the product before it is known which standards and clauses are about it."""
    return _gathered((part, r, asked) for part, r in _each(guide) for asked in r.facts)


def to_show(guide: Guide) -> tuple[tuple[Input, tuple[tuple[str, str], ...]], ...]:
    """What undetermined verdicts of the product wait for."""
    return _gathered((part, r, asked) for part, r in _each(guide) for asked in r.waits)


def _each(guide: Guide) -> Iterator[tuple[Part, Requirement]]:
    return ((part, requirement) for part in guide.parts for requirement in part.requirements)


def _gathered(found: Iterable[tuple[Part, Requirement, Input]]) -> tuple[tuple[Input, tuple[tuple[str, str], ...]], ...]:
    by_property: dict[str, tuple[Input, dict[tuple[str, str], None]]] = {}
    for part, requirement, asked in found:
        by_property.setdefault(asked.property_id, (asked, {}))[1][part.standard.number, requirement.clause.no] = None
    return tuple((asked, tuple(serves)) for asked, serves in by_property.values())
