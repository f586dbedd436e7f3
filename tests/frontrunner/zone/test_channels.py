"""What leaves the zone: the credential, badges, codes and feeds, and how a withdrawal reaches all of them."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from frontrunner.zone.conftest import Place
from guiju.frontrunner.credential.certificate import certificate_bytes
from guiju.frontrunner.process.public import certificate_of

HTML = {"accept": "text/html"}
ATOM = "{http://www.w3.org/2005/Atom}"


def at(place: Place, tail: str = "") -> str:
    return f"/frontrunners/certificates/{place.id}{tail}"


def test_the_page_of_a_certificate_gives_the_signed_one_byte_for_byte(standing: Place) -> None:
    answer = standing.client.get(at(standing, "/credential.json"))
    assert answer.content == certificate_bytes(certificate_of(standing.store, standing.id).credential)
    assert answer.headers["content-type"].startswith("application/vc+json")
    page = standing.client.get(at(standing), headers=HTML).text
    for words in ("有效", "示意", "credential.json", "续驶", "640 km", "did:web:evaluator.example", "qr.svg", "/badge?lang=zh"):
        assert words in page, words
    assert standing.client.get("/frontrunners/certificates/none", headers=HTML).status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_badge_of_what_is_not_valid_can_not_be_taken_for_a_valid_one(place: Place, language: str) -> None:
    def badge() -> str:
        return place.client.get(at(place, f"/badge?lang={language}")).text

    valid = badge()
    assert "★★★★" in valid and "✓" in valid and ("示意" in valid or "illustrative" in valid)
    seen = {"valid": valid}
    for act, by, state in (("suspend", "reviewer", "suspended"), ("reinstate", "second", "valid"), ("withdraw", "chief", "withdrawn")):
        place.act(act, by, f"示意：{act}")
        now = badge()
        if state == "valid":
            assert now == valid
            continue
        seen[state] = now
        assert "★" not in now and "✓" not in now and "✗" in now and "stroke-dasharray" in now
        assert {"suspended": ("已暂停", "SUSPENDED"), "withdrawn": ("已撤销", "WITHDRAWN")}[state][language == "en"] in now
    assert len(set(seen.values())) == 3
    for each in seen.values():
        ElementTree.fromstring(each)
        assert not re.search(r"<script|<style|javascript:|\son\w+=", each)


def test_what_others_keep_is_asked_for_again_with_its_tag(place: Place) -> None:
    for tail in ("/badge?lang=zh", "/badge?format=json", "/qr.svg", "/credential.json"):
        first = place.client.get(at(place, tail))
        assert first.headers["cache-control"] == "public, max-age=300, must-revalidate"
        assert first.headers["cross-origin-resource-policy"] == "cross-origin" and first.headers["access-control-allow-origin"] == "*"
        again = place.client.get(at(place, tail), headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    tag = place.client.get(at(place, "/badge?lang=zh")).headers["etag"]
    place.act("withdraw", "chief", "示意：抽查不合格")
    assert place.client.get(at(place, "/badge?lang=zh"), headers={"if-none-match": tag}).status_code == 200


def test_the_code_leads_to_the_public_page(standing: Place) -> None:
    answer = standing.client.get(at(standing, "/qr.svg"))
    assert answer.headers["content-type"] == "image/svg+xml" and f"<title>http://127.0.0.1:8000{at(standing)}</title>" in answer.text
    assert "content-security-policy" in answer.headers


def test_a_withdrawal_reaches_the_page_the_list_the_badge_the_feeds_and_the_claim_check(place: Place) -> None:
    def verdicts() -> list[str]:
        told = place.client.post("/api/v1/frontrunners/claims", json={"text": "甲汽车 J1 是企业标准“领跑者”"}).json()
        return [each["verdict"] for each in told["claims"]]

    before = [json.loads(line) for line in place.client.get("/frontrunners/changes.ndjson").text.splitlines()]
    cursor = place.client.get("/frontrunners/changes.ndjson").headers["next-cursor"]
    assert [each["state"] for each in before] == ["valid"] and verdicts() == ["confirmed"]
    assert place.client.get("/frontrunners.json").json()["total"] == 2
    place.act("withdraw", "chief", "示意：抽查不合格")
    page = place.client.get(at(place), headers=HTML).text
    assert "已撤销" in page and "示意：抽查不合格" in page and "cert-big withdrawn" in page
    status = place.client.get(at(place, "/badge?format=json")).json()
    assert (status["state"], status["valid"], status["level"], status["reason"]) == ("withdrawn", False, None, "示意：抽查不合格")
    assert place.client.get("/frontrunners.json").json()["total"] == 0
    assert place.client.get("/frontrunners.json?show=any").json()["total"] == 2
    assert verdicts() == ["contradicted"]
    after = place.client.get("/frontrunners/changes.ndjson", params={"since": cursor})
    assert [json.loads(line)["state"] for line in after.text.splitlines()][-1] == "withdrawn"
    told = place.client.get("/api/v1/frontrunners/changes", params={"since": cursor}).json()
    assert told["changes"][-1]["reason"] == "示意：抽查不合格" and told["next"] > cursor
    feed = ElementTree.fromstring(place.client.get("/frontrunners/changes.atom").content)
    assert [each.find(f"{ATOM}category").get("term") for each in feed.findall(f"{ATOM}entry")] == ["withdrawn", "valid"]  # type: ignore[union-attr]
    assert len({each.findtext(f"{ATOM}id") for each in feed.findall(f"{ATOM}entry")}) == 2


def test_a_cursor_that_is_no_moment_is_refused(standing: Place) -> None:
    for word in ("never", "2026-13-01", "2026-07-01T00:00:00"):
        answer = standing.client.get("/frontrunners/changes.ndjson", params={"since": word}, headers=HTML)
        assert answer.status_code == 422 and "zone-cursor" in answer.text, word
    assert standing.client.get("/frontrunners/changes.ndjson?since=2099-01-01").text == ""


def test_certificates_are_listed_for_programs(standing: Place) -> None:
    told = standing.client.get("/api/v1/frontrunners/certificates?state=valid").json()
    assert [each["id"] for each in told["certificates"]] == [standing.id] and told["certificates"][0]["page"].endswith(at(standing))
    assert standing.client.get("/api/v1/frontrunners/certificates?state=withdrawn").json()["total"] == 0
    one = standing.client.get(f"/api/v1/frontrunners/certificates/{standing.id}").json()
    assert one["valid"] and [each["model"] for each in one["claims"]["models"]] == ["J1", "J2"] and one["valid_until"] == (date.today() + timedelta(days=365)).isoformat()
    assert standing.client.get("/api/v1/frontrunners/products/cars:p-J1").json()["model"] == "J1"
    assert standing.client.get("/api/v1/frontrunners/products/nobody").status_code == 404
    assert standing.client.get("/api/v1/frontrunners/products?low=abc").status_code == 422
