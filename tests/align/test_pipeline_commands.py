"""The commands of lag and pipeline: what they print, and what they are told when the call is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guiju.align import commands
from guiju.cli.main import build

CARS = ["--records", "examples/vehicles.csv", "--mapping", "examples/vehicles.mapping.yaml"]


def called(*words: str, language: str = "en") -> Result:
    return CliRunner().invoke(build((commands.add,)), ["align", *words], env={"GUIJU_LANG": language})


@pytest.fixture(autouse=True)
def at_the_root(repo_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo_root)


def test_saturation_as_json_counts_and_names_what_it_assumes(tmp_path: Path) -> None:
    page, figure = tmp_path / "s.html", tmp_path / "s.svg"
    ran = called("saturation", "GB 36980.1-2025", *CARS, "--least", "5", "--json", "--html", str(page), "--svg", str(figure))
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout)
    (finding,) = found["findings"]
    assert (finding["passing"], finding["failing"], finding["class"]) == (6, 2, "discriminating")
    assert found["thresholds"]["least"] == 5 and any("made up" in each["en"] for each in found["population"]["assumptions"])
    assert "<svg" in page.read_text("utf-8") and figure.read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_says_that_some_rows_are_made_up(language: str) -> None:
    word = {"zh": "示意", "en": "made up"}[language]
    assert word in called("saturation", "GB 36980.1-2025", *CARS, language=language).stdout
    assert word in called("coverage", "--subject", "vehicle.car", "--on", "2026-11-22", *CARS, language=language).stdout
    made_up = {"zh": "6 [示意]", "en": "6 [illustrative]"}[language]
    assert made_up in called("readiness", language=language).stdout


def test_coverage_as_json() -> None:
    found = json.loads(called("coverage", "--subject", "vehicle.car", "--region", "CN", "--on", "2026-11-22", *CARS, "--json").stdout)
    assert "GB 36980.1-2025" in found["standards"] and "UN GTR 22" not in found["standards"]
    assumed = {each["property"]: each["assumed"] for each in found["unserved"]}
    assert assumed["vehicle.category"] == "M1" and assumed["nev.range.cltc"] is None


def test_readiness_as_json_carries_the_scale_the_grades_and_the_sources(tmp_path: Path) -> None:
    ran = called("readiness", "--json", "--svg", str(tmp_path / "r.svg"))
    found = json.loads(ran.stdout)
    assert len(found["scale"]) == 10 and {each["grade"] for each in found["technologies"]} == {"B", "C", "illustrative"}
    assert (tmp_path / "r.svg").is_file()


@pytest.mark.parametrize(("words", "code"), [
    (["saturation", *CARS], "nothing-asked"), (["saturation", "GB 36980.1-2025", *CARS, "--far", "much"], "not-a-share"),
    (["saturation", "GB 36980.1-2025", *CARS, "--far", "99.5%"], "saturation-thresholds"),
    (["saturation", "GB 36980.1-2025", *CARS, "--treat-as", "a"], "set-malformed"),
    (["saturation", "GB 36980.1-2025", *CARS, "--model", "modle"], "unknown-model-column"),
    (["coverage", "--subject", "vehicle.cra", *CARS], "unknown-subject"),
    (["coverage", "--subject", "vehicle.car", *CARS, "--least", "0"], "coverage-bounds"),
    (["saturation", "--subject", "recorder", "--region", "EU", *CARS], "nothing-in-force"), (["readiness", "--region", "Mars"], "unknown-region"),
    (["readiness", "--file", "nowhere.yaml"], "file-unreadable"),
])  # fmt: skip
def test_a_wrong_call_is_told_what_is_wrong_and_exits_with_2(words: list[str], code: str) -> None:
    ran = called(*words)
    assert ran.exit_code == 2 and f"[{code}]" in ran.output and "Traceback" not in ran.output
