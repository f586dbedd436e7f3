"""Reading, checking and judging over HTTP, beside what the command line says of the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api_clients import LOCAL, client
from guiju.base.diagnostics import Problems
from guiju.ir.record import admit
from guiju.readings.evaluate import evaluate
from guiju.readings.examples import examine
from guiju.readings.explain import as_json, explain
from guiju.readings.render import render
from guiju.records.bulk import programs
from guiju.standard.shelf import Shelf

CAR = {"category": "M1", "powertrain": "bev", "max_mass": 2200, "curb_mass": 1780, "consumption": "13.93"}
NAME = "/api/v1/standards/GB-36980.1-2025"


@pytest.fixture(scope="module")
def asked() -> Iterator[TestClient]:
    with client() as made:
        yield made


def test_the_list_is_searched_filtered_and_paged(asked: TestClient) -> None:
    everything = asked.get("/api/v1/standards", params={"limit": 500}).json()
    assert everything["next"] is None and everything["total"] == len(everything["standards"]) > 20
    seen, cursor = [], None
    while True:
        page = asked.get("/api/v1/standards", params={"limit": 7, **({"cursor": cursor} if cursor else {})}).json()
        seen += [each["number"] for each in page["standards"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [each["number"] for each in everything["standards"]]
    for params in ({"q": "gb/t19056"}, {"issuer": "gb"}, {"subject": "vehicle"}, {"region": "CN"}, {"in_force": "2026-06-01"}):
        assert 0 < asked.get("/api/v1/standards", params=params).json()["total"] < everything["total"], params
    assert asked.get("/api/v1/standards", params={"cursor": "nonsense"}).status_code == 422


def test_one_standard_is_data_with_sources_and_an_etag(asked: TestClient) -> None:
    found = asked.get(NAME)
    body = found.json()
    assert body["number"] == "GB 36980.1-2025" and body["clauses"][0]["grades"] == ["B"]
    assert {each["id"] for each in body["sources"]} >= set(body["clauses"][0]["sources"])
    assert body["content_hash"] == programs(Shelf(), ["GB 36980.1-2025"], None)[0].content_hash
    assert asked.get(NAME, headers={"if-none-match": found.headers["etag"]}).status_code == 304
    assert asked.get(NAME, headers={"if-none-match": '"other"'}).status_code == 200


def test_the_text_and_the_document_are_those_of_the_command_line(asked: TestClient) -> None:
    shelf = Shelf()
    path = shelf.locate("GB 36980.1-2025")
    assert path is not None
    assert asked.get(f"{NAME}/text").text == (path / "standard.yaml").read_text(encoding="utf-8")
    (program,) = programs(shelf, ["GB 36980.1-2025"], None)
    assert asked.get(f"{NAME}/document", params={"lang": "en"}).text == render(program, "en")
    page = asked.get(f"{NAME}/document", params={"lang": "zh", "form": "html"})
    assert page.text == render(program, "zh", "html") and "sandbox" in page.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "standards/gb/GB-36980.1-2025", "~", "GB 99999"])
def test_a_name_is_never_a_path_of_this_machine(asked: TestClient, name: str) -> None:
    assert asked.get(f"/api/v1/standards/{name}").status_code == 404
    assert asked.post("/api/v1/diff", json={"older": name, "newer": str(Path(__file__).resolve())}).status_code in (404, 422)


def test_one_record_gets_the_verdicts_and_the_explanation_of_the_core(asked: TestClient) -> None:
    (program,) = programs(Shelf(), ["GB 36980.1-2025"], None)
    evaluation = evaluate(program, admit(program.inputs, CAR, Problems()))
    body = asked.post(f"{NAME}/evaluate", json={"record": CAR}, headers={"accept-language": "en"}).json()
    assert body["verdicts"] == {no: verdict.value for no, verdict in evaluation.verdicts.items()}
    assert body["explanation"] == json.loads(json.dumps(as_json(explain(evaluation, "en"))))
    assert asked.post(f"{NAME}/evaluate", json={"record": CAR, "explain": False}).json()["explanation"] is None


@pytest.mark.parametrize("written", ["13.93", "13.92", "13.920"])
def test_a_number_in_json_is_taken_exactly_as_it_is_written(asked: TestClient, written: str) -> None:
    body = json.dumps({"record": {**CAR, "consumption": "@"}}).replace('"@"', written)
    as_number = asked.post(f"{NAME}/evaluate", content=body, headers={"content-type": "application/json"}).json()
    as_text = asked.post(f"{NAME}/evaluate", json={"record": {**CAR, "consumption": written}}).json()
    assert as_number == as_text
    assert as_number["verdicts"]["R1"] == ("fail" if written == "13.93" else "pass")


def test_a_digit_too_many_is_refused_and_not_rounded_away(asked: TestClient) -> None:
    body = json.dumps({"record": {**CAR, "consumption": "@"}}).replace('"@"', "13.920000000000000001")
    found = asked.post(f"{NAME}/evaluate", content=body, headers={"content-type": "application/json"})
    assert found.status_code == 422 and [d["code"] for d in found.json()["diagnostics"]] == ["input-too-fine"]


@pytest.mark.parametrize("body", [
    b"{", b'{"record": NaN}', b'{"record": {"a": Infinity}}', b'{"record": {"a": 1, "a": 2}}', b'{"record": {"a": "\\ud800"}}', b'{"record": {"a": "\\u0000"}}', b"\xff", b"[]", b"",
    b'{"record": {}, "other": 1}', b'{"record": {}, "corrected": 1}', b'{"record": {}, "on": 20260101}', b'{"record": {}, "on": "soon"}',
    b'{"record": {"consumption": true}}', b'{"record": {"a": ' + b"[" * 3000 + b"]" * 3000 + b"}}", b'{"record": {"a": 1e999999999}}',
    b'{"record": {"a": ' + b"9" * 10_000 + b"}}",
])  # fmt: skip
def test_what_is_no_request_is_a_problem_with_diagnostics(asked: TestClient, body: bytes) -> None:
    found = asked.post(f"{NAME}/evaluate", content=body, headers={"content-type": "application/json"})
    assert found.status_code == 422, found.text
    assert found.headers["content-type"] == "application/problem+json" and found.json()["diagnostics"]


def test_checking_says_what_the_command_line_says(asked: TestClient, tmp_path: Path) -> None:
    shelf = Shelf()
    path = shelf.locate("GB/T 19056-2021")
    assert path is not None
    text, examples = ((path / name).read_text(encoding="utf-8") for name in ("standard.yaml", "examples.yaml"))
    clean = asked.post("/api/v1/check", json={"document": text, "examples": examples}).json()
    assert clean["errors"] == 0 and clean["examples"] > 0 and clean["content_hash"] == shelf.open(path).standard.content_hash  # type: ignore[union-attr]
    wrong = text.replace("h\n", "kg\n").replace("title:", "titel:", 1)
    (tmp_path / "standard.yaml").write_text(wrong, encoding="utf-8")
    (tmp_path / "examples.yaml").write_text(examples, encoding="utf-8")
    _, _, problems = examine(shelf, tmp_path)
    told = asked.post("/api/v1/check", json={"document": wrong, "examples": examples}).json()["diagnostics"]
    wanted = json.loads(json.dumps([each.as_json() for each in problems.found]).replace(f"{tmp_path}/", ""))
    assert told == wanted and any(each["severity"] == "error" and each["where"]["file"] == "standard.yaml" for each in told)
    assert "guiju-check-" not in json.dumps(told)


def test_a_checked_text_is_not_kept(asked: TestClient) -> None:
    before = dict(asked.app.state.shelf._opened)  # type: ignore[attr-defined]
    asked.post("/api/v1/check", json={"document": "guiju: 1\nstandard: {number: Q/EX 1}\n"})
    assert asked.app.state.shelf._opened.keys() == before.keys()  # type: ignore[attr-defined]
    assert asked.get("/api/v1/standards/Q-EX-1").status_code == 404


def test_records_stream_through_line_by_line(asked: TestClient) -> None:
    lines = [json.dumps({"key": f"car {n}", **CAR, "consumption": "13.92" if n % 2 else "13.93"}) for n in range(1000)]
    lines[10], lines[20], lines[30] = "{", "", json.dumps({**CAR, "consumption": -1})
    found = asked.post(f"{NAME}/evaluate-many", content="\n".join(lines), headers={"content-type": "application/x-ndjson"})
    *answers, last = [json.loads(line) for line in found.text.splitlines()]
    assert len(answers) == 999 and last["summary"]["records"] == 998 and last["summary"]["unusable_lines"] == 1
    told = {each["line"]: each for each in answers}
    assert told[1]["overall"] == "fail" and told[2]["overall"] == "pass" and told[2]["key"] == "car 1"
    assert told[11]["diagnostics"][0]["code"] == "request-not-json" and 21 not in told
    assert told[31]["overall"] == "undetermined" and told[31]["missing"] == ["consumption"]
    assert told[31]["diagnostics"][0]["code"] == "input-out-of-range"


def test_however_a_stream_is_cut_the_lines_are_the_same(asked: TestClient) -> None:
    text = "\n".join(json.dumps({"key": "车", **CAR, "note": None}) for _ in range(5)).encode()
    whole = asked.post(f"{NAME}/evaluate-many", content=text).text
    for size in (1, 7, 100):
        pieces = (text[at : at + size] for at in range(0, len(text), size))
        assert asked.post(f"{NAME}/evaluate-many", content=pieces).text == whole


def test_questions_about_every_record_are_answered_with_a_witness(asked: TestClient) -> None:
    found = asked.post("/api/v1/prove/satisfiable", json={"standards": ["GB 36980.1-2025"]}).json()
    assert found["answers"][0]["answer"] == "proved" and found["answers"][0]["witness"]["verdicts"][0]["overall"] == "pass"
    assert asked.post("/api/v1/prove/nonsense", json={"standards": ["GB 36980.1-2025"]}).status_code == 422
    assert asked.post("/api/v1/prove/stricter", json={"standards": ["GB 36980.1-2025"]}).json()["diagnostics"][0]["code"] == "prove-standards"


def test_editions_and_sides_are_compared_as_on_the_command_line(asked: TestClient) -> None:
    found = asked.post("/api/v1/diff", json={"older": "GB/T 19056-2012", "newer": "GB/T 19056-2021"}).json()
    assert found["counts"]["new"] == 2 and found["rows"]
    matrix = asked.post("/api/v1/compare", json={"sides": ["GB/T 19056-2012", "GB/T 19056-2021"]}).json()
    assert {cell["relation"] for row in matrix["rows"] for cell in row["cells"]} >= {"measure", "stricter"}


def test_it_is_reached_by_this_machine_only_through_its_own_names() -> None:
    with client() as here:
        elsewhere = {"origin": "http://evil.example", "sec-fetch-site": "cross-site"}
        assert here.post("/api/v1/check", json={"document": ""}, headers=elsewhere).status_code == 403
        assert here.post("/api/v1/check", json={"document": ""}, headers={"origin": "http://evil.example"}).status_code == 403
        assert here.post("/api/v1/check", json={"document": ""}, headers={"origin": LOCAL}).status_code == 200
