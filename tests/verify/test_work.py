"""Dossiers and studies kept in the store: asked for on pages, over HTTP and as a job, and made again with the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api_clients import Bench, bench
from guiju.app import kinds
from guiju.base.diagnostics import Refused
from guiju.standard.shelf import Shelf
from guiju.store.editions import make_shelf, publish
from guiju.store.jobs import job_of, jobs
from guiju.store.replay import replay
from guiju.store.results import Request, Result, result_of
from guiju.store.sets import record_sets
from guiju.store.worker import Worker
from guiju.verify.dossier.assembled import Given, twin, verify_standard
from guiju.verify.keep_pages import _text
from guiju.verify.work import PACKED, dossier, exact, study

GB, WHO = "GB 36980.1-2025", "evaluator-at-first"
URL = "/standards/GB-36980.1-2025/verification"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
VERIFY = EXAMPLES / "verify"
PAGE = {"accept": "text/html", "accept-language": "en"}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path / "store", whole=True, per_minute=1_000_000) as found:
        path = Shelf().locate(GB)
        assert path is not None
        publish(found.store, Shelf(), path, make_shelf(found.store, "shipped", "test"), "test")
        yield found


def post(made: Bench, path: str, who: str = WHO, **given: object) -> httpx.Response:
    return made.client.post(path, headers={**PAGE, **made.by(who)}, follow_redirects=False, **given)  # type: ignore[arg-type]


def done(made: Bench, answer: httpx.Response) -> Result:
    """The result of the job that was asked for, once it has been made again and came out the same."""
    assert answer.status_code == 303 and answer.headers["location"].startswith("/jobs/"), answer.text
    Worker(made.store, kinds()).drain()
    job = job_of(made.store, answer.headers["location"].removeprefix("/jobs/"))
    assert job.state == "done" and job.result is not None, job.failure
    again = replay(made.store, job.result, kinds())
    assert again.same and not again.differing
    return result_of(made.store, job.result)


def brought(made: Bench) -> str:
    files = {"study": VERIFY / "consumption.study.yaml", "results": VERIFY / "study.csv", "exclusions": VERIFY / "exclusions.yaml",
             "records": EXAMPLES / "vehicles.csv", "mapping": EXAMPLES / "vehicles.mapping.yaml"}  # fmt: skip
    answer = post(made, URL, files={part: (path.name, path.read_bytes()) for part, path in files.items()})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_dossier_with_what_was_brought_is_kept_and_made_again(made: Bench) -> None:
    held = done(made, post(made, f"{brought(made)}/keep?on=2026-11-22&lang=en"))
    body = json.loads(held.body)
    assert held.kind == "dossier" and held.standards[0]["number"] == GB and held.data_hash == record_sets(made.store)[0].sha256
    assert body["illustrative"] and {Path(each.path).suffix for each in held.files} == {".html", ".pdf"}
    names = {name for name, _ in body["twin"]["files"]}
    assert names >= {"consumption.study.yaml", "study.csv", "exclusions.yaml", "vehicles.parquet", "mapping.yaml"}
    study_yaml, cars = VERIFY / "consumption.study.yaml", EXAMPLES / "vehicles.csv"
    direct, _ = verify_standard(Shelf(), Given(GB, (study_yaml,), (cars,), (cars.with_name("vehicles.mapping.yaml"),), steps=1_000_000, seconds=120))
    told = json.loads(json.dumps(exact(twin(direct))))
    assert told["evidence"] == body["twin"]["evidence"] and told["conclusions"] == body["twin"]["conclusions"], "the figures of guiju verify standard"
    page = made.client.get(f"/results/{held.id}", headers={**PAGE, **made.by(WHO)})
    assert page.status_code == 200 and "pass after change" in page.text and "made-up figures" in page.text


def test_the_text_alone_is_kept_too_and_over_http(made: Bench) -> None:
    held = done(made, post(made, f"{URL}/keep"))
    assert held.data_hash is None and json.loads(held.body)["twin"]["studies"] == []
    arguments = {"studies": {"c.yaml": (VERIFY / "consumption.study.yaml").read_text("utf-8")}, "language": "en", "forms": "md",
                 "files": {n: (VERIFY / n).read_text("utf-8") for n in ("study.csv", "exclusions.yaml")}}  # fmt: skip
    asked = {"kind": "dossier", "standards": [GB], "arguments": arguments}
    answer = made.client.post("/api/v1/jobs", json=asked, headers=made.by(WHO))
    assert answer.status_code == 202, answer.text
    Worker(made.store, kinds()).drain()
    job = made.client.get(f"/api/v1/jobs/{answer.json()['id']}", headers=made.by(WHO)).json()
    assert job["state"] == "done", job["failure"]
    found = made.client.post(f"/api/v1/results/{job['result']}/replay", headers=made.by(WHO)).json()
    assert found["same"]


def test_a_study_and_a_round_are_kept_with_all_that_the_address_asks(made: Bench) -> None:
    asked = "?example=study&lang=en&edition=GB/T 6379.2-2004&xlab=5&xlevel=示意 C&xreplicate=2&xreason=a slip&xby=who&xon=2026-11-20"
    held = done(made, post(made, f"/verify/study/keep{asked}"))
    body = json.loads(held.body)
    page = made.client.get(f"/verify/study.json{asked}", headers=made.by(WHO)).json()
    for each in (body["figures"], exact(page)):
        each.pop("file", None), each.pop("sha256", None)
    assert body["illustrative"] and body["topic"] == "precision" and held.standards == ()
    theirs = exact(page)["studies"][0]["kept"]["levels"]
    assert body["figures"]["studies"][0]["kept"]["levels"] == theirs and theirs[2]["N"] in (23, "23", "23.0")
    shown = made.client.get(f"/results/{held.id}", headers={**PAGE, **made.by(WHO)}).text
    assert "Both results" in shown or "kept" in shown
    round_ = done(made, post(made, "/verify/proficiency/keep?example=round&score=z'"))
    assert json.loads(round_.body)["topic"] == "proficiency" and round_.body != held.body


def test_what_cannot_be_kept_is_said_at_once_and_nothing_is_kept(made: Bench) -> None:
    for path, code in (("/verify/study/keep", "records-not-given"), ("/verify/study/keep?example=study&edition=none", "unknown-word"),
                       ("/verify/proficiency/keep?example=round&score=zeta", "round"), (f"{URL}/none/keep", "records-gone"),
                       ("/standards/GB-46519-2025/verification/keep", "unknown-edition")):  # fmt: skip
        answer = post(made, path)
        assert answer.status_code in (404, 410, 422) and code in answer.text, (path, answer.status_code)
    assert post(made, "/verify/study/keep?example=study", who="auditor-at-first").status_code == 403
    assert jobs(made.store) == [] and record_sets(made.store) == []


def test_files_of_arguments_are_names_and_texts(made: Bench, tmp_path: Path) -> None:
    bad = {"studies": {"../a.yaml": "x", "ok.yaml": "study: {}"}, "files": {"b\\c.csv": "", "d.xlsx": f"{PACKED}!!", "..": ""}}
    with pytest.raises(Refused) as refused, dossier(made.store, Request("dossier", (GB,), None, bad)):
        raise AssertionError("it is refused before there is work")
    assert sorted(d.code for d in refused.value.diagnostics) == ["work-file-name"] * 3 + ["work-file-text"]
    with pytest.raises(Refused) as refused, study(made.store, Request("study", (GB,), None, {})):
        raise AssertionError("a study is of records and of no standard")
    assert {d.code for d in refused.value.diagnostics} == {"request-editions", "request-records"}
    packed = tmp_path / "a.xlsx"
    packed.write_bytes(b"PK\x03\x04\x00\xff")
    assert _text(packed).startswith(PACKED) and not _text(VERIFY / "study.csv").startswith(PACKED)
    assert exact({"a": [0.1, 1, None, "x", True]}) == {"a": ["0.1", 1, None, "x", True]}
