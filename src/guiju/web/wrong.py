"""Wrong: what a browser is shown where something cannot be done: every problem at once, in words, and where to go from there."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from guiju.base.diagnostics import Diagnostic
from guiju.web.asking import asked
from guiju.web.rendering import render

_TITLES = {
    401: ("先登录", "Sign in first"), 403: ("没有这项权限", "Not allowed"), 404: ("没有找到", "Not found"),
    405: ("这里不能这样做", "Not possible here"), 410: ("已不再保存", "No longer kept"), 413: ("太大了", "Too large"),
    415: ("不认识的文件", "Unknown kind of file"), 429: ("太频繁了", "Too many requests"), 500: ("规矩自己出了错", "A fault of Guiju’s own"),
    503: ("暂时不能用", "Not available now"),
}  # fmt: skip


def error_page(request: Request, status: int, found: Sequence[Diagnostic]) -> Response:
    """What is wrong, as a page."""
    who = asked(request)
    title = who.say(*_TITLES.get(status, ("没有做成", "This could not be done")))
    return render(request, "web/problem.html", status, title=title, lead="", found=tuple(found), links=[])
