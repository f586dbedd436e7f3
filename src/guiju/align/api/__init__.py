"""The face of align for programs: every route, and what it answers as JSON."""

from __future__ import annotations

from fastapi import APIRouter

from guiju.align.api import comparing, coordination
from guiju.api.exact import ExactRoute
from guiju.api.paths import ERRORS


def router() -> APIRouter:
    made = APIRouter(prefix="/api/v1", tags=["align"], route_class=ExactRoute, responses=ERRORS)
    comparing.add(made)
    coordination.add(made)
    return made
