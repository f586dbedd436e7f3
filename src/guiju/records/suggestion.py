"""Suggestion: a mapping proposed from the headers of a table, with a score and a reason per column. What is ambiguous is not guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Literal

from guiju.base.diagnostics import Diagnostic, Language, Problems
from guiju.records.headers import Header, parse_header
from guiju.records.likeness import EXACT, THRESHOLD, Likeness, held_by, likeness, likeness_to, named_properties
from guiju.records.mapping import Entry, Mapping, mapping_yaml
from guiju.records.source import Column
from guiju.standard.dictionary import Dictionary, Property
from guiju.standard.model import Input

State = Literal["mapped", "ambiguous", "wrong-property", "weaker"]
_CLOSE = 0.05
_KEYS = (
    "id", "key", "编号", "记录编号", "产品编号", "产品型号", "车辆型号", "车型型号", "型号", "公告型号", "model_id", "product_id", "record",
    "vin", "序号",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that may hold an input: how well its header fits, and what became of it.

    held   for wrong-property: the property the column holds
    """

    input: str
    column: str
    score: float
    state: State
    reason_zh: str
    reason_en: str
    held: str | None = None

    def reason(self, language: Language) -> str:
        return self.reason_zh if language == "zh" else self.reason_en


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The mapping proposed, every candidate looked at (best first within an input), and what the user must be told."""

    mapping: Mapping
    candidates: tuple[Candidate, ...]
    diagnostics: tuple[Diagnostic, ...]

    def yaml(self, language: Language = "zh") -> str:
        """The mapping as a file, with the reason above each entry."""
        reasons = {each.input: f"{each.score:.2f} {each.reason(language)}" for each in self.candidates if each.state == "mapped"}
        return mapping_yaml(self.mapping, reasons)


@dataclass(frozen=True, slots=True)
class _Named:
    """A column, its header, and the properties the header may name."""

    name: str
    header: Header
    properties: Sequence[tuple[float, Property]]


@dataclass(frozen=True, slots=True)
class _Fit:
    column: _Named
    alike: Likeness


def suggest(columns: Sequence[Column], fields: Iterable[Input], dictionary: Dictionary) -> Suggestion:
    """A mapping for the inputs from the columns' headers, the properties' titles and their known spellings.

    A column whose header names another test cycle, metering point or property than the input asks is never mapped.

    A column that names no cycle is mapped, with a warning, unless the table speaks of other cycles. An entry stands under the input's name;
    where standards use one name for several properties, under the property's id.

    codes    column-ambiguous, column-of-other-property, column-shared, cycle-ambiguous, cycle-not-stated, input-without-column
    """
    problems = Problems()
    fields = tuple(fields)
    parsed = [(column.name, parse_header(column.name)) for column in columns]
    named = [_Named(name, header, named_properties(header, dictionary)) for name, header in parsed]
    cycles = _cycles(named)
    names = Counter(asked.name for asked in fields)
    keys = {asked.is_: asked.name if names[asked.name] == 1 else asked.is_ for asked in fields}
    entries: dict[str, Entry] = {}
    candidates: list[Candidate] = []
    by_name = {column.name.strip().casefold(): column.name for column in columns}
    for asked in fields:
        key = keys[asked.is_]
        if asked.is_unrolled:  # the same quantity in another scenario or of another sample is not like it: only the very name will do
            if asked.name.casefold() in by_name:
                entries[key] = Entry(column=by_name[asked.name.casefold()], is_=asked.is_)
            else:
                _nothing_found(asked, (), problems)
            continue
        fits, wrong = _fits(asked, named, dictionary)
        best = [fit for fit in fits if fits[0].alike.score - fit.alike.score < _CLOSE]
        wanted = dictionary.get(asked.is_)
        others = cycles - {wanted.cycle or ""} if wanted else set()
        if best and best[0].alike.unstated and others:
            said = ", ".join(sorted(map(str.upper, others)))
            problems.add("cycle-ambiguous", None, input=asked.name, column=best[0].column.name, asked=asked.is_, cycles=said)
        elif len(best) == 1:
            entries[key] = _entry(asked, best[0])
            if best[0].alike.unstated:
                problems.add("cycle-not-stated", None, input=asked.name, column=best[0].column.name, asked=asked.is_)
        elif best:
            problems.add("column-ambiguous", None, input=asked.name, columns=", ".join(fit.column.name for fit in best))
        else:
            _nothing_found(asked, wrong, problems)
        candidates += [_candidate(asked, fit, best, key in entries) for fit in fits] + wrong
    _drop_shared(entries, {key: property_ for property_, key in keys.items()}, problems)
    return Suggestion(Mapping(entries, _key(named)), tuple(candidates), problems.found)


def _fits(asked: Input, columns: Sequence[_Named], dictionary: Dictionary) -> tuple[list[_Fit], list[Candidate]]:
    """The columns that may hold the input, best first, and those like it that hold another property."""
    wanted = dictionary.get(asked.is_)
    fits: list[_Fit] = []
    wrong: list[Candidate] = []
    for column in columns:
        alike = _input_likeness(asked, column.header, wanted)
        held = held_by(column.header, wanted, column.properties, dictionary) if wanted else None
        if held is not None:
            if _is_about(asked, alike, held, column):
                zh, en = f"这一列是 {held}，标准要的是 {asked.is_}", f"the column holds {held}, the standard asks {asked.is_}"
                wrong.append(Candidate(asked.name, column.name, round(alike.score, 2), "wrong-property", zh, en, held))
        elif alike.score >= THRESHOLD and not _is_better_named(column, asked, alike, wanted):
            fits.append(_Fit(column, alike))
    return sorted(fits, key=lambda fit: (-fit.alike.score, fit.column.name)), wrong


def _cycles(columns: Sequence[_Named]) -> set[str]:
    """The test cycles this table speaks of, by name or by the spelling of a property that has one."""
    spelt = {each.cycle for column in columns for score, each in column.properties[:1] if score >= EXACT and each.cycle}
    return spelt | {cycle for column in columns for cycle in column.header.cycles}


def _input_likeness(asked: Input, header: Header, wanted: Property | None) -> Likeness:
    """The better of the likeness to the property and that to the input's own name and titles."""
    cycle, metering = (wanted.cycle, wanted.metering) if wanted else (None, None)
    own = likeness(header, (asked.name, asked.zh, asked.en), asked.unit, cycle, metering)
    general = likeness_to(header, wanted) if wanted else own
    return own if own.score > general.score else general


def _is_about(asked: Input, alike: Likeness, held: str, column: _Named) -> bool:
    """Whether a column of another property is near enough to the input to be worth telling."""
    other = next((each for _, each in column.properties if each.id == held), None)
    related = other is not None and (other.basis is not None or held.split(".")[:2] == asked.is_.split(".")[:2])
    return alike.score >= THRESHOLD or related


def _is_better_named(column: _Named, asked: Input, alike: Likeness, wanted: Property | None) -> bool:
    """Whether the header names some other property better, other than by leaving the cycle open."""
    kin = (wanted.kind, wanted.basis is not None) if wanted else None
    rivals = [
        score
        for score, each in column.properties
        if each.id != asked.is_ and not (alike.unstated and (each.kind, each.basis is not None) == kin)
    ]
    return bool(rivals) and rivals[0] > alike.score


def _entry(asked: Input, fit: _Fit) -> Entry:
    unit = fit.column.header.unit
    return Entry(column=fit.column.name, unit=unit if asked.unit is not None and unit != asked.unit else None, is_=asked.is_)


def _candidate(asked: Input, fit: _Fit, best: Sequence[_Fit], is_mapped: bool) -> Candidate:
    alike, unit = fit.alike, fit.column.header.unit
    zh, en = f"与「{alike.spelling}」相符", f"matches `{alike.spelling}`"
    if unit is not None:
        zh, en = f"{zh}，单位 {unit}", f"{en}, unit {unit}"
    if fit.column.header.narrowed and alike.score < 1:
        narrowed = ", ".join(sorted(fit.column.header.narrowed))
        zh, en = f"{zh}，但限定为 {narrowed}", f"{en}, but narrowed to {narrowed}"
    if alike.unstated:
        zh, en = f"{zh}；未写明试验循环", f"{en}; the test cycle is not stated"
    state: State = "weaker" if fit not in best else "mapped" if is_mapped else "ambiguous"
    return Candidate(asked.name, fit.column.name, round(alike.score, 2), state, zh, en)


def _nothing_found(asked: Input, wrong: Sequence[Candidate], problems: Problems) -> None:
    for each in wrong:
        problems.add("column-of-other-property", None, input=asked.name, column=each.column, held=each.held, asked=asked.is_)
    problems.add("input-without-column", None, input=asked.name, zh=asked.zh, en=asked.en, asked=asked.is_)


def _drop_shared(entries: dict[str, Entry], asked: AnyMapping[str, str], problems: Problems) -> None:
    """One column cannot hold two properties: neither input gets it."""
    holders: dict[str, list[str]] = {}
    for name, entry in entries.items():
        holders.setdefault(entry.column or "", []).append(name)
    for column, names in holders.items():
        if len({asked[name] for name in names}) > 1:
            problems.add("column-shared", None, column=column, inputs=", ".join(names))
            for name in names:
                del entries[name]


def _key(columns: Sequence[_Named]) -> str | None:
    by_folded = {column.header.folded: column.name for column in reversed(columns)}
    return next((by_folded[folded] for key in _KEYS if (folded := parse_header(key).folded) in by_folded), None)
