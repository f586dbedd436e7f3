"""What the dossier proposes from the studies of a verification: the same figures in both, and a conclusion that differs says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from guiju.base.diagnostics import Refused
from guiju.standard.shelf import data_folder
from guiju.store.database import Store
from guiju.store.migrate import make_store
from guiju.verify.dossier.assembled import Given, twin, verify_standard
from guiju.verify.process import acting
from guiju.verify.process.project import Project
from guiju.verify.process.proposing import proposal
from guiju.verify.process.seen import names_in, view
from guiju.verify.process.study_files import bound_name, study_files
from store.stores import Places
from verifying import ITEM, NUMBER, People, lifted, people, proposed, shelf


@pytest.fixture
def of(tmp_path: Path) -> Any:
    places = Places("sqlite", tmp_path, str)
    store: Store = places.new()
    make_store(store, "test")
    yield people(store)
    places.close()


def analysed(of: People, excluding: bool = False) -> Project:
    id_ = lifted(of)
    if excluding:
        said = {"item": ITEM, "lab": "L01", "level": "B", "replicate": "1", "reason": "抄录: 有“误”"}
        acting.act(of.store, of.by("planner"), id_, "exclude", said)
        acting.act(of.store, of.by("second"), id_, "confirm", {"exclusion": 1})
    return acting.analyse(of.store, of.by("planner"), id_, "GB/T 6379.2-2004", {})


def test_the_study_of_a_project_gives_the_dossier_the_same_figures(of: People, tmp_path: Path) -> None:
    project = analysed(of, excluding=True)
    assert project.plan is not None and project.analysis is not None
    for name, text in study_files(project, project.plan.items[0], {}).items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="\n")
    made, _ = verify_standard(shelf(), Given(NUMBER, (tmp_path / bound_name(ITEM),), steps=1_000_000, seconds=120))
    (study,) = twin(made)["studies"]
    theirs = json.loads(project.analysis.studies[ITEM][1])
    assert study["precision"] == theirs, "one computation, with the same exclusions"
    assert study["property"] == "nev.electricity.cltc" and study["illustrative"] and study["unit"] == "kWh/100km"
    assert [each["s_R"] for each in study["levels"]] == [each["s_R"] for each in theirs["studies"][0]["kept"]["levels"]]
    assert theirs["studies"][0]["kept"]["levels"][1]["N"] == 7 and theirs["exclusions"][0]["reason"] == "抄录: 有“误”"


def test_it_proposes_what_the_dossier_concludes(of: People) -> None:
    project = analysed(of)
    found = proposal(shelf(), project, {})
    again, text_alone = proposal(shelf(), project, {}), verify_standard(shelf(), Given(NUMBER, steps=1_000_000, seconds=120))[0]
    assert found == again and found.said["twin"] != twin(text_alone)["sha256"] and found.said["illustrative"]
    assert found.said["content_hash"] == project.content_hash and found.after == project.number
    assert {each["name"] for each in found.said["files"]} >= {bound_name(ITEM), f"study-{ITEM}.csv"}
    zone = next(e for each in found.said["clauses"]["R1"].values() for e in each["evidence"] if e["id"].endswith(":zone_of_limit"))
    assert zone["verdict"] in ("pass", "after-change", "fail"), "the study of this project tells whether the limit can be verified"
    assert text_alone.named(zone["id"]).value is None
    cars = data_folder() / "examples" / "vehicles.csv"
    with_cars = proposal(shelf(), project, {}, (cars,), (cars.with_name("vehicles.mapping.yaml"),))
    assert with_cars.said["clauses"]["R1"]["applicable"] != found.said["clauses"]["R1"]["applicable"]


def test_what_differs_from_the_proposal_says_why_and_both_are_kept(of: People) -> None:
    project = analysed(of)
    found = proposed(of.store, of.by("planner"), project.id)
    by = found.said["clauses"]["R1"]
    other = {a: {"verdict": "fail" if each["verdict"] != "fail" else "not-verified", "ground": ""} for a, each in by.items()}
    with pytest.raises(Refused) as refused:
        acting.conclude(of.store, of.by("planner"), project.id, {"R1": other}, "", found)
    assert [d.facts["aspect_en"] for d in refused.value.diagnostics if d.code == "process-differs"] == list(by)
    alike = {a: {"verdict": each["verdict"], "ground": each["en"]} for a, each in by.items()}
    alike["operable"] = {"verdict": "after-change", "ground": "环境温度未写明"}
    done = acting.conclude(of.store, of.by("planner"), project.id, {"R1": alike}, "示意", found)
    assert done.conclusion is not None and done.conclusion.proposed["twin"] == found.said["twin"]
    _, steps = acting.project_of(of.store, of.by("firm"), project.id)
    seen = view(done, steps, of.by("firm"), names_in(of.store))
    assert seen["conclusion"]["proposed"]["clauses"] == found.said["clauses"] and seen["log"][-1]["twin"] == found.said["twin"]


def test_what_would_fail_is_not_passed_over_in_silence(of: People) -> None:
    from guiju.base.diagnostics import Problems
    from guiju.verify.process.checks import _differing

    def refused(proposal: str, said: str | None, ground: str = "") -> bool:
        problems = Problems()
        by = {} if said is None else {"R1": {"scientific": {"verdict": said, "ground": ground}}}
        _differing(by, {"R1": {"scientific": {"verdict": proposal}}}, problems)
        return problems.has_errors

    assert refused("fail", None) and refused("after-change", "not-verified") and refused("not-verified", "pass") and refused("fail", "pass")
    assert not refused("fail", "pass", "为何") and not refused("pass", "pass") and not refused("pass", None) and not refused("not-verified", None)


def test_a_proposal_of_an_earlier_project_is_refused(of: People) -> None:
    project = analysed(of)
    found = proposed(of.store, of.by("planner"), project.id)
    acting.analyse(of.store, of.by("planner"), project.id, "ISO 5725-2:2019", {})
    with pytest.raises(Refused) as refused:
        acting.conclude(of.store, of.by("planner"), project.id, {}, "", found)
    assert [d.code for d in refused.value.diagnostics] == ["process-moved"]
    for name, code in (("chief", "not-allowed-there"), ("outsider", "unknown-process")):
        with pytest.raises(Refused) as refused:
            acting.concluding(of.store, of.by(name), project.id)
        assert [d.code for d in refused.value.diagnostics] == [code]
