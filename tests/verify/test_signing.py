"""A signed report: what holds, what does not, and every wrong file told; never a traceback."""

from __future__ import annotations

import base64
import json
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from guiju.base.diagnostics import Refused
from guiju.cli.main import build
from guiju.report import keyfile
from guiju.report.signing import SIGNATURE_MAX, KeySigner, key_id, shown, signed
from guiju.verify import commands
from guiju.verify.dossier.signed import content_of

LIMIT, AT = "GB 36980.1-2025", datetime(2026, 1, 31, 8, 30, tzinfo=UTC)
TWIN = '{"guiju-dossier": 1, "number": "GB 1", "限值": 13.92}\n'.encode()
CONTENT = content_of(TWIN)
SIGNER = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
SIGNATURE = signed(TWIN, CONTENT, AT, "某验证点", SIGNER)


def guiju(*words: object, secret: str = "", language: str = "en") -> Result:
    env = {"GUIJU_LANG": language, "GUIJU_KEY_PASSPHRASE": secret}
    told = CliRunner().invoke(build((commands.add,)), ["verify", *map(str, words)], env=env)
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    return told


def codes(document: bytes, signature: bytes, key: str | None = None) -> list[str]:
    with pytest.raises(Refused) as caught:
        shown(document, content_of(document), signature, key)
    for diagnostic in caught.value.diagnostics:
        for language in ("zh", "en"):
            assert "{" not in diagnostic.message(language) + diagnostic.help(language)  # type: ignore[arg-type]
    return [d.code for d in caught.value.diagnostics]


def written(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def rewritten(**changes: Any) -> bytes:
    return (json.dumps(json.loads(SIGNATURE) | changes, ensure_ascii=False, indent=1) + "\n").encode()


def test_ed25519_gives_the_signatures_of_rfc_8032() -> None:
    """RFC 8032, 7.1, TEST 2 (one byte)."""
    signer = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")))
    assert signer.public.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert signer.sign(b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )


def test_the_same_key_content_and_moment_give_the_same_bytes() -> None:
    east = AT.astimezone(timezone(timedelta(hours=8)))
    assert signed(TWIN, CONTENT, east, "某验证点", SIGNER) == SIGNATURE
    found = shown(TWIN, CONTENT, SIGNATURE, key_id(SIGNER.public))
    assert (found.signed_at, found.by, found.content) == ("2026-01-31T08:30:00Z", "某验证点", CONTENT)
    for other in (signed(TWIN, CONTENT, AT, None, SIGNER), signed(TWIN, CONTENT, AT + timedelta(seconds=1), "某验证点", SIGNER)):
        assert json.loads(other)["signature"] != json.loads(SIGNATURE)["signature"]


@given(st.integers(0, len(TWIN) - 1), st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_no_byte_of_the_twin_can_be_changed(at: int, by: int) -> None:
    changed = bytearray(TWIN)
    changed[at] ^= by
    assert codes(bytes(changed), SIGNATURE) == ["signature-altered"]


@given(st.integers(0, len(SIGNATURE) - 1), st.integers(1, 255))
@settings(max_examples=120, deadline=None)
def test_no_byte_of_the_signature_file_can_be_changed(at: int, by: int) -> None:
    changed = bytearray(SIGNATURE)
    changed[at] ^= by
    assert codes(TWIN, bytes(changed))


ELSEWHERE = base64.b64encode(OTHER.public).decode()


@pytest.mark.parametrize(("changes", "wanted"), [
    ({"guiju-signature": 2}, ["signature-field"]),
    ({"guiju-signature": True}, ["signature-field"]),
    ({"algorithm": "none"}, ["signature-field"]),
    ({"algorithm": ["Ed25519"]}, ["signature-field"]),
    ({"key_id": key_id(OTHER.public)}, ["signature-field"]),
    ({"public_key": ELSEWHERE}, ["signature-field"]),
    ({"public_key": ELSEWHERE, "key_id": key_id(OTHER.public)}, ["signature-false"]),
    ({"sha256": "0" * 64}, ["signature-false", "signature-altered"]),
    ({"content": "0" * 64}, ["signature-false", "signature-altered"]),
    ({"signed_at": "2026-01-31T08:30:01Z"}, ["signature-false"]),
    ({"signed_at": "2026-02-31T08:30:01Z"}, ["signature-field"]),
    ({"signed_at": "2026-01-31T08:30:00+00:00", "sha256": 1}, ["signature-field", "signature-field"]),
    ({"by": "别人"}, ["signature-false"]),
    ({"by": None}, ["signature-false"]),
    ({"by": "a\nb"}, ["signature-field"]),
    ({"by": "x" * 201}, ["signature-field"]),
    ({"signature": base64.b64encode(bytes(64)).decode()}, ["signature-false"]),
    ({"signature": json.loads(SIGNATURE)["signature"][:-4]}, ["signature-field"]),
    ({"more": 1}, ["signature-field"]),
])  # fmt: skip
def test_every_field_that_is_tampered_with_is_told(changes: dict[str, Any], wanted: list[str]) -> None:
    assert codes(TWIN, rewritten(**changes)) == wanted


def test_what_is_no_signature_file_is_refused() -> None:
    twice = SIGNATURE.replace(b'"by"', b'"by": "x",\n "by"')
    for wrong in (b"", b"\xff\xfe", b"[]", b"1", SIGNATURE[:-9], SIGNATURE + b" ", SIGNATURE.replace(b"\n", b"\r\n"), b"[" * 16_000,
                  b"9" * 9000, twice):  # fmt: skip
        assert codes(TWIN, wrong) == ["signature-form"]
    assert codes(TWIN, b" " * (SIGNATURE_MAX + 1)) == ["signature-large"]
    assert set(codes(TWIN, b"{}")) == {"signature-field"}


def test_another_key_is_told() -> None:
    assert codes(TWIN, SIGNATURE, key_id(OTHER.public)) == ["signature-other-key"]
    assert codes(TWIN + b" ", SIGNATURE, key_id(OTHER.public)) == ["signature-altered", "signature-other-key"]


def test_a_key_file_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    told = guiju("key", "new", file)
    assert told.exit_code == 0 and stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = file.read_bytes()
    again = guiju("key", "new", file)
    assert again.exit_code == 2 and "file-exists" in again.output and file.read_bytes() == kept
    assert "folder-missing" in guiju("key", "new", tmp_path / "none" / "key.pem").output
    (tmp_path / "link.pem").symlink_to(tmp_path / "target.pem")
    assert "file-exists" in guiju("key", "new", tmp_path / "link.pem").output and not (tmp_path / "target.pem").exists()
    shown_key = guiju("key", "show", file)
    assert shown_key.exit_code == 0 and "BEGIN PUBLIC KEY" in shown_key.stdout and "PRIVATE" not in shown_key.stdout
    assert key_id(keyfile.read_key(file, None).public) in shown_key.stdout and key_id(keyfile.read_key(file, None).public) in told.stdout


def test_a_passphrase_locks_a_key(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    assert guiju("key", "new", file, secret="开门").exit_code == 0
    assert guiju("key", "show", file, secret="开门").exit_code == 0
    for wrong in ("", "别的"):
        told = guiju("key", "show", file, secret=wrong)
        assert told.exit_code == 2 and "signature-passphrase" in told.output and "Traceback" not in told.output
    told = guiju("key", "new", tmp_path / "long.pem", secret="x" * 1001)
    assert told.exit_code == 2 and not (tmp_path / "long.pem").exists()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUIJU_KEY_PASSPHRASE", "x" * 1001)
        with pytest.raises(Refused) as caught:
            keyfile.passphrase()
    assert [d.code for d in caught.value.diagnostics] == ["signature-passphrase-long"]


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    private = curve.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    public = curve.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
    for wrong in (private, public, b"", b"\x00\xff", private[:90], keyfile.public_text(SIGNER).encode()):
        told = guiju("key", "show", written(tmp_path, "wrong.pem", wrong))
        assert told.exit_code == 2 and "signature-key" in told.output
    assert "signature-large" in guiju("key", "show", written(tmp_path, "large.pem", b"x" * 20_000)).output
    assert "file-missing" in guiju("key", "show", tmp_path / "none.pem").output
    assert "file-unreadable" in guiju("key", "show", tmp_path).output
    for given_key in (written(tmp_path, "ec.pem", public), written(tmp_path, "x.pem", b"x"), tmp_path / "none.pem", "AAAA", "", "x" * 5000):
        with pytest.raises(Refused) as caught:
            keyfile.known_key(str(given_key))
        assert [d.code for d in caught.value.diagnostics] == ["signature-public"]


def test_a_signature_is_verified_offline(tmp_path: Path) -> None:
    twin, sig = written(tmp_path, "d.json", TWIN), written(tmp_path, "d.json.sig", SIGNATURE)
    public = written(tmp_path, "public.pem", keyfile.public_text(SIGNER).encode())
    for key in (public, key_id(SIGNER.public), base64.b64encode(SIGNER.public).decode()):
        told = guiju("signature", twin, sig, "--key", key)
        assert told.exit_code == 0 and "holds" in told.stdout and "某验证点" in told.stdout and CONTENT in told.stdout
    unknown = guiju("signature", twin, sig, language="zh")
    assert unknown.exit_code == 3 and "signature-key-open" in unknown.output and "签名有效" in unknown.output
    other = guiju("signature", twin, sig, "--key", key_id(OTHER.public))
    assert other.exit_code == 1 and "signature-other-key" in other.output and "holds" not in other.stdout
    altered = guiju("signature", written(tmp_path, "a.json", TWIN.replace(b"13.92", b"13.93")), sig, "--key", public)
    assert altered.exit_code == 1 and "signature-altered" in altered.output
    assert guiju("signature", twin, twin).exit_code == 2
    assert "file-missing" in guiju("signature", twin, tmp_path / "none.sig").output
    for odd in (b"", b"[" * 100_000, b'"\\ud800"', b'{"a": NaN}', b'{"\\ud800": 1}', b"\xff"):
        assert guiju("signature", written(tmp_path, "odd.json", odd), sig).exit_code == 1


def test_a_report_is_signed_and_the_same_again(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    identity = key_id(keyfile.new_key(key, None).public)
    asked = ("standard", LIMIT, "--sign", key, "--signed-by", "某验证点", "--signed-at", "2026-01-31 08:30:00Z", "--seconds", "120")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        told = guiju(*asked, "--out", tmp_path / name / "d.md")
        assert told.exit_code == 3 and identity in told.stdout, told.output
    for name in ("d.md", "d.json", "d.json.sig"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    twin, sig = tmp_path / "one" / "d.json", tmp_path / "one" / "d.json.sig"
    assert guiju("signature", twin, sig, "--key", identity).exit_code == 0
    assert json.loads(sig.read_bytes())["content"] in (tmp_path / "one" / "d.md").read_text("utf-8")
    sig.rename(tmp_path / "kept.sig")
    assert "file-exists" in guiju(*asked, "--out", twin).output and not sig.exists()


def test_what_cannot_be_signed_is_told_before_the_work(tmp_path: Path) -> None:
    key, out = tmp_path / "key.pem", tmp_path / "d.json"
    keyfile.new_key(key, None)
    assert "signature-out" in guiju("standard", LIMIT, "--sign", key).output
    assert "signature-unsigned" in guiju("standard", LIMIT, "--signed-by", "某验证点").output
    for words, code in ((("--signed-at", "昨天"), "signature-time"), (("--signed-at", "2026-01-31T08:30:00.5Z"), "signature-time"),
                        (("--signed-by", " "), "signature-name")):  # fmt: skip
        told = guiju("standard", LIMIT, "--sign", key, "--out", out, *words)
        assert told.exit_code == 2 and code in told.output and not out.exists()
    written(tmp_path, "d.json.sig", b"kept")
    assert "file-exists" in guiju("standard", LIMIT, "--sign", key, "--out", out).output and not out.exists()
