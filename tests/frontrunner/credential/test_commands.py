"""The command line of certificates: issued, listed, verified, printed; and replayed from a library."""

from __future__ import annotations

import json
import shlex
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from frontrunner_certificates import claims
from guiju.cli.main import build
from guiju.frontrunner import commands
from guiju.frontrunner.board.asked import checked_scheme, run_boards
from guiju.frontrunner.credential.evidence import evidence_file, evidence_hash, salt_of
from guiju.frontrunner.library.library import read_library
from guiju.frontrunner.process.evaluating import ROW, Asked, evaluation_body
from guiju.frontrunner.scheme import located_scheme
from guiju.standard.shelf import Shelf
from library_cases import A, as_csv, tables

AT = "--at 2026-11-22T10:00:00Z"
ISSUE = "certificate issue claims.json --issuers issuers.yaml --id urn:uuid:1 --from 2026-11-22 --until 2027-11-22 --index 5"


class Desk:
    """A folder in which commands are typed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root = folder, build((commands.add,))

    def types(self, words: str, code: int = 0) -> str:
        """What a command says; its exit code is asked for."""
        done = CliRunner().invoke(self.root, ["--lang", "en", "frontrunner", *shlex.split(words)])
        assert done.exit_code == code, (words, done.exit_code, done.output, done.exception)
        return str(done.output)

    def office(self) -> None:
        self.types("issuer new issuers.yaml --did did:web:a.example --zh 甲 --en A --illustrative")
        self.types("issuer did issuers.yaml --out did.json")
        for purpose in ("revocation", "suspension"):
            self.types(f"status new --issuers issuers.yaml --purpose {purpose} --out {purpose}.json {AT}")

    def certify(self, said: dict[str, Any], name: str = "c.json") -> None:
        (self.folder / "claims.json").write_text(json.dumps(said), "utf-8")
        self.types(f"{ISSUE} --out {name} {AT}")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)


VERIFY = "certificate verify c.json --did did.json --status revocation.json --status suspension.json"


def test_a_certificate_from_a_new_issuer_to_paper_and_its_end(desk: Desk):
    desk.office()
    desk.certify(claims())
    assert "the certificate is good" in desk.types(f"{VERIFY} {AT}")
    plain = json.loads(desk.types(f"{VERIFY} {AT} --json"))
    assert plain["verified"] and plain["certificate"]["claims"]["level"] == 2
    said = desk.types(f"{VERIFY} --at 2026-11-24", 1)
    assert said.count("credential-late") == 2
    desk.types(f"status new --issuers issuers.yaml --purpose revocation --set 5 --out revocation.json --overwrite {AT}")
    assert "credential-withdrawn" in desk.types(f"{VERIFY} {AT}", 1)
    assert "5: set" in desk.types(f"status show revocation.json --did did.json --index 5 {AT}")
    assert "1 of them set" in desk.types("status show revocation.json")
    assert "credential-late" in desk.types("status show revocation.json --did did.json --at 2026-12-01", 1)
    for name in ("c.pdf", "c.html"):
        desk.types(f"certificate print c.json --issuers issuers.yaml --out {name}")
    assert (desk.folder / "c.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads(desk.types("certificate context"))["@context"]["@protected"] is True


def test_keys_rotate_and_are_revoked(desk: Desk):
    desk.office()
    desk.certify(claims())
    desk.types("issuer rotate issuers.yaml --name key-2 --at 2026-11-22T11:00:00Z")
    desk.types("issuer did issuers.yaml --out did.json --overwrite")
    assert "key-1" in desk.types(f"{VERIFY} {AT}")
    desk.types("issuer revoke issuers.yaml --name key-1 --at 2026-11-23")
    desk.types("issuer did issuers.yaml --out did.json --overwrite")
    assert "credential-key-revoked" in desk.types(f"{VERIFY} {AT}", 1)
    assert "issuer-key-unknown" in desk.types("issuer revoke issuers.yaml --name key-9", 2)
    assert "credential-key-revoked" in desk.types("certificate print c.json --issuers issuers.yaml --out c.pdf", 2)
    assert not (desk.folder / "c.pdf").exists()


def test_what_is_refused_leaves_nothing_behind(desk: Desk):
    desk.office()
    before = sorted(desk.folder.iterdir())
    text = (desk.folder / "issuers.yaml").read_text("utf-8")
    for words, code in (
        ("issuer new issuers.yaml --did did:web:\u0430.example --zh 乙 --en B --name other", "credential-deceptive"),
        ("issuer new issuers.yaml --did did:web:a.example --zh 乙 --en B --name other", "issuer-twice"),
        ("issuer new issuers.yaml --did did:web:b.example --zh 乙 --en B --signer-command ./sign", "signer-none"),
        ("issuer new issuers.yaml --did did:web:b.example --zh 乙 --en B --signer-command ./sign --public z6Mk", "issuer-public"),
        ("issuer rotate issuers.yaml --name key-1 --key key-2.pem", "issuer-twice"),
        ("issuer did issuers.yaml --issuer did:web:b.example", "issuer-unknown"),
        ("status new --issuers issuers.yaml --purpose refresh --out x.json", "unknown-word"),
        ("status new --issuers issuers.yaml --purpose revocation --set 131072 --out x.json", "credential-list-index"),
        ("status show did.json", "credential-list-form"),
        (f"{VERIFY} --at 'not a moment'", "file-missing"),
    ):
        assert code in desk.types(words, 2)
    assert sorted(desk.folder.iterdir()) == before and (desk.folder / "issuers.yaml").read_text("utf-8") == text
    (desk.folder / "claims.json").write_text("{}", "utf-8")
    assert desk.types(f"{ISSUE} --out c.json", 2).count("credential-field") > 10
    assert not (desk.folder / "c.json").exists()
    (desk.folder / "c.json").write_text("{}", "utf-8")
    assert "credential-two" in desk.types("certificate verify c.json --did did.json --did did.json --status revocation.json", 2)


def test_a_program_signs_for_an_issuer(desk: Desk):
    """The key is elsewhere: the program alone knows where."""
    desk.types("issuer new keys.yaml --did did:web:a.example --zh 甲 --en A")
    public = json.loads(desk.types("issuer did keys.yaml"))["verificationMethod"][0]["publicKeyMultibase"]
    (desk.folder / "sign.py").write_text(
        "import sys\nfrom pathlib import Path\nfrom guiju.report.keyfile import read_key\n"
        "sys.stdout.buffer.write(read_key(Path('key-1.pem'), None).sign(sys.stdin.buffer.read()))\n",
        "utf-8",
    )
    command = shlex.quote(shlex.join([sys.executable, "sign.py"]))
    desk.types(f"issuer new issuers.yaml --did did:web:a.example --zh 甲 --en A --public {public} --signer-command {command}")
    assert "file:" not in (desk.folder / "issuers.yaml").read_text("utf-8")
    desk.types("issuer did issuers.yaml --out did.json")
    for purpose in ("revocation", "suspension"):
        desk.types(f"status new --issuers issuers.yaml --purpose {purpose} --out {purpose}.json {AT}")
    desk.certify(claims())
    assert "the certificate is good" in desk.types(f"{VERIFY} {AT}")


HEADER = ["产品编号", "企业代码", "标准编号", "版本", "型号", "上市日期", "vehicle.category", "vehicle.powertrain", "vehicle.mass.max_design (kg)",
          "vehicle.mass.curb (kg)", "nev.electricity.cltc (kWh/100km)", "nev.range.cltc (km)", "nev.charging.time.dc_30_80 (min)",
          "vehicle.acceleration.0_100 (s)", "nev.range.cold_loss (%)", "nev.battery.energy_density (Wh/kg)", "vehicle.safety.gb18384_2025",
          "battery.safety.gb38031_2025"]  # fmt: skip


def library(folder: Path, consumption: float = 8.08) -> Path:
    held = tables()
    common = ["M1", "bev", 1500, 1090]
    held["产品"] = [
        HEADER,
        ["p1", A, "Q/JIA 001", "2025", "J1", "2026-01-01", *common, consumption, 430, 18, 4.3, 20, 160, "true", "true"],
        ["p2", A, "Q/JIA 001", "2025", "J2", "2026-01-01", *common, 9.09, 400, 24, 6.8, 28, 140, "true", "true"],
        ["p3", "91110000MA1FL0001C", "Q/YI 7", "2024", "Y1", "2026-01-01", *common, 10.1, 310, 30, 10.5, 35, 120, "true", "true"],
    ]
    for row in held["标准"][1:]:
        row[6], row[7] = "GB 18384-2025；GB 38031-2025；GB 36980.1-2025", "nev.electricity.cltc=GB/T 18386.1-2021；nev.range.cltc=GB/T 18386.1-2021"
    held["证据"] = held["证据"][:1]
    return as_csv(held, folder)


def test_a_third_party_makes_the_boards_again(desk: Desk):
    desk.office()
    place, shelf = library(desk.folder / "library"), Shelf()
    read = read_library(place, shelf.dictionary)
    boards = run_boards(checked_scheme(shelf, located_scheme(shelf, "bev-cars"), date(2026, 11, 1)), read)
    whole = next(each for each in boards.overall if each.enterprise == A)
    assert whole.models == 2 and whole.levels["consumption_level"] == 2
    cited, scheme = boards.cited, checked_scheme(shelf, located_scheme(shelf, "bev-cars"), date(2026, 11, 1)).opened
    measured = {"consumption": "8.1 kWh/100km", "range": "430 km", "charging_time": "18 min", "acceleration": "4.3 s", "curb_mass": "1090 kg",
                "max_mass": "1500 kg", "category": "M1", "powertrain": "bev", "vehicle_safe": "true", "battery_safe": "true"}  # fmt: skip
    rows = [{**dict.fromkeys(ROW, ""), "model": model, "input": name, "value": value} for model in ("J1", "J2") for name, value in measured.items()]
    asked = Asked(scheme.scheme.basic, scheme.scheme.core, scheme.scheme.innovative)
    found = evaluation_body(scheme.program, asked, rows, "guard", shelf.dictionary)
    (desk.folder / "evidence.json").write_text(json.dumps(evidence_file(rows, "a secret", ("J1", "J2"), True)), "utf-8")
    (desk.folder / "of-j1.json").write_text(json.dumps(evidence_file(rows, "a secret", ("J1",), True)), "utf-8")
    said = claims(
        enterprise={"code": A, "title": {"zh": "甲", "en": "Jia"}}, standard={"number": "Q/JIA 001", "edition": "2025"},
        models=[_model(model, rows, found["models"][model]) for model in ("J1", "J2")], level=found["level"], schemeHash=cited.scheme_hash,
        evaluationStandard={"number": cited.standard, "edition": cited.edition, "contentHash": cited.standard_hash}, libraryHash=cited.library,
        snapshotHashes=list(cited.snapshots), boardHash=boards.hash, engineVersion=cited.engine, comparedOn="2026-11-01", evaluatedOn=found["on"],
    )  # fmt: skip
    desk.certify(said)
    boards_too = "certificate replay c.json --library library --scheme bev-cars"
    replay = f"{boards_too} --evidence evidence.json"
    assert "It is as what was made anew says." in desk.types(replay)
    plain = json.loads(desk.types(f"{replay} --json"))
    assert plain["same"] and {row["en"] for row in plain["compared"] if not row["same"]} <= {
        each["en"] for each in plain["compared"] if not each["counts"]}  # fmt: skip
    by_title = {row["en"]: row for row in plain["compared"]}
    indicator = by_title["consumption_level of J1"]
    assert indicator["certificate"] == indicator["found"] and "/" in indicator["certificate"]  # exact, and no decimal that ends
    assert by_title["evidence of J1"]["same"] and by_title["level of J2"]["same"]
    alone = json.loads(desk.types("certificate replay c.json --scheme bev-cars --evidence of-j1.json --json"))
    assert alone["same"] and alone["compared"][-1]["found"] == "J2" and not alone["compared"][-1]["counts"]
    without = json.loads(desk.types(f"{boards_too} --json"))
    assert without["same"] and without["compared"][-1]["found"] == "J1, J2"
    assert "--evidence" in desk.types("certificate replay c.json --scheme bev-cars", 2)


@pytest.mark.parametrize(
    ("place", "value", "differs"),
    [
        (("models", 0, "rows", 0, "value"), "9.9 kWh/100km", {"evidence of J1", "consumption_level of J1", "level of J1"}),
        (("models", 0, "rows", 0, "report"), "R-2", {"evidence of J1"}),
        (("models", 0, "salt"), "0" * 64, {"evidence of J1"}),
        (("models", 0, "model"), "J9", {"evidence of models not in the certificate"}),
    ],
)
def test_evidence_that_is_not_the_one_evaluated_is_told(desk: Desk, place: tuple[Any, ...], value: str, differs: set[str]):
    desk.office()
    shelf = Shelf()
    opened = checked_scheme(shelf, located_scheme(shelf, "bev-cars"), date(2026, 11, 1)).opened
    asked = Asked(opened.scheme.basic, opened.scheme.core, opened.scheme.innovative)
    measured = {"consumption": "8.08 kWh/100km", "range": "430 km", "charging_time": "18 min", "acceleration": "4.3 s", "curb_mass": "1090 kg",
                "max_mass": "1500 kg", "category": "M1", "powertrain": "bev", "vehicle_safe": "true", "battery_safe": "true"}  # fmt: skip
    rows = [{**dict.fromkeys(ROW, ""), "model": "J1", "input": name, "value": each} for name, each in measured.items()]
    found = evaluation_body(opened.program, asked, rows, "guard", shelf.dictionary)
    desk.certify(claims(models=[_model("J1", rows, found["models"]["J1"])], level=found["level"], evaluatedOn=found["on"]))
    given = evidence_file(rows, "a secret", ("J1",), True)
    inner: Any = given
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    (desk.folder / "evidence.json").write_text(json.dumps(given), "utf-8")
    answer = json.loads(desk.types("certificate replay c.json --scheme bev-cars --evidence evidence.json --json", 1))
    assert {row["en"] for row in answer["compared"] if not row["same"] and row["counts"]} == differs
    (desk.folder / "evidence.json").write_text('{"form": "x", "models": [{"model": 1}]}', "utf-8")
    assert "/models/0" in desk.types("certificate replay c.json --scheme bev-cars --evidence evidence.json", 2)


def _model(model: str, rows: list[dict[str, str]], found: dict[str, Any]) -> dict[str, Any]:
    own = [row for row in rows if row["model"] == model]
    levels = {name: {part: each[part] for part in ("level", "value", "unit", "fraction") if part in each}
              for name, each in found["indicators"].items() if each["level"] is not None}  # fmt: skip
    return {"model": model, "level": found["level"], "evidenceHash": evidence_hash(model, salt_of("a secret", model), own), "indicators": levels}


def test_a_library_that_is_another_is_told(desk: Desk):
    desk.office()
    place, shelf = library(desk.folder / "library"), Shelf()
    boards = run_boards(checked_scheme(shelf, located_scheme(shelf, "bev-cars"), date(2026, 11, 1)), read_library(place, shelf.dictionary))
    cited = boards.cited
    said = claims(
        enterprise={"code": A, "title": {"zh": "甲", "en": "Jia"}}, standard={"number": "Q/JIA 001", "edition": "2025"}, schemeHash=cited.scheme_hash,
        models=[{**each, "model": name} for name, each in zip(("J1", "J9"), claims()["models"], strict=True)],
        evaluationStandard={"number": cited.standard, "edition": cited.edition, "contentHash": cited.standard_hash}, libraryHash=cited.library,
        snapshotHashes=list(cited.snapshots), boardHash=boards.hash, engineVersion=cited.engine, comparedOn="2026-11-01",
    )  # fmt: skip
    desk.certify(said)
    replay = "certificate replay c.json --library library --scheme bev-cars"
    rows = json.loads(desk.types(f"{replay} --json", 1))["compared"]
    assert {(row["en"], row["found"]) for row in rows if not row["same"] and row["counts"]} == {("models not in the library", "J9")}
    library(desk.folder / "library", 8.09)
    rows = json.loads(desk.types(f"{replay} --json", 1))["compared"]
    assert {"library", "boards"} <= {row["en"] for row in rows if not row["same"]}
    assert "boards" in {row["en"] for row in json.loads(desk.types(f"{replay} --on 2026-10-01 --json", 1))["compared"] if not row["same"]}
    assert "credential-field" in desk.types("certificate replay claims.json --library library --scheme bev-cars", 2)
