"""The public pages of the zone, as a browser without an account asks for them."""

from __future__ import annotations

import json

import pytest

from frontrunner.zone.conftest import Place
from guiju.frontrunner.credential.certificate import certificate_bytes
from guiju.frontrunner.process.public import certificate_of

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
