"""Replaying with files: the certificate, the library, the scheme, the snapshots and the evidence are read; boards are made, levels computed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from guiju.base.dates import as_of
from guiju.base.diagnostics import Refused
from guiju.frontrunner.board.asked import checked_scheme, read_snapshots, run_boards
from guiju.frontrunner.credential import strict
from guiju.frontrunner.credential.at_hand import bytes_of, read_file
from guiju.frontrunner.credential.evidence import BYTES_MAX, evidence_hash, evidence_in
from guiju.frontrunner.credential.fields import is_earlier, wrong_fields
from guiju.frontrunner.credential.replay import Again, Replayed, evidence_rows, replayed
from guiju.frontrunner.credential.said import models_said
from guiju.frontrunner.credential.verify import CERTIFICATE
from guiju.frontrunner.library.library import read_library
from guiju.frontrunner.process.evaluating import ROW, Asked, evaluation_body
from guiju.frontrunner.scheme import located_scheme
from guiju.frontrunner.scheme_meaning import Opened
from guiju.records.source import Progress
from guiju.standard.shelf import Shelf

EVIDENCE = ("证据文件", "file of evidence")


def replay_of(
    file: Path, library: Path | None, scheme: str, on: str | None, snapshots: Sequence[Path], evidence: Path | None = None,
    progress: Progress | None = None,
) -> Replayed:  # fmt: skip
    """A certificate beside the boards made anew, and beside what its evidence says when it is evaluated again.

    library    None: only the evidence is evaluated
    on         the day the boards are of; None: as the certificate says, else the day it was decided on
    evidence   as its holder handed it on, of all models or of some
    raises     Refused: what is wrong with any of the files, a field of the certificate, the scheme, what the door has against a value
    """
    plain = read_file(file, CERTIFICATE)
    wrong = wrong_fields(plain)
    if wrong:
        raise Refused(wrong)
    claims, shelf, held = plain["credentialSubject"], Shelf(), read_snapshots(snapshots)
    place = located_scheme(shelf, scheme)
    again = {} if evidence is None or is_earlier(plain) else _again(claims, shelf, place, evidence)
    if library is None:
        return Replayed(tuple(evidence_rows(claims, again)))
    day = as_of(on or claims.get("comparedOn") or claims["decidedOn"])
    checked = checked_scheme(shelf, place, day, held)
    read = read_library(library, shelf.dictionary, progress=progress)
    try:
        of = (claims["enterprise"]["code"], claims["standard"]["number"], claims["standard"]["edition"])
        query = "SELECT DISTINCT model FROM products WHERE enterprise = ? AND standard = ? AND edition = ? AND model IS NOT NULL"
        models = [model for (model,) in read.connection.execute(query, list(of)).fetchall()]
        return replayed(claims, run_boards(checked, read, held), models, again)
    finally:
        read.connection.close()


def _again(claims: Mapping[str, Any], shelf: Shelf, scheme: Path, evidence: Path) -> dict[str, Again]:
    """The models of a certificate that a file has evidence of, evaluated again by the standard as it was read then."""
    given = evidence_in(strict.read(bytes_of(evidence, BYTES_MAX), EVIDENCE, BYTES_MAX), ROW)
    opened: Opened = checked_scheme(shelf, scheme, as_of(claims["evaluatedOn"])).opened
    asked = Asked(opened.scheme.basic, opened.scheme.core, opened.scheme.innovative)
    known = models_said(claims)
    found = {model: Again("", {}) for model in given if model not in known}
    for model in (each for each in given if each in known):
        salt, rows = given[model]
        body = evaluation_body(opened.program, asked, [{**row, "model": model} for row in rows], claims["decisionRule"], shelf.dictionary)
        found[model] = Again(evidence_hash(model, salt, rows), body)
    return found
