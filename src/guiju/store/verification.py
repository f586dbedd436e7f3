"""Verification: whether everything in the store is still what it was when it was put there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.store.audit import Chain, verify_chain
from guiju.store.canonical import digest
from guiju.store.database import Store
from guiju.store.files import proved
from guiju.store.tables import document, edition, entry, file, result, sealed, step

_ROWS = 100


@dataclass(frozen=True, slots=True)
class Verified:
    """counted   what was looked at: documents, editions, files, results, rows of processes and registers
    problems     what does not fit; none: all is as it was
    """

    chain: Chain
    counted: dict[str, int]
    problems: tuple[Diagnostic, ...]


def verify_store(store: Store, noted: tuple[int, str] | None = None) -> Verified:
    """Looks through the audit log, and takes every hash anew.

    noted   a head of the log noted earlier, see `verify_chain`
    """
    problems, chain = Problems(), verify_chain(store, noted)
    if chain.broken is not None:
        seq, why = chain.broken
        problems.add("audit-broken", None, seq=seq, reason=why)
    with store.reading() as connection:
        held: set[str] = set()
        for row in connection.execute(select(document).execution_options(yield_per=_ROWS)):
            content = row.content.encode() if isinstance(row.content, str) else bytes(row.content)
            held |= {row.sha256} if digest(content) == row.sha256 else set()
        texts = connection.execute(select(edition.c.number, edition.c.text_hash)).all()
        for each in texts:
            if each.text_hash not in held:
                problems.add("edition-altered", None, number=each.number, file="standard.yaml")
        answers = 0
        for row in connection.execute(select(result.c.id, result.c.body, result.c.body_hash).execution_options(yield_per=_ROWS)):
            answers += 1
            if digest(row.body) != row.body_hash:
                problems.add("result-altered", None, name=row.id, said=row.body_hash[:12], found=digest(row.body)[:12])
        kept = 0
        for table in (step, sealed, entry):
            for row in connection.execute(select(table.c.id, table.c.body, table.c.body_hash).execution_options(yield_per=_ROWS)):
                kept += 1
                if digest(row.body) != row.body_hash:
                    problems.add("row-altered", None, table=table.name, name=row.id, said=row.body_hash[:12], found=digest(row.body)[:12])
        files = connection.execute(select(file.c.path, file.c.sha256)).all()
    for each in files:
        try:
            proved(store, each.path, each.sha256)
        except Refused as refused:
            problems.extend(refused.diagnostics)
    counted = {"documents": len(held), "editions": len(texts), "files": len(files), "results": answers, "rows": kept}
    return Verified(chain, counted, problems.found)
