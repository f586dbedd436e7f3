"""Real trips and charging sessions, credited by made-up rules: the published totals, exactly, by both readings."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import duckdb

from checking import program_of, shelf
from crediting import BIKES, CHARGING, case
from guiju.ir.program import Program
from guiju.readings.aggregate import Aggregated, aggregate
from guiju.readings.aggregate_reasons import reasons
from guiju.readings.columnar import record_of
from guiju.readings.columnar_aggregate import AggregateTable, aggregate_tables
from guiju.records.door import admit
from guiju.records.read import read_table
from guiju.records.suggestion import suggest


def credited(text: str, file: Path) -> tuple[Program, duckdb.DuckDBPyConnection, dict[str, AggregateTable], dict[str, Aggregated]]:
    """The file through the door, mapped by its headers alone; aggregated by both readings, which must agree."""
    program = program_of(text)
    connection = duckdb.connect()
    source = read_table(file, connection, "records")
    fields = [program.inputs[name] for name in program.used_inputs]
    quality = admit(connection, source, suggest(source.columns, fields, shelf().dictionary).mapping, fields, "admitted")
    assert not quality.bad and all(each.entry for each in quality.inputs)
    tables = aggregate_tables(connection, program, ["admitted"])
    names = list(program.used_inputs)
    rows = connection.execute(f"SELECT {', '.join(names)} FROM admitted").fetchall()
    exact = aggregate(program, [record_of(program, names, row) for row in rows])
    for name, made in tables.items():
        assert tuple(made.groups(connection)) == exact[name].groups
        assert made.hash(connection) == exact[name].hash
    return program, connection, tables, exact


def test_bike_trips_are_credited_as_published(shared: Path):
    file, expected = case(shared, "pop1_bike_open")
    program, connection, tables, exact = credited(BIKES, file)
    (whole,) = exact["everyone"].groups
    assert whole.counted + whole.beyond + whole.rejected == expected["trips"] and whole.undetermined == 0
    assert whole.counted == expected["credited"]
    assert whole.sums == (expected["total_g"],)
    why = reasons(connection, program, tables["rides"].meaning, ["admitted"])
    assert why == exact["rides"].reasons
    first = {no: count for no, (_, count) in why.rejected.items()}
    names = {"duration": "duration_s", "distance": "track_m", "gps_jump": "max_seg_m", "speed": "avg_speed"}
    assert {name: first[no] for name, no in names.items()} | {"daily_cap": whole.beyond} == expected["rejected"]
    accounts = [group for group in exact["accounts"].groups if group.counted]
    assert len(accounts) == expected["users_credited"]
    top = sorted(((group.keys[0], group.sums[0]) for group in accounts), key=lambda each: -each[1])[:5]
    assert [list(each) for each in top] == expected["top5"]


def test_charging_sessions_are_credited_as_published(shared: Path):
    file, expected = case(shared, "pop2_ev_open")
    program, connection, tables, exact = credited(CHARGING, file)
    (whole,) = exact["everyone"].groups
    assert (whole.counted + whole.rejected, whole.counted) == (expected["sessions"], expected["credited"])
    assert reasons(connection, program, tables["years"].meaning, ["admitted"]).rejected == {"energy_range": (expected["rejected"]["energy"],) * 2}
    sums = [Fraction(steps, 10**each.places) for steps, each in zip(whole.sums, tables["everyone"].meaning.sums, strict=True)]
    assert sums == [Fraction(expected[name]) for name in ("total_kg", "BE_kg", "PE_kg")]
    years = {group.keys[0]: Fraction(group.sums[0], 1000) for group in exact["years"].groups}
    assert years == {year: Fraction(total) for year, total in expected["by_year"].items()}
