"""`guiju verify point …` and `guiju verify project …` as typed, a whole course of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from guiju.app import PARTS
from guiju.cli.console import choose_language
from guiju.cli.main import build
from guiju.store.database import Store
from guiju.verify.process import acting
from store.stores import Places
from verifying import ITEM, NUMBER, People, meaning, people, results

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(places: Places, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """(exit code, standard output, standard error) of a command on one store."""
    monkeypatch.delenv("GUIJU_STORE", raising=False)
    command, (place, files) = typer.main.get_command(build(PARTS)), places.words()
    where = ["--store", place, *(["--files", str(files)] if files else [])]

    def call(*words: str, lang: str = "en", stored: bool = True) -> tuple[int, str, str]:
        try:
            code = command.main(["--lang", lang, *words, *(where if stored else [])], standalone_mode=False)
        except SystemExit as ended:
            code = ended.code
        choose_language(None)
        said = capsys.readouterr()
        return code if isinstance(code, int) else 0, said.out, said.err

    assert call("store", "init")[0] == 0
    call.store = places.at(place, files)  # type: ignore[attr-defined]
    return call


def test_a_whole_course_as_typed(typed: Typed, tmp_path: Path) -> None:
    store: Store = typed.store  # type: ignore[attr-defined]
    of: People = people(store)

    def project(verb: str, *words: str, by: str, lang: str = "en") -> str:
        code, out, err = typed("verify", "project", verb, *words, "--as", by, lang=lang)
        assert code == 0, err
        return out

    assert "demanded" in project("demand", NUMBER, "--reason", "is it measurable", "--stage", "effect", by="firm")
    project("act", NUMBER, "accept", "--set", "judgement=in the field", by="planner")
    said = project("plan", NUMBER, "--clause", "R1=experiment", "--level", "A", "--level", "B", "--level", "C", "--within-R", "0.8", by="planner")
    assert "kWh/100km" in said and "4 laboratories × 2 replicates" in said
    project("act", NUMBER, "approve", "--set", "opinion=enough", by="assessor")
    project("call", NUMBER, "--until", "2026-12-31", by="chief")
    for n in range(1, 5):
        assert ITEM in project("apply", NUMBER, "--point", f"P{n}", "--laboratory", "drum", by=f"lab{n}")
    assert "6 samples" in project("assign", NUMBER, "1", "2", "3", "4", "--key-holder", "keeper", by="chief")
    (held, _), *_ = acting.projects_for(store, of.by("chief"))
    found, _ = acting.project_of(store, of.by("chief"), held.id)
    assert "示意" in project("show", NUMBER, by="chief", lang="zh") and "实施中" in project("list", by="chief", lang="zh")
    for n in range(1, 5):
        file = tmp_path / f"{n}.csv"
        project("sheet", NUMBER, str(n), "--out", str(file), by=f"lab{n}")
        rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
        (column,) = [name for name in rows[0] if name.startswith(ITEM)]
        given = results(of, held.id, f"lab{n}")
        with file.open("w", encoding="utf-8", newline="") as out:
            written = csv.writer(out)
            written.writerow(["code", column, "note"])
            written.writerows([row["code"], given[row["code"]][ITEM], ""] for row in rows)
        assert "6/6, submitted" in project("enter", NUMBER, str(n), str(file), "--submit", by=f"lab{n}")
    assert "code" in project("key", NUMBER, by="keeper") and found.plan is not None
    project("close", NUMBER, by="chief")
    code, _, err = typed("verify", "project", "study", NUMBER, "--out", str(tmp_path), "--as", "planner")
    assert code == 2 and "process-not-now" in err, "blind until it is lifted"
    project("lift", held.id[-8:], by="keeper")
    project("exclude", NUMBER, "--item", ITEM, "--lab", "L01", "--level", "A", "--reason", "a slip", by="planner")
    project("act", NUMBER, "confirm", "--set", "exclusion=1", by="second")
    shown = project("analyse", NUMBER, by="planner")
    project("study", NUMBER, "--out", str(tmp_path), by="planner")
    study, left_out = tmp_path / f"study-{ITEM}.csv", tmp_path / f"study-{ITEM}.exclusions.yaml"
    _, out, _ = typed("verify", "precision", str(study), "--unit", "kWh/100km", "--exclude", str(left_out), "--json", stored=False)
    told = json.loads(out)["studies"][0]["kept"]["levels"]
    assert all(f"{level['s_R']:.4g}" in shown for level in told) and json.loads(out)["exclusions"][0]["by"] == "示意·planner; 示意·second"
    code, out, err = typed("verify", "standard", NUMBER, "--study", str(tmp_path / f"study-{ITEM}.study.yaml"), "--json", stored=False)
    assert code == 3 and json.loads(out)["studies"][0]["precision"]["studies"][0]["kept"]["levels"] == told, err
    proposed = json.loads(project("conclude", NUMBER, "--json", by="planner"))
    assert proposed["clauses"]["R1"]["operable"]["verdict"] == "not-verified"
    assert "to be concluded" in project("show", NUMBER, by="planner"), "without verdicts nothing is concluded"
    assert "process-differs" in typed("verify", "project", "conclude", NUMBER, "--verdict", "R1/scientific=pass", "--as", "planner")[2]
    given = ("--verdict", "R1/scientific=pass:another study", "--verdict", "R1/operable=after-change:say more")
    concluded = project("conclude", NUMBER, *given, by="planner")
    assert "to be archived" in concluded and proposed["twin"] in "".join(concluded.split())
    assert json.loads(project("show", NUMBER, "--json", by="planner"))["conclusion"]["proposed"] == proposed
    assert "say more" in project("show", NUMBER, by="lab1")
    assert "archived" in project("act", NUMBER, "archive", by="chief")
    assert json.loads(project("show", NUMBER, "--json", by="chief"))["state"] == "archived" and json.loads(project("list", "--json", by="chief"))


def test_wrong_words_are_told(typed: Typed, tmp_path: Path) -> None:
    people(typed.store)  # type: ignore[attr-defined]
    assert "process-clause-silent" in _wrong(typed, ("demand", NUMBER, "--reason", "x"), ("act", NUMBER, "accept", "--set", "judgement=x"), ("plan", NUMBER))
    assert "point-word" in typed("verify", "project", "act", NUMBER, "fly")[2]
    assert "point-word" in typed("verify", "project", "act", NUMBER, "decline", "--set", "why=x")[2]
    assert "process-unsaid" in typed("verify", "project", "act", NUMBER, "return", "--set", "reason=x")[2]
    assert "verdict-malformed" in typed("verify", "project", "conclude", NUMBER, "--verdict", "R1")[2]
    assert "unknown-process" in typed("verify", "project", "show", "GB 1-1")[2] and "unknown-account" in typed("verify", "project", "list", "--as", "x")[2]
    assert "process-order-unknown" in typed("verify", "project", "sheet", NUMBER, "1")[2]
    code, out, _ = typed("store", "account", "new", "--organisation", "made now", "--role", "verifier")
    assert code == 0 and "new at made now: verifier" in out


def _wrong(typed: Typed, *verbs: tuple[str, ...]) -> str:
    for verb in verbs[:-1]:
        assert typed("verify", "project", *verb)[0] == 0
    code, _, err = typed("verify", "project", *verbs[-1])
    assert code == 2
    return err


def test_sheets_come_back_by_their_header_or_in_their_order(typed: Typed, tmp_path: Path) -> None:
    from guiju.base.diagnostics import Refused
    from guiju.verify.process.sheets import pasted, read_sheet, sheet_text
    from verifying import running

    of = people(typed.store)  # type: ignore[attr-defined]
    project, _ = acting.project_of(of.store, of.by("lab1"), running(of))
    assert project.plan is not None
    order, items = project.orders[0], project.plan.items
    a, b = order.codes[:2]
    wanted = ({a: {ITEM: "14.1"}, b: {ITEM: "15.0"}}, {b: "窗未关"})
    assert pasted(f"{a}\t14.1\n{b.lower()}\t15.0\t窗未关\n", order, items) == wanted
    assert pasted(f"code\tnote\t{ITEM} [kWh/100km]\n{a}\t\t14.1\n{b}\t窗未关\t15.0\n", order, items) == wanted
    file = tmp_path / "sheet.csv"
    file.write_text(sheet_text(order, items), encoding="utf-8")
    assert set(read_sheet(file, order, items)[0]) == set(order.codes)
    for text, code in ((f"{a}\t1\n{a}\t2\n", "entry-repeated"), (f"code\tother\n{a}\t1\n", "entry-column")):
        with pytest.raises(Refused) as refused:
            pasted(text, order, items)
        assert code in {d.code for d in refused.value.diagnostics}
    assert meaning(of, project.id)


def test_points_as_typed(typed: Typed, tmp_path: Path) -> None:
    code, out, _ = typed("verify", "point", "match", NUMBER, stored=False)
    assert code == 0 and "✓ covers the whole range" in out and "illustrative" in out
    code, out, _ = typed("verify", "point", "match", "GB 46519-2025", "--json", stored=False)
    assert code == 1 and len(json.loads(out)["uncovered"]) == 2
    assert typed("verify", "point", "match", "GB 46519-2025", stored=False)[0] == 1
    assert "输配电" in typed("verify", "point", "list", "西安", lang="zh", stored=False)[1] and "no such" in typed("verify", "point", "list", "zzz")[1]
    assert "xihari.com" in typed("verify", "point", "show", "XIHARI", stored=False)[1] and "unknown-point" in typed("verify", "point", "show", "X")[2]
    assert json.loads(typed("verify", "point", "show", "EX-SH", "--json")[1])["illustrative"] and len(json.loads(typed("verify", "point", "list", "--json")[1])) == 6
    file = tmp_path / "points.yaml"
    file.write_text("sources:\n  s: {title: t, grade: illustrative}\npoints:\n  A: {zh: 示意, en: x, holder: {zh: x, en: x}, region: CN, source: s}\n", encoding="utf-8")
    assert "1 points, no problem" in typed("verify", "point", "import", str(file), "--check")[1]
    assert "1 points taken in" in typed("verify", "point", "import", str(file))[1] and "1 as they were" in typed("verify", "point", "import", str(file))[1]
    file.write_text(file.read_text("utf-8").replace("CN", "XX"), encoding="utf-8")
    code, _, err = typed("verify", "point", "import", str(file))
    assert code == 2 and "unknown-region" in err and "points.yaml:4" in err
