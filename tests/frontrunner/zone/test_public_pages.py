"""The public pages of the zone, as a browser without an account asks for them."""

from __future__ import annotations

import pytest

from certifying import BING, JIA
from frontrunner.zone.conftest import Place

HTML = {"accept": "text/html"}
J1 = "cars:p-J1"


def text(place: Place, path: str, language: str = "zh") -> str:
    answer = place.client.get(path, headers={**HTML, "accept-language": language})
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
    return answer.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_there_for_everybody(standing: Place, language: str) -> None:
    for path in ("/frontrunners", "/frontrunners?show=all", "/frontrunners?q=nothing", f"/frontrunners/products/{J1}", "/frontrunners/claims",
                 f"/frontrunners/certificates/{standing.id}", "/frontrunners/claims?text=x&product=J1"):  # fmt: skip
        assert "<h1>" in text(standing, path, language)


def test_only_what_is_certified_is_listed_at_first_and_no_order_is_claimed(standing: Place) -> None:
    home = text(standing, "/frontrunners")
    assert "J1" in home and "J2" in home and ">Y1<" not in home and "先后没有意义" in home and "示意" in home
    told = standing.client.get("/frontrunners.json").json()
    assert [each["model"] for each in told["products"]] == ["J1", "J2"] and told["total"] == 2
    assert standing.client.get("/frontrunners.json?show=all").json()["total"] == 11


def test_filters_narrow_the_list(standing: Place) -> None:
    def found(query: str) -> list[str]:
        return [each["model"] for each in standing.client.get(f"/frontrunners.json?{query}").json()["products"]]

    assert found("indicator=range_level&level=2") == ["J1", "J2"] and found("indicator=range_level&level=1") == []
    assert found("level=2") == ["J1", "J2"] and found("level=1") == []
    assert found("scheme=bev-cars") == ["J1", "J2"] and found("scheme=other") == []
    assert found("show=all&brand=乙汽车") == ["Y1"] and found("region=CN-31&q=j2") == ["J2"] and found("region=CN-11") == []
    answer = standing.client.get("/frontrunners?from=abc", headers=HTML)
    assert answer.status_code == 422 and "not-a-number" in answer.text


def test_a_product_shows_every_value_with_where_it_is_from_and_both_kinds_of_result_apart(standing: Place) -> None:
    page = text(standing, f"/frontrunners/products/{J1}")
    voluntary, mandatory = page.index("自愿：领跑者证书"), page.index("强制：法规与强制性标准")
    assert voluntary < mandatory and "全部符合" in page[mandatory:] and f"/frontrunners/certificates/{standing.id}" in page[voluntary:mandatory]
    told = standing.client.get(f"/frontrunners/products/{J1}.json").json()
    assert {each["property"]: each["value"] for each in told["values"]}["nev.range.cltc"] == "640"
    assert all(each["cited"] for each in told["values"]) and told["illustrative"]
    none = text(standing, "/frontrunners/products/cars:p-O1")
    assert "没有证书不等于不合格" in none
    gone = standing.client.get("/frontrunners/products/cars:nobody", headers=HTML)
    assert gone.status_code == 404 and "unknown-product" in gone.text


def test_a_certificate_of_several_models_has_the_values_of_each(standing: Place) -> None:
    """Also where one reaches the lower level: nothing of one model is said of another."""
    for model, reach, level in (("J1", "640", 1), ("J2", "610", 2)):
        told = standing.client.get(f"/frontrunners/products/cars:p-{model}.json").json()
        own = {each["property"]: each for each in told["values"] if each["origin"] == "certificate"}
        assert own["nev.range.cltc"]["value"] == reach and own["nev.range.cltc"]["cited"] == standing.id
        assert told["certificates"][0]["levels"]["consumption_level"] == level
        page = text(standing, f"/frontrunners/certificates/{standing.id}")
        assert f"{reach} km" in page
    state = standing.client.get(f"/frontrunners/certificates/{standing.id}/badge?format=json").json()
    assert [each["model"] for each in state["by_model"]] == ["J1", "J2"]
    assert standing.client.get(f"/frontrunners/certificates/{standing.id}/badge?model=J2").status_code == 200
    assert standing.client.get(f"/frontrunners/certificates/{standing.id}/badge?model=J9").status_code == 422
    checked = standing.client.post("/api/v1/frontrunners/claims", json={"text": "J2 CLTC续航640km"}).json()
    assert [each["verdict"] for each in checked["claims"]] == ["contradicted"]


def test_an_enterprise_stands_beside_its_peers_in_shares_and_bands_and_never_in_an_order(standing: Place) -> None:
    told = standing.client.get(f"/frontrunners/enterprises/{JIA}.json").json()
    by_name = {each["indicator"]["zh"]: each for each in told["positions"]}
    reach = by_name["续驶"]
    assert (reach["models"], reach["peers"], reach["says"]["en"]) == (2, 9, "leads")
    assert reach["better_than"]["most"] == 1 and reach["better_than"]["least"] == pytest.approx(8 / 9)  # Y1 has 610 km too
    assert (reach["values"]["worst"], reach["values"]["best"], reach["values"]["median_of_peers"]) == ("610", "640", "530")
    page = text(standing, f"/frontrunners/enterprises/{JIA}")
    assert page.count("<svg") >= 2 and "不排名次" in page and "领先" in page
    lagging = standing.client.get(f"/frontrunners/enterprises/{BING}.json").json()
    assert {each["says"]["en"] for each in lagging["positions"]} == {"lags"}
    gone = standing.client.get("/frontrunners/enterprises/none", headers=HTML)
    assert gone.status_code == 404 and "zone-no-enterprise" in gone.text


def test_a_region_has_what_is_in_it(standing: Place) -> None:
    told = standing.client.get("/frontrunners/clusters/CN-31.json").json()
    assert (len(told["enterprises"]), told["products"], told["certified_products"], told["certificates"]) == (10, 11, 2, {"valid": 1})
    assert "没有这个地区的企业" in text(standing, "/frontrunners/clusters/CN-32")
    assert standing.client.get("/frontrunners/clusters/Atlantis", headers=HTML).status_code in (404, 422)


def test_a_text_is_checked_and_its_places_marked(standing: Place) -> None:
    said = "甲汽车 J1，CLTC续航640km，CLTC电耗12 kWh/100km，行业第一。<script>alert(1)</script>"
    page = standing.client.post("/frontrunners/claims", data={"text": said}, headers=HTML).text
    assert 'class="claim confirmed"' in page and 'class="claim contradicted"' in page and 'class="claim unverifiable"' in page
    assert "文中为 12 kWh/100km；企业声明 10.5 kWh/100km" in page and "Q/JIA 001-2026" in page and "<script>alert" not in page
    none = standing.client.post("/frontrunners/claims", data={"text": "  "}, headers=HTML)
    assert none.status_code == 422 and "zone-no-text" in none.text
    unknown = standing.client.post("/frontrunners/claims", data={"text": "续航", "product": "没有"}, headers=HTML)
    assert unknown.status_code == 422 and "zone-no-product" in unknown.text


def test_a_feed_is_checked_paged_and_taken_away(standing: Place) -> None:
    rows = "编号,产品编号,文案\n" + "".join(f"a{n},p-J1,=CLTC续航{600 + n}km\n" for n in range(60))
    sent = standing.client.post("/frontrunners/claims", files={"file": ("../../广告.csv", rows.encode("gbk"))}, headers=HTML, follow_redirects=False)
    assert sent.status_code == 303
    place = sent.headers["location"]
    page = text(standing, place)
    assert "60 条文案" in page and "第 1 页，共 3 页" in page and 'id="row-25"' in page
    good = text(standing, f"{place}?verdict=confirmed")
    assert 'id="row-41"' in good and 'id="row-1"' not in good
    table = standing.client.get(f"{place}/table.csv")
    assert table.text.startswith("\ufeff行,编号,说法") and len(table.text.splitlines()) == 61 and "a40" in table.text
    assert len(standing.client.get(f"{place}/table.json").json()) == 60
    assert standing.client.get(f"{place}/table.exe", headers=HTML).status_code == 422
    assert standing.client.get("/frontrunners/claims/none", headers=HTML).status_code == 410


def test_what_is_wrong_with_a_feed_is_told(standing: Place) -> None:
    def sent(name: str, content: bytes) -> tuple[int, str]:
        answer = standing.client.post("/frontrunners/claims", files={"file": (name, content)}, headers=HTML)
        return answer.status_code, answer.text

    for name, content, code in (("a.csv", "甲,乙\n1,2\n".encode(), "zone-feed-columns"), ("a.exe", b"MZ", "format-unknown"),
                                ("a.csv", "文案\n".encode() + "续航\n".encode() * 10_001, "zone-feed-long"),
                                ("a.csv", "文案\n".encode(), "zone-feed-empty")):  # fmt: skip
        status, told = sent(name, content)
        assert status == 422 and code in told, (name, told[:500])
        assert "/tmp/" not in told
