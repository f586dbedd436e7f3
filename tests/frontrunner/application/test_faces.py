"""The faces of application: a public library for anybody, a kept one for who reads it, the pages clean, the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from frontrunner.zone.conftest import Place, placed
from guiju.cli.main import build
from guiju.frontrunner import commands
from guiju.frontrunner.library.kept import bring
from guiju.standard.shelf import Shelf, data_folder

FLEET = data_folder() / "examples" / "frontrunner" / "fleet"
EN = {"accept-language": "en"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    for made in placed(tmp_path_factory.mktemp("application")):
        bring(made.store, "fleet", FLEET, Shelf().dictionary, "test")
        yield made


def by(place: Place, who: str) -> dict[str, str]:
    return {"authorization": f"Bearer {place.people.keys[who]}", **EN}


def test_anybody_sees_the_public_library_and_only_readers_the_kept_one(place: Place) -> None:
    public = place.client.get("/frontrunners/suitability", headers=EN)
    assert public.status_code == 200 and "fleet" not in public.text and "illustrative" in public.text.lower()
    hidden = place.client.get("/frontrunners/suitability", params={"library": "fleet"}, headers=EN)
    assert hidden.status_code == 404 and "library-unknown" in hidden.text
    for address in ("/api/v1/frontrunners/suitability?library=fleet", "/api/v1/frontrunners/solutions?car=fleet"):
        assert place.client.get(address).status_code == 404
        assert place.client.get(address, headers=by(place, "evaluator")).status_code == 200
    seen = place.client.get("/frontrunners/suitability", params={"library": "fleet"}, headers=by(place, "evaluator"))
    assert seen.status_code == 200 and "short by 28.75 %" in seen.text and "◐" in seen.text


def test_the_matrix_is_answered_with_reasons_and_refuses_what_it_does_not_know(place: Place) -> None:
    def asked(**query: str) -> tuple[int, dict]:  # type: ignore[type-arg]
        found = place.client.get("/api/v1/frontrunners/suitability", params={"library": "fleet", **query}, headers=by(place, "evaluator"))
        return found.status_code, found.json()

    status, body = asked(scenario="rural", state="conditional")
    assert status == 200 and body["total"] == 6 == next(each for each in body["scenarios"] if each["scenario"] == "rural")["counts"]["conditional"]
    assert all(each["scenarios"]["rural"]["to_be_suited"] for each in body["products"]) and body["illustrative"] is True
    for query, code in (({"scenario": "moon"}, "unknown-word"), ({"state": "suited"}, "application-state"), ({"low": "1e40"}, "not-a-number")):
        status, body = asked(**query)
        assert status == 422 and [each["code"] for each in body["diagnostics"]] == [code]


def test_combinations_are_answered_and_one_product_can_be_picked(place: Place) -> None:
    found = place.client.get("/api/v1/frontrunners/solutions", params={"car": "fleet", "pick_car": "0"}, headers=by(place, "evaluator")).json()
    assert found["combinations"] == 160 and found["total"] == 20 and {each["parts"]["car"]["n"] for each in found["solutions"]} == {0}
    page = place.client.get("/frontrunners/solutions", params={"car": "fleet", "grade": "advanced"}, headers=by(place, "evaluator"))
    assert page.status_code == 200 and "160 combinations" in page.text
    none = place.client.get("/frontrunners/solutions", params={"car": "cars"}, headers=by(place, "evaluator"))
    assert none.status_code in (404, 422)


def test_a_public_product_says_which_scenarios_it_suits(place: Place) -> None:
    products = place.client.get("/api/v1/frontrunners/products", params={"show": "all"}).json()["products"]
    page = place.client.get(products[0]["href"], headers=EN)
    assert page.status_code == 200 and "Scenarios it suits" in page.text and "not declared" in page.text


def run(*words: str) -> tuple[int, str]:
    found = CliRunner().invoke(build((commands.add,)), ["frontrunner", *words], env={"GUIJU_LANG": "en", "COLUMNS": "200"})
    return found.exit_code, found.output


def test_the_command_line_prints_and_writes_the_matrix(tmp_path: Path) -> None:
    status, out = run("suitability", str(FLEET), "--scenario", "cold_region", "--state", "conditional", "--why", "--rows", "2")
    assert status == 0 and "over by 1 %" in out and "3 more products" in out
    to = tmp_path / "all.csv"
    assert run("suitability", str(FLEET), "--to", str(to))[0] == 0
    with to.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 13 and {row["evidence"] for row in rows} == {"illustrative"} and rows[1]["county_taxi"] == "suited"
    for words, code in ((("--state", "suited"), "application-state"), (("--to", str(tmp_path / "a.docx")), "application-form"),
                        (("--scenario", "moon"), "unknown-word"), (("--price", "x..2"), "not-a-number")):  # fmt: skip
        status, out = run("suitability", str(FLEET), *words)
        assert status != 0 and code in out


def test_the_command_line_combines() -> None:
    status, out = run("solutions", str(FLEET), "--pick", "car=FL-C04", "--rows", "100", "--json")
    told = json.loads(out[out.index("{") :])
    assert status == 0 and told["listed"] == 20 and told["grades"]["advanced"] == 2
    status, out = run("solutions", str(FLEET), "--pick", "car=FL-D01")
    assert status != 0 and "solution-product" in out
    status, out = run("solutions", str(FLEET), "--rows", "3")
    assert status == 0 and "one exchange gives" in out
