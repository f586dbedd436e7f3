"""Beside a comparison: what clauses of the sides come to together, and which real products change their verdict; as plain values for its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from guiju.align.commands.changed import moved_products
from guiju.align.commands.combined import combinations_of, worst_text
from guiju.align.pages.paged import Folders, shelf_of
from guiju.align.plain import numbers_of, witness_plain
from guiju.align.requirements import asks
from guiju.align.side import only_pair, sides_of
from guiju.base.diagnostics import Language
from guiju.cli.answering import treated
from guiju.cli.console import speaking
from guiju.readings.evaluate import Verdict
from guiju.readings.smt.answers import Proved
from guiju.report.proved import ANSWERS, answer_why
from guiju.standard.regions import load_regions
from guiju.web.apart import Tell

COMBINATIONS_SHOWN, TOP = 40, 50


def across_plain(
    tell: Tell, folders: Folders, words: Sequence[str], subject: str | None, on: date | None, treat_as: tuple[str, ...], language: Language
) -> list[dict[str, Any]]:
    """In the process apart: every check with the combinations of clauses, those first that leave a gap.

    raises   Refused: align-no-check, and what `combinations_of` refuses
    """
    with speaking(language):
        tell(0, 1)
        made = []
        for check, combinations in combinations_of(shelf_of(folders), words, None, subject, on, treat_as):
            rows = []
            for each in combinations:
                sign, word, zh, en = ANSWERS[type(each.answer)]
                witness = each.worst.witness if each.worst else None
                rows.append({
                    "parts": [{"side": p.side.code, "standard": p.program.standard.number, "no": p.meaning.no,
                               "asks": asks(p.program, p.meaning, language)} for p in each.parts],
                    "sign": sign, "answer": word, "says": zh if language == "zh" else en,
                    "worst": worst_text(each, check) or ("" if isinstance(each.answer, Proved) else answer_why(each.answer, language)),
                    "witness": witness_plain(witness, each.places, numbers_of(witness)) if witness is not None else None,
                })  # fmt: skip
            rows.sort(key=lambda row: row["answer"] != "refuted")
            title = check.standard.title
            made.append({
                "number": check.standard.number, "zh": title.zh, "en": title.en, "grades": sorted({s.grade for s in check.standard.sources.values()}),
                "refuted": sum(row["answer"] == "refuted" for row in rows), "total": len(rows), "rows": rows[:COMBINATIONS_SHOWN],
            })  # fmt: skip
        return made


def moved_plain(
    tell: Tell, folders: Folders, words: Sequence[str], records: Path, mapping: Path | None, treat_as: tuple[str, ...], language: Language
) -> dict[str, Any]:
    """In the process apart: the verdicts of real products by two editions, and which of them change.

    raises   Refused: align-two, what the records have
    """
    with speaking(language):
        tell(0, 1)
        shelf = shelf_of(folders)
        older, newer = only_pair(sides_of(shelf, load_regions(), words, None, None))
        pair = [*older.programs, *newer.programs]
        real = moved_products(shelf, pair, records, mapping, treated(shelf, treat_as), TOP)
        verdicts = [v for v in Verdict if any(v in both for both in real.moved.rows)]
        about = real.batch.mapping.about
        return {
            "verdicts": [v.value for v in verdicts],
            "counts": {f"{a.value} {b.value}": real.moved.count(a, b) for a in verdicts for b in verdicts},
            "changed": real.moved.changed, "total": sum(real.moved.rows.values()),
            "products": [{"row": p.row, "key": p.key, "old": p.old.value, "new": p.new.value, "fails": list(p.fails)} for p in real.products],
            "about": [about.title.text(language), about.terms, *(n.text(language) for n in about.notes)] if about else [],
            "said": list(real.batch.diagnostics),
        }  # fmt: skip
