from __future__ import annotations

from collections.abc import Mapping

import pytest

from guiju.ir import grid, values
from guiju.ir.node import Op
from guiju.readings import columnar, compiled, evaluate
from guiju.readings.smt import encode
from guiju.readings.uncertain import derivative, sampled

LOGIC = {Op.MONTHS, Op.LE, Op.LT, Op.EQ, Op.AND, Op.OR, Op.NOT, Op.ATLEAST, Op.KNOWN, Op.DAY}
"""Primitives that give no number, of which the grid analysis has nothing to say."""


@pytest.mark.parametrize("rules", [values.RULES, evaluate.RULES, columnar.RULES, compiled.RULES, encode.RULES, sampled.RULES], ids=["values", "evaluate", "columnar", "compiled", "smt", "sampled"])
def test_every_reading_has_a_rule_for_every_primitive(rules: Mapping[Op, object]):
    assert set(Op) - set(rules) == set()


def test_the_grid_analysis_has_a_rule_for_every_primitive_that_gives_a_number():
    assert set(Op) - LOGIC - grid.NUMBER_OPS == set()


def test_every_primitive_that_gives_a_number_has_a_derivative():
    assert set(derivative.RULES) == grid.NUMBER_OPS
