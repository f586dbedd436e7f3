"""Cycles and certificates over HTTP, on pages and on the command line: the same acts, with the same refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from fastapi.testclient import TestClient

from api_clients import BROWSER, client
from certifying import BING, DOCUMENTS, JIA, STANDARDS, YI, Clock, People, board, library_folder, people, rows, shelf, signer
from frontrunner_certificates import DID
from guiju.api.settings import Settings
from guiju.app import PARTS
from guiju.cli.main import build
from guiju.frontrunner.credential import multibase
from guiju.frontrunner.credential.office import VARIABLE
from guiju.frontrunner.library.kept import bring
from guiju.frontrunner.process.public import certificates, lists
from guiju.store.database import Store

ROOT = "/api/v1/frontrunners"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def made(tmp_path: Path, clock: Clock) -> Iterator[tuple[TestClient, People]]:
    with client(Settings(data=tmp_path, login=True, jobs=False, per_minute=1_000_000), whole=True) as found:
        store: Store = replace(found.app.state.store, clock=clock)  # type: ignore[attr-defined]
        found.app.state.store = store  # type: ignore[attr-defined]
        of = people(store)
        bring(store, "cars", library_folder(), shelf().dictionary, "test")
        yield found, of
        store.close()


@pytest.fixture
def issuers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of an issuer whose key lies beside it."""
    from cryptography.hazmat.primitives import serialization as pem

    key = tmp_path / "key.pem"
    key.write_bytes(signer(1).key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()))
    file = tmp_path / "issuers.yaml"
    public = multibase.multikey(signer(1).public)
    file.write_text(f"guiju: 1\nissuers:\n- did: {DID}\n  zh: 示意\n  en: illustrative\n  illustrative: true\n  keys:\n"
                    f"  - {{name: key-1, public: {public}, file: key.pem}}\n", encoding="utf-8")  # fmt: skip
    monkeypatch.setenv(VARIABLE, str(file))
    return file


def table(*models: str) -> str:
    given = rows(*models)
    return "\n".join([",".join(given[0]), *(",".join(row.values()) for row in given)])


def test_a_whole_course_over_http(made: tuple[TestClient, People], clock: Clock, monkeypatch: pytest.MonkeyPatch, request: Any) -> None:
    web, of = made
    monkeypatch.delenv(VARIABLE, raising=False)

    def ask(method: str, path: str, by: str = "", status: int = 200, **sent: Any) -> Any:
        headers = {"authorization": f"Bearer {of.keys[by]}"} if by else {}
        found = web.request(method, f"{ROOT}{path}", headers=headers, **({"json": sent} if method == "POST" else {}))
        assert found.status_code == status, found.text
        return found.json()

    first = ask("POST", "/cycles", "author", 201, scheme="bev-cars", reason="示意")
    ask("POST", "/cycles", "author", 409, scheme="bev-cars", reason="再来")
    at = f"/cycles/{first['id']}"

    def step(act: str, by: str, status: int = 200, **said: Any) -> Any:
        return ask("POST", f"{at}/steps", by, status, act=act, **said)

    ask("GET", at, "outsider", 404)
    step("publish", "chief", 409)
    step("fix", "author", 403, days=10, opinion="x")
    step("fix", "operator", 422, days=0, opinion="")
    assert step("fix", "operator", days=10, opinion="列入")["state"] == "fixed"
    assert ask("GET", at)["possible"] == [] and ask("GET", "/cycles")["cycles"][0]["state"] == "fixed"
    step("apply", "evaluator", standard="T/GUIJU 701-2026", plan="比对")
    step("review", "reviewer", application=1, opinion="可行")
    step("compare", "torn", 403, result=board(of.store))
    step("compare", "evaluator", 404, result="none")
    step("compare", "evaluator", result=board(of.store))
    found = step("shortlist", "evaluator")
    number = {each["enterprise"]: each["number"] for each in found["entries"]}
    assert set(number) == {JIA, YI} and ask("GET", at)["entries"] == [] and len(ask("GET", at, "jia")["entries"]) == 1
    step("undertake", "jia", entry=number[JIA], text="示意", documents=DOCUMENTS)
    step("undertake", "yi", 403, entry=number[JIA], text="示意", documents=DOCUMENTS)
    assert step("publicise", "operator", text="公示")["state"] == "publicity" and len(ask("GET", at)["entries"]) == 2
    step("object", "bing", entry=number[JIA], ground="示意：看不懂")
    assert ask("GET", at)["objections"][0]["ground"] == ""
    clock.later(10)
    step("publish", "chief", 422)
    step("dismiss", "second", objection=1, reason="示意：已说明")
    assert step("publish", "chief")["state"] == "published" and [e.enterprise for e in lists(of.store)[0].entries] == [JIA]

    asked = {"scheme": "bev-cars", "library": "cars", "enterprise": JIA, "standard": STANDARDS[JIA][0], "edition": "2026", "undertaking": "示意"}
    ask("POST", "/certificates", "jia", 422, **{**asked, "models": ["J9"]})
    ask("POST", "/certificates", "yi", 403, **asked)
    one = ask("POST", "/certificates", "jia", 201, **asked)
    at = f"/certificates/{one['id']}"
    ask("GET", f"{at}/process", "yi", 404)
    step("evidence", "jia", table=table("J1", "J2"), illustrative=True)
    assert step("evaluate", "assessor", rule="guard")["evaluated"]["board"]["front_runner"]
    step("grant", "assessor", 403, reason="x", valid_from="2041-02-01", valid_until="2042-01-31", every_months=6)
    step("grant", "reviewer", reason="示意：符合", valid_from="2041-02-01", valid_until="2042-01-31", every_months=6)
    refused = step("issue", "operator", 409)
    assert refused["diagnostics"][0]["code"] == "frontrunner-no-issuer"
    request.getfixturevalue("issuers")
    assert step("issue", "operator")["state"] == "valid" and certificates(of.store)[0].illustrative
    assert step("surveil", "assessor", due="2041-08-01", outcome="pass", text="示意")["overdue"] == []
    assert step("withdraw", "second", reason="示意")["state"] == "withdrawn"

    batch = {**{name: asked[name] for name in ("scheme", "library", "undertaking")}, "lines": [{"enterprise": JIA, "standard": "Q/JIA 001", "edition": "2026"}]}
    assert ask("POST", "/certificates/batch", "jia", **batch)["applications"][0]["id"] is None
    ask("POST", "/certificates/batch", "jia", 422, **{**batch, "lines": [*batch["lines"], {"enterprise": BING, "standard": "Q/X"}], "dry": False})
    assert len(ask("GET", "/certifications", "jia")["certifications"]) == 1
    ask("POST", "/enterprises", "jia", 403, codes=["X"], organisation="jia")
    assert ask("POST", "/enterprises", "operator", 201, codes=["X"], organisation="jia") and len(ask("GET", "/enterprises", "jia")["enterprises"]) == 4


def test_the_pages_do_the_same_and_say_what_is_wrong(made: tuple[TestClient, People]) -> None:
    web, of = made

    def post(path: str, by: str, status: int = 303, **form: str) -> str:
        headers = {"authorization": f"Bearer {of.keys[by]}", **BROWSER, "accept": "text/html"}
        found = web.post(path, data=form, headers=headers, follow_redirects=False)
        assert found.status_code == status, found.text[:2_000]
        return found.headers.get("location", "") if status == 303 else found.text

    def get(path: str, by: str, status: int = 200) -> str:
        found = web.get(path, headers={"authorization": f"Bearer {of.keys[by]}", "accept": "text/html", "accept-language": "en"})
        assert found.status_code == status, found.text[:2_000]
        return found.text

    at = post("/frontrunners/cycles", "author", scheme="bev-cars", reason="示意")
    assert "bev-cars 2026" in get(at, "operator")
    assert "frontrunner-days" in post(at, "operator", 422, act="fix", days="0", opinion="列入")
    assert post(at, "operator", act="fix", days="10", opinion="列入") == at
    assert JIA in get("/frontrunners/cycles", "operator") and JIA not in get("/frontrunners/cycles", "reviewer")
    assert post("/frontrunners/enterprises", "operator", code="NEW", organisation="jia") == "/frontrunners/cycles"
    assert "unknown-organisation" in post("/frontrunners/enterprises", "operator", 404, code="NEW", organisation="?")
    assert "Apply for all" in get("/frontrunners/certificates/apply", "jia")
    words = {"scheme": "bev-cars", "library": "cars", "undertaking": "示意"}
    asked = {**words, "do": "one", "enterprise": JIA, "standard": "Q/JIA 001", "edition": "2026", "models": "J1\nJ2"}
    assert "frontrunner-undeclared" in post("/frontrunners/certificates/apply", "jia", 422, **{**asked, "standard": "Q/JIA 9"})
    place = post("/frontrunners/certificates/apply", "jia", **asked)
    assert post(place, "jia", act="evidence", table=table("J1", "J2"), illustrative="yes") == place
    assert "frontrunner-no-comparison" in post(place, "assessor", 422, act="evaluate", rule="guard")
    run = board(of.store)
    offered = re.search(f'<option value="{run}">([^<]+)', get(place, "assessor"))
    assert offered and offered[1].startswith("cars revision 1 · 2026-"), "a run is chosen by its library and day"
    assert post(place, "assessor", act="evaluate", rule="guard", result=run) == place
    assert "average ★★★★" in get(place, "reviewer") and "illustrative" in get(place, "reviewer").lower()
    get(place, "yi", 404)
    lines = {**words, "lines": f"enterprise,standard,edition,models\n{JIA},Q/JIA 001,2026,J1\n"}
    assert not re.search("certificates/[0-9a-f-]+/process", post("/frontrunners/certificates/apply", "jia", 200, do="dry", **lines))
    assert re.search("certificates/[0-9a-f-]+/process", post("/frontrunners/certificates/apply", "jia", 200, do="all", **lines))
    assert "Q/JIA 001" in get("/frontrunners/certifications", "operator")
    assert json.loads(get(f"{at}.json", "operator"))["state"] == "fixed"


def test_the_command_line_does_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str], issuers: Path) -> None:
    from guiju.store.database import store_at
    from guiju.store.migrate import make_store

    place = str(tmp_path / "store")
    store = store_at(place)
    make_store(store, "test")
    people(store)
    bring(store, "cars", library_folder(), shelf().dictionary, "test")
    result = board(store)
    command = typer.main.get_command(build(PARTS))

    def run(*words: str, by: str = "", code: int = 0) -> str:
        who = ["--as", by] if by else []
        ended = 0
        try:
            ended = command.main(["frontrunner", *words, *who, "--store", place], standalone_mode=False) or 0
        except (SystemExit, typer.Exit) as stopped:
            ended = int(getattr(stopped, "exit_code", getattr(stopped, "code", 1)) or 0)
        said = capsys.readouterr()
        assert ended == code, said
        return said.out + said.err

    run("cycle", "propose", "bev-cars", "--reason", "示意", by="author")
    run("cycle", "act", "bev-cars 2026", "fix", "--set", "days=1", "--set", "opinion=列入", by="operator")
    run("cycle", "act", "bev-cars 2026", "fix", "--set", "days=0", "--set", "opinion=x", by="operator", code=2)
    run("cycle", "act", "bev-cars 2026", "apply", "--set", "standard=T/GUIJU 701-2026", "--set", "plan=比对", by="evaluator")
    run("cycle", "act", "bev-cars 2026", "review", "--set", "application=1", "--set", "opinion=可行", by="reviewer")
    run("cycle", "act", "bev-cars 2026", "compare", "--set", f"result={result}", by="evaluator")
    run("cycle", "act", "bev-cars 2026", "shortlist", by="evaluator")
    paper = tmp_path / "承诺书.txt"
    paper.write_text("示意", encoding="utf-8")
    run("cycle", "undertake", "bev-cars 2026", str(paper), "--entry", "1", "--text", "示意", by="jia")
    seen = json.loads(run("cycle", "show", "bev-cars 2026", "--json", by="operator"))
    assert seen["state"] == "shortlisted" and seen["entries"][0]["documents"]["承诺书.txt"]
    assert "Q/JIA 001-2026" in run("cycle", "show", "bev-cars 2026", by="operator") and "bev-cars 2026" in run("cycle", "list", by="operator")

    run("certify", "enterprise", "NEW", "--organisation", "jia", by="operator")
    run("certify", "apply", "bev-cars", "--library", "cars", "--enterprise", JIA, "--standard", "Q/JIA 001", "--edition", "2026", "--undertaking", "示意",
        by="jia")  # fmt: skip
    values = tmp_path / "values.csv"
    values.write_text(table("J1", "J2"), encoding="utf-8")
    run("certify", "evidence", "Q/JIA 001", str(values), "--illustrative", by="jia")
    run("certify", "evaluate", "Q/JIA 001", "--boards", result, by="assessor")
    run("certify", "grant", "Q/JIA 001", "--reason", "示意", "--from", "2026-01-01", "--until", "2026-12-31", by="assessor", code=2)
    first, last = (f"{date.today().year + years}-01-01" for years in (0, 2))
    run("certify", "grant", "Q/JIA 001", "--reason", "示意", "--from", first, "--until", last, by="reviewer")
    run("certify", "issue", "Q/JIA 001", by="operator")
    found = json.loads(run("certify", "show", "Q/JIA 001", "--json", by="operator"))
    assert found["issued"] and found["credential"]["issuer"] == DID
    given = tmp_path / "given"
    run("certify", "files", "Q/JIA 001", str(given), by="jia")
    assert {each.name for each in given.iterdir()} == {"certificate.json", "did.json", "revocation.json", "suspension.json", "bev-cars.yaml", "library",
                                                         "evidence.json"}  # fmt: skip
    assert json.loads((given / "certificate.json").read_text(encoding="utf-8")) == found["credential"]
    run("certify", "files", "Q/JIA 001", str(given), by="jia", code=2)
    assert "consumption_level" in run("certify", "show", "Q/JIA 001", by="operator")
    run("certify", "act", "Q/JIA 001", "withdraw", "--set", "reason=示意", by="second")
    chain = tmp_path / "chain.csv"
    chain.write_text(f"enterprise,standard,edition,models\n{JIA},Q/JIA 001,2026,J1\n", encoding="utf-8")
    words = ("certify", "batch", "bev-cars", str(chain), "--library", "cars", "--undertaking", "示意")
    run(*words, by="jia")
    assert len(json.loads(run("certify", "list", "--json", by="operator"))) == 1
    run(*words, "--apply", by="jia")
    assert len(json.loads(run("certify", "list", "--json", by="operator"))) == 2 and "Q/JIA" in run("certify", "list", by="operator")
    run("certify", "batch", "bev-cars", str(tmp_path / "none.csv"), "--library", "cars", "--undertaking", "x", by="jia", code=2)
    store.close()
