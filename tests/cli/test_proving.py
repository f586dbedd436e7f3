from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guiju.app import PARTS
from guiju.cli.console import choose_language
from guiju.cli.main import build

GB, OF_2020, OF_2018 = "GB 36980.1-2025", "财建〔2020〕86号", "财建〔2018〕18号"
AS_CLTC = ("--treat-as", "nev.electricity.nedc=nev.electricity.cltc")
CARS = """车型,整备质量(kg),CLTC电能消耗量（kWh/100km）,最大设计总质量kg,类别,动力
heavy,1780,13.9,2200,M1,bev
light,760,9.9,1200,M1,bev
lighter,700,,1200,M1,bev
"""


@pytest.fixture(autouse=True)
def _language():
    yield
    choose_language(None)


def guiju(*words: object, language: str = "en") -> Result:
    result = CliRunner().invoke(build(PARTS), ["--lang", language, *(str(w) for w in words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_refuted_clause_is_shown_with_its_witness_in_words_and_the_assumption():
    result = guiju("prove", "stricter", GB, OF_2020, *AS_CLTC)
    assert result.exit_code == 1
    assert "800 kg" in result.stdout and "10 > 9.36 kWh/100km" in result.stdout and "! assumed" in result.stdout
    assert "证明不成立" in guiju("prove", "stricter", GB, OF_2020, *AS_CLTC, language="zh").stdout


def test_the_witness_is_a_real_car_where_one_shows_it(tmp_path: Path):
    cars = tmp_path / "cars.csv"
    cars.write_text(CARS, encoding="utf-8")
    found = json.loads(guiju("prove", "stricter", GB, OF_2020, *AS_CLTC, "--records", cars, "--json").stdout)
    clause = next(a for a in found["answers"] if a["about"] == "R2")
    assert clause["witness"]["real"] == "2" and clause["witness"]["records"][0]["curb_mass"] == "760"
    assert clause["witness"]["verdicts"][1]["R2"] == "fail"


def test_exit_codes_tell_proved_refuted_and_not_comparable():
    assert guiju("prove", "satisfiable", GB).exit_code == 0
    assert guiju("prove", "undefined", GB).exit_code == 0
    assert guiju("prove", "jumps", GB).exit_code == 1
    result = guiju("prove", "pairs", GB, OF_2020, "--json")
    assert result.exit_code == 0 and json.loads(result.stdout)["answers"] == []
    assert guiju("prove", "implied", OF_2020).exit_code == 1
    assert guiju("prove", "unreachable", "GB 46519-2025").exit_code == 0
    assert guiju("prove", "monotone", "GB 46519-2025", "--of", "energy_grade", "--input", "efficiency").exit_code == 0


def test_for_all_dates_each_stretch_of_days_has_its_answer():
    result = guiju("prove", "stricter", OF_2020, OF_2018, "--all-dates", "--json")
    answers = json.loads(result.stdout)["answers"]
    assert next(a["answer"] for a in answers if a["about"].startswith("R3 [2020-04-23")) == "proved"


@pytest.mark.parametrize(("words", "code"), [
    (("stricter", GB), "prove-standards"), (("stricter", GB, OF_2020, "--treat-as", "a"), "set-malformed"),
    (("stricter", GB, OF_2020, "--treat-as", "nev.range.nedc=no.such"), "unknown-property"),
    (("stricter", GB, OF_2020, "--treat-as", "nev.range.nedc=nev.electricity.cltc"), "treat-as-kind"),
    (("satisfiable", GB, "--scenario", "fcw"), "prove-scenario"), (("satisfiable", "no such standard"), "unknown-standard"),
    (("monotone", GB, "--of", "nothing"), "prove-target"), (("monotone", GB, "--input", "category"), "prove-not-a-number"),
])  # fmt: skip
def test_a_question_that_cannot_be_asked_is_refused(words: tuple[str, ...], code: str):
    result = guiju("prove", *words)
    assert result.exit_code == 2 and code in result.stderr
