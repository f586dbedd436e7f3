"""Views: what the zone shows, as plain values: the twins of its pages and what programs are answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guiju.frontrunner.process.public import Shown
from guiju.frontrunner.zone.gathered import Row
from guiju.frontrunner.zone.held import Certificate, Known
from guiju.frontrunner.zone.told import certificate_brief, value_json
from guiju.standard.model import Title


def both(title: Title) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}


def row_json(row: Row) -> dict[str, Any]:
    return {
        "id": row.id, "name": both(row.name), "brand": row.brand, "model": row.model,
        "enterprise": {"code": row.enterprise, **both(row.enterprise_title)},
        "region": row.region, "standard": row.standard, "price_yuan": None if row.price is None else str(row.price), "illustrative": row.illustrative,
        "certificates": [certificate_brief(each) for each in row.certificates], "href": f"/frontrunners/products/{row.id}",
    }  # fmt: skip


def known_json(known: Known) -> dict[str, Any]:
    product = known.product
    return {
        "id": known.id, "name": both(product.title), "brand": product.brand, "model": product.model,
        "enterprise": {"code": product.enterprise, **both(known.enterprise)}, "region": known.region,
        "standard": {"number": product.standard, "edition": product.edition}, "price_yuan": None if product.price is None else str(product.price),
        "markets": list(product.markets), "on_sale": product.on_sale.isoformat() if product.on_sale else None, "illustrative": known.illustrative,
        "values": [value_json(each) for each in known.values],
        "certificates": [{**certificate_brief(each), "levels": dict(each.of(product.model or "").levels),
                          "level": each.of(product.model or "").level, "scheme": each.scheme_id}
                         for each in known.certificates],
        "note": "no certificate is no sign of non-conformity",
    }  # fmt: skip


def certificate_json(certificate: Certificate, shown: Shown, page: str) -> dict[str, Any]:
    claims: Mapping[str, Any] = shown.claims
    return {
        "id": certificate.id, "state": certificate.state, "valid": certificate.is_valid, "reason": certificate.reason,
        "since": certificate.since.isoformat() if certificate.since else None, "valid_from": shown.valid_from.isoformat(),
        "valid_until": shown.valid_until.isoformat(), "illustrative": certificate.illustrative, "page": page, "renewed_by": shown.renewed_by or None,
        "history": [{"state": each.state, "at": each.at.isoformat(), "reason": each.reason} for each in shown.history], "claims": dict(claims),
        "credential": f"{page}/credential.json", "badge": f"{page}/badge", "qr": f"{page}/qr.svg",
    }  # fmt: skip
