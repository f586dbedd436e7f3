"""The composition root: the only place that knows every part."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from guiju.align import commands as align
from guiju.api import commands as api
from guiju.cli.main import build
from guiju.frontrunner import commands as frontrunner
from guiju.store import commands as store_commands
from guiju.verify import commands as verify

if TYPE_CHECKING:
    from fastapi import FastAPI

    from guiju.store.database import Store
    from guiju.store.kinds.work import Kind


def kinds() -> Mapping[str, Kind]:
    """Every kind of long work: the store's own, and those of kits and parts above it."""
    from guiju.align.work import comparison
    from guiju.frontrunner.authoring.work import proposal
    from guiju.frontrunner.board.work import board
    from guiju.frontrunner.library.work import library_import
    from guiju.report.work import report
    from guiju.store.worker import KINDS
    from guiju.verify.work import dossier, study

    return {**KINDS, "report": report, "comparison": comparison, "board": board, "proposal": proposal, "library": library_import,
            "dossier": dossier, "study": study}  # fmt: skip


def examples(store: Store) -> str:
    """Front-runner examples taken into a store, and what was; nothing where they are there already."""
    from guiju.api.keeping import ACTOR
    from guiju.cli.console import say
    from guiju.frontrunner.board.examples import NAME, SCHEME, bring_examples

    if not bring_examples(store, ACTOR):
        return ""
    return say(f"收入自带的企业标准库 {NAME}（示意），并按 {SCHEME} 排行", f"bundled library {NAME} taken in (illustrative), boarded by {SCHEME}")


PARTS = (align.add, verify.add, frontrunner.add, partial(store_commands.add, kinds=kinds),
         partial(api.add, examples=examples))  # fmt: skip
"""Each part adds its commands to the root."""


def main() -> None:
    build(PARTS)()


def application() -> FastAPI:
    """The workbench that `guiju serve` starts, by the settings of the environment."""
    import os

    from guiju.align import api as align_api
    from guiju.align import pages as align_pages
    from guiju.api.app import create_app, warmed
    from guiju.api.settings import read_settings
    from guiju.frontrunner import api as frontrunner_api
    from guiju.frontrunner import pages as frontrunner_pages
    from guiju.store.logged import log_to_stderr
    from guiju.verify import api as verify_api
    from guiju.verify import pages as verify_pages
    from guiju.verify import process_api
    from guiju.web import pages
    from guiju.web.wrong import error_page

    log_to_stderr()
    settings = read_settings(os.environ)
    routers = (pages.router(), align_pages.router(), align_api.router(), verify_pages.router(), verify_api.router(),
               process_api.router(), frontrunner_pages.router(), frontrunner_api.router())  # fmt: skip
    return warmed(create_app(settings, routers, error_page, kinds()))


def worker() -> None:
    """The worker that `guiju serve` starts beside it."""
    from guiju.api.working import work

    work(kinds())
