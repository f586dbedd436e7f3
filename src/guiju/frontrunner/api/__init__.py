"""The face of front-runners for programs: each topic in a module of its own."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter

from guiju.frontrunner.api import application, authoring, boards, consultations, credential, library, objections, papers, process, zone

TOPICS: tuple[Callable[[APIRouter], None], ...] = (
    application.add, authoring.add, boards.add, consultations.add, credential.add, library.add, objections.add, papers.add, process.add, zone.add,
)  # fmt: skip
"""Each adds its routes."""


def router() -> APIRouter:
    made = APIRouter()
    for topic in TOPICS:
        topic(made)
    return made
