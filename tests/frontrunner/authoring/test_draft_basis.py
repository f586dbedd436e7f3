"""What a draft rests on goes with it, is held against its levels, and is printed with the comments; on both databases."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from certifying import library_folder
from chargers_made_up import FILE, INDICATOR, MAPPING, NUMBER, answer, shelf
from guiju.api.asker import asker_of
from guiju.app import PARTS
from guiju.base.diagnostics import Refused
from guiju.cli.main import build
from guiju.frontrunner.authoring import consultation as c
from guiju.frontrunner.authoring import held as population
from guiju.frontrunner.authoring.basis import basis_of, read_basis
from guiju.frontrunner.authoring.heard import changes, consultation_report, rests
from guiju.frontrunner.authoring.several import draft_of
from guiju.frontrunner.library.kept import bring
from guiju.report.written import content
from guiju.store.access import first_organisation
from guiju.store.database import Store
from guiju.store.people import account_of, grant, make_account, make_organisation

ON = date(2026, 11, 22)


def draft(number: str = "T/GUIJU 794-2026", **said: str) -> tuple[Any, dict[str, Any]]:
    found = answer(**{"decimals": "1", **said})
    return draft_of(shelf(), [found], ON, number, ("示意", "Illustrative")), basis_of([found], ON)


def people(store: Store) -> Any:
    association, here = make_organisation(store, "association", "test"), first_organisation(store)
    grant(store, make_account(store, "author", association, "test"), association, "author", "test")
    grant(store, make_account(store, "reviewer", here, "test"), here, "evaluator", "test")
    make_account(store, "guest", association, "test")
    return lambda name: asker_of(account_of(store, name), "key")


def test_the_basis_is_kept_with_the_draft_and_printed_with_what_was_said(store: Store) -> None:
    by = people(store)
    made, basis = draft()
    held = c.propose(store, by("author"), shelf(), NUMBER, made.text, made.examples, "示意", basis)
    assert held.basis == basis
    held = c.comment(store, by("guest"), held.id, c.GENERAL, "示意：没有角色的人也有话说")
    assert {each.name for each in c.possible(held, by("guest"))} == {"comment"}
    c.answer(store, by("author"), held.id, 1, "accepted", "示意：好")
    c.do(store, by("author"), held.id, "submit")
    c.do(store, by("reviewer"), held.id, "approve")
    held, steps = c.consultation_of(store, held.id)
    (change,) = changes(shelf(), held)
    assert change.before == ("96.5", "95.5", "94.5") and change.after == ("96.4", "95.6", "94.9") and not change.same
    assert rests(held, [change])
    names = {by(name).id: name for name in ("author", "reviewer", "guest")}
    text = content(consultation_report(shelf(), held, steps, names, "zh", "guiju"), "markdown").decode()
    for word in ("示意：没有角色的人也有话说", "采纳", "guest", "reviewer", "已通过", "96.5 % · 95.5 % · 94.5 %", "谁会在哪一级", held.content_hash):
        assert word in text, word
    assert "后来改过" not in text
    assert len(content(consultation_report(shelf(), held, steps, names, "en", "guiju"), "pdf")) > 5000


def test_a_revision_keeps_the_basis_and_says_that_it_is_of_another_text(store: Store) -> None:
    by = people(store)
    made, basis = draft()
    held = c.propose(store, by("author"), shelf(), NUMBER, made.text, made.examples, "示意", basis)
    looser, other = draft(shares="20,50,80")
    held = c.revise(store, by("author"), shelf(), held.id, looser.text, looser.examples, "放宽")
    assert held.basis == basis and not rests(held, changes(shelf(), held))
    _, steps = c.consultation_of(store, held.id)
    assert "后来改过" in content(consultation_report(shelf(), held, steps, {}, "zh", "guiju"), "markdown").decode()
    held = c.revise(store, by("author"), shelf(), held.id, looser.text, looser.examples, "放宽，附依据", other)
    assert held.basis == other and rests(held, changes(shelf(), held))


def test_a_basis_of_other_levels_or_none_at_all_is_not_let_in(store: Store) -> None:
    by = people(store)
    made, basis = draft()
    forged = copy.deepcopy(basis)
    forged["indicators"][0]["levels"][0]["threshold"] = "90"
    for wrong in (forged, {}, {"guiju-basis": 2, "indicators": []}, [1]):
        with pytest.raises(Refused) as refused:
            c.propose(store, by("author"), shelf(), NUMBER, made.text, made.examples, "示意", wrong)  # type: ignore[arg-type]
        assert {each.code for each in refused.value.diagnostics} == {"draft-basis"}
    assert c.consultations(store) == [] and read_basis(None) is None
    plain = c.propose(store, by("author"), shelf(), NUMBER, made.text, made.examples, "示意")
    assert plain.basis is None
    steps = c.consultation_of(store, plain.id)[1]
    assert "没有说明由什么推得" in content(consultation_report(shelf(), plain, steps, {}, "zh", "guiju"), "markdown").decode()


def test_the_command_line_takes_the_basis_along_and_prints(tmp_path: Path) -> None:
    place = ["--store", str(tmp_path / "store")]

    def call(*words: str) -> Any:
        return CliRunner().invoke(build(PARTS), ["--lang", "en", *words], catch_exceptions=False)

    assert call("store", "init", *place).exit_code == 0
    folder = tmp_path / "draft"
    assert call("frontrunner", "draft", NUMBER, INDICATOR, "--records", str(FILE), "--mapping", str(MAPPING), "--decimals", "1", "--number",
                "T/GUIJU 795-2026", "--on", "2026-11-22", "--out", str(folder)).exit_code == 0  # fmt: skip
    propose = ["frontrunner", "consultation", "propose", str(folder), "--reason", "示意", "--base", NUMBER, *place]
    told = json.loads((folder / "basis.json").read_text("utf-8"))
    (folder / "basis.json").write_text("{", encoding="utf-8")
    assert call(*propose).exit_code == 2
    (folder / "basis.json").write_text(json.dumps(told), encoding="utf-8")
    assert call(*propose).exit_code == 0
    report = ["frontrunner", "consultation", "report", "T/GUIJU 795-2026", *place, "--to"]
    assert call(*report, str(tmp_path / "r.pdf")).exit_code == 0 and (tmp_path / "r.pdf").stat().st_size > 5000
    assert call(*report, str(tmp_path / "r.pdf")).exit_code == 2, "never written over"
    assert call(*report, str(tmp_path / "r.exe")).exit_code == 2


def test_a_library_larger_than_a_population_may_be_is_refused(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(store, "cars", library_folder(), shelf().dictionary, "test")
    monkeypatch.setattr(population, "ROWS_MAX", 10)
    with pytest.raises(Refused) as refused, duckdb.connect() as connection:
        population.of_library(store, population.named(store, "cars"), tmp_path)(connection)
    assert {each.code for each in refused.value.diagnostics} == {"authoring-library-large"}
