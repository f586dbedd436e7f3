"""What `guiju frontrunner cycle file`, `certify file` and `certify table` write: what an enterprise showed, for those who may have it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from guiju.api.typed import Here, opened
from guiju.cli.console import written
from guiju.frontrunner.commands.processed import certificate_named, cycle_named
from guiju.frontrunner.process.evidence_given import evidence_of
from guiju.frontrunner.process.papers_given import paper_of_certificate, paper_of_cycle
from guiju.report.written import ready_at, write_whole

Content = Callable[[Here], bytes]


def of_cycle(word: str, hash_: str) -> Content:
    return lambda here: paper_of_cycle(here.store, here.who, cycle_named(here, word), hash_).path.read_bytes()


def of_certificate(word: str, hash_: str) -> Content:
    return lambda here: paper_of_certificate(here.store, here.who, certificate_named(here, word), hash_).path.read_bytes()


def evidence(word: str, models: Sequence[str]) -> Content:
    """The evidence a certificate is replayed from, as its holder gives it to others."""

    def made(here: Here) -> bytes:
        found = evidence_of(here.store, here.who, certificate_named(here, word), models)
        return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()

    return made


def take(place: str, files: Path | None, who: str | None, out: Path, overwrite: bool, content: Content) -> None:
    """Writes what is asked for to a file."""
    with opened(place, files, who) as here:
        ready_at(out, overwrite)
        write_whole(content(here), out, overwrite)
    written(out)
