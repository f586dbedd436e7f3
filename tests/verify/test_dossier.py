"""The dossier of a standard: every figure against another way to get it, what never happens, and every wrong file told at once."""

from __future__ import annotations

import json
import math
import random
import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from guiju.base.diagnostics import Refused
from guiju.base.units import parse_unit
from guiju.cli.main import build
from guiju.metrology.conformity import global_risks
from guiju.metrology.distribution import normal
from guiju.records.bulk import programs
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf
from guiju.verify import commands
from guiju.verify.dossier.assembled import Given, canonical, twin, verify_standard
from guiju.verify.dossier.bound import Bound, read_bound
from guiju.verify.dossier.criteria import WORST, conclude, read_criteria, shipped_criteria
from guiju.verify.dossier.evidence import ASPECTS, WHOLE, Dossier, Subject, known, unknown
from guiju.verify.dossier.kept import dossier_bytes
from guiju.verify.dossier.measured import risks

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
STUDY, CHARGER = EXAMPLES / "verify" / "consumption.study.yaml", EXAMPLES / "verify" / "charger.study.yaml"
CARS = (EXAMPLES / "vehicles.csv", EXAMPLES / "vehicles.mapping.yaml")
CHARGERS = (EXAMPLES / "chargers.csv", EXAMPLES / "chargers.mapping.yaml")
LIMIT = "GB 36980.1-2025"


@cache
def shelf() -> Shelf:
    return Shelf()


def made(standard: str, *, studies: tuple[Path, ...] = (), records: tuple[Path, Path] | None = None, **rest: Any) -> Dossier:
    files, mappings = ((records[0],), (records[1],)) if records else ((), ())
    return verify_standard(shelf(), Given(standard, studies, files, mappings, seconds=120, **rest))[0]


@cache
def cars() -> Dossier:
    return made(LIMIT, studies=(STUDY,), records=CARS)


@cache
def chargers() -> Dossier:
    return made("GB 46519-2025", studies=(CHARGER,), records=CHARGERS)


def value(dossier: Dossier, id_: str) -> float:
    found = dossier.named(id_).value
    assert isinstance(found, float | int)
    return float(found)


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def refused(action: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        action()
    for diagnostic in caught.value.diagnostics:
        for language in ("zh", "en"):
            assert "{" not in diagnostic.message(language) and diagnostic.help(language)  # type: ignore[arg-type]
    return [diagnostic.code for diagnostic in caught.value.diagnostics]


# studies, bound


def shuffled_study(folder: Path, factor: Fraction = Fraction(1), unit: str = "kWh/100km", seed: int = 7) -> Path:
    """The example's results in another order of rows and another unit."""
    head, *rows = (EXAMPLES / "verify" / "study.csv").read_text(encoding="utf-8").splitlines()
    random.Random(seed).shuffle(rows)
    changed = []
    for row in rows:
        *labels, result = row.split(",")
        changed.append(",".join([*labels, str(float(Fraction(result) * factor)) if result else ""]))
    written(folder, "rows.csv", "\n".join([head.replace("kWh/100km", unit), *changed]) + "\n")
    written(folder, "out.yaml", (EXAMPLES / "verify" / "exclusions.yaml").read_text(encoding="utf-8"))
    text = STUDY.read_text(encoding="utf-8").replace("data: study.csv", "data: rows.csv").replace("exclusions: exclusions.yaml", "exclusions: out.yaml")
    return written(folder, "s.study.yaml", text.replace("unit: kWh/100km", f"unit: {unit}"))


@pytest.mark.parametrize(("factor", "unit"), [(1, "kWh/100km"), (10, "Wh/km"), (Fraction(36, 1000), "MJ/km")])
def test_neither_the_order_of_rows_nor_the_unit_of_a_study_matters(tmp_path: Path, factor: Fraction, unit: str) -> None:
    asked = parse_unit("kWh/100km")
    first, second = read_bound(STUDY, shelf().dictionary), read_bound(shuffled_study(tmp_path, Fraction(factor), unit), shelf().dictionary)
    assert first.relation == second.relation and first.labs == second.labs and first.outliers == second.outliers
    for at in (10.1, 13.92, 19.1):
        assert second.s_R(at, asked) == pytest.approx(first.s_R(at, asked), rel=1e-9)
        assert second.u(at, asked) == pytest.approx(first.u(at, asked), rel=1e-9)
    other = made(LIMIT, studies=(tmp_path / "s.study.yaml",), records=CARS)
    for e in cars().evidence:
        if isinstance(e.value, float):
            assert other.named(e.id).value == pytest.approx(e.value, rel=1e-9), e.id
        else:
            assert other.named(e.id).value == e.value


def test_a_declared_precision_is_what_is_declared() -> None:
    bound = read_bound(CHARGER, shelf().dictionary)
    per_cent = parse_unit("%")
    assert bound.relation in ("constant", "II") and bound.illustrative and bound.results == 2
    for level in bound.levels:
        assert bound.s_R(level.m, per_cent) == pytest.approx(level.s_R, rel=0.11)
    s_big, s_small = bound.s_R(95, per_cent), bound.s_r(95, per_cent)
    assert s_small is not None and bound.u(95, per_cent) == pytest.approx((s_big**2 - s_small**2 / 2) ** 0.5)
    assert not bound.reaches(60, per_cent, 0.1) and bound.reaches(0.95, parse_unit("1"), 0.1)


def test_a_study_by_another_method_serves_nothing(tmp_path: Path) -> None:
    path = shuffled_study(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("method: GB/T 18386.1-2021", "method: GB/T 18386-2017"), encoding="utf-8")
    dossier = made(LIMIT, studies=(path,), records=CARS)
    lacking = dossier.named("R1:zone_of_limit").lacking
    assert lacking is not None and "GB/T 18386-2017" in lacking.zh
    assert dossier.outcome("R1", "reasonable") == "not verified"
    assert value(dossier, "R1:pass_rate") == value(cars(), "R1:pass_rate")


# against products


def test_the_pass_rate_and_the_verdicts_of_the_standard_agree() -> None:
    from guiju.readings.evaluate import Verdict
    from guiju.records.bulk import counts, run

    batch = run(shelf(), programs(shelf(), [LIMIT], None), *CARS)
    found = counts(batch, batch.judged[0])["R1"]
    assert value(cars(), "R1:pass_rate") == found[Verdict.PASS] / (found[Verdict.PASS] + found[Verdict.FAIL])


@pytest.mark.parametrize("share", ["-0.01", "0.01", "-0.15", "0.05"])
def test_a_moved_limit_passes_what_the_standard_with_that_limit_passes(tmp_path: Path, share: str) -> None:
    """The whole standard is written anew with every number of its table moved, and judged: what is counted for the elasticity is what that gives."""
    folder = tmp_path / "moved"
    folder.mkdir()
    source = (ROOT / "standards" / "gb" / "GB-36980.1-2025" / "standard.yaml").read_text(encoding="utf-8")
    factor = 1 + Fraction(share)
    text = source.replace("value: 10.1", f"value: {float(Fraction('10.1') * factor)!r}").replace("value: 19.1", f"value: {float(Fraction('19.1') * factor)!r}")
    text = text.replace("0.00556 * (m - 1780) + 13.92", f"(0.00556 * (m - 1780) + 13.92) * {float(factor)!r}").replace("GB 36980.1-2025", "T/MOVED 1")
    text = re.sub(r"  relations:\n(?:    - .*\n)*", "", text)
    written(folder, "standard.yaml", text)
    other = made(str(folder / "standard.yaml"), records=CARS)
    (curve,) = (p for p in cars().plots if p.id == "R1:curve")
    at = curve.series[0].x.index(float(100 * Fraction(share)))
    assert curve.series[0].y[at] == value(other, "R1:pass_rate")


def test_elasticity_is_the_finite_difference_of_the_counted_pass_rate() -> None:
    for dossier, id_ in ((cars(), "R1"), (chargers(), "5.1"), (chargers(), "5.2")):
        (curve,) = (p for p in dossier.plots if p.id == f"{id_}:curve")
        rate = dict(zip(curve.series[0].x, curve.series[0].y, strict=True))
        assert value(dossier, f"{id_}:elasticity") == pytest.approx((rate[1.0] - rate[-1.0]) / 0.02 / rate[0.0])
    assert value(chargers(), "5.1:elasticity") < 0 < value(chargers(), "5.2:elasticity")


def test_risks_agree_with_monte_carlo_and_with_the_integral() -> None:
    rng = np.random.Generator(np.random.Philox(11))
    margin = rng.normal(0.6, 0.5, 400)
    u = np.full(400, 0.2)
    weight = rng.integers(1, 5, 400).astype(np.float64)
    for guard in (-0.2, 0.0, 0.3):
        at = rng.choice(400, 2_000_000, p=weight / weight.sum())
        accepted = margin[at] + u[at] * rng.standard_normal(len(at)) >= guard
        consumer, producer = risks(margin, u, weight, guard)
        assert consumer == pytest.approx(np.mean(accepted & (margin[at] < 0)), abs=6e-4)
        assert producer == pytest.approx(np.mean(~accepted & (margin[at] >= 0)), abs=6e-4)
    even = 0.6 + 0.5 * np.asarray([float(x) for x in normal(0, 1).draw(((np.arange(200_000) + 0.5) / 200_000)[None, :])])
    whole = global_risks(normal(0.6, 0.5), 0.2, (0.0, np.inf))
    assert risks(even, np.full(200_000, 0.2), np.ones(200_000)) == pytest.approx((whole.consumer, whole.producer), abs=1e-5)


def test_a_larger_s_r_never_makes_a_clause_better_verifiable(tmp_path: Path) -> None:
    """Every s_R of the study is raised, again and again: the zone widens, risks at the limit grow, no conclusion becomes better."""
    order = {outcome: n for n, outcome in enumerate(("fail", "change", "pass"))}
    seen: list[tuple[float, float, int]] = []
    for number, times in enumerate((0.2, 1, 2, 4, 9, 20)):
        levels = "\n".join(f"    - {{level: {m}, s_r: 0.01, s_R: {0.05 * times:.3f}, labs: 8, replicates: 2}}" for m in (9, 14, 20))
        path = written(tmp_path, f"{number}.yaml", "study:\n  title: {zh: 示意, en: made up}\n  property: nev.electricity.cltc\n  unit: kWh/100km\n"
                       "  method: GB/T 18386.1-2021\n  source: 示意 made up\n  illustrative: true\n  declared:\n" + levels + "\n")  # fmt: skip
        dossier = made(LIMIT, studies=(path,), records=CARS)
        worst = order[dossier.outcome("R1", "reasonable")]  # type: ignore[index]
        seen.append((value(dossier, "R1:zone_of_limit"), value(dossier, "R1:undecided"), worst))
    zones, undecided, outcomes = zip(*seen, strict=True)
    assert list(zones) == sorted(zones) and list(undecided) == sorted(undecided) and zones[-1] == pytest.approx(100 * zones[0])
    assert list(outcomes) == sorted(outcomes, reverse=True) and len(set(outcomes)) > 1


def test_steps_between_levels_are_counted_in_r() -> None:
    bound = read_bound(CHARGER, shelf().dictionary)
    for pair, middle in (("1-2", 96.0), ("2-3", 95.0)):
        assert value(chargers(), f"efficiency_level:step_over_R:{pair}") == pytest.approx(1 / (2.8 * bound.s_R(middle, parse_unit("%"))))


def test_measurement_changes_levels_as_often_as_drawing_says() -> None:
    """One product of known efficiency and u: the probability is that of the normal distribution beyond the limits of its level."""
    from scipy.special import ndtr

    from guiju.readings.columnar import record_of
    from guiju.verify.dossier.bound import Bindings
    from guiju.verify.dossier.graded import flips
    from guiju.verify.dossier.products import Products

    (program,) = programs(shelf(), ["GB 46519-2025"], None)
    bound = read_bound(CHARGER, shelf().dictionary)
    record = record_of(program, ["current", "structure", "efficiency", "standby"], ["dc", "integrated", 95.7, 20.0])
    products = Products("x", Title("一", "one"), 1, (record,), (1,), ("x",), {}, (), (), "", "", ())
    (found,) = (e for e in flips(program, products, Bindings((bound,)), 0.1, "", lambda d, t: None).evidence if e.subject == "efficiency_level")
    u = bound.u(95.7, parse_unit("%"))
    expected = float(ndtr((95.5 - 95.7) / u) + 1 - ndtr((96.5 - 95.7) / u))
    assert found.value == pytest.approx(expected, abs=0.03)


# conclusions


def test_what_is_not_known_is_not_verified_and_says_why() -> None:
    dossier = made(LIMIT)
    assert dossier.outcome("R1", "reasonable") == "not verified" and dossier.outcome("R1", "applicable") == "not verified"
    for e in dossier.evidence:
        assert (e.value is None) == (e.lacking is not None)
        assert e.lacking is None or (e.lacking.zh and e.lacking.en)
    lacking = dossier.named("R1:pass_rate").lacking
    assert lacking is not None and "没有产品总体" in lacking.zh
    assert dossier.named(f"{WHOLE}:satisfiable").value == "proved" and dossier.named(f"{WHOLE}:meet:limit").value == "refuted"


def test_a_template_without_values_proves_nothing() -> None:
    dossier = made("DB33/T 1312-2023")
    found = dossier.named(f"{WHOLE}:satisfiable")
    assert found.value is None and found.lacking is not None and "bus_factor" in found.lacking.en
    assert value(dossier, f"{WHOLE}:unverified") == 7 and dossier.outcome(WHOLE, "operable") == "not verified"


def test_every_conclusion_rests_on_evidence_that_is_there() -> None:
    for dossier in (cars(), chargers()):
        ids = [e.id for e in dossier.evidence]
        assert len(ids) == len(set(ids))
        for c in dossier.conclusions:
            assert c.why.zh and c.why.en
            for f in c.findings:
                assert f.evidence in ids and f.rule in dossier.criteria
                assert dossier.named(f.evidence).subject == c.subject and dossier.criteria[f.rule]["aspect"] == c.aspect
        assert {c.aspect for c in dossier.conclusions if c.subject == WHOLE} == set(ASPECTS)


def test_more_bad_evidence_never_makes_a_conclusion_better() -> None:
    criteria = read_criteria(shipped_criteria())
    subject, about = Subject("R1", "clause", Title("条", "clause")), Title("证据", "evidence")
    whole = Subject(WHOLE, "standard", Title("整体", "whole"))
    pool = [known(f"a{n}", "zone_of_limit", "R1", about, v) for n, v in enumerate((0.01, 0.07, 0.5))]
    pool += [unknown("b", "zone_of_limit", "R1", about, about), known("c", "producer", "R1", about, 0.9), known("d", "consumer", "R1", about, 0.001)]
    rng = random.Random(5)
    for _ in range(200):
        some = rng.sample(pool, rng.randint(1, 5))
        more = [*some, rng.choice([e for e in pool if e not in some])]
        fewer, all_ = ([c for c in conclude(criteria, (whole, subject), each) if c.subject == "R1" and c.aspect == "reasonable"] for each in (some, more))
        assert WORST.index(all_[0].outcome) <= WORST.index(fewer[0].outcome)


def test_every_threshold_that_is_not_a_matter_of_logic_says_where_it_is_from() -> None:
    for rule in read_criteria(shipped_criteria()).rules:
        assert rule.source.zh and rule.source.en
        numeric = rule.passes.word is None and rule.passes.most != 0
        assert not numeric or rule.grade in ("B", "C", "illustrative"), rule.id
        assert rule.grade != "illustrative" or "示意" in rule.source.zh


# documents


@pytest.mark.parametrize("ending", [".json", ".html", ".docx", ".xlsx", ".md", ".pdf"])
def test_the_same_dossier_gives_the_same_bytes(ending: str) -> None:
    again = made(LIMIT, studies=(STUDY,), records=CARS)
    for language in ("zh", "en"):
        first = dossier_bytes(cars(), ending, language)  # type: ignore[arg-type]
        assert first and first == dossier_bytes(again, ending, language)  # type: ignore[arg-type]


def test_the_twin_carries_what_the_report_prints() -> None:
    import hashlib

    plain = json.loads(dossier_bytes(cars(), ".json", "en"))
    assert plain["sha256"] == hashlib.sha256(canonical({k: v for k, v in plain.items() if k != "sha256"})).hexdigest() == twin(cars())["sha256"]
    page = dossier_bytes(cars(), ".html", "en").decode()
    assert plain["sha256"] in page and "示意" not in json.dumps(plain["about"], ensure_ascii=False).replace(plain["about"]["criteria_zh"], "")
    for e in plain["evidence"]:
        assert e["id"] in page
    assert plain["studies"][0]["precision"]["studies"][0]["kept"]["levels"][0]["s_R"] > 0
    for chapter in "12345678":
        assert re.search(f"<h2[^>]*>{chapter} ", page)
    assert page.count("<figure>") == 6 and "made-up" in page


def test_wording_is_made_of_the_study_in_both_languages() -> None:
    ((property_, text),) = cars().wording
    assert property_ == "nev.electricity.cltc" and "重复性限 r" in text.zh and "reproducibility limit R" in text.en and "8" in text.en


# the command line, and wrong files


def guiju(*words: object, language: str = "en") -> Result:
    return CliRunner().invoke(build((commands.add,)), ["verify", "standard", *map(str, words)], env={"GUIJU_LANG": language})


def test_the_command_prints_the_grid_and_writes_the_report(tmp_path: Path) -> None:
    told = guiju(LIMIT, "--study", STUDY, "--records", CARS[0], "--mapping", CARS[1], "--out", tmp_path / "d.html")
    assert told.exit_code == 3 and "illustrative" in told.stdout and "scientific" in told.stdout and (tmp_path / "d.html").is_file()
    again = guiju(LIMIT, "--out", tmp_path / "d.html")
    assert again.exit_code != 0 and "file-exists" in again.output
    assert json.loads(guiju(LIMIT, "--json").stdout)["about"]["number"] == LIMIT
    assert "report-format" in guiju(LIMIT, "--out", tmp_path / "d.xyz").output
    assert "folder-missing" in guiju(LIMIT, "--out", tmp_path / "none" / "d.json").output


HEAD = "study:\n  title: {zh: 示意, en: made up}\n  source: 示意\n"


@pytest.mark.parametrize(("text", "codes"), [
    (HEAD + "  property: nev.electricity.cltcc\n  unit: kWh/100km\n  declared: [{level: 1, s_R: 1}]\n", ["unknown-property"]),
    (HEAD + "  property: nev.electricity.cltc\n  unit: kg\n", ["dossier-study-unit", "dossier-study-empty"]),
    (HEAD + "  property: nev.electricity.cltc\n  unit: blah\n  relation: IV\n  results: 0\n  declared: [{level: 1, s_R: 1}]\n",
     ["dossier-study-unit", "dossier-number", "dossier-relation"]),
    (HEAD + "  property: nev.electricity.cltc\n  unit: kWh/100km\n  declared: [{level: 1, s_r: 2, s_R: 1}, {level: x, s_R: 1}]\n",
     ["dossier-declared", "dossier-number"]),
    (HEAD + "  property: nev.electricity.cltc\n  unit: kWh/100km\n  relation: III\n  declared: [{level: 1, s_R: 1}]\n", ["dossier-relation"]),
])  # fmt: skip
def test_every_mistake_in_a_study_file_is_told(tmp_path: Path, text: str, codes: list[str]) -> None:
    path = written(tmp_path, "s.yaml", text)
    assert sorted(refused(lambda: read_bound(path, shelf().dictionary))) == sorted(codes)


def test_a_header_in_another_unit_and_a_file_of_several_studies_are_refused(tmp_path: Path) -> None:
    path = shuffled_study(tmp_path)
    written(tmp_path, "rows.csv", (tmp_path / "rows.csv").read_text(encoding="utf-8").replace("(kWh/100km)", "(Wh/km)"))
    assert refused(lambda: read_bound(path, shelf().dictionary)) == ["dossier-header-unit"]
    lines = ["study,lab,level,value", *(f"{s},{lab},a,{lab + k / 10}" for s in "xy" for lab in range(1, 5) for k in (1, 2))]
    written(tmp_path, "rows.csv", "\n".join(lines))
    assert refused(lambda: read_bound(path, shelf().dictionary)) == ["dossier-study-many"]


def test_studies_that_are_not_asked_or_given_twice_are_told(tmp_path: Path) -> None:
    assert refused(lambda: made(LIMIT, studies=(STUDY, STUDY))) == ["dossier-study-twice"]
    _, said = verify_standard(shelf(), Given(LIMIT, (CHARGER,), seconds=120))
    assert [d.code for d in said] == ["dossier-study-unasked"]


def test_mappings_and_files_that_are_not_there_are_told() -> None:
    assert refused(lambda: verify_standard(shelf(), Given(LIMIT, records=(CARS[0],), mappings=(CARS[1], CARS[1])))) == ["dossier-mappings"]
    nowhere = Path("nowhere.csv")
    assert refused(lambda: verify_standard(shelf(), Given(LIMIT, (nowhere,), (nowhere,), criteria=nowhere))) == ["file-missing"] * 3


def test_a_population_too_large_to_count_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guiju.verify.dossier.products.DIFFERENT_MAX", 3)
    assert refused(lambda: made(LIMIT, records=CARS)) == ["dossier-population-large"]


@pytest.mark.parametrize(("old", "new", "code"), [
    ("aspect: scientific", "aspect: nice", "criteria-word"), ("evidence: labs", "evidence: labz", "criteria-word"),
    ("otherwise: change", "otherwise: perhaps", "criteria-word"), ("pass: {least: 8}", "pass: {least: 8, is: many}", "criteria-bound"),
    ("id: outliers", "id: defined", "criteria-twice"), ("guard: 1.65", "guard: none", "dossier-number"),
])  # fmt: skip
def test_every_mistake_in_the_criteria_is_told(tmp_path: Path, old: str, new: str, code: str) -> None:
    text = shipped_criteria().read_text(encoding="utf-8")
    path = written(tmp_path, "c.yaml", text.replace(old, new, 1))
    assert refused(lambda: read_criteria(path)) == [code]


def test_criteria_of_ones_own_are_what_is_concluded_by(tmp_path: Path) -> None:
    text = shipped_criteria().read_text(encoding="utf-8").replace("pass: {most: 0.05}\n      change: {most: 0.10}\n      title: {zh: \"限值", "pass: {most: 0.0001}\n      change: {most: 0.0002}\n      title: {zh: \"限值")
    strict = made(LIMIT, studies=(STUDY,), records=CARS, criteria=written(tmp_path, "c.yaml", text))
    assert strict.outcome("R1", "reasonable") == "fail" != cars().outcome("R1", "reasonable")


def test_a_bound_study_is_plain_enough_to_send_between_processes() -> None:
    import pickle

    again = pickle.loads(pickle.dumps(cars()))
    assert canonical(twin(again)) == canonical(twin(cars())) and isinstance(again.studies[0], Bound)
    assert replace(again, illustrative=False).illustrative is False


def test_real_cars_against_the_limit_are_counted_as_elsewhere(shared: Path, tmp_path: Path) -> None:
    """open_ev_data as at hand: 105 of 117 rows with all inputs pass (see tests/test_demonstrations.py); each moved limit is counted one by one."""
    import duckdb

    from guiju.records.importers import run, save

    connection = duckdb.connect()
    imported = run("open-ev", shared / "data" / "products" / "open_ev_data.parquet", connection, "open_ev")
    mapping = save(connection, imported, tmp_path / "open-ev.parquet")
    dossier = made(LIMIT, studies=(STUDY,), records=(tmp_path / "open-ev.parquet", mapping))
    assert value(dossier, "R1:pass_rate") == 105 / 117
    (curve,) = (p for p in dossier.plots if p.id == "R1:curve")
    assert list(curve.series[0].y) == sorted(curve.series[0].y)
    assert 0 < value(dossier, "R1:consumer") < 0.5 and value(dossier, "R1:covered") > 0.9
    assert dossier.outcome("R1", "applicable") in ("change", "not verified")


SCORED = """
guiju: 1
standard: {number: T/SCORED 1, edition: 2026, title: {zh: 示意, en: made up}, level: group, region: CN, status: draft, dates: {effective: 2026-01-01}}
sources: {ours: {title: made up, grade: illustrative, why: {zh: 测试, en: test}}}
subject: {type: vehicle.car, zh: 车, en: car}
inputs:
  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 1500}
  consumption: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 3, max: 60}
clauses:
  "4.1": {zh: 电耗, en: consumption, shall: "consumption <= 15 [kWh/100km]", source: ours}
indicators:
  "5.1": {zh: 里程等级, en: range level, name: range_level, kind: core, value: range, better: higher, levels: {1: 600 km, 2: 400 km}, source: ours}
  "5.2": {zh: 电耗等级, en: consumption level, name: consumption_level, kind: core, value: consumption, better: lower,
          levels: {1: "11 [kWh/100km]", 2: "13 [kWh/100km]"}, source: ours}
scores:
  total: {zh: 总分, en: total, weights: {range_level: 60, consumption_level: 40}, points: {1: 100, 2: 80, none: 0}, not_applicable: exclude, source: ours}
"""


def test_a_composite_score_hangs_on_its_weights_as_computed_by_hand(tmp_path: Path) -> None:
    """Two products: (range 500, 10.9) scores 0.6·80 + 0.4·100 = 88, (700, 14) scores 60. With a weight of 66 the second has 66/106 of 100: up by 3.8 %;
    a consumption just below a limit spreads the first score between 88 and 80: by half a step at most."""
    folder = tmp_path / "scored"
    folder.mkdir()
    written(folder, "standard.yaml", SCORED)
    products = written(tmp_path, "p.csv", "name,CLTC range (km),CLTC consumption (kWh/100km)\na,500,10.9\nb,700,14\n")
    mapping = written(tmp_path, "p.yaml", "guiju: 1\nkey: name\ninputs:\n  nev.range.cltc: {column: CLTC range (km), unit: km, is: nev.range.cltc}\n"
                      "  nev.electricity.cltc: {column: CLTC consumption (kWh/100km), unit: kWh/100km, is: nev.electricity.cltc}\n")  # fmt: skip
    dossier = made(str(folder / "standard.yaml"), studies=(STUDY,), records=(products, mapping))
    moves = [abs((60 * a * p + 40 * b * q) / (60 * a + 40 * b) / s - 1) for a, b in ((1.1, 1), (1, 1.1)) for p, q, s in ((80, 100, 88), (100, 0, 60))]
    assert value(dossier, "total:weights") == pytest.approx(max(moves))
    spread = value(dossier, "total:score_spread")
    bound = read_bound(STUDY, shelf().dictionary)
    from scipy.special import ndtr

    asked = parse_unit("kWh/100km")
    first, second = (float(ndtr((limit - x) / bound.u(x, asked))) for limit, x in ((11, 10.9), (13, 14.0)))
    expected = (8 * (first * (1 - first)) ** 0.5 / 88 + 32 * (second * (1 - second)) ** 0.5 / 60) / 2
    assert spread == pytest.approx(expected, abs=0.004)
    assert dossier.named("total:monotone:range").value == "proved" and value(dossier, f"{WHOLE}:absent") == 0
    assert {c.aspect for c in dossier.conclusions if c.subject == "total"} == {"scientific"}
    # Independent inputs of two values each: range level 80 or 100 of 60, consumption level 100 or 0 of 40: variances 12²/4 and 40²/4 of the whole.
    by_hand = {"range": 6.0**2, "consumption": 20.0**2}
    whole = sum(by_hand.values())
    assert value(dossier, "total:sensitivity") == pytest.approx(by_hand["consumption"] / whole, abs=0.01)
    (grid,) = (g for g in dossier.grids if g.id == "total:sensitivity")
    assert [row[0] for row in grid.rows] == ["consumption", "range"] and all("±" in cell and "%" in cell for row in grid.rows for cell in row[1:])
    alone = made(str(folder / "standard.yaml"))
    assert alone.named("total:sensitivity").lacking is not None


COMPUTED = """
guiju: 1
standard: {number: T/COMPUTED 1, edition: 2026, title: {zh: 示意, en: made up}, level: group, region: CN, status: draft, dates: {effective: 2026-01-01}}
sources: {ours: {title: made up, grade: illustrative, why: {zh: 测试, en: test}}}
subject: {type: vehicle.car, zh: 车, en: car}
inputs:
  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 1500}
  consumption: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 3, max: 60}
formulas:
  used: {zh: 用电, en: used, unit: kWh, formula: consumption * range, source: ours}
clauses:
  "1": {zh: 用电, en: used, shall: used <= 66 kWh, source: ours}
  "2": {zh: 电耗, en: consumption, shall: "consumption >= 12 [kWh/100km] and consumption <= 14 [kWh/100km]", source: ours}
"""


def declared(property_: str, unit: str, spread: float, level: float) -> str:
    return (f"study:\n  title: {{zh: 示意, en: made up}}\n  property: {property_}\n  unit: {unit}\n  source: made up\n  illustrative: true\n"
            f"  declared:\n    - {{level: {level}, s_r: {spread / 2}, s_R: {spread}, labs: 8, replicates: 2}}\n")  # fmt: skip


@pytest.mark.parametrize(("spreads", "outcome"), [((0.02, 1), "valid"), ((2.5, 120), "not valid")])
def test_the_law_of_propagation_is_validated_at_the_product_nearest_its_limit(tmp_path: Path, spreads: tuple[float, float], outcome: str) -> None:
    """used = consumption · range: linear enough where both are known well, skewed where they are not (JCGM 101, clause 8)."""
    (tmp_path / "computed").mkdir()
    standard = written(tmp_path / "computed", "standard.yaml", COMPUTED)
    studies = (written(tmp_path, "a.study.yaml", declared("nev.electricity.cltc", "kWh/100km", spreads[0], 13)),
               written(tmp_path, "b.study.yaml", declared("nev.range.cltc", "km", spreads[1], 500)))  # fmt: skip
    products = written(tmp_path, "p.csv", "name,CLTC range (km),CLTC consumption (kWh/100km)\na,500,13.0\nb,520,12.9\n")
    mapping = written(tmp_path, "p.yaml", "guiju: 1\nkey: name\ninputs:\n  nev.range.cltc: {column: CLTC range (km), unit: km, is: nev.range.cltc}\n"
                      "  nev.electricity.cltc: {column: CLTC consumption (kWh/100km), unit: kWh/100km, is: nev.electricity.cltc}\n")  # fmt: skip
    dossier = made(str(standard), studies=studies, records=(products, mapping))
    found = dossier.named("1:gum_valid")
    assert found.value == outcome and found.said is not None
    (grid,) = (g for g in dossier.grids if g.id == "1:validation")
    (row,) = grid.rows
    u = ((spreads[0] * 5.0) ** 2 + (spreads[1] * 0.13) ** 2) ** 0.5  # at a, 65 kWh, 1 below the limit; b is 67.08, 1.08 above
    assert row[0] == "a" and float(row[1]) == 65 and float(row[2]) == pytest.approx(u, rel=1e-3)
    delta = 0.5 * 10 ** (math.floor(math.log10(u)) - 1)
    assert float(row[7]) == pytest.approx(delta) and row[8] == ("✓" if outcome == "valid" else "✗")
    (finding,) = (f for c in dossier.conclusions if c.subject == "1" for f in c.findings if f.rule == "propagation-valid")
    assert finding.outcome == ("pass" if outcome == "valid" else "change")
    # Two limits of one number: C_m by the larger u; the precision is declared the same at both ends.
    assert value(dossier, "2.1-2.2:capability") == pytest.approx((14 - 12) / (4 * spreads[0]))
