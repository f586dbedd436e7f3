"""Evidence: what was measured of a model, sealed in its certificate by a salted hash: nothing of it can be read from the certificate, or guessed.

The holder has the table, and gives it to whom they choose, of all models or of some. Whoever has it sees by the hash that it is the one evaluated,
and evaluates it again. The salt of a model is made of one secret and its name, so that one model's table says nothing of another's.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from guiju.base.diagnostics import Diagnostic, Problems
from guiju.frontrunner.credential import strict

FORM = "guiju-frontrunner-evidence-1"
BYTES_MAX = 32 * strict.BYTES_MAX
Rows = Sequence[Mapping[str, str]]


def salt_of(secret: str, model: str) -> str:
    """The salt of a model's evidence: HMAC-SHA256 of its name. secret: of the whole evidence, never shown"""
    return hmac.new(secret.encode(), model.encode(), hashlib.sha256).hexdigest()


def evidence_hash(model: str, salt: str, rows: Rows) -> str:
    """SHA-256 of a model's evidence as it stands in the certificate. Source: RFC 8785 of {model, rows, salt}; every cell of a row is text"""
    return hashlib.sha256(strict.canonical({"model": model, "rows": [dict(row) for row in rows], "salt": salt})).hexdigest()


def evidence_file(rows: Rows, secret: str, models: Sequence[str], illustrative: bool) -> dict[str, Any]:
    """The evidence of some models as its holder hands it on: {form, illustrative, models: [{model, salt, rows}]}."""
    found = [{"model": model, "salt": salt_of(secret, model), "rows": [dict(row) for row in rows if row["model"] == model]} for model in models]
    return {"form": FORM, "illustrative": illustrative, "models": found}


def evidence_in(plain: Mapping[str, Any], columns: Sequence[str]) -> dict[str, tuple[str, Rows]]:
    """Model → its salt and its rows, of a file of evidence.

    columns   that every row has
    raises    Refused: credential-field, with every place
    """
    problems, found = Problems(), dict[str, tuple[str, Rows]]()
    what = {"what_zh": "证据文件", "what_en": "file of evidence"}
    models = plain.get("models")
    if plain.get("form") != FORM:
        problems.add("credential-field", None, **what, field="/form")
    for at, each in enumerate(models) if isinstance(models, list) else ():
        name, salt, rows = _parts(each)
        right = isinstance(rows, list) and all(isinstance(row, Mapping) and set(row) == set(columns) and _texts(row) for row in rows)
        if isinstance(name, str) and isinstance(salt, str) and right and name not in found:
            found[name] = salt, rows
        else:
            problems.extend([Diagnostic("credential-field", None, {**what, "field": f"/models/{at}"})])
    if not isinstance(models, list):
        problems.add("credential-field", None, **what, field="/models")
    problems.refuse_errors()
    return found


def _parts(each: Any) -> tuple[Any, Any, Any]:
    return (each.get("model"), each.get("salt"), each.get("rows")) if isinstance(each, Mapping) else (None, None, None)


def _texts(row: Mapping[str, Any]) -> bool:
    return all(isinstance(cell, str) for cell in row.values())
