"""Parse: a Document's plain values → a Standard. Shapes first, then what single values mean; expressions parsed, names not yet resolved."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Problems, Span
from guiju.base.rounding import parse_number
from guiju.base.units import ONE, Unit, UnknownUnit, dimension_facts, parse_unit
from guiju.standard.aggregates import read_aggregate, read_zone
from guiju.standard.content import content_hash
from guiju.standard.correction import correction
from guiju.standard.declared import declared_in, names_of, sections, stated_date
from guiju.standard.dictionary import NOT_NUMBERS, Dictionary, Property
from guiju.standard.document import Document, Scalar
from guiju.standard.expression import Expr, Number, parse
from guiju.standard.factor_reference import NO_FACTORS, References
from guiju.standard.factors import Factors
from guiju.standard.form import EXAMPLES, GRADES, LEVELS, RELATIONS, ROW_KEYS, SHAPE, STATUSES
from guiju.standard.model import (
    Children,
    Clause,
    Condition,
    Dated,
    Example,
    Formula,
    Grade,
    Grading,
    Indicator,
    Input,
    Layer,
    Parameter,
    Relation,
    Relief,
    Row,
    Scenarios,
    Score,
    Series,
    Source,
    Standard,
    Table,
    Title,
    Transition,
    Use,
)
from guiju.standard.ranking import read_population
from guiju.standard.shape import did_you_mean, read

Day = date
_NAME = re.compile(r"[^\W\d]\w*")
_CHILDREN_MAX = 50
"""Children are unrolled: every reading sees each of them as an input of its own."""
_DIGITS = 15
"""Digits of an input that every double holds: with more, two different values would be one."""


def parse_standard(
    document: Document, examples: Document | None, dictionary: Dictionary, problems: Problems, factors: Callable[[], Factors] = lambda: NO_FACTORS
) -> Standard | None:
    """The standard a document describes; None where it is too broken to go on. What is malformed is reported and left out.

    factors   those its parameters may refer to; asked for only where one does
    """
    if document.root is None:
        if document.text.strip() == "" and not problems.has_errors:
            problems.add("document-empty", Span(document.file, 1, 1, 1, 2))
        return None
    raw = read(document.root, SHAPE, problems)
    raw_examples = read(examples.root, EXAMPLES, problems) if examples and examples.root else None
    if raw is None:
        return None
    reader = _Reader(dictionary, problems, document, References(factors, problems))
    standard = reader.standard(raw, raw_examples)
    cited = {**standard.sources, **reader.references.sources}
    broken = frozenset(declared_in(document.root)) - names_of(standard)
    return replace(standard, sources=cited, factors=tuple(reader.references.used), broken=broken, stated_date=stated_date(document.root),
                   content_hash=content_hash(document))  # fmt: skip


class _Reader:
    """Turns checked plain values into the model; reports what single values mean wrongly."""

    def __init__(self, dictionary: Dictionary, problems: Problems, document: Document, references: References) -> None:
        self.dictionary, self.problems, self.document, self.references = dictionary, problems, document, references
        self.sources = [name.removeprefix("source ") for name in declared_in(document.root) if name.startswith("source ")]

    def standard(self, raw: dict[str, Any], raw_examples: dict[str, Any] | None) -> Standard:
        if "guiju" in raw and raw["guiju"].text != "1":
            self.problems.add("format-version", raw["guiju"].span, found=raw["guiju"].text)
        missing = Scalar("?", raw[""], None)
        head, subject = raw.get("standard", {}), raw.get("subject", {})
        dates, number = head.get("dates", {}), head.get("number", missing)
        return Standard(
            number=number.text, edition=head.get("edition", missing).text, title=_title(head.get("title", {})),
            level=self.one_of(head.get("level"), LEVELS), region=head.get("region", missing).text,
            status=self.one_of(head.get("status"), STATUSES),
            published=self.date(dates.get("published")), effective=self.date(dates.get("effective")), withdrawn=self.date(dates.get("withdrawn")),
            transitions=tuple(self.transitions(head.get("transitions", []))),
            relations=tuple(self.relation(r) for r in head.get("relations", [])),
            sources={name: self.source(key, each) for name, (key, each) in raw.get("sources", {}).items()},
            subject=(subject.get("type", missing).text, _title(subject)),
            uses={name: Use(name, value.text, value.span) for name, (key, value) in raw.get("uses", {}).items() if self.name(key)},
            inputs={n: i for n, (k, each) in raw.get("inputs", {}).items() if self.name(k) and (i := self.input(k, each))},
            parameters={n: p for n, (k, each) in raw.get("parameters", {}).items() if self.name(k) and (p := self.parameter(k, each))},
            tables={n: t for n, (k, each) in raw.get("tables", {}).items() if self.name(k) and (t := self.table(k, each))},
            formulas={n: f for n, (k, each) in raw.get("formulas", {}).items() if self.name(k) and (f := self.formula(k, each))},
            scope=self.scope(raw.get("scope")), scenarios=self.scenarios(raw.get("scenarios")),
            children={n: group for n, (k, each) in raw.get("children", {}).items() if self.name(k) and (group := self.set_of_children(k, each))},
            clauses={n: c for n, (k, each) in raw.get("clauses", {}).items() if (c := self.clause(k, each))},
            indicators={made.name: made for k, each in raw.get("indicators", {}).values() if (made := self.indicator(k, each))},
            scores={n: s for n, (k, each) in raw.get("scores", {}).items() if self.name(k) and (s := self.score(k, each))},
            gradings={n: g for n, (k, each) in raw.get("grades", {}).items() if self.name(k) and (g := self.grading(k, each))},
            aggregates={n: a for n, (k, each) in raw.get("aggregates", {}).items() if self.name(k) and (a := read_aggregate(self, k, each))},
            left_out=tuple(_title(each) for each in raw.get("left_out", [])),
            based_on=Use("", raw["based_on"].text, raw["based_on"].span) if "based_on" in raw else None,
            layers=tuple(self.layers(raw.get("layers", []))),
            part=raw.get("part"), series=self.series(raw.get("series")),
            examples=tuple(e for each in (raw_examples or {}).get("examples", []) if (e := self.example(each))),
            file=self.document.file, span=number.span,
            populations={n: r for n, (k, each) in raw.get("populations", {}).items() if self.name(k) and (r := read_population(self, k, each))},
        )  # fmt: skip

    def layers(self, raw: list[dict[str, Any]]) -> Iterator[Layer]:
        for each in raw:
            if (since := self.date(each["from"])) is not None:
                yield Layer(since, each["number"].text, _title(each["title"]), self.ids(each), each["from"].span)

    def series(self, raw: dict[str, Any] | None) -> Series | None:
        if raw is None:
            return None
        return Series({name: (key, _title(each)) for name, (key, each) in raw["parts"].items()}, tuple(raw["each"]))

    def ids(self, raw: dict[str, Any]) -> tuple[str, ...]:
        """The sources a fact names; nothing is said of them where the list of sources itself is missing."""
        for cited in raw.get("source", []):
            if self.sources and cited.text not in self.sources:
                self.problems.add("unknown-source", cited.span, id=cited.text, **did_you_mean(cited.text, self.sources))
        return tuple(cited.text for cited in raw.get("source", []))

    def name(self, key: Scalar) -> bool:
        if _NAME.fullmatch(key.text):
            return True
        self.problems.add("not-a-name", key.span, name=key.text)
        return False

    def one_of(self, scalar: Scalar | None, known: tuple[str, ...]) -> str:
        if scalar is None:
            return "?"
        if scalar.text not in known:
            near = did_you_mean(scalar.text, known, listed=True)
            self.problems.add("unknown-word", scalar.span, word=scalar.text, known=", ".join(known), **near)
        return scalar.text

    def date(self, scalar: Scalar | None) -> date | None:
        if scalar is None:
            return None
        day = parse_date(scalar.text)
        if day is None:
            self.problems.add("not-a-date", scalar.span, text=scalar.text)
        return day

    def number(self, scalar: Scalar | None, unit: Unit | None = None) -> Fraction | None:
        """A number in a unit; a unit written after it is converted."""
        if scalar is None:
            return None
        match = re.match(r"\s*([-+]?[\d.,]+(?:[eE][-+]?\d+)?)\s*", scalar.text)
        value = parse_number(match[1]) if match else None
        if match is None or value is None:
            self.problems.add("not-a-number", scalar.span, text=scalar.text)
            return None
        if match.end() == len(scalar.text):
            return value
        after = Scalar(scalar.text[match.end() :], scalar.span, None if scalar.shift is None else scalar.shift + match.end())
        written = self.unit(after)
        if written is None:
            return None
        if not written.same_dimension(unit or ONE):
            self.problems.add("unit-mismatch", scalar.span, **dimension_facts(written, unit or ONE))
            return None
        return value * written.ratio(unit or ONE)

    def unit(self, scalar: Scalar | None) -> Unit | None:
        if scalar is None:
            return None
        try:
            return parse_unit(scalar.text)
        except UnknownUnit as error:
            hint = (
                {"hint_zh": f"是不是「{error.suggestion}」？", "hint_en": f"did you mean `{error.suggestion}`?"} if error.suggestion else {}
            )
            span = scalar.part(error.position, len(scalar.text))
            self.problems.add("unknown-unit", span, unit=scalar.text, reason_zh=error.reason_zh, reason_en=error.reason_en, **hint)
            return None

    def expression(self, scalar: Scalar | None, *, quantity: bool = False) -> Expr | None:
        return None if scalar is None else parse(scalar, self.problems, quantity=quantity)

    def transitions(self, raw: list[dict[str, Any]]) -> list[Transition]:
        return [Transition(until, _title(each), self.ids(each)) for each in raw if (until := self.date(each["until"]))]

    def relation(self, raw: dict[str, Any]) -> Relation:
        edition = raw.get("edition")
        return Relation(self.one_of(raw["kind"], RELATIONS), raw["target"].text, edition and edition.text, raw["target"].span)

    def source(self, key: Scalar, raw: dict[str, Any]) -> Source:
        grade = self.one_of(raw["grade"], GRADES)
        why = _title(raw["why"]) if "why" in raw else None
        address = raw["address"].text if "address" in raw else None
        if why is None and (grade in ("C", "D", "illustrative") or address is None):
            self.problems.add("missing-key", key.span, key="why", within=f"source {key.text}", within_zh=f"出处 {key.text}")
        return Source(key.text, raw["title"].text, address, grade, self.date(raw.get("read")), why, key.span)

    def input(self, key: Scalar, raw: dict[str, Any]) -> Input | None:
        known = self.dictionary.get(raw["is"].text)
        if known is None:
            self.problems.add("unknown-property", raw["is"].span, id=raw["is"].text, **did_you_mean(raw["is"].text, self.dictionary))
            return None
        values = tuple(v.text for v in raw.get("values", []))
        rising = self.rising(key, raw, known, values)
        if known.kind not in NOT_NUMBERS:
            return self._number_input(key, raw, known)
        if {"unit", "decimals", "min", "max"} & raw.keys():
            self.problems.add("not-a-number-input", key.span, name=key.text, kind=known.kind, kind_zh=NOT_NUMBERS[known.kind])
        if known.kind == "category":
            values = values or tuple(known.values)
            if not values:
                self.problems.add("category-without-values", key.span, name=key.text)
            for v in raw.get("values", []):
                if known.values and v.text not in known.values:
                    near = did_you_mean(v.text, known.values, listed=True)
                    self.problems.add("unknown-word", v.span, word=v.text, known=", ".join(known.values), **near)
        kind: Any = known.kind
        return Input(key.text, known.id, kind, None, None, None, None, values, known.zh, known.en, known.basis, key.span,
                     known.values, rising, *self.repeated(raw), read_zone(self, key, raw, known.kind == "time"))  # fmt: skip

    def rising(self, key: Scalar, raw: dict[str, Any], known: Property, values: tuple[str, ...]) -> bool:
        """Whether a category's values are declared to be in order; the order must be seen in the document itself."""
        if "order" not in raw or self.one_of(raw["order"], ("rising",)) != "rising":
            return False
        if known.kind != "category" or len(set(values)) < max(len(values), 2):
            self.problems.add("order-without-values", raw["order"].span, name=key.text)
            return False
        return True

    def _number_input(self, key: Scalar, raw: dict[str, Any], known: Property) -> Input | None:
        read_zone(self, key, raw, False)
        for name in ("unit", "decimals", "min", "max"):
            if name not in raw:
                self.problems.add("missing-key", key.span, key=name, within=f"input {key.text}", within_zh=f"输入 {key.text}")
        unit = self.unit(raw.get("unit")) or known.unit or ONE
        if known.unit and not unit.same_dimension(known.unit):
            self.problems.add("unit-mismatch", raw["unit"].span, **dimension_facts(unit, known.unit))
            return None
        decimals = raw.get("decimals")
        places = int(decimals.text) if decimals and re.fullmatch(r"[0-9]", decimals.text) else None
        if decimals and places is None:
            self.problems.add("not-a-number", decimals.span, text=decimals.text, hint_zh="写 0 到 9 的整数", hint_en="write a whole number, 0 to 9")
        low, high = self.number(raw.get("min"), unit), self.number(raw.get("max"), unit)
        if low is not None and high is not None and low >= high:
            self.problems.add("range-empty", raw["max"].span, low=raw["min"].text, high=raw["max"].text)
        for name, bound in (("min", low), ("max", high)):
            if bound is not None and abs(bound) * 10 ** (places or 0) > 10**_DIGITS:
                self.problems.add("digits-too-many", raw[name].span, name=key.text, digits=_DIGITS)
        return Input(key.text, known.id, "number", unit, places, low, high, (), known.zh, known.en, known.basis, key.span, {},
                     False, *self.repeated(raw))  # fmt: skip

    def repeated(self, raw: dict[str, Any]) -> tuple[bool, str | None]:
        """Whether an input is given per scenario, and the set of children it is measured on."""
        declared = dict(sections(self.document.root))
        per, of = raw.get("per"), raw.get("of")
        if per is not None and per.text != "scenario":
            self.problems.add("unknown-word", per.span, word=per.text, known="scenario")
        elif per is not None and "scenarios" not in declared:
            self.problems.add("no-scenarios", per.span)
        if of is not None and of.text not in declared.get("children", ()):
            self.problems.add("unknown-children", of.span, name=of.text, **did_you_mean(of.text, declared.get("children", ())))
        return per is not None and "scenarios" in declared, of.text if of is not None and of.text in declared.get("children", ()) else None

    def scenarios(self, raw: dict[str, Any] | None) -> Scenarios | None:
        if raw is None:
            return None
        known = self.dictionary.get(raw["is"].text)
        categories = [p.id for p in self.dictionary.values() if p.kind == "category" and p.values]
        if known is None or known.id not in categories:
            code = "unknown-property" if known is None else "scenarios-without-values"
            self.problems.add(code, raw["is"].span, id=raw["is"].text, **did_you_mean(raw["is"].text, categories))
            return None
        for each in raw.get("of", []):
            if each.text not in known.values:
                near = did_you_mean(each.text, known.values, listed=True)
                self.problems.add("unknown-word", each.span, word=each.text, known=", ".join(known.values), **near)
        chosen = [each.text for each in raw["of"]] if "of" in raw else list(known.values)
        return Scenarios(known.id, {v: Title(*known.values[v]) for v in chosen if v in known.values}, raw["is"].span)

    def set_of_children(self, key: Scalar, raw: dict[str, Any]) -> Children | None:
        counts = re.fullmatch(r"(\d{1,3})(?:\s*\.\.\s*(\d{1,3}))?", raw["count"].text)
        least, most = (int(counts[1]), int(counts[2] or counts[1])) if counts else (0, 0)
        if not 1 <= least <= most <= _CHILDREN_MAX:
            self.problems.add("children-count", raw["count"].span, found=raw["count"].text, most=_CHILDREN_MAX)
            return None
        return Children(key.text, _title(raw), least, most, key.span)

    def parameter(self, key: Scalar, raw: dict[str, Any]) -> Parameter | None:
        unit = self.unit(raw["unit"])
        if unit is None or sum(name in raw for name in ("value", "values", "factor", "unverified")) != 1:
            if unit is not None:
                self.problems.add("one-of-keys", key.span, keys="value, values, factor, unverified")
            return None
        if "unverified" in raw:
            return Parameter(key.text, _maybe_title(raw), unit, (), key.span, _title(raw["unverified"]))
        values: list[Dated] = []
        if "factor" in raw:
            values = self.references.resolve(key, raw["factor"], unit, self.sources, self.ids(raw))
        if "value" in raw and (dated := self.dated(raw, raw["value"].span, ())):
            values.append(dated)
        elif "corrected" in raw and "value" not in raw:
            self.problems.add("unknown-key", raw["corrected"][""], key="corrected", within=f"parameter {key.text}", within_zh=f"参数 {key.text}",
                              hint_zh="写在 values 的某一项中", hint_en="write it in one of the values")  # fmt: skip
        for each in raw.get("values", []):
            since = self.date(each["from"])
            if since is not None and (dated := self.dated(each, each["from"].span, self.ids(raw), since)):
                values.append(dated)
        for earlier, later in itertools.pairwise(values):
            if earlier.since and later.since and later.since <= earlier.since:
                self.problems.add("dates-not-rising", later.span, earlier=earlier.since, later=later.since)
                return None
        for each in values:
            if not each.sources:
                self.problems.add("no-source", each.span, what=f"{key.text}")
        return Parameter(key.text, _maybe_title(raw), unit, tuple(values), key.span) if values else None

    def dated(self, raw: dict[str, Any], span: Span, sources: tuple[str, ...], since: Day | None = None) -> Dated | None:
        value = self.expression(raw["value"], quantity=True)
        if value is None:
            return None
        corrected = correction(raw, ("value",), lambda r: self.dated(r, span, sources, since), self.ids, self.problems)
        return Dated(since, value, self.ids(raw) or sources, span, corrected)

    def table(self, key: Scalar, raw: dict[str, Any]) -> Table | None:
        unit, of = self.unit(raw["unit"]), self.expression(raw["of"])
        kind = self.one_of(raw["kind"], ("step", "map", "interpolate"))
        numeric = {n: e for n, (k, v) in raw.get("numeric", {}).items() if self.name(k) and (e := self.expression(v))}
        rows = [row for each in raw["rows"] if (row := self.row(each, kind))]
        outside = self.one_of(raw["outside"], ("error", "clamp")) if "outside" in raw else "error"
        if not raw.get("source") and not all("source" in each for each in raw["rows"]):
            self.problems.add("no-source", key.span, what=key.text)
        if unit is None or of is None or len(rows) != len(raw["rows"]) or kind not in ("step", "map", "interpolate"):
            return None
        if not rows:
            self.problems.add("table-empty", key.span, name=key.text)
            return None
        jumps = tuple(j for each in raw.get("jumps", []) if (j := self.expression(each, quantity=True)))
        return Table(key.text, _maybe_title(raw), of, kind, unit, numeric, tuple(rows), jumps, outside, self.ids(raw), key.span)

    def row(self, raw: dict[str, Any], kind: str) -> Row | None:
        allowed = {"step": ("upto", "below", "above", "from"), "map": ("key",), "interpolate": ("at",)}.get(kind, ())
        for name in ("upto", "below", "above", "from", "key", "at"):
            if name in raw and name not in allowed:
                self.problems.add("key-of-another-kind", raw[name].span, key=name, kind=kind, allowed=", ".join(allowed))
                return None
        for pair in (("upto", "below"), ("above", "from")):
            if all(name in raw for name in pair):
                self.problems.add("one-of-keys", raw[pair[1]].span, keys=", ".join(pair))
                return None
        needed = {"map": "key", "interpolate": "at"}.get(kind)
        if needed and needed not in raw:
            self.problems.add("missing-key", raw["value"].span, key=needed, within="row", within_zh="行")
            return None
        upper = self.bound(raw, "upto", True) or self.bound(raw, "below", False)
        lower = self.bound(raw, "from", True) or self.bound(raw, "above", False)
        at, value = self.expression(raw.get("at"), quantity=True), self.expression(raw["value"], quantity=True)
        broken = value is None or (needed == "at" and at is None)
        broken = broken or (upper is None and ("upto" in raw or "below" in raw)) or (lower is None and ("from" in raw or "above" in raw))
        if broken or value is None:
            return None
        corrected = correction(raw, ROW_KEYS, lambda r: self.row(r, kind), self.ids, self.problems)
        return Row(lower, upper, raw.get("key"), at, value, self.ids(raw), raw["value"].span, corrected)

    def bound(self, raw: dict[str, Any], name: str, closed: bool) -> tuple[Expr, bool] | None:
        expr = self.expression(raw.get(name), quantity=True)
        return None if expr is None else (expr, closed)

    def formula(self, key: Scalar, raw: dict[str, Any]) -> Formula | None:
        unit, expr = self.unit(raw.get("unit")), self.expression(raw["formula"], quantity=True)
        return None if ("unit" in raw and unit is None) or expr is None else Formula(key.text, _maybe_title(raw), unit, expr, self.ids(raw), key.span)

    def scope(self, raw: dict[str, Any] | None) -> Condition | None:
        expr = raw and self.expression(raw["shall"])
        return Condition(expr, _maybe_title(raw), self.ids(raw)) if raw and expr else None

    def clause(self, key: Scalar, raw: dict[str, Any]) -> Clause | None:
        strengths = [name for name in ("shall", "should") if name in raw]
        if len(strengths) != 1:
            self.problems.add("one-of-keys", key.span, keys="shall, should")
            return None
        strength: Any = strengths[0]
        requires = self.expression(raw[strength])
        when = self.expression(raw.get("when"))
        reliefs = [r for each in raw.get("except", []) if (r := self.relief(each))]
        rounded = self.rounding(raw["compare"]) if "compare" in raw else None
        if not raw.get("source"):
            self.problems.add("no-source", key.span, what=key.text)
        if not key.text.strip():
            self.problems.add("empty-value", key.span, hint_zh="写上条款号", hint_en="write the number of the clause")
            return None
        if requires is None or ("when" in raw and when is None) or len(reliefs) != len(raw.get("except", [])):
            return None
        method = raw.get("method")
        corrected = correction(raw, ("shall", "should", "when", "compare"), lambda r: self.clause(key, r), self.ids, self.problems)
        return Clause(key.text, _title(raw), strength, requires, when, tuple(reliefs), rounded, method and method.text, self.ids(raw),
                      _disputed(raw), key.span, tuple(raw.get("in", ())), corrected=corrected)  # fmt: skip

    def relief(self, raw: dict[str, Any]) -> Relief | None:
        if ("shall" in raw) == ("exempt" in raw):
            self.problems.add("one-of-keys", raw["when"].span, keys="shall, exempt")
            return None
        if "exempt" in raw and self.one_of(raw["exempt"], ("true",)) != "true":
            return None  # `exempt: false` must not exempt
        when, requires = self.expression(raw["when"]), self.expression(raw.get("shall"))
        if when is None or ("shall" in raw and requires is None):
            return None
        return Relief(when, requires, _maybe_title(raw), self.ids(raw), raw["when"].span)

    def rounding(self, scalar: Scalar) -> Expr | None:
        if scalar.text == "full":
            return None
        if not scalar.text.startswith("rounded "):
            self.problems.add("unknown-word", scalar.span, word=scalar.text, known="full, rounded <interval>")
            return None
        shift = None if scalar.shift is None else scalar.shift + 8
        step = self.expression(Scalar(scalar.text[8:], scalar.span, shift), quantity=True)
        if step is not None and not (isinstance(step, Number) and step.value > 0):
            self.problems.add("rounding-interval", scalar.span)
            return None
        return step

    def indicator(self, key: Scalar, raw: dict[str, Any]) -> Indicator | None:
        kind = self.one_of(raw["kind"], ("basic", "core", "innovative"))
        better = self.one_of(raw["better"], ("higher", "lower"))
        if not raw["levels"]:
            self.problems.add("empty-value", key.span, hint_zh="levels 至少写一级", hint_en="write at least one level under `levels`")
        value, when = self.expression(raw["value"]), self.expression(raw.get("when"))
        levels = [(k, e) for k, v in raw["levels"].values() if (e := self.expression(v, quantity=True))]
        for position, (level, _) in enumerate(levels, 1):
            if level.text != str(position):
                self.problems.add("levels-not-in-order", level.span, found=level.text, expected=position)
                break
        if not self.name(raw["name"]) or value is None or len(levels) != len(raw["levels"]) or ("when" in raw and when is None) or not levels:
            return None
        if not raw.get("source"):
            self.problems.add("no-source", key.span, what=key.text)
        return Indicator(key.text, raw["name"].text, _title(raw), kind, value, better, tuple((k.text, e) for k, e in levels), when, self.ids(raw),
                         _disputed(raw), key.span)  # fmt: skip

    def score(self, key: Scalar, raw: dict[str, Any]) -> Score | None:
        policy = self.one_of(raw["not_applicable"], ("exclude", "full", "zero"))
        weights = [(k, w) for k, v in raw["weights"].values() if (w := self.number(v)) is not None]
        if any(w < 0 for _, w in weights) or (len(weights) == len(raw["weights"]) and not sum(w for _, w in weights)):
            self.problems.add("weights-not-positive", key.span, name=key.text)
            return None
        points = {n: p for n, (_, v) in raw["points"].items() if (p := self.number(v)) is not None}
        return Score(key.text, _title(raw), tuple(weights), points, policy, self.ids(raw), key.span)

    def grading(self, key: Scalar, raw: dict[str, Any]) -> Grading | None:
        grades = [Grade(g["grade"].text, self.expression(g.get("when")), g["grade"].span) for g in raw["of"]]
        if any(g.when is None and "when" in r for g, r in zip(grades, raw["of"], strict=True)):
            return None
        if not grades:
            self.problems.add("empty-value", key.span, hint_zh="of 至少写一个等级", hint_en="write at least one grade under `of`")
        for grade in grades[:-1]:
            if grade.when is None:
                self.problems.add("grade-without-when", grade.span, grade=grade.grade)
                return None
        return Grading(key.text, _title(raw), tuple(grades), self.ids(raw), key.span) if grades else None

    def example(self, raw: dict[str, Any]) -> Example | None:
        name = raw["name"]
        title = Title(name.text, name.text) if isinstance(name, Scalar) else _title(name)
        expect = {n: (k, tuple(v)) for n, (k, v) in raw["expect"].items()}
        given = {n: v for n, (k, v) in raw["given"].items()}
        text = raw.get("text")
        if text is not None and self.one_of(text, ("written", "corrected")) == "written":
            text = None
        return Example(title, self.date(raw.get("on")), given, expect, raw[""], {n: k.span for n, (k, _) in raw["given"].items()}, text)


def _title(raw: dict[str, Any]) -> Title:
    """The labels, '?' where there are none and that is reported."""
    return Title(*(raw[language].text if language in raw else "?" for language in ("zh", "en")))


def _maybe_title(raw: dict[str, Any]) -> Title | None:
    return _title(raw) if "zh" in raw and "en" in raw else None


def _disputed(raw: dict[str, Any]) -> Title | None:
    return _title(raw["disputed"]) if "disputed" in raw else None
