"""What `guiju frontrunner certify files` does: a certificate, and all that somebody elsewhere needs to verify and to replay it, as files."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from guiju.api.typed import Here, opened
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.console import written
from guiju.frontrunner.commands.processed import certificate_named
from guiju.frontrunner.credential.certificate import certificate_bytes
from guiju.frontrunner.credential.issuers_file import issuer_named
from guiju.frontrunner.credential.office import offices, published
from guiju.frontrunner.credential.status import PURPOSES
from guiju.frontrunner.library.kept import library_of
from guiju.frontrunner.library.merging import merged
from guiju.frontrunner.process.certificate import Certificate
from guiju.frontrunner.process.certifying import certificate_for
from guiju.frontrunner.process.evidence_given import evidence_of
from guiju.frontrunner.process.papers_given import may_read_evidence
from guiju.frontrunner.process.public import certificate_of, statuses
from guiju.store.results import result_of

CERTIFICATE, DOCUMENT, LIBRARY, EVIDENCE = "certificate.json", "did.json", "library", "evidence.json"


def hand_out(place: str, files: Path | None, who: str | None, word: str, folder: Path, overwrite: bool) -> None:
    """Writes certificate.json, did.json, a status list for each purpose as it is now, the scheme, the folder of the library; and
    evidence.json for who may have it.

    raises   typer.Exit: 2 where nothing was issued, nobody signs here for its issuer, or the folder is there
    """
    with opened(place, files, who) as here:
        if folder.exists() and not overwrite:
            raise Refused([Diagnostic("file-exists", None, {"file": str(folder)})])
        found, _ = certificate_for(here.store, here.who, certificate_named(here, word))
        with tempfile.TemporaryDirectory(prefix="guiju-certificate-") as made:
            _write(here, found, Path(made))
            try:
                shutil.copytree(made, folder, dirs_exist_ok=True)
            except OSError as error:
                raise Refused([Diagnostic("file-unwritable", None, {"file": str(folder), "reason": error.strerror or str(error)})]) from None
    for path in sorted(folder.iterdir()):
        written(path)


def _write(here: Here, found: Certificate, to: Path) -> None:
    credential = certificate_of(here.store, found.id).credential
    office = issuer_named(offices(), credential["issuer"])
    with here.store.reading() as connection:
        now = here.store.clock(connection)
    (to / CERTIFICATE).write_bytes(certificate_bytes(credential))
    (to / DOCUMENT).write_bytes(certificate_bytes(office.issuer.document()))
    named = {each["statusListCredential"] for each in credential["credentialStatus"]}
    for number, on in statuses(here.store).items():
        for purpose in (each for each in PURPOSES if office.issuer.list_address(each, number) in named):
            (to / f"{purpose}.json").write_bytes(published(office, purpose, number, on[purpose], now).data)
    if may_read_evidence(found.runner, found.holder, here.who):
        text = json.dumps(evidence_of(here.store, here.who, found.id), ensure_ascii=False, indent=1)
        (to / EVIDENCE).write_text(text + "\n", encoding="utf-8")
    assert found.subject is not None and found.evaluated is not None, "issued"
    boards = result_of(here.store, found.evaluated.found["board"]["result"])
    (to / f"{found.subject.scheme}.yaml").write_text(boards.request.arguments["scheme"], encoding="utf-8")
    (to / LIBRARY).mkdir()
    library = library_of(here.store, boards.request.arguments["library"], boards.request.arguments["revision"])
    merged(library, library, library.enterprises, to / LIBRARY)
