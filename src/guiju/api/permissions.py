"""Who may do what: every route and the roles that may call it, as data. `create_app` refuses a route that is not in the table."""

from __future__ import annotations

from collections.abc import Mapping

EVERYONE = frozenset({"public"})
"""Anybody who can reach the address."""
SIGNED_IN = frozenset({"admin", "author", "verifier", "evaluator", "enterprise", "operator", "regulator", "auditor"})

PERMISSIONS: Mapping[str, frozenset[str]] = {
    # operation
    "GET /healthz": EVERYONE,
    "GET /readyz": EVERYONE,
    "GET /metrics": EVERYONE,
    "GET /openapi.json": EVERYONE,
    # what anybody may read and try; nothing is kept of it
    "GET /api/v1/standards": EVERYONE,
    "GET /api/v1/standards/{name}": EVERYONE,
    "GET /api/v1/standards/{name}/text": EVERYONE,
    "GET /api/v1/standards/{name}/document": EVERYONE,
    "POST /api/v1/check": EVERYONE,
    "POST /api/v1/standards/{name}/evaluate": EVERYONE,
    "POST /api/v1/standards/{name}/evaluate-many": SIGNED_IN,
    "POST /api/v1/prove/{question}": SIGNED_IN,
    "POST /api/v1/compare": SIGNED_IN,
    "POST /api/v1/diff": SIGNED_IN,
    # pages: what can be read
    **dict.fromkeys(("GET /", "GET /standards", "GET /standards.json", "GET /try", "GET /records", "GET /static/{name}"), EVERYONE),
    **dict.fromkeys((f"GET /standards/{{number}}{ending}" for ending in ("", ".json", ".md", ".yaml")), EVERYONE),
    **dict.fromkeys(("GET /standards/{number}/try", "GET /standards/{number}/try.json"), EVERYONE),
    **dict.fromkeys(("GET /standards/{number}/records", "POST /standards/{number}/records"), EVERYONE),
    **dict.fromkeys(("GET /standards/{number}/records/{id}", "POST /standards/{number}/records/{id}"), EVERYONE),
    **dict.fromkeys(("GET /compare", "GET /compare.json", "GET /standards/{number}/changes"), EVERYONE),
    **dict.fromkeys(("GET /standards/{number}/population", "GET /standards/{number}/edit", "POST /standards/{number}/edit"), EVERYONE),
    "GET /standards/{number}/records/{id}/mapping.yaml": EVERYONE,
    "GET /standards/{number}/records/{id}/verdicts.{ending}": EVERYONE,
}
"""`METHOD /path/{template}` → roles. Whoever has one of them in any organisation may call it; what they then see is what is theirs."""

OPEN_PREFIXES = ("/static/",)
"""Mounted folders of files anybody may read."""
