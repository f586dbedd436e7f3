"""What `guiju serve` does: the settings put together, the address printed, uvicorn started."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
import webbrowser
from dataclasses import replace
from pathlib import Path

import uvicorn
from uvicorn.supervisors import Multiprocess

from guiju.api.settings import Settings, checked, read_settings
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.console import console, refusals, say

APPLICATION = "guiju.app:application"
DATA = Path("guiju-store")


def start(*, host: str | None, port: int | None, data: Path | None, database: str | None, workers: int, is_opened: bool) -> None:
    """Serves until interrupted.

    raises   typer.Exit: 2 where the settings are wrong or the address is taken
    """
    with refusals():
        given = {"host": host, "port": port, "data": data, "database": database}
        settings = read_settings(os.environ)
        settings = checked(replace(settings, **{name: value for name, value in given.items() if value is not None}))  # type: ignore[arg-type]
        settings = replace(settings, data=(settings.data or DATA).resolve())
        listening = listen(settings)
        settings = replace(settings, port=listening.getsockname()[1])
    tell(settings)
    if is_opened:
        threading.Timer(0.5, webbrowser.open, [address(settings)]).start()
    os.environ.update(settings.environment())
    config = uvicorn.Config(APPLICATION, factory=True, workers=workers, log_config=None, access_log=False, server_header=False, lifespan="on",
                            proxy_headers=bool(settings.trusted_proxies), forwarded_allow_ips=settings.trusted_proxies or None,
                            timeout_graceful_shutdown=10, h11_max_incomplete_event_size=64 << 10)  # fmt: skip
    if workers == 1:
        uvicorn.Server(config).run([listening])
        return
    with tempfile.TemporaryDirectory(prefix="guiju-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        Multiprocess(config, sockets=[listening]).run()


def listen(settings: Settings) -> socket.socket:
    """The socket, bound before anything else is done.

    raises   Refused: address-unusable
    """
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        return socket.create_server((settings.host.strip("[]"), settings.port), family=family, backlog=2048)
    except OSError as error:
        facts = {"address": f"{settings.host}:{settings.port}", "reason": error.strerror or str(error)}
        raise Refused([Diagnostic("address-unusable", None, facts)]) from None


def address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return settings.base_url or f"http://{host}:{settings.port}"


def tell(settings: Settings) -> None:
    """Says on standard output where it is, and who may use it."""
    console().print(say(f"规矩工作台：{address(settings)}", f"the Guiju workbench: {address(settings)}"), style="bold")
    if settings.is_single_user:
        zh = "单人模式：只有本机能访问，不用登录。Ctrl-C 结束。"
        en = "single-user mode: only this machine can reach it, nobody signs in. Ctrl-C ends it."
        console().print(say(zh, en))

