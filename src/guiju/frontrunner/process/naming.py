"""Naming: what the enterprises of a cycle and the words of its comparable ranges are called, where its steps hold codes and words alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from guiju.frontrunner.board.named import names_of
from guiju.frontrunner.board.words import range_text
from guiju.frontrunner.process.acting import ANNUAL
from guiju.frontrunner.process.cycle import Cycle
from guiju.frontrunner.process.interests import titles_of
from guiju.frontrunner.process.states import CYCLE
from guiju.standard.model import Title
from guiju.store.database import Store
from guiju.store.processes import process_of
from guiju.store.results import result_of


def enterprises_named(store: Store, id_: str) -> Mapping[str, Title]:
    """Code → name, of those compared in a cycle: as the register of who acts for them has it, else as the library has it."""
    cycle = ANNUAL.told(*process_of(store, CYCLE, id_))
    said = {code: title for code, title in titles_of(store).items() if title.zh != code}
    if cycle.comparison is None:
        return said
    return {**names_of(store, result_of(store, cycle.comparison.result), {e["enterprise"] for e in cycle.comparison.entries}), **said}


def called(store: Store, cycle: Cycle, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries as they are shown, with their ranges in words, and with the library's name where they have none but a code."""
    if cycle.comparison is None or not entries:
        return entries
    result = result_of(store, cycle.comparison.result)
    body = json.loads(result.body).get("board", {})
    words = {"words": body.get("words", {})}
    nameless = {each["enterprise"] for each in entries if each["zh"] == each["enterprise"]}
    names = names_of(store, result, nameless)
    found = []
    for each in entries:
        title = names.get(each["enterprise"], Title(each["zh"], each["en"]))
        said = {f"range_{language}": range_text(words, each["range"], language) for language in ("zh", "en")} if each["range"] else {}
        found.append({**each, "zh": title.zh, "en": title.en, **said})
    return found
