"""References: reference levels derived from a library by a rule, and derived again to see whether what a scheme says still holds.

The rule: of the models of the library in scope of the scheme's standard that have a value, each enterprise's model and value counted once, the
value of the last one in the best share: place ⌊share · n⌋. The standard asks for a property by a test cycle: values of another are not in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.base.rounding import decimal_text, round_gb
from guiju.frontrunner.board.boards import unchecked
from guiju.frontrunner.board.placing import JUDGED, PLACED, place
from guiju.frontrunner.library.library import Library
from guiju.frontrunner.scheme import Reference
from guiju.frontrunner.scheme_meaning import IN, SCOPE, Opened
from guiju.records.source import identifier, literal
from guiju.standard.shape import did_you_mean

PLACES = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A level by the rule. value: in `unit`, rounded; count: models it was taken from"""

    indicator: str
    value: Fraction
    unit: str
    share: Fraction
    step: Fraction | None
    count: int


def derive(opened: Opened, library: Library, share: Fraction, steps: Mapping[str, Fraction], only: Sequence[str] = ()) -> list[Found]:
    """The level of each core indicator, or of those named.

    share    of the models, above 0 and at most 1; steps: indicator → what its value is rounded to
    raises   Refused: scheme-indicator, scheme-number, scheme-reference-few, what is wrong with the library
    """
    scheme, problems = opened.scheme, Problems()
    known = [each.name for each in scheme.indicators]
    for name in (*only, *steps):
        if name not in known:
            problems.add("scheme-indicator", None, name=name, **did_you_mean(name, known))
    if not 0 < share <= 1:
        problems.add("scheme-number", None, text=_percent(share), low="0", high="100 %")
    problems.refuse_errors()
    place(opened.program, scheme, library, opened.program.on, unchecked)
    found = [_one(opened, library, name, share, steps.get(name), problems) for name in only or scheme.core]
    problems.refuse_errors()
    return [each for each in found if each is not None]


def _one(opened: Opened, library: Library, name: str, share: Fraction, step: Fraction | None, problems: Problems) -> Found | None:
    meaning = next(each for each in opened.program.indicators if each.indicator.name == name)
    at, falls = [each.name for each in opened.scheme.indicators].index(name), meaning.indicator.better == "higher"
    inside = f"j.{identifier(SCOPE)} = {literal(IN)}" if opened.program.standard.scope is not None else "true"
    cursor = library.connection.cursor()
    values = (
        f"SELECT DISTINCT p.enterprise, p.model, p.v{at} AS v FROM {PLACED} p JOIN {JUDGED} j ON j.row = p.row WHERE p.v{at} IS NOT NULL AND {inside}"
    )
    ((count,),) = cursor.execute(f"SELECT count(*) FROM ({values})").fetchall()
    which = floor(share * count)
    if not which:
        problems.add("scheme-reference-few", None, name=name, found=count, share=_percent(share))
        return None
    ((value,),) = cursor.execute(f"SELECT v FROM ({values}) ORDER BY v {'DESC' if falls else 'ASC'} LIMIT 1 OFFSET {which - 1}").fetchall()
    exact = Fraction(f"{value:.{PLACES}f}")
    return Found(name, round_gb(exact, step) if step else exact, meaning.value.type.unit.text, share, step, count)


def fragment(found: Sequence[Found], kind: str, library: Library, on: date, source: str) -> str:
    """As YAML for the scheme: `references:` of one kind.

    source   the identifier under `sources` that says where the library is from
    """
    lines = ["references:", f"  {kind}:"]
    for each in found:
        share, step = _percent(each.share), f', step: "{decimal_text(each.step)}"' if each.step else ""
        unit = [f'      unit: "{each.unit}"'] if each.unit not in ("", "1") else []
        lines += [
            f"    {each.indicator}:", f'      value: "{decimal_text(each.value)}"', *unit, f"      on: {on.isoformat()}",
            f"      population: {{zh: 在范围内且有值的 {each.count} 个型号，最优 {share} 的末位, "
            f'en: "{each.count} models in scope with a value, last of the best {share}"}}',
            f"      derived: {{library: {library.hash}, share: {share}{step}, count: {each.count}}}", f"      source: {source}",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Held:
    """What a scheme says, and what its rule gives now."""

    kind: str
    reference: Reference
    found: Found

    @property
    def agrees(self) -> bool:
        derived = self.reference.derived
        assert derived is not None, "only derived levels are held against their rule"
        return self.found.value == self.reference.value and self.found.count == derived.count


def hold(opened: Opened, library: Library) -> list[Held]:
    """Every level of the scheme that is derived from this library, derived again.

    raises   Refused: scheme-reference-none, scheme-reference-other for each that is not what its rule gives, what `derive` finds
    """
    held = list(_held(opened, library))
    if not held:
        raise Refused([Diagnostic("scheme-reference-none", None, {"hash": library.hash})])
    wrong = [each for each in held if not each.agrees]
    if wrong:
        raise Refused([Diagnostic("scheme-reference-other", each.reference.span, {
            "name": each.reference.indicator, "reference": each.kind, "written": each.reference.text,
            "count": str(each.reference.derived.count if each.reference.derived else 0), "found": decimal_text(each.found.value),
            "counted": str(each.found.count)}) for each in wrong])  # fmt: skip
    return held


def _held(opened: Opened, library: Library) -> Iterator[Held]:
    for kind, levels in opened.scheme.references.items():
        for name, each in levels.items():
            if each.derived is not None and each.derived.library == library.hash:
                steps = {name: each.derived.step} if each.derived.step else {}
                (found,) = derive(opened, library, each.derived.share, steps, [name])
                yield Held(kind, each, _in_unit(found, each, opened))


def _in_unit(found: Found, reference: Reference, opened: Opened) -> Found:
    """What was found, in the unit the scheme writes its level in."""
    meaning = next(each for each in opened.program.indicators if each.indicator.name == found.indicator)
    if reference.unit is None:
        return found
    value = found.value * meaning.value.type.unit.ratio(reference.unit)
    return Found(found.indicator, value, reference.unit.text, found.share, found.step, found.count)


def _percent(share: Fraction) -> str:
    return f"{decimal_text(share * 100)} %"
