"""Plan asked: how large an experiment a page is asked to plan, and what comes of it."""

from __future__ import annotations

from guiju.base.diagnostics import Refused
from guiju.standard.model import Title
from guiju.verify.given import Given, real
from guiju.verify.outcome import Outcome, Part
from guiju.verify.plan import as_json, charts, note, plan_designs, table
from guiju.verify.study import read_studies, spread_ratio
from guiju.verify.told import Table
from guiju.verify.tray import Brought, laid_out

GAMMA = Title("γ = s_R/s_r", "γ = s_R/s_r")
WANTED = {
    "within_r": Title("s_r 的相对误差", "relative error of s_r"), "within_R": Title("s_R 的相对误差", "relative error of s_R"),
    "bias": Title("偏倚的误差，以 s_R 计", "error of the bias, in s_R"),
}  # fmt: skip
LABS, REPLICATES = Title("至多多少实验室", "at most so many laboratories"), Title("至多重复多少次", "at most so many replicates")


def plan_outcome(given: Given, earlier: Brought | None = None) -> Outcome:
    """The designs that reach the accuracy asked for, and the curves beside them; where none does, the curves and why.

    earlier   a study that tells γ where none is given; without one γ is 2, and that is said
    raises    Refused: what is wrong with the address
    """
    gamma = real(given.number("gamma", GAMMA, least=1, most=1000))
    wanted = {name: real(given.number(name, title, least=0.01, most=100)) for name, title in WANTED.items()}
    labs, replicates = given.whole("labs", LABS, 200, 3, 2000), given.whole("replicates", REPLICATES, 6, 2, 50)
    given.problems.refuse_errors()
    assumed = gamma is None and earlier is None
    if gamma is None and earlier is not None:
        with laid_out(earlier) as path:
            gamma = spread_ratio(read_studies(path))
    gamma = gamma or 2.0
    drawn = charts(gamma, {"a_r": wanted["within_r"], "a_R": wanted["within_R"], "a_bias": wanted["bias"]}, labs, replicates, given.language)
    said = [given.say("! 没有给出 γ，取 2", "! no γ is given: 2 is used")] if assumed else []
    title, curves = given.say("试验的规划", "Planning an experiment"), Part(given.say("曲线", "Curves"), tuple(drawn))
    illustrative = earlier is not None and earlier.illustrative and not given.one("gamma")
    try:
        found = plan_designs(gamma, wanted["within_r"], wanted["within_R"], wanted["bias"], labs, replicates)
    except Refused as refused:
        none = Table(given.say("没有达到要求的设计", "no design reaches it"), ("p", "n"), ())
        return Outcome(title, (Part(given.say("设计", "Designs"), (none, *said)), curves), {"gamma": gamma, "designs": []}, none,
                       refused.diagnostics, (), illustrative)  # fmt: skip
    made = table(found, given.language)
    return Outcome(title, (Part(given.say("设计", "Designs"), (made, note(found), *said)), curves), as_json(found), made, (), (), illustrative)
