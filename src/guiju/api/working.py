"""The worker beside the workbench: a process of its own that does the jobs of the store, until its standard input ends or it is told to."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping

from guiju.api.settings import read_settings
from guiju.store.database import store_at
from guiju.store.kinds.work import Kind
from guiju.store.logged import log_to_stderr
from guiju.store.worker import Worker


def work(kinds: Mapping[str, Kind]) -> None:
    """Works by the settings of the environment, until its standard input ends."""
    log_to_stderr()
    settings, ending = read_settings(os.environ), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())

    def watch() -> None:
        while os.read(0, 4096):  # not through sys.stdin, whose lock a thread that still reads would hold when Python ends
            pass
        ending.set()

    threading.Thread(target=watch, name="parent", daemon=True).start()
    store = store_at(settings.database or str(settings.data), settings.data if settings.database else settings.files)
    Worker(store, kinds, lease_seconds=settings.lease_seconds, until=ending).run()
    store.close()
