"""A PostgreSQL of one's own: Debian's programs, a throw-away cluster in a temporary folder, reached through a socket only this user can open."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def programs() -> Path:
    """The folder of initdb and postgres, where dev.py finds or installs them."""
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None and spec.loader is not None
    dev = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(dev)
    found = dev.postgresql_programs()
    assert found is not None, f"PostgreSQL is not installed; `python3 dev.py test` installs it, or: {dev.POSTGRESQL_PACKAGE}"
    return Path(found)


def owner() -> str | None:
    """PostgreSQL does not run as root: who it runs as instead; None where this user will do."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@dataclass
class Server:
    """A cluster that can be stopped and started again, with what is in it. url   up to the name of a database: `url.format(name=…)`"""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://guiju@/{{name}}?host={self.folder}"

    def start(self) -> None:
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "fsync": "off", "max_connections": "60"}
        with (self.folder / "log").open("ab") as log:
            words = [programs() / "postgres", "-D", self.folder / "data", *(f"--{name}={value}" for name, value in settings.items())]
            self.process = subprocess.Popen(words, stdout=log, stderr=log, cwd=self.folder, **_as_owner())
        ready = [programs() / "pg_isready", "-q", "-h", str(self.folder), "-U", "guiju", "-d", "postgres"]
        for _ in range(300):
            if subprocess.run(ready, check=False).returncode == 0:
                return
            assert self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.1)

    def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)  # ends at once, whoever is still connected
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _as_owner() -> dict[str, Any]:
    user = owner()
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


@contextmanager
def server() -> Iterator[Server]:
    """A running cluster, gone at the end."""
    held, user = Server(Path(tempfile.mkdtemp(prefix="guiju-pg-"))), owner()
    try:
        if user:
            shutil.chown(held.folder, user, pwd.getpwnam(user).pw_gid)
        made = [programs() / "initdb", "-D", held.folder / "data", "-U", "guiju", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=held.folder, **_as_owner())
        try:
            held.start()
            yield held
        finally:
            held.stop()
    finally:
        shutil.rmtree(held.folder, ignore_errors=True)


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of a running cluster, up to the name of a database."""
    with server() as held:
        yield held.url
