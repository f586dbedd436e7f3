"""The matrix of requirements and sides: the counts of the facts page, and what every cell is worth."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from typer.testing import CliRunner

from checking import MADE_UP, checked, shelf
from guiju.align.matrix import Matrix, Relation, compare, compare_pairs
from guiju.align.requirements import requirements
from guiju.align.side import Side, sides_of
from guiju.app import PARTS
from guiju.base.diagnostics import Refused
from guiju.cli.main import build
from guiju.ir.program import Program
from guiju.readings.evaluate import Verdict, evaluate, is_met
from guiju.readings.smt.answers import Proved, Refuted
from guiju.readings.smt.search import Budget
from guiju.readings.smt.space import Space
from guiju.standard.model import Title
from guiju.standard.regions import load_regions
from random_documents import editions
from random_records import records

ASSOCIATION, JIANGSU, ZHEJIANG = "T/CSAE 53-2017", "江苏智慧高速指南2020", "浙江智慧高速指南2020"
AS_IF = {"nev.electricity.nedc": "nev.electricity.cltc"}


def matrix(*words: str, **options: Any) -> Matrix:
    return compare(sides_of(shelf(), load_regions(), words, options.pop("subject", None), None), shelf().dictionary, **options)


def made(*texts: str) -> list[Side]:
    """Standards that are texts, as sides."""
    found = []
    for at, text in enumerate(texts):
        program = checked(MADE_UP.replace("T/TEST 1", f"T/TEST {at + 1}") + text).program
        assert program is not None
        found.append(Side(program.standard.number, program.standard.title, (program,)))
    return found


def car(*clauses: str) -> str:
    inputs = """inputs:
  consumption: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 0, max: 50}
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 500, max: 3500}
clauses:
"""
    with_units = [re.sub(r"\b([0-9]+(?:\.[0-9]+)?)\b", lambda n: f"{n[0]} {'kg' if float(n[0]) > 100 else '[kWh/100km]'}", each) for each in clauses]
    return inputs + "".join(f'  "{n}": {{zh: 条, en: clause, {each}, source: s}}\n' for n, each in enumerate(with_units, 1))


def test_jiangsu_against_the_association_is_what_the_facts_page_counts() -> None:
    """Facts §C4: 24 shared pairs: 15 equal, 1 stricter, 6 left a single point, 2 that nothing can satisfy."""
    found = matrix(ASSOCIATION, JIANGSU)
    cells = [row.cells[1] for row in found.shared]
    assert len(cells) == 24
    assert Counter(cell.relation for cell in cells) == {Relation.EQUAL: 15, Relation.STRICTER: 1, Relation.MISSTATED: 8}
    assert Counter(cell.left for cell in cells) == {None: 16, "point": 6, "nothing": 2}
    (stricter,) = [row for row in found.shared if row.cells[1].relation is Relation.STRICTER]
    assert stricter.requirement.properties == ("v2x.delay.system@slw",)
    nothing = {row.requirement.properties for row in found.shared if row.cells[1].left == "nothing"}
    assert nothing == {("v2x.frequency@clw",), ("v2x.frequency@evw",)}
    assert {cell.corrected for cell in cells if cell.left} == {Relation.EQUAL, Relation.LOOSER}


def test_as_corrected_nothing_seems_misstated_any_more() -> None:
    found = compare(sides_of(shelf(), load_regions(), [ASSOCIATION, JIANGSU], None, None, corrected=True), shelf().dictionary)
    assert not {row.cells[1].relation for row in found.shared} & {Relation.CONFLICTING, Relation.CROSSING}


def test_the_limit_of_2025_and_the_threshold_of_2019_are_each_stricter_somewhere() -> None:
    """Facts §0.3: below 866.07 kg the limit of 2025 is looser; 800 kg and 10.0 kWh/100km show it."""
    (row,) = matrix("GB 36980.1-2025", "财建〔2020〕86号", treat_as=AS_IF).shared
    assert row.cells[1].relation is Relation.CROSSING
    answer = row.cells[1].forward
    assert isinstance(answer, Refuted) and answer.witness is not None
    record = answer.witness.record(0)
    assert record["curb_mass"] == 800 and record["consumption"] == 10


def test_without_an_assumption_two_test_cycles_are_not_compared() -> None:
    (row,) = matrix("GB 36980.1-2025", "财建〔2020〕86号").shared
    assert row.cells[1].relation is Relation.INCOMPARABLE and row.cells[1].why is not None


def test_the_spacing_of_roadside_units_conflicts_between_jiangsu_and_zhejiang() -> None:
    (row,) = matrix("江苏", "Zhejiang", subject="road.smart").shared
    assert row.requirement.properties == ("roadside.rsu.spacing",) and row.cells[1].relation is Relation.CONFLICTING
    assert isinstance(row.cells[1].together, Refuted) and row.cells[1].together.conflict == ((0, "4.1-10 a"), (1, "3.1.3-6 b"))


@pytest.mark.parametrize(
    ("first", "second", "relation", "left"),
    [
        ('shall: "consumption <= 20"', 'shall: "consumption <= 20.0"', Relation.EQUAL, None),
        ('shall: "consumption <= 20"', 'shall: "consumption < 20.01"', Relation.EQUAL, None),
        ('shall: "consumption <= 20"', 'shall: "consumption < 20"', Relation.STRICTER, None),
        ('shall: "consumption <= 20"', 'shall: "consumption <= 21"', Relation.LOOSER, None),
        ('shall: "consumption <= 20"', 'shall: "consumption <= 20", when: "mass > 1000"', Relation.LOOSER, None),
        ('shall: "consumption <= 20"', 'shall: "consumption <= (15 if mass > 2000 else 22)"', Relation.CROSSING, None),
        ('shall: "consumption <= 20"', 'shall: "consumption >= 20"', Relation.MISSTATED, "point"),
        ('shall: "consumption <= 20"', 'shall: "consumption >= 21"', Relation.MISSTATED, "nothing"),
        ('shall: "consumption <= 20"', 'shall: "consumption >= 19"', Relation.CROSSING, None),
        ('shall: "10 <= consumption <= 12"', 'shall: "13 <= consumption <= 15"', Relation.CONFLICTING, None),
    ],
)
def test_how_one_clause_stands_to_another(first: str, second: str, relation: Relation, left: str | None) -> None:
    (row,) = compare(made(car(first, 'shall: "mass <= 3000"'), car(second)), shelf().dictionary).shared[:1]
    assert (row.cells[1].relation, row.cells[1].left) == (relation, left)


def test_a_third_side_does_not_change_how_two_stand_to_each_other() -> None:
    narrow = car('shall: "consumption <= 9"').replace("max: 50", "max: 10")
    two = compare(made(car('shall: "consumption <= 20"'), car('shall: "consumption <= 21"')), shelf().dictionary)
    three = compare(made(car('shall: "consumption <= 20"'), car('shall: "consumption <= 21"'), narrow), shelf().dictionary)
    assert two.rows[0].cells[1].relation is three.rows[0].cells[1].relation is Relation.LOOSER


def test_what_applies_on_every_side_is_not_compared() -> None:
    alone = sides_of(shelf(), load_regions(), ["江苏"], "road", None)
    both = sides_of(shelf(), load_regions(), ["江苏", "浙江"], None, None)
    assert JIANGSU in alone[0].number and {p.standard.region for side in both for p in side.programs} == {"CN-32", "CN-33"}


def test_sides_that_ask_nothing_in_common_or_do_not_exist_are_refused() -> None:
    codes = []
    for words, subject in ((["GB 36980.1-2025", "GB 46519-2025"], None), (["火星", JIANGSU, "CN-99"], None), (["江苏", "浙江"], "vehicle.boat")):
        with pytest.raises(Refused) as refused:
            compare(sides_of(shelf(), load_regions(), words, subject, None), shelf().dictionary)
        codes.append([d.code for d in refused.value.diagnostics])
    assert codes == [["align-nothing-in-common"], ["align-unknown", "align-unknown"], ["align-region-empty", "align-region-empty"]]


def _drawn(program: Program, other: Program, seed: int) -> list[dict[str, Any]]:
    """Records that both programs can be given."""
    space, chance = Space((program, other)), random.Random(seed)
    found = []
    for one, two in zip(records(program, 60, seed, nulls=0), records(other, 60, seed + 1, nulls=0), strict=True):
        assignment: dict[str, Any] = {}
        for key, q in space.quantities.items():
            asked = [((one, two)[at].get(i.name), space.ratio(at, q)) for at, i in q.asked]
            fit = [v / r if isinstance(v, Fraction) else v for v, r in asked if v is not None]
            fit = [value for value in fit if q.admits(value)]
            if fit:
                assignment[key] = chance.choice(fit)
        found.append(assignment)
    return found


def test_no_record_contradicts_a_cell() -> None:
    """Random pairs of documents and random records: what a cell calls enough is enough, and what cannot be met together no record meets."""
    told: Counter[Relation] = Counter()
    for seed in range(40):
        first, second = editions(seed)
        pair = [Side(str(at), Title("", ""), (p,)) for at, p in enumerate((first, second))]
        rows = requirements(pair, shelf().dictionary, {})
        if not any(all(row.clauses) for row in rows):
            continue
        found = compare(pair, shelf().dictionary, budget=Budget(steps=200_000, seconds=120))
        space = Space((first, second))
        judged = [(evaluate(first, space.record(0, a)), evaluate(second, space.record(1, a))) for a in _drawn(first, second, seed)]
        for row in found.shared:
            cell = row.cells[1]
            told[cell.relation] += 1
            ours, theirs = ([found.clause(at, name)[1] for name in row.cells[at].clauses] for at in (0, 1))
            for a, b in judged:
                if not (a.of(first.scope) is True and b.of(second.scope) is True):
                    continue
                met = all(is_met(a, m) for m in ours), all(is_met(b, m) for m in theirs)
                assert not (isinstance(cell.forward, Proved) and met == (True, False)), (seed, row.requirement.properties)
                assert not (isinstance(cell.backward, Proved) and met == (False, True)), (seed, row.requirement.properties)
                passes = any(a.judge(m) is Verdict.PASS for m in ours) and any(b.judge(m) is Verdict.PASS for m in theirs)
                assert not (cell.relation is Relation.CONFLICTING and all(met) and passes and len(ours) == len(theirs) == 1)
    assert sum(told.values()) > 20 and len(told) >= 3, told


def test_every_two_of_several_are_what_they_are_alone() -> None:
    three = sides_of(shelf(), load_regions(), [ASSOCIATION, JIANGSU, "GB 46519-2025"], None, None)
    pairs = compare_pairs(three, shelf().dictionary)
    assert [len(m.shared) for m in pairs] == [24, 0, 0]
    assert pairs[0].counts(1) == matrix(ASSOCIATION, JIANGSU).counts(1)


def test_the_command_prints_the_table_a_row_and_json() -> None:
    root, run = build(PARTS), CliRunner()
    shown = run.invoke(root, ["--lang", "zh", "align", "compare", ASSOCIATION, JIANGSU])
    assert shown.exit_code == 1 and "疑误 8" in shown.output and "无解 2，只剩一点 6" in shown.output
    opened = run.invoke(root, ["--lang", "en", "align", "compare", ASSOCIATION, JIANGSU, "--row", "10"])
    assert "≤ 5 Hz" in opened.output and "[s1·A]" in opened.output and "10 > 5 Hz" in opened.output
    told = json.loads(run.invoke(root, ["align", "compare", ASSOCIATION, JIANGSU, "--json"]).output)
    assert told["counts"][JIANGSU]["equal"] == 15 and told["sides"][0]["standards"][0]["content"]
    for code, words in (("align-no-row", [JIANGSU, "--row", "500"]), ("align-two", [])):
        refused = run.invoke(root, ["align", "compare", ASSOCIATION, *words])
        assert refused.exit_code == 2 and code in refused.stderr


def test_a_witness_of_many_pairs_is_one_though_it_need_not_look_typical() -> None:
    texts = [car(f'shall: "consumption <= {limit}", when: "mass <= 2000"', 'shall: "consumption >= 5"') for limit in (20, 21, 22)]
    shown = 0
    for found in compare_pairs(made(*texts), shelf().dictionary):
        (row,) = found.shared
        assert row.cells[1].relation is Relation.LOOSER
        answer = row.cells[1].backward
        assert isinstance(answer, Refuted) and answer.witness is not None
        ours, theirs = ([found.clause(at, name)[1] for name in row.cells[at].clauses] for at in (0, 1))
        first, second = answer.witness.evaluations
        assert not all(is_met(first, m) for m in ours) and all(is_met(second, m) for m in theirs)
        shown += 1
    assert shown == 3
