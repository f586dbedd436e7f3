"""Texts that are wrong: as written and as corrected, both of which can be run and neither of which is lost.

The case is made up after a real one: a regional guide writes that messages are sent at most 10 times a second where at least is meant.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agreement import agreement
from checking import MADE_UP, Texts, checked, program_of, shelf
from guiju.app import PARTS
from guiju.base.diagnostics import Problems
from guiju.cli.main import build
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.ir.record import admit
from guiju.readings.evaluate import evaluate
from guiju.readings.explain import as_json, explain, text
from guiju.readings.render import read_back, render, surface
from guiju.standard.dictionary import Dictionary
from guiju.standard.shelf import Shelf

GUIDE = MADE_UP + """
inputs:
  rate: {is: message.rate, unit: Hz, decimals: 1, min: 0, max: 100}
  delay: {is: message.delay, unit: ms, decimals: 0, min: 0, max: 1000}
parameters:
  longest: {zh: 时延上限, en: longest delay, unit: ms, value: 10, source: s, corrected: {value: 100, zh: 少写一个零, en: a zero is missing, source: s}}
tables:
  allowed:
    {of: rate, kind: step, unit: ms, source: s, rows: [
      {upto: 50 Hz, value: 300},
      {value: 500, corrected: {value: 200, zh: 应更严, en: should be stricter, source: s}}]}
clauses:
  "4.1":
    zh: 更新频率
    en: update rate
    shall: rate <= 10 Hz
    source: s
    corrected: {shall: rate >= 10 Hz, zh: 上位标准写不小于, en: the standard it implements says at least, source: s}
  "4.2": {zh: 时延, en: delay, shall: delay <= longest, source: s}
  "4.3": {zh: 表, en: table, shall: delay <= allowed, source: s}
  "4.4": {zh: 无误, en: sound, shall: delay >= 1 ms, source: s}
"""
EXAMPLES = """
examples:
  - {name: written, given: {rate: 5, delay: 50}, expect: {"4.1": pass, "4.2": fail, overall: fail}}
  - {name: corrected, text: corrected, given: {rate: 5, delay: 50}, expect: {"4.1": fail, "4.2": pass, overall: fail}}
  - {name: both, given: {rate: 10, delay: 10}, expect: {overall: pass}}
  - {name: fast, text: corrected, given: {rate: 60, delay: 100}, expect: {overall: pass, allowed: 200 ms}}
  - {name: unknown, given: {rate: 5}, expect: {"4.1": pass, missing: [delay]}}
"""

PROPERTIES = """
message.rate: {zh: 更新频率, en: update rate, kind: frequency, unit: Hz}
message.delay: {zh: 时延, en: delay, kind: duration, unit: ms}
"""


@pytest.fixture(scope="module")
def dictionary(tmp_path_factory: pytest.TempPathFactory) -> Dictionary:
    folder = tmp_path_factory.mktemp("properties")
    (folder / "message.yaml").write_text(PROPERTIES, "utf-8")
    return Shelf(property_folders=(folder,)).dictionary


@pytest.fixture
def written(dictionary: Dictionary) -> Program:
    return program_of(GUIDE, dictionary=dictionary)


@pytest.fixture
def corrected(written: Program) -> Program:
    return check(written.standard, None, shelf(), Problems(), corrected=True)


def verdicts(program: Program, **given: object) -> list[str]:
    found = evaluate(program, admit(program.inputs, given, Problems())).verdicts
    return [found[no].value for no in ("4.1", "4.2", "4.3", "4.4")]


def test_both_readings_can_be_run_and_each_knows_the_other(written: Program, corrected: Program) -> None:
    assert written.otherwise is not None and not written.standard.corrected and written.otherwise.standard.corrected
    assert verdicts(written, rate=60, delay=400) == ["fail", "fail", "pass", "pass"]
    assert verdicts(written.otherwise, rate=60, delay=400) == verdicts(corrected, rate=60, delay=400) == ["pass", "fail", "fail", "pass"]
    assert verdicts(corrected.otherwise, rate=5, delay=50) == verdicts(written, rate=5, delay=50)  # type: ignore[arg-type]


def test_examples_say_which_text_they_expect_and_nothing_else_is_found(dictionary: Dictionary) -> None:
    assert checked(GUIDE, EXAMPLES, dictionary=dictionary).codes == []
    swapped = EXAMPLES.replace("text: corrected, ", "")
    assert set(checked(GUIDE, swapped, dictionary=dictionary).codes) == {"example-fails"}


def test_an_explanation_says_what_is_believed_wrong_and_what_the_other_reading_gives(written: Program, corrected: Program) -> None:
    given = admit(written.inputs, {"rate": 5, "delay": 50}, Problems())
    explained = explain(evaluate(written, given), "en")
    said = {c.no: c.corrected for c in explained.clauses}
    assert said["4.1"] == "the standard it implements says at least. Judged as written; as corrected (「update rate」 ≥ 10 Hz): fails"
    assert said["4.2"] == "a zero is missing. Judged as written; as corrected: passes"
    assert said["4.3"].startswith("should be stricter.") and said["4.4"] == ""
    other = explain(evaluate(corrected, given), "zh")
    assert "上位标准写不小于。此处按勘正判定；按原文" in text(other) and "原文疑误处按勘正" in text(other)
    assert (as_json(explained)["text"], as_json(other)["text"]) == ("written", "corrected")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_rendered_text_has_both_readings_and_reads_back(language: str, written: Program, corrected: Program) -> None:
    for program in (written, corrected):
        page = render(program, language)  # type: ignore[arg-type]
        assert read_back(page, program, language) == surface(program.standard)  # type: ignore[arg-type]
        assert page.count("原文疑有误：" if language == "zh" else "believed wrong: ") == 3


def test_the_readings_of_both_texts_agree(tmp_path: Path, written: Program, corrected: Program) -> None:
    for program in (written, corrected):
        assert not agreement(program, 2000, 1, tmp_path).differences


def test_a_standard_that_uses_a_wrong_text_has_both_readings_too(dictionary: Dictionary) -> None:
    user = MADE_UP.replace("T/TEST 1", "T/USER 1") + """
uses: {guide: T/TEST 1}
inputs: {rate: {is: message.rate, unit: Hz, decimals: 1, min: 0, max: 100}}
clauses: {"1": {zh: 甲, en: a, shall: "guide.pass('4.1')", source: s}}
"""
    program = program_of(user, library=Texts({"T/TEST 1": GUIDE}, shelf(), dictionary=dictionary), dictionary=dictionary)
    assert program.otherwise is not None
    given = admit(program.inputs, {"rate": 5}, Problems())
    assert [evaluate(p, given).verdict("1").value for p in (program, program.otherwise)] == ["pass", "fail"]
    (clause,) = explain(evaluate(program, given), "en").clauses
    assert clause.corrected == "T/TEST 1. Judged as written; as corrected: fails"


def test_a_mistake_in_the_other_reading_is_found_and_one_that_changes_nothing_is_too(dictionary: Dictionary) -> None:
    def codes(old: str, new: str) -> list[str]:
        assert old in GUIDE
        return checked(GUIDE.replace(old, new), dictionary=dictionary).codes


    assert codes("shall: rate >= 10 Hz", "shall: rate >= 10 ms") == ["unit-mismatch"]
    assert codes("shall: rate >= 10 Hz", "shall: rate <= 10 Hz") == ["correction-unchanged"]
    assert codes("{shall: rate >= 10 Hz, zh", "{zh") == ["missing-key"]
    assert codes("shall: rate >= 10 Hz, ", "value: 1, ") == ["missing-key", "unknown-key"]


def test_an_example_by_a_correction_that_does_not_exist_is_told_so(dictionary: Dictionary) -> None:
    plain = MADE_UP + """
inputs: {delay: {is: message.delay, unit: ms, decimals: 0, min: 0, max: 1000}}
clauses: {"1": {zh: 甲, en: a, shall: delay <= 5 ms, source: s}}
"""
    examples = """
examples:
  - {name: a, text: corrected, given: {delay: 5}, expect: {overall: pass}}
"""
    assert checked(plain, examples, dictionary=dictionary).codes == ["examples-incomplete", "nothing-corrected"]
    assert checked(plain, examples.replace("corrected", "as ever"), dictionary=dictionary).codes == ["unknown-word"]


def test_the_command_line_runs_both_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIJU_LANG", "en")
    folder = tmp_path / "shelf" / "t" / "T-TEST-1"
    folder.mkdir(parents=True)
    (folder / "standard.yaml").write_text(GUIDE, "utf-8")
    (tmp_path / "properties").mkdir()
    (tmp_path / "properties" / "message.yaml").write_text(PROPERTIES, "utf-8")
    monkeypatch.setenv("GUIJU_SHELVES", str(tmp_path / "shelf"))
    (tmp_path / "records.csv").write_text("name,rate,delay\na,5,5\nb,20,5\nc,10,5\n", "utf-8")
    (tmp_path / "mapping.yaml").write_text("guiju: 1\nkey: name\ninputs: {rate: rate, delay: delay}\n", "utf-8")

    def call(*words: str) -> str:
        return CliRunner().invoke(build(PARTS), [words[0], "T/TEST 1", *words[1:]]).stdout

    files = ("--records", str(tmp_path / "records.csv"), "--mapping", str(tmp_path / "mapping.yaml"))
    written, read = call("evaluate", *files), call("evaluate", *files, "--corrected")
    assert "4.1 of T/TEST 1 is believed wrong: the standard it implements says at least" in written
    assert "T/TEST 1 is judged as written; as corrected, records with another verdict: 4.1 2, overall 2" in written
    assert "T/TEST 1 is judged as corrected; as written, records with another verdict: 4.1 2, overall 2" in read
    one = json.loads(call("explain", "--set", "rate=20", "--set", "delay=5", "--json", "--corrected"))
    assert one["text"] == "corrected" and one["overall"] == "pass"
    assert call("sql") != call("sql", "--corrected")
    assert "as written: " in call("show", "--corrected")


def test_a_correction_of_what_varies_by_scenario_holds_in_each_scenario() -> None:
    text_ = MADE_UP + """
scenarios: {is: vehicle.category}
inputs:
  speed: {is: vehicle.speed.max, unit: km/h, decimals: 0, min: 0, max: 300, per: scenario}
clauses:
  "1": {zh: 甲, en: a, in: [M1, N1], shall: speed <= 90 km/h, source: s, corrected: {shall: speed >= 90 km/h, zh: 误, en: wrong, source: s}}
"""
    program = program_of(text_)
    assert program.otherwise is not None
    given = admit(program.inputs, {"speed": {"M1": 100, "N1": 90}}, Problems())
    found = [{no: v.value for no, v in evaluate(p, given).verdicts.items() if no.startswith("1@")} for p in (program, program.otherwise)]
    assert found == [{"1@M1": "fail", "1@N1": "pass"}, {"1@M1": "pass", "1@N1": "pass"}]
    said = {c.no: c.corrected for c in explain(evaluate(program, given), "en").clauses}
    assert said["1@M1"].endswith("(「maximum speed」 ≥ 90 [km/h]): passes")
    assert read_back(render(program, "en"), program, "en") == surface(program.standard.authored)
