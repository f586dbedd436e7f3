"""What `guiju frontrunner changes` does and prints: what changed between two kept board runs of one scheme."""

from __future__ import annotations

import json
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.console import console, language, refusals, say, table
from guiju.frontrunner.board.changed import Changes, changes_between
from guiju.frontrunner.board.changed_told import KINDS, causes_text, changes_json, kind_text, standing_text
from guiju.frontrunner.board.kept import KIND, board_results, kept_boards
from guiju.frontrunner.board.listing import scheme_id
from guiju.frontrunner.board.named import names_of
from guiju.frontrunner.board.words import ILLUSTRATIVE, range_text
from guiju.store.database import Store, store_at
from guiju.store.migrate import require_current
from guiju.store.results import Result, result_of

BATCH = 100


def changes(place: str, files: Path | None, id_: str, since: str | None, rows: int, as_json: bool) -> None:
    """Prints what changed from one run to another; by default since the run of the scheme before it."""
    with refusals():
        store = require_current(store_at(place, files))
        try:
            held = _board(store, id_)
            earlier = _board(store, since) if since else _before(store, held)
            with kept_boards(store, earlier) as was, kept_boards(store, held) as became:
                found = changes_between(was, became, limit=None if as_json else rows)
                words = {"words": {**was.body["words"], **became.body["words"]}}
                illustrative = was.body["illustrative"] or became.body["illustrative"]
            if as_json:
                print(json.dumps({"since": earlier.id, "id": held.id, **changes_json(found)}, ensure_ascii=False, indent=1))
                return
            codes = {each.enterprise for each in found.changes}
            names = {**names_of(store, earlier, codes), **names_of(store, held, codes)}
        finally:
            store.close()
    if illustrative:
        console().print(f"! {say(*ILLUSTRATIVE)}", style="yellow", markup=False)
    _counts(found)
    header = (say("企业", "enterprise"), say("企业标准", "declared standard"), say("可比范围", "range"), say("指标", "indicator"), "",
              say("从", "from"), say("到", "to"), say("为什么", "why"))  # fmt: skip
    told = [(names[e.enterprise].text(language()) if e.enterprise in names else e.enterprise, f"{e.standard} ({e.editions[1] or e.editions[0]})",
             range_text(words, e.range, language()), e.indicator or say("综合比对", "the whole"), kind_text(e, language()),
             standing_text(e, 0, language()), standing_text(e, 1, language()), causes_text(e, language())) for e in found.changes]  # fmt: skip
    if told:
        table(say("逐项", "one by one"), header, told)
    if found.total > len(told):
        console().print(say(f"另有 {found.total - len(told):,} 项", f"{found.total - len(told):,} more"), style="dim")


def _counts(found: Changes) -> None:
    if not found.total:
        console().print(say("没有一项标准的位置变了。", "No declared standard stands elsewhere."))
        return
    header = (say("指标", "indicator"), *(say(*KINDS[kind]) for kind in KINDS))
    rows = [(name or say("综合比对", "the whole"), *(str(counts.get(kind, 0)) for kind in KINDS)) for name, counts in found.counts.items()]
    table(say("变动", "changes"), header, rows, right=range(1, 5))


def _board(store: Store, id_: str) -> Result:
    """
    raises   Refused: unknown-result, frontrunner-no-board
    """
    found = result_of(store, id_)
    if found.kind != KIND:
        raise Refused([Diagnostic("frontrunner-no-board", None, {"name": id_})])
    return found


def _before(store: Store, held: Result) -> Result:
    """
    raises   Refused: board-first-run
    """
    last = held.id
    while read := board_results(store, None, before=last, limit=BATCH):
        fits = next((each for each in read if scheme_id(each) == scheme_id(held)), None)
        if fits is not None:
            return fits
        last = read[-1].id
    raise Refused([Diagnostic("board-first-run", None, {})])
