"""Evidence given: the table a certificate was evaluated from, with the salts of its hashes, for its holder and who certifies.

Whoever holds the certificate gives it to whom they choose, of all models or of some; nobody else has it (docs/decisions).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.frontrunner.credential.evidence import evidence_file
from guiju.frontrunner.process import certifying
from guiju.frontrunner.process.papers_given import may_read_evidence
from guiju.store.belonging import Somebody
from guiju.store.database import Store


def evidence_of(store: Store, who: Somebody, id_: str, models: Sequence[str] = ()) -> dict[str, Any]:
    """The evidence of some models of a certificate, none: of all; {form, illustrative, models: [{model, salt, rows}]}.

    raises   Refused: unknown-process, frontrunner-paper-unknown where there is none yet, or not for who asks; frontrunner-model-unknown
    """
    found, _ = certifying.certificate_for(store, who, id_)
    if not found.evidence or not may_read_evidence(found.runner, found.holder, who):
        raise Refused([Diagnostic("frontrunner-paper-unknown", None, {"name": "evidence.json"})])
    subject, problems = found.subject, Problems()
    assert subject is not None, "applied for"
    for model in models:
        if model not in subject.models:
            problems.add("frontrunner-model-unknown", None, model=model, standard=subject.standard, edition=subject.edition)
    problems.refuse_errors()
    return evidence_file(found.evidence["rows"], found.evidence.get("secret", ""), models or subject.models, bool(found.evidence["illustrative"]))
