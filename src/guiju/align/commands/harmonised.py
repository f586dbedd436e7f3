"""What `guiju align harmonise` and `guiju align roadmap` do: a proposal, who must change what, the way there; printed, written, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from guiju.align.harmonise import Choice, Proposal
from guiju.align.harmonise_tables import (
    about_lines,
    asks_text,
    at,
    changes_table,
    choices_table,
    doubts,
    end_line,
    overall,
    products_table,
    proposal_line,
    roadmap_lines,
    roadmap_table,
)
from guiju.align.harmonising import Asked, Harmonised, Question, harmonise, known, opened
from guiju.align.impact import Affected, Change
from guiju.align.plan_page import Table
from guiju.align.pool import Pool
from guiju.align.roadmap import Order, Roadmap, roadmap
from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.console import Exit, console, progress, refusals, say, show, table, written
from guiju.readings.smt.answers import Answer, Proved, Refuted
from guiju.report.proved import ANSWERS
from guiju.standard.shelf import Shelf


def harmonised(question: Question, on: str | None, out: Path | None, top: int, as_json: bool) -> Exit:
    """Prints a proposal; writes it where asked; gives the exit code."""
    with refusals():
        question = replace(question, on=as_of(on))
        question.refuse_unknown()
        _free(out)
        with progress(say("读取与判定", "reading and judging")) as tell:
            made = harmonise(Shelf(), question, tell)
        show(made.asked.diagnostics)
        if out is not None:
            _write(out, made.proposal)
    if as_json:
        print(json.dumps(proposal_json(made), ensure_ascii=False, indent=1))
    else:
        _show(made.asked, made.proposal, made.changes, top)
        if out is not None:
            written(out)
    proposal = made.proposal
    sound = all(isinstance(a, Proved) for *_, a in proposal.proofs) and proposal.specimens.satisfiable is True
    return Exit.OK if sound and not any(c.outcome == "open" for c in proposal.choices) else Exit.FAILS


def mapped_out(question: Question, on: str | None, to: str, order: str, together: bool, as_json: bool) -> Exit:
    """Prints the steps to a proposal; gives the exit code."""
    with refusals():
        known("--order", order, get_args(Order))
        by: Order = next(o for o in get_args(Order) if o == order)
        question = replace(question, on=as_of(on))
        with progress(say("读取与判定", "reading and judging")) as tell:
            asked = opened(Shelf(), question, to=to, tell=tell)
        show(asked.diagnostics)
        made = roadmap(asked.pool, len(asked.pool.standards) - 1, asked.baseline, by, asked.products, together)
    if as_json:
        print(json.dumps(roadmap_json(asked, made), ensure_ascii=False, indent=1))
    else:
        _show_roadmap(asked, made)
    sound = all(not isinstance(s.satisfiable, Refuted) and not s.below for s in made.steps)
    return Exit.OK if sound and isinstance(made.end, Proved) else Exit.FAILS


# writing

FILES = ("standard.yaml", "examples.yaml", "SOURCE.md")


def _free(out: Path | None) -> None:
    there = [] if out is None else [out / name for name in FILES if (out / name).exists()]
    if there:
        raise Refused([Diagnostic("file-exists", None, {"file": str(path)}) for path in there])


def _write(folder: Path, proposal: Proposal) -> None:
    """raises   Refused: file-exists, file-unwritable"""
    texts = dict(zip(FILES, (proposal.text, proposal.examples, source_page(proposal)), strict=True))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            if text is not None:
                with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                    file.write(text)
    except OSError as error:
        raise Refused([Diagnostic("file-unwritable", None, {"file": str(folder), "reason": error.strerror or str(error)})]) from None


def source_page(proposal: Proposal) -> str:
    """Where every clause of a proposal comes from, and whether it was proved to give the same verdicts."""
    standard = proposal.made.program.standard
    words = {kind: (zh, en) for kind, (_, _, zh, en) in ANSWERS.items()}
    derived = standard.sources["d1"].why
    lines = [f"# {standard.number}", "", derived.zh if derived else "", "", derived.en if derived else "", "",
             "| 条款 clause | 取自 from | 判定相同 same verdicts |", "| --- | --- | --- |"]  # fmt: skip
    lines += [f"| {no} | {origin.zh} | {' '.join(words[type(answer)])} |" for no, origin, answer in proposal.proofs]
    return "\n".join(lines) + "\n"


# printing


def _show(asked: Asked, proposal: Proposal, changes: Sequence[Change], top: int) -> None:
    _table(choices_table(asked.pool, proposal))
    _warn(doubts(asked, proposal))
    _table(changes_table(asked, changes))
    if asked.products is not None:
        _table(products_table(asked, changes, top))
        _show_about(asked)
    console().print(proposal_line(proposal))
    if proposal.specimens.satisfiable is not True:
        console().print(say("? 未能找到全部符合的记录", "? no record that passes all of it was found"), style="yellow")


def _show_roadmap(asked: Asked, made: Roadmap) -> None:
    _table(roadmap_table(asked, made))
    for said in roadmap_lines(asked, made):
        console().print(said)
    _show_about(asked)
    console().print(end_line(made))


def _table(found: Table) -> None:
    table(found.title, found.header, found.rows, right=found.right)


def _warn(lines: Iterable[str]) -> None:
    for said in lines:
        console().print(said, style="yellow")


def _show_about(asked: Asked) -> None:
    """Whose the products are, and what is assumed of them."""
    for said in about_lines(asked):
        console().print(said, style="dim")


# JSON


def proposal_json(found: Harmonised) -> dict[str, Any]:
    """The proposal, its proofs, its texts, and what must change for it; for programs."""
    asked, proposal, changes = found.asked, found.proposal, found.changes
    pool, made = asked.pool, proposal.made
    standard = made.program.standard
    return {
        "number": standard.number, "strategy": proposal.strategy, "on": made.program.on.isoformat(), "evidence": "C",
        "derived": {"zh": "由程序合成，未经审查", "en": "put together by a program, not reviewed"}, "assumed": dict(pool.made.treat_as),
        "standards": [p.standard.number for p in pool.standards], "baseline": pool.standards[asked.baseline].standard.number,
        "rows": [_choice_json(pool, proposal, c) for c in proposal.choices],
        "clauses": [{"no": no, "from": origin.zh, "same_verdicts": _answer(answer)} for no, origin, answer in proposal.proofs],
        "changes": [_change_json(asked, c) for c in changes],
        "not_comparable": [{"clause": at(pool, r.wanted.voice, r.wanted.no), "zh": r.reason.zh, "en": r.reason.en} for r in pool.refused],
        "not_proved_equal": [{"clause": at(pool, *pool.origin(no)), "answer": _answer(answer)} for no, answer in pool.doubtful],
        "satisfiable": proposal.specimens.satisfiable, "without_failing_example": list(proposal.specimens.without),
        "products": None if asked.products is None else {
            "count": asked.products.count, "notes": [{"zh": n.zh, "en": n.en} for n in asked.about.notes] if asked.about else [],
            "by_standard": {asked.label(at): _affected_json(overall(asked.products, pool, changes, at))
                            for at in sorted({c.standard for c in changes})}},
        "standard_yaml": proposal.text, "examples_yaml": proposal.examples,
    }  # fmt: skip


def _choice_json(pool: Pool, proposal: Proposal, c: Choice) -> dict[str, Any]:
    return {
        "about": list(c.row.about), "zh": pool.title(c.row).zh, "en": pool.title(c.row).en, "strength": c.row.strength, "outcome": c.outcome,
        "asked": {pool.standards[at].standard.number: [pool.origin(no)[1] for no in nos] for at, nos in c.row.meant.items()},
        "misstated": [pool.standards[at].standard.number for at in sorted(c.row.mended)],
        "clauses": [{"from": at(pool, *pool.origin(no)), "no": proposal.number_of(no), "asks": asks_text(pool, no)} for no in c.clauses],
        "conflict": [at(pool, *pool.origin(no)) for no in c.conflict], "why": {"zh": c.why.zh, "en": c.why.en},
        "products": None if c.products is None else {"fail": c.products[0], "undetermined": c.products[1]},
    }  # fmt: skip


def _change_json(asked: Asked, c: Change) -> dict[str, Any]:
    pool = asked.pool
    return {
        "standard": pool.standards[c.standard].standard.number, "about": list(c.row.about), "strength": c.row.strength,
        "change": c.kind, "mends": c.mends,
        "old": [{"from": at(pool, *pool.origin(no)), "asks": asks_text(pool, no)} for no in c.old],
        "new": [{"from": at(pool, *pool.origin(no)), "asks": asks_text(pool, no)} for no in c.new],
        "products": None if c.affected is None else _affected_json(c.affected),
    }  # fmt: skip


def _affected_json(a: Affected) -> dict[str, Any]:
    return {"newly_fail": a.fail, "newly_pass": a.passes, "undetermined": a.undetermined, "failing": list(a.failing), "passing": list(a.passing)}


def roadmap_json(asked: Asked, made: Roadmap) -> dict[str, Any]:
    """The steps, what they touch, and whether the end is what is proposed; for programs."""
    return {
        "standards": [p.standard.number for p in asked.pool.standards[:-1]], "to": asked.pool.standards[-1].standard.number,
        "baseline": asked.pool.standards[asked.baseline].standard.number, "assumed": dict(asked.pool.made.treat_as),
        "steps": [{
            "standard": asked.pool.standards[s.standard].standard.number, "changes": [_change_json(asked, c) for c in s.changes],
            "earliest": s.earliest and s.earliest.isoformat(),
            "products": None if s.affected is None else {"newly_fail": s.affected[0], "newly_pass": s.affected[1], "cumulative": s.cumulative},
            "satisfiable": _answer(s.satisfiable), "in_conflict": [list(row.about) for row in s.conflicts],
            "below_baseline": [list(row.about) for row in s.below],
        } for s in made.steps],
        "in_conflict_at_the_start": [list(row.about) for row in made.start], "stays": [_change_json(asked, c) for c in made.stays],
        "end_is_the_proposal": _answer(made.end),
    }  # fmt: skip


def _answer(answer: Answer) -> str:
    return ANSWERS[type(answer)][1]
