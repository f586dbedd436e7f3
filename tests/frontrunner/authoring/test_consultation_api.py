"""Drafts out for comments, by programs: from the draft to the edition, each step by whose it is, and what is wrong refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api_clients import Bench, bench
from chargers_made_up import NUMBER
from frontrunner.authoring.test_consultation import DRAFT, made

DRAFTS = "/api/v1/frontrunners/drafts"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("site")) as found:
        yield found


def put(site: Bench, name: str, **said: Any) -> Any:
    draft = {"base": NUMBER, "text": made().text, "examples": made().examples, "reason": "示意：征求意见", **said}
    return site.client.post(DRAFTS, json=draft, headers=site.by(name))


def step(site: Bench, id_: str, name: str | None, **said: Any) -> Any:
    return site.client.post(f"{DRAFTS}/{id_}/steps", json=said, headers=site.by(name) if name else {})


def refused(answered: Any, status: int, code: str) -> None:
    assert answered.status_code == status, answered.text
    assert code in {each["code"] for each in answered.json()["diagnostics"]}


def test_a_draft_goes_from_its_proposal_to_an_edition(site: Bench) -> None:
    begun = put(site, "author-at-other")
    assert begun.status_code == 201, begun.text
    id_ = begun.json()["id"]
    assert begun.headers["location"] == f"{DRAFTS}/{id_}"
    assert (begun.json()["standard"], begun.json()["illustrative"], begun.json()["clauses"]) == (DRAFT.number, True, ["5", "4", "—"])

    commented = step(site, id_, "public-at-first", act="comment", clause="4", text="界限太严")
    assert commented.status_code == 200 and commented.json()["comments"][0]["by"] == "public-at-first"
    assert commented.json()["possible"] == ["comment"]
    refused(step(site, id_, "author-at-other", act="submit"), 422, "draft-unanswered")
    answered = step(site, id_, "author-at-other", act="answer", comment=1, verdict="rejected", text="由总体推得").json()
    assert (answered["unanswered"], answered["comments"][0]["verdict"]) == ([], "rejected")
    step(site, id_, "author-at-other", act="submit")
    assert step(site, id_, "evaluator-at-first", act="approve").json()["state"] == "approved"
    published = step(site, id_, "author-at-other", act="publish").json()
    assert published["state"] == "published" and published["edition"]

    seen = site.client.get(f"{DRAFTS}/{id_}").json()  # by nobody in particular
    assert seen["text"] == made().text and seen["possible"] == []
    assert [each["act"] for each in seen["steps"]] == ["propose", "comment", "answer", "submit", "approve", "publish"]
    head = next(each for each in site.client.get(DRAFTS).json()["drafts"] if each["id"] == id_)
    assert head == {key: seen[key] for key in head} | {"comments": 1}
    standards = site.client.get("/api/v1/standards", headers=site.by("public-at-first")).json()
    assert DRAFT.number in {each["number"] for each in standards["standards"]}


def test_who_may_not_and_what_is_wrong_is_refused_and_nothing_is_kept(site: Bench) -> None:
    before = len(site.client.get(DRAFTS).json()["drafts"])
    refused(put(site, "author-at-other", text=made().text.replace("96.4 %", "9.64 %")), 422, "levels-not-rising")
    assert put(site, "author-at-other", basis={"indicators": 3}).status_code == 422
    assert put(site, "public-at-other").status_code == 403
    assert site.client.post(DRAFTS, json={}).status_code in (401, 422)
    assert len(site.client.get(DRAFTS).json()["drafts"]) == before

    id_ = put(site, "author-at-other").json()["id"]
    assert step(site, id_, None, act="comment", text="x").status_code in (401, 403)
    assert step(site, id_, "public-at-first", act="answer", comment=1, verdict="accepted", text="x").status_code == 403
    refused(step(site, id_, "public-at-first", act="comment", clause="99", text="x"), 422, "process-clause-unknown")
    refused(step(site, id_, "public-at-first", act="comment", text=" "), 422, "process-unsaid")
    refused(step(site, id_, "author-at-other", act="answer", comment=7, text="x", verdict="accepted"), 422, "draft-comment")
    assert step(site, "nothing", "author-at-other", act="submit").status_code == 404
    assert [len(site.client.get(f"{DRAFTS}/{id_}").json()[key]) for key in ("comments", "steps")] == [0, 1]


def test_the_same_step_asked_twice_with_a_key_is_one(site: Bench) -> None:
    id_ = put(site, "author-at-other").json()["id"]
    said = {"act": "comment", "clause": "5", "text": "一次"}
    answers = [site.client.post(f"{DRAFTS}/{id_}/steps", json=said, headers={**site.by("public-at-first"), "idempotency-key": "once"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(site.client.get(f"{DRAFTS}/{id_}").json()["comments"]) == 1
