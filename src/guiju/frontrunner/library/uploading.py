"""Uploading: a library that somebody sends: what they may bring is decided by their role, and by whose enterprises their organisation declares."""

from __future__ import annotations

import tempfile
from pathlib import Path

from guiju.base.diagnostics import Refused, told_without
from guiju.frontrunner.library.kept import Brought, bring, enterprises_of
from guiju.standard.dictionary import Dictionary
from guiju.store.belonging import Somebody
from guiju.store.database import Store
from guiju.store.uploads import EXPANDED_TIMES, MAPPING_BYTES_MAX, Upload, laid_down

IMPORTERS = frozenset({"operator", "enterprise"})
"""Who may import: an operator whole libraries, an enterprise its own rows."""


def bring_upload(
    store: Store, user: Somebody, file: Upload, mapping: Upload | None, dictionary: Dictionary, *, limit: int, name: str = "",
    organisation: str | None = None, dry: bool = False,
) -> Brought:  # fmt: skip
    """What an upload comes to, kept unless it is a dry run; places are told from the file's own name on.

    limit    bytes of an upload; what it unpacks to is held to `EXPANDED_TIMES` as many
    raises   Refused: not-allowed-there, upload-name, archive-bomb, and what `bring` finds
    """
    whose = user.acting_for(organisation, IMPORTERS)
    own = None if user.has("operator", whose) else enterprises_of(store, whose)
    with tempfile.TemporaryDirectory(prefix="guiju-upload-") as folder:
        try:
            path = laid_down(Path(folder), file, limit)
            held = None if mapping is None else laid_down(Path(folder) / "mapping", mapping, MAPPING_BYTES_MAX)
            called = "".join(c for c in name if c.isprintable()).strip() or path.name.partition(".")[0]
            found = bring(store, called, path, dictionary, user.id, own=own, organisation=whose, mapping=held, dry=dry,
                          limit=limit * EXPANDED_TIMES, source=path.name, hidden=folder)  # fmt: skip
        except Refused as refused:
            raise Refused(told_without(folder, refused.diagnostics)) from None
    return found
