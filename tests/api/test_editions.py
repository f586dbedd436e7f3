"""Editions over HTTP: published by authors, seen by those who may, judged by for ever."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api_clients import Bench, bench
from guiju.standard.shelf import Shelf

CAR = {"category": "M1", "powertrain": "bev", "max_mass": 2200, "curb_mass": 1780, "consumption": "13.93"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("store"), per_minute=1_000_000) as found:
        yield found


def text_of(number: str) -> tuple[str, str]:
    path = Shelf().locate(number)
    assert path is not None
    return (path / "standard.yaml").read_text(encoding="utf-8"), (path / "examples.yaml").read_text(encoding="utf-8")


def ours() -> dict[str, object]:
    document, examples = text_of("GB 36980.1-2025")
    return {"document": document.replace("GB 36980.1-2025", "Q/EX 1-2025"), "examples": examples}


def test_an_author_publishes_for_their_organisation_and_nobody_else_sees_it(made: Bench) -> None:
    new = made.client.post("/api/v1/editions", json=ours(), headers=made.by("author-at-first"))
    assert new.status_code == 201, new.text
    id_ = new.json()["id"]
    again = made.client.post("/api/v1/editions", json=ours(), headers=made.by("author-at-first"))
    assert again.status_code == 200 and again.json()["id"] == id_, "the same text is not published twice"
    for headers, status in ((made.by("evaluator-at-first"), 200), (made.by("author-at-other"), 404), ({}, 404)):
        assert made.client.get(f"/api/v1/editions/{id_}", headers=headers).status_code == status
        assert made.client.get("/api/v1/editions/Q EX 1-2025/text", headers=headers).status_code == status
        judged = made.client.post(f"/api/v1/editions/{id_}/evaluate", json={"record": CAR}, headers=headers)
        assert judged.status_code == status and (status != 200 or judged.json()["verdicts"]["R1"] == "fail")
        listed = made.client.get("/api/v1/editions", headers=headers).json()["editions"]
        assert ("Q/EX 1-2025" in [each["number"] for each in listed]) == (status == 200)
        job = {"kind": "proof", "standards": [id_], "arguments": {"question": "satisfiable"}}
        if headers:
            assert made.client.post("/api/v1/jobs", json=job, headers=headers).status_code == (202 if status == 200 else 404)


def test_two_organisations_may_have_a_number_each_of_their_own(made: Bench) -> None:
    body = ours()
    body["document"] = str(body["document"]).replace("Q/EX 1-2025", "Q/BOTH 1-2025")
    first = made.client.post("/api/v1/editions", json=body, headers=made.by("author-at-first")).json()["id"]
    second = made.client.post("/api/v1/editions", json=body, headers=made.by("author-at-other")).json()["id"]
    assert first != second
    for who, wanted in (("author-at-first", first), ("author-at-other", second)):
        assert made.client.get("/api/v1/editions/QBOTH 1-2025", headers=made.by(who)).json()["id"] == wanted


def test_what_is_wrong_is_not_published_and_is_told_with_its_place(made: Bench) -> None:
    body = ours()
    body["document"] = str(body["document"]).replace("curb_mass", "curb_mas", 1)
    found = made.client.post("/api/v1/editions", json=body, headers=made.by("author-at-first"))
    assert found.status_code == 422 and "guiju-publish-" not in found.text
    assert any(each["where"] and each["where"]["file"] == "standard.yaml" for each in found.json()["diagnostics"])
    other = ours()
    other["document"] = str(other["document"]).replace("13.92", "13.91")
    clash = made.client.post("/api/v1/editions", json=other, headers=made.by("author-at-first"))
    assert clash.status_code in (409, 422), "another text under the same number and edition"


def test_the_list_is_paged(made: Bench) -> None:
    by, seen, after = made.by("author-at-first"), [], ""
    while True:
        page = made.client.get("/api/v1/editions", params={"limit": 1, "after": after}, headers=by).json()
        seen += [each["number"] for each in page["editions"]]
        after = page["next"]
        if after is None:
            break
    assert seen == sorted(seen) and len(seen) >= 3
