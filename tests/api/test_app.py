"""The application before any page: health, headers, problems, whom it lets in."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from fastapi.testclient import TestClient

from api_clients import LOCAL, client
from guiju.api.app import create_app
from guiju.api.settings import Settings


def test_it_lives_and_is_ready() -> None:
    with client() as asked:
        assert asked.get("/healthz").json() == {"status": "ok"}
        assert asked.get("/readyz").json()["standards"] > 10
        assert 'guiju_requests_total{method="GET",route="/readyz",status="200"} 1.0' in asked.get("/metrics").text


def test_every_answer_has_an_id_and_the_headers_that_keep_a_page_to_itself() -> None:
    with client() as asked:
        found = asked.get("/nowhere")
        assert found.status_code == 404 and found.headers["content-type"] == "application/problem+json"
        assert found.json()["request_id"] == found.headers["x-request-id"]
        assert "default-src 'self'" in found.headers["content-security-policy"] and "unsafe" not in found.headers["content-security-policy"]
        assert asked.get("/healthz", headers={"x-request-id": "given-by-proxy"}).headers["x-request-id"] == "given-by-proxy"
        assert asked.get("/healthz", headers={"x-request-id": "<script>"}).headers["x-request-id"] != "<script>"


def test_problems_are_told_in_the_language_asked_for() -> None:
    with client() as asked:
        assert asked.get("/nowhere", headers={"accept-language": "fr, en;q=0.8, zh;q=0.5"}).json()["detail"] == "there is no /nowhere"
        assert asked.get("/nowhere?lang=zh", headers={"accept-language": "en"}).json()["detail"] == "没有 /nowhere"


def test_where_nobody_signs_in_no_other_name_than_this_machines_is_answered() -> None:
    with client(base="http://rebound.example:8000") as asked:
        assert asked.get("/healthz").status_code == 403


def test_a_route_without_a_permission_is_refused_at_the_start() -> None:
    router = APIRouter()
    router.add_api_route("/forgotten", lambda: None)
    try:
        create_app(Settings(), [router])
    except AssertionError as error:
        assert "GET /forgotten" in str(error)
    else:
        raise AssertionError("it started")


def test_pages_are_packed_for_who_takes_it_and_nothing_else_is() -> None:
    pages = APIRouter()

    @pages.get("/compare", response_class=HTMLResponse)
    def long() -> str:
        return "<p>规矩</p>" * 1_000

    @pages.get("/editions", response_class=HTMLResponse)
    def short() -> str:
        return "<p>规矩</p>"

    with TestClient(create_app(Settings(), [pages]), base_url=LOCAL) as asked:
        packed, plain = (asked.get("/compare", headers={"accept-encoding": way}) for way in ("br, gzip", "identity"))
        assert packed.headers["content-encoding"] == "gzip" and int(packed.headers["content-length"]) < 1_000
        assert "content-encoding" not in plain.headers and packed.text == plain.text and len(plain.content) > 10_000
        assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
        for path in ("/editions", "/openapi.json", "/metrics"):
            assert "content-encoding" not in asked.get(path, headers={"accept-encoding": "gzip"}).headers
        assert asked.head("/compare").status_code == 405
