"""A whole cycle by commands alone, on real product sets: import, board, list, certificate, verified and replayed from files, suspended.

What the boards must say is counted from the raw file without Guiju. Enterprises' standards, people, undertakings and the issuer are made up, and what
is certified is what the sets say, no test result: everything is marked illustrative, and tested to be.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import typer

from guiju.app import PARTS
from guiju.cli.main import build
from guiju.frontrunner.process.doing import ISSUERS
from journeys.real_sets import ADEME, EPA, OPEN_EV, SHELF, RealSet, Row
from later.moving import Moved, moved_by
from serving import ENGINES

PUBLISHED = "2026-01-01"
PEOPLE = {"author": ("local", "author"), "operator": ("local", "operator"), "reviewer": ("local", "verifier"), "second": ("local", "verifier"),
          "assessor": ("local", "evaluator"), "institute": ("institute", "evaluator"), "maker": ("maker", "enterprise"), "other": ("other", "enterprise"),
          "citizen": ("public", "auditor")}  # fmt: skip
"""Who acts: name → organisation and role."""


@dataclass
class Desk:
    """Somebody who types. `run` gives what a command said; `told` its JSON."""

    folder: Path
    clock: Moved
    capsys: pytest.CaptureFixture[str]
    command: Any = field(default_factory=lambda: typer.main.get_command(build(PARTS)))

    def run(self, *words: str, by: str = "", code: int = 0) -> str:
        ended = 0
        try:
            ended = self.command.main([*words, *(("--as", by) if by else ())], standalone_mode=False) or 0
        except (SystemExit, typer.Exit) as stopped:
            ended = int(getattr(stopped, "exit_code", getattr(stopped, "code", 1)) or 0)
        said = self.capsys.readouterr()
        assert ended == code, (words, said)
        return said.out + said.err

    def told(self, *words: str, by: str = "", code: int = 0) -> Any:
        said = self.run(*words, "--json", by=by, code=code)
        return json.JSONDecoder().raw_decode(said)[0]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    """A desk two days ago, with the standards of the sets beside the shipped ones."""
    for name, value in {"GUIJU_SHELVES": str(SHELF), "GUIJU_LANG": "en", "GUIJU_STORE": str(tmp_path / "store"),
                        ISSUERS: str(tmp_path / "issuers.yaml")}.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GUIJU_AS", raising=False)
    monkeypatch.chdir(tmp_path)
    with moved_by(tmp_path / "moved", -2) as clock:
        yield Desk(tmp_path, clock, capsys)


def opened(desk: Desk, real: RealSet, products: Path) -> list[Row]:
    """A store with the set as a library, and its people; gives the raw rows."""
    methods = [word for method in real.methods for word in ("--method", method)]
    said = desk.told("frontrunner", "import", real.name, str(products / real.file), "--to", "cars", "--published", PUBLISHED, *methods)
    assert said["quality"]["counts"] == {"library-code-own": 1, "library-illustrative": 1}
    desk.run("store", "init")
    desk.run("store", "import-shelf")
    assert "kept as cars, revision 1" in desk.run("frontrunner", "import", "cars", "--to", "cars")
    makes = {row["make"].strip() for row in real.rows(products)}
    assert f"{len(makes)} standards, 0 of them barred" in desk.run("frontrunner", "form-check", "cars", *methods)
    for name, (organisation, role) in PEOPLE.items():
        desk.run("store", "account", name, "--organisation", organisation, "--role", role)
    for code, organisation in ((real.maker, "maker"), (real.other, "other")):
        desk.run("frontrunner", "certify", "enterprise", code, "--organisation", organisation, by="operator")
    return real.rows(products)


def boarded(desk: Desk, real: RealSet, rows: Sequence[Row]) -> tuple[str, str]:
    """The boards, kept; gives the result and their hash. How many models stand in each band is what counting the raw file gives."""
    day = desk.clock.now.date().isoformat()
    printed = desk.told("frontrunner", "board", real.scheme, "cars", "--on", day)
    kept = desk.told("frontrunner", "board", real.scheme, "cars", "--keep", "--on", day)["result"]
    found = kept["body"]
    assert found["sha256"] == printed["sha256"], "the same boards, in the store and from files"
    bands = {(each["range"][0], each["indicator"]): [band["models"] for band in each["bands"]] for each in found["board"]["boards"]}
    assert bands == real.bands(rows)
    assert found["board"]["illustrative"]
    desk.run("store", "replay", kept["id"])
    return kept["id"], found["sha256"]


def listed(desk: Desk, real: RealSet, result: str) -> None:
    """The cycle up to its published list, as everybody sees it."""
    name = f"{real.scheme} 2026"

    def act(act_: str, by: str, code: int = 0, **said: str) -> str:
        words = [word for key, value in said.items() for word in ("--set", f"{key}={value}")]
        return desk.run("frontrunner", "cycle", "act", name, act_, *words, by=by, code=code)

    desk.run("frontrunner", "cycle", "propose", real.scheme, "--reason", "示意：本年度重点", by="author")
    act("fix", "operator", days="1", opinion="列入")
    act("apply", "institute", standard=real.standard, plan="按方案比对")
    act("review", "institute", application="1", opinion="可行", code=2)
    act("review", "reviewer", application="1", opinion="可行")
    act("compare", "institute", result=result)
    act("shortlist", "institute")
    held = desk.told("frontrunner", "cycle", "show", name, by="operator")["entries"]
    number = {each["enterprise"]: each["number"] for each in held}
    assert {real.maker, real.other} <= set(number)
    paper = desk.folder / "承诺书.txt"
    paper.write_text("示意", encoding="utf-8")
    for code, by in ((real.maker, "maker"), (real.other, "other")):
        desk.run("frontrunner", "cycle", "undertake", name, str(paper), "--entry", str(number[code]), "--text", "示意承诺", by=by)
    act("publicise", "operator", text="公示")
    act("object", "citizen", entry=str(number[real.maker]), ground="示意：数值录自规格表")
    act("publish", "operator", code=2)
    act("dismiss", "second", objection="1", reason="示意：名单已注明来源")
    desk.clock.days(0)
    assert "list published" in act("publish", "operator")
    seen = desk.told("frontrunner", "cycle", "show", name, by="citizen")
    assert {each["enterprise"] for each in seen["entries"] if each["standing"] == "on-list"} == {real.maker, real.other}

def certified(desk: Desk, real: RealSet, rows: Sequence[Row]) -> str:
    """From an application to a signed certificate of the maker; gives the standard it goes by."""
    standard = f"Q/示意 {real.maker}"

    def certify(verb: str, *words: str, by: str, code: int = 0) -> str:
        return desk.run("frontrunner", "certify", verb, *words, by=by, code=code)

    desk.run("frontrunner", "issuer", "new", "issuers.yaml", "--did", "did:web:evaluator.example", "--zh", "示例评估机构", "--en", "Example evaluator",
             "--illustrative")  # fmt: skip
    models = [word for model in real.shown(rows) for word in ("--model", model)]
    certify("apply", real.scheme, "--library", "cars", "--enterprise", real.maker, "--standard", standard, "--edition", PUBLISHED[:4], *models,
            "--undertaking", "示意：承诺所声明的水平", by="maker")  # fmt: skip
    evidence(real, rows, desk.folder / "evidence.csv")
    certify("evidence", standard, "evidence.csv", "--illustrative", by="maker")
    certify("evaluate", standard, by="assessor")
    today = desk.clock.now.date()
    days = ("--from", today.isoformat(), "--until", (today + timedelta(days=365)).isoformat(), "--every", "6")
    certify("grant", standard, "--reason", "示意：符合", *days, by="assessor", code=2)
    certify("grant", standard, "--reason", "示意：符合", *days, by="reviewer")
    certify("issue", standard, by="operator")
    return standard


def evidence(real: RealSet, rows: Sequence[Row], to: Path) -> None:
    """What the set says of the maker's cars, once for each model, and whence: a specification or an approval, no test of a laboratory."""
    with to.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("model", "input", "value", "laboratory", "report"))
        out.writerows((model, name, value, real.source, real.file) for model, held in real.shown(rows).items() for name, value in held.items())


def verified(desk: Desk, folder: str, code: int = 0) -> str:
    at = [f"{folder}/certificate.json", "--did", f"{folder}/did.json", "--status", f"{folder}/revocation.json", "--status", f"{folder}/suspension.json"]
    return desk.run("frontrunner", "certificate", "verify", *at, code=code)


@pytest.fixture
def products(shared: Path) -> Path:
    folder = shared / "data" / "products"
    if not folder.is_dir():
        pytest.skip("needs the real product sets in ../shared/data/products")
    return folder


CASES = [(OPEN_EV, engine) for engine in ENGINES] + [(ADEME, "sqlite")]


@pytest.mark.parametrize(("real", "engine"), CASES, ids=[f"{real.name}-{engine}" for real, engine in CASES])
def test_a_real_set_goes_from_import_to_a_certificate(
    real: RealSet, engine: str, desk: Desk, products: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    if engine == "postgresql":
        monkeypatch.setenv("GUIJU_FILES", str(desk.folder / "files"))
        monkeypatch.setenv("GUIJU_STORE", request.getfixturevalue("postgresql")())
    rows = opened(desk, real, products)
    result, hash_ = boarded(desk, real, rows)
    listed(desk, real, result)
    standard = certified(desk, real, rows)

    def act(name: str, by: str, **said: str) -> str:
        return desk.run("frontrunner", "certify", "act", standard, name, *(word for key, value in said.items() for word in ("--set", f"{key}={value}")), by=by)

    desk.run("frontrunner", "certify", "files", standard, "good", by="maker")
    said = verified(desk, "good")
    assert "the certificate is good" in said and "illustrative" in said and standard in said
    claims = json.loads((desk.folder / "good" / "certificate.json").read_text(encoding="utf-8"))["credentialSubject"]
    assert claims["illustrative"] and claims["enterprise"]["code"] == real.maker and claims["boardHash"] == hash_
    with monkeypatch.context() as away:
        away.setenv("GUIJU_STORE", str(desk.folder / "nowhere"))
        replay = ("frontrunner", "certificate", "replay", "good/certificate.json", "--library", "good/library", "--scheme", f"good/{real.scheme}.yaml")
        desk.run(*replay)
        altered(desk.folder / "good" / "library")
        desk.run(*replay, code=1)
    due = desk.told("frontrunner", "certify", "show", standard, by="operator")["decision"]["surveillance"][0]
    act("surveil", "assessor", due=due, outcome="pass", text="示意：抽查")
    for verb, by, why in (("suspend", "reviewer", "suspended"), ("reinstate", "second", ""), ("withdraw", "reviewer", "withdrawn")):
        act(verb, by, reason="示意：抽查不合格")
        desk.run("frontrunner", "certify", "files", standard, verb, by="maker")
        assert not why or f"credential-{why}" in verified(desk, verb, code=1)
        assert why or "the certificate is good" in verified(desk, verb)
    assert "✓" in desk.run("store", "verify")


def altered(library: Path) -> None:
    """One product less."""
    table, beside = library / "products.parquet", library / "products.part"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT * FROM read_parquet('{table}') LIMIT 100) TO '{beside}' (FORMAT parquet)")
    beside.replace(table)


def test_values_of_another_cycle_are_boarded_by_no_scheme(desk: Desk, products: Path) -> None:
    """No front-runner standard here is of EPA label values: 724 electric cars of which a scheme of CLTC or WLTP knows too little, and nobody else."""
    with gzip.open(products / EPA, "rt", encoding="utf-8", newline="") as text:
        electric = Counter(row["atvType"] == "EV" for row in csv.DictReader(text))
    formal = [word for number in ("GB 18384-2025", "GB 38031-2025", "GB 36980.1-2025") for word in ("--cites", number)]
    formal += [word for method in OPEN_EV.methods for word in ("--method", method)]
    desk.run("frontrunner", "import", "epa", str(products / EPA), "--to", "cars", "--published", PUBLISHED, *formal)
    for scheme in ("bev-cars", "specified-cars", "labelled-cars"):
        found = desk.told("frontrunner", "board", scheme, "cars")
        assert not found["overall"] and not any(band["models"] for each in found["boards"]["boards"] for band in each["bands"])
        assert found["boards"]["barred"] == {"scope": electric[False], "scope-unknown": electric[True]}, scheme
