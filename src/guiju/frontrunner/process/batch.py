"""Batch: the suppliers of a chain in one call: each line of a table becomes an application of its own, with its evidence where some is given.

First everything is looked at, and everything wrong is told with its line; only where nothing is wrong are they applied for, all in one transaction.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.frontrunner.process import certifying
from guiju.frontrunner.process.bodies import TABLE_MAX, cells_of
from guiju.frontrunner.process.certifying import CERTIFYING
from guiju.frontrunner.process.doing import Application, Tools, application
from guiju.store.acts import Body, step_within
from guiju.store.belonging import Somebody
from guiju.store.database import Store

LINES_MAX = 1_000
COLUMNS = ("enterprise", "standard", "edition", "models")
_WORDS = {"enterprise": "企业代码", "standard": "标准编号", "edition": "版本", "models": "型号"}


@dataclass(frozen=True, slots=True)
class Line:
    """row   in the table, its headers being row 1"""

    row: int
    asked: Application


@dataclass(frozen=True, slots=True)
class Made:
    """made   identifier of the application; empty after a dry run. evidence: rows handed in with it"""

    line: Line
    id: str
    models: int
    evidence: int


def lines_of(text: str, scheme: str, library: str, undertaking: str) -> list[Line]:
    """The lines of a table: CSV, its headers first; several models between blanks or semicolons, none: all of the standard's.

    raises   Refused: frontrunner-batch-column, frontrunner-batch-lines, process-too-long
    """
    problems = Problems()
    if len(text) > TABLE_MAX:
        problems.add("process-too-long", None, what="table", most=TABLE_MAX)
        problems.refuse_errors()
    rows = cells_of(text)
    names = [_named(cell) for cell in rows[0]] if rows else []
    for name in COLUMNS[:3]:
        if name not in names:
            problems.add("frontrunner-batch-column", None, column=name, word=_WORDS[name])
    if not 1 <= len(rows) - 1 <= LINES_MAX:
        problems.add("frontrunner-batch-lines", None, found=max(len(rows) - 1, 0), most=LINES_MAX)
    problems.refuse_errors()
    found = []
    for number, row in enumerate(rows[1:], 2):
        cells = {name: cell.strip() for name, cell in zip(names, row, strict=False) if name}
        models = tuple(filter(None, cells.get("models", "").replace("；", ";").replace(";", "\n").split("\n")))
        asked = Application(scheme, cells.get("enterprise", ""), cells.get("standard", ""), cells.get("edition", ""),
                            tuple(each.strip() for each in models), library, undertaking)  # fmt: skip
        found.append(Line(number, asked))
    return found


def _named(cell: str) -> str:
    word = cell.strip().lstrip("\ufeff").casefold()
    return next((name for name in COLUMNS if word in (name, _WORDS[name])), "")


def apply_all(
    store: Store, who: Somebody, tools: Tools, lines: Sequence[Line], evidence: Sequence[dict[str, str]] = (), *, illustrative: bool = False,
    dry: bool = False,
) -> list[Made]:  # fmt: skip
    """Applies for every line, or for none.

    evidence  rows for any of the models, each handed in with the application its model is in
    dry       looks at everything and changes nothing
    raises    Refused: every problem of every line, each saying its row (frontrunner-batch-row)
    """
    problems = Problems()
    bodies: list[tuple[Line, Body]] = []
    seen: dict[tuple[str, str, str], int] = {}
    for line in lines:
        key = line.asked.enterprise, line.asked.standard, line.asked.edition
        if key in seen:
            problems.add("frontrunner-batch-twice", None, row=line.row, first=seen[key])
        seen.setdefault(key, line.row)
        try:
            bodies.append((line, application(tools, line.asked)))
        except Refused as refused:
            _told(problems, line, refused)
    _without_home(bodies, evidence, problems)
    made: list[Made] = []
    with contextlib.suppress(_DryError), store.writing() as connection:
        for line, body in bodies:
            try:
                made.append(_apply(store, connection, who, line, body, evidence, illustrative))
            except Refused as refused:
                _told(problems, line, refused)
        if problems.has_errors:
            raise Refused(problems.found)
        if dry:
            raise _DryError
    return [replace(each, id="") for each in made] if dry else made


class _DryError(Exception):
    """Takes back what a dry run did."""


def _apply(
    store: Store, connection: Connection, who: Somebody, line: Line, body: Body, evidence: Sequence[dict[str, str]], illustrative: bool
) -> Made:  # fmt: skip
    found = certifying.apply_within(store, connection, who, body)
    rows = [row for row in evidence if row.get("model") in body["models"]]
    if rows:
        step_within(store, connection, CERTIFYING, who, found.id, "evidence", certifying.evidence_body(rows, illustrative))
    return Made(line, found.id, len(body["models"]), len(rows))


def _told(problems: Problems, line: Line, refused: Refused) -> None:
    for each in refused.diagnostics:
        facts = {"row": str(line.row), "zh": each.message("zh"), "en": each.message("en")}
        problems.extend([Diagnostic("frontrunner-batch-row", None, facts)])


def _without_home(bodies: Sequence[tuple[Line, Body]], evidence: Sequence[dict[str, str]], problems: Problems) -> None:
    """Reports evidence of models that no line applies for."""
    known = {model for _, body in bodies for model in body["models"]}
    for model in sorted({row.get("model", "") for row in evidence} - known):
        problems.add("frontrunner-batch-evidence", None, model=model)
