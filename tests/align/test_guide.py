"""The guide to a market: what applies and why, what there is to do, a product judged, and the document."""

from __future__ import annotations

import html.parser
import json
import re
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from guiju.align.guide import Guide, Reason, Standing, market_guide, to_bring, to_show, to_state, to_test
from guiju.align.guide_pages import guide_json, guide_report
from guiju.align.system import load_system, system_files
from guiju.app import PARTS
from guiju.base.diagnostics import Language, Refused
from guiju.cli.main import build
from guiju.readings.evaluate import Verdict
from guiju.readings.smt.dates import changes
from guiju.report.written import content
from guiju.standard.regions import Regions
from guiju.standard.shelf import Shelf, default_shelves

ON = date(2026, 11, 22)
MARKETS = [("CN", "vehicle.car"), ("CN-320500", "vehicle"), ("CN-32", "road.smart"), ("CN-31", "application"), ("CN-31", "trip"),
           ("CN-33", "map"), ("EU", "vehicle"), ("UN", "vehicle.car"), ("CN", "battery"), ("CN", "recorder"), ("CN-440100", "v2x")]  # fmt: skip
MADE_UP = """
guiju: 1
standard:
  number: T/MADE 1
  edition: 2026
  title: {{zh: 自拟标准, en: a standard made up}}
  level: group
  region: {region}
  status: in-force
  dates: {{effective: {effective}}}
sources:
  s1: {{title: made up for this test, grade: illustrative, why: {{zh: 为测试编写, en: written for a test}}}}
subject: {{type: vehicle.car, zh: 车, en: car}}
inputs:
  distance: {{is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 900}}
parameters:
  least:
    zh: 最低里程
    en: least range
    unit: km
    values: [{{from: 2026-01-01, value: 200, source: s1}}, {{from: 2027-05-01, value: 250, source: s1}}, {{from: 2031-05-01, value: 300, source: s1}}]
clauses:
  "4.1":
    zh: 续驶里程不小于最低里程
    en: the range is at least the least
    shall: distance >= least
    source: s1
"""


def made(shelf: Shelf, regions: Regions, region: str, subject: str, *, on: date = ON, horizon: int = 24, given: dict[str, object] | None = None) -> Guide:
    return market_guide(shelf, regions, region, subject, on=on, horizon=horizon, given=given)


def guide_text(guide: Guide, language: Language, form: str = "markdown") -> str:
    """The document; Markdown without the backslashes that keep its signs signs."""
    text = content(guide_report(guide, language), form).decode("utf-8")
    return re.sub(r"\\(?=[^\sA-Za-z0-9])", "", text) if form == "markdown" else text


def numbers(guide: Guide) -> list[str]:
    return [part.standard.number for part in guide.parts]


@pytest.mark.parametrize(("region", "subject"), MARKETS)
def test_every_standard_of_the_market_is_told_once_and_none_of_another(shelf: Shelf, regions: Regions, region: str, subject: str) -> None:
    guide = made(shelf, regions, region, subject)
    told = [*numbers(guide), *(each.standard.number for each in guide.apart)]
    standards = [s for path in shelf.paths().values() if (s := shelf.open(path).standard)]
    assert sorted(told) == sorted(s.number for s in standards if regions.applies(s.region, region))
    assert guide.parts and all(part.standard.subject[0].startswith(subject.partition(".")[0]) for part in guide.parts)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("region", "subject"), MARKETS)
def test_the_document_has_every_clause_source_and_omission(shelf: Shelf, regions: Regions, region: str, subject: str, language: Language) -> None:
    guide = made(shelf, regions, region, subject)
    text = guide_text(guide, language)
    headings = re.findall(r"^#### (.*)$", text, flags=re.MULTILINE)
    for part in guide.parts:
        assert part.program.content_hash in text
        wanted = [f"{c.no} {c.title.text(language)}" for c in part.standard.clauses.values()]
        assert [each for each in wanted if not any(h.startswith(each) for h in headings)] == []
        for source in part.standard.sources.values():
            assert source.title in text and (source.address is None or f"<{source.address}>" in text)
        assert all(left.text(language) in text for left in part.standard.left_out)


@pytest.mark.parametrize(("region", "subject"), MARKETS)
def test_every_day_on_which_a_chapter_changes_is_in_the_calendar(shelf: Shelf, regions: Regions, region: str, subject: str) -> None:
    guide = made(shelf, regions, region, subject)
    days = {event.day for event in guide.events}
    assert {day for part in guide.parts for day in changes(part.program)} <= days
    assert {t.until for part in guide.parts for t in part.standard.transitions} <= days
    assert [e.day for e in guide.events] == sorted(e.day for e in guide.events)


@pytest.mark.parametrize(("region", "subject"), MARKETS)
def test_whatever_a_clause_asks_is_to_be_measured_or_shown(shelf: Shelf, regions: Regions, region: str, subject: str) -> None:
    guide = made(shelf, regions, region, subject)
    served = {(test.input.property_id, *pair) for test in to_test(guide) for pair in test.serves}
    served |= {(asked.property_id, *pair) for asked, pairs in to_bring(guide) for pair in pairs}
    stated = {asked.property_id for asked, _ in to_state(guide)}
    for part in guide.parts:
        for requirement in part.requirements:
            for asked in (*requirement.measured, *requirement.shown):
                place = (asked.property_id, part.standard.number, requirement.clause.no)
                assert place in served or asked.property_id in stated, place


def test_one_test_serves_the_clauses_of_several_standards(shelf: Shelf, regions: Regions) -> None:
    guide = made(shelf, regions, "CN", "vehicle.car")
    (consumption,) = [test for test in to_test(guide) if test.input.property_id == "nev.electricity.cltc"]
    assert consumption.method == "GB/T 18386.1-2021" and {number for number, _ in consumption.serves} >= {"GB 36980.1-2025", "购置税2026-2027"}


def test_a_replaced_edition_is_apart_with_what_replaces_it_and_applies_before_that(shelf: Shelf, regions: Regions) -> None:
    now, then = made(shelf, regions, "CN", "recorder"), made(shelf, regions, "CN", "recorder", on=date(2015, 1, 1))
    assert numbers(now) == ["GB/T 19056-2021"]
    (old,) = [a for a in now.apart if a.standard.number == "GB/T 19056-2012"]
    assert (old.reason, old.by, old.day) == (Reason.REPLACED, "GB/T 19056-2021", date(2022, 7, 1))
    assert numbers(then) == ["GB/T 19056-2012"]
    assert [(a.standard.number, a.reason) for a in then.apart if a.reason is not Reason.OTHER_SUBJECT] == [("GB/T 19056-2021", Reason.LATER)]


def test_what_comes_into_force_within_the_horizon_is_coming_and_told_in_full(shelf: Shelf, regions: Regions) -> None:
    standings = {p.standard.number: p.standing for p in made(shelf, regions, "EU", "vehicle").parts}
    assert standings == {"UN GTR 22": Standing.UNDATED, "EU 2024/1257": Standing.COMING}
    assert {p.standard.number: p.standing for p in made(shelf, regions, "EU", "vehicle", on=date(2026, 11, 29)).parts}["EU 2024/1257"] is Standing.IN_FORCE
    assert numbers(made(shelf, regions, "EU", "vehicle", horizon=0)) == ["UN GTR 22"]


def made_up(folder: Path, region: str, effective: str) -> Shelf:
    (folder / "standards" / "made" / "MADE").mkdir(parents=True)
    (folder / "standards" / "made" / "MADE" / "standard.yaml").write_text(MADE_UP.format(region=region, effective=effective), "utf-8")
    return Shelf((folder / "standards", *default_shelves()))


def test_a_parameter_that_changes_is_ahead_or_later_and_illustrative_figures_are_marked(tmp_path: Path, regions: Regions) -> None:
    guide = made(made_up(tmp_path, "CN-450200", "2026-02-01"), regions, "柳州", "car")
    assert "T/MADE 1" in numbers(guide)
    ahead, later = [(e.day, e.title.en) for e in guide.events if e.number == "T/MADE 1" and e.day > ON]
    assert ahead == (date(2027, 5, 1), "parameter changes: least range") and later[0] > guide.until
    text = guide_text(guide, "en")
    assert "holds illustrative figures" in text and "T/MADE 1 4.1: illustrative" in text
    assert "含示意数值" in guide_text(guide, "zh")
    elsewhere = made(made_up(tmp_path / "b", "CN-450200", "2026-02-01"), regions, "CN-45", "car")
    assert "T/MADE 1" not in numbers(elsewhere)


@pytest.mark.parametrize("word", ["recorder", "Recorder", "汽车行驶记录仪", "vehicle travelling data recorder"])
def test_a_product_kind_is_found_by_its_type_and_by_its_title(shelf: Shelf, regions: Regions, word: str) -> None:
    assert numbers(made(shelf, regions, "CN", word)) == ["GB/T 19056-2021"]


def test_an_unknown_product_kind_is_told_the_one_that_is_near(shelf: Shelf, regions: Regions) -> None:
    with pytest.raises(Refused) as refused:
        made(shelf, regions, "CN", "batery")
    (said,) = refused.value.diagnostics
    assert said.code == "unknown-subject" and "battery" in said.help("en") and "charger" in said.message("zh")


def test_a_market_without_a_standard_for_the_product_says_which_products_have_some(shelf: Shelf, regions: Regions) -> None:
    guide = made(shelf, regions, "EU", "battery")
    assert guide.parts == () and "vehicle.car" in guide.subjects
    assert "holds no standard" in guide_text(guide, "en") and "vehicle.car: EU 2024/1257, UN GTR 22" in guide_text(guide, "en")


def test_standards_known_to_apply_that_are_not_on_the_shelf_are_named_and_nothing_is_said_for_them(shelf: Shelf, regions: Regions) -> None:
    systems = [load_system(path, regions) for path in system_files()]
    guide = market_guide(shelf, regions, "CN-32", "v2x", on=ON, horizon=24, systems=systems)
    known = {entry.number for entry in guide.beyond}
    assert {"DB32/T 4846-2024", "YD/T 3737-2020"} <= known and not known & {*shelf.numbers(), "DB31/T 1567-2025", "DB3205/T 1089-2023"}
    assert all(f"{number} " in guide_text(guide, "zh").split("没有包括的")[1] for number in known)
    car = market_guide(shelf, regions, "CN", "vehicle.car", on=ON, horizon=24, systems=systems)
    numbers_ = {entry.number for entry in car.beyond}
    assert "GB 18384-2025" in numbers_ and not numbers_ & {"GB 18384-2020", "Q/SGMW02586-2020"}
    assert car.cited["GB/T 18386.1-2021"] == ("GB 36980.1-2025",) and "GB 36980.1-2025" not in car.cited


def test_a_standard_that_cannot_be_read_is_told_and_one_with_errors_that_applies_is_refused(tmp_path: Path, regions: Regions) -> None:
    broken = made_up(tmp_path, "CN", "2026-02-01")
    path = tmp_path / "standards" / "made" / "MADE" / "standard.yaml"
    path.write_text("guiju: 1\nstandard:\n  number: T/MADE 1\n", "utf-8")
    guide = made(broken, regions, "CN", "vehicle.car")
    assert guide.unread == ("T/MADE 1",) and "could not be read" in guide_text(guide, "en")
    path.write_text(MADE_UP.format(region="CN", effective="2026-02-01").replace("distance >= least", "distance >= most"), "utf-8")
    with pytest.raises(Refused) as refused:
        made(Shelf((tmp_path / "standards", *default_shelves())), regions, "CN", "vehicle.car")
    assert "unknown-name" in {d.code for d in refused.value.diagnostics}


# A product.

CAR = {"vehicle.category": "M1", "vehicle.powertrain": "bev", "vehicle.mass.max_design": "2200 kg", "vehicle.mass.curb": 1780, "nev.electricity.cltc": "13.93"}


def test_a_product_is_judged_by_every_chapter_and_left_out_where_it_is_outside_the_scope(shelf: Shelf, regions: Regions) -> None:
    guide = made(shelf, regions, "CN", "vehicle.car", given=dict(CAR))
    by_number = {p.standard.number: p for p in guide.parts}
    assert by_number["GB 36980.1-2025"].overall is Verdict.FAIL
    assert [a.standard.number for a in guide.apart if a.reason is Reason.OUT_OF_SCOPE] == ["车船税2024"]
    assert "✗ fails" in guide_text(guide, "en") and "Values given" not in guide_text(guide, "en")


def test_what_is_still_to_be_shown_is_what_undetermined_verdicts_wait_for_until_nothing_is(shelf: Shelf, regions: Regions) -> None:
    given: dict[str, object] = {k: v for k, v in CAR.items() if k != "nev.electricity.cltc"}
    waiting = {asked.property_id for asked, _ in to_show(made(shelf, regions, "CN", "vehicle.car", given=given))}
    assert "nev.electricity.cltc" in waiting and not waiting & given.keys()
    values: dict[str, object] = {"boolean": "no", "date": "2026-01-01"}
    for _ in range(6):
        guide = made(shelf, regions, "CN", "vehicle.car", given=given)
        more = to_show(guide)
        if not more:
            break
        given |= {i.property_id: values.get(i.kind, i.values[0] if i.values else str(i.maximum)) for i, _ in more}
    assert to_show(guide) == () and all(v is not Verdict.UNDETERMINED for p in guide.parts for r in p.requirements for v in r.verdicts.values())


def test_a_name_that_is_several_properties_is_refused_and_a_property_is_not(shelf: Shelf, regions: Regions) -> None:
    with pytest.raises(Refused) as refused:
        made(shelf, regions, "CN", "vehicle.car", given={"range": "300", "nosuch": 1})
    assert sorted(d.code for d in refused.value.diagnostics) == ["input-of-several-properties", "unknown-input"]
    assert made(shelf, regions, "CN", "vehicle.car", given={"nev.range.cltc": "300"}).parts


def test_a_value_nothing_can_use_is_refused_and_a_property_nothing_asks_is_not(shelf: Shelf, regions: Regions) -> None:
    with pytest.raises(Refused) as refused:
        made(shelf, regions, "CN", "vehicle.car", given={"nev.electricity.cltc": "99999", "vehicle.category": "car"})
    assert {d.code for d in refused.value.diagnostics} == {"input-out-of-range", "input-not-a-category"}
    assert made(shelf, regions, "CN", "vehicle.car", given={"vehicle.mileage": "3"}).parts


def test_a_value_that_one_chapter_cannot_use_is_a_remark_there(tmp_path: Path, regions: Regions) -> None:
    """The made-up standard has ranges of up to 900 km; those of the shelf may be longer."""
    guide = made(made_up(tmp_path, "CN", "2026-02-01"), regions, "CN", "vehicle.car", given={"nev.range.cltc": "950"})
    remarks = {p.standard.number: [d.code for d in p.unused] for p in guide.parts if p.unused}
    assert remarks == {"T/MADE 1": ["input-out-of-range"]} and "Values given that could not be used" in guide_text(guide, "en")


# The document.


class Outline(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("region", "subject"), [*MARKETS, ("EU", "battery")])
def test_the_page_is_one_file_that_can_be_found_ones_way_in(shelf: Shelf, regions: Regions, region: str, subject: str, language: Language) -> None:
    given = dict(CAR) if subject == "vehicle.car" else None
    page = guide_text(made(shelf, regions, region, subject, given=given), language, "html")
    found = Outline()
    found.feed(page)
    tags = {tag for tag, _ in found.tags}
    assert not tags & {"script", "link", "img", "iframe"} and ("html", {"lang": "zh-CN" if language == "zh" else "en"}) in found.tags
    assert found.levels.count(1) == 1 and all(b - a <= 1 for a, b in zip(found.levels, found.levels[1:], strict=False))
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in found.tags if tag == "th")
    ids = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    links = {str(attrs["href"])[1:] for tag, attrs in found.tags if tag == "a" and str(attrs["href"]).startswith("#")}
    assert len(ids) == len(set(ids)) and links <= set(ids)


def test_the_same_guide_is_the_same_bytes(regions: Regions) -> None:
    first, second = (guide_text(made(Shelf(), regions, "CN", "vehicle.car"), "zh", "html") for _ in range(2))
    assert first == second


def test_the_guide_for_programs_names_all_it_rests_on(shelf: Shelf, regions: Regions) -> None:
    guide = made(shelf, regions, "CN", "vehicle.car", given=dict(CAR))
    told = json.loads(json.dumps(guide_json(guide, "en")))
    assert [s["number"] for s in told["standards"]] == numbers(guide) and all(len(s["content"]) == 64 for s in told["standards"])
    (limit,) = [c for s in told["standards"] if s["number"] == "GB 36980.1-2025" for c in s["clauses"]]
    assert limit["verdicts"] == {"R1": "fail"} and limit["evidence"] == "B"


# The command, and values by scenario.


def run(*words: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(build(PARTS), ["--lang", "en", "align", "guide", *words, *(["--on", "2026-11-22"] if "--on" not in words else [])])
    return ran.exit_code, ran.stdout, ran.stderr


def test_the_exit_code_is_that_of_the_product(tmp_path: Path) -> None:
    product = tmp_path / "car.yaml"
    product.write_text("\n".join(f"{name}: {value}" for name, value in CAR.items()), "utf-8")
    assert run("CN", "--subject", "vehicle.car")[0] == 0
    assert run("CN", "--subject", "vehicle.car", "--product", str(product))[0] == 1
    assert run("CN", "--subject", "vehicle.car", "--product", str(product), "--set", "nev.electricity.cltc=13.92")[0] == 3
    assert run("EU", "--subject", "battery")[0] == 0


def test_the_document_is_written_in_the_form_its_name_says(tmp_path: Path) -> None:
    for name, start in (("g.md", "# Market guide"), ("g.html", "<!doctype html>")):
        assert run("Jiangsu", "--subject", "road", "--out", str(tmp_path / name))[0] == 0
        assert (tmp_path / name).read_text("utf-8").startswith(start)
    code, _, said = run("CN", "--subject", "road", "--out", str(tmp_path / "g.rtf"))
    assert code == 2 and "report-format" in said
    code, _, said = run("CN", "--subject", "road", "--out", str(tmp_path / "no" / "g.md"))
    assert code == 2 and "folder-missing" in said
    code, _, said = run("CN", "--subject", "road", "--out", str(tmp_path / "g.md"))
    assert code == 2 and "file-exists" in said and "Jiangsu" in (tmp_path / "g.md").read_text("utf-8")
    assert run("CN", "--subject", "road", "--out", str(tmp_path / "g.md"), "--overwrite")[0] == 0
    assert "Jiangsu" not in (tmp_path / "g.md").read_text("utf-8").partition("\n")[0]


@pytest.mark.parametrize(("words", "code"), [(("Utopia", "--subject", "road"), "unknown-region"), (("CN", "--subject", "toaster"), "unknown-subject"),
                                             (("CN", "--subject", "road", "--on", "soon"), "not-a-date"), (("CN", "--subject", "road", "--set", "x"), "set-malformed")])  # fmt: skip
def test_what_cannot_be_asked_is_refused(words: tuple[str, ...], code: str) -> None:
    exit_code, _, said = run(*words)
    assert exit_code == 2 and f"[{code}]" in said and "Traceback" not in said


def test_values_of_each_scenario_are_judged_and_shown(shelf: Shelf, regions: Regions) -> None:
    delays = {"v2x.delay.system": {"bsw": "80", "ebw": "120"}, "v2x.application.supported": {"bsw": "yes", "ebw": "yes"}}
    guide = made(shelf, regions, "CN-32", "road", given=dict(delays))
    (delay,) = [r for p in guide.parts for r in p.requirements if (p.standard.number, r.clause.no) == ("江苏智慧高速指南2020", "4.1-1 b")]
    assert delay.verdicts["4.1-1 b@bsw"] is Verdict.PASS and delay.verdicts["4.1-1 b@ebw"] is Verdict.FAIL
    text = guide_text(guide, "en")
    assert "- **v2x.delay.system**: bsw 80, ebw 120" in text and "✓ passes × 1, ✗ fails × 1, ? undetermined × 8; still missing: " in text
    assert "system delay (" not in text.replace("system delay (ms, in each scenario)", "")
