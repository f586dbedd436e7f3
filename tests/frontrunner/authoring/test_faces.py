"""The faces of authoring and effect: the command line, the pages and the API say the same, and what is wrong is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from api_clients import BROWSER
from chargers_made_up import FILE, INDICATOR, MAPPING, NUMBER, answer, rows, shelf
from guiju.api.app import create_app
from guiju.api.settings import Settings
from guiju.app import PARTS, kinds
from guiju.cli.main import build
from guiju.frontrunner import api as frontrunner_api
from guiju.frontrunner import pages as frontrunner_pages
from guiju.frontrunner.api.authoring import QUESTION
from guiju.frontrunner.authoring.told import plain
from guiju.frontrunner.authoring.written import Head, new_file
from guiju.standard.model import Title
from guiju.web import pages
from guiju.web.wrong import error_page

RECORDS = ["--records", str(FILE), "--mapping", str(MAPPING)]


def call(*words: str) -> Result:
    return CliRunner().invoke(build(PARTS), ["--lang", "en", "frontrunner", *words], catch_exceptions=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    routers = (pages.router(), frontrunner_pages.router(), frontrunner_api.router())
    app = create_app(Settings(data=tmp_path_factory.mktemp("site"), jobs=False), routers, error_page, kinds())
    with TestClient(app, base_url="http://127.0.0.1:8000", headers={**BROWSER, "accept-language": "en"}) as made:
        yield made


def test_the_command_line_prints_what_the_api_answers(site: TestClient) -> None:
    asked = {"standard": NUMBER, "indicator": INDICATOR, "table": FILE.read_text("utf-8"), "mapping": MAPPING.read_text("utf-8"), "decimals": "1",
             "national": "94.5 %", "against": "in-force"}  # fmt: skip
    answered = site.post("/api/v1/frontrunners/thresholds", json=asked)
    assert answered.status_code == 200, answered.text
    printed = call("thresholds", NUMBER, INDICATOR, *RECORDS, "--decimals", "1", "--national", "94.5 %", "--against", "in-force", "--json")
    assert printed.exit_code == 0
    assert json.loads(printed.stdout) == answered.json()
    assert [each["threshold"] for each in answered.json()["levels"]] == ["96.4", "95.6", "94.9"]
    assert answered.json()["illustrative"] is True


@pytest.mark.parametrize("words", [(), (*RECORDS, "--library", "cars")])
def test_one_population_is_needed(words: tuple[str, ...]) -> None:
    for command in ("thresholds", "effect"):
        made = call(command, NUMBER, INDICATOR, *words)
        assert made.exit_code == 2 and "authoring-one-population" in made.output


def test_preview_and_effect_are_the_same_on_the_command_line_and_the_api(site: TestClient) -> None:
    common = {"standard": NUMBER, "indicator": INDICATOR, "table": FILE.read_text("utf-8"), "mapping": MAPPING.read_text("utf-8")}
    answered = site.post("/api/v1/frontrunners/preview", json={**common, "values": "96,95,94.5"})
    assert json.loads(call("preview", NUMBER, INDICATOR, "96,95,94.5", *RECORDS, "--json").stdout) == answered.json()
    answered = site.post("/api/v1/frontrunners/effect", json={**common, "raised": "97,96,95", "since": "2024-01-01"})
    said = call("effect", NUMBER, INDICATOR, *RECORDS, "--raised", "97,96,95", "--since", "2024-01-01", "--json")
    assert json.loads(said.stdout) == answered.json()
    revised = site.post("/api/v1/frontrunners/effect", json={**common, "revisions": [common["table"]]})
    assert [each["products"] for each in revised.json()["by_revision"]] == [48, 48]


@pytest.mark.parametrize(
    ("path", "change", "code"),
    [
        ("thresholds", {"R": "0.9 %", "method": "classes"}, "authoring-narrow"),
        ("thresholds", {"indicator": "noise"}, "authoring-indicator"),
        ("thresholds", {"standard": "GB 1"}, "unknown-standard"),
        ("thresholds", {"table": None}, "records-not-given"),
        ("thresholds", {"table": None, "set": "none"}, "unknown-record-set"),
        ("preview", {"values": "95,96"}, "authoring-meet"),
        ("effect", {"share": "200"}, "authoring-shares"),
        ("effect", {"since": "soon"}, "not-a-date"),
    ],
)
def test_what_is_wrong_is_answered_with_its_code(site: TestClient, path: str, change: dict[str, Any], code: str) -> None:
    answered = site.post(f"/api/v1/frontrunners/{path}", json={**QUESTION, **({"values": "96,95"} if path == "preview" else {}), **change})
    assert 400 <= answered.status_code < 500
    assert code in {each["code"] for each in answered.json()["diagnostics"]}


def test_a_draft_is_shown_by_default_and_never_written_over(tmp_path: Path) -> None:
    words = ["draft", NUMBER, INDICATOR, *RECORDS, "--decimals", "1", "--number", "T/GUIJU 798-2026", "--on", "2026-11-22"]
    shown = call(*words)
    assert shown.exit_code == 0
    assert "+  number: T/GUIJU 798-2026" in shown.stdout
    assert not list(tmp_path.iterdir())
    folder = tmp_path / "draft"
    assert call(*words, "--out", str(folder)).exit_code == 0
    written = (folder / "standard.yaml").read_text("utf-8")
    refused = call(*words[:-2], "--on", "2026-11-23", "--out", str(folder))
    assert refused.exit_code == 2
    assert (folder / "standard.yaml").read_text("utf-8") == written
    assert call(*words[:-2], "--on", "2026-11-23", "--out", str(folder), "--overwrite").exit_code == 0
    endless = call("draft", "T/GUIJU 701-2026", "consumption_level", "--records", str(FILE), "--mapping", str(MAPPING))
    assert endless.exit_code == 2


def test_a_file_of_precision_that_is_none_is_refused(tmp_path: Path) -> None:
    words = ["thresholds", NUMBER, INDICATOR, *RECORDS, "--precision"]
    assert call(*words, str(tmp_path / "none.json")).exit_code == 2
    (tmp_path / "wrong.json").write_text("{}", encoding="utf-8")
    assert call(*words, str(tmp_path / "wrong.json")).exit_code == 2


EXAMPLE = f"example=chargers&standard={NUMBER}&indicator={INDICATOR}"


def test_the_page_shows_thresholds_drawings_and_tables(site: TestClient) -> None:
    empty = site.get("/frontrunners/authoring")
    assert empty.status_code == 200
    assert "Read in" in empty.text
    found = site.get(f"/frontrunners/authoring?{EXAMPLE}&decimals=1&national=94.5+%25&R=0.5&against=in-force")
    assert found.status_code == 200
    assert found.text.count("<svg xmlns") == 4, "two drawings, each wide and narrow"
    for cut in answer(decimals="1").proposal.cuts:
        assert f"{float(cut.value)} %" in found.text
    assert "Illustrative: the population holds products that are made up" in found.text
    narrow = site.get(f"/frontrunners/authoring?{EXAMPLE}&method=classes&R=0.9")
    assert narrow.status_code == 422
    assert "authoring-narrow" in narrow.text
    for wrong in ("example=none", "set=none", "kept=none", "example=chargers&standard=GB+1&indicator=x"):
        assert site.get(f"/frontrunners/authoring?standard={NUMBER}&indicator={INDICATOR}&{wrong}").status_code == 422


def test_a_file_that_is_brought_is_kept_for_its_owner_and_stored_nowhere(site: TestClient) -> None:
    files = {"file": ("my chargers.csv", FILE.read_bytes()), "mapping": ("m.yaml", MAPPING.read_bytes())}
    taken = site.post("/frontrunners/authoring", data={"standard": NUMBER, "indicator": INDICATOR}, files=files, follow_redirects=False)
    assert taken.status_code == 303
    page = site.get(taken.headers["location"])
    assert page.status_code == 200
    assert "my chargers.csv" in page.text
    assert site.post("/frontrunners/authoring", data={"standard": NUMBER}).status_code == 422
    asked = {"standard": NUMBER, "indicator": INDICATOR}
    assert site.post("/frontrunners/authoring", data=asked, files={"file": ("none.csv", b"")}).status_code == 422
    big = site.post("/frontrunners/effect", data={}, files={"file": ("big.csv", b"x" * 4_100_000)})
    assert big.status_code == 422
    assert "authoring-too-large" in big.text
    taken = site.post("/frontrunners/effect", data={"standard": NUMBER, "indicator": INDICATOR}, files=files, follow_redirects=False)
    assert site.get(taken.headers["location"]).status_code == 200


def test_the_page_of_effect_says_what_the_data_are_too_few_for(site: TestClient) -> None:
    assert site.get("/frontrunners/effect").status_code == 200
    found = site.get(f"/frontrunners/effect?{EXAMPLE}&raised=96.8,95.9,95")
    assert found.status_code == 200
    assert "effect-few" in found.text
    assert "not caused by it" in found.text
    assert site.get(f"/frontrunners/effect?{EXAMPLE}&share=0").status_code == 422


def test_a_draft_goes_from_the_page_into_the_editor_and_out_for_comments(site: TestClient) -> None:
    given = {"example": "chargers", "standard": NUMBER, "indicator": INDICATOR, "decimals": "1", "number": "T/GUIJU 799-2026", "on": "2026-11-22"}
    shown = site.post("/frontrunners/authoring/draft", data=given)
    assert shown.status_code == 200
    assert "+  number: T/GUIJU 799-2026" in shown.text
    found = answer(decimals="1")
    path = shelf().locate(NUMBER)
    assert path is not None
    opened = shelf().open(path)
    assert opened.standard is not None
    title = opened.standard.title
    head = Head("T/GUIJU 799-2026", Title(f"{title.zh}（分级草案）", f"{title.en} (draft of levels)"), date(2026, 11, 22))
    made = new_file([found.proposal], opened, shelf(), head)
    edited = site.post("/standards/GB-46519-2025/edit", data={"text": made.text, "examples": made.examples})
    assert edited.status_code == 200
    assert "examples-missing" not in edited.text
    taken = site.post("/frontrunners/drafts", data={"text": made.text, "examples": made.examples, "base": NUMBER, "reason": "示意"}, follow_redirects=False)
    assert taken.status_code == 303
    place = taken.headers["location"]
    site.post(f"{place}/comment", data={"clause": "4", "text": "too <strict>"})
    page = site.get(place)
    assert "too &lt;strict&gt;" in page.text
    assert "T/GUIJU 799-2026" in site.get("/frontrunners/drafts").text
    assert site.post(f"{place}/submit").status_code == 422
    site.post(f"{place}/answer", data={"comment": "1", "verdict": "partly", "text": "so far"})
    assert site.post(f"{place}/submit", follow_redirects=False).status_code == 303
    assert site.post(f"{place}/approve").status_code == 403, "at this machine there is one person, who drafted it"
    assert site.get("/frontrunners/drafts/none").status_code == 404
    assert site.post("/frontrunners/drafts", data={"text": "x", "reason": "y"}).status_code == 422


def test_plain_values_have_every_product() -> None:
    told = plain(answer())
    assert len(told["standing"]["products"]) == 48 == len(rows()) - 2
