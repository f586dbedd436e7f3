"""Proposals for pages and programs: computed in the process apart, for a dossier proves things, and kept for the next who asks the same."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.standard.shelf import Shelf
from guiju.verify.dossier.measured import Tell
from guiju.verify.process.project import Project
from guiju.verify.process.proposing import Proposal, proposal
from guiju.verify.process.seen import names_in
from guiju.web.apart import Answer, apart_of
from guiju.web.asking import asked
from guiju.web.opening import opened

WAIT_SECONDS = 60.0
"""So long a conclusion waits for what is proposed; a page says that it is being computed."""


def computed(tell: Tell, folders: tuple[Path, ...], project: Project, names: Mapping[str, str]) -> Proposal:
    return proposal(Shelf(folders), project, names, tell=tell)


def answered(request: Request, project: Project, seconds: float) -> Answer:
    """What is proposed for a project that can be concluded, or how far the computing is.

    raises   Refused: what `proposal` refuses, apart-broken, proof-busy
    """
    who = asked(request)
    names = dict(names_in(who.store).accounts) if who.store else {}
    text = opened(who, project.standard).opened.document.text
    key = ("proposal", who.shelf.folders, text, project.id, project.number, tuple(sorted(names.items())))
    return apart_of(who).ask(key, computed, who.shelf.folders, project, names, seconds=seconds)


def awaited(request: Request, project: Project) -> Proposal:
    """
    raises   Refused: what `answered` refuses, and proof-busy where it takes longer than one waits
    """
    found = answered(request, project, WAIT_SECONDS).value
    if not isinstance(found, Proposal):
        raise Refused([Diagnostic("proof-busy", None, {"seconds": f"{WAIT_SECONDS:.0f}"})])
    return found
