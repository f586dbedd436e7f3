"""Pages: every public page and its URL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from guiju.web import (
    auditing,
    checking,
    editing,
    finding,
    jobs,
    people,
    population,
    publishing,
    reading,
    rendering,
    reporting,
    results,
    sets,
    trying,
    working,
)


def router() -> APIRouter:
    """All pages of this kit. Each is a plain function, so that it runs in a thread and never holds up the others."""
    made = APIRouter(include_in_schema=False)
    for path, page in PAGES:
        made.add_api_route(path, page, methods=["GET"], response_model=None)
    for path, act in ACTS:
        made.add_api_route(path, act, methods=["POST"], response_model=None)
    return made


PAGES: Sequence[tuple[str, Callable[..., Response]]] = (
    ("/", finding.home), ("/standards", finding.standards), ("/standards.json", finding.standards_json), ("/try", finding.to_try),
    ("/records", finding.to_check), ("/static/{name}", rendering.static),
    ("/standards/{number}.json", reading.standard_json), ("/standards/{number}.md", reading.standard_markdown),
    ("/standards/{number}.yaml", reading.standard_yaml), ("/standards/{number}", reading.standard),
    ("/standards/{number}/try", trying.trying), ("/standards/{number}/try.json", trying.trying_json),
    ("/standards/{number}/records", checking.checking), ("/standards/{number}/records/{id}", checking.checked),
    ("/standards/{number}/records/{id}/mapping.yaml", checking.mapping_text),
    ("/standards/{number}/records/{id}/verdicts.{ending}", checking.download),
    ("/standards/{number}/try/report.{ending}", reporting.tried_report),
    ("/standards/{number}/records/{id}/report.{ending}", reporting.checked_report),
    ("/standards/{number}/population", population.population), ("/standards/{number}/edit", editing.editing),
    ("/jobs", jobs.listed), ("/jobs/new", working.asking), ("/jobs/{id}", jobs.one), ("/account", people.own),
    ("/results", results.listed), ("/results/{id}.json", results.result_json), ("/results/{id}/table.{ending}", results.table),
    ("/results/{id}/files/{name}", results.file), ("/results/{id}", results.one), ("/sets", sets.listed), ("/sets/{id}", sets.one),
    ("/audit", auditing.log), ("/audit/export.{ending}", auditing.export), ("/admin", people.condition_page), ("/admin/accounts", people.people),
    ("/admin/accounts/{id}", people.account),
    ("/editions", publishing.published), ("/editions/{id}.yaml", publishing.edition_yaml), ("/editions/{id}", publishing.edition),
)  # fmt: skip
"""What can be read, and its URL."""

ACTS: Sequence[tuple[str, Callable[..., Any]]] = (
    ("/standards/{number}/records", checking.drop), ("/standards/{number}/records/{id}", checking.remap),
    ("/standards/{number}/edit", editing.edited), ("/standards/{number}/publish", publishing.publishing),
    ("/jobs", working.ask), ("/jobs/{id}/cancel", jobs.stop), ("/jobs/{id}/resume", jobs.go_on), ("/results/{id}/replay", results.make_again),
    ("/sets", sets.bring), ("/sets/{id}/guests", sets.invite), ("/sets/{id}/guests/{account}/end", sets.take_back),
    ("/sets/{id}/sensitivity", sets.mark), ("/admin/accounts", people.new_account), ("/admin/organisations", people.new_organisation),
    ("/admin/accounts/{id}/roles", people.give_role), ("/admin/accounts/{id}/roles/end", people.take_role),
    ("/admin/accounts/{id}/link", people.new_link), ("/admin/accounts/{id}/disable", people.end_account),
    ("/account/keys", people.new_key), ("/account/keys/{id}/revoke", people.end_key),
)  # fmt: skip
"""What takes something in, and its URL."""
