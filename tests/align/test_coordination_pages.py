"""The pages of coordination, asked over HTTP on the real standards: what they show is what the commands find, and what is refused is a page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from guiju.align import api, pages
from guiju.align.brought import Kept
from guiju.align.commands.harmonised import proposal_json
from guiju.align.harmonising import Question, harmonise
from guiju.align.pages import paged
from guiju.align.pages.coordination import WAYS
from guiju.api.app import create_app
from guiju.api.settings import Settings
from guiju.base.diagnostics import Refused
from guiju.cli.console import speaking
from guiju.readings.examples import examine
from guiju.standard.shelf import Shelf
from guiju.web import pages as web_pages
from guiju.web.wrong import error_page

BROWSER = {"sec-fetch-site": "same-origin"}
V2X = "/harmonise?with=T/CSAE 53-2017&with=江苏智慧高速指南2020"
RECORDER = "passed=GB/T 19056-2021&everywhere=yes&example=recorder&tests=recorder"
ROADS = "in=CN-32&in=CN-33&subject=road"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = create_app(Settings(), [web_pages.router(), pages.router(), api.router()], error_page)
    with TestClient(app, base_url="http://127.0.0.1:8000", headers={"accept": "text/html", "accept-language": "zh"}) as made:
        yield made
    if hasattr(app.state, "apart"):
        app.state.apart.close()


def read(client: TestClient, path: str, language: str = "zh") -> Response:
    """A page, once what is being proved for it is there."""
    for _ in range(200):
        answer = client.get(path, headers={"accept-language": language})
        if answer.status_code != 202:
            return answer
        if "html" in answer.headers["content-type"]:
            assert answer.headers["refresh"] == "2" and "正在逐项证明" in answer.text + "正在逐项证明" * (language == "en")
    raise AssertionError(f"{path} was never answered")


def test_the_entry_leads_to_everything(client: TestClient) -> None:
    page = client.get("/coordination").text
    for url, zh, _, does, _ in WAYS:
        assert f'href="{url}"' in page and zh in page and does in page
        assert client.get(url).status_code == 200
    english = client.get("/coordination", headers={"accept-language": "en"}).text
    assert all(en in english for _, _, en, _, _ in WAYS)


# harmonise


def test_a_proposal_is_what_the_command_finds(client: TestClient) -> None:
    page = read(client, V2X)
    told = read(client, V2X.replace("/harmonise", "/harmonise.json")).json()
    with speaking("zh"):
        found = proposal_json(harmonise(Shelf(), Question(("T/CSAE 53-2017", "江苏智慧高速指南2020"))))
    titles = [[line for line in each.pop("examples_yaml").splitlines() if "name:" in line] for each in (told, found)]
    assert titles[0] == titles[1] and titles[0], "the solver may show another product in another process, of the same kind"
    assert told == found and told["number"] == "协调提案-strictest"
    proved = sum(clause["same_verdicts"] == "proved" for clause in told["clauses"])
    assert f'<span class="big">{proved}/{len(told["clauses"])}</span>' in page.text and proved == 78
    assert "由程序从这些标准的条款合成（证据等级 C）" in page.text and "谁要改什么" in page.text
    assert "路线图</h2>" not in page.text
    assert "路线图</h2>" in read(client, f"{V2X}&steps=yes").text
    assert "roadmap" in read(client, f"{V2X.replace('/harmonise', '/harmonise.json')}&steps=yes").json()


def test_the_proposed_standard_is_shown_downloaded_and_opened_in_the_editor(client: TestClient, tmp_path: Path) -> None:
    shown = read(client, f"{V2X}&show=standard").text
    assert 'class="check-sum good"' in shown and 'id="clause-1"' in shown
    folder = tmp_path / "proposal"
    folder.mkdir()
    for name in ("standard.yaml", "examples.yaml"):
        answer = read(client, V2X.replace("/harmonise", f"/harmonise/{name}"))
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        (folder / name).write_text(answer.text, encoding="utf-8")
    _, program, problems = examine(Shelf(), folder)
    assert program is not None and not problems.has_errors
    form = re.search(r'<form method="post" action="(/standards/[^"]+/edit)">', shown)
    assert form is not None
    texts = {"text": (folder / "standard.yaml").read_text(encoding="utf-8"), "examples": (folder / "examples.yaml").read_text(encoding="utf-8")}
    editor = client.post(form[1], data=texts, headers=BROWSER).text
    assert 'class="check-sum good"' in editor and "编辑 协调提案-strictest" in editor


@pytest.mark.parametrize(("ending", "begins"), [("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK"), ("md", b"# ")])
@pytest.mark.parametrize("page", [V2X, f"/recognise?{RECORDER}", f"/testplan?{ROADS}", "/guide?in=CN-32&subject=road", "/map", "/map?show=joint"])
def test_what_is_shown_can_be_taken_home(client: TestClient, page: str, ending: str, begins: bytes) -> None:
    path, _, query = page.partition("?")
    first, again = (read(client, f"{path}/report.{ending}?{query}") for _ in range(2))
    assert first.status_code == 200 and first.content.startswith(begins) and first.content == again.content
    assert first.headers["content-disposition"].startswith("attachment; filename=")


def test_the_cheapest_needs_products_and_says_whom_it_touches(client: TestClient) -> None:
    words = "&".join(f"with={number}" for number in ("财建〔2018〕18号", "财建〔2020〕86号", "GB 36980.1-2025"))
    asked = f"/harmonise?{words}&policy=cheapest&treat=nev.electricity.nedc%3Dnev.electricity.cltc"
    refused = read(client, asked)
    assert refused.status_code == 422 and "harmonise-without-records" in refused.text
    page = read(client, f"{asked}&records=sample:vehicles").text
    assert "受影响的产品（共 17 个" in page and "假定：以「nev.electricity.cltc」的数值代替「nev.electricity.nedc」" in page
    assert "名称以“示意”开头的行是虚设的" in page


@pytest.mark.parametrize(("path", "code"), [
    ("/harmonise?with=/etc/passwd&with=CN-32", "align-unknown"), ("/harmonise?with=CN-32&with=CN-33&subject=ship", "align-region-empty"),
    (f"{V2X}&policy=nicest", "unknown-word"), (f"{V2X}&extra=all", "unknown-word"), (f"{V2X}&on=never", "not-a-date"),
    (f"{V2X}&baseline=GB 36980.1-2025", "harmonise-baseline"), (f"{V2X}&treat=a%3Db", "unknown-property"), (f"{V2X}&treat=a", "set-malformed"),
    (f"{V2X}&records=nothing", "records-gone"), (f"{V2X}&records=set:nothing", "no-store"),
    ("/recognise?passed=GB/T 19056-2021", "recognise-nothing-asked"), ("/recognise?passed=nothing&asked=GB/T 19056-2021", "align-unknown"),
    ("/recognise?passed=GB/T 19056-2012&asked=GB/T 19056-2021&rule=/etc/passwd", "recognise-no-rule"),
    ("/recognise?passed=GB/T 19056-2012&asked=GB 36980.1-2025", "recognise-subjects"),
    ("/recognise?passed=GB/T 19056-2012&asked=GB/T 19056-2021&tests=recorder", "unknown-property"),
    ("/testplan?in=CN-32", "plan-unasked"), ("/testplan?in=CN-32&subject=rood", "unknown-subject"), (f"/testplan?{ROADS}&deadline=1", "plan-too-late"),
    (f"/testplan?{ROADS}&done=nothing", "unknown-test"), ("/testplan?in=Nowhere&subject=road", "unknown-region"),
    ("/guide?in=Nowhere&subject=road", "unknown-region"), ("/guide?in=CN&subject=ship", "unknown-subject"),
    ("/guide?in=CN&subject=vehicle.car&set=mass", "set-malformed"), ("/map?system=other", "unknown-word"), ("/map?on=x", "not-a-date"),
    ("/map/report.exe", "report-format"), ("/harmonise.json", "align-two"), ("/map?show=joint&in=Nowhere", "unknown-region"),
])  # fmt: skip
def test_what_cannot_be_answered_is_a_page_with_its_diagnostics(client: TestClient, path: str, code: str) -> None:
    answer = read(client, path)
    assert answer.status_code in (404, 410, 422, 503) and code in answer.text
    assert answer.headers["content-type"].startswith("text/html") and 'class="problems' in answer.text


# recognise


def test_the_driving_recorder_is_worked_and_marked_illustrative(client: TestClient) -> None:
    entry = client.get("/recognise").text
    link = re.search(r'href="(/recognise\?[^"]*example=recorder[^"]*)"', entry)
    assert link is not None
    page = read(client, link[1].replace("&amp;", "&")).text
    assert '<span class="big">1/3</span> 地足够' in page
    assert "甲地（示意）" in page and "230 &lt; 240 h" in page and "试验循环或计量点不同" in page
    assert "示意甲/T 1-2026、示意乙/T 1-2026、示意丙/T 1-2026 有自拟的数值" in page and "费用、天数与试验室为自拟" in page
    assert all(amount in page for amount in ("11400 元", "8600 元", "15500 元"))
    assert "构造的典型记录" in page


def test_what_remains_has_a_product_that_can_be_tried(client: TestClient) -> None:
    page = read(client, "/recognise?passed=GB/T 19056-2012&asked=GB/T 19056-2021&in=CN-32").text
    tried = re.search(r'href="(/standards/GB-T-19056-2021/try\?[^"]+)"', page)
    assert tried is not None
    assert "不符合" in client.get(tried[1].replace("&amp;", "&")).text
    ruled = read(client, "/recognise?passed=工信部联通装〔2021〕97号&asked=上海路测2018&in=CN-31").text
    assert '<span class="big">3</span> 处壁垒' in ruled and "不得重复要求 1" in ruled


# test plans, guides, maps


def test_a_plan_has_its_proof_its_figure_and_what_is_saved(client: TestClient) -> None:
    page = read(client, f"/testplan?{ROADS}").text
    told = read(client, f"/testplan.json?{ROADS}").json()
    cost, apart = int(told["cost"]), sum(int(each["cost"]) for each in told["alone"])
    assert told["gap"] == "0" and told["illustrative"] is True and f"{cost:,}" in page and f"{apart - cost:,}" in page
    assert "差距 0 %" in page and 'class="plot plan wide"' in page and 'class="plot plan narrow"' in page and "示意" in page
    bars = re.search(r'<svg class="plot plan wide".*?</svg>', page, re.S)
    assert bars is not None and bars[0].count('class="block step"') == len([t for t in told["tests"] if not t["passed"]])
    listed = read(client, f"/testplan/needs.csv?{ROADS}")
    assert listed.headers["content-type"].startswith("text/csv") and listed.content.startswith(b"\xef\xbb\xbf")


def test_a_catalogue_that_was_brought_is_used_and_told_by_its_own_name(client: TestClient) -> None:
    back = f"/testplan?{ROADS}"
    whole = (Shelf().folders[0].parent / "examples" / "align" / "tests.yaml").read_bytes()
    for content, expected in ((whole, 200), (b"title: {zh: x, en: y}\n", 422)):
        sent = client.post("/coordination/files", files={"file": ("../mine.yaml", content)}, data={"back": back, "what": "tests"}, headers=BROWSER,
                           follow_redirects=False)  # fmt: skip
        assert sent.status_code == 303 and sent.headers["location"].startswith("/testplan?in=CN-32&in=CN-33&subject=road&tests=")
        page = read(client, sent.headers["location"])
        assert page.status_code == expected and "guiju-kept" not in page.text
        assert "mine.yaml" in page.text
    for elsewhere in ("https://example.org/", "//example.org", "/sign-out", "\\\\x"):
        sent = client.post("/coordination/files", files={"file": ("a.yaml", whole)}, data={"back": elsewhere, "what": "tests"}, headers=BROWSER,
                           follow_redirects=False)  # fmt: skip
        assert sent.headers["location"].startswith("/coordination?tests=")
    assert client.post("/coordination/files", data={"back": back, "what": "tests"}, headers=BROWSER).status_code == 422


def test_a_file_is_shown_to_nobody_but_whoever_brought_it() -> None:
    kept = Kept()
    file = kept.put("one", "../../evil name.csv", io.BytesIO(b"a\n1\n"), None)
    assert kept.get(file.id, "one").path.name == "evil name.csv" and file.path.read_bytes() == b"a\n1\n"
    with pytest.raises(Refused) as refused:
        kept.get(file.id, "other")
    assert [d.code for d in refused.value.diagnostics] == ["records-gone"]


def test_a_guide_is_a_document_and_judges_a_product(client: TestClient) -> None:
    page = client.get("/guide?in=CN&subject=vehicle.car&on=2026-11-22").text
    assert "市场指南：中国" in page and '<a href="/standards/GB-T-28382-2012">GB/T 28382-2012</a> 纯电动乘用车' in page and 'href="/standards/GB-36980.1-2025"' in page and "已知适用而不在书架上" in page
    judged = "set=vehicle.category%3DM1&set=vehicle.powertrain%3Dbev"
    assert "这一产品" in client.get(f"/guide?in=CN&subject=vehicle.car&on=2026-11-22&{judged}").text
    empty = client.get("/guide?in=CN-320500&subject=recorder&on=1990-01-01").text
    assert "书架上没有适用于这一市场、这一产品的标准" in empty
    assert client.get("/guide.json?in=CN-32&subject=road").json()["region"] == "CN-32"


def test_the_map_has_levels_gaps_and_the_joint_list(client: TestClient) -> None:
    page, told = client.get("/map").text, client.get("/map.json").json()
    assert f'<span class="big">{len(told["missing"])}</span> 处应有而未见' in page and 'class="lack"' in page
    national = client.get("/map?level=national").text
    assert 'href="/standards/GB-36980.1-2025"' in national
    grid = national.partition('<table class="map">')[2].partition("</table>")[0]
    assert "团" not in "".join(re.findall(r'class="level"[^>]*>([^<]*)', grid)) and "国" in grid
    together = client.get("/map?show=joint").text
    assert "共同实施清单" in together and "互认协议" in together and "苏州" in together
    assert client.get("/map.json?show=joint&in=CN-32").json()["regions"] == ["CN-32"]


def test_a_long_report_is_read_chapter_by_chapter(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = client.get("/map").text
    monkeypatch.setattr(paged, "LONG", 10_000)
    first, last = client.get("/map").text, client.get("/map?part=8").text
    assert len(first) < len(whole) and 'href="/map?part=2#section-2"' in first and 'id="section-1"' in first and 'id="section-2"' not in first
    assert 'id="section-8"' in last and 'id="section-1"' not in last


# beside the comparison


def test_clauses_of_two_sides_are_put_together(client: TestClient) -> None:
    page = read(client, "/compare?with=CN-32&with=CN-33&subject=road.smart&across=yes").text
    assert "4 种组合里有 3 种不成立" in page and "不到 4400 m（按声明的小数位 4398 m）" in page
    nothing = read(client, "/compare?with=GB/T 19056-2012&with=GB/T 19056-2021&across=yes").text
    assert "没有一项检查涉及这些要求" in nothing


def test_real_products_that_change_their_verdict_are_named(client: TestClient) -> None:
    page = "/standards/GB-36980.1-2025/changes?from=财建〔2020〕86号"
    assert "哪些真实产品的结论会改变" in read(client, page).text
    told = read(client, f"{page}&records=sample:vehicles").text
    assert '<span class="big">9</span> 个改变，共 17 个' in told and "示意 丁：旧门槛符合、新限值不符合" in told
    rows: dict[str, Any] = {"file": ("我的.csv", "车辆型号,整备质量(kg),CLTC电能消耗量(kWh/100km)\n示意,1000,9\n".encode("gb18030"))}
    sent = client.post("/coordination/files", files=rows, data={"back": page, "what": "records"}, headers=BROWSER, follow_redirects=False)
    brought = read(client, sent.headers["location"])
    assert brought.status_code == 200 and "共 1 个（我的.csv）" in brought.text
    broken = client.post("/coordination/files", files={"file": ("x.exe", b"MZ")}, data={"back": page, "what": "records"}, headers=BROWSER,
                         follow_redirects=False)  # fmt: skip
    refused = read(client, broken.headers["location"])
    assert refused.status_code == 422 and "format-unknown" in refused.text and "guiju-kept" not in refused.text
