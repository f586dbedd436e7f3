"""Bodies: what is said with each act, from texts as forms, the terminal and programs give them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.frontrunner.process.evaluating import ROW

CYCLE_SAYS: Mapping[str, tuple[str, ...]] = {
    "decline": ("reason",), "fix": ("days", "opinion"), "apply": ("standard", "plan", "ground"), "take-back": ("application",),
    "review": ("application", "opinion"), "compare": ("result",), "shortlist": (), "send-back": ("reason",),
    "undertake": ("entry", "text", "documents"), "publicise": ("text",), "object": ("entry", "ground"), "dismiss": ("objection", "reason"),
    "uphold": ("objection", "reason"), "publish": (), "flag": ("library",), "re-evaluate": ("entry", "result"), "keep": ("entry", "reason"),
    "suspend": ("entry", "reason"), "reinstate": ("entry", "reason"), "remove": ("entry", "reason"), "close": (), "abandon": ("reason",),
    "declare": ("enterprise", "text"), "set-aside": ("objections", "reason"), "confirm-aside": ("objections", "reason"),
}  # fmt: skip
CERTIFICATE_SAYS: Mapping[str, tuple[str, ...]] = {
    "evidence": ("table", "documents", "illustrative"), "evaluate": ("rule", "result", "text"), "send-back": ("reason",),
    "grant": ("reason", "valid_from", "valid_until", "every_months"), "refuse": ("reason",), "reconsider": ("reason",), "issue": (),
    "surveil": ("due", "outcome", "text"), "suspend": ("reason",), "reinstate": ("reason",), "withdraw": ("reason",),
    "renew": ("library", "undertaking"), "give-up": ("reason",), "declare": ("enterprise", "text"),
}  # fmt: skip
NUMBERS = ("days", "application", "entry", "objection", "every_months")
LARGEST = 100_000
RANGES_MAX = 1_000
"""Numbers that one text names at most."""
TABLE_MAX = 2_000_000
_WORDS: Mapping[str, tuple[str, ...]] = {
    "model": ("型号",), "input": ("输入", "property", "性质"), "value": ("测得值", "值"), "u": ("标准不确定度", "不确定度"), "k": ("包含因子",),
    "laboratory": ("实验室",), "report": ("报告编号", "报告"), "measured": ("检测日期", "日期"), "method": ("方法",),
}  # fmt: skip
"""Headers of a table of evidence, in Chinese too."""


def said(says: Mapping[str, tuple[str, ...]], name: str, given: Mapping[str, str]) -> dict[str, Any]:
    """What is said with an act; what is not given is empty.

    raises   Refused: point-word for an act there is none of, or for what it does not say; process-unsaid where a number is none
    """
    problems = Problems()
    if name not in says:
        problems.add("point-word", None, what_zh="步骤", what_en="step", word=name, known=", ".join(says))
        problems.refuse_errors()
    wanted = says[name]
    for word in given:
        if word not in wanted:
            problems.add("point-word", None, what_zh="名称", what_en="name", word=word, known=", ".join(wanted) or "–")
    found: dict[str, Any] = {}
    for word in wanted:
        text = given.get(word, "").strip()
        number = int(text) if re.fullmatch("[0-9]{1,6}", text) else LARGEST + 1
        if word in NUMBERS and number > LARGEST:
            problems.add("process-unsaid", None, what=word)
        found[word] = number if word in NUMBERS else text
    problems.refuse_errors()
    return found


def evidence_rows(text: str) -> list[dict[str, str]]:
    """The rows of a table of evidence: CSV, or cells copied from a spreadsheet, its headers first.

    raises   Refused: process-too-long, frontrunner-evidence-column
    """
    if len(text) > TABLE_MAX:
        raise Refused([Diagnostic("process-too-long", None, {"what": "table", "most": str(TABLE_MAX)})])
    head = text.partition("\n")[0]
    rows = cells_of(text, "\t" if "\t" in head else ",")
    names = [_named(cell) for cell in rows[0]] if rows else []
    problems = Problems()
    for column in ("model", "input", "value", "laboratory", "report"):
        if column not in names:
            problems.add("frontrunner-evidence-column", None, column=column, words="、".join(_WORDS[column]), known=", ".join(ROW))
    problems.refuse_errors()
    return [{name: cell for name, cell in zip(names, row, strict=False) if name in ROW} for row in rows[1:]]


def cells_of(text: str, delimiter: str = ",") -> list[list[str]]:
    """The rows of a table that say anything.

    raises   Refused: frontrunner-table
    """
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=None), delimiter=delimiter) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Refused([Diagnostic("frontrunner-table", None, {"reason": str(error)})]) from None


def _named(cell: str) -> str:
    word = cell.strip().lstrip("\ufeff").casefold()
    return next((name for name, words in _WORDS.items() if word == name or word in words), word)


def documents_of(text: str) -> dict[str, str]:
    """Name → sha256, from lines `sha256  name` as `sha256sum` writes them.

    raises   Refused: frontrunner-document
    """
    found, problems = {}, Problems()
    for line in filter(None, map(str.strip, text.splitlines())):
        hash_, _, name = line.partition(" ")
        if len(hash_) != 64 or not set(hash_) <= set("0123456789abcdef") or not name.strip(" *"):
            problems.add("frontrunner-document", None, text=line[:100])
        else:
            found[name.strip(" *")] = hash_
    problems.refuse_errors()
    return found


def numbers_of(text: str, what: str) -> list[int]:
    """Numbers from a text such as `1-5, 8`, each once, in order.

    raises   Refused: process-unsaid, where it is none or names too many
    """
    found: set[int] = set()
    for part in filter(None, re.split(r"[,，、;；\s]+", re.sub(r"\s*[-–~～]\s*", "-", text.strip()))):
        between = re.fullmatch(r"([0-9]{1,6})(?:-([0-9]{1,6}))?", part)
        first, last = (int(between[1]), int(between[2] or between[1])) if between else (1, 0)
        if not first <= last < first + RANGES_MAX or len(found) > RANGES_MAX:
            raise Refused([Diagnostic("process-unsaid", None, {"what": what})])
        found.update(range(first, last + 1))
    if not found:
        raise Refused([Diagnostic("process-unsaid", None, {"what": what})])
    return sorted(found)


def yes(text: str) -> bool:
    return text.strip().casefold() in ("1", "true", "yes", "on", "是")
