"""What `guiju serve` does: the settings put together, the store made, the address printed, uvicorn and a worker started."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import uvicorn
from uvicorn.supervisors import Multiprocess

from guiju.api.commands import Bring
from guiju.api.keeping import ACTOR, bring_examples, fill, open_store
from guiju.api.settings import Settings, checked, read_settings
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.console import console, refusals, say
from guiju.store.access import invite, needs_administrator
from guiju.store.database import Store

APPLICATION = "guiju.app:application"
WORKER = "from guiju.app import worker; worker()"
DATA = Path("guiju-store")
RESTART_SECONDS = 2.0


def start(*, host: str | None, port: int | None, data: Path | None, database: str | None, workers: int, examples: Sequence[Bring] | None,
          is_opened: bool) -> None:  # fmt: skip
    """Serves until interrupted.

    examples   None: none are taken in; else those of parts, besides the bundled records

    raises   typer.Exit: 2 where the settings are wrong, the store cannot be opened, or the address is taken
    """
    with refusals():
        given = {"host": host, "port": port, "data": data, "database": database}
        settings = read_settings(os.environ)
        settings = checked(replace(settings, **{name: value for name, value in given.items() if value is not None}))  # type: ignore[arg-type]
        settings = replace(settings, data=(settings.data or DATA).resolve())
        listening = listen(settings)
        settings = replace(settings, port=listening.getsockname()[1])
        store = open_store(settings)
        assert store is not None and settings.data is not None, "it has a place"
        became = fill(store, settings.data)
        if became is not None:
            count = len(became.published) + len(became.revised)
            console().print(say(f"仓库 {store.place}：收入 {count} 份标准", f"store {store.place}: {count} standards taken in"))
        if examples is not None:
            _bring(store, examples)
        tell(settings, store)
        store.close()
    if is_opened:
        threading.Timer(0.5, webbrowser.open, [address(settings)]).start()
    os.environ.update(settings.environment())
    # uvicorn ends its work first and then raises the signal again: here it only leads out, so that the worker is ended too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), _worker() if settings.jobs else contextlib.nullcontext():
        _serve(settings, listening, workers)


def _bring(store: Store, parts: Sequence[Bring]) -> None:
    """Takes the examples in that are not there yet, and says which."""
    if sets := bring_examples(store):
        names = ", ".join(f"{held.name} ({held.rows})" for held in sets)
        console().print(say(f"收入自带的记录集（行数）：{names}", f"bundled sets of records taken in, with their rows: {names}"))
    for said in filter(None, (bring(store) for bring in parts)):
        console().print(said)


def _serve(settings: Settings, listening: socket.socket, workers: int) -> None:
    config = uvicorn.Config(APPLICATION, factory=True, workers=workers, log_config=None, access_log=False, server_header=False, lifespan="on",
                            proxy_headers=bool(settings.trusted_proxies), forwarded_allow_ips=settings.trusted_proxies or None,
                            timeout_graceful_shutdown=10, h11_max_incomplete_event_size=64 << 10)  # fmt: skip
    if workers == 1:
        uvicorn.Server(config).run([listening])
        return
    with tempfile.TemporaryDirectory(prefix="guiju-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        Multiprocess(config, sockets=[listening]).run()


@contextlib.contextmanager
def _worker() -> Iterator[None]:
    """A process that does the jobs that wait, started again where it dies; so a solver or a large table never keeps a page waiting. It lives no
    longer than this one, however this one ends: then its standard input does."""
    ending = threading.Event()

    def keep() -> None:
        while not ending.is_set():
            process = subprocess.Popen([sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
            while process.poll() is None and not ending.wait(0.2):
                pass
            if process.poll() is None:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                process.kill()
                process.wait()
            assert process.stdin is not None
            process.stdin.close()
            ending.wait(RESTART_SECONDS)

    beside = threading.Thread(target=keep, name="worker", daemon=True)
    beside.start()
    try:
        yield
    finally:
        ending.set()
        beside.join()


def listen(settings: Settings) -> socket.socket:
    """The socket, bound before anything else is done.

    raises   Refused: address-unusable
    """
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        made = socket.create_server((settings.host.strip("[]"), settings.port), family=family, backlog=2048)
    except OSError as error:
        facts = {"address": f"{settings.host}:{settings.port}", "reason": error.strerror or str(error)}
        raise Refused([Diagnostic("address-unusable", None, facts)]) from None
    # Connections take it over from here. Without it the end of an answer waits for the other side to confirm its beginning: 40 ms on Linux.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return settings.base_url or f"http://{host}:{settings.port}"


def tell(settings: Settings, store: Store) -> None:
    """Says on standard output where it is and who may use it; the first time, with a link by which one administrator is made."""
    console().print(say(f"规矩工作台：{address(settings)}", f"the Guiju workbench: {address(settings)}"), style="bold")
    if settings.is_single_user:
        zh = "单人模式：只有本机能访问，不用登录。Ctrl-C 结束。"
        en = "single-user mode: only this machine can reach it, nobody signs in. Ctrl-C ends it."
        console().print(say(zh, en))
    elif needs_administrator(store):
        link = f"{address(settings)}/invitations/{invite(store, ACTOR, role='admin')}"
        zh = f"还没有管理员。三天内打开一次此链接，设定管理员：{link}"
        en = f"there is no administrator yet. Open this link once, within three days, to make one: {link}"
        console().print(say(zh, en), soft_wrap=True)
