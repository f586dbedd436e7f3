"""Changed: from one board run of a scheme to another: which declared standards rose, fell, came and left, of each indicator and as a whole, and why.

A declared standard is followed by its enterprise and its number; its edition may change. On a board it stands where the lowest of its models does,
whether or not that board is published. Comparing a run with itself finds nothing; the other way round finds the inverse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.board.comparing import WHY
from guiju.frontrunner.board.kept import KeptBoards
from guiju.frontrunner.board.placing import REASONS
from guiju.records.source import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Kind = Literal["rose", "fell", "came", "left"]
KINDS: tuple[Kind, ...] = ("rose", "fell", "came", "left")
INVERSE: Mapping[str, Kind] = {"rose": "fell", "fell": "rose", "came": "left", "left": "came"}
CAUSES = ("undeclared", "barred", "range", "edition", "models", "value", "threshold", "input", "levels", "declared", "drafting", "rule", "others")
MODELS_SHOWN = 5
_KEY = ("range", "enterprise", "standard")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one declared standard.

    indicator   empty: the comparison as a whole, where rose and fell are into and out of the shortlist
    before, after   levels, or why it is not shortlisted ("" where it is); None: it does not stand there
    bars        why its models were on no board, before and after; empty: some were, or there were none
    why         among CAUSES
    models      (model, value before, value after), those whose value changed; at most MODELS_SHOWN
    """

    range: tuple[str, ...]
    enterprise: str
    standard: str
    indicator: str
    kind: Kind
    before: int | str | None
    after: int | str | None
    editions: tuple[str | None, str | None]
    bars: tuple[str, str]
    why: tuple[str, ...]
    models: tuple[tuple[str, float | None, float | None], ...]


@dataclass(frozen=True)
class Changes:
    """counts   indicator ("": the whole) → kind → how many, of all changes; changes: a page of them
    added, removed   indicators that only one of the schemes has, which are not compared
    made      what the runs were made from differs: scheme, standard, library, on
    """

    counts: Mapping[str, Mapping[str, int]]
    total: int
    changes: tuple[Change, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    made: Mapping[str, tuple[Any, Any]]


def changes_between(before: KeptBoards, after: KeptBoards, *, offset: int = 0, limit: int | None = None) -> Changes:
    """From one run to another of the same scheme, which may have been revised; by range, enterprise, standard and indicator.

    raises   Refused: board-other-scheme
    """
    import duckdb

    if before.scheme.id != after.scheme.id:
        raise Refused([Diagnostic("board-other-scheme", None, {"one": before.scheme.id, "other": after.scheme.id})])
    names = [[each.name for each in held.scheme.indicators] for held in (before, after)]
    common = [name for name in names[0] if name in names[1]]
    with duckdb.connect() as connection:
        for side, held in (("a", before), ("b", after)):
            _tables(connection, side, held, common)
        connection.execute(f"CREATE TABLE changed AS {_changed(common)}")
        counts: dict[str, dict[str, int]] = {name: {} for name in (*common, "")}
        for indicator, kind, number in connection.execute("SELECT indicator, kind, count(*) FROM changed GROUP BY ALL ORDER BY ALL").fetchall():
            counts[indicator][kind] = int(number)
        order = f"{', '.join(_KEY)}, indicator"
        page = (f" LIMIT {int(limit)}" if limit is not None else "") + f" OFFSET {int(offset)}"
        connection.execute(f"CREATE TABLE page AS SELECT * FROM changed ORDER BY {order}{page}")
        found = _told(connection, before, after, order)
    counts = {name: held for name, held in counts.items() if held}
    return Changes(counts, sum(sum(each.values()) for each in counts.values()), found, tuple(each for each in names[1] if each not in common),
                   tuple(each for each in names[0] if each not in common), _made(before, after))  # fmt: skip


def _tables(connection: DuckDBPyConnection, side: str, held: KeptBoards, common: Sequence[str]) -> None:
    """wholeX: a row per range and declared standard with its levels by name; productX: a row per product with levels and values by name."""
    at = {each.name: number for number, each in enumerate(held.scheme.indicators)}
    words = [f"r{number}" for number in range(held.placed.ranges)]
    range_ = f"CAST([{', '.join(words)}] AS VARCHAR[]) AS range"
    levels = "".join(f", w{at[name]} AS w{number}" for number, name in enumerate(common))
    quality = f"list_extract(CAST({[str(each) for each in held.placed.qualities]} AS VARCHAR[]), drafting + 1) AS quality"
    kept = f"enterprise, standard, edition, declared, asked, stars, {quality}, status{levels}"
    connection.execute(f"CREATE TABLE whole{side} AS SELECT {range_}, {kept} FROM {held.placed.compared}")
    values = "".join(f", l{at[name]} AS l{number}, v{at[name]} AS v{number}" for number, name in enumerate(common))
    connection.execute(f"CREATE VIEW product{side} AS SELECT {range_}, enterprise, standard, edition, product, model, reason{values} "
                       f"FROM {held.placed.placed}")  # fmt: skip


def _changed(common: Sequence[str]) -> str:
    """One row for every change: key, indicator, kind, before, after, editions and what the score is made of."""
    on = " AND ".join(f"a.{key} = b.{key}" for key in _KEY)
    key = ", ".join(f"coalesce(a.{key}, b.{key}) AS {key}" for key in _KEY)
    rest = ("a.edition AS edition_a, b.edition AS edition_b, a.quality AS quality_a, b.quality AS quality_b, a.declared AS declared_a, "
            "b.declared AS declared_b, a.asked AS asked_a, b.asked AS asked_b, a.stars AS stars_a, b.stars AS stars_b")  # fmt: skip
    joined = f"FROM wholea a FULL JOIN wholeb b ON {on}"
    parts = []
    for number, name in enumerate(common):
        was, is_ = (f"(CASE WHEN {side}.w{number} BETWEEN 1 AND 3 THEN {side}.w{number} END)" for side in "ab")
        kind = f"CASE WHEN {was} IS NULL THEN 'came' WHEN {is_} IS NULL THEN 'left' WHEN {is_} < {was} THEN 'rose' ELSE 'fell' END"
        told = f"{literal(name)} AS indicator, {number} AS number, {kind} AS kind, a.w{number} AS was, b.w{number} AS became"
        parts.append(f"SELECT {key}, {told}, {rest} {joined} WHERE {was} IS DISTINCT FROM {is_}")  # fmt: skip
    kind = "CASE WHEN a.status IS NULL THEN 'came' WHEN b.status IS NULL THEN 'left' WHEN b.status = 0 THEN 'rose' ELSE 'fell' END"
    parts.append(f"SELECT {key}, '' AS indicator, -1 AS number, {kind} AS kind, a.status AS was, b.status AS became, {rest} {joined} "
                 "WHERE (a.status IS NULL) <> (b.status IS NULL) OR (a.status = 0) <> (b.status = 0)")  # fmt: skip
    return " UNION ALL ".join(parts)


def _told(connection: DuckDBPyConnection, before: KeptBoards, after: KeptBoards, order: str) -> tuple[Change, ...]:
    cursor = connection.execute(f"SELECT * FROM page ORDER BY {order}")
    columns = [name for name, *_ in cursor.description or ()]
    rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    bars = [_bars(connection, side) for side in "ab"]
    models = {at: _models(connection, at) for at in sorted({row["number"] for row in rows if row["number"] >= 0})}
    moved = {at: _moved(before, after, name) for at, name in {(row["number"], row["indicator"]) for row in rows if row["number"] >= 0}}
    rule = before.scheme.weights != after.scheme.weights or before.scheme.shortlist != after.scheme.shortlist
    found = []
    for row in rows:
        range_, key = tuple(row["range"]), (row["enterprise"], row["standard"])
        held = models.get(row["number"], {}).get((range_, *key), ())
        sides = [side.get(key) for side in bars]
        why = _why(row, range_, sides, held, moved.get(row["number"], set()), rule)
        was, became = (_standing(row["number"], row[name]) for name in ("was", "became"))
        changed = tuple(each[1:] for each in held if each[0] == "value")[:MODELS_SHOWN]
        reasons = tuple("" if side is None or side[1] else REASONS[side[0] - 1] for side in sides)
        found.append(Change(range_, *key, row["indicator"], row["kind"], was, became, (row["edition_a"], row["edition_b"]),
                            (reasons[0], reasons[1]), why, changed))  # fmt: skip
    return tuple(found)


def _standing(at: int, value: int | None) -> int | str | None:
    if at >= 0 or value is None:
        return value
    return "" if value == 0 else WHY[value - 1]


def _bars(connection: DuckDBPyConnection, side: str) -> dict[tuple[str, str], tuple[int, tuple[tuple[str, ...], ...]]]:
    """(enterprise, standard) → the first reason that keeps products of it from boards, and the ranges it is compared in; only those of the page."""
    rows = connection.execute(
        f"SELECT enterprise, standard, coalesce(min(reason) FILTER (reason > 0), 0), coalesce(list(DISTINCT range) FILTER (reason = 0), []) "
        f"FROM product{side} SEMI JOIN page USING (enterprise, standard) GROUP BY 1, 2"
    ).fetchall()
    return {(enterprise, standard): (int(reason), tuple(tuple(each) for each in ranges)) for enterprise, standard, reason, ranges in rows}


def _models(connection: DuckDBPyConnection, at: int) -> dict[tuple[Any, ...], tuple[tuple[str, str, float | None, float | None], ...]]:
    """(range, enterprise, standard) → (what changed, model, value before, value after) of products on boards: came, left, value, level."""
    picked = [f"(SELECT range, enterprise, standard, product, model, l{at} AS l, v{at} AS v FROM product{side} SEMI JOIN "
              f"(SELECT * FROM page WHERE number = {at}) USING (range, enterprise, standard) WHERE reason = 0)" for side in "ab"]  # fmt: skip
    key = ", ".join(f"coalesce(a.{name}, b.{name})" for name in (*_KEY, "model"))
    what = ("CASE WHEN a.product IS NULL THEN 'came' WHEN b.product IS NULL THEN 'left' WHEN a.v IS DISTINCT FROM b.v THEN 'value' "
            "WHEN a.l IS DISTINCT FROM b.l THEN 'level' END")  # fmt: skip
    same = " AND ".join(f"a.{name} = b.{name}" for name in (*_KEY, "product"))
    rows = connection.execute(f"SELECT {key}, {what}, a.v, b.v FROM {picked[0]} a FULL JOIN {picked[1]} b ON {same} WHERE {what} IS NOT NULL "
                              "ORDER BY 1, 2, 3, 4, coalesce(a.product, b.product)").fetchall()  # fmt: skip
    found: dict[tuple[Any, ...], list[tuple[str, str, float | None, float | None]]] = {}
    for range_, enterprise, standard, model, what_, was, is_ in rows:
        found.setdefault((tuple(range_), enterprise, standard), []).append((what_, model, was, is_))
    return {held: tuple(each) for held, each in found.items()}


def _moved(before: KeptBoards, after: KeptBoards, name: str) -> set[tuple[str, ...]]:
    """The ranges in which the thresholds of an indicator moved, or all that either run has where what is computed is another."""
    written = [next(each for each in held.body["indicators"] if each["name"] == name) for held in (before, after)]
    lines = [{tuple(each["range"]): each["lines"] for each in held.body["boards"] if each["indicator"] == name} for held in (before, after)]
    ranges = lines[0].keys() | lines[1].keys()
    other = written[0]["levels"] != written[1]["levels"] or written[0]["better"] != written[1]["better"]
    return {range_ for range_ in ranges if other or (range_ in lines[0] and range_ in lines[1] and lines[0][range_] != lines[1][range_])}


def _why(row: Mapping[str, Any], range_: tuple[str, ...], sides: Sequence[tuple[int, tuple[tuple[str, ...], ...]] | None],
         models: Sequence[tuple[Any, ...]], moved: set[tuple[str, ...]], rule: bool) -> tuple[str, ...]:  # fmt: skip
    """Causes in the order of CAUSES; nothing of it depends on which run is the earlier one, but for which side it stands on."""
    found: set[str] = set()
    if row["edition_a"] is None or row["edition_b"] is None:
        gone = sides[0] if row["edition_a"] is None else sides[1]
        found.add("undeclared" if gone is None else "range" if gone[1] else "barred")
    else:
        found |= {"edition"} if row["edition_a"] != row["edition_b"] else set()
        found |= {{"came": "models", "left": "models", "value": "value", "level": "input"}[each[0]] for each in models}
        found |= {"threshold"} if range_ in moved else set()
        if "threshold" in found or "value" in found:
            found.discard("input")
        if row["number"] < 0:
            found |= {"declared"} if (row["declared_a"], row["asked_a"]) != (row["declared_b"], row["asked_b"]) else set()
            found |= {"levels"} if row["stars_a"] != row["stars_b"] else set()
            found |= {"drafting"} if row["quality_a"] != row["quality_b"] else set()
            found |= {"rule"} if rule else set()
            found |= set() if found else {"others"}
    return tuple(each for each in CAUSES if each in found)


def _made(before: KeptBoards, after: KeptBoards) -> dict[str, tuple[Any, Any]]:
    said = [{"scheme": held.body["scheme"]["hash"], "standard": held.body["standard"]["hash"], "library": held.body["library"],
             "on": held.body["on"], "engine": held.result.engine} for held in (before, after)]  # fmt: skip
    return {name: (said[0][name], said[1][name]) for name in said[0] if said[0][name] != said[1][name]}
