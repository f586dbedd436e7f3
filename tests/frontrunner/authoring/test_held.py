"""Levels from what is kept: a library by its name and revision, R from a study of the store, several indicators in one draft, the proposal as a
result that is made again, printed. Every figure is made up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from api_clients import Bench, bench
from certifying import JIA, library_folder
from certifying import shelf as shelf_of
from chargers_made_up import FILE, INDICATOR, MAPPING, NUMBER, answer, asked, shelf
from guiju.app import PARTS, kinds
from guiju.base.diagnostics import Refused
from guiju.cli.main import build
from guiju.frontrunner.authoring.asked import answered
from guiju.frontrunner.authoring.basis import basis_of
from guiju.frontrunner.authoring.capability import FACTOR
from guiju.frontrunner.authoring.held import choices, every_revision, named, of_library
from guiju.frontrunner.authoring.measured import limit_kept
from guiju.frontrunner.authoring.report import proposal_report
from guiju.frontrunner.authoring.sample import Headers, thresholds_in_force
from guiju.frontrunner.authoring.several import draft_of, further, query_of, said_in
from guiju.frontrunner.authoring.shelved import graded_texts, named_limits
from guiju.frontrunner.library.kept import bring
from guiju.records.bulk import programs
from guiju.report.written import FORMS, content
from guiju.store.database import Store
from guiju.store.editions import make_shelf, publish
from guiju.store.jobs import job_of
from guiju.store.replay import replay
from guiju.store.results import result_of
from guiju.store.sets import keep_records
from guiju.store.worker import Worker

F = Fraction
CARS_STANDARD, CHARGING = "T/GUIJU 701-2026", "charging_level"
PAGE = {"accept": "text/html", "accept-language": "en"}
WHO = "author-at-first"
STUDY = "lab,level,replicate,value (%)\n" + "".join(
    f"示意 {lab},1,{n},{95 + shift + step:.2f}\n" for lab, shift in zip("ABCDEFGH", (0.05, -0.04, 0.02, -0.03, 0.06, -0.05, 0.01, -0.02), strict=True)
    for n, step in ((1, 0.01), (2, -0.01), (3, 0.02))
)  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path / "store", whole=True, per_minute=1_000_000) as found:
        into = make_shelf(found.store, "made up", "test")
        for number in (CARS_STANDARD, NUMBER):
            path = shelf().locate(number)
            assert path is not None
            publish(found.store, shelf(), path, into, "test")
        bring(found.store, "cars", library_folder(), shelf_of().dictionary, "test")
        yield found


def get(made: Bench, path: str, who: str = WHO, **query: str) -> httpx.Response:
    return made.client.get(path, headers={**PAGE, **made.by(who)}, params=query, follow_redirects=False)


def post(made: Bench, path: str, who: str = WHO, **given: Any) -> httpx.Response:
    return made.client.post(path, headers={**PAGE, **made.by(who)}, follow_redirects=False, **given)


def done(made: Bench, taken: httpx.Response) -> str:
    """The result of the job that was asked for, once it has been made again and came out the same."""
    assert taken.status_code == 303 and taken.headers["location"].startswith("/jobs/"), taken.text
    Worker(made.store, kinds()).drain()
    job = job_of(made.store, taken.headers["location"].removeprefix("/jobs/"))
    assert job.state == "done" and job.result is not None, job.failure
    again = replay(made.store, job.result, kinds())
    assert again.same and not again.differing
    return job.result


def study(made: Bench) -> str:
    """A study of precision of a method for efficiency, in percent, kept by its page."""
    taken = post(made, "/verify/study", "evaluator-at-first", files={"file": ("study.csv", STUDY.encode())})
    assert taken.status_code == 303, taken.text
    query = taken.headers["location"].partition("?")[2]
    return done(made, post(made, f"/verify/study/keep?{query}&unit=%25", "evaluator-at-first"))


# libraries


def test_a_revision_of_a_library_is_a_population_with_names_dates_and_brands(store: Store, tmp_path: Path) -> None:
    bring(store, "cars", library_folder(), shelf_of().dictionary, "test")
    bring(store, "cars", library_folder((("Q/YI 002", "废止"),)), shelf_of().dictionary, "test")
    assert [each.word for each in every_revision(store, "cars")] == ["cars@1", "cars@2"]
    assert choices(store) == [("cars@2", "cars", 11, True)]
    held = named(store, "cars@1")
    assert (held.revision, held.illustrative) == (1, True) and named(store, "cars").revision == 2
    asked_ = asked(shares="20,40,100").__class__(CARS_STANDARD, CHARGING, shares="20,40,100", illustrative=held.illustrative)
    found = answered(shelf(), of_library(store, held, tmp_path), asked_)
    sample = found.sample
    assert len(sample.offers) == 11 and "cars, revision 1" in sample.title.en
    jia = {each.key: each for each in sample.offers if each.enterprise == "甲汽车"}
    assert set(jia) == {"p-J1", "p-J2"} and {each.brand for each in jia.values()} == {"甲汽车"}
    assert {each.on_sale.isoformat() for each in sample.offers if each.on_sale} == {"2026-01-01"}, "no product has a day on sale"
    assert "effect-published" in {each.code for each in sample.diagnostics}
    assert found.proposal.thresholds == (F(23), F(28), F(29)), "the third of 11 by 20 %, the fifth by 40 %, all of them"
    assert basis_of([found])["illustrative"] is True
    for word, code in (("none", "library-unknown"), ("cars@7", "library-revision"), ("cars@x", "library-unknown")):
        with pytest.raises(Refused) as refused:
            named(store, word)
        assert {each.code for each in refused.value.diagnostics} == {code}


def test_enterprises_of_one_name_are_told_apart_by_their_codes(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "twins"
    folder.mkdir()
    for file in library_folder().iterdir():
        text = file.read_text("utf-8").replace('"乙汽车","Yi Motors"', '"甲汽车","Yi Motors"')
        (folder / file.name).write_text(text, encoding="utf-8")
    bring(store, "twins", folder, shelf_of().dictionary, "test")
    place = tmp_path / "place"
    place.mkdir()
    question = asked().__class__(CARS_STANDARD, CHARGING, shares="20,40,100")
    found = answered(shelf(), of_library(store, named(store, "twins"), place), question)
    assert f"甲汽车 {JIA}" in {each.enterprise for each in found.sample.offers} and "甲汽车" not in {e.enterprise for e in found.sample.offers}


def test_the_page_goes_from_a_library_to_thresholds_in_steps(made: Bench) -> None:
    first = get(made, "/frontrunners/authoring")
    assert first.status_code == 200 and "cars, revision 1 (11 products, illustrative)" in first.text
    assert "charging_level" not in first.text
    second = get(made, "/frontrunners/authoring", library="cars@1", standard=CARS_STANDARD)
    assert 'value="charging_level"' in second.text and "18 min · 24 min · 30 min" in second.text and "3 Method" not in second.text
    query = {"library": "cars@1", "standard": CARS_STANDARD, "indicator": CHARGING, "shares": "20,40,100"}
    third = get(made, "/frontrunners/authoring", **query)
    assert third.status_code == 200 and 'name="t1" value="23"' in third.text and "illustrative" in third.text.lower()
    assert 'name="levels"' not in third.text, "a field of another method"
    moved = get(made, "/frontrunners/authoring", **query, t1="22", t2="27", t3="29")
    assert moved.status_code == 200 and 'name="t2" value="27"' in moved.text and "put forward as they are" in moved.text
    public = made.client.get("/frontrunners/authoring", headers=PAGE)
    assert "cars, revision 1" not in public.text and "sign in to use" in public.text
    assert made.client.get("/frontrunners/authoring", headers=PAGE, params=query).status_code in (404, 422)


def test_a_problem_stands_at_its_field_and_what_was_typed_is_kept(made: Bench) -> None:
    query = {"library": "cars@1", "standard": CARS_STANDARD, "indicator": CHARGING, "shares": "20,40,100"}
    for given, field in (({"shares": "40,20"}, "shares"), ({"R": "fast"}, "R"), ({"national": "x of GB 1"}, "national"), ({"price": "nowhere"}, "price"),
                         ({"method": "given", "values": "29,28"}, "values"), ({"decimals": "many"}, "decimals"), ({"result": "none"}, "result"),
                         ({"against": "much"}, "against"), ({"method": "gaps", "levels": "0"}, "levels")):  # fmt: skip
        page = get(made, "/frontrunners/authoring", **{**query, **given})
        if field == "national":
            assert page.status_code == 422
            continue
        assert page.status_code == 422, (given, page.text[:300])
        assert f'id="field-{field}-e1"' in page.text, (given, re.findall(r'id="field-\w+-e1"', page.text))
        assert f'value="{given[field]}"' in page.text.replace("&#34;", '"')
    effect = get(made, "/frontrunners/effect", **query, share="0")
    assert effect.status_code == 422 and 'id="field-share-e1"' in effect.text


def test_the_shelf_offers_what_is_graded_and_the_limit_a_scheme_names(made: Bench) -> None:
    numbers = graded_texts(shelf().paths().items())
    assert {NUMBER, CARS_STANDARD} <= set(numbers) and "GB 36980.1-2025" not in numbers
    (program,) = programs(shelf(), ["T/GUIJU 703-2026"], None)
    limits = {each.indicator.name: [limit.text for limit in named_limits(shelf(), program, each)] for each in program.indicators if each.value.is_number}
    assert limits["efficiency_level"] == [f"5 of {NUMBER}"] and limits["noise_level"] == []
    page = get(made, "/frontrunners/authoring", example="chargers", standard="T/GUIJU 703-2026", indicator=INDICATOR)
    assert f'value="5 of {NUMBER}"' in page.text and "named by the scheme dc-chargers" in page.text


# R from what is kept


def test_R_is_that_of_a_kept_study_and_cited_with_its_hash(made: Bench) -> None:  # noqa: N802
    id_ = study(made)
    held = result_of(made.store, id_)
    (program,) = programs(shelf(), [NUMBER], None)
    meaning = next(each for each in program.indicators if each.indicator.name == INDICATOR)
    unit = meaning.value.type.unit
    found = limit_kept(made.store, id_, "", unit)
    figures = json.loads(held.body)["figures"]["studies"][0]["all"]["levels"][0]
    assert F(figures["R"]) == found.R and found.s_R == F(figures["s_R"]) and pytest.approx(float(FACTOR) * float(figures["s_R"])) == found.R
    assert found.source == f"result {id_}, sha256 {held.body_hash}"
    query = {"example": "chargers", "standard": NUMBER, "indicator": INDICATOR, "decimals": "1", "national": "94.5 %"}
    page = get(made, "/frontrunners/authoring", "evaluator-at-first", **query)
    assert page.status_code == 200 and f'value="{id_}" selected' in page.text, "proposed, since it is known"
    assert held.body_hash in page.text
    drafted = post(made, "/frontrunners/authoring/draft", "evaluator-at-first", data={**query, "result": id_, "number": "T/GUIJU 790-2026"})
    assert drafted.status_code == 200 and id_ in drafted.text and held.body_hash in drafted.text.replace("\n+", "").replace("      ", " ")
    narrow = get(made, "/frontrunners/authoring", "evaluator-at-first", **{**query, "method": "given", "values": "96.1,96.05,96.02", "decimals": ""}, result=id_)
    assert narrow.status_code == 422 and "authoring-narrow" in narrow.text
    other = get(made, "/frontrunners/authoring", "author-at-other", **query, result=id_)
    assert other.status_code == 422 and "unknown-result" in other.text, "of another organisation"
    with pytest.raises(Refused) as refused:
        limit_kept(made.store, id_, "", next(e for e in programs(shelf(), [CARS_STANDARD], None)[0].indicators if e.indicator.name == CHARGING).value.type.unit)
    assert {each.code for each in refused.value.diagnostics} == {"authoring-result"}


# several indicators in one draft


def test_several_indicators_go_into_one_draft_with_examples_of_each(made: Bench, tmp_path: Path) -> None:
    place = tmp_path
    one = asked(shares="20,50,90", decimals="1").__class__(CARS_STANDARD, CHARGING, shares="20,40,100")
    folders = []
    for name in ("a", "b"):
        folders.append(place / f"place-{name}")
        folders[-1].mkdir()
    query = query_of({"indicator": "acceleration_level", "method": "gaps", "levels": "3"})
    assert said_in(query)["method"] == "gaps" and said_in("indicator=x&R=0.3 kWh+1")["R"] == "0.3 kWh+1"
    held = named(made.store, "cars")
    answers = [answered(shelf(), of_library(made.store, held, folder), each)
               for folder, each in zip(folders, (one, further(one, query)), strict=True)]  # fmt: skip
    draft = draft_of(shelf(), answers, answers[0].sample.program.on, "T/GUIJU 791-2026", ("示意", "Illustrative"))
    assert draft.text.count("levels:") == 2 and draft.examples.count("charging_level") >= 3 and draft.examples.count("acceleration_level") >= 3
    changed = draft_of(shelf(), answers, answers[0].sample.program.on)
    assert "{1: 23 min, 2: 28 min, 3: 29 min}" in changed.text
    for wrong in ("x=1", "indicator=a&result=r", "method=gaps"):
        with pytest.raises(Refused) as refused:
            further(one, wrong)
        assert {each.code for each in refused.value.diagnostics} == {"unknown-word"}
    with pytest.raises(Refused) as refused:
        draft_of(shelf(), [answers[0], answers[0]], answers[0].sample.program.on)
    assert {each.code for each in refused.value.diagnostics} == {"authoring-indicators"}


# kept and printed


def test_a_proposal_is_kept_made_again_and_printed(made: Bench) -> None:
    given = {"library": "cars@1", "standard": CARS_STANDARD, "indicator": CHARGING, "shares": "20,40,100", "on": "2026-11-22",
             "also": query_of({"indicator": "acceleration_level", "method": "gaps"})}  # fmt: skip
    held = result_of(made.store, done(made, post(made, "/frontrunners/authoring/keep", data=given)))
    body = json.loads(held.body)
    assert held.kind == "proposal" and held.data_hash == named(made.store, "cars").hash and body["illustrative"] is True
    assert [each["indicator"] for each in body["basis"]["indicators"]] == ["acceleration_level", CHARGING]
    assert [each["threshold"] for each in body["basis"]["indicators"][1]["levels"]] == ["23", "28", "29"]
    assert {Path(each.path).suffix for each in held.files} == {".html", ".pdf", ".docx"}
    page = get(made, f"/results/{held.id}")
    assert page.status_code == 200 and "Levels proposed" in page.text
    assert post(made, "/frontrunners/authoring/keep", data={**given, "library": ""}).status_code == 422
    kept = keep_records(made.store, FILE, made.organisations["first"], "test", name="chargers", mapping=MAPPING)[0]
    of_set = {"set": kept.id, "standard": NUMBER, "indicator": INDICATOR, "national": f"5 of {NUMBER}", "decimals": "1"}
    again = json.loads(result_of(made.store, done(made, post(made, "/frontrunners/authoring/keep", data=of_set))).body)
    assert again["basis"]["indicators"][0]["national"] == "94.5" and again["illustrative"], "keys that begin with 示意 are made up"
    for ending in ("pdf", "docx", "html", "xlsx"):
        printed = get(made, f"/frontrunners/authoring/report.{ending}", **given)
        assert printed.status_code == 200 and len(printed.content) > 2000, printed.text
    assert get(made, "/frontrunners/authoring/report.exe", **given).status_code in (404, 422)
    assert get(made, "/frontrunners/authoring/report.pdf").status_code == 422


def test_the_report_says_all_there_is_to_decide_on() -> None:
    found = answer(decimals="1", national="94.5 %", R="0.2 %", against="in-force")
    basis = basis_of([found])
    assert json.loads(json.dumps(basis)) == basis
    text = content(proposal_report(basis, "zh", "guiju"), "markdown").decode()
    for word in ("示意", "96.4", found.sample.hash, "谁升谁降", "敏感性", "对市场的影响", "赫芬达尔", "国家限值", "示意 企业甲", "R = 0.2 %"):
        assert word in text, word
    assert len(content(proposal_report(basis, "en", "guiju"), "pdf")) > 5000
    assert set(FORMS.values()) >= {"pdf", "docx"}
    item = basis["indicators"][0]
    assert item["in_force"] == ["96.5", "95.5", "94.5"] and thresholds_in_force(found.sample.indicator) == (F("96.5"), F("95.5"), F("94.5"))
    assert sum(sum(counts) for _, _, counts in item["bins"]) == 48 == sum(item["counts"])


# the command line and the API


def call(*words: str) -> Result:
    return CliRunner().invoke(build(PARTS), ["--lang", "en", "frontrunner", *words], catch_exceptions=False)


def test_the_command_line_and_the_api_name_a_library_as_the_page_does(made: Bench, tmp_path: Path) -> None:
    at = ["--library", "cars@1", "--store", str(tmp_path / "store")]
    printed = call("thresholds", CARS_STANDARD, CHARGING, *at, "--shares", "20,40,100", "--json")
    assert printed.exit_code == 0, printed.output
    said = {"standard": CARS_STANDARD, "indicator": CHARGING, "library": "cars@1"}
    by_api = made.client.post("/api/v1/frontrunners/thresholds", json={**said, "shares": "20,40,100"}, headers=made.by(WHO))
    assert by_api.status_code == 200 and by_api.json() == json.loads(printed.stdout)
    effect = call("effect", CARS_STANDARD, CHARGING, *at, "--raised", "17,22,28", "--revisions", "--json")
    by_api = made.client.post("/api/v1/frontrunners/effect", json={**said, "raised": "17,22,28", "every_revision": True}, headers=made.by(WHO))
    assert by_api.status_code == 200 and by_api.json() == json.loads(effect.stdout)
    assert {each["word"]: each["fall"] for each in by_api.json()["raised"]["by_brand"]}["丙汽车"] == 1
    file = tmp_path / "proposal.docx"
    assert call("thresholds", CARS_STANDARD, CHARGING, *at, "--shares", "20,40,100", "--to", str(file)).exit_code == 0 and file.stat().st_size > 4000
    assert call("thresholds", CARS_STANDARD, CHARGING, *at, "--records", str(FILE)).exit_code == 2
    assert call("thresholds", CARS_STANDARD, CHARGING).exit_code == 2
    assert call("thresholds", CARS_STANDARD, CHARGING, *at, "--result", "none").exit_code == 2
    id_ = study(made)
    measured = call("thresholds", NUMBER, INDICATOR, "--records", str(FILE), "--mapping", str(MAPPING), "--decimals", "1", "--result", id_,
                    "--store", str(tmp_path / "store"), "--json")  # fmt: skip
    assert measured.exit_code == 0 and id_ in json.loads(measured.stdout)["capability"]["source"]
    folder = tmp_path / "draft"
    words = ["draft", CARS_STANDARD, CHARGING, *at, "--shares", "20,40,100", "--also", "indicator=acceleration_level&method=gaps", "--number",
             "T/GUIJU 792-2026", "--on", "2026-11-22", "--out", str(folder)]  # fmt: skip
    assert call(*words).exit_code == 0
    assert [each["indicator"] for each in json.loads((folder / "basis.json").read_text("utf-8"))["indicators"]] == ["acceleration_level", CHARGING]


def test_the_columns_of_a_library_may_be_named(made: Bench, tmp_path: Path) -> None:
    question = asked().__class__(CARS_STANDARD, CHARGING, shares="20,40,100", headers=Headers(within="brand"))
    place = tmp_path / "p"
    place.mkdir()
    found = answered(shelf(), of_library(made.store, named(made.store, "cars"), place), question)
    assert found.standing.by("within")["甲汽车"] == (2, 0, 0, 0)
