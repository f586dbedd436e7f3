"""The face of coordination for programs: the same findings as the commands, refusals with every diagnostic, and only names, never paths."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api_clients import Bench, bench
from guiju.align.api.coordination import HARMONISE, PLAN, RECOGNISE, SUFFICES
from guiju.align.brought import Kept
from guiju.base.diagnostics import Refused
from guiju.standard.shelf import data_folder
from guiju.store.sets import keep_records

ALIGN = "/api/v1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("store"), per_minute=1_000_000, logins_per_minute=1_000_000) as found:
        yield found


def post(made: Bench, path: str, body: object, who: str = "evaluator-at-first") -> tuple[int, Any]:
    answer = made.client.post(f"{ALIGN}/{path}", json=body, headers=made.by(who))
    return answer.status_code, answer.json()


def test_a_proposal_comes_with_its_texts_its_proofs_and_its_roadmap(made: Bench) -> None:
    status, told = post(made, "harmonise", {**HARMONISE, "roadmap": True, "number": "示意提案 1"})
    assert status == 200 and told["number"] == "示意提案 1" and str(told["standard_yaml"]).startswith("guiju: 1")
    assert {clause["same_verdicts"] for clause in told["clauses"]} == {"proved"}
    assert told["roadmap"]["end_is_the_proposal"] == "proved"


def test_real_products_come_from_a_set_that_may_be_seen(made: Bench) -> None:
    file = data_folder() / "examples" / "vehicles.csv"
    kept, _ = keep_records(made.store, file, made.organisations["first"], "test", mapping=file.with_name("vehicles.mapping.yaml"))
    asked = {"standards": ["财建〔2018〕18号", "GB 36980.1-2025"], "strategy": "cheapest", "record_set": kept.id,
             "treat_as": {"nev.electricity.nedc": "nev.electricity.cltc"}}  # fmt: skip
    status, told = post(made, "harmonise", asked)
    assert status == 200 and told["products"]["count"] == 17
    status, told = post(made, "harmonise", asked, "evaluator-at-other")
    assert status == 404 and [d["code"] for d in told["diagnostics"]] == ["unknown-record-set"]


def test_what_remains_and_where_it_is_enough(made: Bench) -> None:
    status, told = post(made, "recognise", RECOGNISE)
    assert status == 200 and told["asked"][0]["remaining"] == ["R1", "R3", "R6", "R7"]
    assert "avoided" not in told
    catalogue = (data_folder() / "examples" / "align" / "tests.yaml").read_text(encoding="utf-8")
    status, told = post(made, "recognise", {**RECOGNISE, "asked_in": "CN-32", "catalogue": catalogue})
    assert status == 200 and told["avoided"]["illustrative"] is True
    status, told = post(made, "suffices", SUFFICES)
    assert status == 200 and told["targets"] == [] and told["nothing_of_their_own"] == ["CN-32"]


def test_a_plan_says_that_its_costs_are_made_up(made: Bench) -> None:
    status, told = post(made, "testplan", PLAN)
    assert status == 200 and told["illustrative"] is True and told["gap"] == "0" and told["proof"] in ("reduction", "exact")
    status, told = post(made, "testplan", {**PLAN, "catalogue": "title: {zh: 甲, en: a}\n"})
    places = [d["where"]["file"] for d in told["diagnostics"] if d["where"]]
    assert status == 422 and set(places) == {"catalogue.yaml"}


@pytest.mark.parametrize(("path", "body", "code"), [
    ("harmonise", {"standards": ["nothing"]}, "align-unknown"), ("harmonise", {**HARMONISE, "strategy": "cheapest"}, "harmonise-without-records"),
    ("harmonise", {**HARMONISE, "treat_as": {"a": "b"}}, "unknown-property"), ("recognise", {**RECOGNISE, "rule": "pyproject.toml"}, "recognise-no-rule"),
    ("recognise", {"passed": ["GB/T 19056-2012"]}, "recognise-nothing-asked"), ("suffices", {**SUFFICES, "on": "never"}, "not-a-date"),
    ("testplan", {"regions": ["CN-32"]}, "plan-unasked"), ("testplan", {**PLAN, "deadline": 0}, "plan-too-late"),
])  # fmt: skip
def test_what_is_refused_says_why(made: Bench, path: str, body: object, code: str) -> None:
    status, told = post(made, path, body)
    assert status in (404, 422) and code in [d["code"] for d in told["diagnostics"]]


def test_a_path_of_this_machine_is_no_name(made: Bench) -> None:
    folder = str(Path(data_folder() / "examples" / "align" / "recorder" / "standards" / "local" / "SHIYI-JIA"))
    for path, body in (("harmonise", {"standards": [folder, "GB/T 19056-2021"]}), ("recognise", {**RECOGNISE, "passed": [folder]}),
                       ("suffices", {"standard": folder}), ("testplan", {"standards": [folder]})):  # fmt: skip
        status, told = post(made, path, body)
        assert status in (404, 422) and {d["code"] for d in told["diagnostics"]} <= {"align-unknown", "unknown-standard"}


def test_guides_and_maps_are_open_to_everybody(made: Bench) -> None:
    guide = made.client.get(f"{ALIGN}/guide", params={"region": "Jiangsu", "subject": "road", "on": "2026-11-22"}).json()
    assert guide["region"] == "CN-32" and guide["standards"]
    found = made.client.get(f"{ALIGN}/map", params={"on": "2026-11-22"}).json()
    assert found["system"] == "nev" and found["standards"] == len(found["entries"])
    listed = made.client.get(f"{ALIGN}/joint", params={"region": ["CN-31", "CN-32"], "on": "2026-11-22"}).json()
    assert listed["regions"] == ["CN-31", "CN-32"]
    for path, code in (("guide?region=x&subject=road", "unknown-region"), ("map?system=x", "unknown-word"), ("joint?on=x", "not-a-date")):
        answer = made.client.get(f"{ALIGN}/{path}")
        assert answer.status_code in (404, 422) and code in [d["code"] for d in answer.json()["diagnostics"]]


def test_a_file_that_was_brought_is_there_for_every_process_of_the_workbench(made: Bench) -> None:
    owner, other = made.accounts["evaluator-at-first"], made.accounts["evaluator-at-other"]
    brought = Kept(made.store).put(owner, "我的 产品.csv", io.BytesIO(b"a\n1\n"), b"inputs: {}\n")
    elsewhere = Kept(made.store).get(brought.id, owner)
    assert elsewhere.path.name == "我的 产品.csv" and elsewhere.path.read_bytes() == b"a\n1\n"
    assert elsewhere.mapping is not None and elsewhere.mapping.read_text(encoding="utf-8") == "inputs: {}\n"
    with pytest.raises(Refused):
        Kept(made.store).get(brought.id, other)
