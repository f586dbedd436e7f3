"""The command line of the workbench: `guiju serve`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from guiju.store.database import Store

Bring = Callable[["Store"], str]
"""Puts examples of a part into a store; says in words what was taken in, nothing where they were there."""
_parts: list[Bring] = []


def add(root: typer.Typer, examples: Bring | None = None) -> None:
    """The command that serves. examples: of parts above, taken in with `--examples`"""
    _parts[:] = [examples] if examples else []
    root.command("serve")(serve)


def serve(
    host: Annotated[str | None, typer.Option("--host", help="监听的地址，默认只限本机 · address to listen on, default this machine only")] = None,
    port: Annotated[int | None, typer.Option("--port", help="端口，默认 8000；0 任选 · port, default 8000; 0 takes any")] = None,
    data: Annotated[Path | None, typer.Option("--data", metavar="FOLDER", help="仓库的文件夹 · folder of the store")] = None,
    database: Annotated[str | None, typer.Option("--database", metavar="URL", help="postgresql://…；默认 SQLite · default SQLite")] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="进程数 · processes")] = 1,
    examples: Annotated[bool, typer.Option("--examples", help="收入自带的示例 · take in the bundled examples")] = False,
    open_: Annotated[bool, typer.Option("--open", help="在浏览器中打开 · open it in a browser")] = False,
) -> None:
    """开动工作台：网页与 API · start the workbench: pages and API."""
    from guiju.api.serving import start

    start(host=host, port=port, data=data, database=database, workers=workers, examples=_parts if examples else None, is_opened=open_)
