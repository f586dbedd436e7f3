"""The pages of verification over HTTP: the figures of the command line, every problem at once, both results side by side, files of every form."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from guiju.api.app import create_app
from guiju.api.settings import Settings
from guiju.cli.main import build
from guiju.verify import api, commands, pages
from guiju.verify.api import CAR, CELLS, LIMIT, ROUND, SHEET
from guiju.verify.chart import Chart
from guiju.verify.given import Given
from guiju.verify.outcome import Outcome, csv_text
from guiju.verify.plan_asked import plan_outcome
from guiju.verify.study_asked import SHIPPED, study_outcome
from guiju.verify.told import Table
from guiju.verify.tray import Tray, pasted
from guiju.web import pages as web_pages
from guiju.web.wrong import error_page

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "verify"
EXCLUDED = [("xlab", "5"), ("xlevel", "示意 C"), ("xreplicate", "2"), ("xreason", "示意：抄录错误 illustrative：a slip in copying"),
            ("xby", "示意 illustrative"), ("xon", "2026-11-20")]  # fmt: skip
CAR_FIELDS = [("standard", "GB-36980.1-2025"), ("x.category", "M1"), ("x.powertrain", "bev"), ("x.max_mass", "2200"), ("x.curb_mass", "1780"),
              ("u.curb_mass", "10"), ("x.consumption", "13.8"), ("u.consumption", "0.1")]  # fmt: skip


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = create_app(Settings(), [web_pages.router(), pages.router(), api.router()], error_page)
    with TestClient(app, base_url="http://127.0.0.1:8000", headers={"accept": "text/html", "accept-language": "en"}) as made:
        yield made
        if hasattr(app.state, "apart"):
            app.state.apart.close()


def computed(client: TestClient, path: str, query: Any = ()) -> Any:
    """A page once what is drawn for it is there."""
    for _ in range(120):
        answer = client.get(path, params=list(query) or None)
        if answer.status_code != 202:
            return answer
    raise AssertionError("still computing")


def printed(*words: object) -> Any:
    result = CliRunner().invoke(build((commands.add,)), ["verify", *map(str, words), "--json"], env={"GUIJU_LANG": "en"})
    return json.loads(result.stdout)


def shown(text: str) -> str:
    """What a person reads of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def codes(answer: Any) -> list[str]:
    return re.findall(r'<code class="code"[^>]*>([^<]+)</code>', answer.text)


# the figures are those of the command line


def test_a_study_says_what_the_command_line_says(client: TestClient) -> None:
    query = [("example", "study"), ("unit", "kWh/100km"), *EXCLUDED]
    told = client.get("/verify/study.json", params=query).json()
    assert told == printed("precision", EXAMPLES / "study.csv", "--unit", "kWh/100km", "--exclude", EXAMPLES / "exclusions.yaml")
    text = shown(client.get("/verify/study", params=query).text)
    listed = CliRunner().invoke(build((commands.add,)), ["verify", "precision", str(EXAMPLES / "study.csv"), "--exclude",
                                                         str(EXAMPLES / "exclusions.yaml")], env={"GUIJU_LANG": "en", "COLUMNS": "200"}).stdout  # fmt: skip
    for line in listed.splitlines():
        if line.startswith(" 示意"):
            assert " ".join(line.split()) in text


def test_a_round_a_plan_and_a_conformity_say_what_the_command_line_says(client: TestClient) -> None:
    query = {"example": "round", "score": "z'", "method": "q-hampel"}
    assert client.get("/verify/proficiency.json", params=query).json() == printed("proficiency", EXAMPLES / "round.csv", "--score", "z'", "--method", "q-hampel")
    assert client.get("/verify/plan.json?gamma=3&within_R=0.4").json() == printed("plan", "--gamma", 3, "--within-R", 0.4)
    assert client.get("/verify/plan.json?example=study&within_R=0.4").json() == printed("plan", EXAMPLES / "study.csv", "--within-R", 0.4)
    assert client.get("/decision.json?example=limit").json() == printed("conformity", EXAMPLES / "limit.yaml")


def test_uncertainty_says_what_the_command_line_says(client: TestClient, tmp_path: Path) -> None:
    told = computed(client, "/uncertainty.json", [("example", "end-gauge")]).json()
    assert told == printed("uncertainty", EXAMPLES / "end-gauge.yaml")
    fields = [("model", "V/I"), ("n", "V"), ("v", "5"), ("u", "0.02"), ("a", ""), ("d", "normal"), ("dof", ""), ("n", "I"), ("v", "0.02"), ("u", ""),
              ("a", "0.0001"), ("d", "rectangular"), ("dof", "")]  # fmt: skip
    page = computed(client, "/uncertainty", fields)
    sheet = re.search(r'<pre class="sheet"[^>]*>(.*?)</pre>', page.text, re.S)
    assert sheet is not None
    written = tmp_path / "sheet.yaml"
    written.write_text(sheet[1].replace("&#34;", '"'), "utf-8")
    assert computed(client, "/uncertainty.json", fields).json() == printed("uncertainty", written)


def test_verdicts_of_a_standard_are_as_sure_as_the_command_line_says(client: TestClient) -> None:
    told = computed(client, "/uncertainty.json", CAR_FIELDS).json()
    words = ["uncertain", "GB 36980.1-2025", "--json"]
    for put in ("category=M1", "powertrain=bev", "max_mass=2200", "curb_mass=1780 ± 10", "consumption=13.8 ± 0.1"):
        words += ["--set", put]
    assert told == json.loads(CliRunner().invoke(build(()), words, env={"GUIJU_LANG": "en"}).stdout)
    page = computed(client, "/uncertainty", CAR_FIELDS)
    text = shown(page.text)
    assert "85.29 %" in text and "GUM, second order" in text and page.text.count("<svg") >= 4
    limit = shown(computed(client, "/uncertainty", [*CAR_FIELDS, ("of", "limit")]).text)
    assert "margin or quantity limit" in limit
    wrong = computed(client, "/uncertainty", [*CAR_FIELDS, ("of", "nothing")])
    assert (wrong.status_code, codes(wrong)) == (422, ["uncertain-no-such-quantity"])


def test_a_rectangular_input_is_drawn_as_one(client: TestClient) -> None:
    flat = computed(client, "/uncertainty.json", [*CAR_FIELDS, ("d.curb_mass", "rectangular")]).json()
    usual = computed(client, "/uncertainty.json", CAR_FIELDS).json()
    assert flat["inputs"]["curb_mass"]["shape"] == "rectangular" and "curb_mass: rectangular" in " ".join(flat["conventions"])
    one, other = (next(q for q in each["quantities"] if q["name"] == "limit")["draws"] for each in (flat, usual))
    # equal to first order and in the standard deviation of the draws, narrower in the interval: √3 u and not 1.96 u
    assert abs(one["sd"] / other["sd"] - 1) < 0.02
    assert abs((one["high"] - one["low"]) / (other["high"] - other["low"]) - 0.95 * 3**0.5 / 1.96) < 0.02
    wrong = computed(client, "/uncertainty", [*CAR_FIELDS, ("d.curb_mass", "round")])
    assert (wrong.status_code, codes(wrong)) == (422, ["unknown-word"])


# tables that people bring


def test_a_table_that_is_pasted_stands_in_the_address_and_a_file_of_gbk_is_kept(client: TestClient) -> None:
    answer = client.post("/verify/study", data={"table": CELLS}, follow_redirects=False)
    assert answer.status_code == 303 and "table=lab" in answer.headers["location"]
    assert client.get(answer.headers["location"]).status_code == 200
    rows = "实验室,水平,重复,结果(mg/L)\n" + "".join(f"甲{lab},低,{n},{lab + n / 10}\n" for lab in range(1, 5) for n in (1, 2))
    kept = client.post("/verify/study", files={"file": ("研究.csv", rows.encode("gb18030"))}, follow_redirects=False)
    page = client.get(kept.headers["location"])
    assert "甲3" in page.text and "kept=" in kept.headers["location"] and "研究.csv" in page.text
    gone = client.get("/verify/study?kept=nothing")
    assert (gone.status_code, codes(gone)) == (422, ["records-gone"])
    long = CELLS + "".join(f"{lab},A,{n},{10 + n / 100}\n" for lab in range(6, 400) for n in (1, 2))
    assert "kept=" in client.post("/verify/study", data={"table": long}, follow_redirects=False).headers["location"]


def test_a_workbook_is_read(client: TestClient) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for line in CELLS.splitlines():
        book.active.append(line.split(","))
    held = io.BytesIO()
    book.save(held)
    page = client.post("/verify/study", files={"file": ("study.xlsx", held.getvalue())})
    assert page.status_code == 200 and "study.xlsx" in page.text and page.text.count('class="plot"') == 4


def test_everything_wrong_with_a_table_is_said_at_once(client: TestClient) -> None:
    page = client.get("/verify/study", params={"table": "lab,level,value\n1,A,x\n2,A,10 mg\n3,A,1\n"})
    assert (page.status_code, codes(page)) == (422, ["verify-not-a-number"] * 2) and "guiju-tray" not in page.text
    column = client.get("/verify/study", params={"table": "who,what\n1,2\n"})
    assert codes(column) == ["verify-column"] * 2 and "--lab" not in column.text and "which column is what" in column.text
    few = client.get("/verify/study", params={"table": "lab,value\n1,2\n1,3\n"})
    assert codes(few) == ["verify-few-labs"]
    assert codes(client.post("/verify/study", data={"table": ""})) == ["records-not-given"]
    assert codes(client.post("/verify/study", files={"file": ("a.csv", b"x" * 4_000_001)})) == ["verify-too-large"]
    sparse = "lab,level,value\n" + "".join(f"{n},{n},1\n" for n in range(7200))
    assert codes(client.post("/verify/study", data={"table": sparse})) == ["verify-too-sparse"]
    many = client.post("/verify/study", data={"table": sparse[:3000]})
    assert 10 < len(codes(many)) <= 50 and f"the first {len(codes(many))} are listed" in many.text
    assert codes(client.get("/verify/study?example=nothing")) == ["unknown-word"]
    assert codes(client.get("/verify/proficiency", params={"table": "lab,value\n"})) == ["verify-nothing"]
    huge = client.get("/verify/study", params={"table": "lab,value\n1,1e300\n2,1e999\n3,1\n"})
    assert codes(huge) == ["verify-field-range", "verify-not-a-number"]
    tiny = "lab,value\n" + "".join(f"{lab},{lab}e-300\n{lab},{lab + 1}e-300\n" for lab in range(1, 5))
    assert client.get("/verify/study", params={"table": tiny, "method": "Q/Hampel"}).status_code in (200, 422)


def test_columns_are_chosen_where_headers_do_not_tell(client: TestClient) -> None:
    table = CELLS.replace("lab,", "who,").replace("value", "what")
    page = client.get("/verify/study", params={"table": table})
    assert page.status_code == 422 and "<option>who</option>" in page.text
    assert client.get("/verify/study", params={"table": table, "lab": "who", "value": "what"}).status_code == 200


def test_an_exclusion_without_reason_person_and_day_excludes_nothing(client: TestClient) -> None:
    page = client.get("/verify/study", params=[("example", "study"), ("xlab", "5"), ("xlevel", ""), ("xreplicate", ""), ("xreason", ""), ("xby", ""), ("xon", "")])
    assert (page.status_code, codes(page)) == (422, ["verify-exclusion-incomplete"])
    assert "a reason, who decided, a day" in page.text and 'href="#field-x1"' in page.text
    unknown = client.get("/verify/study", params=[("example", "study"), ("xlab", "99"), *EXCLUDED[1:]])
    assert codes(unknown) == ["verify-excluded-unknown"]


def test_both_results_stand_side_by_side_and_a_flag_begins_an_exclusion(client: TestClient) -> None:
    alone = client.get("/verify/study?example=study").text
    assert "** outlier" in alone and "newlab=5" in alone and "Both results" not in alone
    begun = client.get("/verify/study?example=study&newlab=5&newlevel=%E7%A4%BA%E6%84%8F+C")
    assert begun.status_code == 200 and 'value="5"' in begun.text and "Both results" not in begun.text
    both = client.get("/verify/study", params=[("example", "study"), *EXCLUDED]).text
    assert "Both results side by side" in both and "0.2201 0.09704" in shown(both) and "all data" in both
    assert "Illustrative" in both and "示意" in both


def test_the_other_methods_are_there(client: TestClient) -> None:
    robust = client.get("/verify/study.json?example=study&method=Q/Hampel").json()
    assert robust["method"] == "Q/Hampel" and all(0 < each["s_r"] <= each["s_R"] for each in robust["studies"][0]["levels"])
    # the outlier at level C moves the robust estimate far less than the ordinary one
    assert robust["studies"][0]["levels"][2]["s_r"] < 0.2
    equal = client.get("/verify/study.json", params={"table": CELLS, "method": "A+S"}).json()
    assert len(equal["studies"][0]["levels"]) == 1
    assert codes(client.get("/verify/study?example=study&method=A%2BS")) == ["verify-robust-unequal"]
    same = "lab,value\n" + "".join(f"{lab},1\n{lab},1\n" for lab in range(1, 6))
    assert "verify-robust-equal" in codes(client.get("/verify/study", params={"table": same, "method": "Q/Hampel"}))
    means = "lab,n,mean,sd\n1,2,10,0.1\n2,2,10.2,0.1\n3,2,10.1,0.2\n"
    assert codes(client.get("/verify/study", params={"table": means, "method": "A+S"})) == ["verify-robust-needs-results"]
    assert codes(client.get("/verify/study?example=study&method=nested")) == ["verify-no-factors"]
    nested = client.get("/verify/study.json?example=study&method=nested&factors=实验室 lab, 水平 level").json()
    assert nested == printed("nested", EXAMPLES / "study.csv", "--factor", "实验室 lab", "--factor", "水平 level")
    e691 = client.get("/verify/study.json?example=study&edition=ASTM E691-2023").json()
    assert e691 == printed("precision", EXAMPLES / "study.csv", "--edition", "ASTM E691-2023")


# refusals with reasons


def test_a_score_that_could_mean_nothing_is_refused_with_the_reason(client: TestClient) -> None:
    assert codes(client.get("/verify/proficiency?example=round&score=En")) == ["round-no-u"]
    means = "lab,value\n" + "".join(f"{n},{n}\n" for n in range(5))
    unattainable = client.get("/verify/proficiency", params={"table": means, "method": "mean"})
    assert codes(unattainable) == ["round-unattainable"] and "--sigma" not in unattainable.text
    assert codes(client.get("/verify/proficiency?example=round&method=given")) == ["round-no-value"]
    assert codes(client.get("/verify/proficiency?example=round&sigma=-1&assigned=x")) == ["verify-field-number", "verify-field-range"]
    items = "item,portion,value\n1,1,5.0\n1,2,5.1\n2,1,5.05\n2,2,5.0\n3,1,5.1\n3,2,5.02\n"
    checked = client.get("/verify/proficiency", params={"example": "round", "homogeneity": items, "stability": items, "sigma": "0.5"})
    assert checked.status_code == 200 and "homogeneity" in checked.text and "stability" in checked.text


def test_fields_that_are_wrong_are_all_told_and_lead_to_their_fields(client: TestClient) -> None:
    page = client.get("/decision?value=abc&u=-1&prior=normal")
    assert page.status_code == 422
    assert codes(page) == ["verify-field-number", "verify-field-range", "verify-field-needed", "verify-field-needed", "verify-field-needed"]
    assert {'href="#field-value"', 'href="#field-u"', 'href="#field-high"', 'href="#field-p1"'} <= set(re.findall(r'href="#field-\w+"', page.text))
    formula = computed(client, "/uncertainty", [("model", "V/J"), ("n", "V"), ("v", "5"), ("u", "0.1"), ("a", ""), ("d", ""), ("dof", "")])
    assert formula.status_code == 422 and "uncertain-unknown-name" in codes(formula) and "V/J" in formula.text
    row = computed(client, "/uncertainty", [("model", "V"), ("n", "V"), ("v", "x"), ("u", "y"), ("a", ""), ("d", "normal"), ("dof", "")])
    assert codes(row) == ["verify-field-number"] * 2 and 'href="#field-v1"' in row.text
    both = computed(client, "/uncertainty", [("model", "V/J"), ("n", "V"), ("v", "x"), ("u", ""), ("a", ""), ("d", "normal"), ("dof", "")])
    assert set(codes(both)) == {"verify-field-number", "uncertain-unknown-name"}
    half = computed(client, "/uncertainty", [("model", "V"), ("n", "V"), ("v", "1"), ("u", ""), ("a", ""), ("d", "arcsine"), ("dof", "")])
    assert codes(half) == ["verify-field-needed"]
    zero = computed(client, "/uncertainty", [("model", "V"), ("n", "V"), ("v", "1"), ("u", ""), ("a", "0"), ("d", "arcsine"), ("dof", "")])
    assert codes(zero) == ["uncertain-input"]
    assert codes(client.get("/verify/plan?gamma=0.5&labs=2.5")) == ["verify-field-range"] * 2
    none = client.get("/verify/plan?gamma=3&within_R=0.01")
    assert none.status_code == 200 and codes(none) == ["plan-none"] and "<svg" in none.text


def test_a_standard_that_is_not_there_and_values_it_does_not_take_are_told(client: TestClient) -> None:
    assert client.get("/uncertainty?standard=nothing").status_code == 404
    page = computed(client, "/uncertainty", [*CAR_FIELDS[:4], ("x.curb_mass", "abc"), ("u.consumption", "0.1"), ("x.consumption", "13.8")])
    assert page.status_code == 422 and 'href="#field-curb_mass"' in page.text
    empty = client.get("/uncertainty?standard=GB-36980.1-2025").text
    assert "No values yet" in empty and "Load an example" in empty


def test_the_rules_are_compared_with_risks_of_every_kind(client: TestClient) -> None:
    page = client.get("/decision?value=13.8&u=0.1&high=13.92&prior=normal&p1=13.2&p2=0.4&consumer_risk=0.005")
    text = shown(page.text)
    for word in ("simple acceptance", "guard band, binary", "ILAC-G8", "ISO 14253-1", "joint and conditional risks", "prior normal", "0.0151267"):
        assert word in text
    without = client.get("/decision?value=13.8&u=0.1&high=13.92")
    assert without.status_code == 200 and "Global risks" not in without.text
    both = client.get("/decision?value=0.1&u=1&low=0&high=0.5&prior=rectangular&p1=-1&p2=2")
    assert both.status_code == 200 and "∅" in both.text


# files


@pytest.mark.parametrize("path", ["/verify/study?example=study", "/verify/proficiency?example=round", "/verify/plan?gamma=3", "/decision?example=limit"])
def test_every_page_is_had_as_a_file_of_every_form(client: TestClient, path: str) -> None:
    page, _, query = path.partition("?")
    for ending, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK"), ("html", b"<!"), ("md", b"# "), ("csv", b"\xef\xbb\xbf"), ("json", b"{")):
        answer = client.get(f"{page}.{ending}?{query}&on=2026-11-22")
        assert answer.status_code == 200 and answer.content.startswith(start), ending
        assert client.get(f"{page}.{ending}?{query}&on=2026-11-22").content == answer.content
    assert b"exe" in client.get(f"{page}.exe?{query}").content


def test_a_report_of_made_up_data_says_so_and_has_its_drawings(client: TestClient) -> None:
    html = client.get("/verify/study.html?example=study&on=2026-11-22").text
    assert "made up for illustration" in html and html.count("data:image/svg+xml") == 3
    word = zipfile.ZipFile(io.BytesIO(client.get("/verify/study.docx?example=study&on=2026-11-22").content))
    assert sum(name.endswith(".png") for name in word.namelist()) == 3
    assert client.get("/verify/study.pdf?example=study&on=never").status_code == 422


def test_a_cell_that_looks_like_a_formula_stays_a_text() -> None:
    assert csv_text(Table("", ("a", "b"), [("=1+1", "-0.5")])) == "\ufeffa,b\r\n'=1+1,-0.5\r\n".encode()


# what is shown of much, and of what is drawn


def test_a_study_of_many_cells_is_not_drawn_and_says_so() -> None:
    table = "lab,level,value\n" + "".join(f"{lab},{level},{level + lab / 100 + n / 1000}\n" for lab in range(40) for level in range(30) for n in (1, 2))
    found = study_outcome(Given([], "en"), pasted(table))
    assert not any(isinstance(block, Chart) for part in found.parts for block in part.blocks)
    assert "nothing is drawn" in str(found.parts[-1].blocks)


def drawings(found: Outcome) -> list[Chart]:
    return [block for part in found.parts for block in part.blocks if isinstance(block, Chart)]


def test_the_bars_of_a_drawing_are_the_values_of_its_table() -> None:
    given = Given([("example", "study")], "en")
    table = Tray().brought(given, "", SHIPPED)
    assert table is not None
    found = study_outcome(given, table)
    h = next(each for each in drawings(found) if each.id == "h")
    cells = {(c["lab"], level["level"]): c["h"] for level in found.plain["studies"][0]["all"]["levels"] for c in level["cells"]}
    assert len(h.table.rows) == len(cells) == 24
    for lab, level, value, _ in h.table.rows:
        assert value == f"{cells[lab, level]:.2f}"
    svg = h.svg()
    assert svg.count("<rect") == 24 and svg.count('class="b1"') == sum(row[3] == "*" for row in h.table.rows) > 0
    assert b"<style>" in h.alone() and "<style" not in svg


def test_curves_of_a_plan_cross_the_wanted_level_where_the_table_says() -> None:
    found = plan_outcome(Given([("gamma", "3"), ("within_R", "0.4")], "en"))
    curve = next(each for each in drawings(found) if each.id == "a_R")
    least = next(int(row[0]) for row in curve.table.rows if float(row[1]) <= 0.4)
    assert least == next(design["p"] for design in found.plain["designs"] if design["n"] == 2)


# pages as a whole


def test_the_entry_leads_to_every_page_and_the_nav_to_the_entry(client: TestClient) -> None:
    entry = client.get("/verify").text
    for path in ("/verify/study", "/verify/proficiency", "/verify/plan", "/uncertainty", "/decision"):
        assert f'href="{path}"' in entry
        page = client.get(path)
        assert page.status_code == 200 and 'href="/verify" aria-current="page"' in page.text
        chinese = client.get(path, headers={"accept-language": "zh"}).text
        assert '<html lang="zh-CN">' in chinese and 'href="/verify" aria-current="page"' in chinese


def test_values_that_are_filled_in_for_an_example_are_marked_made_up(client: TestClient) -> None:
    for start in ("/decision", "/uncertainty"):
        href = re.search(rf'href="({start}\?illustrative=yes[^"]*)"', client.get(start).text)
        assert href is not None
        page = computed(client, href[1].replace("&amp;", "&"))
        assert page.status_code == 200 and "Illustrative" in page.text


def test_what_strangers_write_stays_text(client: TestClient) -> None:
    evil = "<script>alert(1)</script>"
    table = f"lab,level,value\n{evil},A,1\n{evil},A,2\nb,A,1\nb,A,2\nc,A,1\nc,A,2\n"
    for path, query in (("/verify/study", {"table": table, "unit": evil}), ("/verify/proficiency", {"table": table}), ("/decision", {"value": evil}),
                        ("/uncertainty", {"model": evil}), ("/verify/plan", {"gamma": evil})):  # fmt: skip
        text = computed(client, path, query.items()).text
        assert "<script>alert" not in text and not re.search(r"\sstyle=|<style", text)


# the face for programs


def test_programs_get_what_the_command_line_prints(client: TestClient, tmp_path: Path) -> None:
    def sent(path: str, body: Any) -> Any:
        answer = client.post(f"/api/v1{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    (tmp_path / "table.csv").write_text(CELLS, "utf-8")
    assert sent("/verify/study", {"table": CELLS}) == printed("precision", tmp_path / "table.csv")
    excluded = {"lab": "5", "reason": "a slip", "by": "somebody", "on": "2026-11-22"}
    assert sent("/verify/study", {"table": CELLS, "exclusions": [excluded]})["studies"][0]["kept"]["levels"][0]["p"] == 4
    (tmp_path / "table.csv").write_text(ROUND, "utf-8")
    assert sent("/verify/proficiency", {"table": ROUND}) == printed("proficiency", tmp_path / "table.csv")
    assert sent("/verify/plan", {"gamma": 3, "within_R": 0.4}) == printed("plan", "--gamma", 3, "--within-R", 0.4)
    (tmp_path / "sheet.yaml").write_text(SHEET, "utf-8")
    assert sent("/verify/uncertainty", {"worksheet": SHEET}) == printed("uncertainty", tmp_path / "sheet.yaml")
    (tmp_path / "limit.yaml").write_text(LIMIT, "utf-8")
    assert sent("/verify/conformity", {"worksheet": LIMIT}) == printed("conformity", tmp_path / "limit.yaml")
    told = sent("/standards/GB-36980.1-2025/uncertainty", {"record": CAR})
    assert told == computed(client, "/uncertainty.json", CAR_FIELDS).json()


def test_programs_get_every_problem_as_a_diagnostic(client: TestClient) -> None:
    answer = client.post("/api/v1/verify/plan", json={"gamma": 3, "within_R": 0.01})
    assert (answer.status_code, [each["code"] for each in answer.json()["diagnostics"]]) == (422, ["plan-none"])
    answer = client.post("/api/v1/verify/uncertainty", json={"worksheet": "model: [x\n"})
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"
    nothing = client.post("/api/v1/verify/uncertainty", json={"worksheet": "model: exp(x)\ninputs: {x: {value: 1e6, u: 1}}\n"})
    assert nothing.status_code == 422, nothing.text
