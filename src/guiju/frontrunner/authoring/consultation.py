"""Consultation: a drafted standard out for comments, told from its steps: proposed, commented clause by clause, answered, approved by somebody else,
published as an edition of the store."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from guiju.base.diagnostics import Diagnostic, Problems, Refused, Severity
from guiju.frontrunner.authoring.basis import read_basis, refuse_other_levels
from guiju.ir.program import Program
from guiju.readings.examples import examine
from guiju.standard.form import weakest_grade
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf
from guiju.store.access import first_organisation
from guiju.store.acts import Act, Body, Course, Sides, Standing, act, begin_within, not_now, second_person, take_step, too_long, unsaid
from guiju.store.belonging import Somebody
from guiju.store.database import Store
from guiju.store.editions import Edition, make_shelf, publish
from guiju.store.people import organisations
from guiju.store.processes import Step, process_of

KIND, GENERAL = "frontrunner-draft", "—"
TEXTS_MAX, NO_TITLE = 400_000, Title("", "")
_ANYBODY = "author verifier evaluator enterprise operator regulator admin auditor public"
_DRAFTERS, _REVIEW = "author evaluator operator", "evaluator verifier regulator"
STATES: Mapping[str, Title] = {
    "open": Title("征求意见中", "out for comments"),
    "review": Title("待审查", "to be reviewed"),
    "approved": Title("已通过，待发布", "approved, to be published"),
    "published": Title("已发布", "published"),
    "withdrawn": Title("已撤回", "withdrawn"),
}
ACTS: Mapping[str, Act] = {
    each.name: each
    for each in (
        act("propose", "提出草案", "propose a draft", "", "open", "anybody", _DRAFTERS),
        act("comment", "提意见", "comment", "open", None, "anybody", _ANYBODY),
        act("answer", "答复意见", "answer a comment", "open", None, "proposer", _DRAFTERS),
        act("revise", "修改草案", "revise the draft", "open", None, "proposer", _DRAFTERS),
        act("submit", "送审", "submit for review", "open", "review", "proposer", _DRAFTERS),
        act("send-back", "退回", "send back", "review", "open", "runner", _REVIEW, "submit"),
        act("approve", "通过", "approve", "review", "approved", "runner", _REVIEW),
        act("publish", "发布", "publish", "approved", "published", "proposer", "author"),
        act("withdraw", "撤回", "withdraw", "open review approved", "withdrawn", "proposer", _DRAFTERS),
    )
}
VERDICTS: Mapping[str, Title] = {
    "accepted": Title("采纳", "accepted"),
    "partly": Title("部分采纳", "accepted in part"),
    "rejected": Title("不采纳", "not accepted"),
}


@dataclass(frozen=True, slots=True)
class Comment:
    """clause   a number of the draft, or the sign for all of it; verdict: empty as long as it is not answered"""

    number: int
    clause: str
    text: str
    by: str
    at: datetime
    verdict: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Consultation(Standing):
    """runner      the organisation that runs the workbench, whose reviewers decide
    proposer     the organisation that proposed it; drafters: accounts that wrote any of its texts
    clauses      what a comment may be on
    edition      the identifier it is published under
    """

    proposer: str = ""
    drafters: tuple[str, ...] = ()
    base: str = ""
    standard: str = ""
    title: Title = NO_TITLE
    reason: str = ""
    text: str = ""
    examples: str = ""
    content_hash: str = ""
    clauses: tuple[str, ...] = ()
    illustrative: bool = False
    comments: tuple[Comment, ...] = ()
    reviewed_by: str = ""
    edition: str = ""
    basis: Mapping[str, Any] | None = None
    """What its levels rest on, as it was proposed; None where that was not said."""

    @property
    def unanswered(self) -> tuple[int, ...]:
        return tuple(each.number for each in self.comments if not each.verdict)


def _changed(before: Consultation, step: Step) -> Consultation:
    body: Mapping[str, Any] = step.body
    match step.act:
        case "propose" | "revise":
            written = replace(
                before, text=body["text"], examples=body["examples"], content_hash=body["content_hash"], clauses=tuple(body["clauses"]),
                standard=body["number"], title=Title(body["zh"], body["en"]), illustrative=body["illustrative"],
                drafters=(*(each for each in before.drafters if each != step.actor), step.actor), reason=body["reason"],
            )  # fmt: skip
            begun = {"proposer": step.organisation, "base": body["base"]} if step.act == "propose" else {}
            return replace(written, **begun, basis=body.get("basis") or before.basis)
        case "comment":
            comment = Comment(len(before.comments) + 1, body["clause"], body["text"], step.actor, step.at)
            return replace(before, comments=(*before.comments, comment))
        case "answer":
            comments = tuple(
                replace(each, verdict=body["verdict"], answer=body["text"]) if each.number == body["comment"] else each for each in before.comments
            )
            return replace(before, comments=comments)
        case "approve":
            return replace(before, reviewed_by=step.actor)
        case "publish":
            return replace(before, edition=body["edition"])
        case _:
            return before


def _sides(found: Consultation, wanted: Act) -> Sides:
    return {"proposer": (found.proposer,), "runner": (found.runner,)}.get(wanted.side)


def possible(found: Consultation, who: Somebody) -> list[Act]:
    """What somebody may do now, by state, side and role."""
    able = COURSE.possible(found, who, partial(_sides, found), ("approve",) if who.id in found.drafters else ())
    may_comment = _of_nothing(who) and found.state in ACTS["comment"].before
    return [*([ACTS["comment"]] if may_comment and ACTS["comment"] not in able else []), *able]


def _of_nothing(who: Somebody) -> bool:
    """Whether somebody has an account and no role: they may comment, as everybody may who is signed in."""
    return who.is_signed_in and who.organisation is not None and not any(roles & ACTS["comment"].roles for roles in who.organisations.values())


class _Open(Course[Consultation]):
    """A course whose comments are anybody's who has an account."""

    def admitted(self, connection: Connection, found: Consultation, name: str, who: Somebody, organisation: str | None = None) -> str:
        if name != "comment" or not _of_nothing(who) or who.organisation is None:
            return super().admitted(connection, found, name, who, organisation)
        problems = Problems()
        not_now(self.acts, self.states, found.state, name, problems)
        problems.refuse_errors()
        return who.organisation


def _refuse_unsound(connection: Connection, found: Consultation, step: Step) -> None:
    """What must hold of a step besides its state and side."""
    problems, body = Problems(), step.body
    match step.act:
        case "comment":
            unsaid(body, ("clause", "text"), problems)
            too_long(body, ("text",), problems)
            if body["clause"] not in (*found.clauses, GENERAL):
                problems.add("process-clause-unknown", None, standard=found.standard, clause=body["clause"])
        case "answer":
            unsaid(body, ("text",), problems)
            too_long(body, ("text",), problems)
            if body["comment"] not in {each.number for each in found.comments}:
                problems.add("draft-comment", None, number=body["comment"])
            if body["verdict"] not in VERDICTS:
                problems.add("unknown-word", None, word=body["verdict"], known=", ".join(VERDICTS))
        case "submit":
            if found.unanswered:
                problems.add("draft-unanswered", None, numbers=", ".join(map(str, found.unanswered)))
        case "approve":
            second_person(found.drafters, step.actor, ACTS["approve"].title, problems)
        case "propose" | "revise":
            unsaid(body, ("reason",), problems)
            too_long(body, ("reason",), problems)
        case _:
            pass
    problems.refuse_errors()


COURSE = _Open(
    KIND, ACTS, STATES, Consultation, _changed, lambda _, __: True, lambda _, found, wanted: _sides(found, wanted), _refuse_unsound
)  # fmt: skip


def consultations(store: Store) -> list[Consultation]:
    """Every one, the newest first; everybody may read them."""
    with store.reading() as connection:
        return [each for _, each in COURSE.told_in(connection)]


def consultation_of(store: Store, id_: str) -> tuple[Consultation, list[Step]]:
    """
    raises   Refused: unknown-process
    """
    held, steps = process_of(store, KIND, id_)
    return COURSE.told(held, steps), steps


def propose(
    store: Store, who: Somebody, shelf: Shelf, base: str, text: str, examples: str, reason: str, basis: Mapping[str, Any] | None = None
) -> Consultation:  # fmt: skip
    """Puts a draft out for comments.

    basis    what its levels rest on, as `basis_of` tells it
    raises   Refused: everything wrong in the text, draft-basis, process-unsaid, not-allowed-there
    """
    body = {**_body(shelf, text, examples, basis), "base": base, "reason": reason}
    with store.writing() as connection:
        return begin_within(store, connection, COURSE, who, first_organisation(store), str(body["number"]), "propose", body)


def revise(
    store: Store, who: Somebody, shelf: Shelf, id_: str, text: str, examples: str, reason: str, basis: Mapping[str, Any] | None = None
) -> Consultation:  # fmt: skip
    """Another text in its place; the comments stay, and so does what the levels rested on, where nothing else is said of it.

    raises   Refused
    """
    return take_step(store, COURSE, who, id_, "revise", {**_body(shelf, text, examples, basis), "reason": reason})


def comment(store: Store, who: Somebody, id_: str, clause: str, text: str) -> Consultation:
    return take_step(store, COURSE, who, id_, "comment", {"clause": clause, "text": text})


def answer(store: Store, who: Somebody, id_: str, number: int, verdict: str, text: str) -> Consultation:
    return take_step(store, COURSE, who, id_, "answer", {"comment": number, "verdict": verdict, "text": text})


def do(store: Store, who: Somebody, id_: str, name: str, reason: str = "") -> Consultation:
    """submit, send-back, approve or withdraw.

    raises   Refused: unknown-word, and what does not hold
    """
    plain = ("submit", "send-back", "approve", "withdraw")
    if name not in plain:
        raise Refused([Diagnostic("unknown-word", None, {"word": name, "known": ", ".join(plain)})])
    body: Body = {"reason": reason}
    return take_step(store, COURSE, who, id_, name, body)


def publish_draft(store: Store, who: Somebody, shelf: Shelf, id_: str) -> tuple[Consultation, Edition]:
    """Publishes what was approved, letter for letter, as an edition on the open shelf of the organisation that proposed it.

    raises   Refused: what does not hold; edition-exists, where another text was published under that number and edition
    """
    found, _ = consultation_of(store, id_)
    with store.reading() as connection:
        COURSE.admitted(connection, found, "publish", who)
    name = next(name for each, name, _ in organisations(store) if each == found.proposer)
    with tempfile.TemporaryDirectory(prefix="guiju-publish-") as root:
        beside, folder = _laid(Path(root), shelf, found.text, found.examples)
        edition, _ = publish(store, beside, folder, make_shelf(store, f"written by {name}", who.id, of=name), who.id)
    return take_step(store, COURSE, who, id_, "publish", {"edition": edition.id, "content_hash": edition.content_hash}), edition


def _laid(root: Path, shelf: Shelf, text: str, examples: str) -> tuple[Shelf, Path]:
    folder = root / "standards" / "written" / "draft"
    folder.mkdir(parents=True)
    for file, content in (("standard.yaml", text), ("examples.yaml", examples)):
        if content.strip():
            (folder / file).write_text(content, encoding="utf-8")
    return Shelf((root / "standards", *shelf.folders), shelf.property_folders, beside=shelf.beside), folder


def read_draft(shelf: Shelf, text: str, examples: str) -> Program:
    """What a text means.

    raises   Refused: every error in it
    """
    with tempfile.TemporaryDirectory(prefix="guiju-draft-") as root:
        beside, folder = _laid(Path(root), shelf, text, examples)
        _, program, found = examine(beside, folder)
    errors = [each for each in found.found if each.severity is Severity.ERROR]
    if program is None or errors:
        raise Refused([replace(each, span=None) for each in errors or found.found])
    return program


def _body(shelf: Shelf, text: str, examples: str, basis: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is kept of a text that is free of errors.

    raises   Refused: every error in it; process-too-long; draft-basis
    """
    if len(text) + len(examples) > TEXTS_MAX:
        raise Refused([Diagnostic("process-too-long", None, {"what": "text", "most": str(TEXTS_MAX)})])
    program, problems = read_draft(shelf, text, examples), Problems()
    read_basis(basis)
    if basis is not None:
        refuse_other_levels(basis, program, problems)
        problems.refuse_errors()
    s = program.standard
    graded = weakest_grade(each.grade for each in s.sources.values())
    clauses = [*(each.no for each in program.clauses), *(each.indicator.no for each in program.indicators)]
    return {"number": s.number, "edition": s.edition, "zh": s.title.zh, "en": s.title.en, "text": text, "examples": examples,
            "content_hash": s.content_hash, "clauses": clauses, "illustrative": graded == "illustrative",
            **({"basis": dict(basis)} if basis is not None else {})}  # fmt: skip
