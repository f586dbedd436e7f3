"""People, a library, boards and a cycle for tests of the process of front-runners. Every enterprise, figure and issuer is made up."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from frontrunner_certificates import issuer_of, signer
from guiju.api.asker import Asker, asker_of
from guiju.base.diagnostics import Problems
from guiju.frontrunner.board.work import Boarding
from guiju.frontrunner.library.kept import bring, libraries, library_of
from guiju.frontrunner.library.library import Library, read_library
from guiju.frontrunner.process import acting, certifying, issuing
from guiju.frontrunner.process.certificate import Certificate
from guiju.frontrunner.process.certifying import Wanted
from guiju.frontrunner.process.cycle import Cycle
from guiju.frontrunner.process.faces import field_of, scheme_of
from guiju.frontrunner.process.interests import bind_enterprise
from guiju.frontrunner.process.issuing import Signing
from guiju.frontrunner.scheme import located_scheme
from guiju.frontrunner.scheme_meaning import Opened, open_scheme
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf, data_folder
from guiju.store.access import first_organisation
from guiju.store.database import Store
from guiju.store.files import put
from guiju.store.people import account_of, grant, make_account, make_key, make_organisation
from guiju.store.results import Request, keep_result
from library_cases import as_csv

ON = date(2026, 11, 22)
JIA, YI, BING = "ENT-JIA", "ENT-YI", "ENT-BING"
CITES = "GB 18384-2025；GB 38031-2025；GB 36980.1-2025；GB/T 18386.1-2021"
METHODS = "nev.electricity.cltc=GB/T 18386.1-2021；nev.range.cltc=GB/T 18386.1-2021"
OTHERS = tuple(f"ENT-O{n}" for n in range(1, 8))
STANDARDS = {JIA: ("Q/JIA 001", "2026"), YI: ("Q/YI 002", "2026"), BING: ("Q/BING 003", "2026"),
             **{code: (f"Q/OTHER {n}", "2026") for n, code in enumerate(OTHERS, 1)}}  # fmt: skip
FIGURES = {"J1": (10.5, 640, 19.0, 5.9), "J2": (10.9, 610, 22.0, 6.4), "Y1": (11.2, 610, 23.0, 8.1), "B1": (13.1, 525, 29.0, 10.1),
           **{f"O{n}": (13.0, 530, 28.0, 9.9) for n in range(1, 8)}}  # fmt: skip
"""Model → consumption, range, charging time, acceleration; all of 1650 kg. Ten enterprises, of which a fifth is shortlisted: Jia and Yi."""
OWNERS = {"J1": JIA, "J2": JIA, "Y1": YI, "B1": BING, **{f"O{n}": code for n, code in enumerate(OTHERS, 1)}}
DOCUMENTS = {"承诺书.pdf": "a" * 64}


@cache
def shelf() -> Shelf:
    return Shelf()


@cache
def opened() -> Opened:
    problems = Problems()
    found = open_scheme(shelf(), located_scheme(shelf(), "bev-cars"), None, problems)
    assert found is not None, problems.found
    return found


@cache
def library(statuses: tuple[tuple[str, str], ...] = ()) -> Library:
    return read_library(library_folder(statuses), shelf().dictionary, name="cars")


@cache
def library_folder(statuses: tuple[tuple[str, str], ...] = ()) -> Path:
    """Ten enterprises with a standard each; Jia has two models. statuses: number → what became of that standard"""
    became = dict(statuses)
    names = {JIA: ("甲汽车", "Jia Motors"), YI: ("乙汽车", "Yi Motors"), BING: ("丙汽车", "Bing Motors"),
             **{code: (f"另 {n}", f"Other {n}") for n, code in enumerate(OTHERS, 1)}}  # fmt: skip
    head = ["产品编号", "企业代码", "标准编号", "版本", "型号", "品牌", "整车类别", "动力类型", "最大设计总质量(kg)", "整备质量(kg)"]
    declared = ["nev.electricity.cltc (kWh/100km)", "nev.range.cltc (km)", "nev.charging.time.dc_30_80 (min)", "vehicle.acceleration.0_100 (s)",
                "vehicle.safety.gb18384_2025", "battery.safety.gb38031_2025"]  # fmt: skip
    rows = [[f"p-{model}", code, *STANDARDS[code], model, names[code][0], "M1", "bev", 2100, 1650, *FIGURES[model], "是", "是"]
            for model, code in OWNERS.items()]  # fmt: skip
    head[6:10] = ["vehicle.category", "vehicle.powertrain", "vehicle.mass.max_design (kg)", "vehicle.mass.curb (kg)"]
    tables: Any = {
        "企业": [["企业代码", "企业名称", "企业英文名称", "地区"], *([code, *names[code], "CN-31"] for code in names)],
        "标准": [["标准编号", "版本", "企业代码", "标准名称", "公布日期", "状态", "规范性引用文件", "试验方法", "示意"],
               *([*STANDARDS[code], code, "纯电动乘用车", "2026-01-01", became.get(STANDARDS[code][0], "现行"), CITES, METHODS,
                  "是"]
                 for code in names)],
        "产品": [head + declared, *rows],
    }  # fmt: skip
    return as_csv(tables, Path(tempfile.mkdtemp(prefix="guiju-library-")))


def board(store: Store, statuses: tuple[tuple[str, str], ...] = ()) -> str:
    """A run of the boards, as the kind of work makes it; gives the identifier of the result."""
    name = "cars" if not statuses else "cars later"
    if name not in {each.name for each in libraries(store)}:
        bring(store, name, library_folder(statuses), shelf().dictionary, "test")
    work = Boarding(opened(), library_of(store, name), {"rows": None, "language": None, "forms": None})
    piece = work.piece(0, lambda ending, write: put(store, "results", ending, write))
    asked = {"scheme": (data_folder() / "schemes" / "bev-cars.yaml").read_text(encoding="utf-8"), "library": name, "revision": 1}
    with store.writing() as connection:
        return keep_result(connection, store, Request("board", (), arguments=asked), work.whole([piece]), first_organisation(store), "test")


@dataclass
class People:
    """Names → who asks. The body that runs it: operator, reviewer, second (verifiers), chief (regulator); evaluators are of `institute`; each
    enterprise has an organisation with somebody of its name."""

    store: Store
    centre: str
    year: int = 2026
    keys: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)

    def by(self, name: str) -> Asker:
        return asker_of(account_of(self.store, name), "key")


def people(store: Store) -> People:
    """`torn` evaluates, reviews, and has a role in Jia; `outsider` is of an organisation that has no part."""
    made = People(store, first_organisation(store))
    here, there = made.centre, {}
    for name in ("institute", "jia", "yi", "bing", "outsiders"):
        there[name] = made.organisations[name] = make_organisation(store, name, "test", f"示意·{name}")
    wanted = {
        "author": (here, "author"), "operator": (here, "operator"), "reviewer": (here, "verifier"), "second": (here, "verifier"),
        "chief": (here, "regulator"), "assessor": (here, "evaluator"), "evaluator": (there["institute"], "evaluator"), "jia": (there["jia"], "enterprise"),
        "yi": (there["yi"], "enterprise"), "bing": (there["bing"], "enterprise"), "outsider": (there["outsiders"], "auditor"),
        "torn": (there["institute"], "evaluator"),
    }  # fmt: skip
    for name, (organisation, role) in wanted.items():
        id_ = make_account(store, name, organisation, "test", title=f"示意·{name}")
        grant(store, id_, organisation, role, "test")
        made.keys[name] = make_key(store, id_, "test", "test")[1]
    torn = account_of(store, "torn").id
    for organisation, role in ((here, "verifier"), (here, "evaluator"), (there["jia"], "author")):
        grant(store, torn, organisation, role, "test")
    for code, name in ((JIA, "jia"), (YI, "yi"), (BING, "bing")):
        bind_enterprise(store, made.by("operator"), code, Title(f"示意 {name}", f"illustrative {name}"), name)
    return made


@dataclass
class Clock:
    """A clock that is set by hand, to begin with later than any store of a test is made."""

    now: datetime = datetime(2041, 1, 1, 9, tzinfo=UTC)

    def __call__(self, _: Connection) -> datetime:
        return self.now

    def later(self, days: float) -> None:
        self.now += timedelta(days=days)


# a cycle, as far as one likes

WHY = {"reason": "示意"}


def proposed(of: People) -> str:
    return acting.propose(of.store, of.by("author"), replace(field_of(opened()), year=of.year), "示意：本年度重点").id


def fixed(of: People) -> str:
    id_ = proposed(of)
    acting.act(of.store, of.by("operator"), id_, "fix", {"days": 10, "opinion": "列入"})
    return id_


def chosen(of: People) -> str:
    id_ = fixed(of)
    body = {"standard": "T/GUIJU 701-2026", "plan": "按方案比对", "ground": ""}
    acting.act(of.store, of.by("evaluator"), id_, "apply", body)
    acting.act(of.store, of.by("reviewer"), id_, "review", {"application": 1, "opinion": "方案可行"})
    return id_


def shortlisted(of: People) -> str:
    id_ = chosen(of)
    acting.compare(of.store, of.by("evaluator"), id_, board(of.store))
    acting.shortlist(of.store, of.by("evaluator"), id_, {})
    return id_


def in_publicity(of: People) -> str:
    id_ = shortlisted(of)
    cycle, _ = acting.cycle_for(of.store, of.by("jia"), id_)
    for each in cycle.entries:
        name = {JIA: "jia", YI: "yi", BING: "bing"}[each.enterprise]
        acting.undertake(of.store, of.by(name), id_, each.number, "示意承诺", DOCUMENTS)
    acting.act(of.store, of.by("operator"), id_, "publicise", {"text": "公示"})
    return id_


def published(of: People, clock: Clock) -> str:
    id_ = in_publicity(of)
    clock.later(10)
    acting.act(of.store, of.by("chief"), id_, "publish", {})
    return id_


# a certificate, as far as one likes

EVIDENCE = {"category": "M1", "powertrain": "bev", "max_mass": "2100 kg", "curb_mass": "1650 kg", "vehicle_safe": "true", "battery_safe": "true"}


def rows(*models: str, u: str = "0.05", **changed: str) -> list[dict[str, str]]:
    """What a laboratory measured: what is declared, with the uncertainty of the consumption."""
    found = []
    for model in models:
        consumption, reach, charging, acceleration = FIGURES[model]
        given = {**EVIDENCE, "consumption": f"{consumption} kWh/100km", "range": f"{reach} km", "charging_time": f"{charging} min",
                 "acceleration": f"{acceleration} s", **changed}  # fmt: skip
        for name, value in given.items():
            found.append({"model": model, "input": name, "value": value, "u": u if name == "consumption" else "", "k": "", "laboratory": "示例实验室",
                          "report": f"R-{model}", "measured": "2026-10-01", "method": ""})  # fmt: skip
    return found


def wanted(code: str = JIA, *models: str) -> Wanted:
    chosen_models = models or tuple(model for model, of in OWNERS.items() if of == code)
    return Wanted(code, *STANDARDS[code], chosen_models, "示意：承诺所声明的水平", {"name": "cars", "revision": 1})


def applied_for(of: People, code: str = JIA, name: str = "jia") -> str:
    body = certifying.application_body(wanted(code), scheme_of(opened()), opened().program, library())
    return certifying.apply(of.store, of.by(name), body).id


def evidenced(of: People) -> str:
    id_ = applied_for(of)
    certifying.hand_in(of.store, of.by("jia"), id_, rows("J1", "J2"), illustrative=True)
    return id_


def evaluated(of: People, result: str = "") -> str:
    id_ = evidenced(of)
    assessed(of, id_, result or board(of.store))
    return id_


def assessed(of: People, id_: str, result: str = "", name: str = "assessor") -> Certificate:
    return certifying.evaluate(of.store, of.by(name), id_, scheme_of(opened()), opened().program, shelf().dictionary, rule="guard", result=result)


def granted(of: People, first: str = "2041-01-01", last: str = "2042-12-31") -> str:
    id_ = evaluated(of)
    certifying.grant(of.store, of.by("reviewer"), id_, reason="示意：符合", valid_from=first, valid_until=last)
    return id_


def signing() -> Signing:
    return Signing(issuer_of(1), signer(1))


def issued(of: People, first: str = "2041-01-01", last: str = "2042-12-31") -> str:
    id_ = granted(of, first, last)
    issuing.issue(of.store, of.by("operator"), id_, signing())
    return id_


def cycle_at(of: People, id_: str) -> Cycle:
    return acting.cycle_for(of.store, of.by("operator"), id_)[0]


def certificate_at(of: People, id_: str) -> Certificate:
    return certifying.certificate_for(of.store, of.by("operator"), id_)[0]
