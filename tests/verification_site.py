"""A workbench for the pages of verifications, where people sign in; run as a program: `python verification_site.py FOLDER PORT`.

It has a verification in every state worth a look, all of it made up, and prints as JSON the sessions of the people and the projects.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from guiju.store.access import begin_session
from guiju.store.database import store_at
from guiju.store.migrate import make_store
from guiju.verify.process import acting
from verifying import ITEM, called, concluded, demanded, entered, lifted, people, running


def fill(folder: Path) -> dict[str, dict[str, str]]:
    """name → session text, and name → project."""
    store = store_at(str(folder))
    make_store(store, "test")
    of = people(store)
    projects = {"demanded": demanded(of), "called": called(of), "running": running(of), "lifted": lifted(of), "concluded": concluded(of)}
    accepted = demanded(of)
    acting.act(store, of.by("planner"), accepted, "accept", {"judgement": "在批复领域和能力之内"})
    entered(of, projects["running"], "lab2")
    analysed = lifted(of)
    acting.act(store, of.by("planner"), analysed, "exclude", {"item": ITEM, "lab": "L01", "level": "A", "replicate": "1", "reason": "抄录有误"})
    acting.act(store, of.by("second"), analysed, "confirm", {"exclusion": 1})
    acting.analyse(store, of.by("planner"), analysed, "ISO 5725-2:2025", {})
    acting.act(store, of.by("planner"), analysed, "exclude", {"item": ITEM, "lab": "L02", "level": "B", "replicate": "", "reason": "环境温度超差"})
    projects |= {"accepted": accepted, "analysed": analysed}
    sessions = {name: begin_session(store, of.by(name).id) for name in of.keys}
    store.close()
    return {"sessions": sessions, "projects": projects}


if __name__ == "__main__":
    print(json.dumps(fill(Path(sys.argv[1]))))
