"""The map of a system of standards and the joint list: everything in one cell, what is lacking, due, expiring; the status in each region."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from guiju.align.joint import Status, joint
from guiju.align.system import System, load_system, numbered_year, parse_when, system_files
from guiju.align.systemmap import OTHER, SystemMap, is_over, system_map
from guiju.align.systemmap_pages import cell_text, joint_json, joint_report, map_json, map_report
from guiju.app import PARTS
from guiju.base.diagnostics import Language, Refused
from guiju.cli.main import build
from guiju.report.tree import Report
from guiju.report.written import content
from guiju.standard.form import LEVELS
from guiju.standard.regions import Regions
from guiju.standard.shelf import Shelf

ON = date(2026, 11, 22)
HEAD = """guiju: 1
system: {id: t, zh: 测试, en: test}
sources:
  s: {title: made up, grade: illustrative}
segments:
  cars: {zh: 车, en: cars, subjects: [vehicle]}
  roads: {zh: 路, en: roads}
aspects:
  requirements: {zh: 要求, en: requirements}
  test: {zh: 试验, en: test}
review: {months: 60, levels: [national, local], source: s}
"""


@pytest.fixture(scope="module")
def nev(regions: Regions) -> System:
    return load_system(system_files()[0], regions)


@pytest.fixture(scope="module")
def made(nev: System, shelf: Shelf, regions: Regions) -> SystemMap:
    return system_map(nev, shelf, regions, on=ON, horizon=24)


def document(report: Report, form: str = "markdown") -> str:
    return content(report, form).decode("utf-8")


def system(tmp_path: Path, text: str, regions: Regions) -> System:
    path = tmp_path / "system.yaml"
    path.write_text(HEAD + text, "utf-8")
    return load_system(path, regions)


def entry(number: str, **more: str) -> str:
    keys = {"zh": "标准", "en": "standard", "level": "local", "region": "CN-31", "segment": "roads", "aspect": "test", "seen": "title", "source": "s", **more}
    return f"  - {{number: {number}, " + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}\n"


def issued(shelf: Shelf) -> list[str]:
    """Numbers of the shelf that are no illustrative drafts of our own."""
    held = [s for number in shelf.numbers() if (s := shelf.find(number))]
    return [s.number for s in held if s.status != "draft" or all(each.grade != "illustrative" for each in s.sources.values())]


# The map.


def test_an_illustrative_draft_of_the_shelf_is_no_part_of_a_system(made: SystemMap, shelf: Shelf) -> None:
    left = set(shelf.numbers()) - set(issued(shelf))
    assert "T/GUIJU 701-2026" in left and not left & {e.number for e in made.entries}


def test_every_standard_of_shelf_and_catalogue_is_in_exactly_one_cell(made: SystemMap, nev: System, shelf: Shelf) -> None:
    found = [e.number for e in made.entries]
    assert sorted(found) == sorted([*issued(shelf), *(e.number for e in nev.catalogue)]) and len(set(found)) == len(found)
    assert set(made.cells) == {(segment, aspect) for segment in made.segments for aspect in nev.aspects}
    assert all((e.segment, e.aspect) == key for key, cell in made.cells.items() for e in cell.entries)


def test_the_counts_of_the_matrix_add_up(made: SystemMap) -> None:
    assert sum(len(cell.at(level)) for cell in made.cells.values() for level in LEVELS) == len(made.entries)
    shown = [cell_text(made, cell, "en").split("!")[0] for cell in made.cells.values()]
    assert sum(int("".join(c for c in word if c.isdigit())) for text in shown for word in text.split()) == len(made.entries)


def test_every_standard_on_the_shipped_shelf_has_a_segment_of_the_frame(made: SystemMap) -> None:
    assert OTHER not in made.segments


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_document_names_every_standard_and_every_cell(made: SystemMap, language: Language) -> None:
    text = re.sub(r"\\(?=[^\sA-Za-z0-9])", "", document(map_report(made, language)))
    assert [e.number for e in made.entries if f"{e.number} {e.title.text(language)}" not in text] == []
    assert document(map_report(made, language), "html").count("<th scope=\"row\"") > len(made.entries)


def test_a_standard_without_a_segment_goes_to_one_of_its_own(tmp_path: Path, shelf: Shelf, regions: Regions) -> None:
    found = system_map(system(tmp_path, "", regions), shelf, regions, on=ON, horizon=0)
    assert OTHER in found.segments and sorted(e.number for e in found.entries) == sorted(issued(shelf))
    assert {e.number for e in found.entries if e.segment == OTHER} == {n for n in issued(shelf) if (s := shelf.find(n)) and s.subject[0] != "vehicle.car"}


def test_what_is_wanted_is_lacking_until_something_that_is_no_draft_fills_it(tmp_path: Path, shelf: Shelf, regions: Regions) -> None:
    wanted = "wanted:\n  - {segment: roads, aspect: test, levels: [local, national], zh: 要, en: wanted, source: s}\ncatalogue:\n"

    def lacking(*entries: str) -> list[tuple[str, int, int]]:
        found = system_map(system(tmp_path, wanted + "".join(entries), regions), shelf, regions, on=ON, horizon=0)
        return [(m.level, len(m.drafts), len(m.elsewhere)) for m in found.missing]

    assert lacking(entry("A", segment="cars")) == [("local", 0, 0), ("national", 0, 0)]
    assert lacking(entry("A", status="draft")) == [("local", 1, 0), ("national", 0, 0)]
    assert lacking(entry("A")) == [("national", 0, 1)]
    assert lacking(entry("A"), entry("B", level="national", region="CN")) == []
    assert lacking(entry("A", withdrawn="2020-01-01")) == [("local", 0, 0), ("national", 0, 0)]


@pytest.mark.parametrize(
    ("dates", "due"),
    [
        ({"effective": "2020-01-01"}, ("2025-01-01", True)),
        ({"effective": "2021-11-22"}, ("2026-11-22", True)),
        ({"effective": "2021-11-23"}, ("2026-11-23", False)),
        ({"issued": "2020-06"}, ("2025-06-30", True)),
        ({"issued": "2022"}, ("2027-12-31", False)),
        ({"issued": "2019", "effective": "2022-05-01"}, ("2027-05-01", False)),
        ({"effective": "2024-11-23"}, None),
        ({"effective": "2020-01-01", "level": "group"}, None),
        ({"effective": "2020-01-01", "status": "draft"}, None),
        ({"effective": "2020-01-01", "withdrawn": "2024-01-01"}, None),
    ],
)
def test_a_review_is_due_so_many_months_after_the_day_of_force(
    tmp_path: Path, shelf: Shelf, regions: Regions, dates: dict[str, str], due: tuple[str, bool] | None
) -> None:
    found = system_map(system(tmp_path, "catalogue:\n" + entry("A", **dates), regions), shelf, regions, on=ON, horizon=24)
    assert [(str(d.day), d.past) for d in found.due if d.entry.number == "A"] == ([due] if due else [])


def test_a_standard_of_no_known_date_is_told_to_be_undated(tmp_path: Path, shelf: Shelf, regions: Regions) -> None:
    found = system_map(system(tmp_path, "catalogue:\n" + entry("A"), regions), shelf, regions, on=ON, horizon=24)
    assert "A" in [e.number for e in found.undated] and "A" in document(map_report(found, "en")).split("No date is known of")[1].split("\n")[0]


def test_what_another_replaces_is_over_from_its_day_and_expires_until_then(tmp_path: Path, shelf: Shelf, regions: Regions) -> None:
    text = "catalogue:\n" + entry("A") + entry("B", replaces="A", effective="2027-03-01")
    before, after = (system_map(system(tmp_path, text, regions), shelf, regions, on=on, horizon=12) for on in (ON, date(2027, 3, 1)))
    assert [(e.entry.number, e.day.text) for e in before.expiring if e.entry.number == "A"] == [("A", "2027-03-01")]
    assert [is_over(e, after.on) for e in after.entries if e.number in ("A", "B")] == [True, False]


def test_the_shipped_map_shows_what_the_facts_say(made: SystemMap) -> None:
    by_number = {e.number: e for e in made.entries}
    assert is_over(by_number["GB 18384-2020"], ON) and is_over(by_number["GB/T 36980-2018"], ON) and not is_over(by_number["GB 18384-2025"], ON)
    assert is_over(by_number["T/CSAE 53-2017"], ON) and not is_over(by_number["T/CSAE 53-2020"], ON)
    assert ("GB 36980.1-2025", "2028-01-01") in [(e.entry.number, e.day.text) for e in made.expiring]
    assert {d.entry.number: d.past for d in made.due}["GB/T 28382-2012"] is True
    assert made.cited["YD/T 3709-2020"] == ("T/CSAE 158-2020",) and "GB/T 18386.1-2021" not in made.cited
    assert not {e.number for e in made.unseen} & {e.number for e in made.entries if e.on_shelf}


def test_nothing_is_said_of_an_owner_that_was_not_seen(made: SystemMap) -> None:
    assert {e.number for e in made.orphaned} == {e.number for e in made.entries if e.owner is None and not is_over(e, ON)}
    assert by_owner(made, "SAC/TC 114") >= {"GB/T 20234.1-2023", "GB/T 33598-2017"}


def by_owner(made: SystemMap, word: str) -> set[str]:
    return {e.number for e in made.entries if e.owner and word in e.owner.en}


@pytest.mark.parametrize(("text", "first", "last"), [("2025", "2025-01-01", "2025-12-31"), ("2024-02", "2024-02-01", "2024-02-29"),
                                                     ("2025-06-01", "2025-06-01", "2025-06-01")])  # fmt: skip
def test_a_date_may_be_a_year_or_a_month(text: str, first: str, last: str) -> None:
    found = parse_when(text)
    assert found and (str(found.first), str(found.last)) == (first, last)


def test_what_is_no_date_is_none_and_the_year_of_issue_is_that_of_the_number() -> None:
    assert [parse_when(text) for text in ("25", "2025-13", "soon", "2025-02-30", "")] == [None] * 5
    year = numbered_year("YD/T 3737-2020")
    assert year and year.text == "2020" and numbered_year("GB/T 40032") is None and numbered_year("STD-SH-2022-001") is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (entry("A", segment="sea"), ["unknown-segment"]),
        (entry("A", aspect="taste"), ["unknown-aspect"]),
        (entry("A", region="CN-99"), ["unknown-region"]),
        (entry("A", level="galactic"), ["unknown-word"]),
        (entry("A", seen="dreamt"), ["unknown-word"]),
        (entry("A", status="fine"), ["unknown-word"]),
        (entry("A", source="t"), ["unknown-source"]),
        (entry("A", issued="soon"), ["not-a-date"]),
        (entry("A", issued="2025", effective="2024-05-01"), ["dates-not-rising"]),
        (entry("A", effective="2025-01-01", withdrawn="2024"), ["dates-not-rising"]),
        (entry("A") + entry("A"), ["duplicate-entry"]),
        (entry("A", segment="sea", region="CN-99", issued="soon"), ["not-a-date", "unknown-region", "unknown-segment"]),
        ("  - {number: A}\n", ["missing-key"]),
        ("  - A\n", ["kind-mismatch"]),
        (entry("A", colour="red"), ["unknown-key"]),
    ],
)
def test_a_malformed_system_is_refused_with_every_problem_and_its_place(tmp_path: Path, regions: Regions, text: str, codes: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        system(tmp_path, "catalogue:\n" + text, regions)
    assert sorted({d.code for d in refused.value.diagnostics}) == codes
    assert all(d.span is not None and d.span.line > 11 for d in refused.value.diagnostics)


@pytest.mark.parametrize(("line", "code"), [("review: {months: five, levels: [national], source: s}", "not-a-number"),
                                            ("review: {months: 0, levels: [national], source: s}", "not-a-number"),
                                            ("review: {months: 60, levels: [nation], source: s}", "unknown-word"),
                                            ("review: {months: 60, levels: [national], source: t}", "unknown-source")])  # fmt: skip
def test_a_malformed_period_of_review_is_refused(tmp_path: Path, regions: Regions, line: str, code: str) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("\n".join([*(row for row in HEAD.splitlines() if not row.startswith("review")), line]), "utf-8")
    with pytest.raises(Refused) as refused:
        load_system(path, regions)
    assert [d.code for d in refused.value.diagnostics] == [code]


def test_a_source_without_an_address_says_why_or_is_our_own(tmp_path: Path, regions: Regions) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(HEAD.replace("grade: illustrative", "grade: B"), "utf-8")
    with pytest.raises(Refused) as refused:
        load_system(path, regions)
    assert [d.code for d in refused.value.diagnostics] == ["missing-key"]


def test_what_is_on_the_shelf_has_no_place_in_the_catalogue(tmp_path: Path, shelf: Shelf, regions: Regions) -> None:
    loaded = system(tmp_path, "catalogue:\n" + entry("GB 38031-2025"), regions)
    with pytest.raises(Refused) as refused:
        system_map(loaded, shelf, regions, on=ON, horizon=0)
    assert [d.code for d in refused.value.diagnostics] == ["entry-on-the-shelf"]


# The joint list.


@pytest.mark.parametrize("words", [("CN-31", "CN-32", "CN-320500", "CN-33", "CN-330400", "CN-34"), ("北京", "Tianjin", "CN-13"), ("EU", "CN")])
def test_a_standard_applies_where_it_is_issued_for_the_region_or_its_whole_and_nowhere_else(
    made: SystemMap, regions: Regions, words: tuple[str, ...]
) -> None:
    found = joint(made, regions, words)
    assert found.rows and len({row.entry.number for row in found.rows}) == len(found.rows)
    for row in found.rows:
        for region, held in zip(found.regions, row.held, strict=True):
            assert (held.status in (Status.APPLIES, Status.JOINT)) == regions.applies(row.entry.region, region.code)
            assert (held.status is Status.OWN) <= bool(held.own) and held.why.zh and held.why.en
    told = {row.entry.number for row in found.rows}
    assert told == {e.number for e in made.entries if not is_over(e, ON) and e.status != "draft" and e.level != "enterprise"
                    and any(regions.applies(e.region, r.code) for r in found.regions)}  # fmt: skip


def statuses(made: SystemMap, regions: Regions, number: str, *words: str) -> list[Status]:
    (row,) = [row for row in joint(made, regions, words).rows if row.entry.number == number]
    return [held.status for held in row.held]


def test_each_status_has_its_reason(made: SystemMap, regions: Regions) -> None:
    assert statuses(made, regions, "DB11/T 3043-2024", "CN-11", "CN-13", "CN-33") == [Status.JOINT, Status.JOINT, Status.OWN]
    assert statuses(made, regions, "DB3205/T 1089-2023", "CN-320500", "CN-32", "CN-31", "CN-34") == [Status.APPLIES, Status.PART, Status.OWN, Status.NONE]
    assert statuses(made, regions, "GB/T 19056-2021", "CN-31", "CN-330400") == [Status.APPLIES] * 2
    assert statuses(made, regions, "DB31/T 1607-2025", "CN-31", "CN-320500", "CN-34") == [Status.APPLIES, Status.OWN, Status.NONE]


def test_parties_to_an_agreement_are_the_regions_it_names_and_those_within(made: SystemMap, regions: Regions) -> None:
    ((agreement, parties),) = joint(made, regions, ("CN-31", "CN-320500", "CN-42")).agreements
    assert agreement.signed and agreement.signed.text == "2019-09" and parties == (True, True, False)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_joint_document_has_every_row_and_its_reasons(made: SystemMap, regions: Regions, language: Language) -> None:
    found = joint(made, regions)
    text = document(joint_report(found, language))
    assert [row.entry.number for row in found.rows if row.entry.number not in text] == []
    assert all(held.why.text(language) in text for row in found.rows if not row.everywhere for held in row.held)
    assert document(joint_report(found, language), "html").startswith("<!doctype html>")


def test_the_joint_list_is_empty_where_nothing_is_known(made: SystemMap, regions: Regions) -> None:
    found = joint(replace(made, cells={}), regions, ("CN-31",))
    assert found.rows == () and "None." in document(joint_report(found, "en"))


# The commands.


def run(*words: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(build(PARTS), ["--lang", "en", "align", *words])
    return ran.exit_code, ran.stdout, ran.stderr


def test_the_commands_print_tables_json_and_documents(tmp_path: Path, made: SystemMap, regions: Regions) -> None:
    code, printed, _ = run("map", "--on", "2026-11-22", "--out", str(tmp_path / "m.md"))
    assert code == 0 and "review due" in printed and (tmp_path / "m.md").read_text("utf-8") == document(map_report(made, "en"))
    assert json.loads(run("map", "--on", "2026-11-22", "--json")[1]) == json.loads(json.dumps(map_json(made, "en")))
    code, printed, _ = run("joint", "--region", "Shanghai", "--region", "苏州", "--on", "2026-11-22", "--out", str(tmp_path / "j.html"))
    assert code == 0 and "Suzhou" in printed and (tmp_path / "j.html").is_file()
    told = json.loads(run("joint", "--region", "CN-31", "--on", "2026-11-22", "--json")[1])
    assert told == json.loads(json.dumps(joint_json(joint(made, regions, ("CN-31",)), "en")))


@pytest.mark.parametrize(("words", "code"), [(("joint", "--region", "Atlantis"), "unknown-region"), (("map", "--on", "x"), "not-a-date"),
                                             (("map", "--system", "nowhere.yaml"), "file-unreadable")])  # fmt: skip
def test_what_cannot_be_asked_is_refused(words: tuple[str, ...], code: str) -> None:
    exit_code, _, said = run(*words)
    assert exit_code == 2 and f"[{code}]" in said and "Traceback" not in said
