"""Pages of front-runners: each topic in a module of its own."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter

from guiju.frontrunner.pages import authoring, boards, consultations, credential, library, papers, process, zone, zone_claims, zone_profile

TOPICS: tuple[Callable[[APIRouter], None], ...] = (authoring.add, boards.add, consultations.add, credential.add, library.add, papers.add, process.add,
    zone_claims.add, zone_profile.add, zone.add)  # fmt: skip
"""Each adds its pages."""


def router() -> APIRouter:
    made = APIRouter(include_in_schema=False)
    for topic in TOPICS:
        topic(made)
    return made
