"""Who may do what: every route and the roles that may call it, as data. `create_app` refuses a route that is not in the table."""

from __future__ import annotations

from collections.abc import Mapping

from guiju.store.belonging import JUDGES, READERS

EVERYONE = frozenset({"public"})
"""Anybody who can reach the address."""
SIGNED_IN = frozenset({"admin", "author", "verifier", "evaluator", "enterprise", "operator", "regulator", "auditor"})
ADMIN = frozenset({"admin"})
AUDIT = frozenset({"admin", "auditor"})

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
    **dict.fromkeys((f"POST /api/v1/{verb}" for verb in ("harmonise", "recognise", "suffices", "testplan")), SIGNED_IN),
    **dict.fromkeys((f"GET /api/v1/{name}" for name in ("guide", "map", "joint")), EVERYONE),
    **dict.fromkeys((f"POST /api/v1/verify/{topic}" for topic in ("study", "proficiency", "plan", "uncertainty", "conformity")), SIGNED_IN),
    "POST /api/v1/standards/{name}/uncertainty": SIGNED_IN,
    # signing in
    "GET /api/v1/session": EVERYONE,
    "POST /api/v1/session": EVERYONE,
    "DELETE /api/v1/session": EVERYONE,
    "POST /api/v1/invitations/accept": EVERYONE,
    "GET /sign-in": EVERYONE,
    "POST /sign-in": EVERYONE,
    "POST /sign-out": EVERYONE,
    "GET /sign-in/oidc": EVERYONE,
    "GET /sign-in/oidc/back": EVERYONE,
    "GET /invitations/{token}": EVERYONE,
    "POST /invitations/{token}": EVERYONE,
    # people
    "GET /api/v1/organisations": SIGNED_IN,
    "POST /api/v1/organisations": ADMIN,
    "GET /api/v1/accounts": ADMIN,
    "POST /api/v1/accounts": ADMIN,
    "POST /api/v1/accounts/{id}/disable": ADMIN,
    "POST /api/v1/accounts/{id}/invitation": ADMIN,
    "POST /api/v1/accounts/{id}/roles": ADMIN,
    "DELETE /api/v1/accounts/{id}/roles/{organisation}/{role}": ADMIN,
    "GET /api/v1/keys": SIGNED_IN,
    "POST /api/v1/keys": SIGNED_IN,
    "DELETE /api/v1/keys/{id}": SIGNED_IN,
    # what is kept
    "GET /api/v1/editions": EVERYONE,
    "GET /api/v1/editions/{id}": EVERYONE,
    "GET /api/v1/editions/{id}/text": EVERYONE,
    "POST /api/v1/editions/{id}/evaluate": EVERYONE,
    "POST /api/v1/editions": frozenset({"author"}),
    "GET /api/v1/record-sets": READERS,
    "POST /api/v1/record-sets": JUDGES,
    "GET /api/v1/record-sets/{id}": READERS,
    "GET /api/v1/record-sets/{id}/guests": JUDGES,
    "POST /api/v1/record-sets/{id}/guests": JUDGES,
    "DELETE /api/v1/record-sets/{id}/guests/{account}": JUDGES,
    "POST /api/v1/jobs": JUDGES,
    "GET /api/v1/jobs": READERS,
    "GET /api/v1/jobs/{id}": READERS,
    "POST /api/v1/jobs/{id}/cancel": JUDGES,
    "POST /api/v1/jobs/{id}/resume": JUDGES,
    "GET /api/v1/results": READERS,
    "GET /api/v1/results/{id}": READERS,
    "GET /api/v1/results/{id}/table": READERS,
    "POST /api/v1/results/{id}/replay": READERS,
    "GET /api/v1/audit": AUDIT,
    "GET /api/v1/audit/chain": AUDIT,
    # points and verifications: whose matter it is, and whether it is open now, the process itself looks at
    **dict.fromkeys(("GET /api/v1/points", "GET /api/v1/points/{code}", "GET /api/v1/standards/{name}/points"), EVERYONE),
    "POST /api/v1/points": frozenset({"admin", "operator", "verifier"}),
    **dict.fromkeys(("GET /api/v1/verifications", "GET /api/v1/verifications/{id}", "GET /api/v1/verifications/{id}/studies/{item}"), EVERYONE),
    "POST /api/v1/verifications": JUDGES - {"admin"},
    "POST /api/v1/verifications/{id}/steps": JUDGES - {"admin"},
    **dict.fromkeys(("POST /api/v1/verifications/{id}/plan", "POST /api/v1/verifications/{id}/conclusion"), frozenset({"verifier"})),
    "GET /api/v1/verifications/{id}/proposal": frozenset({"verifier"}),
    **dict.fromkeys(("POST /api/v1/verifications/{id}/orders", "GET /api/v1/verifications/{id}/key", "POST /api/v1/verifications/{id}/lift"),
                    frozenset({"operator"})),
    "POST /api/v1/verifications/{id}/analysis": frozenset({"verifier", "evaluator"}),
    **dict.fromkeys(("POST /api/v1/verifications/{id}/applications", "GET /api/v1/verifications/{id}/orders/{number}/sheet",
                     "POST /api/v1/verifications/{id}/orders/{number}/results"), frozenset({"verifier", "enterprise"})),
    # certificates: what verifiers come for
    **dict.fromkeys(("GET /.well-known/did.json", "GET /frontrunners/issuers/{name}/did.json", "GET /frontrunners/status/{name}"), EVERYONE),
    **dict.fromkeys(("GET /frontrunners/context/v1", "GET /frontrunners/context/v2"), EVERYONE),
    **dict.fromkeys(("GET /frontrunners/verify", "POST /frontrunners/verify"), EVERYONE),
    "GET /frontrunners/certificates/{id}/printed.{ending}": EVERYONE,
    **dict.fromkeys(("POST /api/v1/frontrunners/verify", "GET /api/v1/frontrunners/issuers"), EVERYONE),
    # libraries of declared standards: an operator brings a whole one, an enterprise its own rows
    **dict.fromkeys((f"GET /api/v1/frontrunners/libraries{rest}" for rest in ("", "/{name}", "/{name}/form-check")), READERS),
    # boards: a run is for those of whoever made it until its list is published
    **dict.fromkeys((f"GET /api/v1/frontrunners/boards{rest}"
                   for rest in ("", "/{id}", "/{id}/board", "/{id}/overall", "/{id}/barred", "/{id}/changes")), EVERYONE),
    **dict.fromkeys(("GET /frontrunners/boards", "GET /frontrunners/boards/new", "GET /frontrunners/boards/{id}"), EVERYONE),
    "GET /frontrunners/boards/{id}/changes": EVERYONE,
    "POST /frontrunners/boards/new": JUDGES,
    "POST /api/v1/frontrunners/libraries": frozenset({"operator", "enterprise"}),
    "POST /api/v1/frontrunners/enterprises": frozenset({"operator"}),
    **dict.fromkeys(("GET /frontrunners/library", "GET /frontrunners/library/{name}"), READERS),
    "POST /frontrunners/library": frozenset({"operator", "enterprise"}),
    # front-runners: cycles and certificates; whose matter it is, and whether it is open now, the process itself looks at
    **dict.fromkeys((f"GET {at}/cycles{rest}" for at in ("/api/v1/frontrunners", "/frontrunners") for rest in ("", "/{id}")), EVERYONE),
    "GET /frontrunners/cycles/{id}.json": EVERYONE,
    # objections by anybody, followed by a receipt; who raised one is for whoever runs the cycle, which the page looks at
    **dict.fromkeys((f"{method} /frontrunners/cycles/{{id}}/objections" for method in ("GET", "POST")), EVERYONE),
    "POST /frontrunners/cycles/{id}/receipt": EVERYONE,
    **dict.fromkeys((f"{each} /api/v1/frontrunners/cycles/{{id}}/objection{s}" for each, s in (("GET", ""), ("POST", "s"))), EVERYONE),
    "POST /frontrunners/cycles/{id}/objections/{number}": frozenset({"operator", "verifier", "regulator"}),
    **dict.fromkeys(("POST /api/v1/frontrunners/cycles", "POST /frontrunners/cycles"), frozenset({"author", "operator", "evaluator", "regulator"})),
    **dict.fromkeys(("POST /api/v1/frontrunners/cycles/{id}/steps", "POST /frontrunners/cycles/{id}"), SIGNED_IN),
    "GET /api/v1/frontrunners/enterprises": SIGNED_IN,
    "POST /frontrunners/enterprises": frozenset({"operator", "admin"}),
    **dict.fromkeys(("GET /api/v1/frontrunners/certifications", "GET /frontrunners/certifications"), SIGNED_IN),
    **dict.fromkeys(("POST /api/v1/frontrunners/certificates", "POST /api/v1/frontrunners/certificates/batch"), frozenset({"enterprise"})),
    **dict.fromkeys((f"{method} /frontrunners/certificates/apply" for method in ("GET", "POST")), frozenset({"enterprise"})),
    **dict.fromkeys(("GET /api/v1/frontrunners/certificates/{id}/process", "POST /api/v1/frontrunners/certificates/{id}/steps"), SIGNED_IN),
    **dict.fromkeys((f"{method} /frontrunners/certificates/{{id}}/process" for method in ("GET", "POST")), SIGNED_IN),
    **dict.fromkeys((f"GET {at}/{kind}/{{id}}/files/{{sha256}}" for at in ("/api/v1/frontrunners", "/frontrunners")
                     for kind in ("cycles", "certificates")), SIGNED_IN),
    **dict.fromkeys(("GET /api/v1/frontrunners/certificates/{id}/evidence", "GET /frontrunners/certificates/{id}/evidence.json"), SIGNED_IN),
    # pages: what can be read
    **dict.fromkeys(("GET /", "GET /standards", "GET /standards.json", "GET /try", "GET /records", "GET /static/{name}"), EVERYONE),
    **dict.fromkeys((f"GET /standards/{{number}}{ending}" for ending in ("", ".json", ".md", ".yaml")), EVERYONE),
    **dict.fromkeys(("GET /standards/{number}/try", "GET /standards/{number}/try.json"), EVERYONE),
    **dict.fromkeys(("GET /standards/{number}/records", "POST /standards/{number}/records"), EVERYONE),
    **dict.fromkeys(("GET /standards/{number}/records/{id}", "POST /standards/{number}/records/{id}"), EVERYONE),
    **dict.fromkeys(("GET /compare", "GET /compare.json", "GET /standards/{number}/changes"), EVERYONE),
    **dict.fromkeys(("GET /coordination", "POST /coordination/files", "GET /harmonise", "GET /harmonise.json", "GET /harmonise/{name}"), EVERYONE),
    **dict.fromkeys(("GET /testplan", "GET /testplan.json", "GET /testplan/{name}"), EVERYONE),
    **dict.fromkeys((f"GET /{page}{tail}" for page in ("recognise", "guide", "map") for tail in ("", ".json", "/report.{ending}")), EVERYONE),
    **dict.fromkeys(("GET /standards/{number}/population", "GET /standards/{number}/edit", "POST /standards/{number}/edit"), EVERYONE),
    **dict.fromkeys(("GET /editions", "GET /editions/{id}", "GET /editions/{id}.yaml"), EVERYONE),
    **dict.fromkeys(("GET /points", "GET /points/{code}", "GET /standards/{number}/points", "GET /verifications"), EVERYONE),
    **dict.fromkeys(("GET /verifications/{id}", "GET /verifications/{id}.json"), EVERYONE),
    "POST /verifications": JUDGES - {"admin"},
    "POST /verifications/{id}": JUDGES - {"admin"},
    **dict.fromkeys(("GET /verifications/{id}/orders/{number}", "POST /verifications/{id}/orders/{number}"), frozenset({"verifier", "enterprise"})),
    "GET /verifications/{id}/labels": frozenset({"verifier", "enterprise", "operator"}),
    "POST /standards/{number}/publish": frozenset({"author"}),
    "GET /standards/{number}/records/{id}/mapping.yaml": EVERYONE,
    **dict.fromkeys((f"GET /standards/{{number}}/verification{rest}" for rest in ("", ".{ending}", "/{id}", "/{id}.{ending}")), EVERYONE),
    "POST /standards/{number}/verification": EVERYONE,
    **dict.fromkeys(("POST /standards/{number}/verification/keep", "POST /standards/{number}/verification/{id}/keep", "POST /verify/study/keep",
                     "POST /verify/proficiency/keep"), JUDGES),
    # pages: what is kept, and people
    "GET /account": EVERYONE,
    **dict.fromkeys(("POST /account/keys", "POST /account/keys/{id}/revoke"), SIGNED_IN),
    **dict.fromkeys(("GET /jobs", "GET /jobs/{id}", "GET /results", "GET /results/{id}", "GET /results/{id}.json"), READERS),
    **dict.fromkeys(("GET /sets", "GET /sets/{id}"), READERS),
    **dict.fromkeys(("GET /results/{id}/table.{ending}", "GET /results/{id}/files/{name}", "POST /results/{id}/replay"), READERS),
    **dict.fromkeys(("GET /jobs/new", "POST /jobs", "POST /jobs/{id}/cancel", "POST /jobs/{id}/resume", "POST /sets"), JUDGES),
    **dict.fromkeys(("POST /sets/{id}/guests", "POST /sets/{id}/guests/{account}/end", "POST /sets/{id}/sensitivity"), JUDGES),
    **dict.fromkeys(("GET /audit", "GET /audit/export.{ending}"), AUDIT),
    **dict.fromkeys(("GET /admin", "GET /admin/accounts", "GET /admin/accounts/{id}", "POST /admin/accounts", "POST /admin/organisations"), ADMIN),
    **dict.fromkeys((f"POST /admin/accounts/{{id}}/{act}" for act in ("roles", "roles/end", "link", "disable")), ADMIN),
    # front-runners: authoring and effect
    **dict.fromkeys((f"{method} /frontrunners/{page}" for method in ("GET", "POST") for page in ("authoring", "effect")), EVERYONE),
    **dict.fromkeys(("POST /frontrunners/authoring/draft", "GET /frontrunners/drafts", "GET /frontrunners/drafts/{id}"), EVERYONE),
    **dict.fromkeys(("GET /frontrunners/authoring/report.{ending}", "GET /frontrunners/effect.{ending}"), EVERYONE),
    "GET /frontrunners/drafts/{id}/report.{ending}": EVERYONE,
    "POST /frontrunners/authoring/keep": JUDGES,
    "POST /frontrunners/drafts": SIGNED_IN,
    "POST /frontrunners/drafts/{id}/{act}": EVERYONE,
    **dict.fromkeys((f"{each} /api/v1/frontrunners/drafts{at}" for each, at in (("GET", ""), ("GET", "/{id}"), ("POST", "/{id}/steps"))), EVERYONE),
    "POST /api/v1/frontrunners/drafts": SIGNED_IN,
    **dict.fromkeys((f"POST /api/v1/frontrunners/{topic}" for topic in ("thresholds", "preview", "effect")), SIGNED_IN),
    # pages of verification
    **dict.fromkeys(("GET /verify", "POST /verify/study", "POST /verify/proficiency"), EVERYONE),
    **dict.fromkeys((f"GET /{page}{ending}" for page in ("verify/study", "verify/proficiency", "verify/plan", "uncertainty", "decision")
                     for ending in ("", ".{ending}")), EVERYONE),
    "GET /standards/{number}/try/report.{ending}": EVERYONE,
    "GET /standards/{number}/records/{id}/report.{ending}": EVERYONE,
    "GET /standards/{number}/records/{id}/verdicts.{ending}": EVERYONE,
    # the public zone of front-runners
    **dict.fromkeys(("GET /frontrunners", "GET /frontrunners.json", "GET /frontrunners/changes.atom", "GET /frontrunners/changes.ndjson"), EVERYONE),
    **dict.fromkeys((f"GET /frontrunners/{page}" for page in (
        "products/{key}", "products/{key}.json", "certificates/{id}", "certificates/{id}.json", "certificates/{id}/badge",
        "certificates/{id}/credential.json", "certificates/{id}/qr.svg", "claims", "claims/{id}", "claims/{id}/table.{ending}",
        "enterprises/{code}", "enterprises/{code}.json", "clusters/{region}", "clusters/{region}.json")), EVERYONE),
    **dict.fromkeys((f"GET {at}/frontrunners/{page}" for at in ("", "/api/v1") for page in ("suitability", "solutions")), EVERYONE),
    **dict.fromkeys(("POST /frontrunners/claims", "POST /api/v1/frontrunners/claims"), EVERYONE),
    **dict.fromkeys((f"GET /api/v1/frontrunners/{page}" for page in (
        "products", "products/{key}", "certificates", "certificates/{id}", "changes", "enterprises/{code}", "clusters/{region}")), EVERYONE),
}
"""`METHOD /path/{template}` → roles. Whoever has one of them in any organisation may call it; what they then see is what is theirs."""

OPEN_PREFIXES = ("/static/",)
"""Mounted folders of files anybody may read."""
