"""Many records through many standards: read, map, admit, judge, count, write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.ir.check import check
from guiju.ir.node import Op, below
from guiju.ir.program import Program
from guiju.ir.snapshot import Snapshot
from guiju.readings.columnar import CODES, Columns, decimal_places, judge, record_of
from guiju.readings.evaluate import Evaluation, Verdict, evaluate
from guiju.readings.missing import BITS, missing_table, undetermined
from guiju.records.door import Quality, admit
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.mapping import check_mapping, load_mapping
from guiju.records.read import read_table
from guiju.records.source import Progress, Source, identifier, literal
from guiju.records.suggestion import Suggestion, suggest
from guiju.standard.form import weakest_grade
from guiju.standard.model import Input
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def located(shelf: Shelf, words: Sequence[str]) -> list[Path]:
    """The folders or files of standards named by number, folder or file.

    raises   Refused: unknown-standard, for each of them
    """
    problems = Problems()
    found = []
    for word in words:
        path = shelf.locate(word)
        if path is None:
            problems.add("unknown-standard", None, number=word, **did_you_mean(word, shelf.numbers()))
        else:
            found.append(path)
    problems.refuse_errors()
    return found


def programs(shelf: Shelf, words: Sequence[str], on: date | None, corrected: bool = False, *, snapshots: Sequence[Snapshot] = ()) -> list[Program]:
    """The programs of standards named by number, folder or file.

    corrected   texts believed wrong are read as corrected, not as written
    snapshots   of populations of theirs


    raises   Refused, with every problem of every one of them
    """
    problems = Problems()
    found = []
    for path in located(shelf, words):
        opened = shelf.open(path, on)
        own = Problems()
        own.extend(opened.problems.found)
        if opened.standard is not None:
            found.append(check(opened.standard, on, shelf, own, corrected, snapshots=snapshots))
        if own.has_errors:
            problems.extend(own.found)
    problems.refuse_errors()
    return found


@dataclass(frozen=True, slots=True)
class Judged:
    """One standard over one table: `admitted` and `verdicts` name tables of the connection, row by row the same.

    waiting, bits   the masks of the undetermined rows, and what their bits mean
    """

    program: Program
    quality: Quality
    columns: Columns
    admitted: str
    verdicts: str
    waiting: str
    bits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    connection: DuckDBPyConnection
    source: Source
    mapping: ColumnMapping
    suggestion: Suggestion | None
    judged: tuple[Judged, ...]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What the reader, the mapping and the door have to say, each thing once."""
        found = Problems()
        found.extend(self.source.diagnostics)
        if self.suggestion is not None:
            found.extend(self.suggestion.diagnostics)
        for each in self.judged:
            found.extend(each.quality.diagnostics())
            _rounded_twice(each, found)
        return found.found


def _rounded_twice(each: Judged, problems: Problems) -> None:
    """An input rounded at the door and rounded again for a rounded-value comparison."""
    for quality in each.quality.inputs:
        rounding = [m for m in each.program.clauses if m.clause.rounded]
        again = [m.no for m in rounding if any(n.op is Op.INPUT and n.value == quality.asked.name for n in below([m.requires]))]
        if quality.rounded and again:
            problems.add("rounded-twice", None, input=quality.asked.name, clauses=", ".join(again))


def fields_of(found: Iterable[Program]) -> list[Input]:
    """The inputs the programs use, one per property."""
    by_property: dict[str, Input] = {}
    for program in found:
        for name in program.used_inputs:
            by_property.setdefault(program.inputs[name].is_, program.inputs[name])
    return list(by_property.values())


def run(
    shelf: Shelf, found: Sequence[Program], records: Path, mapping: Path | None, *, sheet: str | None = None, progress: Progress | None = None,
    treat_as: Mapping[str, str] | None = None,
) -> Batch:  # fmt: skip
    """Reads the records, maps their columns (by the file given, or by suggestion) and judges them by every program.

    treat_as   property asked → property whose values are put in for it: an assumption of whoever asks
    raises   Refused: an unreadable file, a wrong mapping, a column of another property
    """
    import duckdb

    connection = duckdb.connect()
    source = read_table(records, connection, "records", sheet=sheet, progress=progress)
    used, suggestion = mapping_of(shelf, found, source, mapping)
    return Batch(connection, source, used, suggestion, judged(connection, source, used, found, progress=progress, treat_as=treat_as))


def judged(
    connection: DuckDBPyConnection, source: Source, mapping: ColumnMapping, found: Sequence[Program], *, progress: Progress | None = None,
    treat_as: Mapping[str, str] | None = None,
) -> tuple[Judged, ...]:  # fmt: skip
    """The rows of a source judged by every program, in tables of the connection that take the place of those made before.

    raises   Refused: what `admit` finds
    """
    fields, made = fields_of(found), []
    for number, program in enumerate(found):
        inputs = [program.inputs[name] for name in program.used_inputs]
        admitted, verdicts, waiting = f"admitted{number}", f"verdicts{number}", f"waiting{number}"
        quality = admit(connection, source, _treated(mapping, inputs, fields, treat_as or {}), inputs, admitted, progress=progress)
        columns = judge(connection, program, admitted, verdicts)
        bits = missing_table(connection, program, undetermined(admitted, verdicts), waiting) if program.overall else ()
        made.append(Judged(program, quality, columns, admitted, verdicts, waiting, bits))
    return tuple(made)


def _treated(mapping: ColumnMapping, inputs: Sequence[Input], fields: Sequence[Input], treat_as: Mapping[str, str]) -> ColumnMapping:
    """The mapping with entries of other properties for those that are treated as them."""
    entries = {i.is_: held for i in inputs if i.is_ in treat_as and (held := mapping.holding(treat_as[i.is_], fields)) is not None}
    return replace(mapping, inputs={**mapping.inputs, **{i.name: replace(entries[i.is_], is_=i.is_) for i in inputs if i.is_ in entries}})


def mapping_of(shelf: Shelf, found: Sequence[Program], source: Source, path: Path | None) -> tuple[ColumnMapping, Suggestion | None]:
    if path is None:
        fields = fields_of(found)
        suggestion = suggest(source.columns, fields, shelf.dictionary)
        # Standards name the same property differently, so what was suggested under a name is looked up by property.
        by_property = {f.is_: entry for f in fields if (entry := suggestion.mapping.of(f)) is not None}
        return ColumnMapping(by_property, suggestion.mapping.key), suggestion
    problems = Problems()
    loaded = load_mapping(path, problems)
    if loaded is not None:
        problems.extend(check_mapping(loaded, source.columns, [p.inputs[n] for p in found for n in p.used_inputs], shelf.dictionary))
    problems.refuse_errors()
    if loaded is None:
        raise Refused(problems.found)
    return loaded, None


def judged_otherwise(batch: Batch, each: Judged) -> dict[str, int]:
    """Clause number or `overall` → the records that the other reading of the standard gives another verdict; nothing where there is only one."""
    other = each.program.otherwise
    if other is None:
        return {}
    judge(batch.connection, other, each.admitted, f"{each.verdicts}otherwise")
    differ = {}
    for meaning in other.judged:
        if meaning.no in {m.no for m in each.program.judged}:
            name = identifier(meaning.no)
            joined = f"{each.verdicts} a JOIN {each.verdicts}otherwise b ON a.row = b.row"
            query = f"SELECT count(*) FROM {joined} WHERE a.{name} IS DISTINCT FROM b.{name}"
            differ[meaning.no] = int((batch.connection.execute(query).fetchone() or (0,))[0])
    return differ


Counts = Mapping[Verdict, int]


def counts(batch: Batch, each: Judged) -> dict[str, Counts]:
    """Clause number or `overall` → verdict → rows."""
    found: dict[str, Counts] = {}
    for meaning in each.program.judged:
        rows = batch.connection.execute(f"SELECT {identifier(meaning.no)}, count(*) FROM {each.verdicts} GROUP BY 1").fetchall()
        found[meaning.no] = {CODES[code]: number for code, number in rows}
    return found


def evaluations_of(batch: Batch, each: Judged, rows: Sequence[int]) -> dict[int, Evaluation]:
    """Row → its exact evaluation, for explaining it."""
    names = list(each.program.used_inputs)
    columns = ", ".join(["row", *(identifier(n) for n in names)])
    listed = ", ".join(str(r) for r in rows) or "NULL"
    found = batch.connection.execute(f"SELECT {columns} FROM {each.admitted} WHERE row IN ({listed})").fetchall()
    return {row[0]: evaluate(each.program, record_of(each.program, names, row[1:])) for row in found}


def export_query(batch: Batch) -> str:
    """One row per record: row, key, and per standard its verdicts in words, values, what is missing, and the weakest evidence it rests on."""
    several = len(batch.judged) > 1
    selected, joins = ["a.row", "a.key"], [f"{batch.judged[0].admitted} a"]
    for number, each in enumerate(batch.judged):
        prefix = f"{each.program.standard.number} " if several else ""
        v, m = f"v{number}", f"m{number}"
        joins.append(f"JOIN {each.verdicts} {v} ON {v}.row = a.row")
        joins.append(f"LEFT JOIN ({_missing_words(each)}) {m} ON {m}.row = a.row")
        judged_names = [meaning.no for meaning in each.program.judged]
        words = " ".join(f"WHEN {code} THEN {literal(verdict.value)}" for code, verdict in CODES.items() if code is not None)
        selected += [f"CASE {v}.{identifier(no)} {words} ELSE 'undetermined' END AS {identifier(prefix + no)}" for no in judged_names]
        values = [name for name in each.columns.outputs if name not in judged_names]
        selected += [f"{_shown(each.program, name, f'{v}.{identifier(name)}')} AS {identifier(prefix + name)}" for name in values]
        selected += [
            f"{m}.missing AS {identifier(prefix + 'missing')}",
            f"{literal(weakest_evidence(each.program))} AS {identifier(prefix + 'evidence')}",
        ]
        if each.program.snapshots:
            selected.append(f"{literal(' '.join(s.hash for s in each.program.snapshots))} AS {identifier(prefix + 'snapshot')}")
    return f"SELECT {', '.join(selected)} FROM {' '.join(joins)} ORDER BY a.row"


def _shown(program: Program, name: str, sql: str) -> str:
    """A value as it is written: exact where it is a decimal, else to ten decimals, beyond which a double says nothing."""
    node = program.roots[name]
    return f"round({sql}, 10)" if node.is_number and decimal_places(program, node) is None else sql


def _missing_words(each: Judged) -> str:
    """The inputs an undetermined overall verdict waits for, as one text per row."""
    if each.program.overall is None:
        return "SELECT NULL::BIGINT AS row, NULL AS missing WHERE FALSE"
    parts = [
        f"CASE WHEN {identifier(f'overall {i // BITS}')} & {1 << (i % BITS)} <> 0 THEN {literal(name.removeprefix('!'))} END"
        for i, name in enumerate(each.bits)
    ]
    return f"SELECT row, concat_ws(', ', {', '.join(parts)}) AS missing FROM {each.waiting}"


def weakest_evidence(program: Program) -> str:
    """The weakest grade among the sources a standard's clauses, tables and parameters cite; `illustrative` is weaker than any."""
    return weakest_grade(source.grade for source in program.standard.sources.values())
