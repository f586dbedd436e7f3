"""What `guiju report` does: a report of one record, or of a file of them, written in the form the file's ending names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.console import Exit, language, progress, refusals, say, show, written
from guiju.cli.judging import admitted_values, exit_code, given, row_of
from guiju.cli.ranking import ranked_programs
from guiju.cli.reading import texts_of
from guiju.readings.evaluate import evaluate
from guiju.readings.explain import explain
from guiju.records.bulk import counts, evaluations_of, run
from guiju.report.cited import file_hash
from guiju.report.evaluation import evaluation_report
from guiju.report.tree import Origin, Report
from guiju.report.written import ready, save
from guiju.standard.shelf import Shelf


def report_evaluation(
    standards: list[str], out: Path, *, record: Path | None, put: Sequence[str], records: Path | None, key: str | None, mapping: Path | None,
    sheet: str | None, on: str | None, rows: int, corrected: bool, snapshots: Sequence[Path], overwrite: bool,
) -> Exit:  # fmt: skip
    """Writes the report of one record (`record`, `put`, or `key` of `records`) or of all `records`; gives the exit code of their verdicts."""
    shelf = Shelf()
    with refusals(texts_of(shelf, standards)):
        ready(out, overwrite)
        if record is None and records is None and not put:
            raise Refused([Diagnostic("report-of-nothing", None, {})])
        found = ranked_programs(shelf, standards, as_of(on), corrected, snapshots)
        files = [Origin(file.name, file_hash(file)) for file in (record, mapping) if file is not None and file.is_file()]
        if records is not None and key is None and record is None and not put:
            from guiju.report.judged import judged_report

            with progress(say("读取与判定", "reading and judging")) as tell:
                batch = run(shelf, found, records, mapping, sheet=sheet, progress=tell)
                made: Report = judged_report(batch, language(), rows, files)
            show(d for d in batch.diagnostics if d.code != "input-without-column")
            tallies = [counts(batch, each).get("overall", {}) for each in batch.judged]
        else:
            put_in, explanations, tallies = given(record, put), [], []
            for program in found:
                values = {}
                if records is not None:
                    batch = run(shelf, [program], records, mapping, sheet=sheet)
                    row = row_of(batch, key)
                    values = dict(evaluations_of(batch, batch.judged[0], [row])[row].record)
                evaluation = evaluate(program, {**values, **admitted_values(shelf, program, found, put_in)})
                explanations.append(explain(evaluation, language()))
                tallies += [{evaluation.judge(program.overall): 1}] if program.overall else []
            if records is not None:
                files.append(Origin(records.name, file_hash(records)))
            called = key or (record.name if record is not None else say("给出的值", "values given"))
            made = evaluation_report(explanations, called, files)
        save(made, out, overwrite=overwrite)
    written(out)
    return exit_code(tallies)
