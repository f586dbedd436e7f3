"""The command line of the workbench: `guiju serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def add(root: typer.Typer) -> None:
    root.command("serve")(serve)


def serve(
    host: Annotated[str | None, typer.Option("--host", help="监听的地址，默认只限本机 · address to listen on, default this machine only")] = None,
    port: Annotated[int | None, typer.Option("--port", help="端口，默认 8000；0 任选 · port, default 8000; 0 takes any")] = None,
    data: Annotated[Path | None, typer.Option("--data", metavar="FOLDER", help="仓库的文件夹 · folder of the store")] = None,
    database: Annotated[str | None, typer.Option("--database", metavar="URL", help="postgresql://…；默认 SQLite · default SQLite")] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="进程数 · processes")] = 1,
    examples: Annotated[bool, typer.Option("--examples", help="收入自带的记录集 · take in the bundled records")] = False,
    open_: Annotated[bool, typer.Option("--open", help="在浏览器中打开 · open it in a browser")] = False,
) -> None:
    """开动工作台：网页与 API · start the workbench: pages and API."""
    from guiju.api.serving import start

    start(host=host, port=port, data=data, database=database, workers=workers, has_examples=examples, is_opened=open_)
