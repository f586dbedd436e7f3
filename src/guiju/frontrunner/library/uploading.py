"""Uploading: a library that somebody sends: what they may bring is decided by their role, and by whose enterprises their organisation declares.

A small one is imported at once. A larger one is kept by its content, and a job imports it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Refused, told_without
from guiju.frontrunner.library.kept import REGISTER, Brought, bring, enterprises_of, may_bring
from guiju.frontrunner.library.work import KIND, UPLOADS
from guiju.records.packed import unpacked_bytes
from guiju.standard.dictionary import Dictionary
from guiju.store.belonging import Somebody
from guiju.store.database import Store
from guiju.store.files import Kept, put
from guiju.store.jobs import Job, submit
from guiju.store.registers import revisions_of
from guiju.store.results import Request
from guiju.store.uploads import EXPANDED_TIMES, MAPPING_BYTES_MAX, Upload, laid_down

IMPORTERS = frozenset({"operator", "enterprise"})
"""Who may import: an operator whole libraries, an enterprise its own rows."""
IMMEDIATE_BYTES = 1 << 20
"""Of a file, unpacked: up to here whoever sends it sees at once what became of it, in about half a second; what is larger is imported by a job."""


def bring_upload(
    store: Store, user: Somebody, file: Upload, mapping: Upload | None, dictionary: Dictionary, *, limit: int, name: str = "",
    organisation: str | None = None, dry: bool = False,
) -> Brought | Job:  # fmt: skip
    """What an upload comes to, kept unless it is a dry run; or the job that imports it. Places are told from the file's own name on.

    limit    bytes of an upload; what it unpacks to is held to `EXPANDED_TIMES` as many
    raises   Refused: not-allowed-there, upload-name, archive-bomb, and what `bring` finds, or `may_bring` before a job
    """
    whose = user.acting_for(organisation, IMPORTERS)
    own = None if user.has("operator", whose) else enterprises_of(store, whose)
    with tempfile.TemporaryDirectory(prefix="guiju-upload-") as folder:
        try:
            path = laid_down(Path(folder), file, limit)
            held = None if mapping is None else laid_down(Path(folder) / "mapping", mapping, MAPPING_BYTES_MAX)
            called = "".join(c for c in name if c.isprintable()).strip() or path.name.partition(".")[0]
            if unpacked_bytes(path) > IMMEDIATE_BYTES:
                return _submitted(store, user, called, path, held, own, whose, dry, limit * EXPANDED_TIMES)
            found = bring(store, called, path, dictionary, user.id, own=own, organisation=whose, mapping=held, dry=dry,
                          limit=limit * EXPANDED_TIMES, source=path.name, hidden=folder)  # fmt: skip
        except Refused as refused:
            raise Refused(told_without(folder, refused.diagnostics)) from None
    return found


def _submitted(
    store: Store, user: Somebody, name: str, path: Path, mapping: Path | None, own: Collection[str] | None, whose: str, dry: bool, limit: int
) -> Job:
    may_bring(store, name, own, whose)
    files = [_put(store, each) for each in (path, mapping) if each is not None]
    newest = next((each.revision for each in revisions_of(store, REGISTER, name)), 0)
    said: dict[str, Any] = {"name": name, **_said(path, files[0]), "own": None if own is None else sorted(own), "organisation": whose, "limit": limit}
    said |= {"mapping": _said(mapping, files[1])} if mapping is not None else {}
    said |= {"dry": True, "against": newest} if dry else {}
    return submit(store, Request(KIND, (), None, said), whose, user.id, files=files)


def _put(store: Store, path: Path) -> Kept:
    return put(store, UPLOADS, path.suffix.lower(), partial(shutil.copyfile, path))


def _said(path: Path, kept: Kept) -> dict[str, str]:
    return {"source": path.name, "sha256": kept.sha256}
