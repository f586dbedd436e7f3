"""The file of issuers, the rotation of keys, and keys that are not in a file."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from frontrunner_certificates import AT, DID, Office, signer
from guiju.base.diagnostics import Refused
from guiju.frontrunner.credential import did as dids
from guiju.frontrunner.credential import multibase
from guiju.frontrunner.credential.did import Method
from guiju.frontrunner.credential.holders import CommandSigner, signer_for
from guiju.frontrunner.credential.issuer import Issuer
from guiju.frontrunner.credential.issuers_file import Configured, Holder, issuer_named, read_issuers, revoked, rotated, write_issuers
from guiju.report.keyfile import new_key
from guiju.report.signing import raw
from guiju.standard.model import Title

DAY = timedelta(days=1)
PROGRAM = """
import sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
sys.stdout.buffer.write(Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32).sign(sys.stdin.buffer.read()))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def configured(folder: Path) -> Configured:
    key = new_key(folder / "key-1.pem", None)
    issuer = Issuer(DID, Title("示例评估机构", "Example evaluator"), (Method(f"{DID}#key-1", key.public),), illustrative=True)
    return Configured(issuer, {f"{DID}#key-1": Holder(folder / "key-1.pem")})


def test_what_is_written_is_read_again(folder: Path):
    held = rotated(configured(folder), "key-2", signer(2).public, Holder(command=("sign", "--slot", "1")), AT)
    held = revoked(held, "key-1", AT + DAY)
    write_issuers((held,), folder / "issuers.yaml", overwrite=False)
    (again,) = read_issuers(folder / "issuers.yaml")
    assert again == held
    assert issuer_named((again,), None) is again is issuer_named((again,), DID)
    assert "file: key-1.pem" in (folder / "issuers.yaml").read_text("utf-8")
    with pytest.raises(Refused, match="file-exists"):
        write_issuers((held,), folder / "issuers.yaml", overwrite=False)


def test_the_newest_key_that_may_signs(folder: Path):
    held = configured(folder)
    new_key(folder / "key-2.pem", None)
    second = read_key_of(folder / "key-2.pem")
    after = rotated(held, "key-2", second, Holder(folder / "key-2.pem"), AT)
    assert after.issuer.keys[0].expires == AT and after.issuer.keys[1].expires is None
    assert after.signer(AT - DAY).public == second == after.signer(AT + DAY).public
    lost = revoked(after, "key-2", AT)
    assert lost.signer(AT - DAY).public == held.issuer.keys[0].public
    with pytest.raises(Refused, match="signer-none"):
        lost.signer(AT + DAY)
    with pytest.raises(Refused, match="issuer-twice"):
        rotated(after, "key-3", second, Holder(), AT)
    with pytest.raises(Refused, match="issuer-key-unknown"):
        revoked(after, "key-9", AT)
    with pytest.raises(Refused, match="issuer-unknown"):
        issuer_named((after,), "did:web:other.example")
    office = Office(issuer=after.issuer, seed=1)
    with pytest.raises(Refused, match="credential-signer"):
        office.certificate()


def read_key_of(file: Path) -> bytes:
    from guiju.report.keyfile import read_key

    return read_key(file, None).public


def test_every_problem_of_a_file_is_told_with_its_line(folder: Path):
    good = multibase.multikey(signer(1).public)
    (folder / "issuers.yaml").write_text(
        f"""guiju: 2
issuers:
  - did: did:web:Evaluator.example
    zh: 评估
    en: Exаmple
    valid_hours: 0
    illustrative: maybe
    keys:
      - {{name: "a b", public: z6Mk, expires: soon}}
      - {{name: k, public: {good}, file: a.pem, command: [b]}}
      - {{name: k2, public: {good}}}
  - did: did:web:xn--e1afmkfd.example
    zh: 甲
    en: A
    refresh_hours: 48
    keys: [{{name: k, public: {good}}}]
  - did: did:web:xn--e1afmkfd.example
    zh: 甲
    en: A
    keys: [{{name: k, public: {good}}}]
""",
        "utf-8",
    )
    with pytest.raises(Refused) as refused:
        read_issuers(folder / "issuers.yaml")
    found = [(d.code, d.span.line) for d in refused.value.diagnostics if d.span]
    assert found == [
        ("format-version", 1), ("credential-issuer", 3), ("issuer-mixed", 5), ("issuer-hours", 6), ("unknown-word", 7), ("issuer-key-name", 9),
        ("issuer-public", 9), ("issuer-time", 9), ("issuer-holder", 10), ("issuer-twice", 11), ("credential-deceptive", 12), ("issuer-hours", 15),
        ("issuer-twice", 17), ("credential-deceptive", 17),
    ]  # fmt: skip


def test_a_program_signs_as_a_key_file_does(folder: Path):
    program = folder / "sign.py"
    program.write_text(PROGRAM, "utf-8")
    made = signer_for(signer(7).public, None, shlex.join([sys.executable, str(program)]))
    assert made.sign(b"hello") == signer(7).sign(b"hello")
    issuer = replace(Office().issuer, keys=(Method(f"{DID}#key-7", made.public),))
    by_file, by_program = Office(issuer=issuer, seed=7), Office(issuer=issuer, seed=7)
    assert by_program.verified(by_file.certificate())


@pytest.mark.parametrize("program", [PROGRAM.replace("7", "8"), "import sys; sys.exit('no token')", "print('x')", "", "import time"], ids=range(5))
def test_a_program_that_does_not_sign_is_told(folder: Path, program: str):
    (folder / "sign.py").write_text(program, "utf-8")
    with pytest.raises(Refused, match="signer-command"):
        CommandSigner((sys.executable, str(folder / "sign.py")), signer(7).public).sign(b"hello")


def test_what_cannot_sign_is_told(folder: Path):
    new_key(folder / "key.pem", None)
    for given, code in (((None, None), "signer-none"), ((folder / "key.pem", None), "signer-other"), ((folder / "no.pem", None), "file-missing")):
        with pytest.raises(Refused, match=code):
            signer_for(signer(7).public, *given)
    with pytest.raises(Refused, match="signer-command"):
        signer_for(signer(7).public, None, str(folder / "no-program")).sign(b"hello")


TOKEN = next((path for path in map(Path, ("/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so")) if path.exists()), None)


@pytest.mark.skipif(
    not (TOKEN and shutil.which("softhsm2-util") and shutil.which("pkcs11-tool")), reason="needs softhsm2 and opensc (Debian packages)"
)
def test_a_key_that_never_leaves_its_token_signs_a_certificate(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """PKCS#11: the key is made in a token, marked never extractable, and signs through a program."""
    (folder / "tokens").mkdir()
    (folder / "softhsm.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n", "utf-8")
    monkeypatch.setenv("SOFTHSM2_CONF", str(folder / "softhsm.conf"))
    tool = ["pkcs11-tool", "--module", str(TOKEN), "--login", "--pin", "1234"]
    for command in (
        ["softhsm2-util", "--init-token", "--free", "--label", "guiju", "--pin", "1234", "--so-pin", "1234"],
        [*tool, "--keypairgen", "--key-type", "EC:edwards25519", "--id", "01"],
        [*tool, "--read-object", "--type", "pubkey", "--id", "01", "-o", str(folder / "public.pem")],
    ):
        subprocess.run(command, check=True, capture_output=True)
    public = raw(load_pem_public_key((folder / "public.pem").read_bytes()))  # type: ignore[arg-type]
    held = signer_for(public, None, [*tool, "--sign", "--mechanism", "EDDSA", "--id", "01"])
    office = Office(issuer=Issuer(DID, Title("甲", "A"), (Method(f"{DID}#token", public),)))
    office.sign_with = held
    assert office.verified(office.certificate()).method == f"{DID}#token"


@pytest.mark.parametrize(("did", "base", "path"), [
    ("did:web:a.example", "https://a.example", "/.well-known/did.json"), ("did:web:a.example%3A8443", "https://a.example:8443", "/.well-known/did.json"),
    ("did:web:a.example:office:cars", "https://a.example", "/office/cars/did.json"), ("did:web:localhost", "https://localhost", "/.well-known/did.json"),
    *((wrong, None, None) for wrong in ("did:web:", "did:web:A.example", "did:web:-a.example", "did:web:a..example", "did:web:a.example:", "did:web:a/b",
                                        "did:key:z6Mk", "did:web:a.example%2F", "did:web:" + "a" * 300, "did:web:a.example?x", "https://a.example")),
])  # fmt: skip
def test_did_web_has_one_place(did: str, base: str | None, path: str | None):
    assert (dids.base_of(did), dids.path_of(did)) == (base, path)
    assert dids.deceptive(did) is None


def test_names_made_to_deceive():
    assert dids.deceptive("did:web:gu\u0456ju.example") == "U+0456 ≈ i"
    assert dids.deceptive("did:web:a.xn--80ak6aa92e.example") == "xn--80ak6aa92e"
    assert dids.deceptive("did:web:gu%D1%96ju.example") is not None
    assert dids.mixed("Ex\u0430mple") and not dids.mixed("示例 Example 评估机构") and not dids.mixed("Пример")
