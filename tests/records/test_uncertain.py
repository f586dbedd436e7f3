"""Records of a file with uncertainties: the same as one by one, in whatever order the rows are."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest

from guiju.base.diagnostics import Problems, Refused
from guiju.readings.uncertain.conforming import uncertain
from guiju.readings.uncertain.stated import Spread, Stated
from guiju.records.bulk import programs
from guiju.records.uncertain import MARGINS, UncertainRecords, Wide, parse_wide, read_uncertain, told
from guiju.standard.shelf import Shelf

NUMBER = "GB 36980.1-2025"
MAPPING = """guiju: 1
key: model
inputs:
  category: {constant: M1}
  powertrain: {constant: bev}
  max_mass: {column: total, unit: kg}
  curb_mass: {column: mass, unit: kg}
  consumption: {column: energy, unit: kWh/100km}
"""


def read(folder: Path, rows: list[tuple[object, ...]], wide: list[Wide], **options: object) -> UncertainRecords:
    folder.mkdir(exist_ok=True)
    text = "\n".join(",".join("" if x is None else str(x) for x in row) for row in [("model", "total", "mass", "energy", "u"), *rows])
    (folder / "r.csv").write_text(text + "\n", encoding="utf-8")
    (folder / "m.yaml").write_text(MAPPING, encoding="utf-8")
    shelf = Shelf()
    (program,) = programs(shelf, [NUMBER], None)
    return read_uncertain(shelf, program, folder / "r.csv", folder / "m.yaml", wide, **options)  # type: ignore[arg-type]


def made_up(count: int, seed: int) -> list[tuple[object, ...]]:
    rng = random.Random(seed)
    rows = []
    for n in range(count):
        mass = rng.randint(1000, 2900)
        limit = min(max(0.00556 * (mass - 1780) + 13.92, 10.1), 19.1)
        rows.append((f"c{n}", 2500 if n % 9 else 3495, mass, f"{limit + rng.gauss(0, 0.2):.2f}", f"{rng.choice([0.05, 0.1, 0.2])}"))
    return rows


WIDE = [Wide("curb_mass", u=Fraction(4)), Wide("consumption", column="u"), Wide("max_mass", share=Fraction("0.001"))]


def test_probabilities_of_a_file_are_those_of_single_readings(tmp_path: Path):
    rows = made_up(120, 1)
    found = read(tmp_path, rows, WIDE, correlation={("curb_mass", "consumption"): 0.5})
    program = found.program
    table = found.connection.execute(f'SELECT key, "P R1", "near R1", "all at least", "all at most" FROM {MARGINS} ORDER BY row').fetchall()
    near = held = 0
    for (key, total, mass, energy, u), (told_key, chance, border, least, most) in zip(rows, table, strict=True):
        assert key == told_key
        record = {"category": "M1", "powertrain": "bev", "max_mass": Fraction(str(total)), "curb_mass": Fraction(str(mass)),
                  "consumption": Fraction(str(energy))}  # fmt: skip
        spreads = {"max_mass": Spread(Fraction(str(total)) / 1000), "curb_mass": Spread(Fraction(4)), "consumption": Spread(Fraction(str(u)))}
        single = uncertain(program, Stated(record, spreads, {("curb_mass", "consumption"): 0.5}), trials=1_000)  # type: ignore[arg-type]
        clause = next(c for c in single.clauses if c.meaning.no == "R1")
        if border:
            near += 1
            assert chance is least is most is None
            assert clause.margin is not None
            assert not clause.margin.holds, "a border that is near in one is near in the other"
        else:
            held += 1
            assert chance == pytest.approx(clause.probability, abs=1e-9)
            assert least == most == chance
    assert near > 5
    assert held > 60
    (counted, _) = told(found)
    assert (counted.no, counted.records, counted.near) == ("R1", held, near)


def test_records_near_a_border_are_drawn_one_by_one(tmp_path: Path):
    rows = made_up(60, 2)
    without, some = read(tmp_path / "a", rows, WIDE), read(tmp_path / "b", rows, WIDE, singles=3)
    assert without.drawn == 0
    assert some.drawn == 3
    assert some.waiting == without.waiting - 3
    filled = some.connection.execute(f'SELECT "P R1", "all at least", "all at most" FROM {MARGINS} WHERE "near R1" AND "P R1" IS NOT NULL').fetchall()
    assert len(filled) == 3
    assert all(0 <= p <= 1 and least == most for p, least, most in filled)


def test_the_order_of_rows_changes_nothing(tmp_path: Path):
    rows = made_up(40, 3)
    shuffled = random.Random(1).sample(rows, len(rows))
    query = f"SELECT * EXCLUDE (row) FROM {MARGINS} ORDER BY key"
    one, other = (read(tmp_path / name, each, WIDE).connection.execute(query).fetchall() for name, each in (("a", rows), ("b", shuffled)))
    assert one == other


def test_records_without_values_or_without_u_have_no_probability(tmp_path: Path):
    found = read(tmp_path, [("a", 2500, 1780, 13.8, ""), ("b", 2500, "", 13.8, 0.1), ("c", 2500, 1780, 13.8, 0.1)], WIDE)
    assert [p is None for (p,) in found.connection.execute(f'SELECT "P R1" FROM {MARGINS} ORDER BY row').fetchall()] == [True, True, False]


@pytest.mark.parametrize(("wide", "correlation", "codes"), [
    ([], {}, ["bulk-no-spread"]),
    ([Wide("consumption", column="nowhere")], {("consumption", "curb_mass"): 0.5}, ["bulk-column-gone", "correlation-of-exact"]),
    ([Wide("consumption", u=Fraction(1))], {("consumption", "consumption"): 2.0}, ["uncertain-pair"]),
    (WIDE, {("consumption", "curb_mass"): 0.9, ("consumption", "max_mass"): 0.9, ("curb_mass", "max_mass"): -0.9}, ["uncertain-correlation"]),
])  # fmt: skip
def test_what_cannot_be_used_is_refused(tmp_path: Path, wide: list[Wide], correlation: dict[tuple[str, str], float], codes: list[str]):
    with pytest.raises(Refused) as refused:
        read(tmp_path, made_up(3, 1), wide, correlation=correlation)
    assert [d.code for d in refused.value.diagnostics] == codes


@pytest.mark.parametrize(("text", "found"), [
    ("consumption=0.1", Wide("consumption", u=Fraction("0.1"))), ("consumption=100 Wh/km", Wide("consumption", u=Fraction(10))),
    ("curb_mass = 1 %", Wide("curb_mass", share=Fraction("0.01"))), ("consumption=@u", Wide("consumption", column="u")),
    ("consumption", "bulk-spread-malformed"), ("consumption=x%", "bulk-spread-malformed"), ("consumtion=1", "unknown-input"),
    ("category=1", "spread-of-no-number"), ("consumption=-1", "spread-negative"),
])  # fmt: skip
def test_how_an_uncertainty_of_many_is_written(text: str, found: Wide | str):
    (program,) = programs(Shelf(), [NUMBER], None)
    problems = Problems()
    made = parse_wide(text, program.inputs, problems)
    if isinstance(found, str):
        assert [d.code for d in problems.found] == [found]
    else:
        assert made == found
        assert not problems.found
