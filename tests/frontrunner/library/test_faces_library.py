from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api_clients import BROWSER, Bench, bench
from guiju.app import kinds
from guiju.cli.main import build
from guiju.frontrunner import commands
from guiju.store.database import store_at
from guiju.store.migrate import make_store
from guiju.store.worker import Worker
from library_cases import A, B, Tables, as_csv, as_workbook, tables

API = "/api/v1/frontrunners/libraries"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path / "store", whole=True, per_minute=1_000_000) as found:
        yield found


def book(given: Tables, folder: Path) -> tuple[str, bytes]:
    return "cars.xlsx", as_workbook(given, folder / "cars.xlsx").read_bytes()


def own(code: str) -> Tables:
    return {name: [rows[0], *(row for row in rows[1:] if code in row or row[0] in ("p1", "p2"))] for name, rows in tables().items()}


def test_an_operator_brings_a_library_and_it_is_told(made: Bench, tmp_path: Path) -> None:
    operator, reader = made.by("operator-at-first"), made.by("auditor-at-other")
    assert made.client.get(API, headers=reader).json() == {"libraries": []}
    dry = made.client.post(API, headers=operator, files={"file": book(tables(), tmp_path)}, data={"name": "轿车", "dry_run": "true"})
    assert (dry.status_code, dry.json()["revision"]) == (200, None)
    sent = {"headers": {**operator, "idempotency-key": "k1"}, "files": {"file": book(tables(), tmp_path)}, "data": {"name": "轿车"}}
    first = made.client.post(API, **sent)  # type: ignore[arg-type]
    assert (first.status_code, first.json()["revision"]) == (201, 1), first.text
    again = made.client.post(API, **sent)  # type: ignore[arg-type]
    assert (again.headers["idempotent-replay"], again.json()) == ("true", first.json())
    told = made.client.get(f"{API}/轿车", headers=reader).json()
    assert (told["hash"], told["rows"]["products"], len(told["revisions"])) == (dry.json()["hash"], 3, 1)
    assert told["quality"]["counts"] == {"library-illustrative": 1}
    assert str(tmp_path) not in json.dumps(told)
    checked = made.client.get(f"{API}/轿车/form-check", headers=reader, params={"on": "2026-08-01", "cites": "GB/T 18386.1-2021"}).json()
    assert {each["number"]: each["passes"] for each in checked["standards"]} == {"Q/JIA 001": True, "Q/YI 7": False}
    assert made.client.get(f"{API}/none", headers=reader).status_code == 404
    assert made.client.get(f"{API}/轿车", headers=reader, params={"revision": 9}).status_code == 404


def test_every_problem_comes_at_once_and_nothing_is_kept(made: Bench, tmp_path: Path) -> None:
    given = tables()
    given["产品"][1][1], given["标准"][1][5] = "nobody", "?"
    found = made.client.post(API, headers=made.by("operator-at-first"), files={"file": book(given, tmp_path)})
    assert found.status_code == 422
    codes = {each["code"] for each in found.json()["diagnostics"]}
    assert {"library-reference-unknown", "library-status-missing", "library-refused"} <= codes
    assert "guiju-upload" not in found.text
    assert made.client.get(API, headers=made.by("operator-at-first")).json() == {"libraries": []}


def test_an_enterprise_brings_its_own_rows_and_no_others(made: Bench, tmp_path: Path) -> None:
    operator, enterprise = made.by("operator-at-first"), made.by("enterprise-at-other")
    whole, mine = {"file": book(tables(), tmp_path)}, {"file": book(own(A), tmp_path / "..")}
    made.client.post(API, headers=operator, files=whole)
    assert made.client.post(API, headers=enterprise, files=mine).status_code == 403
    said = made.client.post("/api/v1/frontrunners/enterprises", headers=operator, json={"organisation": "other", "codes": [A]})
    assert said.json()["codes"] == [A]
    assert made.client.post(API, headers=enterprise, files=mine).status_code == 200  # the same as before
    changed = own(A)
    changed["产品"][1][8] = 10.5
    found = made.client.post(API, headers=enterprise, files={"file": book(changed, tmp_path)})
    assert (found.status_code, found.json()["changes"]["values"]) == (201, {"nev.electricity.cltc": 1})
    elsewhere = made.client.post("/api/v1/frontrunners/enterprises", headers=made.by("operator-at-other"), json={"organisation": "other", "codes": [B]})
    assert elsewhere.status_code == 403, "who operates another organisation binds nobody"
    foreign = made.client.post(API, headers=enterprise, files=whole)
    assert (foreign.status_code, foreign.json()["diagnostics"][0]["code"]) == (403, "library-not-own")
    other = made.client.post(API, headers=made.by("operator-at-other"), files=whole)
    assert (other.status_code, other.json()["diagnostics"][0]["code"]) == (403, "library-of-other")


def test_bombs_and_paths_are_refused(made: Bench, tmp_path: Path) -> None:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("products.csv", b"0" * 30_000_000)
    with bench(tmp_path / "small", whole=True, upload_bytes_max=1_000_000) as small:
        found = small.client.post(API, headers=small.by("operator-at-first"), files={"file": ("a.zip", held.getvalue())})
        assert (found.status_code, found.json()["diagnostics"][0]["code"]) == (413, "archive-bomb")
        large = small.client.post(API, headers=small.by("operator-at-first"), files={"file": ("a.zip", b"0" * 2_000_000)})
        assert large.status_code == 413
    found = made.client.post(API, headers=made.by("operator-at-first"), files={"file": ("../../x.exe", b"MZ")})
    assert (found.status_code, found.json()["diagnostics"][0]["code"]) == (422, "library-empty")


def test_pages(made: Bench, tmp_path: Path) -> None:
    operator = {**made.by("operator-at-first"), **BROWSER, "accept": "text/html"}
    empty = made.client.get("/frontrunners/library", headers=operator)
    assert "还没有标准库" in empty.text
    dry = made.client.post("/frontrunners/library", headers=operator, files={"file": book(tables(), tmp_path)}, data={"dry": "1", "name": "轿车"})
    assert dry.status_code == 200
    assert "试运行：轿车" in dry.text
    assert "还没有标准库" in dry.text
    kept = made.client.post("/frontrunners/library", headers=operator, files={"file": book(tables(), tmp_path)}, data={"name": "轿 车"}, follow_redirects=False)
    assert kept.status_code == 303
    given = tables()
    given["产品"][1][8] = 12.0
    made.client.post("/frontrunners/library", headers=operator, files={"file": book(given, tmp_path)}, data={"name": "轿 车"})
    one = made.client.get(kept.headers["location"], headers=operator)
    assert "第 2 版" in one.text
    assert "变了的值：1" in one.text
    assert "示意" in one.text
    assert "没有变化" not in one.text
    assert made.client.get(kept.headers["location"] + "?revision=1", headers=operator).text.count("第 1 版") == 1
    assert made.client.get(kept.headers["location"] + "?revision=x", headers=operator).status_code == 404
    given["产品"][1][1] = "nobody"
    wrong = made.client.post("/frontrunners/library", headers=operator, files={"file": book(given, tmp_path)}, data={"name": "轿 车"})
    assert wrong.status_code == 422
    assert "library-reference-unknown" in wrong.text
    nothing = made.client.post("/frontrunners/library", headers=operator, data={"name": "x"})
    assert nothing.status_code == 422
    reader = made.client.get("/frontrunners/library", headers={**made.by("auditor-at-first"), "accept": "text/html"})
    assert 'type="file"' not in reader.text


def test_a_large_library_is_a_job(made: Bench, tmp_path: Path) -> None:
    operator = made.by("operator-at-first")
    page = {**operator, **BROWSER, "accept": "text/html"}
    given = tables()
    given["产品"] += [[f"n{n}", *given["产品"][2][1:8], 11.5, 1500] for n in range(20_000)]
    as_csv(given, tmp_path / "large")
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as parts:
        for path in (tmp_path / "large").iterdir():
            parts.write(path, path.name)
    large = {"file": ("cars.zip", held.getvalue())}
    sent = {"headers": {**operator, "idempotency-key": "k2"}, "files": large}
    asked = made.client.post(API, **sent)  # type: ignore[arg-type]
    assert (asked.status_code, asked.json()["kind"], asked.json()["state"]) == (202, "library", "queued"), asked.text
    again = made.client.post(API, **sent)  # type: ignore[arg-type]
    assert (again.headers["idempotent-replay"], again.json()) == ("true", asked.json())
    assert made.client.get(API, headers=operator).json() == {"libraries": []}
    Worker(made.store, kinds()).drain()
    job = made.client.get(asked.headers["location"], headers=operator).json()
    assert (job["state"], job["done"]) == ("done", job["total"]), job["failure"]
    (one,) = made.client.get(API, headers=operator).json()["libraries"]
    told = made.client.get(f"/results/{job['result']}.json", headers=page).json()
    assert (told["body"]["hash"], told["data_hash"]) == (one["hash"], job["arguments"]["sha256"])
    shown = made.client.get(f"/results/{job['result']}", headers=page)
    assert f"/frontrunners/library/cars?job={job['id']}" in shown.text and "library-illustrative" in shown.text
    assert str(tmp_path) not in shown.text and "guiju-upload" not in shown.text
    tried = made.client.post("/frontrunners/library", headers=page, files=large, data={"name": "cars", "dry": "1"}, follow_redirects=False)
    assert tried.status_code == 303 and tried.headers["location"].startswith("/jobs/")
    Worker(made.store, kinds()).drain()
    (dry,) = [each for each in made.client.get("/api/v1/jobs", headers=operator).json()["jobs"] if each["arguments"].get("dry")]
    assert "试运行" in made.client.get(f"/results/{dry['result']}", headers=page).text
    assert len(made.client.get(f"{API}/cars", headers=operator).json()["revisions"]) == 1
    wrong = made.client.post(API, headers=made.by("operator-at-other"), files=large)
    assert (wrong.status_code, wrong.json()["diagnostics"][0]["code"]) == (403, "library-of-other"), "said before any work"
    forged = {"kind": "library", "standards": [], "arguments": {"name": "cars", "source": "x.zip", "sha256": "0"}}
    assert made.client.post("/api/v1/jobs", headers=made.by("evaluator-at-first"), json=forged).status_code == 422, "only by who may import"


# the command line


def run(*words: object, language: str = "en") -> Result:
    return CliRunner().invoke(build((commands.add,)), ["frontrunner", *map(str, words)], env={"GUIJU_LANG": language, "COLUMNS": "200"})


def test_commands(tmp_path: Path) -> None:
    folder = as_csv(tables(), tmp_path / "cars")
    place = tmp_path / "store"
    store = store_at(str(place))
    make_store(store, "test")
    store.close()
    there = ("--store", place)
    assert "no library" in run("library", *there).stdout
    dry = run("import", folder, "--dry-run", *there)
    assert "a dry run" in dry.stdout, dry.output
    assert "revision 1" in run("import", folder, *there).stdout
    assert "nothing was kept" in run("import", folder, *there).stdout
    assert json.loads(run("library", "--json", *there).stdout)[0]["name"] == "cars"
    assert json.loads(run("library", "cars", "--json", *there).stdout)["quality"]["counts"] == {"library-illustrative": 1}
    shown = run("library", "cars", "--out", tmp_path / "q.md", *there)
    assert shown.exit_code == 0
    assert "CLTC电能消耗量" in (tmp_path / "q.md").read_text(encoding="utf-8")
    assert run("library", "cars", "--out", tmp_path / "q.json", *there).exit_code == 0
    barred = run("form-check", "cars", "--on", "2026-08-01", "--method", "nev.electricity.cltc", "--json", *there)
    assert barred.exit_code == 1
    assert [each["passes"] for each in json.loads(barred.stdout)] == [True, False]
    assert run("form-check", folder, "--on", "2026-08-01", *there).exit_code == 0
    assert "library-pair" in run("library", "--enterprise", "A", *there).output
    assert "registered 1" in run("library", "--enterprise", f"{A}=local", *there).stdout
    given = tables()
    given["企业"][1][0] = "91310000MA1FL0000X"
    bad = run("library", as_csv(given, tmp_path / "bad"), *there)
    assert bad.exit_code == 1
    assert "library-code-check" in bad.output
    assert "library-import-lacks" in run("import", "open-ev", *there).output
    assert "library-out" in run("import", "open-ev", tmp_path / "x.csv", "--to", folder, *there).output
