"""The snapshot that DuckDB takes is the one plain Python takes with exact fractions, on populations full of ties; and a table has one hash."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from agreement import agreement, load
from checking import MADE_UP, Texts, checked, program_of
from exact_population import hash_exactly, rank_exactly
from guiju.base.diagnostics import Refused
from guiju.ir.program import Program
from guiju.ir.snapshot import Snapshot
from guiju.ir.values import Value
from guiju.readings import population
from guiju.readings.population import rank, ranking_of, take_snapshot
from guiju.readings.render import read_back, render, surface
from random_documents import document
from random_records import records

INPUTS = """
inputs:
  consumption: {{is: nev.electricity.cltc, unit: kWh/100km, decimals: {decimals}, min: 3, max: 60}}
  mass: {{is: vehicle.mass.curb, unit: kg, decimals: {decimals}, min: 300, max: 6000}}
  category: {{is: vehicle.category, values: [M1, M2, N1]}}
"""
RULE = """
populations:
  r: {{zh: 甲, en: a, of: "{of}", better: {better}, ties: {ties}, min_count: 5, within: [category], where: mass >= 400 kg,
    best: {{a: 20 %, b: 0.5 %, c: 10, d: 1500, e: 100 %, f: 33.3 %}}, source: s}}
clauses: {{"1": {{zh: 甲, en: a, shall: "{of} >= r.a", source: s}}}}
"""
RATIO = "(consumption as [kWh/100km]) / (0.0048 * (mass as kg) + 8.6)"
LONG = "(consumption as [kWh/100km])^3 * (mass as kg)^3 * (consumption as [kWh/100km])^3"
OF = ("consumption", RATIO, "round_gb(consumption, 1 [kWh/100km])", LONG)


def ranked(of: str, better: str = "lower", ties: str = "all", decimals: int = 1) -> Program:
    return program_of(MADE_UP + INPUTS.format(decimals=decimals) + RULE.format(of=of, better=better, ties=ties))


def cars(count: int, seed: object, decimals: int = 1) -> list[dict[str, Value]]:
    """A third of them consume the same; some lack a value; of one category there are too few for a ranking."""
    chance, scale, found = random.Random(f"{seed}"), 10**decimals, []
    for n in range(count):
        consumption = Fraction(9) if n % 3 == 0 else Fraction(chance.randint(3 * scale, 60 * scale), scale)
        mass = Fraction(chance.choice((350, 1000, 1500, 2000, chance.randint(300, 6000))))
        record: dict[str, Value] = {"consumption": consumption, "mass": mass, "category": "N1" if n < 4 else "M1" if n % 5 else "M2"}
        if n % 40 == 0:
            del record[chance.choice(sorted(record))]
        found.append(record)
    return found


def table(program: Program, found: Sequence[dict[str, Value]], folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 2})
    load(connection, ranking_of(program), list(found), folder / "records.csv")
    return connection


@pytest.mark.parametrize("few", [population.FEW, 300])
@pytest.mark.parametrize("ties", ["all", "none"])
@pytest.mark.parametrize("better", ["lower", "higher"])
@pytest.mark.parametrize("of", OF)
def test_thresholds_are_exact_with_ties_ratios_and_values_that_doubles_cannot_order(
    of: str, better: str, ties: str, few: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """few   with 300, brackets come from a sample, as they do for large tables"""
    monkeypatch.setattr(population, "FEW", few)
    for decimals in (0, 4) if of == RATIO else (1,):
        program, found = ranked(of, better, ties, decimals), cars(4_000, of, decimals)
        exact = rank_exactly(program, found)
        assert rank(table(program, found, tmp_path), program, "source") == exact
        assert sum(t.inside != t.k for each in exact["r"].ranges.values() for t in each.best.values()) >= 1 or decimals or better == "higher"


@pytest.mark.parametrize("ties", ["all", "none"])
@pytest.mark.parametrize("better", ["lower", "higher"])
def test_equal_values_that_doubles_make_different_are_ties(better: str, ties: str, tmp_path: Path) -> None:
    """Every pair on a line has one value; without the half separation only those with the very double of the k-th would be equal to it."""
    program = ranked("(consumption as [kWh/100km]) * 7.3 + (mass as kg) * 0.01", better, ties)
    line = [(Fraction(n, 10), Fraction(10_000) - 73 * n) for n in range(60, 130)]
    off = [(Fraction(n, 10), Fraction(10_000 + 7 * side) - 73 * n) for n in range(60, 80) for side in (-1, 1)]
    found: list[dict[str, Value]] = [{"consumption": c, "mass": m, "category": "M1"} for c, m in line + off]
    assert len({7.3 * float(c) + float(m) * 0.01 for c, m in line}) > 1
    exact = rank_exactly(program, found)
    assert exact["r"].ranges["M1",].best["a"].inside == (20 if ties == "none" else 90)
    assert rank(table(program, found, tmp_path), program, "source") == exact


def test_a_sample_that_misleads_costs_a_pass_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records in the order of their value: any block of them is far from the whole."""
    monkeypatch.setattr(population, "FEW", 300)
    monkeypatch.setattr(population, "_places", lambda best, size, part: (1, 2))
    for ties in ("all", "none"):
        program = ranked(RATIO, ties=ties)
        found = sorted(cars(6_000, 1), key=lambda r: (str(r.get("category")), r.get("consumption", Fraction(0))))
        assert rank(table(program, found, tmp_path), program, "source") == rank_exactly(program, found)


@pytest.mark.parametrize("part", range(4))
def test_random_populations_of_random_documents_are_ranked_exactly(part: int, tmp_path: Path) -> None:
    compared = 0
    for seed in range(part, 60, 4):
        program = program_of(document(seed, hard=seed % 5 == 0, populations=True).text)
        found = records(ranking_of(program), 400, seed)
        connection = table(program, found, tmp_path)
        assert rank(connection, program, "source") == rank_exactly(program, found), f"document {seed}"
        compared += sum(bool(each.best) for r in rank_exactly(program, found).values() for each in r.ranges.values())
        connection.close()
    assert compared > 10


def test_where_membership_cannot_be_proved_the_rows_in_doubt_are_computed_exactly(tmp_path: Path) -> None:
    text = MADE_UP + INPUTS.format(decimals=4) + RULE.format(of="consumption", better="lower", ties="all").replace(
        "where: mass >= 400 kg", f'where: "{LONG} <= {LONG.replace("^3", "^2")} * (mass as kg) * (consumption as [kWh/100km])^2"')  # fmt: skip
    program = program_of(text)
    assert ranking_of(program).exactness.unproved
    found = records(ranking_of(program), 600, 5)
    assert rank(table(program, found, tmp_path), program, "source") == rank_exactly(program, found)


def test_too_many_rows_in_doubt_are_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population, "EXACT_MAX", 0)
    program, found = ranked(LONG), cars(400, 2)
    with pytest.raises(Refused) as refused:
        rank(table(program, found, tmp_path), program, "source")
    assert [d.code for d in refused.value.diagnostics] == ["population-not-separated"]


def test_a_standard_without_populations_has_no_snapshot(tmp_path: Path) -> None:
    program = program_of(MADE_UP + INPUTS.format(decimals=1) + 'clauses: {"1": {zh: 甲, en: a, shall: mass >= 400 kg, source: s}}\n')
    with pytest.raises(Refused) as refused:
        take_snapshot(duckdb.connect(), program, "source")
    assert [d.code for d in refused.value.diagnostics] == ["no-populations"]


# one table, one hash


def test_the_order_and_the_chunks_of_the_rows_do_not_matter_and_every_cell_does(tmp_path: Path) -> None:
    program, found = ranked(RATIO), cars(3_000, 3)
    connection = table(program, found, tmp_path)
    first = take_snapshot(connection, program, "source")
    assert first.data == hash_exactly(program, ranking_of(program).used_inputs, found)
    connection.execute("CREATE TABLE turned AS SELECT 1 + row_number() OVER () AS row, * EXCLUDE row FROM (SELECT * FROM source ORDER BY hash(row))")
    connection.execute("CREATE VIEW parts AS SELECT * FROM turned WHERE row % 2 = 0 UNION ALL SELECT * FROM turned WHERE row % 2 = 1")
    connection.execute("SET threads = 1")
    for source in ("turned", "parts"):
        assert take_snapshot(connection, program, source).hash == first.hash
    connection.execute("UPDATE turned SET mass = mass + 0.1 WHERE row = 7")
    assert take_snapshot(connection, program, "turned").data != first.data
    connection.execute("DELETE FROM turned WHERE row = 7")
    assert take_snapshot(connection, program, "turned").data != first.data


def test_words_cannot_be_moved_from_one_cell_to_the_next_without_another_hash() -> None:
    program = program_of(MADE_UP + r"""
inputs:
  category: {is: vehicle.category, values: [M1, M2]}
  burns: {is: vehicle.fuel, values: [none, petrol]}
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}
populations: {r: {zh: 甲, en: a, of: mass, better: lower, within: [category, burns], best: {a: 1}, source: s}}
clauses: {"1": {zh: 甲, en: a, shall: mass <= r.a, source: s}}
""")
    connection = duckdb.connect()
    hashes = set()
    for a, b in (("x|", "y"), ("x", "|y"), ("x\\", "y"), ("x", "\\y"), ("x\n", "y"), ("x", "\ny"), ("x\\p", "y"), ("x\\n", "y"), ("x", "y"), (None, "xy")):
        connection.execute("CREATE OR REPLACE TABLE source AS SELECT 1 AS row, ?::VARCHAR AS category, ?::VARCHAR AS burns, 1000::DOUBLE AS mass", [a, b])
        taken = take_snapshot(connection, program, "source").data
        assert taken == hash_exactly(program, ("category", "burns", "mass"), [{k: v for k, v in (("category", a), ("burns", b), ("mass", Fraction(1000))) if v}])
        hashes.add(taken)
    assert len(hashes) == 10


# every reading with a snapshot


def test_readings_agree_on_records_ranked_by_thresholds_that_are_ratios(tmp_path: Path) -> None:
    program = ranked(RATIO, decimals=2)
    snapshot = take_snapshot(table(program, cars(2_000, 4, 2), tmp_path), program, "source")
    judged = program_of(MADE_UP + INPUTS.format(decimals=2) + RULE.format(of=RATIO, better="lower", ties="all"), snapshots=[snapshot])
    assert not judged.exactness.unproved
    found = agreement(judged, 3_000, 1, tmp_path)
    assert not found.differences, "\n".join(found.differences)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_population_is_printed_and_reads_back(language: str) -> None:
    for seed in range(40):
        program = program_of(document(seed, populations=True).text)
        page = render(program, language)  # type: ignore[arg-type]
        assert read_back(page, program, language) == surface(program.standard.authored), f"document {seed}"  # type: ignore[arg-type]
    program = ranked("consumption", ties="none")
    page = render(program, language)  # type: ignore[arg-type]
    wanted = ("排名依据，越低越好", "最优的 33.3 %", "最优的 10 个", "不足 5 个") if language == "zh" else (
        "ranked by, lower is better", "the best 33.3 %", "the best 10 ", "no ranking of fewer than 5")  # fmt: skip
    assert all(words in page for words in wanted)


EXAMPLES = """
examples:
  - {name: at it, given: {consumption: 13.9, mass: 1500, category: M1, r.a: 13.9 kWh/100km}, expect: {"1": pass, overall: pass, r.a: 13.9}}
  - {name: below, given: {consumption: 13.8, mass: 1500, category: M1, r.a: 139 Wh/km}, expect: {"1": fail}}
  - {name: no snapshot, given: {consumption: 13.8, mass: 1500, category: M1}, expect: {"1": undetermined}}
  - {name: missing, given: {mass: 1500, r.a: 13.9}, expect: {"1": undetermined, missing: [consumption]}}
"""


def test_an_example_may_say_where_the_threshold_lies() -> None:
    text = MADE_UP + INPUTS.format(decimals=1) + RULE.format(of="consumption", better="higher", ties="all")
    assert checked(text, EXAMPLES).codes == []
    wrong = checked(text, EXAMPLES.replace("13.9 kWh/100km", "12 kg").replace("r.a: 139 Wh/km", "r.z: 1"))
    assert {"example-bad-value", "example-fails", "unknown-input"} <= set(wrong.codes)


def test_a_snapshot_stays_what_it_is_when_a_used_standard_brings_its_own(tmp_path: Path) -> None:
    """Both have populations; each threshold comes from the snapshot of its own standard."""
    inner = MADE_UP + INPUTS.format(decimals=1) + RULE.format(of="consumption", better="higher", ties="all")
    outer = inner.replace("T/TEST 1", "T/TEST 2").replace("\ninputs:", "\nuses: {inner: T/TEST 1}\ninputs:", 1)
    outer += '  "2": {zh: 乙, en: b, shall: "inner.pass(\'1\')", source: s}\n'
    outer = outer.replace('clauses: {"1": {zh: 甲, en: a, shall: "consumption >= r.a", source: s}}', 'clauses:\n  "1": {zh: 甲, en: a, shall: "consumption >= r.a", source: s}')
    library = Texts({"T/TEST 1": inner})
    found = cars(500, 8)
    snapshots: list[Snapshot] = []
    for text, some in ((inner, found[:250]), (outer, found)):
        program = program_of(text, library=library)
        snapshots.append(take_snapshot(table(program, some, tmp_path), program, "source"))
    program = program_of(outer, on=date(2026, 1, 1), library=library, snapshots=snapshots)
    assert {s.number for s in program.snapshots} == {"T/TEST 1", "T/TEST 2"}
    differences = agreement(program, 1_000, 2, tmp_path).differences
    assert not differences, "\n".join(differences)
