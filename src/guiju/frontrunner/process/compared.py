"""Compared: what a kept board result says of each declared standard as a whole, and the hashes it cites; read, never typed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.records.source import literal
from guiju.store.database import Store
from guiju.store.files import proved
from guiju.store.results import Result, result_of

KIND = "board"
OVERALL, PLACED = {"enterprise", "standard", "edition", "status"}, {"enterprise", "standard", "edition", "model", "product", "reason"}
"""Columns by which the tables beside a result are known: the comparison as a whole, where status 0 is shortlisted; where each product stands."""
_RANGE = re.compile("r[0-9]+")
"""Columns with the words of the comparable range."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A board result as a cycle cites it.

    hashes       scheme, scheme_hash, standard, edition, standard_hash, library, snapshots, on (the day the boards are of), board, engine
    enterprises  codes of all that were compared
    entries      those shortlisted, a declared standard × enterprise in a range: range, enterprise, standard, edition, models
    """

    result: str
    hashes: Mapping[str, Any]
    enterprises: tuple[str, ...]
    entries: tuple[Mapping[str, Any], ...]

    def entry(self, enterprise: str, standard: str, edition: str | None = None) -> Mapping[str, Any] | None:
        """Where an enterprise's standard is shortlisted; edition None: whichever."""
        fits = (e for e in self.entries if (e["enterprise"], e["standard"]) == (enterprise, standard) and edition in (None, e["edition"]))
        return next(fits, None)


def handed_in(store: Store, id_: str) -> Handed:
    """The board result of an identifier.

    raises   Refused: unknown-result, result-altered; frontrunner-no-board where it is of another kind
    """
    found = result_of(store, id_)
    if found.kind != KIND:
        raise Refused([Diagnostic("frontrunner-no-board", None, {"name": id_})])
    told = json.loads(found.body)
    body = told["board"]
    hashes = {"scheme": body["scheme"]["id"], "scheme_hash": body["scheme"]["hash"], "standard": body["standard"]["number"],
              "edition": body["standard"]["edition"], "standard_hash": body["standard"]["hash"], "library": body["library"],
              "snapshots": body["snapshots"], "on": body["on"], "board": told["sha256"], "engine": found.engine}  # fmt: skip
    enterprises, entries = _whole(store, found)
    return Handed(id_, hashes, enterprises, entries)


def compared_on(store: Store, id_: str) -> str:
    """The day the boards of a kept result are of."""
    return str(json.loads(result_of(store, id_).body)["board"]["on"])


def _whole(store: Store, found: Result) -> tuple[tuple[str, ...], tuple[Mapping[str, Any], ...]]:
    """Codes of all that were compared, and those shortlisted with their models: from the two tables beside the result.

    raises   Refused: frontrunner-no-board where they are not there; what is wrong with a file that is kept
    """
    import duckdb

    tables: dict[str, tuple[str, list[str]]] = {}
    with duckdb.connect() as connection:
        for kept in (each for each in found.files if each.path.endswith(".parquet")):
            table = f"read_parquet({literal(str(proved(store, kept.path, kept.sha256)))}, hive_partitioning = false)"
            columns = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()]
            for name, wanted in (("overall", OVERALL), ("placed", PLACED)):
                if wanted <= set(columns):
                    tables[name] = table, columns
        if len(tables) < 2:
            raise Refused([Diagnostic("frontrunner-no-board", None, {"name": found.id})])
        (overall, columns), (placed, _) = tables["overall"], tables["placed"]
        words = [name for name in columns if _RANGE.fullmatch(name)]
        keys = ["enterprise", "standard", "edition", *words]
        codes = connection.execute(f"SELECT DISTINCT enterprise FROM {overall} ORDER BY 1").fetchall()
        same = " AND ".join(f"p.{key} = o.{key}" for key in keys)
        rows = connection.execute(
            f"SELECT {', '.join(f'o.{key}' for key in keys)}, list(DISTINCT p.model ORDER BY p.model) FROM {overall} o JOIN {placed} p ON {same} "
            f"WHERE o.status = 0 AND p.reason = 0 GROUP BY {', '.join(f'o.{key}' for key in keys)} ORDER BY ALL"
        ).fetchall()
    entries = ({"enterprise": row[0], "standard": row[1], "edition": row[2], "range": [str(each) for each in row[3:-1]],
                "models": [str(each) for each in row[-1]]} for row in rows)  # fmt: skip
    return tuple(str(code) for (code,) in codes), tuple(entries)
