"""What an aggregate means: which records count, what a cap does, what is refused; each by both readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pytest

from agreement import load
from checking import MADE_UP, checked, program_of
from guiju.base.diagnostics import Problems, Refused
from guiju.ir.program import Program
from guiju.ir.record import admit
from guiju.readings.aggregate import Aggregated, Group, aggregate
from guiju.readings.aggregate_reasons import reasons
from guiju.readings.columnar import columns
from guiju.readings.columnar_aggregate import aggregate_sql, aggregate_tables
from guiju.readings.render import read_back, render, surface
from guiju.readings.spark import SPARK

RULE = MADE_UP + """
inputs:
  account: {is: trip.account}
  trip: {is: trip.id}
  started: {is: trip.started, zone: "+08:00"}
  distance: {is: trip.distance, unit: m, decimals: 0, min: 0, max: 100000}
  duration: {is: trip.duration, unit: s, decimals: 0, min: 0, max: 100000}
formulas:
  ride_day: {formula: day(started)}
scope: {shall: distance >= 10 m, source: s}
clauses:
  "1": {zh: 里程, en: distance, shall: distance <= 30 km, source: s}
  "2": {zh: 时长, en: duration, shall: duration <= 7200 s, source: s}
aggregates:
  rides: {zh: 日, en: a day, by: [account, ride_day], where: "pass('overall')", order: [started], first: 2, sums: {credit: distance}, caps: {credit: 1500 m},
          undetermined: POLICY, source: s}
  accounts: {zh: 账户, en: accounts, of: rides, by: [account], sums: {total: credit}, caps: {total: 2000.5 m}, source: s}
  everyone: {zh: 全部, en: everyone, of: accounts, by: [], sums: {total: total}, source: s}
"""


def trip(account: str | None, started: str | None, distance: int | None, duration: int | None = 60) -> dict[str, object]:
    return {"account": account, "started": started, "distance": distance, "duration": duration}


def both(program: Program, given: Sequence[Mapping[str, object]], folder: Path) -> dict[str, Aggregated]:
    """The exact result, which the SQL must give too."""
    problems = Problems()
    found = [admit(program.inputs, each, problems) for each in given]
    assert not problems.found, problems.found
    connection = duckdb.connect()
    load(connection, program, found, folder / "records.csv")
    try:
        expected = aggregate(program, found)
    except Refused as refused:
        with pytest.raises(Refused) as said:
            aggregate_tables(connection, program, ["source"])
        assert said.value.diagnostics == refused.diagnostics
        raise
    for name, made in aggregate_tables(connection, program, ["source"]).items():
        assert tuple(made.groups(connection)) == expected[name].groups
        assert (made.keyless, made.hash(connection)) == (expected[name].keyless, expected[name].hash)
        assert reasons(connection, program, made.meaning, ["source"]) == expected[name].reasons
    return expected


def rule(policy: str = "exclude", change: tuple[str, str] = ("", "")) -> Program:
    return program_of(RULE.replace("POLICY", policy).replace(*change))


def test_the_first_of_a_day_count_and_the_day_is_that_of_the_zone(tmp_path: Path):
    given = [trip("a", "2026-01-01T15:59:59Z", 300), trip("a", "2026-01-01T16:00:00Z", 400), trip("a", "2026-01-01T10:00", 500), trip("a", "2026-01-01T09:00", 700)]
    found = both(rule(), given, tmp_path)["rides"].groups
    assert [(str(g.keys[1]), g.counted, g.beyond, g.sums) for g in found] == [("2026-01-01", 2, 1, (1200,)), ("2026-01-02", 1, 0, (400,))]


def test_a_cap_limits_the_sum_of_a_group_and_the_sum_before_it_is_kept(tmp_path: Path):
    given = [trip("a", "2026-01-01T10:00", 1000), trip("a", "2026-01-01T11:00", 900), trip("a", "2026-01-02T10:00", 600), trip("b", "2026-01-02T10:00", 5000)]
    found = both(rule(), given, tmp_path)
    assert [(g.sums, g.uncapped) for g in found["rides"].groups] == [((1500,), (1900,)), ((600,), (600,)), ((1500,), (5000,))]
    assert [(g.keys, g.sums, g.uncapped) for g in found["accounts"].groups] == [(("a",), (20005,), (21000,)), (("b",), (15000,), (15000,))]
    assert found["everyone"].groups == (Group((), 4, 0, 0, 0, (35005,), (35005,)),)


def test_a_record_out_of_scope_is_rejected_and_one_that_fails_is_told_by_its_first_clause(tmp_path: Path):
    given = [trip("a", "2026-01-01T10:00", 5), trip("a", "2026-01-01T10:00", 40_000, 9_000), trip("a", "2026-01-01T11:00", 100, 9_000)]
    found = both(rule(), given, tmp_path)["rides"]
    assert [(g.counted, g.rejected, g.sums) for g in found.groups] == [(0, 3, (0,))]
    assert found.reasons.rejected == {"scope": (1, 1), "1": (1, 1), "2": (2, 1)}


def test_undetermined_records_are_left_out_and_counted_where_they_belong(tmp_path: Path):
    given = [
        trip("a", "2026-01-01T10:00", 100), trip("a", "2026-01-01T09:00", 100, None), trip("a", None, 100), trip(None, "2026-01-01T10:00", 50_000),
        trip(None, "2026-01-01T10:00", 100), trip("b", "2026-01-01T10:00", None),
    ]  # fmt: skip
    found = both(rule(), given, tmp_path)["rides"]
    assert [(g.keys[0], g.counted, g.undetermined, g.sums) for g in found.groups] == [("a", 1, 1, (100,)), ("b", 0, 1, (0,))]
    assert found.keyless == (1, 2)
    assert found.reasons.waits == {"duration": 1, "started": 1, "account": 1, "distance": 1}


def test_a_standard_may_refuse_to_go_on_without_undetermined_records(tmp_path: Path):
    given = [trip("a", "2026-01-01T10:00", 100), trip("a", "2026-01-01T09:00", 100, None)]
    assert both(rule("refuse"), given[:1], tmp_path)["everyone"].groups[0].sums == (1000,)
    with pytest.raises(Refused) as refused:
        both(rule("refuse"), given, tmp_path)
    (said,) = refused.value.diagnostics
    assert (said.code, said.facts["count"], said.facts["waits"]) == ("aggregate-undetermined", "1", "duration")


def test_ties_matter_only_where_they_change_the_result(tmp_path: Path):
    at = "2026-01-01T10:00"
    assert both(rule(), [trip("a", at, 100)] * 3, tmp_path)["rides"].groups[0].sums == (200,)
    differ_within = [trip("a", at, 100), trip("a", at, 200), trip("a", "2026-01-01T11:00", 300)]
    assert both(rule(), differ_within, tmp_path)["rides"].groups[0].sums == (300,)
    with pytest.raises(Refused) as refused:
        both(rule(), [*differ_within, trip("a", at, 300), *([trip("b", at, 11), trip("b", at, 12), trip("b", at, 13)])], tmp_path)
    (said,) = refused.value.diagnostics
    assert (said.code, said.facts["groups"], said.facts["example"]) == ("order-not-total", "2", "a, 2026-01-01")


def test_a_sum_beyond_64_bits_is_refused_by_name(tmp_path: Path):
    text = RULE.replace("POLICY", "exclude").replace("order: [started], first: 2, ", "").replace("credit: distance}", "credit: distance * 10000000000}")
    program = program_of(text.replace("caps: {credit: 1500 m},", "").replace("caps: {total: 2000.5 m}, ", ""))
    assert both(program, [trip("a", "2026-01-01T10:00", 30_000)] * 3, tmp_path)["everyone"].groups[0].sums == (3 * 30_000 * 10_000_000_000,)
    with pytest.raises(Refused) as refused:
        both(program, [trip("a", "2026-01-01T10:00", 30_000)] * 31_000, tmp_path)
    assert [d.code for d in refused.value.diagnostics] == ["sum-overflow"]


def test_the_hash_is_of_the_content_and_changes_with_it(tmp_path: Path):
    given = [trip("a", "2026-01-01T10:00", 100), trip("b", "2026-01-01T10:00", 200)]
    first = both(rule(), given, tmp_path)["rides"].hash
    assert both(rule(), given[::-1], tmp_path)["rides"].hash == first
    assert both(rule(), [given[0], trip("b", "2026-01-01T10:00", 201)], tmp_path)["rides"].hash != first
    assert both(rule(), [*given, trip(None, "2026-01-01T10:00", 100)], tmp_path)["rides"].hash != first
    assert first == "a46b633dab13c51af5a82b40ebc08f7990c8694b69511c5b69c1e84bf05dc4f7"


def test_no_records_make_no_groups(tmp_path: Path):
    assert {name: each.groups for name, each in both(rule(), [], tmp_path).items()} == {"rides": (), "accounts": (), "everyone": ()}


def test_two_runs_over_chunks_of_a_parquet_file_hash_alike(tmp_path: Path):
    """Without a number of first ones chunks are grouped one by one; with one, together. Neither the chunks nor the threads show."""
    for change in (("order: [started], first: 2, ", ""), ("order: [started]", "order: [started, trip]")):
        program = rule(change=change)
        connection = duckdb.connect(config={"threads": 2})
        connection.execute(
            f"COPY (SELECT 'a' || hash(i) % 50 AS account, 't' || i AS trip, TIMESTAMP '2026-01-01' + to_seconds(CAST(hash(i * 3) % 400000 AS BIGINT)) AS started, "
            f"CAST(hash(i * 7) % 40000 AS DOUBLE) AS distance, CASE WHEN i % 97 <> 0 THEN CAST(hash(i * 5) % 8000 AS DOUBLE) END AS duration "
            f"FROM range(20000) t(i)) TO '{tmp_path}/trips.parquet'"
        )
        for number in range(4):
            rows = f"read_parquet('{tmp_path}/trips.parquet', file_row_number = true) WHERE file_row_number % 4 = {number}"
            connection.execute(f"CREATE VIEW part{number} AS SELECT * EXCLUDE (file_row_number) FROM {rows}")
        connection.execute(f"CREATE OR REPLACE VIEW whole AS SELECT * FROM '{tmp_path}/trips.parquet'")
        sources = (["whole"], ["part0", "part1", "part2", "part3"], ["part3", "part1", "part2", "part0"], ["whole"])
        hashes = [{n: m.hash(connection) for n, m in aggregate_tables(connection, program, each).items()} for each in sources]
        assert hashes[0] == hashes[1] == hashes[2] == hashes[3]
        (undetermined,) = connection.execute("SELECT sum(undetermined) FROM aggregate_everyone").fetchone() or (0,)
        assert undetermined > 100
        meaning = program.aggregates[-1]
        total = connection.execute(f"SELECT total FROM ({aggregate_sql(program, meaning, 'whole')})").fetchall()
        assert total == connection.execute("SELECT total FROM aggregate_everyone").fetchall()
        connection.close()


def test_aggregates_are_rendered_and_read_back():
    program = rule()
    for language in ("zh", "en"):
        text = render(program, language)  # type: ignore[arg-type]
        assert read_back(text, program, language) == surface(program.standard)  # type: ignore[arg-type]
        assert "UTC" not in text and "+08:00" in text
    assert "of each group only the first 2" in render(program, "en")


def test_what_varies_by_scenario_is_put_together_before_it_is_summed(tmp_path: Path):
    text = RULE.replace("POLICY", "exclude").replace("inputs:\n", "scenarios: {is: vehicle.category, of: [M1, N1]}\ninputs:\n")
    text = text.replace("duration: {is: trip.duration, unit: s, decimals: 0, min: 0, max: 100000}", "duration: {is: trip.duration, unit: s, decimals: 0, min: 0, max: 100000, per: scenario}")
    summed = program_of(text.replace("{credit: distance}", "{credit: distance, long: largest(duration)}"))
    given = [{"account": "a", "started": "2026-01-01T10:00", "distance": 100, "duration@M1": 60, "duration@N1": 70}]
    (group,) = both(summed, given, tmp_path)["rides"].groups
    assert (group.counted, group.sums) == (1, (100, 70))
    assert checked(text.replace("{credit: distance}", "{credit: distance, long: duration}")).codes == ["varies-by-scenario"]


def test_an_engine_whose_readings_have_no_times_says_so():
    with pytest.raises(Refused) as refused:
        columns(rule(), dialect=SPARK)
    assert [d.code for d in refused.value.diagnostics] == ["spark-without-times"]
