"""A snapshot's file, its hash, and what the thresholds of a standard become with it and without it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from checking import MADE_UP, Texts, checked, evaluation_of, program_of
from guiju.base.diagnostics import Problems, Refused
from guiju.ir.check import check
from guiju.ir.grid import exactness
from guiju.ir.record import admit
from guiju.ir.snapshot import Range, Ranking, Snapshot, Threshold, load_snapshot, save_snapshot, snapshot_text
from guiju.readings.evaluate import Verdict, evaluate
from guiju.readings.explain import as_json, explain, text

TEXT = MADE_UP + """
inputs:
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}
  consumption: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 1, min: 3, max: 60}
  category: {is: vehicle.category, values: [M1, M2, N1]}
  burns: {is: vehicle.fuel, values: [none, petrol]}
populations:
  leaders: {zh: 排名, en: ranking, of: consumption, better: lower, within: [category, burns], where: mass <= 3000 kg, min_count: 5, ties: none,
    best: {top20: 20 %, first3: 3}, source: s}
clauses:
  "1": {zh: 领先, en: leading, shall: consumption <= leaders.top20, source: s}
  "2": {zh: 前三, en: first three, should: consumption <= leaders.first3, source: s}
"""
CAR = {"mass": 1500, "consumption": "13.9", "category": "M1", "burns": "none"}
BEST = {"top20": Threshold(2, 2, Fraction("13.92")), "first3": Threshold(3, 3, Fraction(1345, 97))}
RANGES = {
    ("M1", "none"): Range(10, 1, 0, BEST),
    ("M1", "petrol"): Range(4, 0, 2),
    ("N1", "none"): Range(6, 0, 0, {"top20": Threshold(1, 0, None), "first3": Threshold(3, 3, Fraction(14))}),
    ("N1", "petrol"): Range(5, 0, 0, {"top20": Threshold(0, 0, None), "first3": Threshold(3, 3, Fraction(14))}),
}


def snapshot(content: str | None = None, ranges: Mapping[tuple[str, ...], Range] = RANGES, **changes: object) -> Snapshot:
    content = program_of(TEXT).content_hash if content is None else content
    made = Snapshot("T/TEST 1", date(2026, 3, 1), content, "ab" * 32, 40, "guiju 0", {"leaders": Ranking("kWh/100km", ranges, 1, 2)})
    return replace(made, **changes)  # type: ignore[arg-type]


def verdict(made: Snapshot, on: date = date(2026, 3, 1), **given: str) -> tuple[Verdict, frozenset[str]]:
    program = program_of(TEXT, on=on, snapshots=[made])
    evaluation = evaluation_of(TEXT, CAR | given, on=on, snapshots=[made])
    return evaluation.verdict("1"), evaluation.why_unknown(program.clauses[0]).undefined


def test_a_threshold_is_that_of_the_records_own_range() -> None:
    assert verdict(snapshot())[0] is Verdict.PASS
    assert verdict(snapshot(), consumption="14.0")[0] is Verdict.FAIL


@pytest.mark.parametrize(("given", "reason"), [
    ({"burns": "petrol"}, "leaders: fewer than 5 members in this range"),
    ({"category": "M2"}, "leaders: this range is not in the snapshot"),
    ({"category": "N1"}, "leaders: more share the best value than may be in"),
    ({"category": "N1", "burns": "petrol"}, "leaders: too few members for anyone to be in"),
])  # fmt: skip
def test_where_a_snapshot_has_no_threshold_the_verdict_is_undetermined_and_says_why(given: dict[str, str], reason: str) -> None:
    assert verdict(snapshot(), **given) == (Verdict.UNDETERMINED, frozenset((reason,)))


def test_without_a_snapshot_every_threshold_is_undefined() -> None:
    evaluation = evaluation_of(TEXT, CAR)
    assert evaluation.verdict("1") is Verdict.UNDETERMINED
    assert "no snapshot of leaders" in text(explain(evaluation, "en"))
    assert "没有「leaders」的快照" in text(explain(evaluation, "zh"))


def test_the_latest_snapshot_that_is_not_of_a_later_date_counts() -> None:
    newer = replace(snapshot(ranges={("M1", "none"): Range(10, 0, 0, {"top20": Threshold(2, 2, Fraction(12))})}), on=date(2026, 6, 1))
    for on, expected in ((date(2026, 3, 1), Verdict.PASS), (date(2026, 5, 31), Verdict.PASS), (date(2026, 6, 1), Verdict.FAIL)):
        program = program_of(TEXT, on=on, snapshots=[newer, snapshot()])
        assert evaluation_of(TEXT, CAR, on=on, snapshots=[newer, snapshot()]).verdict("1") is expected
        assert [s.on for s in program.snapshots] == [date(2026, 6, 1) if expected is Verdict.FAIL else date(2026, 3, 1)]


@pytest.mark.parametrize(("made", "code"), [
    (lambda: snapshot("another text"), "snapshot-of-another-text"),
    (lambda: snapshot(on=date(2026, 9, 1)), "snapshot-later"),
    (lambda: snapshot(rankings={}), "snapshot-without-population"),
    (lambda: snapshot(rankings={"leaders": Ranking("Wh/km", RANGES)}), "snapshot-unit"),
    (lambda: snapshot(rankings={"leaders": Ranking("furlong", RANGES)}), "snapshot-unit"),
    (lambda: snapshot(ranges={("M1",): RANGES["M1", "none"]}), "snapshot-without-population"),
])  # fmt: skip
def test_a_snapshot_of_something_else_is_refused(made, code: str) -> None:
    found = checked(TEXT, on=date(2026, 3, 1), snapshots=[made()], run=False)
    assert [d.code for d in found.problems.found] == [code]


def test_a_snapshot_of_a_standard_as_written_is_not_one_of_it_as_corrected() -> None:
    wrong = TEXT.replace('shall: consumption <= leaders.top20, source: s}', 'shall: consumption <= leaders.top20, source: s,\n'
                         "    corrected: {shall: consumption >= leaders.top20, zh: 方向有误, en: the direction is wrong, source: s}}")  # fmt: skip
    content, on = program_of(wrong).content_hash, date(2026, 3, 1)
    for corrected, expected in ((False, Verdict.PASS), (True, Verdict.FAIL)):
        problems = Problems()
        standard = checked(wrong, run=False).standard
        assert standard is not None
        program = check(standard, on, Texts({}), problems, corrected, snapshots=[snapshot(content, corrected=corrected)])
        assert not problems.has_errors and program.otherwise is not None and not program.otherwise.snapshots
        assert evaluate(program, admit(program.inputs, CAR, problems)).verdict("1") is expected
        check(standard, on, Texts({}), problems, not corrected, snapshots=[snapshot(content, corrected=corrected)])
        assert [d.code for d in problems.found] == ["snapshot-of-another-reading"]


def test_a_snapshot_of_another_standard_changes_nothing() -> None:
    assert not program_of(TEXT, on=date(2026, 3, 1), snapshots=[snapshot(number="T/TEST 2")]).snapshots


def test_a_used_standards_own_ranking_is_taken_from_its_own_snapshot() -> None:
    using = TEXT.replace("T/TEST 1", "T/TEST 3").split("populations:")[0].replace("\ninputs:", "\nuses: {first: T/TEST 1}\ninputs:")
    using += 'clauses: {"1": {zh: 甲, en: a, shall: "first.pass(\'1\')", source: s}}\n'
    library = Texts({"T/TEST 1": TEXT})
    for snapshots, expected in (([snapshot()], Verdict.PASS), ([], Verdict.UNDETERMINED)):
        program = program_of(using, on=date(2026, 3, 1), library=library, snapshots=snapshots)
        assert list(program.snapshots) == snapshots
        assert evaluation_of(using, CAR, on=date(2026, 3, 1), library=library, snapshots=snapshots).verdict("1") is expected


def test_an_explanation_cites_the_snapshot_with_its_members_and_data() -> None:
    made = snapshot()
    explained = explain(evaluation_of(TEXT, CAR, on=date(2026, 3, 1), snapshots=[made]), "en")
    assert f"snapshot sha256 {made.hash} (T/TEST 1, 2026-03-01; members: leaders 25; data abababababab, 40 rows)" in text(explained)
    assert "members of M1, none 10, places 2, in 2; snapshot" in text(explained)
    (cited,) = as_json(explained)["snapshots"]  # type: ignore[misc]
    assert cited["hash"] == made.hash and cited["data"] == made.data and cited["members"] == {"leaders": 25}


def test_many_ranges_with_thresholds_that_are_ratios_are_compared_without_a_recheck() -> None:
    """The common grid of such thresholds is too fine for any proof; each of them by itself is not."""
    ranges = {(c, b): Range(9, 0, 0, {"top20": Threshold(1, 1, Fraction(13_450 + n, 967 + n))}) for n, (c, b) in enumerate(RANGES)}
    ratio = TEXT.replace("of: consumption,", "of: 'consumption / (0.0048 * (mass as kg) + 8.6)',").replace(
        "shall: consumption <= leaders.top20", 'shall: "consumption / (0.0048 * (mass as kg) + 8.6) <= leaders.top20"'
    ).replace("should: consumption <= leaders.first3", 'should: "consumption / (0.0048 * (mass as kg) + 8.6) <= leaders.first3"')  # fmt: skip
    program = program_of(ratio, on=date(2026, 3, 1), snapshots=[snapshot(program_of(ratio).content_hash, ranges)])
    assert not program.exactness.unproved
    assert exactness(program.order, program.inputs).shifts


# the file


def test_a_file_gives_back_what_was_written_and_the_hash_is_not_of_the_moment(tmp_path: Path) -> None:
    made, problems = snapshot(), Problems()
    assert save_snapshot(made, tmp_path / "a.json")
    assert load_snapshot(tmp_path / "a.json", problems) == made
    whole = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert whole["hash"] == made.hash
    thresholds = [t["threshold"] for r in whole["content"]["populations"]["leaders"]["ranges"] for t in r["best"].values()]
    assert set(thresholds) == {"13.92", "1345/97", "14", None}
    later = json.loads(snapshot_text(made, datetime(2030, 1, 1, tzinfo=UTC)))
    assert later["hash"] == made.hash and later["created"] != whole["created"]


def test_a_file_is_never_written_over_by_another_snapshot(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert save_snapshot(snapshot(), path)
    before = path.read_bytes()
    assert not save_snapshot(snapshot(), path)
    with pytest.raises(Refused) as refused:
        save_snapshot(snapshot(rows=41), path)
    assert [d.code for d in refused.value.diagnostics] == ["file-exists"]
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["a.json"]
    with pytest.raises(Refused):
        save_snapshot(snapshot(), tmp_path / "nowhere" / "a.json")


@pytest.mark.parametrize(("old", "new", "code"), [
    ('"13.92"', '"13.93"', "snapshot-altered"),
    ('"n": 10', '"n": 11', "snapshot-altered"),
    ('"2026-03-01"', '"2026-02-01"', "snapshot-altered"),
    ('"format": "guiju-snapshot-1"', '"format": "guiju-snapshot-9"', "snapshot-format"),
    ('"hash"', '"hush"', "snapshot-malformed"),
    ("{", "", "snapshot-malformed"),
])  # fmt: skip
def test_a_file_that_was_altered_is_told(old: str, new: str, code: str, tmp_path: Path) -> None:
    path, problems = tmp_path / "a.json", Problems()
    save_snapshot(snapshot(), path)
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert load_snapshot(path, problems) is None
    assert [d.code for d in problems.found] == [code]


@pytest.mark.parametrize("content", [
    {}, [], None, 3, {"on": 5}, {"standard": "x", "on": "2026-13-01"},
    {"standard": "x", "on": "2026-01-01", "content_hash": "", "data": "", "rows": 1, "engine": "", "populations": {"a": {"unit": "kg", "ranges": [{}]}}},
])  # fmt: skip
def test_content_that_is_no_snapshot_is_malformed_even_under_its_own_hash(content: object, tmp_path: Path) -> None:
    from hashlib import sha256

    from guiju.ir.snapshot import FORMAT, canonical

    problems = Problems()
    whole = {"format": FORMAT, "hash": sha256(canonical(content)).hexdigest(), "created": "", "content": content}
    (tmp_path / "a.json").write_text(json.dumps(whole), "utf-8")
    assert load_snapshot(tmp_path / "a.json", problems) is None
    assert [d.code for d in problems.found] == ["snapshot-malformed"]


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    problems = Problems()
    assert load_snapshot(tmp_path / "none.json", problems) is None
    assert [d.code for d in problems.found] == ["file-unreadable"]
