"""People, points and a verification for tests: the centre that runs it, and laboratories that are strangers to one another. All figures are made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from guiju.api.asker import Asker, asker_of
from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.standard.shelf import Shelf
from guiju.store.access import first_organisation
from guiju.store.database import Store
from guiju.store.people import account_of, grant, make_account, make_key, make_organisation
from guiju.verify.process import acting
from guiju.verify.process.plan import Asked
from guiju.verify.process.points_file import point_kept
from guiju.verify.process.project import Project
from guiju.verify.process.proposing import Proposal, proposal
from guiju.verify.process.register import keep_point, known_to

NUMBER, ITEM = "GB 36980.1-2025", "R1.consumption"
ON = date(2026, 11, 22)
CENTRE = {"planner": "verifier", "assessor": "evaluator", "chief": "operator", "keeper": "operator", "second": "evaluator"}
SAID = {"stage": "effect", "reason": "示意：新限值能否可靠地验证"}
VALUES = {"A": (14.10, 14.13, 14.12), "B": (17.52, 17.48, 17.55), "C": (20.31, 20.35, 20.28)}
"""Level → base values by laboratory; replicates and laboratories are put a little apart."""


@cache
def shelf() -> Shelf:
    return Shelf()


@cache
def program() -> Program:
    path = shelf().locate(NUMBER)
    assert path is not None
    standard, problems = shelf().open(path).standard, Problems()
    assert standard is not None
    found = check(standard, None, shelf(), problems, False)
    assert found is not None
    return found


@dataclass
class People:
    """Names → who asks. Laboratories are lab1, lab2, … with points P1, P2, …"""

    store: Store
    centre: str
    labs: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def by(self, name: str) -> Asker:
        return asker_of(account_of(self.store, name), "key")


def people(store: Store, labs: int = 4) -> People:
    """The centre is the first organisation; `outsider` is of another, `auditor` of the first."""
    made = People(store, first_organisation(store))
    wanted = {**{name: (made.centre, role) for name, role in CENTRE.items()}, "auditor": (made.centre, "auditor")}
    for n in range(1, labs + 1):
        made.labs[f"lab{n}"] = make_organisation(store, f"lab-{n}", "test", f"示意实验室 {n}")
        wanted[f"lab{n}"] = made.labs[f"lab{n}"], "verifier"
    wanted["firm"] = make_organisation(store, "firm", "test", "示意企业"), "enterprise"
    wanted["outsider"] = make_organisation(store, "outsiders", "test"), "verifier"
    for name, (organisation, role) in wanted.items():
        id_ = make_account(store, name, organisation, "test", title=f"示意·{name}")
        grant(store, id_, organisation, role, "test")
        made.keys[name] = make_key(store, id_, "test", "test")[1]
    for n in range(1, labs + 1):
        keep_point(store, point_kept(f"P{n}", body(f"lab-{n}"), known_to(shelf().dictionary)), "test")
    return made


def body(organisation: str, **more: object) -> dict[str, object]:
    """A point that can measure what GB 36980.1-2025 asks."""
    return {
        "zh": f"示意验证点 {organisation}", "en": f"illustrative point {organisation}", "holder": {"zh": "示意", "en": "illustrative"},
        "field": "energy-vehicles", "region": "CN-31", "organisation": organisation, "methods": ["experiment"],
        "laboratories": {"drum": {"zh": "转毂", "en": "drum"}},
        "capabilities": [{"property": "nev.electricity.cltc", "method": "GB/T 18386.1-2021", "low": "3", "high": "60", "unit": "kWh/100km",
                          "expanded": "2 %", "laboratory": "drum"}],
        "source": {"title": "虚设", "grade": "illustrative"}, **more,
    }  # fmt: skip


PLAN = Asked({"R1": ("experiment", "")}, ("A", "B", "C"), laboratories=4, replicates=2)


def demanded(of: People) -> str:
    return acting.demand(of.store, of.by("firm"), of.centre, program(), SAID).id


def called(of: People, plan: Asked = PLAN) -> str:
    """A verification that calls for points."""
    id_ = demanded(of)
    acting.act(of.store, of.by("planner"), id_, "accept", {"judgement": "在批复领域之内"})
    acting.plan(of.store, of.by("planner"), id_, program(), shelf().dictionary, plan)
    acting.act(of.store, of.by("assessor"), id_, "approve", {"opinion": "样本量够"})
    acting.act(of.store, of.by("chief"), id_, "call", {"text": "征集能测 CLTC 电耗的验证点", "until": "2026-12-31"})
    return id_


def applied(of: People, id_: str, lab: str) -> None:
    acting.apply(of.store, of.by(lab), id_, shelf().dictionary, f"P{lab[3:]}", "drum", ON)


def running(of: People, plan: Asked = PLAN) -> str:
    """One whose orders are out, to every laboratory."""
    id_ = called(of, plan)
    for lab in of.labs:
        applied(of, id_, lab)
    acting.assign(of.store, of.by("chief"), id_, range(1, len(of.labs) + 1), of.by("keeper").id)
    return id_


def meaning(of: People, id_: str) -> Mapping[str, list[str]]:
    """code → laboratory code, level, replicate: what a test knows and nobody else."""
    from guiju.store.processes import unsealed

    with of.store.reading() as connection:
        found: Mapping[str, list[str]] = unsealed(connection, id_, "samples")["samples"]
    return found


def results(of: People, id_: str, lab: str) -> dict[str, dict[str, str]]:
    """What a laboratory measures, as it writes it."""
    project, _ = acting.project_of(of.store, of.by(lab), id_)
    order = next(each for each in project.orders if each.organisation == of.labs[lab])
    told = meaning(of, id_)
    n = int(lab[3:])
    return {code: {ITEM: f"{VALUES[told[code][1]][int(told[code][2]) - 1] + 0.04 * ((n * 7) % 5) - 0.02 * n:.2f}"} for code in order.codes}


def entered(of: People, id_: str, lab: str, submit: bool = True) -> Project:
    project, _ = acting.project_of(of.store, of.by(lab), id_)
    order = next(each for each in project.orders if each.organisation == of.labs[lab])
    return acting.enter(of.store, of.by(lab), id_, order.number, results(of, id_, lab), {}, submit=submit, after=order.entries)


def lifted(of: People, plan: Asked = PLAN) -> str:
    """One whose blinding was lifted."""
    id_ = running(of, plan)
    for lab in of.labs:
        entered(of, id_, lab)
    acting.act(of.store, of.by("chief"), id_, "close", {})
    acting.lift(of.store, of.by("keeper"), id_)
    return id_


WHY = "示意：方法另有十二个实验室的协同试验"
VERDICTS = {"R1": {"scientific": {"verdict": "pass", "ground": WHY}, "operable": {"verdict": "after-change", "ground": "写明环境温度的允差"}}}


def proposed(store: Store, who: Asker, id_: str) -> Proposal:
    """What the evidence proposes of a project that somebody may conclude now."""
    return proposal(shelf(), acting.concluding(store, who, id_), {})


def conclude(store: Store, who: Asker, id_: str, verdicts: Mapping[str, Mapping[str, Mapping[str, str]]], text: str) -> Project:
    return acting.conclude(store, who, id_, verdicts, text, proposed(store, who, id_))


def concluded(of: People) -> str:
    id_ = lifted(of)
    acting.analyse(of.store, of.by("planner"), id_, "ISO 5725-2:2025", {})
    conclude(of.store, of.by("planner"), id_, VERDICTS, "示意结论")
    return id_
