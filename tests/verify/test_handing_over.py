"""The key to the blind codes in other hands, and what one person alone is told of steps that are for two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from api_clients import client
from guiju.api.settings import Settings
from guiju.app import PARTS
from guiju.base.diagnostics import Refused
from guiju.cli.main import build
from guiju.store.audit import entries
from guiju.store.database import Store
from guiju.store.people import disable
from guiju.verify.process import acting
from guiju.verify.process.seen import for_another, key_of, names_in, view
from store.stores import Places
from verifying import PLAN, People, demanded, entered, lifted, people, program, running, shelf

__all__ = ["Places"]


def codes(action: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        action()
    return [each.code for each in refused.value.diagnostics]


def test_the_key_goes_on_and_who_held_it_can_look_no_more(store: Store) -> None:
    of = people(store)
    id_ = running(of)
    assert len(key_of(store, of.by("keeper"), id_).rows) == 4 * 6
    disable(store, of.by("keeper").id, "test")
    chief = of.by("chief")
    assert "hand-over" in view(*acting.project_of(store, chief, id_), chief, names_in(store))["possible"]
    assert codes(lambda: acting.hand_over(store, chief, id_, chief.id, "已离职")) == ["process-second-person", "process-alone"]
    from guiju.store.people import grant, make_account

    other = make_account(store, "keeper-2", of.centre, "test", title="示意·二")
    grant(store, other, of.centre, "operator", "test")
    assert codes(lambda: acting.hand_over(store, chief, id_, chief.id, "已离职")) == ["process-second-person"], "now there is another"
    assert codes(lambda: acting.hand_over(store, chief, id_, other, " ")) == ["process-unsaid"]
    assert codes(lambda: acting.hand_over(store, chief, id_, of.by("planner").id, "已离职")) == ["process-key-holder"]
    assert codes(lambda: acting.hand_over(store, chief, id_, of.by("keeper").id, "已离职")) == ["process-key-holder"], "that account is disabled"
    assert codes(lambda: acting.hand_over(store, of.by("planner"), id_, other, "已离职")) == ["not-allowed-there"]
    done = acting.hand_over(store, chief, id_, other, "原保管人已离职")
    assert done.key_holder == other and done.state == "running"
    assert len(key_of(store, of.by("keeper-2"), id_).rows) == 4 * 6
    assert codes(lambda: key_of(store, of.by("keeper"), id_)) == ["process-other-side"]
    assert codes(lambda: acting.hand_over(store, chief, id_, other, "再来")) == ["process-key-not-to"]
    (logged,) = [each for each in view(*acting.project_of(store, chief, id_), chief, names_in(store))["log"] if each["act"] == "hand-over"]
    assert logged["reason"] == "原保管人已离职" and logged["by"] == "示意·chief"
    assert any(each.subject == id_ and "hand-over" in f"{each.action} {each.detail}" for each in entries(store)), [e.action for e in entries(store)][-3:]
    for lab in of.labs:
        entered(of, id_, lab)
    acting.act(store, chief, id_, "close", {})
    assert acting.lift(store, of.by("keeper-2"), id_).state == "lifted"
    assert codes(lambda: acting.hand_over(store, chief, id_, of.by("keeper").id, "太晚")) == ["process-not-now"]


def test_who_has_entered_results_never_gets_the_key(store: Store) -> None:
    of = people(store)
    from guiju.store.people import grant

    grant(store, of.by("lab1").id, of.centre, "operator", "test")
    id_ = running(of)
    entered(of, id_, "lab1", submit=False)
    assert codes(lambda: acting.hand_over(store, of.by("chief"), id_, of.by("lab1").id, "临时")) == ["process-key-not-to"]


def test_one_person_alone_is_told_to_make_another_account(store: Store) -> None:
    of = people(store)
    id_ = demanded(of)
    from guiju.store.people import grant

    both = of.by("planner")
    grant(store, both.id, of.centre, "evaluator", "test")
    acting.act(store, of.by("planner"), id_, "accept", {"judgement": "在"})
    acting.plan(store, of.by("planner"), id_, program(), shelf().dictionary, PLAN)
    project, _ = acting.project_of(store, of.by("planner"), id_)
    assert for_another(project, of.by("planner")) == ["approve"] and for_another(project, of.by("assessor")) == []
    step = {"opinion": "够"}
    assert codes(lambda: acting.act(store, of.by("planner"), id_, "approve", step)) == ["process-second-person"], "others may"
    for name in ("assessor", "second"):
        disable(store, of.by(name).id, "test")
    with pytest.raises(Refused) as refused:
        acting.act(store, of.by("planner"), id_, "approve", step)
    assert [d.code for d in refused.value.diagnostics] == ["process-second-person", "process-alone"]
    told = refused.value.diagnostics[1]
    assert "guiju store account NAME --role evaluator" in told.help("en") and "GUIJU_LOGIN=yes" in told.help("zh")
    assert acting.project_of(store, of.by("planner"), id_)[0].state == "planned", "nothing was taken"


def test_the_end_is_for_another_too(store: Store) -> None:
    of = people(store)
    id_ = lifted(of)
    acting.act(store, of.by("planner"), id_, "exclude", {"item": "R1.consumption", "lab": "L01", "level": "B", "replicate": "1", "reason": "抄录"})
    project, _ = acting.project_of(store, of.by("planner"), id_)
    assert for_another(project, of.by("planner")) == ["confirm"] and for_another(project, of.by("second")) == []


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[httpx.Client]:
    """A workbench in single-user mode: one person, who may do everything."""
    from guiju.store.editions import make_shelf, publish

    with client(Settings(data=tmp_path / "store", jobs=False, per_minute=1_000_000), whole=True) as made:
        store: Store = made.app.state.store  # type: ignore[attr-defined]
        path = shelf().locate("GB 36980.1-2025")
        assert path is not None
        publish(store, shelf(), path, make_shelf(store, "shipped", "test"), "test")
        yield made
        store.close()


def test_in_single_user_mode_page_and_api_say_what_to_do(alone: httpx.Client) -> None:
    said = {"standard": "GB 36980.1-2025", "reason": "可否验证", "stage": "effect"}
    made = alone.post("/api/v1/verifications", json=said)
    assert made.status_code == 201, made.text
    id_ = made.json()["id"]
    assert alone.post(f"/api/v1/verifications/{id_}/steps", json={"act": "accept", "judgement": "在"}).status_code == 200
    plan = {"clauses": {"R1": "experiment"}, "skipped": {}, "levels": ["A", "B", "C"], "laboratories": 3, "replicates": 2}
    every = [row["no"] for row in alone.get("/api/v1/standards/GB-36980.1-2025").json()["clauses"]]
    plan["skipped"] = {no: "示意" for no in every if no != "R1"}
    planned = alone.post(f"/api/v1/verifications/{id_}/plan", json=plan)
    assert planned.status_code == 200, planned.text
    assert planned.json()["for_another"] == ["approve"]
    page = alone.get(f"/verifications/{id_}", headers={"accept": "text/html", "accept-language": "en"}).text
    assert "is for a second person" in page and "guiju store account NAME --role evaluator" in page
    refused = alone.post(f"/api/v1/verifications/{id_}/steps", json={"act": "approve", "opinion": "够"})
    assert refused.status_code in (403, 409, 422)
    assert {"process-second-person", "process-alone"} == {each["code"] for each in refused.json()["diagnostics"]}


def test_as_typed(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIJU_LANG", "en")
    place = str(tmp_path / "typed")
    run = lambda *words: CliRunner().invoke(build(PARTS), ["verify", "project", *words, "--store", place])  # noqa: E731
    from guiju.store.database import store_at
    from guiju.store.migrate import make_store

    made = store_at(place)
    make_store(made, "test")
    of: People = people(made)
    id_ = running(of)
    shown = run("show", id_, "--as", "chief")
    assert shown.exit_code == 0 and "hand-over" in shown.output, shown.output
    wrong = run("hand-over", id_, "--key-holder", "planner", "--reason", "left", "--as", "chief")
    assert wrong.exit_code == 2 and "process-key-holder" in wrong.output + str(wrong.stderr)
    right = run("hand-over", id_, "--key-holder", "chief", "--reason", "left", "--as", "keeper")
    assert right.exit_code == 0, right.output
    made.close()
