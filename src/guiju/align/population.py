"""Population: real records, which columns of them hold what, and which of them are one model.

Rows that name one model (its variants, its model years, the same car listed twice) count as one unit: otherwise whoever lists most variants
would decide what is usual. Where the records name no model every record is a unit.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.ir.program import Program
from guiju.records.bulk import mapping_of
from guiju.records.headers import parse_header
from guiju.records.mapping import Entry, Mapping, found_column
from guiju.records.read import read_table
from guiju.records.source import Column, Progress, Source, identifier
from guiju.standard.dictionary import check_treated
from guiju.standard.model import Title
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAKES = ("make", "brand", "manufacturer", "品牌", "厂商", "生产企业", "企业名称")
MODELS = ("model", "car model", "车型", "型号", "车辆型号", "产品型号", "车型名称", "通用名称")
EACH_RECORD = "record"
"""Said in place of columns: every record is a unit."""


@dataclass(frozen=True)
class Population:
    """connection   holds the table of the source and, made here, `models`: row, model
    named        the columns that together name a model; none: every record is a unit
    units        models, or records where none is named
    assumptions  constants of the mapping, values let in for others, and what its author says of the records
    """

    connection: DuckDBPyConnection
    source: Source
    mapping: Mapping
    named: tuple[str, ...]
    units: int
    title: Title
    terms: str
    assumptions: tuple[Title, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def unit(self) -> Title:
        """What is counted."""
        names = " + ".join(self.named)
        return Title(f"车型（{names}）", f"models ({names})") if self.named else Title("记录", "records")


def population(
    shelf: Shelf, programs: Sequence[Program], records: Path, mapping: Path | None, *, model: Sequence[str] = (), sheet: str | None = None,
    progress: Progress | None = None,
) -> Population:  # fmt: skip
    """The records of a file with the mapping given, or suggested for what the programs ask.

    model    the columns that name a model; none: those whose headers say so; `record`: every record is a unit
    raises   Refused: an unreadable file, a wrong mapping, unknown-model-column
    """
    import duckdb

    connection = duckdb.connect()
    source = read_table(records, connection, "records", sheet=sheet, progress=progress)
    used, suggestion = mapping_of(shelf, programs, source, mapping)
    columns = _model_columns(source.columns, model)
    cells = [f"nullif(trim(CAST({identifier(c.at)} AS VARCHAR)), '')" for c in columns]
    named = f"CASE WHEN {cells[-1]} IS NOT NULL THEN concat_ws(chr(31), {', '.join(cells)}) END" if cells else "NULL"
    connection.execute(
        f"CREATE TEMP TABLE models AS SELECT row, coalesce({named}, chr(30) || row) AS model FROM {identifier(source.table)}"
    )
    ((units,),) = connection.execute("SELECT count(DISTINCT model) FROM models").fetchall()
    about = used.about
    found = Problems()
    found.extend([*source.diagnostics, *(suggestion.diagnostics if suggestion else ())])
    title = about.title if about else Title(source.path.name, source.path.name)
    return Population(
        connection, source, used, tuple(c.name for c in columns), int(units), title, about.terms if about else "",
        (*(about.notes if about else ()), *_constants(programs, used)), found.found,
    )  # fmt: skip


def _model_columns(columns: Sequence[Column], wanted: Sequence[str]) -> list[Column]:
    """The columns that name a model, the one that names it within its make last."""
    if list(wanted) == [EACH_RECORD]:
        return []
    if wanted:
        problems = Problems()
        found = [found_column(name, columns) for name in wanted]
        for name, column in zip(wanted, found, strict=True):
            if column is None:
                problems.add("unknown-model-column", None, column=name, **did_you_mean(name, [c.name for c in columns]))
        problems.refuse_errors()
        return [column for column in found if column is not None]
    folded = {parse_header(column.name).folded: column for column in reversed(columns)}
    makes, models = ([folded[word] for name in names if (word := parse_header(name).folded) in folded] for names in (MAKES, MODELS))
    return [*makes[:1], *models[:1]] if models else []


def _constants(programs: Sequence[Program], mapping: Mapping) -> list[Title]:
    """What is put in for every record because no column says it."""
    said: dict[str, Title] = {}
    for program in programs:
        for asked in (program.inputs[name] for name in program.used_inputs):
            entry = mapping.of(asked)
            if entry is not None and entry.constant is not None:
                label = asked.labels.get(entry.constant, (entry.constant, entry.constant))
                said[asked.is_] = Title(f"每条记录的{asked.zh}都取 {label[0]}", f"{asked.en}: {label[1]} for every record")
    return list(said.values())


def treated(population: Population, shelf: Shelf, programs: Sequence[Program], treat_as: AnyMapping[str, str]) -> Population:
    """The same records, with the values of one property standing for another that they have none of; said as an assumption.

    treat_as   property asked → property used in its place
    raises     Refused: unknown-property, treat-as-kind
    """
    problems, held = Problems(), shelf.dictionary
    check_treated(treat_as, held, problems)
    problems.refuse_errors()
    entries = dict(population.mapping.inputs)
    asked_for = {program.inputs[name].is_ for program in programs for name in program.used_inputs}
    said = []
    for asked, used in treat_as.items():
        entry = _holding(population.mapping, used)
        if asked in asked_for and asked not in entries and entry is not None:
            entries[asked] = replace(entry, is_=asked)
            said.append(Title(f"以「{held[used].zh}」的数值代替「{held[asked].zh}」", f"the value of {held[used].en} stands for {held[asked].en}"))
    return replace(population, mapping=replace(population.mapping, inputs=entries), assumptions=(*said, *population.assumptions))


def _holding(mapping: Mapping, property_: str) -> Entry | None:
    return mapping.inputs.get(property_) or next((entry for entry in mapping.inputs.values() if entry.is_ == property_), None)


def refused(code: str, **facts: object) -> Refused:
    return Refused([Diagnostic(code, None, {name: str(value) for name, value in facts.items()})])
