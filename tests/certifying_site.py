"""A workbench for the pages of cycles and certificates, where people sign in; run as a program: `python certifying_site.py FOLDER`.

It has a cycle and a certificate in every state worth a look, all of it made up, and prints as JSON the sessions of the people and what there is.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from certifying import (
    JIA,
    Clock,
    applied_for,
    cycle_at,
    evaluated,
    evidenced,
    granted,
    in_publicity,
    issued,
    people,
    proposed,
    published,
    shortlisted,
)
from guiju.api.asker import NOBODY
from guiju.frontrunner.process import acting, certifying
from guiju.frontrunner.process.objecting import Said, new_receipt, raise_objection
from guiju.store.access import begin_session
from guiju.store.database import store_at
from guiju.store.migrate import make_store


def fill(folder: Path) -> dict[str, dict[str, str]]:
    """name → session text; name → cycle; name → certificate."""
    clock = Clock(datetime.now(UTC) - timedelta(days=60))
    store = replace(store_at(str(folder)), clock=clock)
    make_store(store, "test")
    of = people(store)
    cycles: dict[str, str] = {}
    for name, make in (("proposed", proposed), ("shortlisted", shortlisted), ("publicity", in_publicity)):
        cycles[name] = make(of)
        if name == "publicity":
            about = next(e.number for e in cycle_at(of, cycles[name]).entries if e.enterprise == JIA)
            acting.act(store, of.by("outsider"), cycles[name], "object", {"entry": about, "ground": "示意：J2 已经停产，请核对"})
            acting.act(store, of.by("second"), cycles[name], "declare", {"enterprise": JIA, "text": "示意：曾任顾问"})
        of.year += 1  # one field has one cycle a year
    cycles["published"] = published(of, clock)
    first, last = ((clock.now + timedelta(days=days)).date().isoformat() for days in (0, 720))
    certificates = {"applied": applied_for(of), "evidenced": evidenced(of), "evaluated": evaluated(of), "granted": granted(of, first, last),
                    "issued": issued(of, first, last), "suspended": issued(of, first, last)}  # fmt: skip
    certifying.act(store, of.by("reviewer"), certificates["suspended"], "suspend", {"reason": "示意：抽查的一台续驶不足"})
    clock.now = datetime.now(UTC)
    of.year += 1
    cycles["open"] = in_publicity(of)
    raise_objection(store, NOBODY, cycles["open"], Said(1, "示意：续驶里程与公告不符", "示意·路人", "example@example.org", new_receipt()))
    sessions = {name: begin_session(store, of.by(name).id) for name in of.keys}
    store.close()
    return {"sessions": sessions, "cycles": cycles, "certificates": certificates}


if __name__ == "__main__":
    print(json.dumps(fill(Path(sys.argv[1]))))
