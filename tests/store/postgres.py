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
from pathlib import Path

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


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of a running cluster, up to the name of a database: `url + name`."""
    folder, user, binaries = Path(tempfile.mkdtemp(prefix="guiju-pg-")), owner(), programs()
    as_user = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    try:
        if user:
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        data = folder / "data"
        made = [binaries / "initdb", "-D", data, "-U", "guiju", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user)  # type: ignore[call-overload]
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off", "max_connections": "60"}
        with (folder / "log").open("wb") as log:
            words = [binaries / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())]
            server = subprocess.Popen(words, stdout=log, stderr=log, cwd=folder, **as_user)  # type: ignore[call-overload]
        try:
            ready = [binaries / "pg_isready", "-q", "-h", str(folder), "-U", "guiju", "-d", "postgres"]
            for _ in range(300):
                if subprocess.run(ready, check=False).returncode == 0:
                    break
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
            yield f"postgresql://guiju@/{{name}}?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)  # ends at once, whoever is still connected
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
