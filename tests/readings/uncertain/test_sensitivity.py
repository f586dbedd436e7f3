"""Whose variance it is, of one record and of scores over products; and the law of propagation held against the draws (JCGM 101, clause 8)."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from checking import MADE_UP, program_of
from guiju.base.diagnostics import Problems, Refused
from guiju.ir.program import Program
from guiju.metrology.distribution import normal
from guiju.metrology.model import Model
from guiju.metrology.montecarlo import validate
from guiju.readings.evaluate import evaluate
from guiju.readings.uncertain.conforming import Uncertain, uncertain
from guiju.readings.uncertain.sensitivity import score_sensitivities, sensitivities
from guiju.readings.uncertain.stated import Spread, Stated, stated
from guiju.readings.uncertain.validated import Validated, validated
from uncertain_cars import CARS


def said(given: dict[str, object], pairs: list[tuple[str, str, str]] | None = None) -> Uncertain:
    program, problems = program_of(CARS), Problems()
    made = stated(program.inputs, given, pairs or [], problems)
    assert not problems.has_errors
    return uncertain(program, made, trials=2_000)


def test_where_the_first_order_holds_its_shares_are_the_indices() -> None:
    found = said({"mass": "1500 ± 20 kg", "energy": "13.3 ± 0.2", "distance": "600 ± 5"})
    made = sensitivities(found)
    assert set(made) == {"1", "2", "4", "used", "gap", "told", "limit"}, "3 has two comparisons and no margin"
    for name, linear in [("1", next(c.margin for c in found.clauses if c.meaning.no == "1")),
                         ("used", next(q.linear for q in found.quantities if q.name == "used"))]:  # fmt: skip
        assert linear is not None
        shares = {part.name: part.share for part in linear.parts}
        each = made[name]
        for at, input_ in enumerate(each.names):
            assert float(each.first[at]) == pytest.approx(shares.get(input_, 0.0), abs=0.01), (name, input_)
            assert float(each.total[at]) == pytest.approx(shares.get(input_, 0.0), abs=0.01)
    assert float(made["2"].total[made["2"].names.index("mass")]) == 0


def test_at_a_flat_point_the_draws_still_say_whose_it_is() -> None:
    made = sensitivities(said({"mass": 1500, "energy": "13.3 ± 0.2", "distance": "500 ± 5"}))
    assert float(made["gap"].first[made["gap"].names.index("distance")]) == pytest.approx(1, abs=0.02)
    assert sensitivities(said({"mass": 1500, "energy": 13.3, "distance": 600})) == {}
    with pytest.raises(Refused) as refused:
        sensitivities(said({"mass": "1500 ± 20", "energy": "13.3 ± 0.2", "distance": 600}, [("mass", "energy", "0.5")]))
    assert [d.code for d in refused.value.diagnostics] == ["sensitivity-correlated"]


SCORED = MADE_UP + """
inputs:
  distance: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 1500}
  energy: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 3, max: 60}
  powertrain: {is: vehicle.powertrain}
clauses:
  "1": {zh: 一, en: one, shall: "energy <= 15 [kWh/100km]", source: s}
indicators:
  "2": {zh: 里程, en: range, name: far, kind: core, value: distance, better: higher, levels: {1: 600 km, 2: 400 km}, source: s}
  "3": {zh: 电耗, en: consumption, name: thrift, kind: core, value: energy, better: lower,
        levels: {1: "11 [kWh/100km]", 2: "13 [kWh/100km] if powertrain == 'bev' else 14 [kWh/100km]"}, source: s}
scores:
  total: {zh: 总分, en: total, weights: {far: 60, thrift: 40}, points: {1: 100, 2: 80, none: 0}, not_applicable: exclude, source: s}
"""


def counted(program: Program, node: Any, columns: dict[str, list[tuple[Any, int]]]) -> dict[str, tuple[float, float]]:
    """First-order and total indices of inputs drawn independently, by going through every combination."""
    names = list(columns)
    combined = list(itertools.product(*columns.values()))
    weight = np.array([math.prod(n for _, n in row) for row in combined], dtype=np.float64)
    weight /= weight.sum()
    values = np.array([float(evaluate(program, dict(zip(names, (v for v, _ in row), strict=True))).of(node)) for row in combined])  # type: ignore[arg-type]
    mean = float(weight @ values)
    variance = float(weight @ (values - mean) ** 2)

    def explained(at: set[int]) -> float:
        groups: dict[tuple[Any, ...], list[int]] = {}
        for i, row in enumerate(combined):
            groups.setdefault(tuple(row[a][0] for a in sorted(at)), []).append(i)
        return sum(weight[g].sum() * (float(weight[g] @ values[g]) / weight[g].sum() - mean) ** 2 for g in groups.values())

    every = set(range(len(names)))
    return {name: (explained({at}) / variance, 1 - explained(every - {at}) / variance) for at, name in enumerate(names)}


def test_a_score_hangs_on_its_inputs_as_every_combination_shows() -> None:
    program = program_of(SCORED)
    products = [({"distance": Fraction(d), "energy": Fraction(e), "powertrain": p}, n)
                for d, e, p, n in ((650, "10.5", "bev", 3), (450, "13.5", "phev", 2), (300, "13.5", "bev", 1), (450, "12", "bev", 2), (650, "20", "phev", 1))]  # fmt: skip
    node = program.scores[0].node
    (found,) = score_sensitivities(program, {"total": node}, products).values()
    columns = {name: [(v, sum(n for r, n in products if r[name] == v)) for v in dict.fromkeys(r[name] for r, _ in products)] for name in found.names}
    assert set(columns) == {"distance", "energy", "powertrain"}
    for at, (name, (first, total)) in enumerate(counted(program, node, {name: columns[name] for name in found.names}).items()):
        assert found.names[at] == name and found.known == 1
        assert float(found.first[at]) == pytest.approx(first, abs=max(5 * float(found.u_first[at]), 1e-9))
        assert float(found.total[at]) == pytest.approx(total, abs=max(5 * float(found.u_total[at]), 1e-9))
    assert score_sensitivities(program, {"total": node}, products[:1]) == {}
    lacking = [*products, ({"distance": Fraction(1)}, 1)]
    (few,) = score_sensitivities(program, {"total": node}, lacking).values()
    assert few.names == ("distance",), "what some product lacks is not drawn"


def checked(given: dict[str, object], name: str, **options: Any) -> Validated | None:
    found = said(given)
    nodes = dict(found.program.values) | {c.meaning.no: c.margin.node for c in found.clauses if c.margin}
    return validated(found.program, found.evaluation, found.stated, nodes[name], **options)


def test_the_law_of_propagation_is_held_against_the_draws() -> None:
    good = checked({"mass": 1500, "energy": "13.3 ± 0.02", "distance": "600 ± 1"}, "used")
    assert good is not None and good.settled and good.valid and good.d_low <= good.tolerance
    assert good.tolerance == pytest.approx(0.5 * 10 ** (math.floor(math.log10(good.u)) - 1))
    bent = checked({"mass": 1500, "energy": "13.3 ± 0.2", "distance": "500 ± 5"}, "gap")
    assert bent is not None and not bent.valid and bent.drawn_low > 0 > bent.low, "an absolute value is not below 0"
    near = checked({"mass": 1500, "energy": "13.3 ± 0.2", "distance": "503 ± 5"}, "gap")
    assert near is not None and not near.valid and near.d_low > near.tolerance
    known = checked({"mass": 1500, "energy": 13.3, "distance": 600}, "used")
    assert known is None


@pytest.mark.parametrize(("u_energy", "u_distance"), [("0.2", "5"), ("2", "60")])
def test_it_says_what_the_statistics_say_of_the_same_model(u_energy: str, u_distance: str) -> None:
    found = checked({"mass": 1500, "energy": f"13.3 ± {u_energy}", "distance": f"600 ± {u_distance}"}, "used")
    model = Model(lambda e, d: e * d / 100, {"e": normal(13.3, float(u_energy)), "d": normal(600, float(u_distance))})
    (plain,) = validate(model)
    assert found is not None and found.valid == plain.valid
    assert found.d_low == pytest.approx(plain.low, abs=found.tolerance / 2) and found.tolerance == pytest.approx(plain.tolerance)


def test_a_record_that_is_exact_has_nothing_to_validate() -> None:
    program = program_of(CARS)
    record = {"mass": Fraction(1500), "energy": Fraction(13), "distance": Fraction(600)}
    assert validated(program, evaluate(program, record), Stated(record), program.values["used"]) is None
    tiny = Stated(record, {"energy": Spread(Fraction(1, 100))})
    again = [validated(program, evaluate(program, record), tiny, program.values["used"]) for _ in range(2)]
    assert again[0] == again[1] and again[0] is not None
