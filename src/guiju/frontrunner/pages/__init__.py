"""Pages of front-runners: each topic in a module of its own."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter

from guiju.frontrunner.pages import (
    application,
    authoring,
    board_asking,
    boards,
    consultations,
    credential,
    effect,
    library,
    objections,
    papers,
    process,
    zone,
    zone_claims,
    zone_profile,
)

TOPICS: tuple[Callable[[APIRouter], None], ...] = (
    authoring.add,
    board_asking.add,
    boards.add,
    consultations.add,
    credential.add,
    effect.add,
    library.add,
    papers.add,
    process.add,
    zone_claims.add,
    zone_profile.add,
    zone.add,
    application.add,
    objections.add,
)
"""Each adds its pages."""


def router() -> APIRouter:
    made = APIRouter(include_in_schema=False)
    for topic in TOPICS:
        topic(made)
    return made
