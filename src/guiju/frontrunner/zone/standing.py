"""Standing: where products stand by an evaluation scheme, from what is declared: the mandatory basic clauses, and each indicator beside its peers.

A position is a band and the share of the peers' models in the same comparable range that a model is better than; nobody is put in an order.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guiju.base.diagnostics import Problems, Refused
from guiju.frontrunner.board.boards import unchecked
from guiju.frontrunner.board.placing import BELOW, NOT_APPLICABLE, PLACED, REASONS, place
from guiju.frontrunner.library.library import Library
from guiju.frontrunner.scheme import Scheme, located_scheme
from guiju.frontrunner.scheme_meaning import ranges
from guiju.ir.program import Program
from guiju.records.source import identifier, literal
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf

LEADS, LAGS = 0.75, 0.25
"""Better than so large a share of the peers' models a brand leads; than at most so small a one it lags. A rule of this page, of no standard."""
_BASIC = {
    "basic-failed": Title("有一条或多条不符合", "one or more are not met"),
    "basic-unknown": Title("没有声明到可以判断", "not declared far enough to tell"),
    "scope": Title("不在方案的适用范围", "outside the scope of the scheme"),
    "scope-unknown": Title("不能判断是否在适用范围", "whether it is in scope cannot be told"),
}
_MET = Title("全部符合", "all are met")
_NOT_ASKED = Title("没有比到基本要求", "not compared as far as the basic clauses")


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a product. reason: why it is on no board; clauses: basic clauses that are failed or cannot be told"""

    scheme: Scheme
    range: tuple[Title, ...]
    reason: str
    clauses: str

    @property
    def told(self) -> Title:
        if not self.reason:
            return _MET
        found = _BASIC.get(self.reason, _NOT_ASKED)
        return Title(f"{found.zh}（{self.clauses}）", f"{found.en} ({self.clauses})") if self.clauses else found

    def range_text(self, language: Any) -> str:
        return " · ".join(each.text(language) for each in self.range) or "–"


@dataclass(frozen=True, slots=True)
class Position:
    """Of an enterprise's models in one comparable range, by one indicator.

    models, peers          with a value: its own, and those of others
    low, middle, high      shares of the peers' models that its models are better than; None where there are no peers
    worst, best, median    values: its own worst and best, and the median of the peers, as text in `unit`
    bands                  level → how many of its models
    """

    indicator: Title
    range: tuple[Title, ...]
    better: str
    unit: str
    models: int
    peers: int
    low: float | None
    middle: float | None
    high: float | None
    worst: str
    best: str
    median: str
    bands: Mapping[int, int]

    def range_text(self, language: Any) -> str:
        return " · ".join(each.text(language) for each in self.range) or "–"

    @property
    def word(self) -> Title | None:
        """Leads, lags, or between; None where there are no peers."""
        if self.middle is None:
            return None
        if self.middle >= LEADS:
            return Title("领先", "leads")
        return Title("落后", "lags") if self.middle <= LAGS else Title("居中", "between")


@dataclass
class Standings:
    """Of one library by some schemes; each placed when it is first asked for."""

    library: Library
    schemes: Sequence[str]
    shelf: Shelf
    on: date
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _placed: dict[str, tuple[Scheme, Program, str] | None] = field(default_factory=dict)

    def placed(self) -> list[tuple[Scheme, Program, str]]:
        """The schemes that can be used with the library, their programs, and the table of each."""
        with self._turn:
            for name in self.schemes:
                if name not in self._placed:
                    self._placed[name] = self._place(name)
            return [each for each in self._placed.values() if each is not None]

    def _place(self, name: str) -> tuple[Scheme, Program, str] | None:
        problems = Problems()
        try:
            opened = open_scheme_named(self.shelf, name, problems)
            if opened is None:
                return None
            scheme, program = opened
            place(program, scheme, self.library, self.on, unchecked)
        except Refused:
            return None
        table = f"zone placed {name}"
        self.library.connection.execute(f"CREATE OR REPLACE TABLE {identifier(table)} AS SELECT * FROM {PLACED}")
        return scheme, program, table

    def of_product(self, key: str) -> list[Standing]:
        """What each scheme says of a product."""
        found = []
        for scheme, program, table in self.placed():
            parts = len(ranges(scheme, program.standard))
            columns = "".join(f", r{number}" for number in range(parts))
            cursor = self.library.connection.cursor()
            rows = cursor.execute(f"SELECT reason, failing{columns} FROM {identifier(table)} WHERE product = ? LIMIT 1", [key]).fetchall()
            for reason, failing, *words in rows:
                named = "" if not reason else REASONS[int(reason) - 1]
                clauses = (failing or "") if named in ("basic-failed", "basic-unknown") else ""
                found.append(Standing(scheme, _range(scheme, words), named, clauses))
        return found

    def of_enterprise(self, code: str) -> list[tuple[Scheme, list[Position]]]:
        """Its positions by each scheme, by comparable range and indicator."""
        return [(scheme, found) for scheme, program, table in self.placed() if (found := self._positions(scheme, program, table, code))]

    def _positions(self, scheme: Scheme, program: Program, table: str, code: str) -> list[Position]:
        parts = [f"r{number}" for number in range(len(ranges(scheme, program.standard)))]
        meanings = {each.indicator.name: each for each in program.indicators}
        found = []
        for at, asked in enumerate(scheme.indicators):
            meaning = meanings[asked.name]
            query = _query(table, parts, at, code, higher=meaning.indicator.better == "higher")
            for row in self.library.connection.cursor().execute(query).fetchall():
                words, (models, peers, low, middle, high, lowest, top, median, *bands) = row[: len(parts)], row[len(parts) :]
                found.append(Position(
                    meaning.indicator.title, _range(scheme, words), meaning.indicator.better, meaning.value.type.unit.shown, int(models), int(peers),
                    low if peers else None, middle if peers else None, high if peers else None, _text(lowest), _text(top),
                    _text(median) if peers else "–", dict(zip((1, 2, 3, BELOW), map(int, bands), strict=True)),
                ))  # fmt: skip
        return found


def _query(table: str, parts: Sequence[str], at: int, code: str, *, higher: bool) -> str:
    """Of one indicator, for each comparable range: how many models the enterprise and its peers have, and how many of those each is better than."""
    best, worst, worse = ("max", "min", "<") if higher else ("min", "max", ">")
    by, listed = ", ".join(parts) or "1", "".join(f"{part}, " for part in parts)
    same = "".join(f" AND p.{part} = o.{part}" for part in parts)
    return f"""
        WITH here AS (SELECT enterprise, {listed} CAST(v{at} AS DOUBLE) AS v, l{at} AS l FROM {identifier(table)}
            WHERE reason = 0 AND v{at} IS NOT NULL AND l{at} <> {NOT_APPLICABLE}),
        own AS (SELECT * FROM here WHERE enterprise = {literal(code)}), others AS (SELECT * FROM here WHERE enterprise <> {literal(code)}),
        seen AS (SELECT o.*, (SELECT count(*) FROM others p WHERE true{same}) AS peers,
            (SELECT count(*) FROM others p WHERE p.v {worse} o.v{same}) AS worse, (SELECT median(p.v) FROM others p WHERE true{same}) AS middle
            FROM own o)
        SELECT {listed} count(*), max(peers), min(worse / peers), median(worse / peers), max(worse / peers), {worst}(v), {best}(v), max(middle),
            count(*) FILTER (l = 1), count(*) FILTER (l = 2), count(*) FILTER (l = 3), count(*) FILTER (l = {BELOW})
        FROM seen GROUP BY {by} ORDER BY {by}"""


def open_scheme_named(shelf: Shelf, name: str, problems: Problems) -> tuple[Scheme, Program] | None:
    """raises   Refused: scheme-unknown"""
    from guiju.frontrunner.scheme_meaning import open_scheme

    opened = open_scheme(shelf, located_scheme(shelf, name), None, problems)
    return None if opened is None else (opened.scheme, opened.program)


def _range(scheme: Scheme, words: Sequence[Any]) -> tuple[Title, ...]:
    """The words of a comparable range, as they are called."""
    parts = list(scheme.range)
    return tuple(parts[n].words.get(str(word), Title(str(word), str(word))) if n < len(parts) else Title(str(word), str(word))
                 for n, word in enumerate(words) if word is not None)  # fmt: skip


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:.6g}"
