"""Compared: what a kept board result says of each declared standard as a whole, and the hashes it cites; read, never typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.records.source import literal
from guiju.store.database import Store
from guiju.store.files import proved
from guiju.store.results import Result, result_of

KIND = "board"
OVERALL = {"enterprise", "standard", "edition", "score", "shortlisted"}
"""Columns by which the table of the comparison as a whole is known."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A board result as a cycle cites it.

    hashes       scheme, scheme_hash, standard, edition, standard_hash, library, snapshots, board, engine
    enterprises  codes of all that were compared
    entries      those shortlisted, a declared standard × enterprise in a range: range, enterprise, zh, en, standard, edition, models, score
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
    body = json.loads(found.body)
    hashes = {"scheme": body["scheme"]["id"], "scheme_hash": body["scheme"]["hash"], "standard": body["standard"]["number"],
              "edition": body["standard"]["edition"], "standard_hash": body["standard"]["hash"], "library": body["library"],
              "snapshots": body["snapshots"], "board": found.body_hash, "engine": found.engine}  # fmt: skip
    rows = overall_rows(store, found)
    return Handed(id_, hashes, tuple(sorted({each["enterprise"] for each in rows})), tuple(_entry(each) for each in rows if each["shortlisted"]))


def overall_rows(store: Store, found: Result) -> list[dict[str, Any]]:
    """The comparison as a whole, which lies in a table beside the result: a row for each declared standard × enterprise in a range.

    raises   Refused: frontrunner-no-board where there is no such table; what is wrong with a file that is kept
    """
    import duckdb

    with duckdb.connect() as connection:
        for kept in found.files:
            table = f"read_parquet({literal(str(proved(store, kept.path, kept.sha256)))})"
            columns = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()]
            if set(columns) >= OVERALL:
                rows = connection.execute(f"SELECT * FROM {table} ORDER BY enterprise, standard, edition").fetchall()
                return [dict(zip(columns, row, strict=True)) for row in rows]
    raise Refused([Diagnostic("frontrunner-no-board", None, {"name": found.id})])


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    code = str(row["enterprise"])
    range_, models = row.get("range") or (), row.get("models")
    return {"range": [str(word) for word in (range_ if isinstance(range_, list | tuple) else (range_,))], "enterprise": code,
            "zh": str(row.get("title_zh") or code), "en": str(row.get("title_en") or code), "standard": str(row["standard"]),
            "edition": str(row["edition"]), "models": [str(each) for each in models] if isinstance(models, list) else [],
            "score": str(row["score"])}  # fmt: skip
