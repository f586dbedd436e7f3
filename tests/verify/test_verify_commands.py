"""`guiju verify …`: what is printed, the exit codes, and every wrong input told at once with what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from guiju.base.diagnostics import Problems, Refused
from guiju.cli.main import build
from guiju.metrology.montecarlo import monte_carlo
from guiju.standard.document import read
from guiju.verify import commands
from guiju.verify.rounds import METHODS, Round, assign, read_portions, read_round, score
from guiju.verify.selftest import Compared, compare, names, run
from guiju.verify.study import Exclusion, analyse, flagged, read_studies, spread_ratio
from guiju.verify.uncertainty import evaluate
from guiju.verify.worksheet import read_judgement, worksheet

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "verify"


def guiju(*words: object, language: str = "en") -> Result:
    return CliRunner().invoke(build((commands.add,)), ["verify", *map(str, words)], env={"GUIJU_LANG": language})


def told(*words: object) -> Any:
    return json.loads(guiju(*words, "--json").stdout)


def refused(action: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        action()
    for diagnostic in caught.value.diagnostics:
        for language in ("zh", "en"):
            assert "{" not in diagnostic.message(language) and diagnostic.help(language)  # type: ignore[arg-type]
    return [diagnostic.code for diagnostic in caught.value.diagnostics]


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


# precision


def test_an_outlier_is_named_and_stays_until_people_take_it_out() -> None:
    alone = guiju("precision", EXAMPLES / "study.csv")
    assert alone.exit_code == 1 and "** outlier" in alone.stdout
    both = told("precision", EXAMPLES / "study.csv", "--exclude", EXAMPLES / "exclusions.yaml")
    full, kept = (both["studies"][0][name] for name in ("all", "kept"))
    assert full["levels"][2]["N"] == 24 and kept["levels"][2]["N"] == 23
    assert full["levels"][2]["s_r"] > 2 * kept["levels"][2]["s_r"]
    assert [flag["labs"] for flag in full["flags"]] == [["5"]] and kept["flags"] == []
    assert both["exclusions"][0]["reason"].startswith("示意") and both["exclusions"][0]["by"] and both["exclusions"][0]["on"] == "2026-11-20"
    assert guiju("precision", EXAMPLES / "study.csv", "--exclude", EXAMPLES / "exclusions.yaml").exit_code == 0


def test_every_figure_says_its_edition_and_what_was_not_seen() -> None:
    for language, words in (("zh", "原文待核"), ("en", "was not seen")):
        assert words in guiju("precision", EXAMPLES / "study.csv", language=language).stdout
    assert words not in guiju("precision", EXAMPLES / "study.csv", "--edition", "ISO 5725-2:2019").stdout
    assert told("precision", EXAMPLES / "study.csv")["pending"] == ["III"]
    assert "III" not in told("precision", EXAMPLES / "study.csv", "--edition", "ASTM E691-2023")["studies"][0]["all"]["relations"]


def test_cells_given_as_means_and_spreads_are_the_same_study(tmp_path: Path) -> None:
    studies = read_studies(EXAMPLES / "study.csv")
    made = studies.made
    lines = ["lab,level,n,mean,sd"]
    for j, level in enumerate(studies.levels[0]):
        for i, lab in enumerate(studies.labs[0]):
            lines.append(f"{lab},{level},{made.n[0, j, i]:.0f},{float(made.mean[0, j, i])!r},{float(made.variance[0, j, i]) ** 0.5!r}")
    short = analyse(read_studies(written(tmp_path, "cells.csv", "\n".join(lines))))
    full = analyse(studies)
    assert short.full.precision.s_R == pytest.approx(full.full.precision.s_R)
    assert [f.labs for f in flagged(short.studies, short.full)] == [f.labs for f in flagged(studies, full.full)]
    excluding = [Exclusion("5", "示意 C", "2", "r", "b", "o")]
    assert refused(lambda: analyse(read_studies(tmp_path / "cells.csv"), exclusions=excluding)) == ["verify-excluded-unknown"]


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    head, *rows = (EXAMPLES / "study.csv").read_text("utf-8").splitlines()
    turned = analyse(read_studies(written(tmp_path, "turned.csv", "\n".join([head, *rows[::-1]]))))
    straight = analyse(read_studies(EXAMPLES / "study.csv"))
    at = [turned.studies.levels[0].index(level) for level in straight.studies.levels[0]]
    assert turned.full.precision.s_R[:, at] == pytest.approx(straight.full.precision.s_R, rel=1e-12)


def test_many_studies_in_one_file_are_told_apart(tmp_path: Path) -> None:
    head, *rows = (EXAMPLES / "study.csv").read_text("utf-8").splitlines()
    both = "\n".join([f"study,{head}", *(f"x,{row}" for row in rows), *(f"y,{row}" for row in rows if ",示意 A," in row)])
    found = told("precision", written(tmp_path, "both.csv", both))
    assert [(each["study"], len(each["all"]["levels"])) for each in found["studies"]] == [("x", 3), ("y", 1)]
    assert found["studies"][0]["all"]["levels"][0]["s_R"] == pytest.approx(found["studies"][1]["all"]["levels"][0]["s_R"])
    assert found["studies"][0]["all"]["relations"]["II"]["s_r"]["slope"] is not None


@pytest.mark.parametrize(("text", "codes"), [
    ("lab,value\na,1\na,2\nb,1\nb,2\n", ["verify-few-labs"]),
    ("lab,level,value\na,1,1\nb,1,2\nc,1,3\na,2,1\na,2,2\nb,2,1\n", ["verify-no-replicates", "verify-few-labs"]),
    ("lab,value\na,1\na,x\nb,1;2\nb,2\n", ["verify-not-a-number", "verify-not-a-number"]),
    ("laboratoire,valeur\na,1\n", ["verify-column", "verify-column"]),
    ("lab,replicate,value\na,1,1\na,1,2\nb,1,1\nb,1,2\nc,1,3\n", ["verify-repeated", "verify-repeated"]),
    ("lab,value\n,\n", ["verify-nothing"]),
])  # fmt: skip
def test_a_study_that_tells_nothing_is_refused_with_every_reason(text: str, codes: list[str], tmp_path: Path) -> None:
    path = written(tmp_path, "s.csv", text)
    assert refused(lambda: read_studies(path)) == codes
    assert guiju("precision", path).exit_code == 2


def test_what_is_excluded_must_be_there_and_leave_enough(tmp_path: Path) -> None:
    studies = read_studies(EXAMPLES / "study.csv")
    unknown = [Exclusion("99", None, None, "r", "b", "o"), Exclusion("1", "D", None, "r", "b", "o"), Exclusion("1", None, "7", "r", "b", "o")]
    assert refused(lambda: analyse(studies, exclusions=unknown)) == ["verify-excluded-unknown"] * 3
    most = [Exclusion(lab, "示意 A", None, "r", "b", "o") for lab in "123456"]
    assert refused(lambda: analyse(studies, exclusions=most)) == ["verify-few-labs"]
    assert refused(lambda: analyse(studies, "ISO 5725-2:1886")) == ["verify-edition"]
    bare = written(tmp_path, "e.yaml", "exclusions: [{lab: '1'}]\n")
    without_reason = guiju("precision", EXAMPLES / "study.csv", "--exclude", bare)
    assert without_reason.exit_code == 2 and without_reason.stderr.count("missing-key") == 3


def test_a_negative_between_laboratory_variance_is_said(tmp_path: Path) -> None:
    text = "lab,value\n" + "".join(f"{lab},{value}\n" for lab in "abcd" for value in (1, 2))
    found = analyse(read_studies(written(tmp_path, "s.csv", text)))
    assert [d.code for d in found.diagnostics] == ["verify-between-negative"]
    assert float(found.full.precision.s_R[0, 0]) == float(found.full.precision.s_r[0, 0])


# planning and nesting


def test_a_plan_takes_gamma_from_a_study(tmp_path: Path) -> None:
    found = told("plan", EXAMPLES / "study.csv", "--within-R", "0.4")
    assert found["gamma"] == pytest.approx(3.318, abs=1e-3) and found["designs"][0]["p"] == 12
    flat = written(tmp_path, "flat.csv", "lab,value\n" + "".join(f"{lab},{n}\n{lab},{n}\n" for n, lab in enumerate("abc")))
    assert "plan-no-spread" in guiju("plan", flat).stderr and "plan-no-spread" in refused(lambda: spread_ratio(read_studies(flat)))
    nothing = guiju("plan", "--gamma", "2", "--within-R", "0.05", "--most-labs", "20")
    assert nothing.exit_code == 2 and "plan-none" in nothing.stderr
    assert "A_R" in guiju("plan", language="zh").stdout


def test_a_nested_design_tells_every_spread(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    lines = ["lab,day,value"]
    for lab in range(6):
        for day in range(3):
            lines += [f"{lab},{day},{10 + lab + day / 5 + rng.normal(0, 0.05):.4f}" for _ in range(2)]
    path = written(tmp_path, "n.csv", "\n".join(lines))
    found = told("nested", path, "--factor", "lab", "--factor", "day")
    assert [c["dof"] for c in found["components"]] == [5, 12, 18] and found["s_r"] < found["s_R"]
    assert "s_I(day)" in guiju("nested", path, "--factor", "lab", "--factor", "day").stdout
    alone = written(tmp_path, "a.csv", "lab,day,value\n1,1,2\n2,1,3\n3,1,3\n")
    assert "nested-no-freedom" in guiju("nested", alone, "--factor", "lab", "--factor", "day").stderr
    assert "--factor" in guiju("nested", alone, "--factor", "operator").stderr


# proficiency


def a_round(values: list[float], u: float = 0.1) -> Round:
    labs, n = tuple(f"P{n}" for n in range(len(values))), len(values)
    return Round(labs, tuple(np.array([x]) for x in values), np.full(n, u), np.full(n, 2 * u))


def test_a_verdict_that_no_result_could_get_is_refused() -> None:
    five = a_round([10, 10, 10, 10, 20])
    assert refused(lambda: score(five, assign(five, "mean"), "z")) == ["round-unattainable"]
    assert score(five, assign(five, "mean"), "z", sigma=1.0).verdicts[-1] == "unsatisfactory"


@pytest.mark.parametrize("method", ["algorithm-a", "made"])
def test_equal_results_are_no_beginning_for_a_robust_estimate(method: Any) -> None:
    equal = a_round([10, 10, 10, 10, 11, 12])
    assert refused(lambda: assign(equal, method)) == ["round-made-zero"]
    assert assign(equal, "q-hampel").scale > 0


@pytest.mark.parametrize("method", METHODS)
def test_every_method_gives_a_value_with_its_uncertainty(method: Any) -> None:
    found = a_round([9.9, 10.0, 10.1, 10.3, 9.7, 10.2, 9.8])
    made = assign(found, method, 10.0, 0.05)
    assert made.value == pytest.approx(10, abs=0.05) and 0 < made.u < 0.15


def test_scores_ask_for_what_they_rest_on() -> None:
    found = a_round([9.9, 10.0, 10.1, 10.4], u=0)
    given = assign(found, "given", 10.0, 0.1)
    assert refused(lambda: score(found, given, "zeta")) == refused(lambda: score(found, given, "En")) == ["round-no-u"]
    assert refused(lambda: assign(found, "reml")) == ["round-no-u"]
    assert refused(lambda: score(found, given, "z")) == ["round-no-sigma"]
    assert refused(lambda: assign(found, "given")) == ["round-no-value"]
    assert refused(lambda: assign(a_round([1, 2]), "median")) == ["round-few"]
    assert refused(lambda: score(found, assign(found, "given", 0.0), "D%")) == ["round-zero-value"]
    assert [d.code for d in score(found, given, "z", sigma=0.2).diagnostics] == ["round-use-z-prime"]


def test_scores_are_what_their_names_say() -> None:
    found = a_round([10.0, 10.5], u=0.3)
    given = assign(found, "given", 10.0, 0.4)
    at = {kind: float(score(found, given, kind, sigma=0.3).values[1]) for kind in ("z", "z'", "zeta", "En", "D%")}  # type: ignore[arg-type]
    assert at == pytest.approx({"z": 0.5 / 0.3, "z'": 1.0, "zeta": 1.0, "En": 0.5, "D%": 5.0})


def test_a_round_is_read_scored_and_its_items_checked(tmp_path: Path) -> None:
    text = "item,portion,value\n" + "".join(f"{i},{n},{5 + 0.01 * ((7 * i + 3 * n) % 5):.2f}\n" for i in range(10) for n in (1, 2))
    items = written(tmp_path, "items.csv", text)
    found = told("proficiency", EXAMPLES / "round.csv", "--score", "z'", "--homogeneity", items, "--stability", items)
    assert found["checks"]["homogeneity"]["passes"] and found["checks"]["stability"]["difference"] == 0
    assert found["results"][8]["verdict"] == "questionable" and found["sigma_from"] == "participants"
    out = guiju("proficiency", EXAMPLES / "round.csv", "--sigma", "0.2", "--homogeneity", items, language="zh")
    assert out.exit_code == 1 and "均匀性" in out.stdout and "不满意" in out.stdout
    assert refused(lambda: read_portions(written(tmp_path, "odd.csv", "item,value\n1,1\n1,2\n2,1\n"))) == ["round-portions"]
    assert "unknown-word" in guiju("proficiency", EXAMPLES / "round.csv", "--method", "average").stderr
    assert read_round(EXAMPLES / "round.csv").digest == found["sha256"]


# uncertainty


def sheet(text: str) -> Any:
    problems = Problems()
    root = read(text, "sheet.yaml", problems).root
    assert root is not None
    return worksheet(root, problems)


def test_the_end_gauge_is_told_by_every_method() -> None:
    out = guiju("uncertainty", EXAMPLES / "end-gauge.yaml")
    assert out.exit_code == 1 and "the first order does not hold" in out.stdout
    found = told("uncertainty", EXAMPLES / "end-gauge.yaml")["outputs"][0]
    assert found["U"] == pytest.approx(92.5, abs=0.1) and found["second_order"]["u"] == pytest.approx(33.81, abs=0.01)
    assert found["monte_carlo"]["u"] == pytest.approx(33.8, abs=0.1)
    assert found == told("uncertainty", EXAMPLES / "end-gauge.yaml")["outputs"][0]
    assert "一阶" in guiju("uncertainty", EXAMPLES / "end-gauge.yaml", "--no-monte-carlo", language="zh").stdout
    assert guiju("uncertainty", EXAMPLES / "end-gauge.yaml", "--sampler", "dice").exit_code == 2


def test_several_outputs_of_simultaneous_observations(tmp_path: Path) -> None:
    text = """
model: {R: V / I * cos(phi), Z: V / I}
inputs:
  V: {observations: [5.007, 4.994, 5.005, 4.99, 4.999]}
  I: {observations: [0.019663, 0.019639, 0.01964, 0.019685, 0.019678]}
  phi: {observations: [1.0456, 1.0438, 1.0468, 1.0428, 1.0433]}
together: [V, I, phi]
k: 2
"""
    path = written(tmp_path, "z.yaml", text)
    found = told("uncertainty", path, "--trials", "20000", "--sampler", "philox", "--shortest")
    assert found["outputs"][0]["u"] == pytest.approx(0.0711, abs=1e-4) and found["interval"] == "shortest"
    assert found["correlation"][0][1] == pytest.approx(-0.485, abs=1e-3)
    assert "correlation of the outputs" in guiju("uncertainty", path, "--no-monte-carlo").stdout
    undefined = guiju("uncertainty", written(tmp_path, "n.yaml", text.replace("k: 2\n", "")))
    assert undefined.exit_code == 2 and "uncertain-dof-undefined" in undefined.stderr


@pytest.mark.parametrize(("text", "codes"), [
    ("{model: 'a + b ^ 2 + sqr(c)', inputs: {a: 1}}", ["uncertain-formula", *["uncertain-unknown-name"] * 3]),
    ("{model: a, inputs: {a: {value: x, u: -1}}}", ["uncertain-number", "uncertain-too-small"]),
    ("{model: 1 + a, inputs: {a: {between: [2, 1]}}}", ["uncertain-input"]),
    ("{model: 1 + a, inputs: {a: {between: [1, 2], shape: trapezoidal}}}", ["uncertain-input"]),
    ("{model: 1 + a, inputs: {a: {between: [1, 2], shape: t}}}", ["uncertain-input"]),
    ("{model: 1 + a, inputs: {a: {between: [1, 2], limits_within: 0.6}}}", ["uncertain-input"]),
    ("{model: 1 + a, inputs: {a: {value: 1, u: 1, shape: t}}}", ["uncertain-input"]),
    ("{model: 1 + a, inputs: {a: {value: 1}}}", ["uncertain-input"]),
    ("{model: 1 + a, inputs: {a: {value: 1, u: 1, shape: bell}}}", ["unknown-word"]),
    ("{model: 1 + a, inputs: {a: {observations: [2, 2]}}}", ["uncertain-observations"]),
    ("{model: 1 + pi, inputs: {pi: 3, a b: 2}}", ["uncertain-name", "uncertain-name"]),
    ("{model: a, inputs: {a: 1}, where: {a: 2}}", ["uncertain-name"]),
    ("{model: [a], inputs: {a: 1}}", ["uncertain-no-model"]),
    ("{model: a + b, inputs: {a: 1, b: 2}, correlations: [{of: [a], r: 1}, {of: [a, z], r: 2}]}", ["uncertain-pair", "uncertain-unknown-name", "uncertain-pair"]),
    ("{model: a + b, inputs: {a: {observations: [1, 2]}, b: {observations: [1, 2, 3]}}, together: [a, b, c]}", ["uncertain-together", "uncertain-together"]),
    ("{model: a, inputs: {a: 1}, coverage: 2, dof: whole}", ["uncertain-coverage", "unknown-word"]),
    ("{model: 'atan2(a)', inputs: {a: 1}}", ["uncertain-formula"]),
    ("{model: 'a if a else 1', inputs: {a: 1}}", ["uncertain-formula"]),
    ("{model: '__import__(a)', inputs: {a: 1}}", ["uncertain-unknown-name"]),
    ("{model: 'a +', inputs: {a: 1}}", ["uncertain-formula"]),
    ("{model: 'a.real // 2', inputs: {a: 1}}", ["uncertain-formula", "uncertain-formula"]),
    ("{model: '" + "a + " * 600 + "a', inputs: {a: 1}}", ["uncertain-formula"]),
])  # fmt: skip
def test_a_worksheet_with_mistakes_is_told_all_of_them(text: str, codes: list[str]) -> None:
    assert sorted(refused(lambda: sheet(text))) == sorted(codes)


@pytest.mark.parametrize(("text", "codes"), [
    ("{model: a ** 2, inputs: {a: {value: 0, u: 1}}}", ["uncertain-flat", "uncertain-curved"]),
    ("{model: a ** 2 + b, inputs: {a: {value: 0, u: 0.001}, b: {value: 1, u: 1}}}", ["uncertain-flat-input"]),
    ("{model: exp(a), inputs: {a: {value: 0, u: 0.5}}}", ["uncertain-curved"]),
])  # fmt: skip
def test_what_makes_the_first_order_invalid_is_said(text: str, codes: list[str]) -> None:
    found = evaluate(sheet(text), trials=4096)
    assert [d.code for d in found.diagnostics] == codes
    assert ("uncertain-curved" in codes) == any(not each.valid for each in found.validation)


def test_a_run_that_does_not_settle_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monte_carlo, "__kwdefaults__", {**(monte_carlo.__kwdefaults__ or {}), "most": 10_000})
    found = evaluate(sheet("{model: a + b, digits: 4, inputs: {a: {value: 0, u: 1}, b: {between: [0, 1]}}}"))
    assert "uncertain-not-settled" in [d.code for d in found.diagnostics]


# conformity


def test_each_rule_and_its_risk_is_told() -> None:
    out = guiju("conformity", EXAMPLES / "limit.yaml")
    assert out.exit_code == 1 and "conditional pass" in out.stdout and "global and joint, not conditional; prior normal" in out.stdout
    found = told("conformity", EXAMPLES / "limit.yaml")
    assert found["probability"] == pytest.approx(0.8849, abs=1e-4) and found["U"] == "0.2"
    assert [each["verdict"] for each in found["decisions"]] == ["pass", "fail", "conditional pass", "undecided"]
    assert found["guard_for_consumer_risk"] == pytest.approx(0.0151, abs=1e-4)
    assert "全局风险" in guiju("conformity", EXAMPLES / "limit.yaml", language="zh").stdout


def test_a_comparison_of_rounded_values_is_exact(tmp_path: Path) -> None:
    text = "{measured: {value: 20.64, u: 0.01}, limits: {high: 20.6, low: 20}, rounding: 0.1, rules: [simple]}"
    out = guiju("conformity", written(tmp_path, "r.yaml", text))
    assert out.exit_code == 0 and "rounded value compared, interval 0.1" in out.stdout and "C_m" in out.stdout
    assert guiju("conformity", written(tmp_path, "f.yaml", text.replace("rounding: 0.1, ", ""))).exit_code == 1


@pytest.mark.parametrize(("text", "codes"), [
    ("{measured: {value: 1}, limits: {high: 2}}", ["uncertain-input"]),
    ("{measured: {value: 1, u: 1}, limits: {high: 2, low: 3}, rules: [guess], rounding: 0}", ["conformity-limits", "conformity-rounding", "unknown-word"]),
    ("{measured: {value: 1, u: 1}, limits: {}, prior: {gamma: [1]}}", ["conformity-limits", "uncertain-input"]),
])  # fmt: skip
def test_a_judgement_with_mistakes_is_told_all_of_them(text: str, codes: list[str], tmp_path: Path) -> None:
    path = written(tmp_path, "j.yaml", text)
    assert sorted(refused(lambda: read_judgement(path))) == sorted(codes)
    assert guiju("conformity", path).exit_code == 2


def test_a_prior_of_any_kind_serves(tmp_path: Path) -> None:
    for prior in (
        "{gamma: [4, 0.25]}",
        "{lognormal: [0, 0.2]}",
        "{sample: [1, 1.1, 1.3]}",
        "{value: 1, u: 0.2, dof: 5, shape: t}",
        "{between: [0, 2]}",
    ):
        text = f"{{measured: {{value: 1, u: 0.1}}, limits: {{high: 1.5}}, rules: [simple], prior: {prior}, consumer_risk: 0.9}}"
        found = told("conformity", written(tmp_path, "p.yaml", text))
        assert 0 <= found["decisions"][0]["risks"]["consumer"] < 0.1 and found["guard_for_consumer_risk"] is None


# self-test


def test_every_published_figure_agrees_and_says_where_it_is_from() -> None:
    found = list(run())
    assert len(found) >= 16 and sum(len(case.compared) for case in found) >= 230
    assert [f"{case.name}: {c.key}" for case in found for c in case.compared if not c.agrees] == []
    assert all(case.sources and all(c.grade in ("A", "B", "C") for c in case.compared) for case in found)
    assert [f"{case.name}: {c.key}" for case in found for c in case.compared if c.within > 0.5 and not c.why] == []


def test_the_table_of_the_self_test_and_its_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = guiju("selftest", "gum-h5-voltage")
    assert out.exit_code == 0 and "5 values, 0 off" in out.stdout and "last digits" in out.stdout
    assert told("selftest", "gum-h5-voltage")["off"] == 0
    text = (ROOT / "selftest" / "gum-h5-voltage.yaml").read_text("utf-8").replace("57e-6", "58e-6")
    (tmp_path / "selftest").mkdir()
    written(tmp_path / "selftest", "wrong.yaml", text)
    monkeypatch.setattr("guiju.verify.selftest.data_folder", lambda: tmp_path)
    wrong = guiju("selftest", "--short", language="zh")
    assert wrong.exit_code == 1 and "1 个不符" in wrong.stdout and names() == ["wrong"]
    assert "selftest-unknown" in guiju("selftest", "no-such-case").stderr


@pytest.mark.parametrize(("published", "computed", "agrees"), [
    ("0.690", 0.6904, True), ("0.690", 0.6906, False), ("2.05e-13", 2.046e-13, True), ("2.05e-13", 2.04e-13, False), ("93", 92.5, True), ("true", True, True),
    ("true", False, False),
])  # fmt: skip
def test_a_figure_agrees_where_it_rounds_to_what_was_published(published: str, computed: float | bool, agrees: bool) -> None:
    found = compare("x", published, {"x": computed}, 0.5, "B")
    assert isinstance(found, Compared) and found.agrees is agrees


def test_a_figure_that_is_not_computed_does_not_agree() -> None:
    assert not compare("y", "1.0", {"x": 1.0}, 0.5, "B").agrees
