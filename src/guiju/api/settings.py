"""Settings of the workbench: from the environment and from what `guiju serve` is given. Secrets never appear in its repr, and so in no log."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from guiju.base.diagnostics import Problems
from guiju.store.jobs import LEASE_SECONDS

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Settings:
    """How one workbench runs.

    host, port         where it listens; loopback unless somebody asks otherwise
    data               the folder of the store: SQLite and the files beside it
    database           postgresql://…; empty: SQLite in `data`. `data` then holds the files alone
    files              the folder of files beside SQLite, where it is not in `data`
    base_url           how it is reached from outside, where a proxy stands before it; empty: as the request says
    login              whether who asks must sign in to do more than read. None: not on loopback, where the one person at the machine asks
    oidc_issuer        an identity provider people may sign in with; client and secret as it gave them
    body_bytes_max     the largest body of a request; `upload_bytes_max` of an uploaded file of records
    record_bytes_max   the longest line of records that are streamed
    per_minute         requests one address or account may make in a minute; `logins_per_minute` attempts to sign in
    threads            how many requests are worked on at once, beside the event loop
    trusted_proxies    addresses whose X-Forwarded-For and X-Forwarded-Proto are believed
    jobs               whether a worker beside it does the jobs that wait
    lease_seconds      how long a job stays with a worker that is not heard of, before another takes it
    """

    host: str = "127.0.0.1"
    port: int = 8000
    data: Path | None = None
    database: str = field(default="", repr=False)
    files: Path | None = None
    base_url: str = ""
    login: bool | None = None
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)
    body_bytes_max: int = 4 * MEGABYTE
    upload_bytes_max: int = 256 * MEGABYTE
    record_bytes_max: int = 1 * MEGABYTE
    per_minute: int = 60_000
    logins_per_minute: int = 10
    threads: int = 8
    trusted_proxies: str = ""
    jobs: bool = True
    lease_seconds: int = int(LEASE_SECONDS)

    @property
    def is_single_user(self) -> bool:
        """Whether whoever can reach it is the one person at this machine."""
        return not self.login if self.login is not None else is_loopback(self.host)

    def environment(self) -> dict[str, str]:
        """The same as variables, for processes started from this one."""
        held = {name: _text(value) for name, key in VARIABLES.items() if (value := getattr(self, key)) not in (None, "")}
        place, files = (self.database, self.data) if self.database else (self.data, self.files)
        return held | {name: str(value) for name, value in (("GUIJU_STORE", place), ("GUIJU_FILES", files)) if value}


VARIABLES: Mapping[str, str] = {
    "GUIJU_HOST": "host", "GUIJU_PORT": "port", "GUIJU_BASE_URL": "base_url",
    "GUIJU_LOGIN": "login", "GUIJU_OIDC_ISSUER": "oidc_issuer", "GUIJU_OIDC_CLIENT": "oidc_client", "GUIJU_OIDC_SECRET": "oidc_secret",
    "GUIJU_BODY_BYTES_MAX": "body_bytes_max", "GUIJU_UPLOAD_BYTES_MAX": "upload_bytes_max", "GUIJU_RECORD_BYTES_MAX": "record_bytes_max",
    "GUIJU_PER_MINUTE": "per_minute", "GUIJU_LOGINS_PER_MINUTE": "logins_per_minute", "GUIJU_THREADS": "threads",
    "GUIJU_TRUSTED_PROXIES": "trusted_proxies", "GUIJU_JOBS": "jobs",
    "GUIJU_LEASE_SECONDS": "lease_seconds",
}  # fmt: skip
"""Variable of the environment → setting; beside them GUIJU_STORE and GUIJU_FILES, which are those of `guiju store`: a folder, or a URL and a
folder of files."""
_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment, the defaults where it says nothing.

    raises   Refused: setting-malformed, all of them
    """
    problems, found = Problems(), dict[str, object]()
    for name, key in VARIABLES.items():
        text = environment.get(name, "").strip()
        if not text:
            continue
        value = _value(key, text)
        if value is None:
            problems.add("setting-malformed", None, name=name, text=text, wanted=_WANTED.get(key, "text"))
        else:
            found[key] = value
    problems.refuse_errors()
    place, files = environment.get("GUIJU_STORE", "").strip(), environment.get("GUIJU_FILES", "").strip()
    if "://" in place:
        found |= {"database": place, "data": Path(files) if files else None}
    else:
        found |= {"data": Path(place) if place else None, "files": Path(files) if files and place else None}
    return checked(replace(Settings(), **found))  # type: ignore[arg-type]


def checked(settings: Settings) -> Settings:
    """
    raises   Refused: setting-malformed, oidc-incomplete
    """
    problems = Problems()
    if not 0 <= settings.port < 1 << 16:
        problems.add("setting-malformed", None, name="port", text=settings.port, wanted=_WANTED["port"])
    if settings.lease_seconds < 1:
        problems.add("setting-malformed", None, name="GUIJU_LEASE_SECONDS", text=settings.lease_seconds, wanted=_WANTED["lease_seconds"])
    if settings.database and not settings.database.startswith(("postgresql://", "postgresql+psycopg://", "sqlite://")):
        problems.add("setting-malformed", None, name="database", text=settings.database.partition(":")[0] + ":…", wanted="postgresql://…")
    if bool(settings.oidc_issuer) != bool(settings.oidc_client):
        problems.add("oidc-incomplete", None)
    problems.refuse_errors()
    return settings


_WHOLE = ("port", "body_bytes_max", "upload_bytes_max", "record_bytes_max", "per_minute", "logins_per_minute", "threads",
          "lease_seconds")  # fmt: skip
_WANTED = {**dict.fromkeys(_WHOLE, "0, 1, 2 …"), "lease_seconds": "1, 2, 3 …", "login": "yes | no", "jobs": "yes | no"}


def _value(key: str, text: str) -> object:
    """The value of a setting; None where the text is none."""
    if key in _WHOLE:
        return int(text) if text.isascii() and text.isdigit() else None
    if key in ("login", "jobs"):
        return True if text.casefold() in _YES else False if text.casefold() in _NO else None
    return text


def _text(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"
