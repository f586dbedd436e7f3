"""Consultation on both databases: proposed, commented, answered, approved by somebody else, published as an edition; and who may not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from chargers_made_up import NUMBER, answer, shelf
from guiju.api.asker import NOBODY, Asker, asker_of
from guiju.app import PARTS
from guiju.base.diagnostics import Refused
from guiju.cli.main import build
from guiju.frontrunner.authoring import consultation as c
from guiju.frontrunner.authoring.written import Draft, Head, new_file
from guiju.standard.model import Title
from guiju.store.access import first_organisation
from guiju.store.audit import entries, verify_chain
from guiju.store.database import Store
from guiju.store.editions import edition_named, program_of
from guiju.store.people import account_of, grant, make_account, make_organisation

DRAFT = Head("T/GUIJU 798-2026", Title("示意的分级", "Illustrative levels"), date(2026, 11, 22))


@cache
def made() -> Draft:
    path = shelf().locate(NUMBER)
    assert path is not None
    return new_file([answer(decimals="1").proposal], shelf().open(path), shelf(), DRAFT)


@dataclass
class People:
    store: Store

    def by(self, name: str) -> Asker:
        return asker_of(account_of(self.store, name), "key")


def people(store: Store) -> People:
    """Drafters `author` and `evaluator-too` of an association, reviewers of the centre, an enterprise."""
    centre, association = first_organisation(store), make_organisation(store, "association", "test")
    firm = make_organisation(store, "firm", "test")
    wanted = {"author": (association, "author"), "colleague": (association, "author"), "reviewer": (centre, "evaluator"), "firm": (firm, "enterprise"),
              "both": (centre, "evaluator"), "reader": (firm, "auditor")}  # fmt: skip
    for name, (organisation, role) in wanted.items():
        grant(store, make_account(store, name, organisation, "test"), organisation, role, "test")
    grant(store, account_of(store, "both").id, association, "author", "test")
    return People(store)


def refused_with(code: str, call: Any, *given: Any) -> None:
    with pytest.raises(Refused) as refused:
        call(*given)
    assert code in {each.code for each in refused.value.diagnostics}


def proposed(who: People, name: str = "author") -> c.Consultation:
    draft = made()
    return c.propose(who.store, who.by(name), shelf(), NUMBER, draft.text, draft.examples, "示意：征求意见")


def test_a_draft_goes_from_its_proposal_to_an_edition(store: Store) -> None:
    who = people(store)
    held = proposed(who)
    assert (held.state, held.standard, held.illustrative, held.clauses) == ("open", DRAFT.number, True, ("5", "4"))
    held = c.comment(store, who.by("firm"), held.id, "4", "界限太严")
    held = c.comment(store, who.by("reader"), held.id, c.GENERAL, "没有意见")
    assert [each.clause for each in held.comments] == ["4", c.GENERAL]
    refused_with("draft-unanswered", c.do, store, who.by("author"), held.id, "submit")
    c.answer(store, who.by("author"), held.id, 1, "rejected", "由总体推得")
    held = c.answer(store, who.by("colleague"), held.id, 2, "accepted", "谢谢")
    assert held.unanswered == ()
    c.do(store, who.by("author"), held.id, "submit")
    assert c.do(store, who.by("reviewer"), held.id, "approve").reviewed_by == who.by("reviewer").id
    held, edition = c.publish_draft(store, who.by("author"), shelf(), held.id)
    assert (held.state, held.edition) == ("published", edition.id)
    found = edition_named(store, DRAFT.number)
    assert found.content_hash == held.content_hash == edition.content_hash
    assert program_of(store, found, None)[0].standard.status == "draft"
    assert verify_chain(store).broken is None
    assert [each.action for each in entries(store) if each.subject == held.id] == [
        f"{c.KIND}.{act}" for act in ("propose", "comment", "comment", "answer", "answer", "submit", "approve", "publish")
    ]


def test_whoever_drafted_does_not_approve_and_strangers_do_not_act(store: Store) -> None:
    who = people(store)
    held = proposed(who, "both")
    c.do(store, who.by("both"), held.id, "submit")
    refused_with("process-second-person", c.do, store, who.by("both"), held.id, "approve")
    assert "approve" not in {each.name for each in c.possible(c.consultation_of(store, held.id)[0], who.by("both"))}
    refused_with("not-allowed-there", c.do, store, who.by("firm"), held.id, "approve")
    refused_with("process-not-now", c.comment, store, who.by("firm"), held.id, "4", "late")
    refused_with("process-not-now", c.publish_draft, store, who.by("author"), shelf(), proposed(who).id)
    c.do(store, who.by("reviewer"), held.id, "send-back")
    refused_with("not-allowed-there", c.comment, store, NOBODY, held.id, "4", "nobody")
    refused_with("not-allowed-there", c.answer, store, who.by("firm"), held.id, 1, "accepted", "x")
    refused_with("draft-comment", c.answer, store, who.by("both"), held.id, 7, "accepted", "x")
    refused_with("process-clause-unknown", c.comment, store, who.by("firm"), held.id, "99", "x")
    refused_with("process-unsaid", c.comment, store, who.by("firm"), held.id, "4", " ")
    refused_with("unknown-word", c.do, store, who.by("both"), held.id, "burn")
    refused_with("unknown-process", c.comment, store, who.by("firm"), "nothing", "4", "x")
    assert c.do(store, who.by("both"), held.id, "withdraw").state == "withdrawn"


def test_a_text_with_errors_is_not_let_in_and_a_revision_keeps_the_comments(store: Store) -> None:
    who = people(store)
    held = proposed(who)
    c.comment(store, who.by("firm"), held.id, "4", "界限太严")
    draft = made()
    refused_with("levels-not-rising", c.revise, store, who.by("author"), shelf(), held.id, draft.text.replace("96.4 %", "9.64 %"), draft.examples, "错")
    looser = new_file([answer(decimals="1", shares="20,50,80").proposal], shelf().open(shelf().locate(NUMBER)), shelf(),  # type: ignore[arg-type]
                      Head(DRAFT.number, Title("示意", "Illustrative"), DRAFT.on))  # fmt: skip
    after = c.revise(store, who.by("colleague"), shelf(), held.id, looser.text, looser.examples, "放宽")
    assert after.content_hash != held.content_hash
    assert len(after.comments) == 1
    assert set(after.drafters) == {who.by("author").id, who.by("colleague").id}
    assert after.proposer == held.proposer
    assert isinstance(looser, Draft)


def test_the_command_line_goes_the_same_way(tmp_path: Path) -> None:
    place = str(tmp_path / "store")

    def call(*words: str) -> Result:
        return CliRunner().invoke(build(PARTS), ["--lang", "en", *words], catch_exceptions=False)

    def step(*words: str) -> Result:
        return call("frontrunner", "consultation", *words, "--store", place)

    assert call("store", "init", "--store", place).exit_code == 0
    folder = tmp_path / "draft"
    folder.mkdir()
    for name, text in made().files.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert "out for comments" in step("propose", str(folder), "--reason", "示意", "--base", NUMBER).stdout
    assert step("comment", DRAFT.number, "--clause", "4", "--text", "too strict").exit_code == 0
    assert step("act", DRAFT.number, "submit").exit_code == 2, "a comment is open"
    assert step("answer", DRAFT.number, "1", "--verdict", "partly", "--text", "so far").exit_code == 0
    told = json.loads(step("show", DRAFT.number, "--json").stdout)
    assert told["comments"] == [{"number": 1, "clause": "4", "text": "too strict", "verdict": "partly", "answer": "so far"}]
    assert "accepted in part" in step("show", DRAFT.number).stdout
    assert "to be reviewed" in step("act", DRAFT.number, "submit").stdout
    assert step("act", DRAFT.number, "approve").exit_code == 2, "nobody approves a draft of their own"
    assert step("publish", DRAFT.number).exit_code == 2
    assert DRAFT.number in step("list").stdout
    assert step("show", "nothing").exit_code == 2
    assert step("propose", str(tmp_path / "none"), "--reason", "x").exit_code == 2
