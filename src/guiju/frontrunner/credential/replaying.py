"""Replaying with files: the certificate, the library, the scheme and the snapshots are read, and the boards are made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from guiju.base.dates import as_of
from guiju.base.diagnostics import Refused
from guiju.frontrunner.board.asked import checked_scheme, read_snapshots, run_boards
from guiju.frontrunner.credential.at_hand import read_file
from guiju.frontrunner.credential.certificate import wrong_fields
from guiju.frontrunner.credential.replay import Replayed, replayed
from guiju.frontrunner.credential.verify import CERTIFICATE
from guiju.frontrunner.library.library import read_library
from guiju.frontrunner.scheme import located_scheme
from guiju.records.source import Progress
from guiju.standard.shelf import Shelf


def replay_of(file: Path, library: Path, scheme: str, on: str | None, snapshots: Sequence[Path], progress: Progress | None = None) -> Replayed:
    """A certificate beside the boards made anew.

    on       the day the boards are of; None: as the certificate says, else the day it was decided on
    raises   Refused: what is wrong with any of the files, a field of the certificate, the scheme
    """
    plain = read_file(file, CERTIFICATE)
    wrong = wrong_fields(plain)
    if wrong:
        raise Refused(wrong)
    claims, shelf, held = plain["credentialSubject"], Shelf(), read_snapshots(snapshots)
    day = as_of(on or claims.get("comparedOn") or claims["decidedOn"])
    checked = checked_scheme(shelf, located_scheme(shelf, scheme), day, held)
    read = read_library(library, shelf.dictionary, progress=progress)
    try:
        of = (claims["enterprise"]["code"], claims["standard"]["number"], claims["standard"]["edition"])
        query = "SELECT DISTINCT model FROM products WHERE enterprise = ? AND standard = ? AND edition = ? AND model IS NOT NULL"
        models = [model for (model,) in read.connection.execute(query, list(of)).fetchall()]
        return replayed(claims, run_boards(checked, read, held), models)
    finally:
        read.connection.close()
