"""The pages of the store, asked as a browser asks them, on SQLite and on PostgreSQL."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from api_clients import BROWSER, PASSWORD, Bench, bench, client
from guiju.api.settings import Settings
from guiju.app import kinds
from guiju.standard.shelf import Shelf
from guiju.store.audit import entries
from guiju.store.condition import note_backup
from guiju.store.dropped import KEPT_FOR, KEPT_MAX, sweep_dropped
from guiju.store.editions import editions, make_shelf, publish
from guiju.store.files import sweep
from guiju.store.jobs import job_of, jobs
from guiju.store.people import make_account
from guiju.store.published import Published, laid_out, seen_shelves
from guiju.store.results import result_of
from guiju.store.worker import Worker
from store.stores import ROOT, Filled, Places

GB = "GB 36980.1-2025"
CARS = "key,curb_mass,max_mass,consumption,category,powertrain\na,1780,2200,13.93,M1,bev\n=cmd|' /C calc'!A0,1780,2200,12,M1,bev\n"
PAGE = {"accept": "text/html", "accept-language": "en"}


@contextmanager
def workbench(places: Places) -> Iterator[Bench]:
    place, files = places.words()
    database = {} if files is None else {"database": place}
    with bench(files or Path(place), whole=True, per_minute=1_000_000, **database) as made:
        yield made


@pytest.fixture
def made(places: Places) -> Iterator[Bench]:
    with workbench(places) as found:
        yield found


def get(made: Bench, who: str, path: str, **query: str) -> httpx.Response:
    return made.client.get(path, params=query or None, headers={**PAGE, **made.by(who)})


def post(made: Bench, who: str, path: str, follow: bool = True, **form: object) -> httpx.Response:
    files = form.pop("files", None)
    return made.client.post(path, data=form, files=files, headers={**PAGE, **made.by(who)}, follow_redirects=follow)  # type: ignore[arg-type]


def bring(made: Bench, who: str, text: str = CARS, **form: str) -> str:
    found = post(made, who, "/sets", follow=False, files={"file": ("cars.csv", text.encode())}, **form)
    assert found.status_code == 303, found.text
    return found.headers["location"].removeprefix("/sets/")


def work(made: Bench, who: str, **form: object) -> str:
    """Asks for a job with the form, does it, gives the path of its result."""
    asked = post(made, who, "/jobs", follow=False, **form)
    assert asked.status_code == 303, asked.text
    Worker(made.store, kinds()).drain()
    job = job_of(made.store, asked.headers["location"].removeprefix("/jobs/"))
    assert job.state == "done", job.failure
    return f"/results/{job.result}"


def replayed(made: Bench, who: str, result: str) -> str:
    """The page of a result once it has been made again."""
    path = post(made, who, f"{result}/replay", follow=False).headers["location"].partition("#")[0]
    until = time.monotonic() + 120
    while (found := get(made, who, path)).status_code == 202 and time.monotonic() < until:
        assert "making it again" in found.text and "data-poll" in found.text and 'content="2;url=/results/' in found.text
    return found.text


def codes(page: httpx.Response) -> list[str]:
    return re.findall(r'<code class="code"[^>]*>([\w-]+)</code>', page.text)


def test_a_file_becomes_a_set_that_its_organisation_sees(made: Bench) -> None:
    id_ = bring(made, "evaluator-at-first", name="Cars of May")
    page = get(made, "verifier-at-first", f"/sets/{id_}")
    assert page.status_code == 200 and "Cars of May" in page.text and "<td><code>VARCHAR</code></td>" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    assert "Cars of May" in get(made, "auditor-at-first", "/sets").text
    assert get(made, "evaluator-at-other", f"/sets/{id_}").status_code == 404 and "Cars of May" not in get(made, "evaluator-at-other", "/sets").text
    nothing = post(made, "evaluator-at-first", "/sets")
    assert nothing.status_code == 422 and codes(nothing) == ["records-not-given"]
    assert get(made, "public-at-first", "/sets").status_code == 403


def test_a_sensitive_set_is_for_who_brought_it_administrators_and_guests(made: Bench) -> None:
    id_ = bring(made, "enterprise-at-first", sensitivity="sensitive")
    result = work(made, "enterprise-at-first", kind="evaluation", standards=GB, set=id_)
    job = result_of(made.store, result.rpartition("/")[2]).job
    for who, status in (("enterprise-at-first", 200), ("admin-at-first", 200), ("evaluator-at-first", 404), ("auditor-at-first", 404)):
        statuses = {get(made, who, path).status_code for path in (f"/sets/{id_}", result, f"/jobs/{job}", f"{result}.json", f"{result}/table.csv")}
        assert statuses == {status}, who
        assert (id_ in get(made, who, "/sets").text) == (result in get(made, who, "/results").text) == (f"/jobs/{job}" in get(made, who, "/jobs").text)
        listed = made.client.get("/api/v1/record-sets", headers=made.by(who)).json()["record_sets"]
        assert (id_ in [each["id"] for each in listed]) == (status == 200)
    invited = post(made, "enterprise-at-first", f"/sets/{id_}/guests", account="evaluator-at-first")
    assert invited.status_code == 200 and "evaluator-at-first" in invited.text
    assert get(made, "evaluator-at-first", f"/sets/{id_}").status_code == 200
    post(made, "enterprise-at-first", f"/sets/{id_}/guests/{made.accounts['evaluator-at-first']}/end")
    assert get(made, "evaluator-at-first", f"/sets/{id_}").status_code == 404
    unknown = post(made, "enterprise-at-first", f"/sets/{id_}/guests", account="nobody at all")
    assert unknown.status_code == 422 and codes(unknown) == ["unknown-account"]
    assert post(made, "enterprise-at-first", f"/sets/{id_}/sensitivity", sensitivity="internal").status_code == 200
    assert get(made, "evaluator-at-first", f"/sets/{id_}").status_code == 200
    refused = post(made, "evaluator-at-first", f"/sets/{id_}/sensitivity", sensitivity="sensitive")
    assert refused.status_code == 403, "only who brought it and administrators say who sees it"


def test_a_file_is_judged_as_a_job_and_its_result_replays_and_is_taken_away(made: Bench) -> None:
    who = "evaluator-at-first"
    asked = post(made, who, "/jobs", follow=False, kind="evaluation", standards="GB36980.1-2025", files={"file": ("cars.csv", CARS.encode())})
    job = asked.headers["location"]
    waiting = get(made, who, job)
    assert "data-poll" in waiting.text and '<noscript><meta http-equiv="refresh"' in waiting.text and "queued" in waiting.text
    Worker(made.store, kinds()).drain()
    done = get(made, who, job)
    assert "data-poll" not in done.text and "2 / 2" in done.text and "http-equiv" not in done.text
    result = next(iter(re.findall(r'href="(/results/[\w-]+)"', done.text)))
    page = get(made, who, result).text
    held = result_of(made.store, result.rpartition("/")[2])
    for hash_ in (held.body_hash, held.data_hash, held.standards[0]["content"]):
        assert str(hash_) in page
    assert re.search(r"overall</th>.*?<td class=\"n\">1</td><td class=\"n\">1</td>", page, re.DOTALL), "one passes and one fails"
    assert "✓ the same" in replayed(made, who, result)
    table = list(csv.reader(io.StringIO(get(made, who, f"{result}/table.csv").text)))
    assert len(table) == 3 and table[2][1].startswith("'=cmd")
    assert get(made, who, f"{result}/table.xlsx").content[:2] == b"PK" and get(made, who, f"{result}/table.exe").status_code == 422
    assert get(made, who, f"{result}.json").json()["body"]["rows"] == 2
    assert result in get(made, "auditor-at-first", "/results", kind="evaluation").text
    assert result not in get(made, "auditor-at-first", "/results", kind="proof").text


def test_a_report_is_a_job_whose_files_come_out_the_same(made: Bench) -> None:
    who, id_ = "evaluator-at-first", bring(made, "evaluator-at-first", name="../cars: of May")
    result = work(made, who, kind="report", standards=GB, set=id_, forms=["html", "docx", "md"], language="en")
    page = get(made, who, result).text
    assert "Evaluation report: .._cars_ of May" in page.replace("&#39;", "'") or "Evaluation report" in page
    html = get(made, who, f"{result}/files/1.html")
    assert html.headers["content-disposition"].startswith("attachment") and "Evaluation report" in html.text
    assert get(made, who, f"{result}/files/2.docx").content[:2] == b"PK" and get(made, who, f"{result}/files/9.pdf").status_code == 404
    assert get(made, "evaluator-at-other", f"{result}/files/1.html").status_code == 404
    assert "✓ the same" in replayed(made, who, result)


def test_a_report_that_cannot_be_made_says_so_in_its_job(made: Bench) -> None:
    who, id_ = "evaluator-at-first", bring(made, "evaluator-at-first")
    for arguments, code in (({"language": "fr"}, "report-language"), ({"listed": 10**6}, "report-listed"), ({"forms": "exe"}, "report-format")):
        asked = {"kind": "report", "standards": [GB], "record_set": id_, "arguments": arguments}
        job = made.client.post("/api/v1/jobs", json=asked, headers=made.by(who)).json()["id"]
        Worker(made.store, kinds()).drain()
        assert [each["code"] for each in job_of(made.store, job).failure] == [code] == codes(get(made, who, f"/jobs/{job}"))


def test_a_comparison_and_a_proof_are_jobs(made: Bench) -> None:
    who, shelf = "regulator-at-first", Shelf()
    for number in ("GB/T 19056-2012", "GB/T 19056-2021"):
        path = shelf.locate(number)
        assert path is not None
        publish(made.store, shelf, path, make_shelf(made.store, "shipped", "test"), "test")
    result = work(made, who, kind="comparison", standards="GB/T 19056-2012\nGB/T 19056-2021", forms=["md"], language="en")
    page = get(made, who, result).text
    assert "↑ stricter" in page and "the measure" in page
    assert get(made, who, f"{result}/files/1.md").text.startswith("# Comparison report")
    proved = work(made, who, kind="proof", standards="GB/T 19056-2021\nGB/T 19056-2012", question="stricter")
    assert re.search(r'class="answer proved">✓ proved', get(made, who, proved).text)
    assert "✓ the same" in replayed(made, who, result)


def test_what_cannot_be_asked_is_said_at_once_and_nothing_is_kept(made: Bench) -> None:
    who = "evaluator-at-first"
    asked = post(made, who, "/jobs", kind="evaluation", standards="GB 1\nGB 2", files={"file": ("cars.csv", CARS.encode())})
    assert asked.status_code == 422 and codes(asked) == ["unknown-edition"] * 2
    assert "GB 1\nGB 2</textarea>" in asked.text, "what was written is still there"
    assert codes(post(made, who, "/jobs", kind="evaluation", standards=GB)) == ["records-not-given"]
    assert codes(post(made, who, "/jobs", kind="comparison", standards=GB)) == ["standards-counted"]
    assert codes(post(made, who, "/jobs", kind="proof", standards=GB, question="why")) == ["prove-question"]
    assert codes(post(made, who, "/jobs", kind="proof", standards=GB, question="satisfiable", organisation=made.organisations["other"])) == ["not-allowed-there"]
    assert jobs(made.store) == [] and "There are no record sets yet" in get(made, who, "/sets").text


def test_a_job_is_stopped_and_taken_up_again_by_those_who_may(made: Bench) -> None:
    asked = post(made, "evaluator-at-first", "/jobs", follow=False, kind="proof", standards=GB, question="satisfiable")
    job = asked.headers["location"]
    assert get(made, "auditor-at-first", job).status_code == 200 and "/cancel" not in get(made, "auditor-at-first", job).text
    assert post(made, "auditor-at-first", f"{job}/cancel").status_code == 403 and post(made, "evaluator-at-other", f"{job}/cancel").status_code == 404
    assert "– cancelled" in post(made, "verifier-at-first", f"{job}/cancel").text
    assert f"{job}" in get(made, "verifier-at-first", "/jobs", state="cancelled").text
    assert f"{job}" not in get(made, "verifier-at-first", "/jobs", state="done").text
    assert "… queued" in post(made, "verifier-at-first", f"{job}/resume").text
    again = post(made, "verifier-at-first", f"{job}/resume")
    assert again.status_code == 409 and "job-not-stopped" in again.text


def test_the_log_is_read_filtered_checked_and_exported(made: Bench) -> None:
    bring(made, "evaluator-at-first", name="=HYPERLINK(1)")
    bring(made, "evaluator-at-other", name="theirs")
    page = get(made, "auditor-at-first", "/audit", action="records.").text
    assert "✓ the whole chain fits" in page and "=HYPERLINK(1)" in page and "theirs" in page and "role.granted" not in page
    theirs = get(made, "auditor-at-other", "/audit").text
    assert "theirs" in theirs and "=HYPERLINK(1)" not in theirs
    by_name = get(made, "auditor-at-first", "/audit", actor="evaluator-at-other").text
    assert "theirs" in by_name and "=HYPERLINK(1)" not in by_name
    lines = get(made, "auditor-at-first", "/audit/export.ndjson").text.splitlines()
    held = entries(made.store)
    assert [json.loads(line)["hash"] for line in lines] == [each.hash for each in reversed(held)]
    table = list(csv.reader(io.StringIO(get(made, "auditor-at-first", "/audit/export.csv", action="records.").text)))
    assert len(table) == 3 and not any(cell[:1] in "=+@" for row in table for cell in row if cell)
    assert get(made, "evaluator-at-first", "/audit").status_code == 403


def test_an_administrator_makes_accounts_and_grants_and_takes_roles(made: Bench) -> None:
    new = post(made, "admin-at-other", "/admin/accounts", name="wang", title="王", organisation=made.organisations["other"], role=["verifier", "author"])
    link = next(iter(re.findall(r"http://127.0.0.1:8000(/invitations/[\w-]+)", new.text)))
    assert new.headers["cache-control"] == "private, no-store" and link not in get(made, "admin-at-other", "/admin/accounts").text
    form = made.client.get(link, headers=PAGE)
    assert "Choose a password: wang" in form.text and form.headers["referrer-policy"] == "no-referrer"
    done = made.client.post(link, data={"name": "wang", "password": PASSWORD}, headers={**PAGE, **BROWSER}, follow_redirects=False)
    assert done.status_code == 303
    home = made.client.get("/account", headers=PAGE).text
    assert "author, verifier" in home and 'href="/jobs"' in home and 'href="/admin"' not in home and 'href="/audit"' not in home
    out = made.client.post("/sign-out", headers={**PAGE, **BROWSER}).text
    assert 'href="/jobs"' not in out and "Nobody is signed in" in made.client.get("/account", headers=PAGE).text
    wang = next(iter(re.findall(r'href="(/admin/accounts/[\w-]+)">wang', get(made, "admin-at-other", "/admin/accounts", q="WANG").text)))
    given = post(made, "admin-at-other", f"{wang}/roles", organisation=made.organisations["other"], role="auditor")
    assert given.status_code == 200 and "auditor" in given.text
    taken = post(made, "admin-at-other", f"{wang}/roles/end", organisation=made.organisations["other"], role="auditor")
    assert 'name="role" value="auditor"' not in taken.text
    assert codes(post(made, "admin-at-other", f"{wang}/roles", organisation=made.organisations["first"], role="author")) == ["not-allowed-there"]
    ours = made.accounts["author-at-first"]
    assert get(made, "admin-at-other", f"/admin/accounts/{ours}").status_code == 404 and post(made, "admin-at-other", f"/admin/accounts/{ours}/disable").status_code == 404
    assert codes(post(made, "admin-at-other", "/admin/organisations", name="third")) == ["not-allowed-there"]
    assert "third" in post(made, "admin-at-first", "/admin/organisations", name="third").text
    own = f"/admin/accounts/{made.accounts['admin-at-other']}"
    assert codes(post(made, "admin-at-other", f"{own}/disable")) == ["own-administration"]
    assert codes(post(made, "admin-at-other", f"{own}/roles/end", organisation=made.organisations["other"], role="admin")) == ["own-administration"]
    assert "disabled" in post(made, "admin-at-other", f"{wang}/disable").text
    assert codes(post(made, "admin-at-other", "/admin/accounts", name="", role="author")) == ["name-missing"]


def test_a_key_is_shown_once_and_revoked(made: Bench) -> None:
    who = "author-at-first"
    key = next(iter(re.findall(r"guiju_[\w-]{20,}", post(made, who, "/account/keys", title="laboratory", days="30").text)))
    assert key not in get(made, who, "/account").text
    assert made.client.get("/api/v1/session", headers={"authorization": f"Bearer {key}"}).json()["name"] == who
    revoke = next(iter(re.findall(r'action="(/account/keys/[\w-]+/revoke)"', get(made, who, "/account").text)))
    assert post(made, "admin-at-first", revoke).status_code == 404, "it is nobody else's to revoke"
    assert "revoked" in post(made, who, revoke).text
    assert made.client.get("/api/v1/session", headers={"authorization": f"Bearer {key}"}).status_code == 401
    assert codes(post(made, who, "/account/keys", title="x", days="many")) == ["key-days"]


def test_administration_tells_how_the_store_stands(made: Bench) -> None:
    assert "never" in get(made, "admin-at-first", "/admin").text
    note_backup(made.store, "cli:wang", (7, "ab" * 32), 3)
    post(made, "evaluator-at-first", "/jobs", kind="proof", standards=GB, question="satisfiable")
    page = get(made, "admin-at-first", "/admin").text
    assert "up to entry 7 of the log" in page and "up to date" in page and "none is being done" in page
    other = get(made, "admin-at-other", "/admin").text
    assert "entries of the log" not in other and "up to date" in other, "how much others keep is not theirs to know"


# published editions


def ours(number: str = GB, change: str = "made-up change") -> dict[str, str]:
    path = Shelf().locate(GB)
    assert path is not None
    text = (path / "standard.yaml").read_text("utf-8").replace("left_out:", f"left_out:\n  - {{zh: 示意改动, en: {change}}}")
    return {"document": text.replace(GB, number), "examples": (path / "examples.yaml").read_text("utf-8")}


def test_what_is_published_stands_in_the_library_beside_what_is_shipped(made: Bench) -> None:
    new = made.client.post("/api/v1/editions", json=ours(), headers=made.by("author-at-other")).json()
    made.client.post("/api/v1/editions", json=ours("Q/EX 1-2026"), headers=made.by("author-at-other"))
    who, name = "evaluator-at-other", f"{GB}@other"
    found = get(made, who, "/standards.json", q="36980.1").json()["standards"]
    assert {each["number"]: each["published_as"] for each in found} == {GB: None, name: new["id"]}
    page = get(made, who, "/standards/GB-36980.1-2025@other")
    assert "made-up change" in page.text and "published by author-at-other (other)" in page.text and new["content_hash"][:16] in page.text
    assert "made-up change" not in get(made, who, "/standards/GB-36980.1-2025").text
    tried = get(made, who, "/standards/GB-36980.1-2025@other/try.json", category="M1", powertrain="bev", max_mass="2200", curb_mass="1780", consumption="13.93")
    assert tried.json()["overall"] == "fail"
    assert "Q/EX 1-2026" in get(made, who, "/records").text and get(made, who, "/standards/Q-EX-1-2026/records").status_code == 200
    proved = made.client.post("/api/v1/prove/stricter", json={"standards": [name, GB]}, headers=made.by(who)).json()
    assert proved["answers"][0]["answer"] == "proved"
    named = made.client.get("/api/v1/standards", params={"q": "36980.1"}, headers=made.by(who)).json()["standards"]
    assert [each["published_as"] and each["published_as"]["organisation"] for each in named] == [None, "other"]
    evaluated = made.client.post(f"/api/v1/standards/{named[1]['name']}/evaluate", json={"record": {}}, headers=made.by(who)).json()
    assert evaluated["content_hash"] == new["content_hash"]
    until = time.monotonic() + 120
    while (compared := get(made, who, f"/compare.json?with={GB}&with={name}")).status_code == 202 and time.monotonic() < until:
        pass
    assert [side["code"] for side in compared.json()["sides"]] == [GB, name]
    assert [cell["relation"] for cell in compared.json()["rows"][0]["cells"]] == ["measure", "equal"]
    assert "/standards/GB-36980.1-2025@other" in get(made, who, f"/compare?with={GB}&with={name}").text
    for other in ("evaluator-at-first", "admin-at-first"):
        assert get(made, other, "/standards/GB-36980.1-2025@other").status_code == 404 and "@other" not in get(made, other, "/standards", q="36980").text


def test_a_draft_is_not_in_the_library_and_a_correction_takes_the_place_of_what_it_corrects(made: Bench) -> None:
    who = "author-at-first"
    drafted = post(made, who, "/standards/GB-36980.1-2025/edit", text=ours("Q/DRAFT 1")["document"], examples="")
    assert drafted.status_code == 200 and get(made, who, "/standards.json", q="DRAFT").json()["total"] == 0
    made.client.post("/api/v1/editions", json=ours("Q/EX 2-2026"), headers=made.by(who))
    assert "revision" not in get(made, who, "/standards/Q-EX-2-2026").text.partition("clauses")[0]
    made.client.post("/api/v1/editions", json={**ours("Q/EX 2-2026", "put right"), "revise": True}, headers=made.by(who))
    page = get(made, who, "/standards/Q-EX-2-2026").text
    assert "revision 2" in page and "put right" in page and get(made, who, "/standards.json", q="Q/EX 2").json()["total"] == 1


def test_an_edition_that_means_something_else_beside_this_shelf_is_not_laid_out(filled: Filled, tmp_path: Path) -> None:
    own = tmp_path / "standards" / "q" / "EX-1"
    own.mkdir(parents=True)
    for file, text in zip(("standard.yaml", "examples.yaml"), ours("Q/EX 1-2025").values(), strict=True):
        (own / file).write_text(text, "utf-8")
    made, _ = publish(filled.store, Shelf((tmp_path / "standards",)), own, make_shelf(filled.store, "ours", "test"), "test")
    seen = seen_shelves(filled.store, [])

    def found(base: Shelf, root: str) -> list[str]:
        def beside(held: Sequence[Published]) -> Shelf:
            return Shelf(base.folders, base.property_folders, beside=tuple((each.name, each.folder) for each in held))

        return [each.edition.id for each in laid_out(filled.store, base, seen, tmp_path / root, beside)]

    assert found(Shelf(), "laid") == [made.id]
    changed = tmp_path / "changed"
    changed.mkdir()
    for file in (ROOT / "properties").glob("*.yaml"):
        (changed / file.name).write_text(file.read_text("utf-8").replace("cycle: cltc", "cycle: another"), "utf-8")
    assert found(Shelf((ROOT / "standards",), (changed,)), "otherwise") == []


# files that are dropped


@contextmanager
def two(places: Places) -> Iterator[list[Bench]]:
    """Two processes of one workbench, as far as what they know of one another goes: the database and its files."""
    place, files = places.words()
    database = {} if files is None else {"database": place}
    with ExitStack() as stack:
        first = stack.enter_context(bench(files or Path(place), whole=True, per_minute=1_000_000, **database))
        settings = Settings(data=files or Path(place), login=True, jobs=False, per_minute=1_000_000, **database)  # type: ignore[arg-type]
        second = stack.enter_context(client(settings, whole=True))
        store = second.app.state.store  # type: ignore[attr-defined]
        yield [first, Bench(second, store, first.organisations, first.accounts, first.keys)]
        store.close()


def dropped(made: Bench, who: str, text: str = CARS) -> str:
    found = post(made, who, "/standards/GB-36980.1-2025/records", follow=False, files={"file": ("cars.csv", text.encode())})
    assert found.status_code == 303
    return str(found.headers["location"])


def test_a_dropped_file_is_there_for_every_process_and_for_its_owner_alone(places: Places) -> None:
    with two(places) as (one, other):
        path = dropped(one, "evaluator-at-first")
        here, there = get(one, "evaluator-at-first", path), get(other, "evaluator-at-first", path)
        assert there.status_code == 200 and re.findall(r"13\.93 &gt; [\d.]+", here.text) == re.findall(r"13\.93 &gt; [\d.]+", there.text) != []
        assert get(other, "admin-at-first", path).status_code == 410
        assert get(other, "evaluator-at-first", path.replace("GB-36980.1-2025", "GB-38031-2025")).status_code == 410
        remapped = post(other, "evaluator-at-first", path, follow=False, **{"constant:powertrain": "phev"})
        assert get(one, "evaluator-at-first", remapped.headers["location"]).status_code == 200


def test_a_dropped_file_goes_when_its_time_is_over_or_too_many_come(made: Bench) -> None:
    kept = made.store.folder / "dropped"
    first = dropped(made, "evaluator-at-first")
    assert sweep(made.store, older_than=-1) == [], "what has its time yet is named by a row"
    same = dropped(made, "verifier-at-first")
    clock = made.store.clock
    object.__setattr__(made.store, "clock", lambda connection: clock(connection) + KEPT_FOR + timedelta(seconds=1))
    gone = get(made, "evaluator-at-first", first)
    assert gone.status_code == 410 and "records-gone" in gone.text
    assert sweep_dropped(made.store) == 2 and not [each for each in kept.rglob("*") if each.is_file()]
    assert get(made, "verifier-at-first", same).status_code == 410
    object.__setattr__(made.store, "clock", clock)
    paths = [dropped(made, "evaluator-at-first", CARS.replace("13.93", f"13.{n}")) for n in range(10, 10 + KEPT_MAX + 1)]
    assert len([each for each in kept.rglob("*") if each.is_file()]) == KEPT_MAX
    assert get(made, "evaluator-at-first", paths[0]).status_code == 410 and get(made, "evaluator-at-first", paths[-1]).status_code == 200


def test_long_lists_are_read_a_page_at_a_time(made: Bench) -> None:
    for n in range(55):
        make_account(made.store, f"many-{n:03}", made.organisations["other"], "test")
    first = get(made, "admin-at-other", "/admin/accounts", q="many-").text
    assert "many-000" in first and "many-054" not in first and "page 1 of 2" in first
    assert "many-054" in get(made, "admin-at-other", "/admin/accounts", q="many-", page="2").text
    log = get(made, "auditor-at-first", "/audit").text
    older = next(iter(re.findall(r'rel="next" href="([^"]+)"', log))).replace("&amp;", "&")
    numbers = [[int(n) for n in re.findall(r'<tr><td class="n">(\d+)</td>', page)] for page in (log, get(made, "auditor-at-first", older).text)]
    assert len(numbers[0]) == 100 and numbers[1][0] == numbers[0][-1] - 1
    assert len(editions(made.store)) == 1
