"""Random standards: valid YAML texts that use the whole language, for properties that must hold of every document.

Expressions are made by kind and dimension, so that checking finds no error; what they mean is of no use to anyone.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from checking import Texts, checked
from exact_population import rank_exactly
from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.ir.snapshot import Snapshot
from guiju.readings.population import ranking_of
from random_records import records

# dimension → the units literals may be written in, the unit values are declared in, and properties that can be added and compared
UNITS = {
    "mass": (("kg", "t", "g"), "kg"), "distance": (("km", "m"), "km"), "power": (("W", "kW"), "W"), "number": (("",), "1"),
    "density": (("[Wh/kg]", "[kWh/kg]"), "Wh/kg"), "energy": (("[kWh/100km]", "[Wh/km]"), "kWh/100km"), "speed": (("km/h", "[m/s]"), "km/h"),
}  # fmt: skip
PROPERTIES = {
    "mass": ("vehicle.mass.curb", "vehicle.mass.max_design", "vehicle.mass.running_order"),
    "distance": ("nev.range.cltc",),
    "power": ("charger.power.standby",),
    "number": ("vehicle.seats",),
    "density": ("nev.battery.energy_density",),
    "energy": ("nev.electricity.cltc",),
    "speed": ("vehicle.speed.thirty_minutes", "vehicle.speed.max"),
}
INPUT_UNITS = {
    "mass": ("kg", "kg", "t"), "distance": ("km",), "power": ("W", "kW"), "number": ("1",), "density": ("Wh/kg",), "energy": ("kWh/100km", "Wh/km"),
    "speed": ("km/h",),
}  # fmt: skip
CATEGORIES = {"category": ("vehicle.category", ("M1", "M2", "N1")), "other": ("vehicle.category", ("M1", "M2", "N1")), "burns": ("vehicle.fuel", ("none", "petrol", "diesel"))}
RISING = ("category", "other")
"""Categories in order; both of one property, so that there are two to compare."""
BOOLEANS = {"swappable": "nev.battery.swappable", "swap_safety": "nev.battery.swap_safety"}
DATES = {"test_date": "record.test_date", "made_on": "record.production_date"}
COUNTED = ("<=", "<", ">=", ">", "==", "!=")
DAYS = ("2019-12-31", "2020-01-01", "2021-06-30", "2024-02-29", "2026-01-01")


NUMBER = "T/RANDOM 1"


@dataclass
class Document:
    """A text with what another document may use of it."""

    text: str
    number: str
    inputs: dict[str, str] = field(default_factory=dict)
    """property → the dimension, or the kind where it is no number"""
    values: dict[str, list[str]] = field(default_factory=dict)
    """dimension → expressions of that dimension, without the alias"""
    clauses: list[str] = field(default_factory=list)


def document(
    seed: int, used: Document | None = None, *, number: str = NUMBER, hard: bool = False, aggregates: bool = False, populations: bool = False
) -> Document:
    """A random standard.

    used   another one that it uses as `u`
    hard   with clauses on long products of inputs of four decimals, which no proof reaches
    aggregates   with accounts and times among the inputs, and with aggregates
    populations   with rankings, whose thresholds stand in clauses like any other number
    """
    writer = Writer(random.Random(f"{seed} {number}"), used, number, hard, populations)
    writer.events = aggregates
    return writer.document()


class Writer:
    """Writes one random standard; `tests/random_profiles.py` goes on where it ends."""

    def __init__(self, chance: random.Random, used: Document | None, number: str, hard: bool, populations: bool = False) -> None:
        self.chance, self.used, self.hard, self.populations = chance, used, hard, populations
        self.again = random.Random(str(chance.getstate()[1][:4]))
        """Decides what was added later, so that the rest of a document stays what its number always gave."""
        self.made = Document("", number)
        self.numbers: dict[str, list[str]] = {dimension: [] for dimension in UNITS}
        self.categories: list[tuple[str, tuple[str, ...]]] = []
        self.booleans: list[str] = []
        self.dates: list[str] = []
        self.inputs: list[str] = []
        self.lines: dict[str, list[str]] = {}
        self.events = False

    def document(self) -> Document:
        self._inputs()
        if self.used:
            for dimension, names in self.used.values.items():
                self.numbers[dimension] += [f"u.{name}" for name in names]
        for n in range(self.chance.randint(0, 3)):
            self._parameter(f"p{n}")
        for n in range(self.chance.randint(0, 3)):
            self._table(f"t{n}")
        for n in range(self.chance.randint(0, 3)):
            self._formula(f"f{n}")
        scope = self.truth(1) if self.chance.random() < 0.3 else None
        for n in range(self.chance.choice((1, 1, 2)) if self.populations else 0):
            self._population(f"ranked{n}")
        for n in range(self.chance.randint(1, 4)):
            self._clause(str(n + 1))
        for n in range(2 if self.hard else 0):
            self._hard_clause(f"hard{n}")
        indicators = [self._indicator(f"i{n}") for n in range(self.chance.choice((0, 0, 2, 3)))]
        if indicators:
            self._score(indicators)
            self._grades(indicators)
        if self.events:
            self._aggregates()
        if self.again.random() < 0.4 and self.made.number == NUMBER:
            self._repeated()
        self.made.text = self._text(scope)
        return self.made

    def _text(self, scope: str | None) -> str:
        head = [
            "guiju: 1",
            f'standard: {{number: "{self.made.number}", edition: 1, title: {{zh: 随机, en: random}}, level: group, region: CN, status: draft,',
            "  dates: {effective: 2024-01-01}}",
            "sources: {s: {title: made up, grade: illustrative, why: {zh: 随机, en: random}}}",
            "subject: {type: thing, zh: 物, en: thing}",
        ]
        if self.used:
            head.append(f'uses: {{u: "{self.used.number}"}}')
        for section in ("scenarios", "children", "inputs", "parameters", "tables", "formulas", "populations"):
            head += [f"{section}:", *self.lines[section]] if self.lines.get(section) else []
        if scope:
            head.append(f'scope: {{shall: "{scope}", source: s}}')
        for section in ("clauses", "indicators", "scores", "grades", "aggregates"):
            head += [f"{section}:", *self.lines[section]] if self.lines.get(section) else []
        return "\n".join(head) + "\n"

    def line(self, section: str, text: str) -> None:
        self.lines.setdefault(section, []).append(f"  {text}")

    # what is given

    def _inputs(self) -> None:
        chance, wanted = self.chance, dict(self.used.inputs) if self.used else {}
        for dimension, properties in PROPERTIES.items():
            for property_ in properties:
                if property_ in wanted or (chance.random() < 0.5 or (dimension == "mass" and property_ == properties[0])):
                    self._number_input(dimension, property_)
        if self.events:
            zone = chance.choice(("+08:00", "+00:00", "-03:30"))
            for line in ("account: {is: trip.account}", "trip: {is: trip.id}", *(f'{n}: {{is: trip.{n}, zone: "{zone}"}}' for n in ("started", "ended"))):
                self.line("inputs", line)
            self.line("formulas", "ride_day: {formula: day(started)}")
            self.line("formulas", "era: {formula: \"'early' if day(started) <= 2021-06-30 else 'late'\"}")
        if self.hard:
            for n, property_ in enumerate(("vehicle.fuel_limit.gb19578", "vehicle.fuel_limit.gb19578_2024")):
                self.line("inputs", f'h{n}: {{is: {property_}, unit: "L/100km", decimals: 4, min: 0, max: 30}}')
        for name, (property_, values) in CATEGORIES.items():
            if property_ in wanted or chance.random() < 0.6:
                self.line("inputs", f"{name}: {{is: {property_}, values: [{', '.join(values)}]{', order: rising' if name in RISING else ''}}}")
                self.categories.append((name, values))
                self.made.inputs[property_] = "category"
        for group, names, kind in ((BOOLEANS, self.booleans, "boolean"), (DATES, self.dates, "date")):
            for name, property_ in group.items():
                if property_ in wanted or chance.random() < 0.5:
                    self.line("inputs", f"{name}: {{is: {property_}}}")
                    names.append(name)
                    self.made.inputs[property_] = kind

    def _number_input(self, dimension: str, property_: str) -> None:
        chance, name = self.chance, f"x{len(self.inputs)}"
        decimals = chance.choice((0, 0, 1, 1, 2, 3, 4))
        low, high = chance.choice(((0, 100), (1, 60), (-20, 20), (300, 6000), (0, 10)))
        unit = chance.choice(INPUT_UNITS[dimension])
        self.line("inputs", f'{name}: {{is: {property_}, unit: "{unit}", decimals: {decimals}, min: {low}, max: {high}}}')
        self.inputs.append(name)
        self.numbers[dimension].append(name)
        self.made.inputs[property_] = dimension

    # what is defined

    def dimension(self) -> str:
        return self.chance.choice([d for d, names in self.numbers.items() if names])

    def plain(self) -> str:
        """A decimal text, mostly short."""
        chance = self.chance
        places = chance.choice((0, 0, 0, 1, 1, 2, 4))
        text = f"{chance.choice((1, 1, 5, 10, 100, 3000)) * chance.random():.{places}f}"
        return "0" if not float(text) else text

    def _parameter(self, name: str) -> None:
        chance, dimension = self.chance, self.dimension()
        unit = UNITS[dimension][1]
        if chance.random() < 0.1:
            self.line("parameters", f'{name}: {{unit: "{unit}", unverified: {{zh: 未见, en: not seen}}}}')
            self.numbers[dimension].append(name)
        elif chance.random() < 0.15:
            dimension, charger = "number", chance.choice(("level_1", "level_2", "dc_fast"))
            factor = f"{{id: charger.{charger}, kind: efficiency, region: GLOBAL, by: published, earliest: {chance.choice(DAYS)}}}"
            self.line("parameters", f'{name}: {{unit: "1", factor: {factor}, source: s}}')
            self.numbers[dimension] += [name, *(f"{name}({day})" for day in self.dates)]
        elif chance.random() < 0.5:
            self.line("parameters", f'{name}: {{unit: "{unit}", value: {self.plain()}, source: s}}')
            self.numbers[dimension].append(name)
        else:
            days = sorted(chance.sample(DAYS, chance.randint(1, 3)))
            values = ", ".join(f"{{from: {day}, value: {self.plain()}}}" for day in days)
            self.line("parameters", f'{name}: {{unit: "{unit}", values: [{values}], source: s}}')
            self.numbers[dimension] += [name, *(f"{name}({form})" for day in self.dates for form in (day, f"years_after({day}, 2)"))]
        self.made.values.setdefault(dimension, []).append(name)

    def _table(self, name: str) -> None:
        chance = self.chance
        kind = chance.choice(("step", "step", "step", "map", "interpolate", "date"))
        result = self.dimension()
        unit = UNITS[result][1]
        if kind == "map" and self.categories:
            of, keys = chance.choice(self.categories)
            rows = ", ".join(f'{{key: {key}, value: "{self.literal_or(result)}"}}' for key in keys)
            self.line("tables", f'{name}: {{of: {of}, kind: map, unit: "{unit}", source: s, rows: [{rows}]}}')
        elif kind == "date" and self.dates:
            days = sorted(chance.sample(DAYS, chance.randint(1, 3)))
            rows = ", ".join(f'{{{chance.choice(("upto", "below"))}: {day}, value: "{self.literal_or(result)}"}}' for day in days)
            rows += f', {{value: "{self.literal_or(result)}"}}' if chance.random() < 0.6 else ""
            self.line("tables", f'{name}: {{of: {chance.choice(self.dates)}, kind: step, unit: "{unit}", source: s, rows: [{rows}]}}')
        else:
            self._number_table(name, kind, result, unit)
        self.numbers[result].append(name)
        self.made.values.setdefault(result, []).append(name)

    def _number_table(self, name: str, kind: str, result: str, unit: str) -> None:
        chance, dimension = self.chance, self.dimension()
        of = chance.choice([n for n in self.numbers[dimension] if "." not in n and "(" not in n] or self.inputs[:1])
        dimension = next(d for d, names in self.numbers.items() if of in names)
        at = UNITS[dimension][1]
        ends = sorted({chance.choice((chance.randint(-5, 60), round(chance.uniform(0, 3000), chance.randint(0, 2)))) for _ in range(chance.choice((2, 3, 4, 5, 5, 40)))})
        if kind == "interpolate" and len(ends) > 1:
            rows = ", ".join(f"{{at: {end} {at}, value: {self.plain()}}}" for end in ends)
            outside = chance.choice(("error", "clamp"))
            self.line("tables", f'{name}: {{of: {of}, kind: interpolate, outside: {outside}, unit: "{unit}", source: s, rows: [{rows}]}}')
            return
        numeric = f'numeric: {{m: "{of} as [{at}]"}}, ' if chance.random() < 0.4 and dimension != "number" else ""
        made = []
        for position, end in enumerate(ends):
            value = f"{self.plain()} * (m - {self.plain()}) + {self.plain()}" if numeric else self.literal_or(result)
            first = f"{chance.choice(('above', 'from'))}: {end - 7} {at}, " if position == 0 and chance.random() < 0.2 else ""
            made.append(f'{{{first}{chance.choice(("upto", "below"))}: {end} {at}, value: "{value}"}}')
        if chance.random() < 0.7:
            made.append(f'{{value: "{self.plain() if numeric else self.literal_or(result)}"}}')
        self.line("tables", f'{name}: {{of: {of}, kind: step, unit: "{unit}", source: s, {numeric}rows: [{", ".join(made)}]}}')
        self.numbers[result].append(f"{name}({self.literal(dimension)})")
        if chance.random() < 0.5:
            self.numbers[result].append(f"{name}({self.number(dimension, 1)})")

    def _formula(self, name: str) -> None:
        dimension = self.dimension()
        self.line("formulas", f'{name}: {{unit: "{UNITS[dimension][1]}", formula: "{self.number(dimension, 3)}"}}')
        self.numbers[dimension].append(name)
        self.made.values.setdefault(dimension, []).append(name)

    def _population(self, name: str) -> None:
        """What is ranked ties often: a category's value, a rounded one, or an input on a coarse grid."""
        chance, dimension = self.chance, self.dimension()
        unit = UNITS[dimension][1]
        inputs = [n for n in self.numbers[dimension] if n in self.inputs]
        rounded = f"round_gb({inputs[0]} * 1, 5{'' if unit == '1' else f' [{unit}]'})" if inputs else self.number(dimension, 1)
        hard = "(h0 as [L/100km]) * (h1 as [L/100km]) * (h0 as [L/100km]) * (h1 as [L/100km]) * (h1 as [L/100km])"
        of = chance.choice((self.number(dimension, 2), rounded, rounded, *inputs))
        if self.hard and chance.random() < 0.7:
            of, dimension = hard, "number"
        ranges = chance.sample([c for c, _ in self.categories], chance.randint(0, len(self.categories)))
        if chance.random() < 0.3:
            ranges.append(f"'big' if {self.truth(0)} else 'small'")
        within = f", within: [{', '.join(repr(r) if ' ' not in r else chr(34) + r + chr(34) for r in ranges)}]" if ranges else ""
        where = f', where: "{self.truth(1)}"' if chance.random() < 0.6 else ""
        rule = f"better: {chance.choice(('lower', 'higher'))}, ties: {chance.choice(('all', 'none'))}, min_count: {chance.choice((1, 2, 5))}"
        best = f"{{top: {chance.choice(('20 %', '5 %', '0.5 %', '50 %', '100 %', '12.5 ‰'))}, first: {chance.choice((1, 3, 10, 1000))}}}"
        self.line("populations", f'{name}: {{zh: 总体{name}, en: population {name}, of: "{of}"{within}{where}, {rule}, best: {best}, source: s}}')
        self.numbers[dimension] += [f"{name}.top", f"{name}.top", f"{name}.first"]

    def _clause(self, no: str) -> None:
        chance = self.chance
        when = f', when: "{self.truth(1)}"' if chance.random() < 0.4 else ""
        rounded = ""
        shall = self.truth(3)
        if chance.random() < 0.25:
            dimension = chance.choice([d for d in self.numbers if any(n in self.inputs for n in self.numbers[d])])
            measured = chance.choice([n for n in self.numbers[dimension] if n in self.inputs])
            step = f"{chance.choice(('0.1', '0.5', '1', '0.02', '20'))} {UNITS[dimension][1]}"
            rounded = f', compare: "rounded {step}"'
            shall = f"{measured} * {chance.choice(('1', '0.5', '3'))} {chance.choice(('<=', '<', '>=', '>'))} {self.number(dimension, 1)}"
        reliefs = []
        for _ in range(chance.choice((0, 0, 0, 1, 2))):
            instead = "exempt: true" if rounded or chance.random() < 0.4 else f'shall: "{self.truth(1)}"'
            reliefs.append(f'{{when: "{self.truth(1)}", {instead}, source: s}}')
        other = f", except: [{', '.join(reliefs)}]" if reliefs else ""
        strength = "shall" if no == "1" or chance.random() < 0.8 else "should"
        self.line("clauses", f'"{no}": {{zh: 条, en: clause, {strength}: "{shall}"{when}{rounded}{other}, source: s}}')
        self.made.clauses.append(no)

    def _hard_clause(self, no: str) -> None:
        """Its two sides may differ by less than doubles can tell."""
        h0, h1 = "(h0 as [L/100km])", "(h1 as [L/100km])"
        factors = " * ".join(self.chance.choice((h0, h1)) for _ in range(self.chance.randint(4, 6)))
        limit = self.chance.choice(("0.0625", f"0.1 * {h0}", f"{h1} * {h0} * {h1}", f"0.5 * {h0} * {h0} * {h1}"))
        self.line("clauses", f'"{no}": {{zh: 难, en: hard, shall: "{factors} {self.chance.choice(("<=", "<", ">=", "=="))} {limit}", source: s}}')

    def _indicator(self, name: str) -> str:
        chance, dimension = self.chance, self.dimension()
        better = chance.choice(("higher", "lower"))
        limits = sorted({round(chance.uniform(0, 100), chance.choice((0, 1, 2))) for _ in range(3)}, reverse=better == "higher")
        levels = ", ".join(f"{n}: {limit} {UNITS[dimension][1] if dimension != 'number' else ''}".rstrip() for n, limit in enumerate(limits, 1))
        when = f', when: "{self.truth(1)}"' if chance.random() < 0.3 else ""
        kind = chance.choice(("core", "core", "basic"))
        value = f'value: "{self.number(dimension, 2)}"'
        self.line("indicators", f'"{name}": {{zh: 指标, en: indicator, name: {name}, kind: {kind}, {value}, better: {better}, levels: {{{levels}}}{when}, source: s}}')
        self.kinds = {*getattr(self, "kinds", ()), kind}
        return name

    def _score(self, indicators: Sequence[str]) -> None:
        weights = ", ".join(f"{name}: {self.chance.choice((1, 5, 12.5, 60))}" for name in indicators)
        policy = self.chance.choice(("exclude", "full", "zero"))
        points = "1: 100, 2: 80, 3: 62.5, none: 0"
        self.line("scores", f"score: {{zh: 分, en: score, weights: {{{weights}}}, points: {{{points}}}, not_applicable: {policy}}}")
        self.numbers["number"].append("score")

    def _grades(self, indicators: Sequence[str]) -> None:
        chance, made = self.chance, []
        for grade in range(chance.randint(1, 3)):
            kind = chance.choice(sorted(self.kinds))
            condition = chance.choice((
                f"worst('{kind}') <= {grade + 1}", f"count('{kind}', {grade + 1}) >= {chance.randint(1, 2)}", f"{chance.choice(indicators)} <= {grade + 1}",
                f"score >= {90 - 20 * grade}", f"worst('{kind}') <= {grade + 1} and {self.truth(1)}", f"count('{kind}', 2) == 1", self.truth(2),
            ))  # fmt: skip
            made.append(f'{{grade: g{grade}, when: "{condition}"}}')
        if chance.random() < 0.7:
            made.append("{grade: none}")
        self.line("grades", f"grade: {{zh: 级, en: grade, of: [{', '.join(made)}]}}")

    def _aggregates(self) -> None:
        """Sums of rounded and of plain values, by few keys, often with an order that ties, so that refusing is compared too."""
        chance = self.chance
        keys = ["account", "ride_day", "era", "trip", "started", *(name for name, _ in self.categories), *self.dates]
        for n in range(chance.randint(1, 2)):
            by = chance.sample(keys[:3] if chance.random() < 0.7 else keys, chance.randint(0, 2))
            where = chance.choice(("pass('overall')", f"pass('{chance.choice(self.made.clauses)}')", self.truth(1), ""))
            sums = {f"s{position}": self._summed() for position in range(chance.choice((1, 1, 2)))}
            order = chance.choice(("", "", "order: [started, trip], first: 2, ", "order: [trip], first: 1, ", "order: [started], first: 3, "))
            cap = f"caps: {{s0: {chance.choice(('10', '99.5', '0'))}}}, " if chance.random() < 0.4 else ""
            policy = "refuse" if chance.random() < 0.05 else "exclude"
            summed = ", ".join(f'{name}: "{value}"' for name, value in sums.items())
            where = f'where: "{where}", ' if where else ""
            rest = f"{where}{order}sums: {{{summed}}}, {cap}undetermined: {policy}, source: s"
            self.line("aggregates", f"agg{n}: {{zh: 汇总, en: groups, by: [{', '.join(by)}], {rest}}}")
            upper = chance.sample(by, chance.randint(0, len(by)))
            cap = "caps: {all: 120.125}, " if chance.random() < 0.3 else ""
            self.line("aggregates", f"up{n}: {{zh: 再汇总, en: above, of: agg{n}, by: [{', '.join(upper)}], sums: {{all: s0}}, {cap}source: s}}")

    def _summed(self) -> str:
        chance = self.chance
        name = chance.choice(self.inputs)
        unit = next(UNITS[d][1] for d, names in self.numbers.items() if name in names)
        step = chance.choice(("0.1", "0.05", "2", "1")) + ("" if unit == "1" else f" [{unit}]")
        rounded = f"{chance.choice(('round_gb', 'round_down', 'round_up'))}({name} * {chance.choice(('0.375', '3', '0.5'))}, {step})"
        return chance.choice((name, rounded, rounded, "1"))

    def _happening(self) -> str:
        chance = self.chance
        return chance.choice((
            "known(account)", "account != trip", f"day(started) {chance.choice(('<=', '>'))} {chance.choice(DAYS)}", "started <= ended",
            f"seconds(started, ended) >= {chance.choice(('0', '60', '86400'))} s", "ride_day < day(ended)", "era == 'late'",
            f"round_down({self.inputs[0]} * 0.7, 0.5 kg) >= {self.plain()} kg", f"round_up({self.inputs[0]} / 3, 20 kg) < {self.plain()} t",
        ))  # fmt: skip

    def _repeated(self) -> None:
        """Scenarios and children: inputs given once for each, what varies with them, and aggregates over them."""
        chance, dimension = self.again, "mass"
        count = chance.choice(("1", "3", "2..4", "1..3"))

        def limit() -> str:
            return f"{chance.choice((chance.randint(0, 60), round(chance.uniform(0, 60), 1)))} {chance.choice(UNITS[dimension][0])}"

        def sign() -> str:
            return chance.choice(("<=", "<", ">=", ">", "=="))

        def whole(x: str) -> str:
            return chance.choice((
                f"every({x} {sign()} {limit()})", f"some({x} {sign()} {limit()})", f"number({x} {sign()} {limit()}) {chance.choice((*COUNTED,))} 2",
                f"2 <= number({x} {sign()} {limit()})", f"mean({x}) {sign()} {limit()}", f"sum({x}) {sign()} {limit()}",
                f"smallest({x}) {sign()} largest({x}) * 0.9", f"largest({x}) - smallest({x}) <= {limit()}",
            ))  # fmt: skip

        self.line("scenarios", "is: vehicle.category")
        self.line("scenarios", "of: [M1, N1, M2]")
        self.line("children", f"runs: {{zh: 次, en: runs, count: {count}}}")
        for name, repeated in (("y0", "per: scenario"), ("y1", "of: runs"), ("y2", "per: scenario, of: runs")):
            self.line("inputs", f"{name}: {{is: vehicle.mass.curb, unit: kg, decimals: {chance.choice((0, 1, 2))}, min: 0, max: 60, {repeated}}}")
        self.line("tables", f'w: {{of: scenario, kind: map, unit: kg, source: s, rows: [{", ".join(f"{{key: {key}, value: {limit()}}}" for key in ("M1", "N1", "M2"))}]}}')
        self.line("formulas", f'g0: {{unit: kg, formula: "2 * y0 - {chance.choice(("smallest(y2)", "w", "mean(y1)", "y0"))}"}}')
        within = ", in: [M1, N1]" if chance.random() < 0.4 else ""
        for no, shall, other in (
            ("r1", f"{chance.choice(('y0', 'g0'))} {sign()} {chance.choice((limit(), 'w'))}", within),
            ("r2", whole("y1"), ""), ("r3", f"{whole('y2')} or y0 {sign()} w", ""), ("r4", whole("y0"), within),
            ("r5", f"pass('r1') {chance.choice(('and', 'or'))} {whole('y1')}", ""),
            ("r6", f"y0 {sign()} 1 kg and pass('{chance.choice(('r1', 'r3'))}')", f", when: \"scenario != '{chance.choice(('M1', 'N1'))}'\""),
        ):  # fmt: skip
            if chance.random() < 0.6:
                text = f'"{no}": {{zh: 条, en: clause, shall: "{shall}"{other}, source: s}}'
                for unmade in {"r1", "r3"} - {*self.made.clauses}:
                    text = text.replace(f"pass('{unmade}')", "true")
                self.line("clauses", text)
                self.made.clauses.append(no)

    # expressions

    def literal(self, dimension: str) -> str:
        unit = self.chance.choice(UNITS[dimension][0])
        return f"{self.plain()} {unit}".rstrip()

    def literal_or(self, dimension: str) -> str:
        return self.literal(dimension) if self.chance.random() < 0.8 else self.number(dimension, 1)

    def number(self, dimension: str, depth: int) -> str:
        chance, known = self.chance, self.numbers[dimension]
        if depth == 0 or chance.random() < 0.25:
            return chance.choice(known) if known and chance.random() < 0.8 else self.literal(dimension)

        def part() -> str:
            return self.number(dimension, depth - 1)

        def factor() -> str:
            return self.plain() if chance.random() < 0.5 else self.number("number", depth - 1)

        match chance.randrange(14):
            case 0 | 1:
                return f"({part()} + {part()})"
            case 2:
                return f"({part()} - {part()})"
            case 3:
                return f"({factor()} * {part()})"
            case 4:
                numbers = [n for n in self.numbers["number"] if n in self.inputs]
                return f"({part()} / {chance.choice([self._divisor(), *numbers])})"
            case 5:
                return f"{chance.choice(('min', 'max'))}({', '.join(part() for _ in range(chance.randint(1, 3)))})"
            case 6:
                return f"abs({part()})" if chance.random() < 0.7 else f"(-{part()})"
            case 7:
                known_inputs = [n for n in known if n in self.inputs]
                inner = f"{chance.choice(known_inputs)} * {self._divisor()}" if known_inputs else part()
                unit = UNITS[dimension][1]
                return f"round_gb({inner}, {chance.choice(('0.1', '0.5', '2', '0.05'))}{'' if unit == '1' else f' [{unit}]'})" if known_inputs else inner
            case 8:
                return f"({part()} if {self.truth(depth - 1)} else {part()})"
            case 9:
                return f"default({chance.choice(known)}, {part()})" if known else part()
            case 10 if dimension == "number":
                other = self.dimension()
                unit = UNITS[other][1]
                return f"({self.number(other, depth - 1)} as [{unit}])" if other != "number" else part()
            case 12 | 13:
                inner = self._finite(dimension)
                return f"significant({inner}, {chance.choice((1, 2, 3, 3, 4, 6))})" if inner else part()
            case 11 if dimension == "number":
                other = self.dimension()
                inputs = [n for n in self.numbers[other] if n in self.inputs]
                return f"(({self.number(other, depth - 1)} / {chance.choice(inputs)}) as [1])" if inputs else part()
        return part()

    def _finite(self, dimension: str) -> str:
        """Something made of inputs that has no more than a few decades: significant digits are told of nothing else."""
        chance, inputs = self.chance, [n for n in self.numbers[dimension] if n in self.inputs]
        plain = [n for n in self.numbers["number"] if n in self.inputs]
        if not inputs:
            return ""
        x = chance.choice(inputs)
        forms = [x, f"{x} * {self._divisor()}", f"({x} - {chance.choice(inputs)} / 2)", f"abs({x}) / 3"]
        return chance.choice([*forms, *(f"{x} / {n}" for n in plain), *(f"{x} * {n}" for n in plain)])

    def day(self) -> str:
        """A date input, or a day so many years or months after one."""
        chance, day = self.chance, self.chance.choice(self.dates)
        match chance.randrange(5):
            case 0:
                return f"years_after({day}, {chance.choice((5, 1, -1, 100))})"
            case 1:
                return f"months_after({day}, {chance.choice((18, 1, -1, 6, -11, 8000))})"
            case 2:
                return f"({day} if {self.truth(0)} else months_after({chance.choice(self.dates)}, 12))"
        return day

    def _divisor(self) -> str:
        return self.chance.choice(("0.5", "3", "1.25", "7", "0.0375"))

    def truth(self, depth: int) -> str:
        chance = self.chance
        if depth > 0 and chance.random() < 0.45:
            parts = [self.truth(depth - 1) for _ in range(chance.randint(2, 3))]
            return chance.choice((
                f"({' and '.join(parts)})", f"({' or '.join(parts)})", f"(not {parts[0]})", f"all({', '.join(parts)})", f"any({', '.join(parts)})",
                f"atleast({chance.randint(1, len(parts))}, {', '.join(parts)})", f"({parts[0]} if {parts[1]} else {parts[-1]})",
            ))  # fmt: skip
        if self.events and chance.random() < 0.15:
            return self._happening()
        match chance.randrange(13):
            case 0 if self.categories:
                name, values = chance.choice(self.categories)
                return f"{name} {chance.choice(('==', '!='))} '{chance.choice(values)}'"
            case 1 if self.categories:
                name, values = chance.choice(self.categories)
                return f"({name} in {{{', '.join(repr(v) for v in chance.sample(values, 2))}}})"
            case 12 if any(name in RISING for name, _ in self.categories):
                ordered = [(name, values) for name, values in self.categories if name in RISING]
                (name, values), (other, _) = chance.choice(ordered), chance.choice(ordered)
                right = chance.choice([repr(chance.choice(values)), other])
                return chance.choice((f"{name} {chance.choice(('<=', '<', '>=', '>'))} {right}", f"'M1' < {name} <= {right}"))
            case 2 if self.booleans:
                return chance.choice(self.booleans)
            case 3:
                return f"known({chance.choice(self.inputs)})"
            case 4 if self.dates:
                return f"{self.day()} {chance.choice(('<=', '<', '>=', '>', '=='))} {chance.choice([*DAYS, self.day()])}"
            case 5 if len(self.dates) > 1:
                return f"days({self.dates[0]}, {chance.choice((self.dates[1], self.day()))}) >= {chance.choice((0, 1, 30, 365))} d"
            case 6 if self.used:
                return f"u.pass('{chance.choice(self.used.clauses)}')"
            case 7 if self.made.clauses:
                return f"pass('{chance.choice(self.made.clauses)}')"
        dimension = self.dimension()
        left, right = self.number(dimension, max(depth, 1)), self.number(dimension, 1)
        if chance.random() < 0.1:
            return f"{self.number(dimension, 1)} <= {left} < {right}"
        return f"{left} {chance.choice(('<=', '<', '>=', '>', '<=', '>=', '==', '!='))} {right}"


def random_program(seed: int, on: date | None = None, *, events: bool = True) -> Program:
    """The program of a random standard; every third uses another, every fifth has comparisons that cannot be proved exact.

    Every seventh has populations, with a snapshot of random records.

    events   every fourth has accounts, times and aggregates
    """
    used = document(seed, number="T/USED 1") if seed % 3 == 0 else None
    made = document(seed, used, hard=seed % 5 == 0, aggregates=events and seed % 4 == 1, populations=seed % 7 == 4)
    library = Texts({used.number: used.text} if used else {})
    found = checked(made.text, on=on, library=library, run=False)
    assert found.program is not None and not found.errors, "\n".join([*found.errors, made.text])
    program = found.program
    if program.populations:
        ranked = rank_exactly(program, records(ranking_of(program), 400, seed))
        snapshot = Snapshot(program.standard.number, program.on, program.content_hash, "", 400, "tests", ranked)
        problems = Problems()
        program = check(program.standard.authored, on, library, problems, snapshots=[snapshot])
        assert not problems.has_errors, problems.found
    return program


def editions(seed: int) -> tuple[Program, Program]:
    """Two editions of one random standard: in the second some numbers of clauses and of rows are others, so that they stay comparable."""
    made, chance = document(seed), random.Random(seed)

    def other(found: re.Match[str]) -> str:
        number = float(found[2])
        moved = number * chance.choice((1, 1, 0.5, 0.9, 1.1, 2)) if chance.random() < 0.7 else number
        return f"{found[1]}{moved:.2f}".rstrip("0").rstrip(".")

    lines = [re.sub(r"(value: \"|[<>=] |[+] )([0-9]+(?:\.[0-9]+)?)(?![0-9-])", other, line) if "shall: " in line or "rows: " in line else line
             for line in made.text.splitlines()]  # fmt: skip
    found = [checked(text, run=False) for text in (made.text, "\n".join(lines))]
    assert found[0].program is not None
    return found[0].program, found[0].program if found[1].errors or found[1].program is None else found[1].program
