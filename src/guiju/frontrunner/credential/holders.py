"""Holders of keys: a key file, or a program beside it that speaks to whatever holds the key (a hardware module, a smart card, a service).

The program reads the message on its standard input and writes the 64 bytes of the Ed25519 signature on its standard output; it gives no key away.
What it writes is verified before it is used.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.credential import multibase
from guiju.report.keyfile import passphrase, read_key
from guiju.report.signing import ALGORITHM, Signer, raw

SECONDS_MAX = 60.0
_SHOWN = 200


@dataclass(frozen=True)
class CommandSigner:
    """A signer whose key is elsewhere.

    command   the program and its arguments; no shell reads them
    public    the public key it signs for, raw: 32 bytes
    """

    command: tuple[str, ...]
    public: bytes = field(repr=False)
    algorithm: str = ALGORITHM

    def sign(self, message: bytes) -> bytes:
        """raises   Refused: signer-command where the program fails, takes longer than a minute, or writes what is no signature of the message"""
        try:
            done = subprocess.run(self.command, input=message, capture_output=True, timeout=SECONDS_MAX, check=False)
        except subprocess.TimeoutExpired:
            raise self._refused(f"> {SECONDS_MAX:g} s") from None
        except OSError as error:
            raise self._refused(error.strerror or str(error)) from None
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip()[-_SHOWN:]
            raise self._refused(f"{done.returncode} {said}".strip())
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(done.stdout, message)
        except (InvalidSignature, ValueError):
            raise self._refused(f"{len(done.stdout)} bytes") from None
        return done.stdout

    def _refused(self, reason: str) -> Refused:
        return Refused([Diagnostic("signer-command", None, {"command": self.command[0], "reason": reason})])


def public_key(given: str) -> bytes:
    """A public key as written: z6Mk…, or a PEM file.

    raises   Refused: issuer-public
    """
    found = multibase.from_multikey(given)
    if found is None:
        try:
            key = load_pem_public_key(Path(given).read_bytes())
        except (OSError, ValueError, UnsupportedAlgorithm):
            key = None
        found = raw(key) if isinstance(key, Ed25519PublicKey) else None
    if found is None:
        raise Refused([Diagnostic("issuer-public", None, {"text": given})])
    return found


def signer_for(public: bytes, file: Path | None, command: str | Sequence[str] | None) -> Signer:
    """The signer of a public key.

    file      where its key is in a file; the passphrase is GUIJU_KEY_PASSPHRASE
    command   else the program that signs, as one line or as its words
    raises    Refused: signer-none where neither is given; signer-other where the file has another key; and what the file is refused for
    """
    if command:
        return CommandSigner(tuple(shlex.split(command) if isinstance(command, str) else command), public)
    if file is None:
        raise Refused([Diagnostic("signer-none", None)])
    held = read_key(file, passphrase())
    if held.public != public:
        raise Refused([Diagnostic("signer-other", None, {"file": str(file)})])
    return held
