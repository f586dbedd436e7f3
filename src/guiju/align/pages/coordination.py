"""The entry to coordination: what can be done, a sentence each; and where files are brought that the pages use."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import parse_qsl, unquote

from fastapi import File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from guiju.align.brought import MAPPING_MAX, kept_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.web.asking import addressed, asked
from guiju.web.rendering import render

WAYS = (
    ("/compare", "比较", "Compare", "两份标准或两个地区，逐项证明谁更严，给出能说明差异的产品；各条放在一起会不会留下空白。",
     "Two standards or two regions: each requirement proved stricter or looser, with a product that shows it, and gaps that clauses leave together."),
    ("/harmonise", "协调提案", "Harmonise", "提出一份统一的标准：取谁的要求、谁要改什么、哪些产品受影响、按什么次序改。",
     "One standard proposed in place of several: whose requirements, who must change what, which products that touches, and in which order."),
    ("/recognise", "互认", "Recognise", "在一地通过之后，到另一地还要证明什么；符合国家标准是否处处足够；免去哪些试验、多少费用。",
     "Given what was passed here, what remains to be shown there; is the national standard enough everywhere; tests and cost avoided."),
    ("/testplan", "试验计划", "Test plan", "进入几个地区所需的最省试验：费用、天数、最优性证明，与各自试验相比省多少。",
     "The cheapest tests for access to several regions: cost, days, proof that none is cheaper, and what is saved against region by region."),
    ("/guide", "市场指南", "Market guide", "一地一册：一类产品在一个市场适用的每项要求、试验、材料与日期。",
     "One document for a market and a kind of product: every requirement, test, document and date."),
    ("/map", "标准体系表", "System map", "门类 × 方面 × 层级：有什么、缺什么、谁归口、何时到期；各地区共同实施的清单。",
     "Segments by aspects by levels: what there is, what is lacking, who owns it, what expires; and what regions implement together."),
)  # fmt: skip
"""(URL, zh, en, what it does in zh, in en)"""
_BACK = re.compile(r"/(?:harmonise|recognise|testplan|standards/[^/?#\\]+/changes)(?:\?[^#\\\s]*)?")
_NAMES = {"records": "records", "tests": "tests"}
"""What a file is brought as → the name in the URL."""


def coordination(request: Request) -> Response:
    """Where everything begins."""
    return render(request, "align/coordination.html", ways=WAYS)


def bring(
    request: Request, file: Annotated[UploadFile | None, File()] = None, mapping: Annotated[UploadFile | None, File()] = None,
    back: Annotated[str, Form()] = "", what: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Takes a file in, and leads back to the page that asked for it.

    raises   Refused: records-not-given, format-unknown, an archive that unpacks to too much
    """
    who = asked(request)
    if file is None or not file.filename or what not in _NAMES:
        raise Refused([Diagnostic("records-not-given", None, {})])
    if not _BACK.fullmatch(back):
        back = "/coordination"
    said = mapping.file.read(MAPPING_MAX) if mapping is not None and mapping.filename else b""
    made = kept_of(who).put(who.user.id, file.filename, file.file, said or None)
    path, _, query = back.partition("?")


    kept = [(name, value) for name, value in parse_qsl(query) if name not in (_NAMES[what], "part")]
    return RedirectResponse(addressed(unquote(path), [*kept, (_NAMES[what], made.id)]), 303)
