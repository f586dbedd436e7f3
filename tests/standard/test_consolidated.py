"""Profiles and amendments: what is merged, where each entry comes from, and what becomes of the base's examples."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from checking import Texts, checked, program_of, shelf
from guiju.readings.examples import examine
from guiju.standard.model import Standard
from guiju.standard.shelf import Shelf
from profiles import BASE, BASE_EXAMPLES, HEAD, PROFILE, put

AMENDED = BASE + """
layers:
  - from: 2027-01-01
    number: XG1
    title: {zh: 第1号修改单, en: amendment 1}
    source: s1
    replace: {parameters: {least: {unit: km, value: 250, source: s1}}}
    add: {clauses: {"4.3": {zh: 不重, en: not heavy, shall: mass <= 1900 kg, source: s1}}}
  - from: 2028-01-01
    number: XG2
    title: {zh: 第2号修改单, en: amendment 2}
    source: s1
    remove: {clauses: ["4.2"]}
"""


def read(text: str, library: Texts, on: date | None = None) -> Standard:
    found = checked(text, on=on, library=library, run=False)
    assert found.standard is not None and not found.errors, found.errors
    return found.standard


def test_a_profile_is_its_base_with_what_it_changes_and_every_entry_knows_its_origin() -> None:
    standard = read(PROFILE, Texts({"T/BASE 1-2026": BASE}, shelf()))
    assert list(standard.clauses) == ["4.1", "4.2"]
    assert str(standard.parameters["least"].values[0].value.span) == "standard.yaml:9:30"
    assert standard.clauses["4.1"].span.file == "T/BASE 1-2026.yaml"
    assert standard.subject[0] == "vehicle.car" and set(standard.sources) == {"s1", "p1"}
    assert {name: o.number for name, o in standard.origins.items()} == {
        "least": "DB/LOCAL 1-2026", "source p1": "DB/LOCAL 1-2026", "source s1": "T/BASE 1-2026", "range": "T/BASE 1-2026", "mass": "T/BASE 1-2026",
        "[4.1]": "T/BASE 1-2026", "[4.2]": "T/BASE 1-2026"}  # fmt: skip


def test_a_profile_without_changes_means_what_its_base_means() -> None:
    nothing = PROFILE[: PROFILE.index("replace:")]
    made, base = program_of(nothing, library=Texts({"T/BASE 1-2026": BASE}, shelf())), program_of(BASE)
    assert {name: node.index for name, node in made.roots.items()} == {name: node.index for name, node in base.roots.items()}
    assert [(n.op, n.value, [a.index for a in n.args]) for n in made.order] == [(n.op, n.value, [a.index for a in n.args]) for n in base.order]


@pytest.mark.parametrize(("on", "clauses", "least"), [
    (None, ["4.1", "4.2"], 200), (date(2026, 12, 31), ["4.1", "4.2"], 200), (date(2027, 1, 1), ["4.1", "4.2", "4.3"], 250),
    (date(2028, 1, 1), ["4.1", "4.3"], 250),
])  # fmt: skip
def test_an_amendment_is_in_force_from_its_day_on(on: date | None, clauses: list[str], least: int) -> None:
    program = program_of(AMENDED, on=on)
    assert list(program.standard.clauses) == clauses
    assert program.values["least"].value == least
    assert [layer.number for layer in program.standard.layers] == ["XG1", "XG2"]


def test_an_amendment_is_an_origin_of_its_own() -> None:
    origins = read(AMENDED, Texts({}, shelf()), date(2027, 6, 1)).origins
    assert origins["least"].text("zh") == "T/BASE 1-2026 XG1（2027-01-01 起）"
    assert origins["[4.3]"].layer == "XG1" and origins["[4.1]"].layer is None


def test_a_profile_follows_the_amendments_of_its_base_and_a_profile_of_a_profile_both() -> None:
    texts = {"T/BASE 1-2026": AMENDED, "DB/LOCAL 1-2026": PROFILE}
    third = HEAD.format(number="Q/X 1-2026") + 'based_on: DB/LOCAL 1-2026\nsources: {q1: {title: q, grade: illustrative, why: {zh: 测, en: t}}}\n'
    third += 'replace: {clauses: {"4.2": {zh: 轻, en: light, shall: mass <= 1000 kg, source: q1}}}\n'
    standard = read(third, Texts(texts, shelf()), date(2027, 6, 1))
    assert {no: standard.origins[f"[{no}]"].number for no in standard.clauses} == {"4.1": "T/BASE 1-2026", "4.2": "Q/X 1-2026", "4.3": "T/BASE 1-2026"}
    assert standard.origins["least"].number == "DB/LOCAL 1-2026"
    found = checked(third, library=Texts(texts, shelf()), run=False)
    assert [d.code for d in found.problems.found] == ["entry-absent"], "from 2028 on the base has no clause 4.2 to be replaced"


def test_a_standard_that_uses_another_uses_it_as_amended_on_the_date() -> None:
    user = HEAD.format(number="T/USER 1") + """
sources: {s: {title: s, grade: illustrative, why: {zh: 测, en: t}}}
subject: {type: vehicle.car, zh: 车, en: car}
uses: {base: T/BASE 1-2026}
inputs: {range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}}
clauses: {"1": {zh: 甲, en: a, shall: range >= base.least, source: s}}
"""
    library = Texts({"T/BASE 1-2026": AMENDED}, shelf())
    limits = {on: {str(n.value) for n in program_of(user, on=on, library=library).order if n.op.value == "const"} for on in (None, date(2027, 1, 1))}
    assert "200" in limits[None] and "250" in limits[date(2027, 1, 1)]


def test_checking_a_profile_lists_what_it_changes_of_the_examples_of_its_base(tmp_path: Path) -> None:
    put(tmp_path, "T-BASE-1-2026", BASE, BASE_EXAMPLES)
    folder = put(tmp_path, "DB-LOCAL-1-2026", PROFILE)
    _, program, problems = examine(Shelf(folders=(tmp_path / "standards",)), folder)
    assert program is not None
    said = [d for d in problems.found if d.code == "inherited-example-changed"]
    assert [(d.facts["what"], d.facts["expected"], d.facts["found"], d.facts["by"]) for d in said] == [
        ("4.1", "pass", "fail", "least"), ("overall", "pass", "fail", "least"), ("least", "200", "300 km", "least"),
    ]  # fmt: skip
    assert {str(d.span).rpartition("standard.yaml:")[2] for d in said} == {"9:5"}
    assert [d.code for d in problems.found if d not in said] == ["examples-incomplete", "lock-missing"], "no inherited example is at the new limit"


def test_inherited_examples_that_still_hold_count_and_the_profiles_own_are_run(tmp_path: Path) -> None:
    put(tmp_path, "T-BASE-1-2026", BASE, BASE_EXAMPLES)
    own = 'examples: [{name: at the new limit, given: {range: 300, mass: 1500}, expect: {"4.1": pass}}, {name: b, given: {range: 299}, expect: {"4.1": pass}}]'
    folder = put(tmp_path, "DB-LOCAL-1-2026", PROFILE, own)
    _, _, problems = examine(Shelf(folders=(tmp_path / "standards",)), folder)
    changes = ("inherited-example-changed", "lock-missing")
    assert [(d.code, d.facts["name_en"]) for d in problems.found if d.code not in changes] == [("example-fails", "b")]


def test_what_an_amendment_changes_of_the_standards_own_examples_is_listed(tmp_path: Path) -> None:
    after = '  - {name: amended, on: 2027-01-01, given: {range: 240, mass: 1950}, expect: {"4.1": fail, "4.3": fail}}\n'
    folder = put(tmp_path, "T-BASE-1-2026", AMENDED, BASE_EXAMPLES + after)
    _, _, problems = examine(Shelf(folders=(tmp_path / "standards",)), folder)
    (gone,) = [d for d in problems.found if d.code == "inherited-expectations-gone"]
    assert (gone.facts["count"], gone.facts["names"]) == ("1", "4.2")
    assert {(d.facts["name_en"], d.facts["what"], d.facts["found"], d.facts["by"]) for d in problems.found if d is not gone} == {
        ("at the limit", "4.1", "fail", "least"), ("at the limit", "overall", "fail", "least"), ("at the limit", "least", "250 km", "least"),
    }  # fmt: skip


def test_the_content_hash_of_a_profile_changes_with_its_base(tmp_path: Path) -> None:
    base = put(tmp_path, "T-BASE-1-2026", BASE)
    folder = put(tmp_path, "DB-LOCAL-1-2026", PROFILE)

    def hashes() -> list[str]:
        opened = Shelf(folders=(tmp_path / "standards",))
        return [s.content_hash for path in (base, folder) if (s := opened.open(path).standard)]

    before = hashes()
    (base / "standard.yaml").write_text("# a remark\n" + BASE, "utf-8")
    assert hashes() == before
    (base / "standard.yaml").write_text(BASE.replace("2000 kg", "2001 kg"), "utf-8")
    assert all(a != b for a, b in zip(before, hashes(), strict=True))


def test_a_profile_of_a_standard_with_scenarios_lists_what_changes_in_which(tmp_path: Path) -> None:
    base = HEAD.format(number="T/BASE 1-2026") + """
sources: {s1: {title: made up, grade: illustrative, why: {zh: 测试, en: test}}}
subject: {type: vehicle.car, zh: 车, en: car}
scenarios: {is: vehicle.category, of: [M1, N1]}
inputs: {speed: {is: vehicle.speed.max, unit: km/h, decimals: 0, min: 0, max: 300, per: scenario}}
clauses: {"1": {zh: 甲, en: a, shall: speed <= 90 km/h, source: s1}}
"""
    profile = PROFILE[: PROFILE.index("replace:")] + 'replace: {clauses: {"1": {zh: 乙, en: b, shall: speed <= 80 km/h, source: p1}}}\n'
    put(tmp_path, "T-BASE-1-2026", base, 'examples: [{name: a, given: {speed: {M1: 85, N1: 70}}, expect: {"1": pass, "1@M1": pass, "1@N1": pass}}]\n')
    _, program, problems = examine(Shelf(folders=(tmp_path / "standards",)), put(tmp_path, "DB-LOCAL-1-2026", profile))
    assert program is not None and program.standard.origins["[1]"].number == "DB/LOCAL 1-2026"
    said = [d.facts for d in problems.found if d.code == "inherited-example-changed"]
    assert [(f["what"], f["found"], f["by"]) for f in said] == [("1", "fail", "1"), ("1@M1", "fail", "1")]


def test_the_scenarios_of_a_base_are_inherited_and_replaced_as_one_thing() -> None:
    base = BASE.replace("inputs:", "scenarios: {is: vehicle.category, of: [M1, N1]}\ninputs:").replace("max: 2000}", "max: 2000, per: scenario}")
    library = Texts({"T/BASE 1-2026": base}, shelf())
    other = PROFILE + "  scenarios: {is: vehicle.category, of: [M2]}\n"
    assert [sorted(n for n in program_of(text, library=library).inputs if "@" in n) for text in (PROFILE, other)] == [["range@M1", "range@N1"], ["range@M2"]]
    assert "entry-exists" in checked(PROFILE + "add: {scenarios: {is: vehicle.category}}\n", library=library).codes


def test_a_profile_without_dates_is_read_when_its_own_sources_were() -> None:
    """Not when those of its base were: an amendment of the base may have come into force between the two."""
    base = AMENDED.replace("dates: {effective: 2026-01-01}", "dates: {}").replace("grade: illustrative,", "grade: illustrative, read: 2028-06-01,")
    profile = PROFILE.replace("dates: {effective: 2026-01-01}", "dates: {}").replace("grade: illustrative,", "grade: illustrative, read: 2026-06-01,")
    assert base != AMENDED and profile != PROFILE
    found = checked(profile, library=Texts({"T/BASE 1-2026": base}, shelf()), run=False)
    assert found.program is not None and found.program.on == date(2026, 6, 1) and not found.errors
